"""What matters: which inputs move a scenario's outcome and its difference from another, and luck.

Two designs on common luck, the first of which also chooses what the second looks at closely:

* a tornado: each uncertain parameter at its low and its high end, all others as they fall;
* Sobol indices: the parameters with the largest swings each by themselves, all others as one
  group, and luck as one more factor. Some sixty indices of their own would cost four times as
  many runs or be half as precise; the group's index shows whether anything was overlooked.

Luck is every draw that is no parameter: the national climate's path, the authority's own, and
each school's. A future's luck is its replication number, so that it is a factor like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from rsip_sim.measures.metrics import HEADLINES, METRICS
from rsip_sim.measures.moments import Moment, main_moment, moments_of
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import HIGH, LOW, mean_of_defined, paired, quantiles
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.ground import Means
from rsip_sim.studies.kernel.trials import Trial, Whole, looks, measure_all
from rsip_sim.studies.sensitivity.inputs import Inputs, Swings, inputs_of, swings
from rsip_sim.studies.sensitivity.sobol import Indices, sobol_indices

SETS = 2048
FEWEST_SETS, MOST_SETS = 64, 65_536
FIRST_SETS = 512  # at the first look, at which the parameters with indices of their own are chosen
OWN = 12
"""Parameters that get indices of their own."""

TOLD = ("erosion", "members", "cohesion")
"""The metrics told of in words, unless others are asked for; all headlines are in the tables."""

OTHERS, LUCK = "other parameters", "luck"
_DESIGN = 20110401  # of the scrambling of the quasi-random design, always the same
_PER_SET = 8  # parameter sets ÷ futures of the tornado
_EDGE = 1e-9

LEVEL, DIFFERENCE = 0, 1
KINDS = ("level", "difference")
"""What is read of a pair: the scenario's own outcome, and that less the baseline's."""


@dataclass(frozen=True)
class Pair:
    """A scenario, its baseline, and the outcomes that are read of both.

    seed     of the luck, which both share
    metrics  what is read, by name;  moments: when, under the baseline and under the scenario
    """

    baseline: Scenario
    scenario: Scenario
    seed: int
    metrics: tuple[str, ...]
    moments: tuple[Moment, Moment]

    @property
    def moment(self) -> Moment:
        """When the scenario is read."""
        return self.moments[1]

    def trials(self, luck: NDArray[np.int64], held: Mapping[str, FloatArray]) -> list[Trial]:
        """Both policies in these futures.

        luck  int (futures,): which replications' luck
        held  parameter values by register name, (futures,) each
        """
        both = zip((self.baseline, self.scenario), self.moments, strict=True)
        return [
            Trial(each.policy, each.roster, self.seed, luck, self.metrics, (moment,), held)
            for each, moment in both
        ]


def pair_of(
    baseline: Scenario, scenario: Scenario, seed: int, metrics: Sequence[str], at: str | None
) -> Pair:
    """The pair with all headlines that exist for it and these metrics.

    at  name of a moment; None: the one on which a comparison of the two would stand
    """
    two = (baseline, scenario)
    founded = all(each.policy.partnership for each in two)
    always = [name for name in HEADLINES if founded or not METRICS[name].membership]
    before, after = (moments_of(each.policy, each.policy.horizon_months) for each in two)
    chosen = at or main_moment(after)
    names = tuple(dict.fromkeys([*always, *metrics]))
    return Pair(baseline, scenario, seed, names, (before[chosen], after[chosen]))


@dataclass(frozen=True)
class Sensitivity:
    """What the study came to; outcomes are KINDS × metrics of the pair, level first.

    told      the metrics told of in words
    sets      rows of each table of the Sobol design, of at most so many;  futures: of the tornado
    precision  half of a 95% interval that was asked for, as a share of a spread; 0: none was
    average   (outcomes,);  spread: 5% and 95% points across futures, (2, outcomes)
    deviation  standard deviation and its relative standard error, (2, outcomes);  together: the
               same where parameters are drawn as the model draws them, calibrated ones together
    centre    average over the futures of the tornado, (outcomes,)
    groups    what each factor varies, by its name: a parameter, OTHERS if there are more, and
              LUCK, which is none
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
    centre: FloatArray
    groups: Mapping[str, Sequence[str]]
    indices: Indices
    swings: Swings

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of the factors, in the order of the indices."""
        return tuple(self.groups)

    @property
    def own(self) -> list[int]:
        """Places of the parameters with indices of their own."""
        return [at for at, factor in enumerate(self.factors) if factor in self.inputs.names]

    @property
    def known_to(self) -> float:
        """Half of the widest 95% interval among the shares of single inputs that are told of."""
        at = [self.outcome(DIFFERENCE, name) for name in self.told]
        low, high = np.moveaxis(self.indices.first[np.ix_(at, self.own)][..., 1:], -1, 0)
        return float(np.nanmax(high - low, initial=0.0)) / 2

    def outcome(self, kind: int, metric: str) -> int:
        """Place of an outcome: a kind (LEVEL or DIFFERENCE) of a metric."""
        return kind * len(self.pair.metrics) + self.pair.metrics.index(metric)

    def varies(self, at: int) -> bool:
        """Whether an outcome differs between futures."""
        return bool(self.indices.variance[at] > 0)

    def rank(self, at: int) -> list[int]:
        """The single parameters by what each makes of an outcome's spread alone, most first.

        The order is that of what one would most like to know; what an input only has a part in
        (its total index) tells which may be left alone.
        """
        return sorted(self.own, key=lambda place: -float(self.indices.first[at, place, 0]))

    def clear(self, at: int) -> list[int]:
        """Of these the ones whose share alone can be told from none."""
        return [place for place in self.rank(at) if self.indices.first[at, place, 1] > 0]

    @property
    def clearest(self) -> str:
        """The metric told of whose difference has the input that makes most of its spread."""
        first = self.indices.first[..., 0]
        at = {name: self.outcome(DIFFERENCE, name) for name in self.told}
        return max(at, key=lambda name: first[at[name], self.clear(at[name])].max(initial=-1))


def sensitivity(
    pair: Pair,
    metrics: Sequence[str] = (),
    sets: int = SETS,
    precision: float = 0.0,
    means: Means | None = None,
) -> Sensitivity:
    """Study what matters to a scenario and to its difference from a baseline.

    metrics    told of in words; else TOLD where they are defined
    sets       parameter sets of the Sobol design at most, a power of two
    precision  half of a 95% interval, as a share of a spread, that is narrow enough; 0: none is
    """
    told = tuple(dict.fromkeys(metrics)) or tuple(name for name in TOLD if name in pair.metrics)
    work = _Work(pair, told, sets, precision, means or Means())
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
        means: Means,
    ) -> None:
        """Lay the designs out; nothing is simulated yet."""
        self._pair, self._told, self._workers = pair, told, means.workers
        self._most, self._precision = most, precision
        self._inputs = inputs_of([pair.baseline.policy, pair.scenario.policy])
        self._tables = _Tables.of(self._inputs, most)
        self._groups: dict[str, list[str]] = {}
        self._sets = 0
        self._found: list[list[FloatArray]] = []
        count = len(self._inputs.names)
        factors = min(OWN, count) + (count > OWN) + 1
        rows = most * (3 + factors)  # A, B and as the model draws, beside one for each factor
        self.progress = Whole(means.progress, 2 * (rows + most // _PER_SET * 2 * count))

    def studied(self, sets: int) -> Sensitivity:
        """What so many sets come to, those of before among them."""
        self._found.append(self._simulated(sets))
        self._sets = sets
        swept, by_table, together = (
            np.concatenate(parts, axis=-1) for parts in zip(*self._found, strict=True)
        )
        both = by_table[:, :2].reshape(len(by_table), -1)
        return Sensitivity(
            pair=self._pair,
            told=self._told,
            inputs=self._inputs,
            sets=sets,
            most=self._most,
            precision=self._precision,
            futures=swept.shape[-1],
            average=mean_of_defined(both),
            spread=quantiles(both, (LOW, HIGH)),
            deviation=_deviation(both),
            together=_deviation(together),
            centre=mean_of_defined(by_table[:, 0, : swept.shape[-1]]),
            groups=self._groups,
            indices=sobol_indices(
                by_table[:, 0],
                by_table[:, 1],
                by_table[:, 2:],
                apart=len(self._groups) - 1,
                seed=self._pair.seed,
            ),
            swings=swings(swept),
        )

    def _simulated(self, sets: int) -> list[FloatArray]:
        """Outcomes of the sets since the last ones, (outcomes, …, futures).

        Of the tornado, of the tables of the Sobol design, and of futures as the model draws them.
        """
        pair, tables = self._pair, self._tables
        rows = slice(self._sets, sets)
        few = slice(self._sets // _PER_SET, sets // _PER_SET)
        (swept,) = self._measured([pair.trials(*tables.tornado(self._inputs, few))])
        swept = swept.reshape(len(swept), len(self._inputs.names), 2, -1)
        self._groups = self._groups or self._grouped(swept)
        both = [
            pair.trials(*tables.sobol(self._groups, rows)),
            pair.trials(tables.luck[0, rows], {}),
        ]
        by_table, together = self._measured(both)
        return [swept, by_table.reshape(len(by_table), 2 + len(self._groups), -1), together]

    def _measured(self, pairs: Sequence[Sequence[Trial]]) -> list[FloatArray]:
        """Level and difference from both trials of each pair, (outcomes, futures)."""
        trials = [trial for pair in pairs for trial in pair]
        measured = [each[:, 0] for each in measure_all(trials, self._workers, self.progress)]
        return [
            np.concatenate([level, paired(level, baseline)])
            for baseline, level in zip(measured[::2], measured[1::2], strict=True)
        ]

    def _grouped(self, swept: FloatArray) -> dict[str, list[str]]:
        """The parameters that make most of what is told of one by one, the rest, and luck."""
        names, count = self._inputs.names, len(self._pair.metrics)
        told = [self._pair.metrics.index(name) + kind for name in self._told for kind in (0, count)]
        variance = np.nanvar(swept.reshape(len(swept), -1), axis=1)
        share = np.nan_to_num(swings(swept).share(variance)[told]).max(axis=0)
        own = {names[place] for place in np.argsort(-share, kind="stable")[:OWN]}
        groups = {name: [name] for name in names if name in own}
        rest = [name for name in names if name not in own]
        return groups | ({OTHERS: rest} if rest else {}) | {LUCK: []}


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

    def tornado(
        self, inputs: Inputs, few: slice
    ) -> tuple[NDArray[np.int64], dict[str, FloatArray]]:
        """Luck and values: for each parameter its low, then its high end, in the same futures."""
        runs, futures = 2 * len(self.values), few.stop - few.start
        held = {name: np.tile(values[0, few], runs) for name, values in self.values.items()}
        for place, parameter in enumerate(inputs.parameters):
            ends = np.repeat(inputs.ends(parameter), futures)
            start = 2 * place * futures
            held[parameter.name][start : start + 2 * futures] = ends
        return np.tile(self.luck[0, few], runs), held

    def sobol(
        self, groups: Mapping[str, Sequence[str]], rows: slice
    ) -> tuple[NDArray[np.int64], dict[str, FloatArray]]:
        """Luck and values: A, B, then A with what each factor varies from B."""
        luck = [*self.luck, *(self.luck[int(factor == LUCK)] for factor in groups)]
        held = {
            name: np.concatenate([*own, *(own[int(name in group)] for group in groups.values())])
            for name, own in ((name, values[:, rows]) for name, values in self.values.items())
        }
        return np.concatenate([each[rows] for each in luck]), held


def _deviation(values: FloatArray) -> FloatArray:
    """Standard deviation and its relative standard error, (2, outcomes); heavy tails widen it."""
    away = values - mean_of_defined(values)[:, None]
    variance = mean_of_defined(away**2)
    ratio: FloatArray = np.full(len(values), np.nan)
    np.divide(mean_of_defined(away**4), variance**2, out=ratio, where=variance > 0)
    return np.stack([np.sqrt(variance), np.sqrt(np.maximum(ratio - 1, 0) / values.shape[1]) / 2])
