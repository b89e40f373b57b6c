"""The assumptions: weak and influential first, as far as their influence has been worked out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from rsip_sim.evidence.register import Parameter
from rsip_sim.measures.metrics import METRICS
from rsip_sim.paper.case import Case, counted
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.paper.sections.further import pictures
from rsip_sim.paper.studies import Studies
from rsip_sim.report.blocks import Block, Paragraph, Table, columns
from rsip_sim.report.quoted import Cell, Quote, Said, given, listed, say
from rsip_sim.studies.assumptions.work import (
    SENSITIVITY_TABLES,
    Assumption,
    AssumptionLog,
    assumption_log,
    impact_table,
    kept_impacts,
)

NAME = "assumptions"
STUDY = "assumptions"
KEYS = ("name",)
LONGEST = 20
"""Assumptions listed in the paper; the workbook lists all."""

_LISTED = ("red", "amber")


def assumed(studies: Studies) -> AssumptionLog:
    """The assumption log, weak and influential first.

    The impact is that of the studies of sensitivity kept beside the comparison, or where there is
    none, that which the package keeps for the scenarios it was worked out with.
    """
    tables = [
        impact_table({name: table for name in SENSITIVITY_TABLES
                      if (table := study.table(name)) is not None})
        for study in studies.of("sensitivity")
    ]  # fmt: skip
    return assumption_log(pd.concat(tables, ignore_index=True) if tables else kept_impacts())


def assumption_table(studies: Studies) -> LedgerTable:
    """Every uncertain value of the register, in the order of `assumed`."""
    records = [
        {
            "name": each.parameter.name,
            "label": each.parameter.label,
            "value": each.parameter.value,
            "low": each.parameter.low,
            "high": each.parameter.high,
            "unit": each.parameter.unit,
            "evidence": each.parameter.grade,
            "impact": _impact(each),
            "rating": each.rating,
            "largest_swing": each.impact.size if each.impact else float("nan"),
            "swing_of": METRICS[each.impact.metric].label if each.impact else "",
            "note": each.parameter.note,
        }
        for each in assumed(studies).assumptions
    ]
    return LedgerTable(
        NAME,
        "Uncertain values of the model: central value, 5th and 95th percentile, how good the "
        "evidence is, and how much hangs on each where that was worked out",
        pd.DataFrame(records),
        KEYS,
        {"largest_swing": "of a headline difference, beside its typical size"},
    )


def assumptions(case: Case) -> list[Block]:
    """How many rest on no or weak evidence, which of them matter, and those in a table."""
    log = assumed(case.studies)
    found = log.assumptions
    grades = [each.parameter.grade for each in found]
    opening = say(
        "The model draws {all} uncertain values; {none} rest on no evidence and {weak} on weak "
        "evidence. The workbook lists all, with notes, in the sheet '{sheet}'.",
        all=counted(len(found), "uncertain values of the register"),
        none=counted(grades.count("none"), "uncertain values of the register without evidence"),
        weak=counted(grades.count("weak"), "uncertain values of the register with weak evidence"),
        sheet=NAME,
    )  # fmt: skip
    weak = [each for each in found if each.rating in _LISTED]
    return [
        Paragraph(opening),
        *_influential(weak),
        Paragraph(_basis(case, log), "note"),
        *pictures(case, STUDY),
    ]


def _basis(case: Case, log: AssumptionLog) -> Said:
    """From which comparisons the impact was taken."""
    pairs = listed([given(f"{one} against {other}", "names of scenarios")
                    for one, other in log.pairs])  # fmt: skip
    told = say("Impact: how far a value moves a headline difference from one end of its range to "
               "the other, beside the typical size of that difference, in {pairs}.",
               pairs=pairs)  # fmt: skip
    if case.studies.of("sensitivity"):
        return told
    return say("{told} The package keeps it; the command 'rsip sensitivity' works it out for this "
               "comparison, and the next paper takes it in.", told=told)  # fmt: skip


def _influential(found: Sequence[Assumption]) -> list[Block]:
    """Those that are weak and influential, in a table."""
    if not found:
        told = "None of weak evidence moves a headline difference by much of its size."
        return [Paragraph(Said(told))]
    reds = sum(each.rating == "red" for each in found)
    told = say(
        "{reds} {are} rated red: much of a headline difference hangs on them, and the evidence is "
        "weak or missing. Amber are those with less of either.",
        reds=counted(reds, "assumptions rated red", capital=True) if reds else Said("None"),
        are="is" if reds == 1 else "are",
    )  # fmt: skip
    shown = found[:LONGEST]
    return [
        Paragraph(told),
        Table(
            name="assumptions",
            caption=Said("Assumptions that are weak and influential, the worst first"),
            description=Said("One row an assumption: its rating, how good the evidence is, what it "
                             "moves most and how much, and the range it is drawn from."),
            columns=columns(
                ("Assumption", "Rating", "Evidence", "Impact", "From", "To", "Unit"),
                (3.6, 1.8, 2.3, 3.2, 1.9, 2.1, 2.8),
                words=(1, 2, 3, 6),
            ),
            rows=tuple(_judged_row(each) for each in shown),
        ),
    ]  # fmt: skip


def _judged_row(each: Assumption) -> tuple[Said, ...]:
    impact = Said(_impact(each))
    if each.impact:
        impact = say("{word}: {of}", word=impact, of=METRICS[each.impact.metric].label)
    return (
        given(each.parameter.label, f"register: {each.parameter.name}"),
        Said(each.rating),
        Said(each.parameter.grade),
        impact,
        *_range(each.parameter, ("low", "high")),
    )


def _impact(each: Assumption) -> str:
    return each.rank if each.judged else ""


def _range(parameter: Parameter, columns: Sequence[str]) -> tuple[Said, ...]:
    """The ends of a range, and their unit."""
    ends = (Said(quoted(parameter, column)) for column in columns)
    return (*ends, given(parameter.unit, "unit"))


def quoted(parameter: Parameter, column: str) -> Quote:
    """A number of the register as it is written."""
    value = getattr(parameter, column)
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"
    return Quote(text.replace("-", "\N{MINUS SIGN}"), Cell(NAME, (parameter.name,), column))
