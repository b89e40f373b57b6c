"""Writes the generated blocks of MODEL.md from the register and the code."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from rsip_sim.evidence.register import Parameter, load_register
from rsip_sim.model.calendar import Turn
from rsip_sim.model.draws import Purpose
from rsip_sim.model.panel import COLUMNS

DOCUMENT = Path(__file__).parents[1] / "MODEL.md"
_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

_TURN_WORDS = {
    Turn.FOUNDING: "month 0 only: past applications dropped, founding round, first budget",
    Turn.POLICY: "dated changes of the scenario",
    Turn.RESOLUTION: "agreements begin, changed lengths act; the endowment bid is decided",
    Turn.OPENINGS: "academies open; withdrawals come to light",
    Turn.TRUSTS: "local trusts form",
    Turn.BUDGETS: "each April the council's budget",
    Turn.INSPECTIONS: "Ofsted inspects",
    Turn.APPROACHES: "national chains approach schools",
    Turn.ORDERS: "the Department orders schools to become academies",
    Turn.SUPPORT: "support is allocated",
    Turn.MEETINGS: "governing bodies: conversion, then membership",
    Turn.RENEWAL: "agreements end, are renewed or lapse; new offers in January",
    Turn.FORUM: "each January the Schools Forum votes",
    Turn.REVIEW: "Scrutiny reviews",
    Turn.ACCOUNTS: "the month's state is recorded",
}


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _turns() -> str:
    rows = ((str(i), turn.name.lower(), _TURN_WORDS[turn]) for i, turn in enumerate(Turn, start=1))
    return _table(("", "turn", "what happens"), rows)


def _purposes() -> str:
    rows = ((str(int(p)), p.name.lower().replace("_", " ")) for p in Purpose)
    return _table(("number", "purpose of a draw"), rows)


def _number(value: float | tuple[float, ...] | None) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(f"{part:g}" for part in value)
    return f"{value:,g}" if abs(value) < 1e5 else f"{value:,.0f}"


def _parameter_row(parameter: Parameter) -> tuple[str, ...]:
    spread = f"{_number(parameter.low)} – {_number(parameter.high)}"
    return (
        f"`{parameter.name}`",
        parameter.label,
        _number(parameter.value),
        spread if parameter.low is not None else "",
        parameter.unit,
        parameter.kind,
        parameter.grade,
    )


def _parameters() -> str:
    heads = ("name", "meaning", "value", "5 % – 95 %", "unit", "kind", "evidence")
    return _table(heads, (_parameter_row(parameter) for parameter in load_register()))


def _columns() -> str:
    rows = ((f"`{c.name}`", c.meaning, c.unit) for c in COLUMNS)
    return _table(("column of the monthly panel", "meaning", "unit"), rows)


_WRITERS = {
    "turns": _turns,
    "purposes": _purposes,
    "parameters": _parameters,
    "columns": _columns,
}


def in_step(text: str) -> str:
    """The document with every generated block as the code has it now."""
    return _BLOCK.sub(lambda block: block[1] + _WRITERS[block[2]]() + block[3], text)


def main() -> None:
    """Rewrite MODEL.md in place."""
    text = in_step(DOCUMENT.read_text(encoding="utf-8"))
    temporary = DOCUMENT.with_suffix(".tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, DOCUMENT)


if __name__ == "__main__":
    main()
