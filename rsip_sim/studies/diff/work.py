"""Why two stored comparisons differ: each headline difference taken apart by what was changed.

The way from the first paper to the second is walked in steps (code version, data, assumptions,
scenarios, luck), each simulated where it can be; what a step moves is a difference of means with
its 95% interval, and the steps add up to the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rsip_sim.evidence.faults import Fault, nearest
from rsip_sim.experiment.errors import ExperimentError
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.record import changed_files
from rsip_sim.experiment.store import MANIFEST, read_record
from rsip_sim.measures.metrics import HEADLINES, METRICS, Metric, metrics_named
from rsip_sim.measures.moments import (
    END,
    MARCH_2013,
    MEAN,
    Moment,
    lengths_differ,
    main_moment,
    moments_of,
)
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import (
    FEWEST_TO_COMPARE,
    paired_differences,
    spread_across_futures,
)
from rsip_sim.report.verdicts import Difference, Verdict, verdict
from rsip_sim.studies.diff.change import Change, change
from rsip_sim.studies.diff.futures import Futures, futures_of, moment_in
from rsip_sim.studies.diff.levers import rewordings
from rsip_sim.studies.diff.papers import BASELINE, Paper, version_here
from rsip_sim.studies.diff.worlds import UNEXPLAINED, Step, Way, way


class DiffError(ExperimentError):
    """Two papers that cannot be compared, or a metric that is none; `faults` says why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults; the message is one line a fault."""
        self.faults = [f"rsip: {fault}" for fault in faults]
        super().__init__("\n".join(str(fault) for fault in faults))


_WHOLE = Step("", "in all", frozenset(), ())
_UNEXPLAINED = Step(
    UNEXPLAINED,
    "the records say that nothing more differs, and yet the stored data do",
    frozenset(),
    (),
)


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

    role           of the scenario;  title: in the second paper
    first, second  the means that the papers give
    verdicts       what may be said of them in each paper
    whole          from the first to the second;  parts: step by step
    scale          range of nine futures in ten of the baseline's own level in the first paper
    futures        fewest futures that stand behind any of it
    """

    role: str
    title: str
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
    rewordings  by role: which words about the scenario differ, which moves nothing
    only       names of the scenarios that one paper alone compares: first, second
    changed    number of files of each paper that are not as its manifest says
    """

    first: Paper
    second: Paper
    moments: tuple[Moment, Moment]
    metrics: tuple[Metric, ...]
    steps: tuple[Step, ...]
    moved: tuple[Moved, ...]
    rewordings: dict[str, list[str]]
    only: tuple[tuple[str, ...], tuple[str, ...]]
    changed: tuple[int, int]

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
    metrics: Sequence[str] | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Diff:
    """Attribute what moved between two papers to what was changed.

    metrics  names from METRICS; None: the headlines
    Raises DiffError where a metric is unknown or the papers share no scenario.
    """
    chosen = check_metrics(metrics)
    roles = _shared(first, second)
    taken = way(first, second, roles, version_here())
    moment = _moment(first, second)
    futures = futures_of((first, second), taken, roles, chosen, moment, workers, progress)
    moved = [row for role in roles[1:] for row in _moved(futures, role, chosen, taken)]
    steps = list(taken.steps)
    if any(part.step.kind == UNEXPLAINED for row in moved for part in row.parts):
        steps.append(_UNEXPLAINED)
    words = {role: rewordings(first.roles[role], second.roles[role]) for role in roles}
    return Diff(
        first,
        second,
        _moments(first, second, moment),
        chosen,
        tuple(steps),
        tuple(sorted(moved, key=lambda row: chosen.index(row.metric))),
        {role: names for role, names in words.items() if names},
        _in_one_only(first, second),
        (_changed(first), _changed(second)),
    )


def check_metrics(names: Sequence[str] | None) -> tuple[Metric, ...]:
    """The metrics of these names; DiffError with every name that is none, and the nearest."""
    wanted = tuple(dict.fromkeys(names or HEADLINES))
    faults = [
        Fault("", 0, 0, "", f"no metric is named '{name}'", _allowed(name), nearest(name, METRICS))
        for name in wanted
        if name not in METRICS
    ]
    if faults:
        raise DiffError(faults)
    return metrics_named(wanted)


def _allowed(name: str) -> str:
    return "" if nearest(name, METRICS) else f"one of {', '.join(METRICS)}"


def _shared(first: Paper, second: Paper) -> list[str]:
    """The baseline, and the others that both papers compare, in the order of the second."""
    shared = [role for role in second.roles if role in first.roles]
    if len(shared) < 2:
        names = [", ".join(each for each in p.roles if each) for p in (first, second)]
        message = f"the papers compare no scenario of the same name: {names[0]}; {names[1]}"
        raise DiffError([Fault("", 0, 0, "", message)])
    return shared


def _in_one_only(first: Paper, second: Paper) -> tuple[tuple[str, ...], tuple[str, ...]]:
    one, other = first.roles, second.roles
    return tuple(n for n in one if n not in other), tuple(n for n in other if n not in one)


def _changed(paper: Paper) -> int:
    return len(changed_files(paper.folder, read_record(paper.folder / MANIFEST)["files"]))


def _moment(first: Paper, second: Paper) -> str:
    """The moment on which the findings of the papers stand, and that both have."""
    found = [moments_of(each.scenarios[0].policy, each.results.months) for each in (first, second)]
    main = [
        main_moment(moments, lengths_differ(paper.scenarios))
        for moments, paper in zip(found, (first, second), strict=True)
    ]
    names = [*main, MEAN, MARCH_2013, END]
    return next(name for name in names if name in found[0] and name in found[1])


def _moments(first: Paper, second: Paper, name: str) -> tuple[Moment, Moment]:
    one, other = (moment_in(paper.scenarios[0].policy, name) for paper in (first, second))
    return one, other


def _moved(futures: Futures, role: str, metrics: Sequence[Metric], taken: Way) -> Iterator[Moved]:
    """Every metric of one scenario."""
    old, new = futures.of_paper(0, role), futures.of_paper(1, role)
    touching = [step for step in taken.steps if step.touches(role)]
    parts = [(step, *_step_change(futures, step, role)) for step in touching]
    last = futures.of_world(taken.end, role)
    if not last.still(new).all():
        parts.append((_UNEXPLAINED, change([(last, new)]), last.still(new)))
    whole, still = change([(old, new)]), old.still(new)
    verdicts = [_verdicts(levels, role, metrics) for levels in futures.stored]
    spread = spread_across_futures(futures.stored[0][BASELINE])
    for i, metric in enumerate(metrics):
        yield Moved(
            role,
            futures.papers[1].roles[role].title,
            metric,
            float(old.means[i]),
            float(new.means[i]),
            (verdicts[0][i], verdicts[1][i]),
            _part(_WHOLE, whole, still, i),
            tuple(_part(step, moves, kept, i) for step, moves, kept in parts),
            float(spread.p95[i] - spread.p05[i]),
            min(old.values.shape[1], new.values.shape[1]),
        )


def _part(step: Step, moves: Change, still: NDArray[np.bool_], metric: int) -> Part:
    return Part(
        step,
        float(moves.change[metric]),
        float(moves.ci_low[metric]),
        float(moves.ci_high[metric]),
        bool(still[metric]),
    )


def _step_change(futures: Futures, step: Step, role: str) -> tuple[Change, NDArray[np.bool_]]:
    """What a step moves, and which metrics it moves in no future."""
    samples = [
        (futures.of_world(before, role), futures.of_world(after, role))
        for before, after in step.moves
    ]
    still = np.all([before.still(after) for before, after in samples], axis=0)
    return change(samples), still


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
