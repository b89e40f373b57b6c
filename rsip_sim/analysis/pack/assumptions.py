"""The assumptions: weak and influential first, as far as their influence has been worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from rsip_sim.analysis.pack.case import Case, counted
from rsip_sim.analysis.pack.document import Block, Paragraph, Table
from rsip_sim.analysis.pack.further import missing, pictures
from rsip_sim.analysis.pack.ledger import LedgerTable
from rsip_sim.analysis.pack.studies import Studies
from rsip_sim.analysis.said import Cell, Quote, Said, given, say
from rsip_sim.evidence.register import Parameter, load_register

NAME = "assumptions"
STUDY = "assumptions"
KEYS = ("name",)
GRADES = ("none", "weak", "moderate", "strong")  # of evidence, as they are sorted
RATINGS = ("red", "amber", "green", "")
LONGEST = 20
"""Assumptions listed in the paper; the workbook lists all."""

_LISTED = ("red", "amber")


@dataclass(frozen=True)
class Assumed:
    """One uncertain value of the register.

    impact   how much the answer hangs on it, in a word; '' where that was not worked out
    rating   evidence and impact together: one of RATINGS, '' where not judged
    size     its largest swing of a headline difference beside the typical size of that; NaN: none
    of       the measure it swings most; '': none
    """

    parameter: Parameter
    impact: str = ""
    rating: str = ""
    size: float = float("nan")
    of: str = ""


def assumed(studies: Studies) -> list[Assumed]:
    """Every uncertain value, weak and influential first; weak first where no study judged them.

    The impact is that of the stored assumption log of this comparison (``rsip assumptions``): its
    table ``assumptions`` with the columns parameter, impact, rating, size and of.
    """
    judged = _judged(studies)
    found = [
        Assumed(each, **judged.get(each.name, {}))  # type: ignore[arg-type]
        for each in load_register().uncertain()
    ]
    return sorted(found, key=_order)


def _judged(studies: Studies) -> dict[str, dict[str, object]]:
    """What the latest stored log says of each parameter, by its name; {} without a log."""
    tables = [study.table(NAME) for study in studies.of(STUDY)]
    frame = next((each for each in reversed(tables) if each is not None), None)
    columns = ["impact", "rating", "size", "of"]
    if frame is None or not {"parameter", *columns} <= set(frame.columns):
        return {}
    words = frame.fillna({"impact": "", "rating": "", "of": ""})
    records = words.set_index("parameter")[columns].to_dict("index")
    return {str(name): {str(key): value for key, value in each.items()}
            for name, each in records.items()}  # fmt: skip


def _order(each: Assumed) -> tuple[int, int, float]:
    size = each.size if each.size == each.size else 0.0
    return RATINGS.index(each.rating), GRADES.index(each.parameter.grade), -size


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
            "impact": each.impact,
            "rating": each.rating,
            "largest_swing": each.size,
            "swing_of": each.of,
            "note": each.parameter.note,
        }
        for each in assumed(studies)
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
    found = assumed(case.studies)
    grades = [each.parameter.grade for each in found]
    opening = say(
        "The model draws {all} uncertain values; {none} rest on no evidence and {weak} on weak "
        "evidence. The workbook lists all, with notes, in the sheet '{sheet}'.",
        all=counted(len(found), "uncertain values of the register"),
        none=counted(grades.count("none"), "uncertain values of the register without evidence"),
        weak=counted(grades.count("weak"), "uncertain values of the register with weak evidence"),
        sheet=NAME,
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(opening)]
    if any(each.rating for each in found):
        listed = [each for each in found if each.rating in _LISTED]
        return [*blocks, *_influential(listed), *pictures(case, STUDY)]
    blocks.append(missing("How much the answer hangs on each assumption", "rsip assumptions"))
    unknown = [each.parameter for each in found if each.parameter.grade == "none"]
    return [*blocks, _without_evidence(unknown)] if unknown else blocks


def _influential(found: Sequence[Assumed]) -> list[Block]:
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
            header=tuple(map(Said, ("Assumption", "Rating", "Evidence", "Impact", "From", "To",
                                    "Unit"))),
            rows=tuple(_judged_row(each) for each in shown),
            widths=(3.6, 1.8, 2.3, 3.2, 1.9, 2.1, 2.8),
            words=frozenset({1, 2, 3, 6}),
        ),
    ]  # fmt: skip


def _judged_row(each: Assumed) -> tuple[Said, ...]:
    impact = say("{word}: {of}", word=each.impact, of=each.of) if each.of else Said(each.impact)
    return (
        given(each.parameter.label, f"register: {each.parameter.name}"),
        Said(each.rating),
        Said(each.parameter.grade),
        impact,
        *_range(each.parameter, ("low", "high")),
    )


def _without_evidence(parameters: Sequence[Parameter]) -> Table:
    return Table(
        name="assumptions",
        caption=say("Assumptions that rest on no evidence, and the range tried"),
        description=say("One row an assumption: its central value, the ends of the range it is "
                        "drawn from, and its unit."),
        header=tuple(map(Said, ("Assumption without evidence", "Central value", "From", "To",
                                "Unit"))),
        rows=tuple(
            (given(each.label, f"register: {each.name}"), *_range(each, ("value", "low", "high")))
            for each in parameters
        ),
        widths=(5.2, 1.9, 1.9, 1.9, 4.2),
        words=frozenset({4}),
    )  # fmt: skip


def _range(parameter: Parameter, columns: Sequence[str]) -> tuple[Said, ...]:
    """The ends of a range, and their unit."""
    ends = (Said(quoted(parameter, column)) for column in columns)
    return (*ends, given(parameter.unit, "unit"))


def quoted(parameter: Parameter, column: str) -> Quote:
    """A number of the register as it is written."""
    value = getattr(parameter, column)
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"
    return Quote(text.replace("-", "\N{MINUS SIGN}"), Cell(NAME, (parameter.name,), column))
