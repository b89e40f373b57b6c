"""Why two papers differ, told: the causes, what they were made of, and what each step moved."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from rsip_sim.experiment.record import SHORT
from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.moments import unit_at
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Points, Report, Row, Table
from rsip_sim.report.text import shortened
from rsip_sim.report.words import NOTHING, counted
from rsip_sim.studies.diff.papers import FigureName, PaperRecord
from rsip_sim.studies.diff.records import Records
from rsip_sim.studies.diff.sentences import conclusion, inventory
from rsip_sim.studies.diff.work import Diff, Moved, Part

_MOST_FIGURES = 12
_ROOM = 58  # characters of the words of a step
_MADE_OF = (
    Column("subject", 14, words=True, silent=True, once=True),
    Column("what it is", 86, words=True, hang=2, silent=True),
)
_MOVED = (
    Column("difference from the baseline", 42, words=True, hang=0, silent=True),
    Column("first", 11), Column("second", 11), Column("moved", 11), Column("95% interval", 22),
)  # fmt: skip
_NOTES = (
    "First, second: the mean difference from the baseline in each paper. The "
    "steps are taken in the order shown, each from where the one before ended, and so add up to "
    "the whole; where steps act on one another, another order divides it otherwise. They are "
    "listed where anything moved clearly; --out DIR keeps all of them in a table.",
    "The 95% interval is the precision of what moved, not the spread of futures. Nothing lies "
    "behind luck: over many seeds it moves nothing on average, and about one such interval in "
    "twenty misses zero by chance; those of one paper do so together, sharing its futures.",
)


def diff_report(diff: Diff) -> Report:
    """The explanation: sentences, what differs, and what each step moves."""
    blocks: list[Block] = [*map(Paragraph, conclusion(diff)), Heading("What they were made of")]
    blocks.append(_made_of((n, words) for n, sentences in inventory(diff) for words in sentences))
    if diff.steps:
        blocks += [Heading(f"What moved ({diff.when})"), *_moved(diff)]
        blocks.append(Points(_NOTES, apart=True))
    return Report("Why two papers differ", tuple(blocks))


def _made_of(rows: Iterable[Row], apart: bool = False) -> Table:
    return Table(
        "made_of", "What the papers were made of, and what of it differs",
        "One row a subject, or a thing in which the papers differ.",
        _MADE_OF, tuple(rows), quiet=True, apart=apart,
    )  # fmt: skip


def _moved(diff: Diff) -> Iterator[Block]:
    """The table of what moved, by metric, and what did not."""
    rows: list[Row | str] = []
    for metric in diff.metrics:
        shown = [row for row in diff.moved if row.metric is metric and _shows(row)]
        if shown:
            unit = unit_at(metric, diff.moment)
            rows.append(f"{metric.label} ({unit}; {metric.better} is better)")
            rows += [cells for row in shown for cells in _rows(diff, row)]
    if rows:
        yield Table(
            "moved", f"What moved between the papers ({diff.when})",
            "One row a scenario, and below it one a step: the difference from the baseline in "
            "either paper, by how much it moved, and how sure that is.",
            _MOVED, tuple(rows), quiet=True,
        )  # fmt: skip
    yield from map(Paragraph, _not_shown(diff))


def _rows(diff: Diff, row: Moved) -> Iterator[Row]:
    """A scenario, and its steps where one of several shows beside what is left open."""
    write = row.metric.format
    means = (write.short_difference(value) for value in (row.first, row.second))
    yield (row.title, *means, *_cells(row, row.whole))
    if len(diff.steps) < 2 or not any(map(row.clear, (row.whole, *row.parts))):
        return
    for part in row.parts:  # with the number that they have in what the papers were made of
        of_baseline = part.step.roles and row.role not in part.step.roles
        where = "baseline, " if of_baseline else ""
        words = f"{diff.steps.index(part.step) + 1:>2} {where}{part.step.label}"
        yield (f"  {shortened(words, _ROOM)}", "", "", *_cells(row, part))


def _not_shown(diff: Diff) -> Iterator[str]:
    """Scenarios and metrics in which nothing moved that shows."""
    shown = {(row.role, row.metric) for row in diff.moved if _shows(row)}
    roles = [role for role in diff.others if any(role == each for each, _ in shown)]
    titles = {role: diff.second.roles[role].title for role in diff.others}
    parts = []
    for metric in diff.metrics:
        still = [titles[role] for role in roles if (role, metric) not in shown]
        if still or not roles:
            whole = len(still) == len(roles)
            parts.append(metric.noun if whole else f"{metric.noun} under {', '.join(still)}")
    if parts:
        yield f"Nothing that shows moved in: {'; '.join(parts)}."
    whole_roles = [titles[role] for role in diff.others if role not in roles]
    if whole_roles and roles:
        yield f"Nothing that shows moved at all under: {', '.join(whole_roles)}."


def _shows(row: Moved) -> bool:
    """Whether anything moved by an amount that shows, in all or in a step."""
    parts = (part for part in (row.whole, *row.parts) if math.isfinite(part.change))
    moved = (not p.still and not row.metric.format.shows_zero(p.change) for p in parts)
    return any(moved) or math.isnan(row.first) != math.isnan(row.second)


def _cells(row: Moved, part: Part) -> tuple[str, str]:
    """What moved, and its interval."""
    write = row.metric.format.short_difference
    if math.isnan(part.change):
        return NOTHING, NOTHING
    if part.still:
        return "none", NOTHING
    interval = f"{write(part.ci_low)} to {write(part.ci_high)}"
    return write(part.change), NOTHING if math.isnan(part.ci_low) else interval


def records_report(records: Records) -> Report:
    """What differs by the records alone, and which figures do."""
    blocks: list[Block] = [*map(Paragraph, _by_records(records))]
    papers = (("first", records.first), ("second", records.second))
    made = [(name, f"{paper.folder}: {_run_words(paper)}") for name, paper in papers]
    blocks.append(_made_of([*made, *records.causes], apart=True))
    if records.figures:
        figures = [
            f"{_figure_words(figure)}: {first} → {second}"
            for figure, first, second in records.figures
        ]
        blocks.append(Heading("Figures that are not written alike"))
        blocks.append(Points(tuple(figures[:_MOST_FIGURES]), plain=True))
        if (more := len(figures) - _MOST_FIGURES) > 0:
            blocks.append(Paragraph(f"and {more:,} more; --out DIR keeps all in a table"))
    return Report("Why two papers differ, by their records", tuple(blocks))


def _by_records(records: Records) -> Iterator[str]:
    kinds = list(dict.fromkeys(kind for kind, _ in records.causes))
    if kinds:
        yield f"By their records the papers differ in {' and '.join(kinds)}."
    else:
        yield (
            "By their records both papers are from the same run, so that a figure written in "
            "another way is worded or rounded by another version."
        )
    both = len(records.first.figures.keys() & records.second.figures.keys())
    unlike = len(records.figures)
    if both:
        yield (
            f"Of {counted(both, 'figure')} that both give, {f'{unlike:,}' if unlike else 'none'} "
            f"{'is' if unlike == 1 else 'are'} written in another way."
        )
    if kinds:
        yield (
            f"By how much each of these moved a figure cannot be measured: the futures behind "
            f"{' and '.join(records.missing)} are not at hand. Name the folders of both "
            "comparisons, and each step is measured."
        )


def _run_words(paper: PaperRecord) -> str:
    """``comparison d51493b0a369…, 1,000 futures, seed 20110401``."""
    futures = counted(paper.replications, "future")
    return f"comparison {paper.digest[:SHORT]}…, {futures}, seed {paper.seed}"


def _figure_words(name: FigureName) -> str:
    metric, what, *where = name
    label = METRICS[metric].label if metric in METRICS else metric
    return f"{label}, {what} ({', '.join(word for word in where if word)})"
