"""The value of information for one choice: what it would be worth to know more before choosing.

Nothing is simulated: the futures of a stored comparison are set against the parameters each of
them drew. What knowing parameters is worth is estimated by regression (Strong, Oakley and Brennan,
2014, "Estimating multiparameter partial expected value of perfect information from a
probabilistic sensitivity analysis sample", Medical Decision Making 34). A regression that is judged
by the futures it was fitted to finds value in noise, so each future is decided by a regression
fitted to the others: what such a rule gains is worth having, and never looks better than it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import standard_error, t_quantile

FOLDS = 10
KNOTS = (0.05, 0.35, 0.65, 0.95)
"""Quantiles of a parameter between which its curve is cubic."""

CERTAIN_ERRORS = 3.29
"""Standard errors beyond which one of many parameters counts: by chance one in two thousand."""

EVERYTHING = "everything"
"""What may be known, beside one parameter by its name."""

_NOTHING = 1e-5  # size of a direction beside the largest up to which it gets no slope


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


@dataclass(frozen=True)
class Information:
    """The value of information for a choice among scenarios.

    now         place of the scenario to choose now: the best on average
    everything  knowing all, luck included: the expected loss from choosing now
    single      knowing one parameter, by its name
    """

    now: int
    everything: Worth
    single: Mapping[str, Worth]

    @property
    def things(self) -> list[tuple[str, Worth]]:
        """What may be known and what it is worth: everything, then parameters one by one."""
        single = sorted(self.single.items(), key=lambda each: (-each[1].mean, each[0]))
        return [(EVERYTHING, self.everything), *single]


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
    return Information(
        now=now,
        everything=everything,
        single={name: worth.within(everything) for name, worth in single.items()},
    )


def _worth(gained: FloatArray, changes: float, fitted: float = np.nan) -> Worth:
    mean, error = float(gained.mean()), float(standard_error(gained))
    half = float(t_quantile(len(gained))) * error
    return Worth(mean, mean - half, mean + half, error, changes, fitted)


def _known(over: FloatArray, columns: FloatArray) -> Worth:
    """What knowing something before choosing is worth.

    over     gains over the choice of now, (scenarios, futures)
    columns  what would be known, as columns of a regression, (futures, columns)
    """
    futures = over.shape[1]
    fold = np.arange(futures) % min(FOLDS, futures)
    chosen = np.zeros(futures, dtype=np.int64)
    for each in np.unique(fold):
        apart = fold == each
        expected = _expected(columns[~apart], over[:, ~apart], columns[apart])
        chosen[apart] = np.argmax(expected, axis=0)
    gained = over[chosen, np.arange(futures)]
    expected = _expected(columns, over, columns)
    fitted = float(expected.max(axis=0).mean() - expected.mean(axis=1).max())
    return _worth(gained, float((gained != 0).mean()), fitted)


def _expected(columns: FloatArray, gains: FloatArray, new: FloatArray) -> FloatArray:
    """The gains that a regression on some columns expects at new ones, (scenarios, futures)."""
    centre, mean = columns.mean(axis=0), gains.mean(axis=1, keepdims=True)
    slopes = np.linalg.lstsq(columns - centre, (gains - mean).T, rcond=_NOTHING)[0]
    return np.asarray(mean + ((new - centre) @ slopes).T)


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
