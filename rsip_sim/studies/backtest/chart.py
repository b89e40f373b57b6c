"""The chart of the back-test: Rotherham's forecast and what happened."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fan import Curves, Panels, Series, along_months
from rsip_sim.charts.frame import framed
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.evidence.months import month_name, parse_month
from rsip_sim.report.words import listed
from rsip_sim.studies.backtest.work import Backtest

NINETY = KeyEntry("90% of futures", "band", style.PALE_GREY, style.FOCUS_GREY, stepped=True)
FIFTY = KeyEntry("50% of futures", "band", style.PALE_BLUE, style.MID_BLUE, stepped=True)
MEDIAN = KeyEntry("median future", "line", style.DARK_BLUE, stepped=True)
HAPPENED = KeyEntry("what happened", "line", style.ORANGE, dash=(0.0, (4.0, 2.0)), stepped=True)


def fan_chart(found: Backtest) -> Chart:
    """Rotherham month by month: what was forecast in April 2013 and what happened."""
    data = found.table("fan")
    parts = [part for _, part in data.groupby("phase", sort=False)]
    months = sorted({parse_month(text) for text in data["month"]})
    picture = Panels(
        [_fan(part) for part in parts],
        along_months(months[0], months[-1] - months[0], (3, 9), shift=months[0]),
        "schools",
        high=float(data[["p95", "observed"]].max().max()) * 1.08 + 0.5,
        columns=2,
        panel_cm=6.0,
        right_cm=0.8,
    )
    ends = [part.iloc[-1] for part in parts]
    return framed(
        "backtest_rotherham",
        f"Rotherham after April 2013: {listed([_title(end) for end in ends])}",
        picture,
        subtitle="Schools that became academies since 1 April 2013, Rotherham; forecast from what "
        "was known then, with the national rate that followed",
        notes=[
            f"Source: simulation with rsip_sim, {found.replications:,} futures an authority; "
            "openings from the register of the Department for Education (OGL v3)."
        ],
        key=[NINETY, FIFTY, MEDIAN, HAPPENED],
        told=f"By {month_name(months[-1])}, {'; '.join(_told(end) for end in ends)}.",
        data=data,
        numbers="",
    )


def _fan(part: pd.DataFrame) -> Curves:
    bands = part[["p05", "p25", "p50", "p75", "p95", "observed"]].to_numpy(dtype=float)
    p05, p25, p50, p75, p95, observed = bands.T
    series = [
        Series(NINETY, p05, p95),
        Series(FIFTY, p25, p75),
        Series(MEDIAN, p50),
        Series(HAPPENED, observed),
    ]
    months = np.array([parse_month(text) for text in part["month"]], dtype=np.float64)
    return Curves(f"{part['phase'].iloc[0]} schools", months, series)


def _title(end: pd.Series) -> str:
    inside = "within" if end["p05"] <= end["observed"] <= end["p95"] else "outside"
    return (
        f"{end['observed']:.0f} {end['phase']} schools opened, {inside} the forecast "
        f"{end['p05']:.0f} to {end['p95']:.0f}"
    )


def _told(end: pd.Series) -> str:
    return (
        f"of {end['phase']} schools: the median forecast is {end['p50']:.0f}, half of futures lie "
        f"from {end['p25']:.0f} to {end['p75']:.0f}"
    )
