"""The generated tables and numbers of MODEL.md, from register, code and stored studies."""

from __future__ import annotations

import re
from collections.abc import Callable

from rsip_sim.describe.reference import markdown_table
from rsip_sim.evidence.national import PHASES
from rsip_sim.evidence.register import load_register
from rsip_sim.experiment import worker
from rsip_sim.experiment.authorities import authority_names
from rsip_sim.model import calendar, national
from rsip_sim.model.calendar import Turn
from rsip_sim.model.panel import COLUMNS
from rsip_sim.model.rules import agreement, choice, climate, cohesion, inspection, money, support
from rsip_sim.model.turns import ACTS, STATE
from rsip_sim.report.blocks import Table
from rsip_sim.scenario.levers import LEVERS
from rsip_sim.studies.assumptions import work as assumptions
from rsip_sim.studies.assumptions.report import drawn_from, grid_told, sources_words, swing_words
from rsip_sim.studies.assumptions.work import kept_impacts
from rsip_sim.studies.backtest.cases import ORIGINS
from rsip_sim.studies.backtest.report import (
    horizons_told,
    rotherham_told,
    scores_told,
    verdicts_told,
)
from rsip_sim.studies.backtest.work import TOGETHER, Backtest
from rsip_sim.studies.calibrate.report import parameters_told, patterns_told
from rsip_sim.studies.kernel.keeping import stored_table

_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_INLINE = re.compile(r"(<!--=(\w+)\.(\w+)-->)[^<]*(<!--/-->)")
_MODULES = (
    agreement, calendar, choice, climate, cohesion, inspection, money, national, support, worker,
)  # fmt: skip
_HOMES = {each.__name__.rpartition(".")[2]: each for each in _MODULES} | {
    "assumptions": assumptions
}
"""Modules whose constants stand in the equations, by the name they have there."""


def _told(table: Table) -> str:
    """A table of a report."""
    return markdown_table(table.header, table.cells)


def _turns() -> str:
    places = {turn: str(place) for place, turn in enumerate(Turn, start=1)}
    rows = (
        (places[a.turn], a.turn.name.lower(), a.institution, a.what, ", ".join(a.reads))
        for a in ACTS
    )
    return markdown_table(("", "turn", "who", "what happens", "looks at"), rows)


def _states() -> str:
    def changed_by(state: str) -> str:
        return ", ".join(dict.fromkeys(a.institution for a in ACTS if state in a.writes))

    rows = (
        (name, entry.meaning, changed_by(name), ", ".join(f"`{each}`" for each in entry.names))
        for name, entry in STATE.items()
    )
    return markdown_table(("state", "meaning", "changed by", "kept as"), rows)


def _structures() -> str:
    rows = (
        (
            f"`{name}`",
            each.label,
            each.value.replace("_", " "),
            " ".join(f"`{value}`: {words}" for value, words in each.alternatives.items()),
            each.grade,
        )
        for name, each in load_register().structures.items()
    )
    return markdown_table(
        ("name", "rule", "the model's own", "had it been otherwise", "evidence"), rows
    )


def _flat_levers() -> str:
    rows = ((f"`{row.path}`", row.label, row.flat) for row in LEVERS.values() if row.flat)
    return markdown_table(("lever", "what it is", "why it moves no headline"), rows)


def _number(value: float | tuple[float, ...] | None) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(f"{part:g}" for part in value)
    return f"{value:,g}" if abs(value) < 1e5 else f"{value:,.0f}"


def _parameters() -> str:
    rows = (
        (
            f"`{each.name}`",
            each.label,
            _number(each.value),
            f"{_number(each.low)} – {_number(each.high)}" if each.low is not None else "",
            each.unit,
            each.kind,
            each.grade,
        )
        for each in load_register()
    )
    heads = ("name", "meaning", "value", "5% – 95%", "unit", "kind", "evidence")
    return markdown_table(heads, rows)


def _assumptions() -> str:
    log = assumptions.assumption_log(kept_impacts())
    rows = (
        (
            each.rating,
            f"`{each.parameter.name}`",
            each.parameter.grade,
            drawn_from(each),
            swing_words(each),
            f"{each.impact.share:.0%}" if each.impact else "",
            sources_words(each.parameter),
        )
        for each in log.assumptions
    )
    heads = ("rating", "parameter", "evidence", "drawn from", "largest swing", "share", "sources")
    return _told(grid_told(log)) + "\n" + markdown_table(heads, rows)


def _columns() -> str:
    rows = ((f"`{c.name}`", c.meaning, c.unit) for c in COLUMNS)
    return markdown_table(("column of the monthly panel", "meaning", "unit"), rows)


def _calibration() -> str:
    table = stored_table("calibration", "parameters").sort_values(
        ["learnt", "parameter"], ascending=[False, True]
    )
    words = (
        "*Learnt* is the fall of the variance, in standard scores of the range; *weight* the "
        "share of what the ranges explain of Rotherham's openings in two years.\n"
    )
    return _told(parameters_told("parameters", table.to_dict("records"))) + "\n" + words


def _patterns() -> str:
    return _told(patterns_told(stored_table("calibration", "patterns")))


def _backtested() -> Backtest:
    """The back-test as it is kept with the package."""
    names = ("scores", "horizons", "verdicts", "rotherham")
    tables = {name: stored_table("backtest", name) for name in names}
    return Backtest(tables, ORIGINS, scored=0, until=0, replications=0)


def _backtest() -> str:
    found = _backtested()
    return _told(verdicts_told(found, (TOGETHER, *PHASES))) + "\n" + _told(scores_told(found))


def _value(home: str, name: str) -> str:
    """A number of the equations: from the register, from a module, or counted."""
    if (home, name) == ("calibration", "authorities"):
        return str(len(authority_names()))
    value = load_register()[name].value if home == "register" else getattr(_HOMES[home], name)
    if isinstance(value, tuple) and home != "register":
        return f"{', '.join(f'{each:,g}' for each in value[:-1])} and {value[-1]:,g}"
    return _number(value)


_WRITERS: dict[str, Callable[[], str]] = {
    "turns": _turns,
    "states": _states,
    "structures": _structures,
    "flat_levers": _flat_levers,
    "parameters": _parameters,
    "assumptions": _assumptions,
    "columns": _columns,
    "calibration": _calibration,
    "patterns": _patterns,
    "backtest": _backtest,
    "horizons": lambda: _told(horizons_told(_backtested())),
    "rotherham": lambda: _told(rotherham_told(_backtested())),
}


def in_step(text: str) -> str:
    """The document with every generated block and number as code and studies have it now."""
    text = _BLOCK.sub(lambda block: block[1] + _WRITERS[block[2]]() + block[3], text)
    return _INLINE.sub(lambda each: f"{each[1]}{_value(each[2], each[3])}{each[4]}", text)
