"""The quantities that calibration compares: the same of a simulated authority and of England.

Each is a number of one authority whose mean over authorities is a pattern of the data, so a mean
over simulated authorities with the same parameters estimates what those parameters predict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from rsip_sim.evidence.months import parse_month
from rsip_sim.evidence.national import opening_hazard
from rsip_sim.experiment.authorities import authority_names
from rsip_sim.experiment.authority_runs import KNOWN, ROTHERHAM, START, Openings, roster_of
from rsip_sim.experiment.observations import Stocks, expected_openings, national_hazards
from rsip_sim.model.arrays import FloatArray, IntArray

BUNCHED_SHARE = 0.57
"""Converters of 2010-12 that opened on the day of another of their phase and authority."""

_AUTUMN = parse_month("2011-09")
_MIDDLE = START + 12
_BUNCHING_UNTIL = parse_month("2012-08")
_PRIMARY, _SECONDARY, _SPECIAL = 0, 1, 2
_CONVERTER, _SPONSORED = 0, 1
_SHARES = {"primary": (2, 4, 11, 19), "secondary": (31, 50, 70, 81), "special": (10,)}
_PHASE = {"primary": _PRIMARY, "secondary": _SECONDARY, "special": _SPECIAL}


@dataclass(frozen=True)
class Course:
    """Two years of one authority, seen or simulated; leading axis replications.

    academies  dict month number → (replications, 2 routes, 3 phases): stock on that day
    schools    (3,) schools of each phase
    expected   (2 years, 2 routes, 3 phases): what national rates give
    monthly    (months, replications, 3 phases) converter openings from month 0, or None if unseen
    """

    academies: dict[int, FloatArray]
    schools: FloatArray
    expected: FloatArray
    monthly: NDArray[np.int16] | None = None

    def gained(self, year: int) -> FloatArray:
        """Openings of a year, from May to April: (replications, 2, 3)."""
        first = (START, _MIDDLE)[year]
        return np.maximum(self.academies[first + 12] - self.academies[first], 0.0)

    def share(self, phase: int) -> FloatArray:
        """Academies ÷ schools on 1 April 2013."""
        return np.asarray(
            self.academies[KNOWN][:, :, phase].sum(axis=1) / max(self.schools[phase], 1.0)
        )


def expected_by_year(stocks: Stocks, row: int) -> FloatArray:
    """What the national rates gave an authority in either year: (2 years, 2 routes, 3 phases)."""
    years = []
    for first in (START, _MIDDLE):
        hazards = national_hazards(first, first + 12)
        maintained = stocks.at(first)[0][row].astype(np.float64)
        years.append(
            [
                [expected_openings(maintained[p : p + 1], hazards[:, r, p])[0] for p in range(3)]
                for r in range(2)
            ]
        )
    return np.array(years)


def seen_course(stocks: Stocks, row: int) -> Course:
    """The course England's table gives an authority."""
    academies = {month: stocks.at(month)[1][row][None].astype(np.float64) for month in _DATES}
    maintained, standing = stocks.at(START)
    schools = (maintained[row] + standing[row].sum(axis=0)).astype(np.float64)
    return Course(academies, schools, expected_by_year(stocks, row))


_DATES = (START, _AUTUMN, _MIDDLE, KNOWN)


def simulated_course(
    openings: NDArray[np.int16], at_start: FloatArray, schools: FloatArray, expected: FloatArray
) -> Course:
    """The course of every replication.

    openings  (months, replications, 2, 3); at_start  (2, 3) academies before month 0
    """
    standing = np.cumsum(openings[: KNOWN - START + 1], axis=0, dtype=np.int64)
    academies = {month: at_start + standing[month - START] for month in _DATES}
    return Course(academies, schools, expected, openings[:, :, _CONVERTER, :])


def _gained(route: int, phase: int, year: int) -> Callable[[Course], FloatArray]:
    return lambda course: course.gained(year)[:, route, phase]


def _above(phase: int, per_cent: int) -> Callable[[Course], FloatArray]:
    return lambda course: (100.0 * course.share(phase) > per_cent).astype(np.float64)


def _none(route: int, phase: int, month: int) -> Callable[[Course], FloatArray]:
    return lambda course: (course.academies[month][:, route, phase] == 0).astype(np.float64)


def residual(course: Course, route: int, phase: int, year: int) -> FloatArray:
    """Openings against what national rates give, on the scale of square roots."""
    expected = course.expected[year, route, phase]
    return np.asarray(
        np.sqrt(course.gained(year)[:, route, phase] + 0.375) - np.sqrt(expected + 0.375)
    )


def _product(route: int, phase: int, one: int, other: int) -> Callable[[Course], FloatArray]:
    return lambda course: (
        residual(course, route, phase, one) * residual(course, route, phase, other)
    )


def bunching(course: Course, phase: int) -> FloatArray:
    """Converters that opened with another of their phase, less the share that did so in England.

    In units of the mean number of converters of an authority, so that the mean over authorities
    is how far the share is wrong; NaN where months were not seen.
    """
    if course.monthly is None:
        return np.full(len(course.academies[KNOWN]), np.nan)
    openings = course.monthly[1 : _BUNCHING_UNTIL - START + 1, :, phase].astype(np.float64)
    together = np.where(openings >= 2, openings, 0.0).sum(axis=0)
    usual = _mean_converters(phase)
    return np.asarray((together - BUNCHED_SHARE * openings.sum(axis=0)) / usual)


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
    for name, phase in _PHASE.items():
        called = name.capitalize()
        for year, word in enumerate(("2011", "2012")):
            when = f"an authority, year from May {word}"
            converters, sponsored = (_gained(route, phase, year) for route in (0, 1))
            yield f"converters_{name}_{word}", f"{called} converters {when}", converters
            yield f"sponsored_{name}_{word}", f"{called} sponsored openings {when}", sponsored
            spread = _product(_CONVERTER, phase, year, year)
            label = f"Spread of authorities, {name} converters, {word}"
            yield f"spread_{name}_{word}", label, spread
        label = f"How far the first year tells of the second, {name}"
        yield f"persistence_{name}", label, _product(_CONVERTER, phase, 0, 1)
        for per_cent in _SHARES[name]:
            label = f"Authorities with over {per_cent}% of {name} schools academies"
            yield f"{name}_share_above_{per_cent}", label, _above(phase, per_cent)
    label = "Special school converters an authority, both years"
    yield (
        "converters_special",
        label,
        lambda course: sum(
            (course.gained(year)[:, _CONVERTER, _SPECIAL] for year in (0, 1)), np.zeros(1)
        ),
    )
    label = "Spread of authorities, sponsored primary, 2012"
    yield "spread_sponsored_2012", label, _product(_SPONSORED, _PRIMARY, 1, 1)
    for month, word in ((_AUTUMN, "2011_09"), (_MIDDLE, "2012_04"), (KNOWN, "2013_04")):
        label = f"Authorities without a primary converter by {word.replace('_', '-')}"
        yield f"no_primary_converter_{word}", label, _none(_CONVERTER, _PRIMARY, month)
    for name, phase in (("primary", _PRIMARY), ("secondary", _SECONDARY)):
        label = f"Authorities with no sponsored {name} school by 2013-04"
        yield f"no_sponsored_{name}_2013_04", label, _none(_SPONSORED, phase, KNOWN)
        label = f"{name.capitalize()} converters opening together, less those seen"
        yield f"bunched_{name}", label, partial(bunching, phase=phase)


CATALOGUE = {name: Quantity(label, measure) for name, label, measure in _catalogue()}
"""Every quantity by name."""


def measured(course: Course, names: tuple[str, ...]) -> FloatArray:
    """The named quantities of a course: (replications, names)."""
    return np.stack([CATALOGUE[name].measure(course) for name in names], axis=1)


def at_start(authority: str) -> tuple[FloatArray, FloatArray]:
    """Academies (2 routes, 3 phases) and schools (3 phases) of an authority's roster."""
    roster = roster_of(authority)
    schools = np.bincount(roster.phase, minlength=3)[:3].astype(np.float64)
    academies = np.zeros((2, 3))
    stands = (roster.legal_status == 1) & (roster.route > 0) & (roster.phase < 3)
    np.add.at(academies, (roster.route[stands] - 1, roster.phase[stands]), 1.0)
    return academies, schools


def rotherham_quantities(outcome: Openings, seen: IntArray, width: float) -> FloatArray:
    """Likeness to Rotherham's two years, founding share, yearly exits, openings: (replications, 4).

    seen  (2 routes, 3 phases) openings of May 2011 to April 2013
    """
    if outcome.authority != ROTHERHAM:
        raise ValueError("only Rotherham's own runs can be compared with Rotherham")
    gained = outcome.openings[1 : KNOWN - START + 1].sum(axis=0, dtype=np.int64)
    distance = (np.sqrt(gained) - np.sqrt(seen)) / width
    like = np.exp(-0.5 * (distance**2).sum(axis=(1, 2)))
    total = gained.sum(axis=(1, 2)).astype(np.float64)
    return np.stack([like, outcome.founding, outcome.exits, total], axis=1)
