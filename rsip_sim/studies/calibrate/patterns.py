"""The quantities that calibration compares: the same of a simulated authority and of England.

Each is a number of one authority whose mean over authorities is a pattern of the data, so a mean
over simulated authorities with the same parameters estimates what those parameters predict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from rsip_sim.evidence.months import parse_month
from rsip_sim.evidence.national import PHASES, opening_hazard
from rsip_sim.experiment.authorities import KNOWN, START, Openings, authority_names, roster_of
from rsip_sim.experiment.observations import Stocks, expected_openings, national_hazards
from rsip_sim.model.arrays import FloatArray, IntArray

BUNCHED_SHARE = 0.57
"""Converters of 2010-12 that opened on the day of another of their phase and authority."""

_AUTUMN = parse_month("2011-09")
_MIDDLE = START + 12
_DATES = (START, _AUTUMN, _MIDDLE, KNOWN)
_BUNCHING_UNTIL = parse_month("2012-08")
_PRIMARY, _SPECIAL = PHASES.index("primary"), PHASES.index("special")
_CONVERTER, _SPONSORED = 0, 1
_SHARES = {"primary": (2, 4, 11, 19), "secondary": (31, 50, 70, 81), "special": (10,)}


@dataclass(frozen=True)
class Course:
    """Two years of one authority, seen or simulated; leading axis replications.

    academies  by month number (replications, 2 routes, 3 phases): stock on that day
    schools    (3,) schools of each phase
    expected   (2 years, 2 routes, 3 phases): what national rates give
    monthly    (months, replications, 3 phases) converter openings from month 0, or None if unseen
    """

    academies: Mapping[int, FloatArray]
    schools: FloatArray
    expected: FloatArray
    monthly: NDArray[np.int16] | None = None

    def gained(self, year: int) -> FloatArray:
        """Openings of a year, from May to April: (replications, 2, 3)."""
        first = (START, _MIDDLE)[year]
        return np.maximum(self.academies[first + 12] - self.academies[first], 0.0)


def expected_by_year(stocks: Stocks, row: int) -> FloatArray:
    """What the national rates gave an authority in either year: (2 years, 2 routes, 3 phases)."""
    years = [
        expected_openings(stocks.at(first)[0][row], national_hazards(first, first + 12))
        for first in (START, _MIDDLE)
    ]
    return np.array(years)


def seen_course(stocks: Stocks, row: int) -> Course:
    """The course England's table gives an authority."""
    academies = {month: stocks.at(month)[1][row][None].astype(np.float64) for month in _DATES}
    maintained, standing = stocks.at(START)
    schools = (maintained[row] + standing[row].sum(axis=0)).astype(np.float64)
    return Course(academies, schools, expected_by_year(stocks, row))


def simulated_course(outcome: Openings, stocks: Stocks) -> Course:
    """The course of every replication of an authority's runs."""
    roster = roster_of(outcome.authority)
    schools = np.bincount(roster.phase, minlength=3)[:3].astype(np.float64)
    at_start = np.zeros((2, 3))
    stands = (roster.legal_status == 1) & (roster.route > 0) & (roster.phase < 3)
    np.add.at(at_start, (roster.route[stands] - 1, roster.phase[stands]), 1.0)
    standing = np.cumsum(outcome.openings[: KNOWN - START + 1], axis=0, dtype=np.int64)
    academies = {month: at_start + standing[month - START] for month in _DATES}
    expected = expected_by_year(stocks, stocks.authorities.index(outcome.authority))
    return Course(academies, schools, expected, outcome.openings[:, :, _CONVERTER, :])


def opened(course: Course, route: int, phase: int, year: int) -> FloatArray:
    """Openings of a year."""
    return course.gained(year)[:, route, phase]


def opened_in_both(course: Course, route: int, phase: int) -> FloatArray:
    """Openings of both years."""
    return opened(course, route, phase, 0) + opened(course, route, phase, 1)


def share_above(course: Course, phase: int, per_cent: int) -> FloatArray:
    """Whether more than this share of schools were academies on 1 April 2013."""
    share = course.academies[KNOWN][:, :, phase].sum(axis=1) / max(course.schools[phase], 1.0)
    return np.asarray(100.0 * share > per_cent, dtype=np.float64)


def without(course: Course, route: int, phase: int, month: int) -> FloatArray:
    """Whether no school had opened by a month."""
    return np.asarray(course.academies[month][:, route, phase] == 0, dtype=np.float64)


def residual(course: Course, route: int, phase: int, year: int) -> FloatArray:
    """Openings against what national rates give, on the scale of square roots."""
    expected = course.expected[year, route, phase]
    return np.asarray(
        np.sqrt(opened(course, route, phase, year) + 0.375) - np.sqrt(expected + 0.375)
    )


def product(course: Course, route: int, phase: int, years: tuple[int, int]) -> FloatArray:
    """Product of the residuals of two years, or the square of one's."""
    one, other = (residual(course, route, phase, year) for year in years)
    return one * other


def bunching(course: Course, phase: int) -> FloatArray:
    """Converters that opened with another of their phase, less the share that did so in England.

    In units of the mean number of converters of an authority, so that the mean over authorities
    is how far the share is wrong; NaN where months were not seen.
    """
    if course.monthly is None:
        return np.full(len(course.academies[KNOWN]), np.nan)
    openings = course.monthly[1 : _BUNCHING_UNTIL - START + 1, :, phase].astype(np.float64)
    together = np.where(openings >= 2, openings, 0.0).sum(axis=0)
    return np.asarray((together - BUNCHED_SHARE * openings.sum(axis=0)) / _mean_converters(phase))


@cache
def _mean_converters(phase: int) -> float:
    """Converters of a mean authority in the months in which bunching is measured."""
    series = opening_hazard()
    months = slice(START + 1 - series.first, _BUNCHING_UNTIL + 1 - series.first)
    return float(series.openings[_CONVERTER, phase, months].sum() / len(authority_names()))


@dataclass(frozen=True)
class Quantity:
    """What a reader calls a quantity, and how it is measured in a course: (replications,)."""

    label: str
    measure: Callable[[Course], FloatArray]


def _catalogue() -> Iterator[tuple[str, str, Callable[[Course], FloatArray]]]:
    """Name, label and measure of every quantity."""
    for phase, name in enumerate(PHASES[:2]):
        called = name.capitalize()
        for year, word in enumerate(("2011", "2012")):
            when = f"an authority, year from May {word}"
            converters, sponsored = (
                partial(opened, route=route, phase=phase, year=year)
                for route in (_CONVERTER, _SPONSORED)
            )
            yield f"converters_{name}_{word}", f"{called} converters {when}", converters
            yield f"sponsored_{name}_{word}", f"{called} sponsored openings {when}", sponsored
            label = f"Spread of authorities, {name} converters, {word}"
            spread = partial(product, route=_CONVERTER, phase=phase, years=(year, year))
            yield f"spread_{name}_{word}", label, spread
        label = f"How far the first year tells of the second, {name}"
        both = partial(product, route=_CONVERTER, phase=phase, years=(0, 1))
        yield f"persistence_{name}", label, both
        label = f"Authorities with no sponsored {name} school by 2013-04"
        none = partial(without, route=_SPONSORED, phase=phase, month=KNOWN)
        yield f"no_sponsored_{name}_2013_04", label, none
        label = f"{called} converters opening together, less those seen"
        yield f"bunched_{name}", label, partial(bunching, phase=phase)
    for name, bounds in _SHARES.items():
        for per_cent in bounds:
            label = f"Authorities with over {per_cent}% of {name} schools academies"
            above = partial(share_above, phase=PHASES.index(name), per_cent=per_cent)
            yield f"{name}_share_above_{per_cent}", label, above
    for month, word in ((_AUTUMN, "2011-09"), (_MIDDLE, "2012-04"), (KNOWN, "2013-04")):
        label = f"Authorities without a primary converter by {word}"
        none = partial(without, route=_CONVERTER, phase=_PRIMARY, month=month)
        yield f"no_primary_converter_{word.replace('-', '_')}", label, none
    label = "Special school converters an authority, both years"
    both = partial(opened_in_both, route=_CONVERTER, phase=_SPECIAL)
    yield "converters_special", label, both
    label = "Spread of authorities, sponsored primary, 2012"
    spread = partial(product, route=_SPONSORED, phase=_PRIMARY, years=(1, 1))
    yield "spread_sponsored_2012", label, spread


CATALOGUE = {name: Quantity(label, measure) for name, label, measure in _catalogue()}
"""Every quantity by name."""


def measured(course: Course, names: tuple[str, ...]) -> FloatArray:
    """The named quantities of a course: (replications, names)."""
    return np.stack([CATALOGUE[name].measure(course) for name in names], axis=1)


def rotherham_quantities(outcome: Openings, seen: IntArray, width: float) -> FloatArray:
    """Likeness to Rotherham's two years, founding share, yearly exits, openings: (replications, 4).

    outcome  of Rotherham's own runs
    seen     (2 routes, 3 phases) openings of May 2011 to April 2013
    """
    gained = outcome.openings[1 : KNOWN - START + 1].sum(axis=0, dtype=np.int64)
    distance = (np.sqrt(gained) - np.sqrt(seen)) / width
    like = np.exp(-0.5 * (distance**2).sum(axis=(1, 2)))
    total = gained.sum(axis=(1, 2)).astype(np.float64)
    return np.stack([like, outcome.founding, outcome.exits, total], axis=1)
