"""Measures of authorities of any size: of every 100 schools, a pupil, or as they are.

A count or a sum of a large authority is large whatever the policy; beside its schools or pupils it
can be set beside that of a small one. What is already a share or an index stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from rsip_sim.measures import formats
from rsip_sim.measures.formats import NumberFormat
from rsip_sim.measures.metrics import METRICS, MONTHS, PRICE, PRICE_SERVICE, Metric
from rsip_sim.measures.moments import Moment, moment_for, unit_at
from rsip_sim.measures.runs import FloatArray
from rsip_sim.studies.england.places import Place

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
