"""What matters: which inputs move a scenario's outcome and its difference from another, and luck.

Three designs on common luck, the first of which also chooses what the second looks at closely:

* a tornado: each uncertain parameter at its low and its high end, all others as they fall;
* Sobol indices: the parameters with the largest swings each by themselves, all others as one
  group, and luck as one more factor. Some sixty indices of their own would cost four times as
  many runs or be half as precise; the group's index shows whether anything was overlooked;
* a factorial design of the categorical levers.

Luck is every draw that is no parameter: the national climate's path, the authority's own, and
each school's. A future's luck is its replication number, so that it is a factor like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from rsip_sim.experiment.progress import Progress
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import HIGH, LOW, mean_of_defined, quantiles
from rsip_sim.model.parameters import CENTRAL
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.precision import Whole, looks
from rsip_sim.studies.kernel.trials import Trial, measure_all
from rsip_sim.studies.sensitivity.factorial import Effect, Lever, cells, effects, levers_to_cross
from rsip_sim.studies.sensitivity.inputs import Inputs, inputs_of
from rsip_sim.studies.sensitivity.pair import DIFFERENCE, KINDS, Pair, outcomes, pair_of
from rsip_sim.studies.sensitivity.sobol import Indices, sobol_indices
from rsip_sim.studies.sensitivity.tornado import Swings, swings

SETS = 2048
FEWEST_SETS, MOST_SETS = 64, 65_536
FIRST_SETS = 512  # at the first look, at which the parameters with indices of their own are chosen
OWN = 12
"""Parameters that get indices of their own."""

TOLD = ("erosion", "members", "cohesion")
"""The metrics told of in words, unless others are asked for; all headlines are in the tables."""

OTHERS, LUCK = "other parameters", "luck"
_DESIGN = 20110401  # of the scrambling of the quasi-random design, always the same
_PER_SET = 8  # parameter sets ÷ futures of the tornado and the factorial design
_EDGE = 1e-9


@dataclass(frozen=True)
class Sensitivity:
    """What the study came to; outcomes are KINDS × metrics of the pair, level first.

    told      the metrics told of in words
    sets      rows of each table of the Sobol design, of at most so many;  futures: of the two
              other designs
    precision  half of a 95% interval that was asked for, as a share of a spread; 0: none was
    average   (outcomes,);  spread: 5% and 95% points across futures, (2, outcomes)
    deviation  standard deviation and its relative standard error, (2, outcomes);  together: the
               same where the calibrated parameters are drawn together, as the model draws them;
               NaN where the scenarios draw no parameters
    centre    average over the futures in which the swings were measured, (outcomes,)
    factors   parameters with indices of their own, OTHERS if there are more, and LUCK
    left_out  categorical levers that are not in the factorial design
    """

    pair: Pair
    told: tuple[str, ...]
    inputs: Inputs
    sets: int
    most: int
    precision: float
    futures: int
    average: FloatArray
    spread: FloatArray
    deviation: FloatArray
    together: FloatArray
    factors: tuple[str, ...]
    indices: Indices
    swings: Swings
    centre: FloatArray
    levers: tuple[Lever, ...]
    effects: tuple[Effect, ...]
    left_out: tuple[str, ...]

    def outcome(self, kind: int, metric: str) -> int:
        """Place of an outcome: a kind (LEVEL or DIFFERENCE) of a metric."""
        return kind * len(self.pair.metrics) + self.pair.metrics.index(metric)

    @property
    def own(self) -> tuple[str, ...]:
        """The parameters with indices of their own."""
        return tuple(name for name in self.factors if name not in (OTHERS, LUCK))

    @property
    def keys(self) -> list[tuple[str, str]]:
        """Kind and metric of every outcome, in order."""
        return [(kind, metric) for kind in KINDS for metric in self.pair.metrics]

    @property
    def known_to(self) -> float:
        """Half of the widest 95% interval among the shares of single inputs that are told of."""
        at = [self.outcome(DIFFERENCE, name) for name in self.told]
        places = [place for place, factor in enumerate(self.factors) if factor in self.own]
        low, high = np.moveaxis(self.indices.first[np.ix_(at, places)][..., 1:], -1, 0)
        return float(np.nanmax(high - low, initial=0.0)) / 2

    def varies(self, kind: int, metric: str) -> bool:
        """Whether the outcome differs between futures."""
        return bool(self.indices.variance[self.outcome(kind, metric)] > 0)

    def rank(self, kind: int, metric: str) -> list[int]:
        """Factors with a parameter of their own, by what each makes alone; only those that show.

        One shows if the interval of its share, or of its swing, does not hold none. The order is
        that of what one would most like to know; what an input only has a part in (its total
        index) tells which may be left alone.
        """
        at = self.outcome(kind, metric)
        first = self.indices.first[at]
        places = [place for place, factor in enumerate(self.factors) if factor in self.own]
        clear = [place for place in places if first[place, 1] > 0 or self._swings(at, place)]
        return sorted(clear, key=lambda place: -float(first[place, 0]))

    def _swings(self, at: int, place: int) -> bool:
        """Whether the interval of a factor's swing does not hold none."""
        swing = self.inputs.names.index(self.factors[place])
        return bool(self.swings.low[at, swing] > 0 or self.swings.high[at, swing] < 0)

    def clear(self, kind: int, metric: str) -> list[int]:
        """Of these the ones whose share alone can be told from none."""
        at = self.outcome(kind, metric)
        return [place for place in self.rank(kind, metric) if self.indices.first[at, place, 1] > 0]

    @property
    def clearest(self) -> str:
        """The metric told of whose difference has the input that makes most of its spread."""

        def most(name: str) -> float:
            leading, at = self.clear(DIFFERENCE, name)[:1], self.outcome(DIFFERENCE, name)
            return max((self.indices.first[at, place, 0] for place in leading), default=-1.0)

        return max(self.told, key=most)


def sensitivity(
    baseline: Scenario,
    scenario: Scenario,
    seed: int,
    metrics: Sequence[str] = (),
    at: str | None = None,
    sets: int = SETS,
    workers: int | None = None,
    progress: Progress | None = None,
    precision: float = 0.0,
) -> Sensitivity:
    """Study what matters to a scenario and to its difference from a baseline.

    seed       of the luck, that of the comparison
    metrics    told of in words; else TOLD where they are defined
    at         a moment; else that on which a comparison of the two stands
    sets       parameter sets of the Sobol design at most, a power of two
    precision  half of a 95% interval, as a share of a spread, that is narrow enough; 0: none is
    """
    pair = pair_of(baseline, scenario, seed, metrics, at)
    told = tuple(dict.fromkeys(metrics)) or tuple(name for name in TOLD if name in pair.metrics)
    work = _Work(pair, told, sets, precision, workers, progress)
    for few in looks(sets, precision, FIRST_SETS):
        found = work.studied(few)
        if found.known_to <= precision:
            break
    work.progress.finish()
    return found


class _Work:
    """The designs of one study as far as they are simulated, and what they come to."""

    def __init__(
        self,
        pair: Pair,
        told: tuple[str, ...],
        most: int,
        precision: float,
        workers: int | None,
        progress: Progress | None,
    ) -> None:
        """Lay the designs out; nothing is simulated yet."""
        self._pair, self._told, self._workers = pair, told, workers
        self._most, self._precision = most, precision
        self._inputs = inputs_of([pair.baseline.policy, pair.scenario.policy])
        self._levers, self._left_out = levers_to_cross(pair.baseline, pair.scenario)
        self._crossed = cells(self._levers) if self._levers else []
        self._tables = _Tables.of(self._inputs, most)
        self._groups: dict[str, list[str]] = {}
        self._sets = self._futures = 0
        self._found: list[list[FloatArray]] = []
        count = len(self._inputs.names)
        own = min(OWN, count)
        rows = most * (3 + own + (own < count) + 1)
        several = max(most // _PER_SET, 8) * (2 * count + 1 + len(self._crossed))
        self.progress = Whole(progress, 2 * (rows + several))

    def studied(self, sets: int) -> Sensitivity:
        """What so many sets come to, those of before among them."""
        pair, inputs, count = self._pair, self._inputs, len(self._inputs.names)
        futures = max(sets // _PER_SET, 8)
        rows, few = slice(self._sets, sets), slice(self._futures, futures)
        self._sets, self._futures = sets, futures
        more = self._simulated(rows, few)
        more[0] = more[0].reshape(len(more[0]), count, 2, -1)
        if not self._groups:
            places = [at for name in self._told for at in _places(pair, name)]
            variance = np.nanvar(more[0].reshape(len(more[0]), -1), axis=1)
            self._groups = _groups(inputs, swings(more[0]), variance, places)
        mixed = self._measured(pair.trials(*self._tables.sobol(list(self._groups.values()), rows)))
        more.append(mixed[0].reshape(len(mixed[0]), 2 + len(self._groups) + 1, -1))
        self._found.append(more)
        swept, joint, central, *crossings, by_table = (
            np.concatenate(parts, axis=-1) for parts in zip(*self._found, strict=True)
        )
        both = by_table[:, :2].reshape(len(by_table), -1)
        return Sensitivity(
            pair=pair,
            told=self._told,
            inputs=inputs,
            sets=sets,
            most=self._most,
            precision=self._precision,
            futures=futures,
            average=mean_of_defined(both),
            spread=quantiles(both, (LOW, HIGH)),
            deviation=_deviation(both),
            together=_together(pair, joint),
            factors=(*self._groups, LUCK),
            indices=sobol_indices(
                by_table[:, 0], by_table[:, 1], by_table[:, 2:], apart=len(self._groups),
                seed=pair.seed,
            ),
            swings=swings(swept),
            centre=mean_of_defined(central),
            levers=tuple(self._levers),
            effects=tuple(effects(self._levers, np.stack(crossings))) if self._levers else (),
            left_out=tuple(self._left_out),
        )  # fmt: skip

    def _simulated(self, rows: slice, few: slice) -> list[FloatArray]:
        """More of the tornado, of what is drawn together, of the centre and of each crossing."""
        pair, tables = self._pair, self._tables
        trials = pair.trials(*tables.tornado(self._inputs, few)) + pair.trials(tables.luck[0, rows])
        for cell in ({}, *self._crossed):
            trials += pair.trials(tables.luck[0, few], tables.first(few), cell)
        return self._measured(trials)

    def _measured(self, trials: list[Trial]) -> list[FloatArray]:
        """The outcomes of each pair of trials, (outcomes, futures)."""
        measured = measure_all(trials, self._workers, self.progress)
        return [
            outcomes(measured[i : i + 2]).reshape(2 * len(self._pair.metrics), -1)
            for i in range(0, len(measured), 2)
        ]


@dataclass(frozen=True)
class _Tables:
    """The two independent tables of a Sobol design, A and B.

    values  register name → (2, sets);  luck: int (2, sets), which replications
    """

    values: Mapping[str, FloatArray]
    luck: NDArray[np.int64]

    @classmethod
    def of(cls, inputs: Inputs, sets: int) -> _Tables:
        count = len(inputs.names)
        design = qmc.Sobol(max(2 * count, 1), rng=_DESIGN).random_base2(int(np.log2(sets)))
        design = np.clip(design, _EDGE, 1 - _EDGE)
        a, b = (inputs.values(design[:, at : at + count]) for at in (0, count))
        return cls(
            {name: np.stack([a[name], b[name]]) for name in inputs.names},
            np.arange(2 * sets).reshape(2, sets),
        )

    def first(self, rows: slice) -> dict[str, FloatArray]:
        """Some rows of A."""
        return {name: values[0, rows] for name, values in self.values.items()}

    def tornado(
        self, inputs: Inputs, few: slice
    ) -> tuple[NDArray[np.int64], dict[str, FloatArray]]:
        """Luck and values: for each parameter its low, then its high end, in the same futures."""
        runs, futures = 2 * len(self.values), few.stop - few.start
        held = {name: np.tile(values, runs) for name, values in self.first(few).items()}
        for place, parameter in enumerate(inputs.parameters):
            low, _, high = inputs.ends(parameter)
            start = 2 * place * futures
            held[parameter.name][start : start + futures] = low
            held[parameter.name][start + futures : start + 2 * futures] = high
        return np.tile(self.luck[0, few], runs), held

    def sobol(
        self, groups: Sequence[Sequence[str]], rows: slice
    ) -> tuple[NDArray[np.int64], dict[str, FloatArray]]:
        """Luck and values: A, B, then A with each group from B, last A with the luck of B."""
        luck = [*self.luck, *[self.luck[0]] * len(groups), self.luck[1]]
        parts = {name: values[:, rows] for name, values in self.values.items()}
        held = {
            name: np.concatenate([*values, *(values[int(name in group)] for group in groups),
                                  values[0]])
            for name, values in parts.items()
        }  # fmt: skip
        return np.concatenate([each[rows] for each in luck]), held


def _groups(
    inputs: Inputs, swung: Swings, variance: FloatArray, places: Sequence[int]
) -> dict[str, list[str]]:
    """The parameters that make most of the variance of these outcomes one by one, and the rest."""
    share = np.nan_to_num(swung.share(variance)[list(places)])
    order = np.argsort(-share.max(axis=0), kind="stable")
    own = {inputs.names[place] for place in order[:OWN]}
    groups = {name: [name] for name in inputs.names if name in own}
    rest = [name for name in inputs.names if name not in own]
    return groups | ({OTHERS: rest} if rest else {})


def _places(pair: Pair, metric: str) -> tuple[int, int]:
    """Of the level and of the difference of a metric."""
    place = pair.metrics.index(metric)
    return place, place + len(pair.metrics)


def _together(pair: Pair, joint: FloatArray) -> FloatArray:
    policies = (pair.baseline.policy, pair.scenario.policy)
    if any(policy.parameters == CENTRAL for policy in policies):
        return np.full((2, len(joint)), np.nan)
    return _deviation(joint)


def _deviation(values: FloatArray) -> FloatArray:
    """Standard deviation and its relative standard error, (2, outcomes); heavy tails widen it."""
    away = values - mean_of_defined(values)[:, None]
    variance = mean_of_defined(away**2)
    ratio: FloatArray = np.full(len(values), np.nan)
    np.divide(mean_of_defined(away**4), variance**2, out=ratio, where=variance > 0)
    return np.stack([np.sqrt(variance), np.sqrt(np.maximum(ratio - 1, 0) / values.shape[1]) / 2])
