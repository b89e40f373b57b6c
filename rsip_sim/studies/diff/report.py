"""Why two papers differ, told: the causes and what each moves, then every number and its cause."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rsip_sim.experiment.errors import named
from rsip_sim.measures.moments import unit_at
from rsip_sim.measures.statistics import FEWEST_TO_COMPARE
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
from rsip_sim.report.words import NOTHING, counted, listed
from rsip_sim.studies.diff.futures import Change
from rsip_sim.studies.diff.work import Diff, Moved
from rsip_sim.studies.diff.worlds import KINDS, UNEXPLAINED, Step, version_here

_MOST_VERDICTS, _MOST_CAUSES = 3, 8
_CAUSES = (
    Column("Cause", 42, words=True, hang=3), Column("moves clearly", 11),
    Column("most clearly", 29, words=True, hang=0), Column("95% interval", 14),
)  # fmt: skip
_MOVED = (
    Column("Difference from the baseline, and cause", 42, words=True, hang=4),
    Column("first", 10), Column("second", 10), Column("moved", 11), Column("95% interval", 20),
)  # fmt: skip
_TWO_COLUMNS = (
    Column("subject", 14, words=True, silent=True, once=True),
    Column("what it is", 82, words=True, hang=2, silent=True),
)
_NOTES = (
    "First, second: the mean difference from the baseline in each paper. The causes are taken in "
    "the order shown, each from where the one before ended, and so add up to the whole; where they "
    "act on one another, another order divides it otherwise.",
    "What a paper holds is read from its record, and what lies between them is simulated; what "
    "neither a record nor the version here can tell apart stands as one cause.",
    "The 95% interval is the precision of what moved, not the spread of futures. Nothing lies "
    "behind luck: over many seeds it moves nothing on average, and about one such interval in "
    "twenty misses zero by chance; those of one paper do so together, sharing its futures.",
)


def diff_report(diff: Diff) -> Report:
    """The answer and its causes; behind it every number, and what the papers were made of."""
    first: list[Block] = [Paragraph(words) for words in _tampered(diff)]
    first.append(Paragraph(" ".join(_answer(diff)), apart=True))
    parts = [Part("made_of", "What the papers were made of", (_made_of(diff),))]
    if diff.steps:
        first += [_causes(diff), Heading("How sure"), Points(tuple(_sure(diff)), plain=True)]
        moved = Part("moved", f"What moved, {diff.when}", (_moved(diff),))
        parts = [moved, *parts, Part("method", "How to read this", (Points(_NOTES),))]
    about = named(f"{diff.first.folder} and {diff.second.folder}")
    return Report("Why do the two papers differ?", tuple(first), about, parts=tuple(parts))


def _tampered(diff: Diff) -> Iterator[str]:
    for (name, paper), changed in zip(diff.papers.items(), diff.changed, strict=True):
        if changed:
            yield named(
                f"Of the {name} paper {counted(changed, 'file is', 'files are')} not as its "
                f"manifest says, so what follows may explain tampering: 'rsip verify "
                f"{paper.folder}' names the files."
            )


def _answer(diff: Diff) -> Iterator[str]:
    """What differs, what it moves, and what a reader would now say otherwise."""
    found = {kind for step in diff.steps for kind, _ in step.causes}
    what = [kind for kind in KINDS if kind in found]
    what += ["wording"] if diff.reworded else []
    what += ["the scenarios that one alone compares"] if any(diff.only) else []
    yield f"The papers differ in {listed(what)}." if what else "Nothing differs."
    defined = [row for row in diff.moved if math.isfinite(row.whole.change)]
    count = counted(len(defined), "difference from the baseline", "differences from the baseline")
    clear = sum(row.clear(row.whole) for row in defined)
    yield f"Of {count} that both hold, {clear or 'none'} moved clearly."
    other = [row for row in defined if row.verdicts[0] != row.verdicts[1]]
    other.sort(key=lambda row: -row.sureness(row.whole))
    named = [
        f"{row.metric.noun} of '{row.title}' ({row.verdicts[0]} → {row.verdicts[1]})"
        for row in other
    ]
    yield f"Their verdicts differ on {listed(named or ['none'], most=_MOST_VERDICTS)}."


def _causes(diff: Diff) -> Table:
    """One row a cause, and one for all together."""
    rows: list[Row] = [_cause(diff, step) for step in diff.steps[:_MOST_CAUSES]]
    if (more := len(diff.steps) - _MOST_CAUSES) > 0:
        rows.append((f"and {counted(more, 'cause')} more", *[NOTHING] * 3))
    if len(diff.steps) > 1:
        wholes = [(row, row.whole) for row in diff.moved if math.isfinite(row.whole.change)]
        rows.append(("All together", *_counts(wholes)))
    return Table(
        "causes", f"Causes, and what each moves of the differences from the baseline {diff.when}",
        "One row a cause; what it moves, of the differences that it can touch.",
        _CAUSES, tuple(rows), quiet=True, apart=True,
    )  # fmt: skip


def _cause(diff: Diff, step: Step) -> Row:
    found = [(row, part) for row in diff.moved for each, part in row.parts if each is step]
    known = [(row, part) for row, part in found if math.isfinite(part.change)]
    return (_label(diff, step), *_counts(known))


def _counts(known: list[tuple[Moved, Change]]) -> tuple[str, str, str]:
    """How many move clearly of how many, the one that moves most, and its interval."""
    if not known:
        return "not defined", NOTHING, NOTHING
    clear = [(row, part) for row, part in known if row.clear(part)]
    of = f"{len(clear)} of {len(known):,}"
    if not clear:
        return of, NOTHING, NOTHING
    row, part = max(clear, key=lambda each: each[0].sureness(each[1]))
    moved = row.metric.format.difference(part.change)
    return of, f"{row.metric.noun}, {row.brief}: {moved}", _interval(row, part)


def _label(diff: Diff, step: Step) -> str:
    """Its place on the way, where there are several, and what it is."""
    number = f"{diff.steps.index(step) + 1} " if len(diff.steps) > 1 else ""
    return f"{number}{step.label}{diff.whose(step)}"


def _sure(diff: Diff) -> Iterator[str]:
    """What the numbers cannot tell."""
    yield "Clearly: the 95% interval of the change misses zero, as chance makes one in twenty do."
    if min((row.futures for row in diff.moved), default=0) < FEWEST_TO_COMPARE:
        yield f"Fewer than {FEWEST_TO_COMPARE} futures are too few to say that anything moved."
    gone = [name for name, paper in diff.papers.items() if paper.version != version_here()]
    if gone:
        which = f"the {listed(gone)} paper" if len(gone) == 1 else "both papers"
        made = listed(list(dict.fromkeys(diff.papers[name].made_words for name in gone)))
        several = any(len({kind for kind, _ in step.causes}) > 1 for step in diff.steps)
        apart = " Without it, causes in one row cannot be told apart." if several else ""
        yield f"Another version made {which}: {made}.{apart}"
    if any(step.kind == UNEXPLAINED for step in diff.steps):
        yield "Something is unexplained: 'rsip verify' of each folder says whether it is whole."


def _made_of(diff: Diff) -> Table:
    """What the papers were made of, and how it differs; what is not named is the same."""
    rows: list[Row] = []
    for name, paper in diff.papers.items():
        futures = counted(paper.results.replications, "future")
        words = f"{futures}, seed {paper.results.seed}, {paper.made_words}"
        rows.append((name, named(f"{paper.folder}: {words}")))
    rows += [(step.kind, f"{step.words}{diff.whose(step)}") for step in diff.steps]
    rows += [("wording", f"{words}; moves nothing") for words in diff.reworded]
    names = [paper.scenarios[0].name for paper in diff.papers.values()]
    if names[0] != names[1]:
        rows.append(("baseline", f"{names[0]} in the first and {names[1]} in the second"))
    for name, only in zip(diff.papers, diff.only, strict=True):
        rows += [(f"only {name}", listed(only))] if only else []
    caption = "What the papers were made of, and what differs; what is not named is the same"
    described = "One row a subject, or a thing in which the papers differ."
    return Table("made_of", caption, described, _TWO_COLUMNS, tuple(rows), quiet=True)


def _moved(diff: Diff) -> Table:
    """Every difference by measure; below it its causes, where any of several moved it clearly."""
    rows: list[Row | str] = []
    for metric in diff.metrics:
        unit = unit_at(metric, diff.moment)
        rows.append(f"{metric.label} ({unit}; {metric.better} is better)")
        for row in (each for each in diff.moved if each.metric is metric):
            write = metric.format.short_difference
            rows.append((row.brief, write(row.first), write(row.second), *_cells(row, row.whole)))
            changes = [row.whole, *(part for _, part in row.parts)]
            if len(diff.steps) > 1 and any(map(row.clear, changes)):
                rows += [
                    (f"  {_label(diff, step)}", "", "", *_cells(row, part))
                    for step, part in row.parts
                ]
    return Table(
        "moved", f"What moved between the papers, {diff.when}",
        "One row a scenario, and below it one a cause, where any moved it clearly.",
        _MOVED, tuple(rows), quiet=True,
    )  # fmt: skip


def _cells(row: Moved, part: Change) -> tuple[str, str]:
    """What moved, and its interval."""
    if math.isnan(part.change):
        return NOTHING, NOTHING
    if part.still:
        return "none", NOTHING
    return row.metric.format.short_difference(part.change), _interval(row, part)


def _interval(row: Moved, part: Change) -> str:
    write = row.metric.format.short_difference
    return NOTHING if math.isnan(part.ci_low) else f"{write(part.ci_low)} to {write(part.ci_high)}"
