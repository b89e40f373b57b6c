"""The assumption log told: what matters most, then all of it, and what each rests on."""

from __future__ import annotations

import re

from rsip_sim.evidence.register import Parameter
from rsip_sim.measures.metrics import METRICS
from rsip_sim.report.blocks import (
    Block,
    Column,
    Heading,
    Paragraph,
    Part,
    Points,
    Report,
    Row,
    Table,
)
from rsip_sim.report.words import NOTHING, counted, listed, share_of_spread
from rsip_sim.studies.assumptions.work import (
    EVIDENCE,
    HIGH,
    IMPACTS,
    MEDIUM,
    Assumption,
    AssumptionLog,
    by_cell,
    rating_of,
)
from rsip_sim.studies.kernel.trials import register_range

QUESTION = "What does the answer assume, and what matters most?"
MOST_SHOWN = 7
WEAKEST = ("red", "amber")
_GRID = (Column("Evidence", 12, words=True), *(Column(f"{rank} impact", 22) for rank in IMPACTS))
_TOP = (
    Column("Assumption", 38, words=True, hang=1), Column("rating", 7, words=True),
    Column("evidence", 9, words=True), Column("swings", 9),
    Column("of", 33, words=True, hang=0),
)  # fmt: skip
_LOG = (
    Column("Parameter", 23, words=True), Column("rating", 7, words=True),
    Column("evidence", 9, words=True), Column("drawn from", 17), Column("swings", 7),
    Column("of", 27, words=True, hang=0), Column("share", 6),
)  # fmt: skip
_SOURCES = (
    Column("Assumption", 30, words=True, hang=1), Column("value and range", 20, words=True, hang=0),
    Column("rests on", 46, words=True, hang=0),
)  # fmt: skip
_ADDRESS = re.compile(r"https?://|\w\.\w+/|\w\.(co\.uk|gov\.uk|com)$")


def assumptions_report(log: AssumptionLog) -> Report:
    """How many rest on little, those that matter most, and behind them the whole log."""
    first: list[Block] = [Paragraph(_answer(log)), _top(log)]
    first += [Heading("How sure"), Points(tuple(_sure(log)), plain=True)]
    parts = [
        Part("log", "All assumptions, weak and influential first", (_log(log),)),
        Part("sources", "What the values rest on", (_sources(log),)),
        Part("method", "How to read this", (Points(_notes(log)),)),
    ]
    if log.pairs:
        parts.insert(0, Part("grid", "How many, by evidence and impact", (grid_told(log),)))
    about = f"{len(log.assumptions)} uncertain values of the model"
    return Report(QUESTION, tuple(first), about, parts=tuple(parts))


def _answer(log: AssumptionLog) -> str:
    grades = [each.parameter.grade for each in log.assumptions]
    rests = (
        f"{grades.count('none')} of {len(grades)} uncertain values rest on no evidence and "
        f"{grades.count('weak')} on weak evidence."
    )
    if not log.pairs:
        return f"{rests} What hangs on each is not known yet."
    red = [each.parameter.label for each in log.assumptions if each.rating == "red"]
    if not red:
        return f"{rests} None of these moves a headline difference by half its size."
    one = "One of these alone moves" if len(red) == 1 else f"{len(red)} of these each move"
    return f"{rests} {one} a headline difference by half its size or more, first '{red[0]}'."


def _sure(log: AssumptionLog) -> list[str]:
    if not log.pairs:
        return [log.note]
    studies = listed([f"{scenario} against {baseline}" for scenario, baseline in log.pairs])
    return [
        "Swings: from the low to the high end of its range, in the unit of the measure; only those "
        "whose 95% interval misses zero.",
        f"Known for {studies} alone.",
        *([log.note] if log.note else []),
    ]


def _top(log: AssumptionLog) -> Table:
    """Those that matter most; where that is not known, those that rest on least."""
    shown = log.assumptions[:MOST_SHOWN]
    rows = tuple(
        (each.parameter.label, each.rating, each.parameter.grade, *_swing(each)) for each in shown
    )
    which = "matter most" if log.pairs else "rest on least"
    return Table(
        "top", f"The {counted(len(shown), 'assumption')} that {which}",
        "One row an assumption: its rating, how good the evidence is, the largest swing it gives "
        "a difference between scenarios, and of which measure.",
        _TOP, rows, quiet=True, apart=True,
    )  # fmt: skip


def _swing(each: Assumption) -> Row:
    """The largest swing, and of what; dashes where none is known."""
    if not each.impact:
        return NOTHING, ""
    metric = METRICS[each.impact.metric]
    return metric.format.brief_difference(each.impact.swing), metric.label


def grid_told(log: AssumptionLog) -> Table:
    """How many assumptions there are of each grade of evidence and impact, and their rating."""
    cells = by_cell(log)
    rows = tuple(
        (grade, *(f"{len(cells[grade, rank])} {rating_of(grade, rank)}" for rank in IMPACTS))
        for grade in EVIDENCE
    )
    return Table(
        "grid", "Assumptions by evidence and impact",
        "One row a grade of evidence, one column a rank of impact: how many, and their rating.",
        _GRID, rows, quiet=True,
    )  # fmt: skip


def _log(log: AssumptionLog) -> Table:
    rows = tuple(
        (each.parameter.name, each.rating, each.parameter.grade, drawn_from(each),
         *_swing(each),
         share_of_spread(each.impact.share, brief=True) if each.impact else "")
        for each in log.assumptions
    )  # fmt: skip
    return Table(
        "log", "The assumptions, weak and influential first",
        "One row a parameter: its rating, how good the evidence is, the range it is drawn from, "
        "the largest swing it gives a difference, of which measure, and its share of the spread.",
        _LOG, rows, quiet=True,
    )  # fmt: skip


def _sources(log: AssumptionLog) -> Table:
    """What the weak and influential ones rest on, or where none is rated the weakest."""
    told = [each for each in log.assumptions if each.rating in WEAKEST]
    rows = []
    for each in told or log.assumptions[:MOST_SHOWN]:
        low, value, high = (number(point) for point in register_range(each.parameter))
        words = f"{value} ({low} to {high}), {each.parameter.unit}"
        if each.fitted:
            low, middle, high = (number(point) for point in each.fitted)
            words += f"; fitted: {middle} ({low} to {high})"
        rows.append((each.parameter.label, words, sources_words(each.parameter)))
    return Table(
        "sources", "What the weak and influential values rest on",
        "One row an assumption: its value and range in the register, what it was fitted to, and "
        "its sources.",
        _SOURCES, tuple(rows), quiet=True,
    )  # fmt: skip


def drawn_from(each: Assumption) -> str:
    """The range the model draws from, marked where it is fitted: ``0.28–0.61*``."""
    low, _, high = each.fitted or register_range(each.parameter)
    return f"{number(low)}–{number(high)}{'*' if each.fitted else ''}"


def number(value: float) -> str:
    """Three significant digits, thousands with commas."""
    if abs(value) >= 1000:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}".replace("-", "\N{MINUS SIGN}")


def sources_words(parameter: Parameter) -> str:
    """The sources without their addresses; the note where there is none."""
    sources = dict.fromkeys(fact.source for fact in parameter.facts)
    if not sources:
        return parameter.note.rstrip(".")
    parts = [
        "; ".join(part for part in source.split("; ") if not _ADDRESS.search(part))
        for source in sources
    ]
    return " / ".join(part.rstrip(".") for part in parts)


def swing_words(each: Assumption) -> str:
    """``cohesion index (three_year against two_year) by −0.004 (−0.006 to −0.002)``; or ''."""
    if not each.impact:
        return ""
    impact, metric = each.impact, METRICS[each.impact.metric]
    interval = (
        f"{metric.format.short_difference(impact.swing_low)} to "
        f"{metric.format.short_difference(impact.swing_high)}"
    )
    return (
        f"{metric.noun} ({impact.scenario} against {impact.baseline}) by "
        f"{metric.format.difference(impact.swing)} ({interval})"
    )


def _notes(log: AssumptionLog) -> tuple[str, ...]:
    impact = (
        f"Impact is high where the swing is at least {HIGH:g}, medium where it is at least "
        f"{MEDIUM:g} of the typical size (root mean square) of that difference; a swing that does "
        "not show counts for none. 'Share' is what the parameter makes alone of the variance of "
        "that difference between futures.",
        "Red: no or weak evidence and high impact. Amber: no or weak evidence and medium "
        "impact, or moderate evidence and high impact. Green: all others.",
    )
    return (
        "'Drawn from': 5% and 95% points; * fitted to the openings up to April 2013 and then drawn "
        "together with the other fitted ones, else the range of the register.",
        *(impact if log.pairs else ()),
        "Facts and sources of all of them stand in the table kept with --out.",
    )
