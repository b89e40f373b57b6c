"""How the numbers of the study of robustness are written."""

from __future__ import annotations

import math

from rsip_sim.report.words import NOTHING, per_cent
from rsip_sim.studies.robust.work import Objective

_THOUSAND = 1000.0


def labelled(each: Objective) -> str:
    """The objective with its unit, as it names a row: money in thousands of pounds."""
    unit = each.unit.replace("£", "£000").replace(" since the start", " in all")
    return each.metric.label if unit == "schools" else f"{each.metric.label}, {unit}"


def told(each: Objective, value: float, finer: bool = False) -> str:
    """An average, a regret or a worth in the unit of tables; never rounded to none if it is some.

    finer  with one more decimal
    """
    if math.isnan(value):
        return NOTHING
    write = each.metric.format
    divisor = _THOUSAND if write.prefix else write.divisor
    places = (0 if write.prefix else min(write.decimals, 1)) + finer
    text = f"{value / divisor:,.{places}f}"
    return f"<{10.0**-places:g}" if value > 0 and float(text.replace(",", "")) == 0 else text


def interval(each: Objective, low: float, high: float, finer: bool = False) -> str:
    """``0.2 to 0.4``, in the unit of tables."""
    if math.isnan(low):
        return NOTHING
    return f"{told(each, max(low, 0.0), finer)} to {told(each, max(high, 0.0), finer)}"


def of_100(share: float) -> str:
    """A share of futures as so many of 100."""
    return per_cent(share, brief=True).removesuffix("%")
