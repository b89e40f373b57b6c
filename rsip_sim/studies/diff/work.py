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
import pandas as pd

from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.record import changed_files
from rsip_sim.experiment.store import MANIFEST, read_record
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import (
    END,
    MARCH_2013,
    MEAN,
    Moment,
    main_moment,
    moments_of,
    unit_at,
)
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import FEWEST_TO_COMPARE, paired_differences
from rsip_sim.report.verdicts import Difference, Verdict, verdict
from rsip_sim.report.words import listed
from rsip_sim.studies.diff.futures import Change, Futures, change, moment_in
from rsip_sim.studies.diff.worlds import (
    BASELINE,
    UNEXPLAINED,
    Paper,
    Step,
    World,
    told_apart,
    version_here,
    way,
    world_of,
)

_ALIKE = "the records say that nothing more differs, and yet the stored data do"
_UNEXPLAINED = Step(((UNEXPLAINED, _ALIKE),))
_WORDING = ("title", "description", "author", "why")

PAPERS = [
    "scenario", "title", "metric", "label", "unit", "better", "date", "date_label", "first",
    "second", "change", "ci_low", "ci_high", "clear", "verdict_first", "verdict_second", "futures",
]  # fmt: skip
"""One row a scenario and metric; ``ci_low`` to ``ci_high`` is the 95% interval of the change."""

STEPS = [
    "scenario", "metric", "unit", "step", "kind", "what", "change", "ci_low", "ci_high", "clear",
]  # fmt: skip
"""One row a scenario, metric and step; the changes of a scenario and metric add up to the whole.
``clear``: the interval holds no zero, and the change is not written as zero."""


@dataclass(frozen=True)
class Moved:
    """One paired difference in both papers, and what moved it.

    role           of the scenario;  title, brief: in the second paper
    first, second  the means that the papers give
    verdicts       what may be said of them in each paper
    whole          from the first to the second;  parts: step by step
    futures        fewest futures that stand behind any of it
    """

    role: str
    title: str
    brief: str
    metric: Metric
    first: float
    second: float
    verdicts: tuple[Verdict, Verdict]
    whole: Change
    parts: tuple[tuple[Step, Change], ...]
    futures: int

    def clear(self, part: Change) -> bool:
        """Whether a change shows, and lies outside what its interval leaves open."""
        if part.still or self.futures < FEWEST_TO_COMPARE or not np.isfinite(part.change):
            return False
        apart = part.ci_low > 0 or part.ci_high < 0
        return apart and not self.metric.format.shows_zero(part.change)

    def sureness(self, part: Change) -> float:
        """Size of a change beside half of its interval; 0 where there is none."""
        half = (part.ci_high - part.ci_low) / 2
        return abs(part.change) / half if half > 0 else 0.0


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
    def reworded(self) -> list[str]:
        """What differs in words about a scenario, which moves nothing: ``title of 'Two year'``."""
        found = []
        for role in [BASELINE, *self.others]:
            one, other = (paper.roles[role].resolved for paper in (self.first, self.second))
            names = [name for name in _WORDING if (one.get(name) or "") != (other.get(name) or "")]
            if names:
                found.append(f"{listed(names)} of '{self.second.roles[role].brief}'")
        return found

    @property
    def only(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Names of the scenarios that one paper alone compares: first, second."""
        one, other = self.first.roles, self.second.roles
        return tuple(n for n in one if n not in other), tuple(n for n in other if n not in one)

    @property
    def others(self) -> tuple[str, ...]:
        """Roles of the scenarios compared in both papers."""
        return tuple(dict.fromkeys(row.role for row in self.moved))

    def whose(self, step: Step) -> str:
        """Whose step it is; nothing where it concerns every scenario."""
        shared = [BASELINE, *self.others]
        if not step.roles or step.roles == set(shared):
            return ""
        briefs = [f"'{self.second.roles[role].brief}'" for role in shared if role in step.roles]
        return f", in {listed(briefs)}"


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
    futures = Futures((first, second), roles, metrics, moment)
    steps = told_apart(
        way(first, second, roles, here), lambda world: world.version == here or futures.hold(world)
    )
    futures.simulate([world for step in steps for world in step.move or ()], workers, progress)
    moved = [row for role in roles[1:] for row in _moved(futures, role, steps, end)]
    if any(step is _UNEXPLAINED for row in moved for step, _ in row.parts):
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
        (step, change(*(futures.of_world(world, role) for world in step.move)))
        for step in steps
        if step.move and step.touches(role)
    ]
    unexplained = change(futures.of_world(end, role), new)
    if not all(each.still for each in unexplained):
        parts.append((_UNEXPLAINED, unexplained))
    whole = change(old, new)
    verdicts = [_verdicts(levels, role, futures.metrics) for levels in futures.stored]
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
            tuple((step, found[i]) for step, found in parts),
            min(old.values.shape[1], new.values.shape[1]),
        )


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


def diff_tables(diff: Diff) -> Mapping[str, pd.DataFrame]:
    """``papers`` and ``steps``; columns are PAPERS and STEPS."""
    papers, steps = [], []
    for row in diff.moved:
        metric, moment, whole = row.metric, diff.moment, row.whole
        unit = unit_at(metric, moment, files=True)
        papers.append((
            row.role, row.title, metric.name, metric.label, unit, metric.better, moment.name,
            moment.label, row.first, row.second, whole.change, whole.ci_low, whole.ci_high,
            row.clear(whole), *row.verdicts, row.futures,
        ))  # fmt: skip
        for place, (step, part) in enumerate(row.parts, start=1):
            what = f"{step.words}{diff.whose(step)}"
            steps.append((
                row.role, metric.name, unit, place, step.kind, what, part.change, part.ci_low,
                part.ci_high, row.clear(part),
            ))  # fmt: skip
    return {
        "papers": pd.DataFrame(papers, columns=PAPERS),
        "steps": pd.DataFrame(steps, columns=STEPS),
    }
