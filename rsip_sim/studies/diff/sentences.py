"""Why two papers differ, in sentences that follow from the numbers by rules."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from rsip_sim.measures.statistics import FEWEST_TO_COMPARE
from rsip_sim.report.words import counted, listed
from rsip_sim.studies.diff.papers import BASELINE
from rsip_sim.studies.diff.words import made_words
from rsip_sim.studies.diff.work import Diff, Moved, Part
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

_MOST_VERDICTS = 4
_BY_CHANCE = " (chance alone would move one in twenty)"


def conclusion(diff: Diff) -> Iterator[str]:
    """The answer first: what differs, what it moves, and what a reader would now say otherwise."""
    yield from _warnings(diff)
    defined = [row for row in diff.moved if math.isfinite(row.whole.change)]
    count = counted(len(defined), "difference from the baseline", "differences from the baseline")
    if diff.alike:
        yield (
            "Nothing differs: the same scenarios, schools, seed, futures and version, and the same "
            f"numbers in every future for all {count}."
        )
        return
    if not diff.steps:
        yield (
            f"What was simulated is the same, and so are the numbers of all {count} compared: "
            f"{_only_words(diff)}, which moves nothing."
        )
        return
    kinds = [kind for kind in KINDS if any(step.kind == kind for step in diff.steps)]
    clear = sum(row.clear(row.whole) for row in defined)
    yield (
        f"The papers differ in {listed(kinds)}. Of {count} that both hold, {clear or 'none'} "
        f"moved clearly (95% interval without zero)."
    )
    if min((row.futures for row in diff.moved), default=0) < FEWEST_TO_COMPARE:
        yield f"Fewer than {FEWEST_TO_COMPARE} futures are too few to say that anything moved."
    for step in diff.steps:
        yield _about(diff, step)
    yield from _verdicts(defined)


def _warnings(diff: Diff) -> Iterator[str]:
    for name, paper, changed in zip(
        ("first", "second"), (diff.first, diff.second), diff.changed, strict=True
    ):
        if changed:
            yield (
                f"Of the {name} paper {counted(changed, 'file is', 'files are')} not as its "
                f"manifest says, so what follows may explain tampering: 'rsip verify "
                f"{paper.folder}' names the files."
            )


def _only_words(diff: Diff) -> str:
    if diff.rewordings:
        return f"only wording differs ({'; '.join(_reworded(diff))})"
    return "only the scenarios that one paper alone compares differ"


def _about(diff: Diff, step: Step) -> str:
    """What one step moves, in one sentence."""
    found = [(row, part) for row in diff.moved for part in row.parts if part.step is step]
    known = [(row, part) for row, part in found if math.isfinite(part.change)]
    subject = f"{step.kind[0].upper()}{step.kind[1:]} ({step.words}{whose(diff, step)})"
    if not known:
        return f"{subject}: what it moves is not defined in one of the two."
    if all(part.still for _, part in known):
        return f"{subject} moves nothing in any future."
    clear = [(row, part) for row, part in known if row.clear(part)]
    several = f"{_of(len(clear), len(known))}{_BY_CHANCE if step.kind == LUCK else ''}"
    if not clear:
        return f"{subject} clearly moves {several}."
    row, part = max(clear, key=lambda each: each[0].size(each[1]))
    return f"{subject} clearly moves {several}; most: {_said(row, part)}."


def _of(some: int, whole: int) -> str:
    """``3 of the 12 differences it touches``, also for none, one and all."""
    if whole == 1:
        return "the one difference it touches" if some else "nothing of the one it touches"
    which = "none" if not some else "all" if some == whole else f"{some}"
    return f"{which} of the {whole:,} differences it touches"


def _said(row: Moved, part: Part) -> str:
    write = row.metric.format
    return (
        f"{row.metric.noun} of '{row.title}': {write.difference(part.change)} (95% interval "
        f"{write.short_difference(part.ci_low)} to {write.difference(part.ci_high)})"
    )


def _verdicts(rows: Sequence[Moved]) -> Iterator[str]:
    """Where the two papers would say different things."""
    other = [row for row in rows if row.verdicts[0] != row.verdicts[1]]
    if not other:
        yield "What the papers say of each difference (better, worse, not clear) is the same."
        return
    other.sort(key=lambda row: -row.size(row.whole))
    named = [
        f"{row.metric.noun} of '{row.title}' ({row.verdicts[0]} → {row.verdicts[1]})"
        for row in other[:_MOST_VERDICTS]
    ]
    more = len(other) - _MOST_VERDICTS
    rest = f" and {more} more" if more > 0 else ""
    yield f"The papers say something else of {'; '.join(named)}{rest}."


def inventory(diff: Diff) -> Iterator[tuple[str, list[str]]]:
    """What the papers were made of, subject by subject: the same, or how it differs."""
    first, second = diff.first, diff.second
    for name, paper in (("first", first), ("second", second)):
        futures = counted(paper.results.replications, "future")
        words = f"{futures}, seed {paper.results.seed}, {made_words(paper)}"
        yield name, [f"{paper.folder}: {words}"]
    roster = first.roster
    same = {
        CODE: "the same model, evidence and libraries",
        DATA: f"the same: roster {roster.name}, {counted(len(roster), 'school')}",
        ASSUMPTIONS: "the same parameters, given the same evidence",
        SCENARIO: "the same levers",
        LUCK: "the same seed and futures",
    }
    for kind in KINDS:
        steps = [step for step in diff.steps if step.kind == kind]
        lines = [f"{_number(diff, step)}{step.words}{whose(diff, step)}" for step in steps]
        if not lines and kind in same:
            lines = [same[kind]]
        if kind == SCENARIO:
            lines += _beside_levers(diff)
        if lines:
            yield kind, lines


def _number(diff: Diff, step: Step) -> str:
    """The place of a step on the way, by which the table names it."""
    return f"{diff.steps.index(step) + 1}. " if len(diff.steps) > 1 else ""


def _beside_levers(diff: Diff) -> Iterator[str]:
    """Wording, baselines of other names, and scenarios that one paper alone compares."""
    for words in _reworded(diff):
        yield f"wording, which moves nothing: {words}"
    names = [paper.scenarios[0].name for paper in (diff.first, diff.second)]
    if names[0] != names[1]:
        yield f"the baseline is {names[0]} in the first and {names[1]} in the second"
    for name, only in zip(("first", "second"), diff.only, strict=True):
        if only:
            yield f"only in the {name}: {listed(only)}"


def _reworded(diff: Diff) -> Iterator[str]:
    """What is worded otherwise about each scenario."""
    for role, names in diff.rewordings.items():
        before = diff.first.roles[role].title
        was = f" (before: '{before}')" if "title" in names else ""
        yield f"{listed(names)} of {_titles(diff, [role])}{was}"


def whose(diff: Diff, step: Step) -> str:
    """Whose step it is, in brackets; nothing where it concerns every scenario."""
    shared = [BASELINE, *diff.others]
    if not step.roles or step.roles == set(shared) or step.kind == UNEXPLAINED:
        return ""
    return f", in {_titles(diff, [role for role in shared if role in step.roles])}"


def _titles(diff: Diff, roles: Sequence[str]) -> str:
    return listed([f"'{diff.second.roles[role].title}'" for role in roles])
