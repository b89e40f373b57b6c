"""Which combinations of two levers meet a target, in sentences."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from rsip_sim.studies.solve.curve import Status
from rsip_sim.studies.solve.lever import Lever
from rsip_sim.studies.solve.map import TippingMap
from rsip_sim.studies.solve.says import point_words, runs
from rsip_sim.studies.solve.work import Solved


def map_sentences(solved: Solved, grid: TippingMap) -> list[str]:
    """How many combinations of the two levers meet the target, and which."""
    asked = solved.question
    if asked.second is None:
        raise ValueError("a map needs a second lever")
    tried, met = len(grid.points), grid.count(Status.MET, Status.CLEARLY_MET)
    clear = grid.count(Status.CLEARLY_MET)
    if not met:
        return [f"None of the {tried} combinations tried meets the target; {_best(solved, grid)}."]
    how = _how_many(clear, met)
    if met == tried:
        first = f"All {tried} combinations tried meet the target, {how} clearly."
        return (
            [first, *_rows(solved, grid, Status.CLEARLY_MET, "clearly")] if clear < met else [first]
        )
    return [
        f"{met} of the {tried} combinations tried {'meets' if met == 1 else 'meet'} the target, "
        f"{how} clearly. By {asked.second.noun}, it is met:",
        *_rows(solved, grid, Status.MET, ""),
    ]


def _how_many(some: int, of: int) -> str:
    return "all of them" if some == of else "none of them" if not some else f"{some} of them"


def _rows(solved: Solved, grid: TippingMap, least: Status, how: str) -> Iterator[str]:
    """For which values of the first lever, at each value of the second; like rows together."""
    asked = solved.question
    second = asked.second
    if second is None:
        return
    said = [(value, _row(asked.lever, grid, j, least)) for j, value in enumerate(grid.up)]
    for words, group in itertools.groupby(said, lambda each: each[1]):
        values = [value for value, _ in group]
        where = (
            second.text(values[0]) if len(values) == 1 else second.between(values[0], values[-1])
        )
        adverb = f"{how} " if how and words != "nowhere" else ""
        yield f"{where}: {adverb}{words}"


def _row(lever: Lever, grid: TippingMap, row: int, least: Status) -> str:
    points = [p for (j, _), p in sorted(grid.points.items()) if j == row]
    met = [point.status >= least for point in points]
    if all(met):
        return f"at every {lever.noun} tried"
    if not any(met):
        return "nowhere"
    return f"{lever.noun} {runs(lever, points, lambda point: point.status >= least)}"


def _best(solved: Solved, grid: TippingMap) -> str:
    asked = solved.question
    target = asked.target
    defined = [(place, p) for place, p in grid.points.items() if p.futures]
    if asked.second is None or not defined:
        return "the outcome is not defined in any of them"
    sign = 1 if target.upwards else -1
    (j, i), best = max(defined, key=lambda each: sign * each[1].estimate)
    return (
        f"the best is {point_words(target, best)}, at {asked.lever.noun} "
        f"{asked.lever.text(grid.across[i])} and {asked.second.noun} "
        f"{asked.second.text(grid.up[j])}"
    )
