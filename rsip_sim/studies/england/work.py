"""What policies change in England, its regions and its kinds of authority, and how sure it is.

Each authority has luck and parameter sets of its own, so what is averaged over many authorities is
known far better than what is said of one.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rsip_sim.measures.metrics import METRICS, PRICE
from rsip_sim.measures.moments import moments_of
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import (
    FEWEST_TO_COMPARE,
    STANDARD_ERRORS,
    Estimate,
    mean_of_defined,
    paired,
    quantiles,
    standard_error,
    t_quantile,
)
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.screen import counted_under
from rsip_sim.studies.england.places import Group, Place, Rate, groups_of, price_rates, rate_of
from rsip_sim.studies.england.runs import Plan, measured_places
from rsip_sim.studies.kernel.ground import Means


@dataclass(frozen=True)
class England:
    """A checked question.

    scenarios  the baseline first;  places: the authorities, in the order of their numbers
    metrics    what is looked at beside the price;  at: when
    generic    whether the schools are generic ones
    """

    scenarios: tuple[Scenario, ...]
    places: tuple[Place, ...]
    metrics: tuple[str, ...]
    at: str
    replications: int
    seed: int
    generic: bool


@dataclass(frozen=True)
class EnglandFound:
    """What was found; arrays are (authorities, scenarios, rates), the baseline's first.

    levels      means over the futures of an authority
    changes     means of the paired differences from the baseline;  errors: their standard errors
    low, high   5th and 95th percentile of the differences across futures
    """

    asked: England
    rates: tuple[Rate, ...]
    levels: FloatArray
    changes: FloatArray
    errors: FloatArray
    low: FloatArray
    high: FloatArray

    @property
    def places(self) -> tuple[Place, ...]:
        """The authorities."""
        return self.asked.places

    @property
    def baseline(self) -> Scenario:
        """The scenario compared with."""
        return self.asked.scenarios[0]

    @property
    def options(self) -> tuple[Scenario, ...]:
        """The others."""
        return self.asked.scenarios[1:]

    @functools.cached_property
    def groups(self) -> tuple[Group, ...]:
        """England, regions and thirds."""
        return groups_of(self.places)

    @property
    def england(self) -> Group:
        """All of them together."""
        return self.groups[0]

    def of_kind(self, kind: str) -> tuple[Group, ...]:
        """The groups of a kind."""
        return tuple(group for group in self.groups if group.kind == kind)

    @property
    def measures(self) -> tuple[Rate, ...]:
        """The rates that are no line of the price."""
        return tuple(rate for rate in self.rates if not rate.is_price)

    def level(self, scenario: Scenario, rate: Rate, group: Group) -> float:
        """Mean of a scenario over a group, all its schools or pupils together."""
        values = self.levels[list(group.rows), *self._at(scenario, rate)]
        return _weighted(values, self._weights(rate, group))

    def change(self, option: Scenario, rate: Rate, group: Group) -> Estimate:
        """Mean difference over a group, with its interval.

        The range is that of its authorities' means. The interval is of luck and parameters in the
        futures simulated: the authorities are all there are, and no sample.
        """
        rows, at = list(group.rows), self._at(option, rate)
        values, errors = self.changes[rows, *at], self.errors[rows, *at]
        weights = np.where(np.isnan(values), 0.0, self._weights(rate, group))
        mean = _weighted(values, weights)
        total = weights.sum()
        error = np.sqrt(np.nansum((weights * errors) ** 2)) / total if total else np.nan
        half = self._half_of(float(error))
        low, high = quantiles(values, (0.05, 0.95))
        return Estimate(mean, mean - half, mean + half, float(low), float(high))

    def of_place(self, option: Scenario, rate: Rate, row: int) -> Estimate:
        """Mean difference in one authority, with its interval and the range of its futures."""
        place = (row, *self._at(option, rate))
        mean, half = float(self.changes[place]), self._half_of(float(self.errors[place]))
        low, high = float(self.low[place]), float(self.high[place])
        return Estimate(mean, mean - half, mean + half, low, high)

    def told(self, rate: Rate, change: Estimate) -> bool:
        """Whether a difference is clear, and as large as is noticed."""
        enough = self.asked.replications >= FEWEST_TO_COMPARE
        return enough and change.clear and abs(change.mean) >= rate.metric.format.notice

    def weight(self, option: Scenario, rate: Rate) -> float:
        """Size of a change in England beside what is noticed; 0 where it is not told."""
        change = self.change(option, rate, self.england)
        return abs(change.mean) / rate.metric.format.notice if self.told(rate, change) else 0.0

    @functools.cached_property
    def lead(self) -> tuple[Scenario, Rate] | None:
        """The option and measure that change most in England, beside what is noticed.

        None where nothing does. Authorities are ranked by it.
        """
        pairs = [(option, rate) for rate in self.measures for option in self.options]
        most = max(pairs, key=lambda pair: self.weight(*pair))
        return most if self.weight(*most) else None

    @property
    def shown(self) -> tuple[Scenario, Rate]:
        """The lead, or the last option and the first measure."""
        return self.lead or (self.options[-1], self.measures[0])

    def ranked(self, kind: str) -> list[Group]:
        """The groups of a kind, that with most gain first; what is not defined comes last."""
        option, rate = self.shown
        sign = 1 if rate.metric.better == "lower" else -1
        means = {group: self.change(option, rate, group).mean for group in self.of_kind(kind)}
        return sorted(means, key=lambda each: (np.isnan(means[each]), sign * means[each]))

    def contrast(self, option: Scenario, rate: Rate, kind: str) -> Estimate | None:
        """The last group of a kind less its first, with its interval; None where it has none."""
        groups = self.of_kind(kind)
        if not groups:
            return None
        first, last = (self.change(option, rate, each) for each in (groups[0], groups[-1]))
        half = float(np.hypot(first.ci_high - first.mean, last.ci_high - last.mean))
        mean = last.mean - first.mean
        return Estimate(mean, mean - half, mean + half, np.nan, np.nan)

    def ranks(self, option: Scenario, rate: Rate) -> Ranks:
        """The authorities by what they gain, and how far these futures tell them apart."""
        at = self._at(option, rate)
        return ranked(self.changes[:, *at], self.errors[:, *at], rate.metric.better == "lower")

    def _half_of(self, error: float) -> float:
        """Half of a 95% interval from a standard error."""
        return float(t_quantile(self.asked.replications)) * error

    def _at(self, scenario: Scenario, rate: Rate) -> tuple[int, int]:
        return self.asked.scenarios.index(scenario), self.rates.index(rate)

    def _weights(self, rate: Rate, group: Group) -> FloatArray:
        return np.array([rate.weight(self.places[row]) for row in group.rows])


@dataclass(frozen=True)
class Ranks:
    """Ranks of authorities, 1 for the one that gains most; int arrays (authorities,).

    best, worst  the interval of each: as many as are clearly ahead of it stand before it, and as
                 many as are clearly behind it after it; two are told apart by the 95% interval of
                 the difference of their means
    apart        share of all pairs that are told apart
    """

    rank: NDArray[np.int64]
    best: NDArray[np.int64]
    worst: NDArray[np.int64]
    apart: float

    @property
    def width(self) -> float:
        """Median number of ranks that an authority may have."""
        return float(np.median(self.worst - self.best + 1))


def ranked(changes: FloatArray, errors: FloatArray, least_first: bool = False) -> Ranks:
    """Ranks by mean difference (authorities,) and its standard error.

    NaN: what is not defined ranks last, and is told apart from nothing.
    """
    gains = np.where(np.isnan(changes), -np.inf, -changes if least_first else changes)
    count = len(gains)
    rank = np.empty(count, dtype=np.int64)
    rank[np.argsort(-gains, kind="stable")] = np.arange(1, count + 1)
    with np.errstate(invalid="ignore"):
        ahead = gains[:, None] - gains[None, :]
        clear = ahead > STANDARD_ERRORS * np.hypot(errors[:, None], errors[None, :])
    known = ~np.isnan(changes)
    clear &= known[:, None] & known[None, :]
    before, after = clear.sum(axis=0), clear.sum(axis=1)
    pairs = max(count * (count - 1) / 2, 1)
    return Ranks(rank, before + 1, count - after, float(clear.sum() / pairs))


def england(asked: England, means: Means) -> EnglandFound:
    """Simulate what is missing, and work out what it says.

    Raises RunInterrupted, BlocksFailed as `measured_places` does.
    """
    policy = asked.scenarios[0].policy
    moments = moments_of(policy, policy.horizon_months)
    months = policy.horizon_months
    rates = (
        *(rate_of(METRICS[name], moments, asked.at, months)
          for name in asked.metrics if name not in PRICE),
        *price_rates(moments, asked.at, months),
    )  # fmt: skip
    plan = Plan(
        tuple(scenario.policy for scenario in asked.scenarios),
        int(asked.scenarios[0].roster.pupils.sum()),
        tuple(rate.name for rate in rates),
        tuple(dict.fromkeys(rate.moment for rate in rates)),
        asked.replications,
        asked.seed,
    )
    parts = [
        _reduced(asked.scenarios, rates, plan, place, values)
        for place, values in zip(
            asked.places, measured_places(plan, asked.places, means), strict=True
        )
    ]
    return EnglandFound(asked, rates, *(np.stack(each) for each in zip(*parts, strict=True)))


def _reduced(
    scenarios: Sequence[Scenario],
    rates: Sequence[Rate],
    plan: Plan,
    place: Place,
    measured: FloatArray,
) -> tuple[FloatArray, ...]:
    """Levels, changes, errors, low and high of one authority: (scenarios, rates) each."""
    read = np.stack(
        [
            rate.of(measured[:, row, plan.moments.index(rate.moment)], place)
            for row, rate in enumerate(rates)
        ],
        axis=1,
    )
    for row, scenario in enumerate(scenarios):
        hidden = [not counted_under(scenario, rate.metric) for rate in rates]
        read[row, hidden] = np.nan
    changes = paired(read, read[:1])
    low, high = quantiles(changes, (0.05, 0.95))
    return mean_of_defined(read), mean_of_defined(changes), standard_error(changes), low, high


def _weighted(values: FloatArray, weights: FloatArray) -> float:
    """Mean of what is defined; NaN where nothing is."""
    known = ~np.isnan(values) & (weights > 0)
    return float(np.average(values[known], weights=weights[known])) if known.any() else np.nan


Pairs = Sequence[tuple[Scenario, Rate]]


def england_tables(found: EnglandFound) -> dict[str, pd.DataFrame]:
    """Tables by name: groups (England, regions and kinds) and authorities."""
    pairs = [(option, rate) for option in found.options for rate in found.rates]
    return {
        "groups": groups_table(found, pairs),
        "authorities": authorities_table(found, pairs),
    }


def groups_table(found: EnglandFound, pairs: Pairs) -> pd.DataFrame:
    """One row a group, option and measure; the range is of the means of its authorities."""
    return pd.DataFrame(
        {
            "kind": group.kind,
            "group": group.name,
            "span": group.span,
            "authorities": len(group.rows),
            "schools": sum(found.places[row].schools for row in group.rows),
            "pupils": sum(found.places[row].pupils for row in group.rows),
            **_measured(found, option, rate, found.level(found.baseline, rate, group),
                        found.change(option, rate, group)),
        }
        for group in found.groups for option, rate in pairs
    )  # fmt: skip


def authorities_table(found: EnglandFound, pairs: Pairs) -> pd.DataFrame:
    """One row an authority, option and measure; the range is of its futures."""
    ranks = [found.ranks(option, rate) for option, rate in pairs]
    return pd.DataFrame(
        {
            "authority": place.name,
            "region": place.region,
            "schools": place.schools,
            "pupils": place.pupils,
            "academies_share": place.academies,
            "below_good_share": place.below_good,
            **_measured(found, option, rate, float(found.levels[row, 0, found.rates.index(rate)]),
                        found.of_place(option, rate, row)),
            "rank": int(own.rank[row]),
            "rank_best": int(own.best[row]),
            "rank_worst": int(own.worst[row]),
        }
        for row, place in enumerate(found.places)
        for (option, rate), own in zip(pairs, ranks, strict=True)
    )  # fmt: skip


def _measured(
    found: EnglandFound, option: Scenario, rate: Rate, level: float, change: Estimate
) -> dict[str, Any]:
    return {
        "scenario": option.name,
        "metric": rate.name,
        "label": rate.metric.label,
        "unit": rate.unit,
        "date": rate.moment.name,
        "baseline": level,
        "difference": change.mean,
        "ci_low": change.ci_low,
        "ci_high": change.ci_high,
        "p05": change.p05,
        "p95": change.p95,
        "replications": found.asked.replications,
    }
