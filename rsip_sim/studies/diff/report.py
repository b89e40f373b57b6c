"""Why two papers differ, told: the causes and what each moves, then every number and its cause."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rsip_sim.experiment.errors import named
from rsip_sim.measures.metrics import METRICS
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
from rsip_sim.studies.diff.papers import BASELINE, version_here
from rsip_sim.studies.diff.records import Records
from rsip_sim.studies.diff.words import made_words
from rsip_sim.studies.diff.work import Diff, Moved
from rsip_sim.studies.diff.work import Part as Change
from rsip_sim.studies.diff.worlds import (
    ASSUMPTIONS,
    CODE,
    DATA,
    KINDS,
    LUCK,
    SCENARIO,
    UNEXPLAINED,
    Step,
)

QUESTION = "Why do the two papers differ?"
_MOST_VERDICTS, _MOST_CAUSES = 3, 8
_CAUSES = (
    Column("Cause", 42, words=True, hang=3), Column("moves clearly", 11),
    Column("most of all", 29, words=True, hang=0), Column("95% interval", 14),
)  # fmt: skip
_MOVED = (
    Column("Difference from the baseline, and cause", 42, words=True, hang=4),
    Column("first", 10), Column("second", 10), Column("moved", 11), Column("95% interval", 20),
)  # fmt: skip
_TWO_COLUMNS = (
    Column("subject", 14, words=True, silent=True, once=True),
    Column("what it is", 82, words=True, hang=2, silent=True),
)
_SAME = {
    CODE: "the same model, evidence and libraries",
    DATA: "the same schools",
    ASSUMPTIONS: "the same parameters, given the same evidence",
    SCENARIO: "the same levers",
    LUCK: "the same seed and futures",
}
_NOTES = (
    "First, second: the mean difference from the baseline in each paper. The causes are taken in "
    "the order shown, each from where the one before ended, and so add up to the whole; where they "
    "act on one another, another order divides it otherwise.",
    "What both papers hold is read from their records; what lies between them is simulated; what "
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
    return Report(QUESTION, tuple(first), about, parts=tuple(parts))


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
    defined = [row for row in diff.moved if math.isfinite(row.whole.change)]
    count = counted(len(defined), "difference from the baseline", "differences from the baseline")
    if diff.alike:
        yield (
            "Nothing differs: the same scenarios, schools, seed, futures and version, and the same "
            f"numbers in every future for all {count}."
        )
        return
    if not diff.steps:
        what = "wording" if diff.rewordings else "the scenarios that one paper alone compares"
        yield f"Only {what} differ{'s' * bool(diff.rewordings)}: all {count} are the same."
        return
    found = {kind for step in diff.steps for kind, _ in step.causes}
    clear = sum(row.clear(row.whole) for row in defined)
    yield (
        f"The papers differ in {listed([kind for kind in KINDS if kind in found])}. Of {count} "
        f"that both hold, {clear or 'none'} moved clearly."
    )
    other = [row for row in defined if row.verdicts[0] != row.verdicts[1]]
    other.sort(key=lambda row: -row.size(row.whole))
    if not other:
        yield "What they say of each (better, worse, not clear) is the same."
        return
    named = [
        f"{row.metric.noun} of '{row.title}' ({row.verdicts[0]} → {row.verdicts[1]})"
        for row in other
    ]
    yield f"They say something else of {listed(named, most=_MOST_VERDICTS)}."


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
        "One row a cause: how many of the differences it can touch it moves clearly, and the one "
        "it moves most beside the range of futures.",
        _CAUSES, tuple(rows), quiet=True, apart=True,
    )  # fmt: skip


def _cause(diff: Diff, step: Step) -> Row:
    found = [(row, part) for row in diff.moved for part in row.parts if part.step is step]
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
    row, part = max(clear, key=lambda each: each[0].size(each[1]))
    moved = row.metric.format.difference(part.change)
    return of, f"{row.metric.noun}, {row.brief}: {moved}", _interval(row, part)


def _label(diff: Diff, step: Step) -> str:
    """Its place on the way, where there are several, and what it is."""
    number = f"{diff.steps.index(step) + 1} " if len(diff.steps) > 1 else ""
    return f"{number}{step.label}{whose(diff, step)}"


def _sure(diff: Diff) -> Iterator[str]:
    """What the numbers cannot tell."""
    yield "Clearly: the 95% interval of the change misses zero, as chance makes one in twenty do."
    if min((row.futures for row in diff.moved), default=0) < FEWEST_TO_COMPARE:
        yield f"Fewer than {FEWEST_TO_COMPARE} futures are too few to say that anything moved."
    gone = [name for name, paper in diff.papers.items() if paper.version != version_here()]
    if gone:
        which = f"the {listed(gone)} paper" if len(gone) == 1 else "both papers"
        made = listed(list(dict.fromkeys(made_words(diff.papers[name]) for name in gone)))
        several = any(len({kind for kind, _ in step.causes}) > 1 for step in diff.steps)
        apart = " Without it, causes in one row cannot be told apart." if several else ""
        yield f"Another version made {which}: {made}.{apart}"
    if any(step.kind == UNEXPLAINED for step in diff.steps):
        yield "Something is unexplained: 'rsip verify' of each folder says whether it is whole."


def _made_of(diff: Diff) -> Table:
    """What the papers were made of, subject by subject: the same, or how it differs."""
    rows: list[Row] = []
    for name, paper in diff.papers.items():
        futures = counted(paper.results.replications, "future")
        words = f"{futures}, seed {paper.results.seed}, {made_words(paper)}"
        rows.append((name, named(f"{paper.folder}: {words}")))
    told = {kind for step in diff.steps for kind, _ in step.causes}
    rows += [(step.kind, f"{step.words}{whose(diff, step)}") for step in diff.steps]
    rows += [(kind, same) for kind, same in _SAME.items() if kind not in told]
    for role, names in diff.rewordings.items():
        was = f" (before: '{diff.first.roles[role].title}')" if "title" in names else ""
        rows.append(("wording", f"{listed(names)} of {_titles(diff, [role])}{was}; moves nothing"))
    names = [paper.scenarios[0].name for paper in diff.papers.values()]
    if names[0] != names[1]:
        rows.append(("baseline", f"{names[0]} in the first and {names[1]} in the second"))
    for name, only in zip(diff.papers, diff.only, strict=True):
        rows += [(f"only {name}", listed(only))] if only else []
    return _listing("made_of", "What the papers were made of, and what of it differs", rows)


def _listing(name: str, caption: str, rows: list[Row]) -> Table:
    described = "One row a subject, or a thing in which the papers differ."
    return Table(name, caption, described, _TWO_COLUMNS, tuple(rows), quiet=True)


def _moved(diff: Diff) -> Table:
    """Every difference by measure; below it its causes, where any of several moved it clearly."""
    rows: list[Row | str] = []
    for metric in diff.metrics:
        unit = unit_at(metric, diff.moment)
        rows.append(f"{metric.label} ({unit}; {metric.better} is better)")
        for row in (each for each in diff.moved if each.metric is metric):
            write = metric.format.short_difference
            rows.append((row.brief, write(row.first), write(row.second), *_cells(row, row.whole)))
            if len(diff.steps) > 1 and any(map(row.clear, (row.whole, *row.parts))):
                rows += [
                    (f"  {_label(diff, part.step)}", "", "", *_cells(row, part))
                    for part in row.parts
                ]
    return Table(
        "moved", f"What moved between the papers, {diff.when}",
        "One row a scenario, and below it one a cause: the difference from the baseline in "
        "either paper, by how much it moved, and how sure that is.",
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


def whose(diff: Diff, step: Step) -> str:
    """Whose step it is; nothing where it concerns every scenario."""
    shared = [BASELINE, *diff.others]
    if not step.roles or step.roles == set(shared):
        return ""
    return f", in {_titles(diff, [role for role in shared if role in step.roles])}"


def _titles(diff: Diff, roles: list[str]) -> str:
    return listed([f"'{diff.second.roles[role].brief}'" for role in roles])


def records_report(records: Records) -> Report:
    """What differs by the records alone, and which figures do."""
    kinds = list(dict.fromkeys(kind for kind, _ in records.causes))
    said = f"By their records the papers differ in {listed(kinds)}." if kinds else (
        "By their records both papers are from the same run, so that a figure written in "
        "another way is worded or rounded by another version."
    )  # fmt: skip
    both = len(records.first.figures.keys() & records.second.figures.keys())
    if both:
        unlike = len(records.figures)
        said += f" Of {counted(both, 'figure')} that both give, {unlike:,} "
        said += f"{'is' if unlike == 1 else 'are'} written in another way."
    made = [
        (name, named(f"{paper.folder}: {paper.words}"))
        for name, paper in (("first", records.first), ("second", records.second))
    ]
    table = _listing("made_of", "What the records have not alike", [*made, *records.causes])
    first: list[Block] = [Paragraph(said, apart=True), table]
    if kinds:
        missing = "By how much each moved a figure cannot be measured: the futures behind "
        first += [
            Heading("How sure"),
            Paragraph(
                f"{missing}{listed(records.missing)} are not at hand. Name the folders of both "
                "comparisons, and each cause is measured."
            ),
        ]
    about = named(f"{records.first.folder} and {records.second.folder}")
    parts = [
        Part("figures", "Figures that are not written alike", (_figures(records),))
        for _ in records.figures[:1]
    ]
    return Report(QUESTION, tuple(first), about, parts=tuple(parts))


def _figures(records: Records) -> Table:
    rows = []
    for (metric, what, *where), first, second in records.figures:
        label = METRICS[metric].label if metric in METRICS else metric
        rows.append((f"{label}, {what} ({', '.join(filter(None, where))})", first, second))
    columns = Column("Figure", 60, words=True, hang=2), Column("first", 18), Column("second", 18)
    return Table("figures", "Figures that both papers give and do not write alike",
                 "One row a figure.", columns, tuple(rows), quiet=True)  # fmt: skip
