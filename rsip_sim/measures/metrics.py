"""Every quantity that is reported: label, unit, direction of good, number format and formula.

Values are in the unit that is shown (per cent as 12.3, money in pounds), as arrays
(months, replications). "Better" is as the council's report of 2010 saw it: schools and money
that leave, schools on their own and bought-in support are the risks it names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rsip_sim.measures import formats
from rsip_sim.measures.formats import NumberFormat, inside
from rsip_sim.measures.runs import FloatArray
from rsip_sim.model.panel import CONVERTING_PHASES, LEGAL_STATUSES, PHASES, RELATIONS, ROUTES

Better = Literal["higher", "lower", "neither"]
Kind = Literal["level", "cumulative", "flow", "chance", "risk"]
PARTS = ("participation", "connectedness", "integrity", "mutual_support", "stability")
CORE_PARTS = PARTS[1:4]
OF_100 = "of 100"
"""Unit of indices and their parts."""

PENCE = 100.0
MONTHS = 12  # of a year


Columns = Mapping[str, NDArray[Any]]
"""Panel columns by name, each (months, replications)."""


@dataclass(frozen=True)
class Metric:
    """One reported quantity.

    name         key in every table and file
    label, unit  as shown; a flow has the unit of a sum since the start
    better       which direction is good; "neither" for what is bought or agreed, not achieved
    kind         "level": a state; "cumulative": a sum since the start; "flow": so many a month
                 (summed at a date, a yearly rate over time); "chance": 0 or 100 in each future;
                 "risk": the same for what cannot be undone
    columns      panel columns needed
    compute      panel columns → float array (months, replications)
    clause       a sentence part with ``{}`` for "more", "fewer", "higher" or "lower", which a
                 size may stand before
    words        the two words for ``{}``: upwards, downwards
    membership   not defined where a scenario has no partnership
    """

    name: str
    label: str
    unit: str
    better: Better
    format: NumberFormat
    columns: tuple[str, ...]
    compute: Callable[[Columns], FloatArray]
    clause: str
    words: tuple[str, str] = ("higher", "lower")
    kind: Kind = "level"
    membership: bool = False

    @property
    def noun(self) -> str:
        """The label as it stands inside a sentence."""
        return inside(self.label)

    @property
    def title(self) -> str:
        """Label and unit together, for tables and charts."""
        return f"{self.label} ({self.unit})"

    @property
    def unit_of_values(self) -> str:
        """The unit of the numbers themselves, as files have them: pounds where £m are shown."""
        return self.unit.replace("£m", "£")


def _sum(
    columns: tuple[str, ...], scale: float = 1.0, running: bool = False
) -> Callable[[Columns], FloatArray]:
    """The sum of some columns, scaled; running: added up over the months."""

    def total(panel: Columns) -> FloatArray:
        values = panel[columns[0]].astype(np.float64)
        for column in columns[1:]:
            values += panel[column]
        values *= scale
        return np.cumsum(values, axis=0) if running else values

    return total


def _per_cent(part: str, whole: str) -> Callable[[Columns], FloatArray]:
    def ratio(panel: Columns) -> FloatArray:
        below = panel[whole].astype(np.float64)
        result = np.full(below.shape, np.nan)
        np.divide(panel[part] * np.float64(100), below, out=result, where=below != 0)
        return result

    return ratio


def stock_columns(
    phases: tuple[str, ...] = PHASES,
    legal: tuple[str, ...] = LEGAL_STATUSES,
    relations: tuple[str, ...] = RELATIONS,
) -> tuple[str, ...]:
    """Names of the panel's columns of schools of the given phases, statuses and relations."""
    return tuple("_".join(("schools", *each)) for each in product(phases, legal, relations))


def _opening_columns(
    phases: tuple[str, ...] = CONVERTING_PHASES, routes: tuple[str, ...] = ROUTES
) -> tuple[str, ...]:
    return tuple(f"openings_{route}_{phase}" for route in routes for phase in phases)


def _schools(
    name: str,
    label: str,
    better: Better,
    clause: str,
    columns: tuple[str, ...] = (),
    kind: Kind = "level",
) -> Metric:
    """A number of schools; columns: () for the one that is called like the metric."""
    columns = columns or (name,)
    return Metric(
        name, label, "schools", better, formats.SCHOOLS, columns,
        _sum(columns, running=kind == "cumulative"), clause, words=("more", "fewer"), kind=kind,
    )  # fmt: skip


def _school_metrics() -> list[Metric]:
    member = ("member",)
    return [
        _schools("academies", "Academies", "lower", "{} schools are academies",
                 stock_columns(legal=("academy",))),
        _schools("conversions", "Schools that became academies", "lower",
                 "{} schools have converted", _opening_columns(), "cumulative"),
        *(
            _schools(f"conversions_{phase}", f"{phase.capitalize()} schools that became academies",
                     "lower", f"{{}} {phase} schools have converted",
                     _opening_columns(phases=(phase,)), "cumulative")
            for phase in CONVERTING_PHASES
        ),
        _schools("conversions_sponsored", "Schools that became sponsored academies", "lower",
                 "{} schools have become sponsored academies",
                 _opening_columns(routes=("sponsored",)), "cumulative"),
        _schools("members", "Schools in the partnership", "higher",
                 "{} schools are in the partnership", stock_columns(relations=member)),
        _schools("members_maintained", "Maintained schools in the partnership", "higher",
                 "{} maintained schools are in the partnership",
                 stock_columns(legal=("maintained",), relations=member)),
        _schools("associates", "Academies in the partnership", "higher",
                 "{} academies are in the partnership",
                 stock_columns(legal=("academy",), relations=member)),
        _schools("joins", "Schools that joined the partnership", "higher",
                 "{} schools join the partnership", kind="flow"),
        _schools("exits_voluntary", "Maintained schools that chose to leave", "lower",
                 "{} maintained schools choose to leave", kind="flow"),
        _schools("exits_academy", "Academies that left the partnership", "lower",
                 "{} academies leave the partnership", kind="flow"),
        _schools("schools_in_chains", "Academies in national chains", "lower",
                 "{} academies are in national chains"),
        _schools("alone", "Academies alone", "lower", "{} academies are alone",
                 ("academies_alone",)),
        _schools("below_good", "Schools below good", "lower", "{} schools are below good",
                 ("schools_below_good",)),
        _schools("in_category", "Schools in an Ofsted category", "lower",
                 "{} schools are in an Ofsted category", ("schools_in_category",)),
    ]  # fmt: skip


def _pounds(
    name: str, label: str, better: Better, column: str, clause: str, kind: Kind = "level"
) -> Metric:
    unit = "£m since the start" if kind == "cumulative" else "£m a year"
    return Metric(
        name, label, unit, better, formats.MILLIONS, (column,), _sum((column,), 1 / PENCE),
        clause, kind=kind,
    )  # fmt: skip


def _erosion(name: str, label: str, part: str, whole: str, clause: str, unit: str) -> Metric:
    return Metric(
        name, label, unit, "lower", formats.PER_CENT, (part, whole), _per_cent(part, whole), clause
    )


PRICE_SCHOOLS, PRICE_COUNCIL, PRICE_SERVICE = "price_schools", "price_council", "service"
PRICE = (PRICE_SCHOOLS, PRICE_COUNCIL, PRICE_SERVICE)
"""The lines of the price, over the run; they are never summed with each other. Of the service the
price is what it is less than the baseline's."""


def _since_the_start(*rates: str, also: str = "") -> Callable[[Columns], FloatArray]:
    """Annual rates in pence added up to pounds, with a sum that is one already."""

    def spent(panel: Columns) -> FloatArray:
        total = _sum(rates, running=True)(panel) / MONTHS
        return (total + panel[also] if also else total) / PENCE

    return spent


def _price_metrics() -> list[Metric]:
    def line(
        name: str, label: str, better: Better, rates: tuple[str, ...], also: str = ""
    ) -> Metric:
        columns = (*rates, also) if also else rates
        return Metric(
            name, label, "£m since the start", better, formats.MILLIONS, columns,
            _since_the_start(*rates, also=also), f"{inside(label)} is {{}}", kind="cumulative",
        )  # fmt: skip

    return [
        line(PRICE_SCHOOLS, "Price from schools' budgets", "lower",
             ("pooled_pence_per_year", "subscriptions_pence_per_year")),
        line(PRICE_COUNCIL, "Price from the council", "lower",
             ("guarantee_pence_per_year",), "deficits_cumulative_pence"),
        line(PRICE_SERVICE, "Spent on the School Effectiveness Service", "higher",
             ("ses_pence_per_year",)),
    ]  # fmt: skip


def _money_metrics() -> list[Metric]:
    year, ever = "% of gross DSG", "% of gross DSG since the start"
    return [
        _erosion("erosion", "DSG erosion", "recouped_pence_per_year", "gross_pence_per_year",
                 "DSG erosion is {}", year),
        _erosion("erosion_new", "DSG erosion, new since the start",
                 "recouped_new_pence_per_year", "gross_pence_per_year",
                 "new DSG erosion is {}", year),
        _erosion("erosion_cumulative", "DSG recouped so far", "recouped_cumulative_pence",
                 "gross_cumulative_pence", "the share of DSG recouped so far is {}", ever),
        _pounds("recouped_cumulative", "DSG recouped so far, total", "neither",
                "recouped_cumulative_pence", "the DSG recouped so far is {}", "cumulative"),
        _pounds("recouped_new", "DSG recouped for new academies", "lower",
                "recouped_new_cumulative_pence",
                "the DSG recouped for new academies so far is {}", "cumulative"),
        _pounds("fund", "Partnership fund", "neither", "fund_pence_per_year",
                "the partnership fund is {}"),
        _pounds("ses", "Budget of the School Effectiveness Service", "neither",
                "ses_pence_per_year", "the budget of the School Effectiveness Service is {}"),
        _pounds("pooled", "Earmark pooled by the partnership", "neither",
                "pooled_pence_per_year", "the pooled earmark is {}"),
        _pounds("guarantee", "Guarantee paid by the council", "lower",
                "guarantee_pence_per_year", "the guarantee paid by the council is {}"),
        _pounds("overspend", "Overspend of the council", "lower",
                "overspend_pence_per_year", "the overspend of the council is {}"),
        _pounds("deficits", "Deficits left with the council by sponsorship", "lower",
                "deficits_cumulative_pence", "the deficits left with the council are {}",
                "cumulative"),
    ]  # fmt: skip


def _part(name: str, label: str, column: str = "", membership: bool = False) -> Metric:
    """An index or a part of one, from 0 to 100."""
    column = column or name
    return Metric(
        name, label, OF_100, "higher", formats.INDEX, (column,), _sum((column,), 100.0),
        f"{inside(label)} is {{}}", membership=membership,
    )  # fmt: skip


def _cohesion_metrics() -> list[Metric]:
    return [
        _part("cohesion", "Cohesion", "cohesion_core"),
        _part("cohesion_all", "Cohesion, all five parts", "cohesion", membership=True),
        _part("participation", "Participation"),
        _part("connectedness", "Connectedness"),
        _part("integrity", "Integrity"),
        _part("mutual_support", "Mutual support"),
        _part("stability", "Stability", membership=True),
        _part("confidence", "Confidence in the partnership", membership=True),
    ]


def _support_metrics() -> list[Metric]:
    return [
        Metric("adequacy", "Support received by partnership schools", "% of need", "higher",
               formats.PER_CENT, ("adequacy",), _sum(("adequacy",), 100.0),
               "support received by partnership schools is {}", membership=True),
        Metric("unmet_days", "Support weak schools miss", "days a month", "lower",
               formats.DAYS, ("unmet_days_below_good",), _sum(("unmet_days_below_good",)),
               "weak schools miss {} days of support a month", ("more", "fewer")),
        Metric("vulnerable_pupils", "Pupils without the support their school needs",
               "pupils in schools below good", "lower", formats.PUPILS, ("vulnerable_pupils",),
               _sum(("vulnerable_pupils",)),
               "{} pupils go without the support their school needs", ("more", "fewer")),
        Metric("bought_by_schools", "Support schools buy for themselves", "days a month", "lower",
               formats.DAYS, ("bought_by_schools_days",), _sum(("bought_by_schools_days",)),
               "schools buy {} days of support a month for themselves", ("more", "fewer")),
        Metric("commissioned", "Support the partnership commissions", "days a month", "neither",
               formats.DAYS, ("commissioned_days",), _sum(("commissioned_days",)),
               "the partnership commissions {} days of support a month", ("more", "fewer")),
    ]  # fmt: skip


def _agreement_metrics() -> list[Metric]:
    def chance(
        name: str, label: str, better: Better, column: str, clause: str, kind: Kind
    ) -> Metric:
        return Metric(name, label, "% of futures", better, formats.CHANCE, (column,),
                      _sum((column,), 100.0), clause, kind=kind,
                      membership=kind == "risk")  # fmt: skip

    return [
        Metric("cover_months", "Agreement still to run", "months", "neither", formats.MONTHS,
               ("cover_months",), _sum(("cover_months",)), "the cover still to run is {}",
               ("longer", "shorter")),
        chance("in_force", "Agreement in force", "neither", "agreement_in_force",
               "the agreement is in force", "chance"),
        chance("lapsed", "Agreement ended without renewal", "lower", "lapsed",
               "an agreement has ended without renewal", "risk"),
        chance("breakdown", "Partnership dissolved", "lower", "partnership_ended",
               "the partnership has dissolved", "risk"),
    ]  # fmt: skip


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        *_school_metrics(),
        *_money_metrics(),
        *_price_metrics(),
        *_cohesion_metrics(),
        *_support_metrics(),
        *_agreement_metrics(),
    )
}

HEADLINES: tuple[str, ...] = (
    "erosion",
    "cohesion",
    "conversions",
    "members",
    "alone",
    "below_good",
    "unmet_days",
    "bought_by_schools",
    "breakdown",
)
"""The metrics that stand in the headline tables, in the order in which they are shown: what the
report of 2010 asks for. Cohesion is connectedness, integrity and mutual support; its other two
parts all but repeat that there is an agreement."""


MOVE_TOGETHER = ("conversions", "bought_by_schools")
"""Headlines that say hardly more than another one: than erosion, and than unmet days."""


def metrics_named(names: tuple[str, ...]) -> tuple[Metric, ...]:
    """The metrics of these names; KeyError with the known names if one is unknown."""
    unknown = [name for name in names if name not in METRICS]
    if unknown:
        raise KeyError(f"unknown metric {', '.join(unknown)}; known: {', '.join(METRICS)}")
    return tuple(METRICS[name] for name in names)
