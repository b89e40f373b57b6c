"""The assumption log told: the grid, the table, and the weakest."""

from __future__ import annotations

import re

from rsip_sim.evidence.register import Parameter
from rsip_sim.measures.metrics import METRICS
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Points, Report, Row, Table
from rsip_sim.report.words import share_of_spread
from rsip_sim.studies.assumptions.work import (
    EVIDENCE,
    GRID,
    HIGH,
    IMPACTS,
    MEDIUM,
    Assumption,
    AssumptionLog,
    by_cell,
)
from rsip_sim.studies.kernel.trials import register_range

_GRID = (Column("evidence", 12, words=True), *(Column(f"{rank} impact", 22) for rank in IMPACTS))
_LOG = (
    Column("rating", 8, words=True),
    Column("parameter", 29, words=True),
    Column("evidence", 9, words=True),
    Column("drawn from", 19),
    Column("swing of a difference", 14),
    Column("of", 13),
    Column("share", 7),
)
WEAKEST = ("red", "amber")
_ADDRESS = re.compile(r"https?://|\w\.\w+/|\w\.(co\.uk|gov\.uk|com)$")


def assumptions_report(log: AssumptionLog) -> Report:
    """The whole log."""
    blocks: list[Block] = [Paragraph(_opening(log))]
    blocks += [_grid(log), _log(log)] if log.pairs else [_log(log)]
    if told := tuple(description(each) for each in log.assumptions if each.rating in WEAKEST):
        blocks += [Heading("The weak and influential ones"), Points(told)]
    blocks += [Heading("How to read this", part="method"), Points(_notes(log))]
    return Report("Assumption log: what is uncertain, and what hangs on it", tuple(blocks))


def _opening(log: AssumptionLog) -> str:
    count = len(log.assumptions)
    if not log.pairs:
        first = f"{count} uncertain parameters, the weakest evidence first."
    else:
        studies = "; ".join(f"{scenario} against {baseline}" for scenario, baseline in log.pairs)
        first = (
            f"{count} uncertain parameters, weak and influential first. Impact is the largest "
            "swing that a parameter gives a headline difference between its low and its high end, "
            f"from paired runs ({studies})."
        )
    return f"{first} {log.note}".strip()


def _grid(log: AssumptionLog) -> Table:
    cells = by_cell(log)
    rows = tuple(
        (
            grade,
            *(f"{len(cells[grade, rank])} {GRID.get((grade, rank), 'green')}" for rank in IMPACTS),
        )
        for grade in EVIDENCE
    )
    return Table(
        "grid", "Assumptions by evidence and impact",
        "One row a grade of evidence, one column a rank of impact: how many, and their rating.",
        _GRID, rows, quiet=True, apart=True,
    )  # fmt: skip


def _log(log: AssumptionLog) -> Table:
    rows: list[Row] = []
    for each in log.assumptions:
        impact, of, share = "–", "", ""
        if each.impact:
            metric = METRICS[each.impact.metric]
            impact = metric.format.difference(each.impact.swing)
            of, share = metric.name, share_of_spread(each.impact.share, brief=True)
        rows.append(
            (each.rating.upper(), each.parameter.name, each.parameter.grade, drawn_from(each),
             impact, of, share)
        )  # fmt: skip
    return Table(
        "log", "The assumptions, weak and influential first",
        "One row a parameter: its rating, how good the evidence is, the range it is drawn from, "
        "the largest swing it gives a difference, of which measure, and its share of the spread.",
        _LOG, tuple(rows), quiet=True, apart=True,
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


def description(each: Assumption) -> str:
    """All that is known of one assumption, in sentences."""
    parameter = each.parameter
    low, value, high = (number(point) for point in register_range(parameter))
    return (
        f"{each.rating.upper()}: {parameter.label} ({parameter.name}). {value}, range {low} to "
        f"{high} ({parameter.unit}); {_fitted_words(each)}. Evidence {parameter.grade}: "
        f"{sources_words(parameter)}. {impact_words(each)}."
    )


def _fitted_words(each: Assumption) -> str:
    if not each.fitted:
        return "not fitted to anything"
    low, middle, high = (number(value) for value in each.fitted)
    return f"fitted to what was known in April 2013: {middle} ({low} to {high})"


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


def impact_words(each: Assumption) -> str:
    """``Swings the difference in … (three_year against two_year) by +2.3 (+1.8 to +2.7)``."""
    if not each.impact:
        return "No swing of a headline difference can be told from none"
    return (
        f"Swings the difference in {swing_words(each)}, and alone makes "
        f"{share_of_spread(each.impact.share)} of its spread"
    )


def swing_words(each: Assumption) -> str:
    """``cohesion index (three_year against two_year) by −0.004 (−0.006 to −0.002)``; or ''."""
    if not each.impact:
        return ""
    impact, metric = each.impact, METRICS[each.impact.metric]
    interval = (
        f"{metric.format.short_difference(impact.low)} to "
        f"{metric.format.short_difference(impact.high)}"
    )
    return (
        f"{metric.noun} ({impact.scenario} against {impact.baseline}) by "
        f"{metric.format.difference(impact.swing)} ({interval})"
    )


def _notes(log: AssumptionLog) -> tuple[str, ...]:
    impact = (
        f"Impact is high where the swing is at least {HIGH:g}, medium where it is at least "
        f"{MEDIUM:g} of the typical size (root mean square) of that difference; only swings "
        "whose 95% interval does not hold 0, and which show, count. 'Share' is what the "
        "parameter makes alone of the variance of that difference between futures.",
        "Red: no or weak evidence and high impact. Amber: no or weak evidence and medium "
        "impact, or moderate evidence and high impact. Green: all others.",
    )
    return (
        "'Drawn from': 5% and 95% points; * fitted to the openings up to April 2013 and then drawn "
        "together with the other fitted ones, else the range of the register.",
        *(impact if log.pairs else ()),
        "Facts and sources of all of them stand in the table kept with --out.",
    )
