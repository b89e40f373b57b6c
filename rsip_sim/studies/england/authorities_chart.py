"""Every authority in the order of what it gains: mean, its precision, and the range of futures."""

from __future__ import annotations

import numpy as np

from rsip_sim.charts import style
from rsip_sim.charts.fan import Along, Curves, Panels, Series
from rsip_sim.charts.frame import Chart, framed, source_line
from rsip_sim.charts.scales import signed_tick
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.measures.statistics import CONFIDENCE
from rsip_sim.report.words import months_in_words
from rsip_sim.studies.england.groups_chart import generic_words
from rsip_sim.studies.england.work import EnglandFound, authorities_table

NAME = "england_authorities"
RANGE = KeyEntry("90% of futures", "line", style.FOCUS_GREY, width=1.0)
PRECISION = KeyEntry("95% interval of the mean", "line", style.MID_BLUE, width=1.6)
MEAN = KeyEntry("mean of an authority", "dot", style.DARK_BLUE, width=1.8)
ALL = KeyEntry("England", "line", style.DARK_PINK, width=1.2)


def england_authorities(found: EnglandFound) -> Chart:
    """One place an authority, that with least gain first; the line across is all of them."""
    option, rate = found.shown
    ranks = found.ranks(option, rate)
    order = np.argsort(-ranks.rank, kind="stable")
    changes = [found.of_place(option, rate, int(row)) for row in order]
    columns = np.array([(c.mean, c.ci_low, c.ci_high, c.p05, c.p95) for c in changes]).T
    mean, low, high, p05, p95 = columns
    count, places = len(order), np.arange(1.0, len(order) + 1)
    england = found.change(option, rate, found.england).mean
    together = ALL.named(found.england.name)
    steps = [(1.0, "least gain"), (count / 2 + 0.5, "in the middle"), (float(count), "most gain")]
    curves = Curves(
        f"{rate.metric.label}, {rate.unit}", places,
        [Series(RANGE, p05, p95), Series(PRECISION, low, high), Series(MEAN, mean),
         Series(together, np.full(count, england))],
        level=0.0,
    )  # fmt: skip
    when = months_in_words(found.baseline, rate.moment.first, rate.moment.last)
    unit = "percentage points" if rate.metric.format.suffix == "%" else rate.unit
    return framed(
        NAME,
        f"These futures tell {ranks.apart:.0%} of all pairs of authorities apart; luck alone would "
        f"tell {1 - CONFIDENCE:.0%}",
        Panels(
            [curves], Along((0.0, count + 1.0), steps), unit, low=_bottom(p05, low),
            write=signed_tick, right_cm=0.85, panel_cm=6.5,
        ),
        subtitle=f"Change of {rate.metric.noun} ({unit}) under '{option.title}' from "
        f"'{found.baseline.title}' in {count} authorities by what they gain, average, {when}",
        notes=[generic_words(found), source_line(found.asked.replications, found.asked.scenarios)],
        key=[MEAN, PRECISION, RANGE, together],
        told=f"Authorities from least to most gain: their means run from "
        f"{rate.written(float(mean[0]))} to "
        f"{rate.written(float(mean[-1]))}, {found.england.name} together "
        f"have {rate.written(england)}; the interval of one holds those of many.",
        data=authorities_table(found, [(option, rate)]),
    )  # fmt: skip


def _bottom(*values: np.ndarray) -> float:
    """A little below the lowest, and not above nought."""
    every = np.concatenate(values)
    known = every[np.isfinite(every)]
    return 1.05 * min(float(known.min(initial=0.0)), 0.0)
