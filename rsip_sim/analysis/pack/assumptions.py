"""The assumptions: weak evidence first, and how much hangs on each where that was worked out."""

from __future__ import annotations

import pandas as pd

from rsip_sim.analysis.pack.case import Case, counted
from rsip_sim.analysis.pack.document import Block, Paragraph, Table
from rsip_sim.analysis.pack.further import missing, pictures
from rsip_sim.analysis.pack.ledger import LedgerTable
from rsip_sim.analysis.said import Cell, Quote, Said, given, say
from rsip_sim.evidence.register import Parameter, load_register

NAME = "assumptions"
KEYS = ("name",)
ORDER = ("none", "weak", "moderate", "strong")
STUDIES = ("assumptions", "sensitivity")


def assumption_table() -> LedgerTable:
    """Every uncertain value of the register, weakest evidence first."""
    columns = ["name", "label", "value", "low", "high", "unit", "evidence", "note"]
    records = [
        (each.name, each.label, each.value, each.low, each.high, each.unit, each.grade, each.note)
        for each in ranked()
    ]
    return LedgerTable(
        NAME,
        "Uncertain values of the model: central value, 5th and 95th percentile, and how good the "
        "evidence is",
        pd.DataFrame(records, columns=columns),
        KEYS,
    )


def ranked() -> list[Parameter]:
    """The uncertain parameters, those without evidence first."""
    return sorted(load_register().uncertain(), key=lambda each: ORDER.index(each.grade))


def assumptions(case: Case) -> list[Block]:
    """What rests on no evidence, in a table; how many rest on weak; and what hangs on them."""
    found = ranked()
    unknown = [each for each in found if each.grade == "none"]
    weak = [each for each in found if each.grade == "weak"]
    opening = say(
        "The model draws {all} uncertain values; {none} rest on no evidence and {weak} on weak "
        "evidence. Those without evidence stand first in the table; the workbook lists all, with "
        "notes, in the sheet '{sheet}'.",
        all=counted(len(found), "uncertain values of the register"),
        none=counted(len(unknown), "uncertain values of the register without evidence"),
        weak=counted(len(weak), "uncertain values of the register with weak evidence"),
        sheet=NAME,
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(opening)]
    charts = pictures(case, *STUDIES)
    if charts:
        blocks += charts
    else:
        what = "How much the answer hangs on each assumption"
        blocks.append(missing(what, "rsip assumptions"))
    return [*blocks, _table(unknown)] if unknown else blocks


def _table(parameters: list[Parameter]) -> Table:
    rows = tuple(
        (
            given(each.label, f"register: {each.name}"),
            Said(quoted(each, "value")),
            Said(quoted(each, "low")),
            Said(quoted(each, "high")),
            given(each.unit, "unit"),
        )
        for each in parameters
    )
    heads = ("Assumption without evidence", "Central value", "From", "To", "Unit")
    return Table(
        name="assumptions",
        caption=say("Assumptions that rest on no evidence, and the range tried"),
        description=say("One row an assumption: its central value, the ends of the range it is "
                        "drawn from, and its unit."),
        header=tuple(Said(head) for head in heads),
        rows=rows,
        widths=(5.2, 1.9, 1.9, 1.9, 4.2),
        words=frozenset({4}),
    )  # fmt: skip


def quoted(parameter: Parameter, column: str) -> Quote:
    """A number of the register as it is written."""
    value = getattr(parameter, column)
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"
    return Quote(text.replace("-", "\N{MINUS SIGN}"), Cell(NAME, (parameter.name,), column))
