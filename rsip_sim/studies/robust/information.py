"""The value of information for one choice: what it would be worth to know more before choosing.

Nothing is simulated: the futures of a stored comparison are set against the parameters each of
them drew. What knowing parameters is worth is estimated by regression (Strong, Oakley and Brennan,
2014, "Estimating multiparameter partial expected value of perfect information from a
probabilistic sensitivity analysis sample", Medical Decision Making 34). A regression that is judged
by the futures it was fitted to finds value in noise, so each future is decided by a regression
fitted to the others: what such a rule gains is worth having, and never looks better than it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtri
from scipy.stats import rankdata

from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import standard_error, t_quantile

FOLDS = 10
KNOTS = (0.05, 0.35, 0.65, 0.95)
"""Quantiles of a parameter between which its curve is cubic."""

CERTAIN_ERRORS = 3.29
"""Standard errors beyond which one of many parameters counts: by chance one in two thousand."""

EVERYTHING, PARAMETERS = "everything", "all parameters"
"""What may be known, beside one parameter by its name."""

_PRODUCTS = 6  # of the parameters that matter most, in the regression on all of them
_PENALTIES = tuple(10.0**power for power in range(8))
_NOTHING = 1e-10


@dataclass(frozen=True)
class Worth:
    """What knowing something before choosing is worth, in the unit of the objective.

    mean     expected gain over choosing now;  low, high: 95% interval; error: standard error
    changes  share of futures in which the choice would be another
    fitted   the gain judged by the futures that the rule was fitted to, which is too much; NaN
             where no rule was fitted
    """

    mean: float
    low: float
    high: float
    error: float
    changes: float
    fitted: float = np.nan

    @property
    def shows(self) -> bool:
        """Whether it is clearly more than nothing."""
        return self.low > 0

    @property
    def certain(self) -> bool:
        """Whether it is more than nothing beyond the luck of trying many parameters."""
        return self.shows and self.mean > CERTAIN_ERRORS * self.error

    def within(self, most: Worth) -> Worth:
        """The same, never below nothing, since knowledge may be ignored, and never above most."""
        ends = (self.mean, most.mean), (self.low, most.low), (self.high, most.high)
        mean, low, high = (float(np.clip(own, 0.0, max(bound, 0.0))) for own, bound in ends)
        return replace(self, mean=mean, low=low, high=high, changes=self.changes if mean else 0.0)


NOTHING = Worth(0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Information:
    """The value of information for a choice among scenarios.

    now         place of the scenario to choose now: the best on average
    everything  knowing all, luck included: the expected loss from choosing now
    parameters  knowing every parameter;  single: knowing one of them
    """

    now: int
    everything: Worth
    parameters: Worth
    single: Mapping[str, Worth]

    @property
    def things(self) -> list[tuple[str, Worth]]:
        """What may be known and what it is worth: everything, all parameters, then one by one."""
        single = sorted(self.single.items(), key=lambda each: (-each[1].mean, each[0]))
        return [(EVERYTHING, self.everything), (PARAMETERS, self.parameters), *single]


def value_of_information(gains: FloatArray, parameters: Mapping[str, FloatArray]) -> Information:
    """What information is worth to a choice.

    gains       (scenarios, futures), more is better, none of them NaN
    parameters  what each future drew, by register name, (futures,) each
    """
    now = int(np.argmax(gains.mean(axis=1)))
    over = gains - gains[now]
    most = over.max(axis=0)
    everything = _worth(most, float((over[now] < most).mean()))
    single = {name: _known(over, _curve(values)) for name, values in parameters.items()}
    ranked = sorted(single, key=lambda name: -single[name].fitted)
    scores = np.stack([_score(parameters[name]) for name in ranked], axis=1) if ranked else None
    whole = NOTHING if scores is None else _known(over, _columns(scores), _PENALTIES)
    return Information(
        now=now,
        everything=everything,
        parameters=whole.within(everything),
        single={name: worth.within(everything) for name, worth in single.items()},
    )


def _worth(gained: FloatArray, changes: float, fitted: float = np.nan) -> Worth:
    mean, error = float(gained.mean()), float(standard_error(gained))
    half = float(t_quantile(len(gained))) * error
    return Worth(mean, mean - half, mean + half, error, changes, fitted)


def _known(over: FloatArray, columns: FloatArray, penalties: tuple[float, ...] = (0.0,)) -> Worth:
    """What knowing something before choosing is worth.

    over       gains over the choice of now, (scenarios, futures)
    columns    what would be known, as columns of a regression, (futures, columns)
    penalties  on the size of its slopes, of which the best is chosen
    """
    futures = over.shape[1]
    fold = np.arange(futures) % min(FOLDS, futures)
    chosen = np.zeros(futures, dtype=np.int64)
    for each in np.unique(fold):
        apart = fold == each
        predict = _Ridge.of(columns[~apart]).fitted(over[:, ~apart], penalties)
        chosen[apart] = np.argmax(predict(columns[apart]), axis=0)
    gained = over[chosen, np.arange(futures)]
    expected = _Ridge.of(columns).fitted(over, penalties)(columns)
    fitted = float(expected.max(axis=0).mean() - expected.mean(axis=1).max())
    return _worth(gained, float((gained != 0).mean()), fitted)


@dataclass(frozen=True)
class _Ridge:
    """Ridge regression on some columns, taken apart once for all that is regressed on them.

    centre  (columns,);  within: columns less that, (futures, columns)
    sizes, directions  eigenvalues and eigenvectors of their products
    """

    centre: FloatArray
    within: FloatArray
    sizes: FloatArray
    directions: FloatArray

    @classmethod
    def of(cls, columns: FloatArray) -> _Ridge:
        centre = columns.mean(axis=0)
        within = columns - centre
        sizes, directions = np.linalg.eigh(within.T @ within)
        # idle columns get no slope
        sizes = np.where(sizes > _NOTHING * sizes[-1:], sizes, np.inf)
        return cls(centre, within, sizes, directions)

    def fitted(
        self, gains: FloatArray, penalties: tuple[float, ...]
    ) -> Callable[[FloatArray], FloatArray]:
        """What predicts gains; the penalty is chosen by generalised cross-validation."""
        mean = gains.mean(axis=1, keepdims=True)
        away, sizes = gains - mean, self.sizes
        along = away @ self.within @ self.directions
        total, futures = (away**2).sum(), len(self.within)
        scores = []
        for penalty in penalties:
            kept = along**2 / (sizes + penalty)
            rest = total - (kept * (1 + penalty / (sizes + penalty))).sum()
            freedom = 1 + (1 / (1 + penalty / sizes))[np.isfinite(sizes)].sum()
            scores.append(rest / (1 - freedom / futures) ** 2)
        slopes = along / (sizes + penalties[int(np.argmin(scores))]) @ self.directions.T
        return lambda new: np.asarray(mean + slopes @ (new - self.centre).T)


def _curve(values: FloatArray) -> FloatArray:
    """A smooth curve over one parameter as columns of a regression: (futures, columns).

    A restricted cubic spline (Harrell, Regression Modeling Strategies, 2015, chapter 2): cubic
    between knots, straight beyond the outer ones; a straight line where too few values differ.
    """
    x = (values - values.mean()) / (float(values.std()) or 1.0)
    knots = np.unique(np.quantile(x, KNOTS))
    columns = [x]
    for knot in knots[:-2]:
        before, last = knots[-2:]
        cubes = [np.maximum(x - each, 0.0) ** 3 for each in (knot, before, last)]
        bend = (last - knot) * cubes[1] - (before - knot) * cubes[2]
        columns.append((cubes[0] - bend / (last - before)) / (last - knots[0]) ** 2)
    return np.stack(columns, axis=1)


def _score(values: FloatArray) -> FloatArray:
    """Normal scores of the ranks, ties sharing theirs: (futures,)."""
    return np.asarray(ndtri((rankdata(values) - 0.5) / len(values)))


def _columns(scores: FloatArray) -> FloatArray:
    """Scores, their squares, and products of the first few: (futures, columns)."""
    first = scores[:, :_PRODUCTS]
    one, other = np.triu_indices(first.shape[1], 1)
    return np.concatenate([scores, scores**2 - 1, first[:, one] * first[:, other]], axis=1)
