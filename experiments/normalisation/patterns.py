"""The patterns the model is held to, measured on simulated Englands and set beside the evidence.

1 the rates of conversion over time; 2 the spread between authorities; 3 bunching; 4 local
contagion; 5 membership; 6 the partnership's protected income; 7 sponsored openings. The numbers
of evidence are counted from the Department for Education's register of schools.

`python -m experiments.normalisation.patterns` prints them for the two years to April 2013, with
parameters as calibrated: under a minute on one processor.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import gammaln
from scipy.stats import rankdata

from experiments.normalisation.england import (
    TWO_YEARS,
    England,
    national_policy,
    simulate_england,
)
from rsip_sim.evidence.months import parse_month
from rsip_sim.evidence.national import PHASES, authorities, opening_hazard
from rsip_sim.experiment.authorities import authority_names
from rsip_sim.measures.statistics import mean_of_defined
from rsip_sim.model.panel import ROUTES

_PERIODS = (
    ("2011-04", "2011-08"),
    ("2011-09", "2012-03"),
    ("2012-04", "2012-08"),
    ("2012-09", "2013-03"),
    ("2013-04", "2013-08"),
    ("2013-09", "2014-08"),
    ("2014-09", "2015-08"),
    ("2015-09", "2016-03"),
)
# schools of the phase an authority must have for its share to be counted
_FEWEST = (10, 5, 3)


@dataclass(frozen=True)
class Pattern:
    """One measured quantity: the pattern it belongs to, and its value in model and evidence."""

    number: int
    name: str
    unit: str
    model: float
    evidence: float


def patterns(england: England) -> list[Pattern]:
    """Patterns 1 to 4 and 7 of simulated Englands that begin in April 2011, in order of number.

    Needs at least 25 months; rates of later periods are given as far as the months reach.
    """
    return [
        *_counts(england),
        *_rates(england, "converter", 1),
        *_spread(england),
        Pattern(
            3,
            "primary converters that opened with another of their authority, to August 2012",
            "%",
            100.0 * bunching(england, 17),
            57.0,
        ),
        Pattern(
            3,
            "the same to March 2013; over 2010-16",
            "%",
            100.0 * bunching(england, TWO_YEARS),
            62.0,
        ),
        *_contagion(england),
        *_rates(england, "sponsored", 7),
    ]


def _counts(england: England) -> list[Pattern]:
    series = opening_hazard()
    first = england.first - series.first
    observed = series.openings[0, :, first : first + TWO_YEARS].sum(axis=1)
    simulated = england.openings[:, 0, :, :TWO_YEARS].sum(axis=(0, 2)).mean(axis=1)
    return [
        Pattern(1, f"{phase} converters, April 2011 to March 2013", "schools", model, seen)
        for phase, model, seen in zip(PHASES, simulated.tolist(), observed.tolist(), strict=True)
    ]


def _rates(england: England, route: str, number: int) -> list[Pattern]:
    """Openings ÷ schools maintained, per cent a month."""
    series, row = opening_hazard(), ROUTES.index(route)
    openings = england.openings[:, row].sum(axis=(0, 3))
    maintained = england.maintained().sum(axis=(0, 3))
    found = []
    for start, end in _PERIODS:
        months = slice(parse_month(start) - england.first, parse_month(end) - england.first + 1)
        if months.stop > openings.shape[1]:
            break
        for place, phase in enumerate(PHASES):
            rate = openings[place, months].sum() / maintained[place, months].sum()
            seen = series.pooled(route, phase, parse_month(start), parse_month(end))
            name = f"{phase} {route} rate, {start} to {end}"
            unit = "% a month"
            found.append(Pattern(number, name, unit, 100.0 * rate, 100.0 * seen))
    return found


def academy_shares(england: England, months: int = TWO_YEARS) -> NDArray[np.float64]:
    """Academies ÷ schools after the openings of a month, (authorities, phases, replications)."""
    opened = england.openings[:, :, :, : months + 1].sum(axis=(1, 3))
    academies = england.start.sum(axis=1)[:, :, None] + opened
    return np.asarray(academies / np.maximum(england.schools[:, :, None], 1))


def converter_shares(england: England, months: int = TWO_YEARS) -> NDArray[np.float64]:
    """Converters ÷ schools after the openings of a month, (authorities, phases, replications)."""
    opened = england.openings[:, 0, :, : months + 1].sum(axis=2)
    converters = england.start[:, 0][:, :, None] + opened
    return np.asarray(converters / np.maximum(england.schools[:, :, None], 1))


def _spread(england: England) -> list[Pattern]:
    converters = converter_shares(england)
    academies = academy_shares(england)
    return [
        *_points(england, "academies", academies, (0, 1, 2), (10, 50, 90, 95)),
        *_points(england, "converters", converters, (0, 1), (10, 50, 90)),
        *_variances(england),
        *_first_movers(england),
        *(
            Pattern(
                2,
                f"{PHASES[place]} conversions of 2011-12 and 2012-13, rank correlation",
                "",
                persistence(england, place),
                observed_persistence(PHASES[place]),
            )
            for place in (0, 1)
        ),
    ]


def _points(
    england: England,
    what: str,
    shares: NDArray[np.float64],
    phases: tuple[int, ...],
    levels: tuple[int, ...],
) -> list[Pattern]:
    """Percentage points of the distribution over authorities on 1 April 2013."""
    day = parse_month("2013-04")
    found = []
    for place in phases:
        counted = 100.0 * shares[england.schools[:, place] >= _FEWEST[place], place]
        rows = [row for row in authorities() if (row.month, row.phase) == (day, PHASES[place])]
        total = [row.maintained + row.converter + row.sponsored for row in rows]
        counts = [row.converter + (row.sponsored if what == "academies" else 0) for row in rows]
        seen = [
            100.0 * count / schools
            for count, schools in zip(counts, total, strict=True)
            if schools >= _FEWEST[place]
        ]
        for level in levels:
            name = f"{PHASES[place]} {what} on 1 April 2013, {level} % point of authorities"
            pair = float(np.percentile(counted, level)), float(np.percentile(seen, level))
            found.append(Pattern(2, name, "%", *pair))
    return found


def _variances(england: England) -> list[Pattern]:
    """Authorities without any, and the variance of the rate: Poisson-gamma regression, 2011-13."""
    window = england.openings[:, :, :, :TWO_YEARS].sum(axis=3)
    found = []
    for row, place, blank, variance in (
        (0, 0, 26.0, 1.21),
        (0, 1, 13.0, 0.56),
        (1, 0, 54.0, 1.60),
    ):
        name = f"{PHASES[place]} {ROUTES[row]} openings, April 2011 to March 2013"
        none = 100.0 * float((window[:, row, place] == 0).mean())
        spread = gamma_variance(england, row, place)
        found.append(Pattern(2, f"authorities without {name}", "%", none, blank))
        found.append(Pattern(2, f"variance of the rate, {name}", "", spread, variance))
    return found


def _first_movers(england: England) -> list[Pattern]:
    opened = np.cumsum(england.openings[:, 0, 0], axis=1) + england.start[:, 0, 0, None, None]
    known = {"2011-08": 45.0, "2012-03": 58.0, "2013-03": 77.0}
    return [
        Pattern(
            2,
            f"authorities with a primary converter by {month}",
            "%",
            100.0 * float((opened[:, parse_month(month) - england.first] > 0).mean()),
            seen,
        )
        for month, seen in known.items()
    ]


def gamma_variance(england: England, route: int, phase: int) -> float:
    """Variance of a gamma multiplier on each authority's rate, April 2011 to March 2013.

    Maximum likelihood of negative binomial counts about what the national rate of each month would
    give the authority; the mean over simulated Englands.
    """
    openings = england.openings[:, route, phase, :TWO_YEARS]
    maintained = england.maintained()[:, phase, :TWO_YEARS]
    rate = openings.sum(axis=0) / np.maximum(maintained.sum(axis=0), 1)
    expected = (maintained * rate).sum(axis=1)
    counts = openings.sum(axis=1)
    return float(
        np.mean([_overdispersion(n, mu) for n, mu in zip(counts.T, expected.T, strict=True)])
    )


def _overdispersion(counts: NDArray[np.int64], expected: NDArray[np.float64]) -> float:
    present = expected > 0.0
    n, mean = counts[present].astype(np.float64), expected[present]

    def loss(log_variance: float) -> float:
        shape = np.exp(-log_variance)
        terms = gammaln(n + shape) - gammaln(shape) + shape * np.log(shape / (shape + mean))
        return -float((terms + n * np.log(mean / (shape + mean))).sum())

    return float(np.exp(minimize_scalar(loss, bounds=(-6.0, 4.0), method="bounded").x))


def bunching(england: England, months: int) -> float:
    """Share of primary converters that open with another of their authority, to a month."""
    openings = england.openings[:, 0, 0, :months]
    return float(openings[openings > 1].sum() / max(openings.sum(), 1))


def persistence(england: England, phase: int) -> float:
    """Rank correlation over authorities of conversions a maintained school in successive years.

    The years end on 1 April 2012 and 2013, as in the table of authorities. The mean over simulated
    Englands; not a number where no England has conversions in both years.
    """
    converted = england.openings[:, 0, phase]
    maintained = england.maintained()[:, phase]
    years = [
        converted[:, first + 1 : first + 13].sum(axis=1) / np.maximum(maintained[:, first + 1], 1)
        for first in (0, 12)
    ]
    each = [_rank_correlation(one, two) for one, two in zip(years[0].T, years[1].T, strict=True)]
    return float(mean_of_defined(np.array(each)))


def observed_persistence(phase: str) -> float:
    """The same in the shipped table of authorities."""
    rows = {(row.authority, row.month): row for row in authorities() if row.phase == phase}
    days = [parse_month(f"{year}-04") for year in (2011, 2012, 2013)]
    rates = [
        [
            (rows[name, after].converter - rows[name, before].converter)
            / max(rows[name, before].maintained, 1)
            for name in authority_names()
        ]
        for before, after in itertools.pairwise(days)
    ]
    return _rank_correlation(np.array(rates[0]), np.array(rates[1]))


def _rank_correlation(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    ranks = rankdata(one), rankdata(two)
    if min(np.ptp(rank) for rank in ranks) == 0.0:
        return float("nan")
    return float(np.corrcoef(*ranks)[0, 1])


def _contagion(england: England) -> list[Pattern]:
    near = england.neighbours
    name = "primary conversions with {} converter nearby in the last 12 months, ratio of rates"
    return [
        Pattern(4, name.format("a primary"), "", near.same_phase, 1.42),
        Pattern(4, name.format("another"), "", near.other_phase, 1.56),
    ]


def main() -> None:
    """Print every pattern, in the model and in the evidence."""
    for each in patterns(simulate_england(national_policy("uncertain"), 1, 16)):
        print(f"{each.number}  {each.model:8.2f} {each.evidence:8.2f}  {each.name} ({each.unit})")


if __name__ == "__main__":
    main()
