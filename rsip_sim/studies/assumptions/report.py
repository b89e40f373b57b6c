"""The assumption log told: what matters most, then all of it, and what each rests on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from rsip_sim.evidence.register import Parameter
from rsip_sim.measures.metrics import METRICS
from rsip_sim.report.blocks import (
    Column,
    Heading,
    Paragraph,
    Part,
    Points,
    Report,
    Row,
    Table,
    columns,
)
from rsip_sim.report.words import NOTHING, counted, listed, share_of_spread
from rsip_sim.studies.assumptions.work import (
    EVIDENCE,
    GRID,
    HIGH,
    IMPACTS,
    MEDIUM,
    Assumption,
    AssumptionLog,
)
from rsip_sim.studies.kernel.trials import register_range

QUESTION = "What does the answer assume, and what matters most?"
MOST_SHOWN = 7
WEAKEST = ("red", "amber")
NOTES = (
    "'Drawn from': 5% and 95% points; * fitted to the openings up to April 2013 and then drawn "
    "together with the other fitted ones, else the range of the register.",
    f"Impact is high where the swing is at least {HIGH:g}, medium where it is at least {MEDIUM:g} "
    "of the typical size (root mean square) of that difference; a swing that does not show counts "
    "for none. 'Share' is what the parameter makes alone of the variance of that difference "
    "between futures.",
    "Red: no or weak evidence and high impact. Amber: no or weak evidence and medium impact, or "
    "moderate evidence and high impact. Green: all others.",
    "Facts and sources of all of them stand in the table kept with --out.",
)
_ADDRESS = re.compile(r"https?://|\w\.\w+/|\w\.(co\.uk|gov\.uk|com)$")


def assumptions_report(log: AssumptionLog) -> Report:
    """How many rest on little, those that matter most, and behind them the whole log."""
    first = (
        Paragraph(_answer(log)),
        _top(log),
        Heading("How sure"),
        Points(tuple(_sure(log)), plain=True),
    )
    parts = [
        Part("log", "All assumptions, weak and influential first", (_log(log),)),
        Part("sources", "What the values rest on", (_sources(log),)),
        Part("method", "How to read this", (Points(NOTES),)),
    ]
    if log.pairs:
        parts.insert(0, Part("grid", "How many, by evidence and impact", (grid_told(log),)))
    about = f"{len(log.assumptions)} uncertain values of the model"
    return Report(QUESTION, first, about, parts=tuple(parts))


def _answer(log: AssumptionLog) -> str:
    grades = [each.parameter.grade for each in log.assumptions]
    rests = (
        f"{grades.count('none')} of {len(grades)} uncertain values rest on no evidence and "
        f"{grades.count('weak')} on weak evidence."
    )
    if not log.pairs:
        return f"{rests} What hangs on each is not known yet."
    red = [each.parameter.label for each in log.assumptions if each.rating == "red"]
    first = f", first '{red[0]}'" if red else ""
    return (
        f"{rests} {len(red) or 'None'} of these can, alone, move a headline difference by half its "
        f"size or more{first}."
    )


def _sure(log: AssumptionLog) -> Iterator[str]:
    if log.pairs:
        studies = listed([f"{scenario} against {baseline}" for scenario, baseline in log.pairs])
        yield (
            "Swings: from the low to the high end of its range, in the unit of the measure; only "
            "those whose 95% interval misses zero."
        )
        yield f"Known for {studies} alone."
    if log.note:
        yield log.note


def _top(log: AssumptionLog) -> Table:
    """Those that matter most; where that is not known, those that rest on least."""
    shown = log.assumptions[:MOST_SHOWN]
    rows = [
        (each.parameter.label, each.rating, each.parameter.grade, *_swing(each)) for each in shown
    ]
    heads = (
        Column("Assumption", 38, words=True, hang=1),
        *columns(("rating", "evidence"), (7, 9), words=(1,)),
        Column("swings", 9),
        Column("of", 33, words=True, hang=0),
    )
    which = "matter most" if log.pairs else "rest on least"
    caption = f"The {counted(len(shown), 'assumption')} that {which}"
    how = "One row an assumption: rating, evidence, its largest swing, and of which measure."
    return Table("top", caption, how, heads, tuple(rows), quiet=True, apart=True)


def _swing(each: Assumption) -> Row:
    """The largest swing, and of what; a dash where none is known."""
    if not each.impact:
        return NOTHING, ""
    metric = METRICS[each.impact.metric]
    return metric.format.brief_difference(each.impact.swing), metric.label


def grid_told(log: AssumptionLog) -> Table:
    """How many assumptions there are of each grade of evidence and impact, and their rating."""
    cells = Counter((each.parameter.grade, each.rank) for each in log.assumptions if each.judged)
    rows = [
        (grade, *(f"{cells[grade, rank]} {GRID.get((grade, rank), 'green')}" for rank in IMPACTS))
        for grade in EVIDENCE
    ]
    heads = columns(("Evidence", *(f"{rank} impact" for rank in IMPACTS)), (12, 22, 22, 22))
    caption = "Assumptions by evidence and impact"
    how = "One row a grade of evidence, one column a rank of impact: how many, and their rating."
    return Table("grid", caption, how, heads, tuple(rows), quiet=True)


def _log(log: AssumptionLog) -> Table:
    rows = [
        (
            each.parameter.name,
            each.rating,
            each.parameter.grade,
            drawn_from(each),
            *_swing(each),
            share_of_spread(each.impact.share, brief=True) if each.impact else "",
        )
        for each in log.assumptions
    ]
    heads = (
        *columns(("Parameter", "rating", "evidence"), (23, 7, 9), words=(1, 2)),
        Column("drawn from", 17),
        Column("swings", 7),
        Column("of", 27, words=True, hang=0),
        Column("share", 6),
    )
    caption = "The assumptions, weak and influential first"
    how = "One row a parameter: rating, evidence, range drawn from, largest swing, of what, share."
    return Table("log", caption, how, heads, tuple(rows), quiet=True)


def _sources(log: AssumptionLog) -> Table:
    """What the weak and influential ones rest on, or where none is rated the weakest."""
    told = [each for each in log.assumptions if each.rating in WEAKEST]
    rows = []
    for each in told or log.assumptions[:MOST_SHOWN]:
        low, value, high = map(number, register_range(each.parameter))
        words = f"{value} ({low} to {high}), {each.parameter.unit}"
        if each.fitted:
            low, middle, high = map(number, each.fitted)
            words += f"; fitted: {middle} ({low} to {high})"
        rows.append((each.parameter.label, words, sources_words(each.parameter)))
    heads = (
        Column("Assumption", 30, words=True, hang=1),
        Column("value and range", 20, words=True, hang=0),
        Column("rests on", 46, words=True, hang=0),
    )
    caption = "What the weak and influential values rest on"
    how = "One row an assumption: its value and range in the register, as fitted, and its sources."
    return Table("sources", caption, how, heads, tuple(rows), quiet=True)


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
    low, high = map(metric.format.short_difference, (impact.swing_low, impact.swing_high))
    return (
        f"{metric.noun} ({impact.scenario} against {impact.baseline}) by "
        f"{metric.format.difference(impact.swing)} ({low} to {high})"
    )
