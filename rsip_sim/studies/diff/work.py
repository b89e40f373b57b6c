"""Why two stored comparisons differ: each headline difference taken apart by what was changed.

The way from the first paper to the second is walked in steps (code version, data, assumptions,
scenarios, luck). Where the papers hold a world on the way, their records tell; else it is
simulated; and where that cannot be, steps are taken together. What a step moves is a difference
of means with its 95% interval, and the steps add up to the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.record import changed_files
from rsip_sim.experiment.store import MANIFEST, read_record
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import END, MARCH_2013, MEAN, Moment, main_moment, moments_of
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import (
    FEWEST_TO_COMPARE,
    paired_differences,
    spread_across_futures,
)
from rsip_sim.report.verdicts import Difference, Verdict, verdict
from rsip_sim.studies.diff.change import Sample, change
from rsip_sim.studies.diff.futures import Futures, moment_in
from rsip_sim.studies.diff.papers import BASELINE, Paper, version_here
from rsip_sim.studies.diff.worlds import UNEXPLAINED, Step, World, told_apart, way, world_of

_WHOLE = Step((("", "all together"),))
_ALIKE = "the records say that nothing more differs, and yet the stored data do"
_UNEXPLAINED = Step(((UNEXPLAINED, _ALIKE),))
_WORDING = ("title", "description", "author", "why")


@dataclass(frozen=True)
class Part:
    """What one step moves of one number; change and 95% interval, NaN where not defined.

    still  the same in every future
    """

    step: Step
    change: float
    ci_low: float
    ci_high: float
    still: bool


@dataclass(frozen=True)
class Moved:
    """One paired difference in both papers, and what moved it.

    role           of the scenario;  title, brief: in the second paper
    first, second  the means that the papers give
    verdicts       what may be said of them in each paper
    whole          from the first to the second;  parts: step by step
    scale          range of nine futures in ten of the baseline's own level in the first paper
    futures        fewest futures that stand behind any of it
    """

    role: str
    title: str
    brief: str
    metric: Metric
    first: float
    second: float
    verdicts: tuple[Verdict, Verdict]
    whole: Part
    parts: tuple[Part, ...]
    scale: float
    futures: int

    def clear(self, part: Part) -> bool:
        """Whether a change shows, and lies outside what its interval leaves open."""
        if part.still or self.futures < FEWEST_TO_COMPARE or not np.isfinite(part.change):
            return False
        apart = part.ci_low > 0 or part.ci_high < 0
        return apart and not self.metric.format.shows_zero(part.change)

    def size(self, part: Part) -> float:
        """Size of a change beside the range of the baseline's level; 0 where there is none."""
        if not np.isfinite(part.change):
            return 0.0
        scale = 100.0 if self.metric.kind in ("chance", "risk") else self.scale
        return abs(part.change) / scale if scale > 0 else 0.0


@dataclass(frozen=True)
class Diff:
    """Two papers and all that moved between them.

    moments    when the metrics are read: in the first paper and in the second
    steps      in the order in which they are taken
    changed    number of files of each paper that are not as its manifest says
    """

    first: Paper
    second: Paper
    moments: tuple[Moment, Moment]
    metrics: tuple[Metric, ...]
    steps: tuple[Step, ...]
    moved: tuple[Moved, ...]
    changed: tuple[int, int]

    @property
    def papers(self) -> dict[str, Paper]:
        """Both, by the word for each."""
        return {"first": self.first, "second": self.second}

    @property
    def moment(self) -> Moment:
        """When the metrics are read in the second paper."""
        return self.moments[1]

    @property
    def when(self) -> str:
        """The same in words, for both papers."""
        first, second = (moment.when for moment in self.moments)
        return first if first == second else f"{first} in the first paper, {second} in the second"

    @property
    def rewordings(self) -> dict[str, list[str]]:
        """By role which words about a scenario differ, which moves nothing."""
        found: dict[str, list[str]] = {}
        for role in [BASELINE, *self.others]:
            one, other = (paper.roles[role].resolved for paper in (self.first, self.second))
            names = [name for name in _WORDING if (one.get(name) or "") != (other.get(name) or "")]
            found |= {role: names} if names else {}
        return found

    @property
    def only(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Names of the scenarios that one paper alone compares: first, second."""
        one, other = self.first.roles, self.second.roles
        return tuple(n for n in one if n not in other), tuple(n for n in other if n not in one)

    @property
    def alike(self) -> bool:
        """Whether nothing differs: neither what was asked, nor a number, nor a word."""
        still = all(row.whole.still for row in self.moved)
        return still and not self.steps and not self.rewordings and not any(self.only)

    @property
    def others(self) -> tuple[str, ...]:
        """Roles of the scenarios compared in both papers."""
        return tuple(dict.fromkeys(row.role for row in self.moved))


def explain_diff(
    first: Paper,
    second: Paper,
    metrics: tuple[Metric, ...],
    workers: int | None = None,
    progress: Progress | None = None,
) -> Diff:
    """Attribute what moved between two papers, which share a scenario, to what was changed."""
    roles, moment = shared_roles(first, second), _moment(first, second)
    here, end = version_here(), world_of(second, roles)
    read = Futures.read((first, second), roles, metrics, moment)
    steps = told_apart(
        way(first, second, roles, here), lambda world: world.version == here or read.hold(world)
    )
    worlds = [world for step in steps for world in step.move or ()]
    futures = read.with_simulated(worlds, workers, progress)
    moved = [row for role in roles[1:] for row in _moved(futures, role, steps, end)]
    if any(part.step is _UNEXPLAINED for row in moved for part in row.parts):
        steps = (*steps, _UNEXPLAINED)
    one, other = (moment_in(paper.scenarios[0].policy, moment) for paper in (first, second))
    return Diff(
        first, second, (one, other), metrics, steps,
        tuple(sorted(moved, key=lambda row: metrics.index(row.metric))),
        (_changed(first), _changed(second)),
    )  # fmt: skip


def shared_roles(first: Paper, second: Paper) -> list[str]:
    """The baseline, and the others that both papers compare, in the order of the second."""
    return [role for role in second.roles if role in first.roles]


def _changed(paper: Paper) -> int:
    return len(changed_files(paper.folder, read_record(paper.folder / MANIFEST)["files"]))


def _moment(first: Paper, second: Paper) -> str:
    """The moment on which the findings of the papers stand, and that both have."""
    found = [moments_of(each.scenarios[0].policy, each.results.months) for each in (first, second)]
    names = [*map(main_moment, found), MEAN, MARCH_2013, END]
    return next(name for name in names if name in found[0] and name in found[1])


def _moved(futures: Futures, role: str, steps: Sequence[Step], end: World) -> Iterator[Moved]:
    """Every metric of one scenario."""
    old, new = futures.of_paper(0, role), futures.of_paper(1, role)
    parts = [
        _parts(step, *(futures.of_world(world, role) for world in step.move))
        for step in steps
        if step.move and step.touches(role)
    ]
    last = futures.of_world(end, role)
    if not last.still(new).all():
        parts.append(_parts(_UNEXPLAINED, last, new))
    whole = _parts(_WHOLE, old, new)
    verdicts = [_verdicts(levels, role, futures.metrics) for levels in futures.stored]
    spread = spread_across_futures(futures.stored[0][BASELINE])
    scenario = futures.papers[1].roles[role]
    for i, metric in enumerate(futures.metrics):
        yield Moved(
            role,
            scenario.title,
            scenario.brief,
            metric,
            float(old.means[i]),
            float(new.means[i]),
            (verdicts[0][i], verdicts[1][i]),
            whole[i],
            tuple(part[i] for part in parts),
            float(spread.p95[i] - spread.p05[i]),
            min(old.values.shape[1], new.values.shape[1]),
        )


def _parts(step: Step, before: Sample, after: Sample) -> list[Part]:
    """What a step moves, metric by metric."""
    found = change(before, after)
    numbers = zip(found.change, found.ci_low, found.ci_high, before.still(after), strict=True)
    return [Part(step, float(c), float(low), float(high), bool(s)) for c, low, high, s in numbers]


def _verdicts(
    levels: Mapping[str, FloatArray], role: str, metrics: Sequence[Metric]
) -> list[Verdict]:
    """What a paper may say of each difference."""
    found = paired_differences(levels[role], levels[BASELINE])
    nan = np.nan
    return [
        verdict(
            metric,
            Difference(
                nan, nan, float(found.spread.mean[i]), float(found.ci_low[i]),
                float(found.ci_high[i]), nan, nan, float(found.higher[i]), float(found.lower[i]),
                float(found.equal[i]), int(found.spread.count[i]),
            ),
        )
        for i, metric in enumerate(metrics)
    ]  # fmt: skip
