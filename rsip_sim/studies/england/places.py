"""The authorities of England: schools, region and kind of each, and measures that fit all sizes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from rsip_sim.evidence.gias import rosters_from_gias
from rsip_sim.evidence.national import regions
from rsip_sim.evidence.rosters import Roster, roster_from_rows
from rsip_sim.experiment.authorities import authority_names, generic_roster
from rsip_sim.measures import formats
from rsip_sim.measures.formats import NumberFormat
from rsip_sim.measures.metrics import METRICS, MONTHS, PRICE, PRICE_SERVICE, Metric
from rsip_sim.measures.moments import Moment, moment_for, unit_at
from rsip_sim.measures.runs import FloatArray

NO_REGION = "region not known"
ENGLAND, REGION = "England", "region"

NEARLY_ALL = 140
"""Authorities that stand for England: a few of the 149 may be missing from an extract."""
SIZE, ACADEMIES, BELOW_GOOD = "number of schools", "academies at the start", "schools below good"
_THIRDS = 3
_FEWEST_FOR_THIRDS = 2 * _THIRDS


@dataclass(frozen=True)
class Place:
    """One authority.

    number  its place among all of its source, from 0: which luck it has, whoever else is asked for
    """

    name: str
    region: str
    roster: Roster
    number: int

    @property
    def schools(self) -> int:
        """Number of schools."""
        return len(self.roster)

    @functools.cached_property
    def pupils(self) -> int:
        """Pupils of all its schools."""
        return int(self.roster.pupils.sum())

    @property
    def academies(self) -> float:
        """Share of schools that are academies at the start."""
        return float((self.roster.legal_status == 1).mean())

    @property
    def below_good(self) -> float:
        """Share of graded schools that are below good at the start; NaN where none is graded."""
        grades = self.roster.ofsted_grade[self.roster.ofsted_grade > 0]
        return float((grades > 2).mean()) if len(grades) else float("nan")


@functools.cache
def shipped_places() -> tuple[Place, ...]:
    """All authorities of the shipped table, with generic rosters of April 2011."""
    of = regions()
    return tuple(
        Place(name, of[name], generic_roster(name), number)
        for number, name in enumerate(authority_names())
    )


def register_places(path: Path, month: int) -> tuple[Place, ...]:
    """All authorities of an extract of the register that had schools in a month.

    Raises RosterError with the faults of all.
    """
    try:
        state = path.stat()
    except OSError:
        return _register_places(path, month, ())
    return _register_places(path, month, (state.st_size, state.st_mtime_ns))


@functools.lru_cache(maxsize=1)
def _register_places(path: Path, month: int, _as_it_is: tuple[int, ...]) -> tuple[Place, ...]:
    of = regions()
    return tuple(
        Place(
            each.authority,
            each.region or of.get(each.authority, NO_REGION),
            roster_from_rows(each.rows, each.authority),
            number,
        )
        for number, each in enumerate(rosters_from_gias(path, month))
    )


@dataclass(frozen=True)
class Group:
    """Authorities that are told together.

    kind  what they have in common is: England, for all that are asked, region, or a kind that is
          parted into thirds
    name  which of them: ``London``, ``fewest``;  span: from where to where, in words
    rows  places in the list of authorities
    """

    kind: str
    name: str
    rows: tuple[int, ...]
    span: str = ""

    @property
    def label(self) -> str:
        """Name and span together."""
        return f"{self.name} ({self.span})" if self.span else self.name


def name_of_all(places: Sequence[Place]) -> str:
    """England where nearly all authorities are asked, else which or how many they are."""
    if len(places) >= NEARLY_ALL:
        return ENGLAND
    return places[0].name if len(places) == 1 else f"{len(places)} authorities"


def groups_of(places: Sequence[Place]) -> tuple[Group, ...]:
    """All, their regions by name, and thirds by size, academies and grades where they differ."""
    names = sorted({place.region for place in places})
    by_region = [
        Group(REGION, name, tuple(i for i, place in enumerate(places) if place.region == name))
        for name in names
    ]
    thirds = [group for kind in _KINDS for group in _thirds(kind, places)]
    return (Group(ENGLAND, name_of_all(places), tuple(range(len(places)))), *by_region, *thirds)


_KINDS: Mapping[str, tuple[Callable[[Place], float], Callable[[float], str], str, str]] = {
    SIZE: (lambda place: float(place.schools), lambda value: f"{value:,.0f}", "fewest", "most"),
    ACADEMIES: (lambda place: place.academies, lambda value: f"{value:.1%}", "fewest", "most"),
    BELOW_GOOD: (lambda place: place.below_good, lambda value: f"{value:.0%}", "fewest", "most"),
}
"""Of each kind what it counts, how that is written, and what its ends are called."""

THIRDS = tuple(_KINDS)
"""Kinds that are parted into thirds."""


def _thirds(kind: str, places: Sequence[Place]) -> list[Group]:
    """Authorities in three equal parts by a number; none where too few or all alike.

    Of authorities with the same number the bound between two parts leaves none apart.
    """
    number, write, low, high = _KINDS[kind]
    values: FloatArray = np.array([number(place) for place in places])
    if len(values) < _FEWEST_FOR_THIRDS or np.isnan(values).any():
        return []
    bounds = np.quantile(values, [1 / _THIRDS, 2 / _THIRDS])
    part = np.searchsorted(bounds, values, side="left")
    if len(set(part.tolist())) < _THIRDS:
        return []
    found = []
    for third, name in enumerate((low, "middle", high)):
        rows = np.flatnonzero(part == third)
        ends = [write(float(end)) for end in (values[rows].min(), values[rows].max())]
        found.append(Group(kind, name, tuple(rows.tolist()), " to ".join(dict.fromkeys(ends))))
    return found


POUNDS_A_PUPIL = NumberFormat(2, 2, prefix="£", notice=0.1)
"""Ten pence a pupil is about £5,000 of Rotherham, the smallest price told of it."""

PRICE_A_PUPIL = NumberFormat(2, 2, prefix="£", notice=0.01)
"""A penny a pupil is £80,000 of England, so the price is told from there on."""

_OF_100_PUPILS = NumberFormat(1, 1, notice=0.1)
_LOST = "School service lost"
_LABELS = {"price_schools": "Schools' budgets pay", "price_council": "The council pays"}
_HUNDRED = 100.0

Per = Literal["", "schools", "pupils"]


@dataclass(frozen=True)
class Rate:
    """One measure as it is told of an authority.

    metric  with label, unit, format and clause as told; its name is that of the metric itself
    moment  when it is read
    per     what it is divided by;  factor: by which it is multiplied then
    lost    told is what the baseline has more, as of a service
    """

    metric: Metric
    moment: Moment
    per: Per
    factor: float
    lost: bool = False

    @property
    def name(self) -> str:
        """The metric's name."""
        return self.metric.name

    @property
    def is_price(self) -> bool:
        """Whether it is a line of the price."""
        return self.name in PRICE

    @property
    def unit(self) -> str:
        """Unit at its moment."""
        return unit_at(self.metric, self.moment)

    def written(self, value: float, change: bool = True) -> str:
        """A level, or a change with its sign, without its unit: to the penny of what is a pupil's.

        Else in three figures or so.
        """
        write = self.metric.format
        if not write.prefix:
            return write.brief_difference(value) if change else write.brief(value)
        return write.plain_difference(value) if change else f"{value:,.2f}"

    def weight(self, place: Place) -> float:
        """Of an authority among others: its schools or its pupils, so that a mean is all theirs."""
        return float(place.schools if self.per == "schools" else place.pupils)

    def of(self, values: FloatArray, place: Place) -> FloatArray:
        """Values of the metric in an authority, the baseline's first, as they are told."""
        told = values[:1] - values if self.lost else values
        return told * (self.factor / (self.weight(place) if self.per else 1.0))


def rate_of(metric: Metric, moments: Mapping[str, Moment], at: str, months: int) -> Rate:
    """How a metric is told of authorities, read at a moment of runs of so many months."""
    moment = moment_for(metric, moments, at)
    told, per = told_as(metric)
    factor = {"schools": _HUNDRED, "pupils": 1.0, "": 1.0}[per]
    if metric.name in PRICE:
        factor = MONTHS / (moment.last + 1)
    elif metric.format is formats.PUPILS:
        factor = _HUNDRED
    return Rate(told, moment, per, factor, metric.name == PRICE_SERVICE)


def told_as(metric: Metric) -> tuple[Metric, Per]:
    """The metric with the label and unit that it has as a rate, and of what it is one."""
    if metric.format is formats.SCHOOLS:
        return _of(metric, "of 100 schools", metric.format, "for every 100 schools"), "schools"
    if metric.format is formats.DAYS:
        unit = f"{metric.unit} per 100 schools"
        return _of(metric, unit, metric.format, "for every 100 schools"), "schools"
    if metric.format is formats.PUPILS:
        return _of(metric, "of 100 pupils", _OF_100_PUPILS, "for every 100 pupils"), "pupils"
    if metric.format is not formats.MILLIONS:
        return metric, ""
    if metric.name in PRICE:
        label = _LABELS.get(metric.name, _LOST)
        made = _of(metric, "£ a pupil a year", PRICE_A_PUPIL, "a pupil a year")
        return replace(made, label=label, better="lower"), "pupils"
    unit = metric.unit.replace("£m", "£ a pupil")
    return _of(metric, unit, POUNDS_A_PUPIL, "a pupil"), "pupils"


def _of(metric: Metric, unit: str, write: NumberFormat, clause: str) -> Metric:
    return replace(metric, unit=unit, format=write, clause=f"{metric.clause} {clause}")


def price_rates(moments: Mapping[str, Moment], at: str, months: int) -> list[Rate]:
    """The lines of the price, which are never added up."""
    return [rate_of(METRICS[name], moments, at, months) for name in PRICE]
