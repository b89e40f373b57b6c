"""How the numbers of the study of robustness are written."""

from __future__ import annotations

import math

from rsip_sim.report.words import per_cent
from rsip_sim.studies.robust.work import Objective

_THOUSAND = 1000.0


def labelled(each: Objective) -> str:
    """The objective with its unit, as it names a row."""
    label, told_in = each.metric.label, unit(each)
    return label if told_in == "schools" else f"{label}, {told_in}"


def unit(each: Objective) -> str:
    """Unit in which tables tell an objective: money in thousands of pounds."""
    return each.unit.replace("£", "£000").replace(" since the start", " in all")


def told(each: Objective, value: float, finer: bool = False) -> str:
    """A regret or a worth in the unit of tables; never rounded to none where it is some."""
    if math.isnan(value):
        return "–"
    write = each.metric.format
    size, places = (
        (value / _THOUSAND, 0) if write.prefix else (value / write.divisor, min(write.decimals, 1))
    )
    places += finer
    text = f"{size:,.{places}f}"
    return f"<{10.0**-places:g}" if size > 0 and float(text.replace(",", "")) == 0 else text


def level(each: Objective, value: float) -> str:
    """An average, in the unit of tables."""
    if math.isnan(value):
        return "–"
    write = each.metric.format
    return f"{value / _THOUSAND:,.0f}" if write.prefix else write.brief(value)


def interval(each: Objective, low: float, high: float, finer: bool = False) -> str:
    """``0.2 to 0.4``, in the unit of tables."""
    if math.isnan(low):
        return "–"
    return f"{told(each, max(low, 0.0), finer)} to {told(each, max(high, 0.0), finer)}"


def of_100(share: float) -> str:
    """A share of futures as so many of 100."""
    return per_cent(share, brief=True).removesuffix("%")
