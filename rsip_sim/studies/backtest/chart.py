"""The charts of the back-test: calibration of the forecasts, and Rotherham's forecast and fate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fan import Along, Curves, Panels, Series, along_months
from rsip_sim.charts.frame import framed
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.evidence.months import month_name, parse_month
from rsip_sim.report.words import listed
from rsip_sim.studies.backtest.cases import FORECASTERS, KNOWN_SERIES, MODEL
from rsip_sim.studies.backtest.work import Backtest

PHASES = ("primary", "secondary", "special")
LINES = [
    KeyEntry(name, "line", colour, dash=dash)
    for name, colour, dash in zip(
        FORECASTERS,
        (style.DARK_BLUE, style.ORANGE, style.DARK_PINK),
        (None, (0.0, (4.0, 2.0)), (0.0, (1.2, 1.2))),
        strict=True,
    )
]
NINETY = KeyEntry("90% of futures", "band", style.PALE_GREY, style.FOCUS_GREY, stepped=True)
FIFTY = KeyEntry("50% of futures", "band", style.PALE_BLUE, style.MID_BLUE, stepped=True)
MEDIAN = KeyEntry("median future", "line", style.DARK_BLUE, stepped=True)
HAPPENED = KeyEntry("what happened", "line", style.ORANGE, dash=(0.0, (4.0, 2.0)), stepped=True)
UPRIGHT_90 = KeyEntry("90% of futures", "line", style.FOCUS_GREY, width=1.6)
UPRIGHT_50 = KeyEntry("50% of futures", "line", style.MID_BLUE, width=2.2)
CAME = KeyEntry("what happened", "dot", style.ORANGE, width=3.0)


def _source(report: Backtest) -> str:
    return (
        f"Source: simulation with rsip_sim, {report.replications:,} futures an authority; openings "
        "from the register of the Department for Education (OGL v3)."
    )


def pit_chart(report: Backtest) -> Chart:
    """Where what happened fell in the forecasts: flat lines are honest forecasts."""
    data = report.table("pit", KNOWN_SERIES)
    panels = []
    for phase in PHASES:
        own = data[data["phase"] == phase]
        found = [own[own["forecaster"] == name] for name in FORECASTERS]
        series = [
            Series(look, each["share"].to_numpy()) for look, each in zip(LINES, found, strict=True)
        ]
        places = found[0]["tenth"].to_numpy(dtype=float)
        panels.append(Curves(f"{phase} schools", places, series, level=0.1))
    picture = Panels(
        panels,
        Along((0.5, 10.5), [(2.2, "far below"), (8.8, "far above")]),
        "share",
        high=max(0.25, float(data["share"].max()) * 1.05),
        columns=3,
        panel_cm=4.6,
        right_cm=0.6,
    )
    ends = {phase: _ends(data, phase) for phase in PHASES}
    return framed(
        "backtest_pit",
        _pit_title(report),
        picture,
        subtitle=f"Share of {report.scored} authorities by where what happened fell in the "
        "forecast from 1 April 2013, in tenths from far below to far above; 0.1 throughout is "
        "perfect",
        notes=[
            "High at both ends: too sure. High in the middle: not sure enough. High at the "
            "right: too low.",
            _source(report),
        ],
        key=LINES,
        told="Three panels of lines over ten tenths. "
        + " ".join(
            f"{phase}: the model's lowest tenth holds {low:.0%} and its highest {high:.0%} of "
            "authorities."
            for phase, (low, high) in ends.items()
        ),
        data=data,
        numbers="",
    )


def _ends(data: pd.DataFrame, phase: str) -> tuple[float, float]:
    part = data[(data["phase"] == phase) & (data["forecaster"] == MODEL)]["share"]
    return float(part.iloc[0]), float(part.iloc[-1])


def _pit_title(report: Backtest) -> str:
    table = report.table("scores", KNOWN_SERIES)
    chosen = (table["route"] == "all") & (table["forecaster"] == MODEL)
    rows = table[chosen].set_index("phase")
    words = [f"{float(rows['coverage_90'][phase]):.0%} of {phase}" for phase in PHASES]
    return f"The model's 90% ranges held {listed(words)} counts"


def horizons_chart(report: Backtest) -> Chart:
    """How often the 90% ranges held what happened, by months ahead, from the earlier origin."""
    origin = min(report.origins)
    data = report.table("horizons", KNOWN_SERIES, origin)
    data = data.assign(held=100.0 * data["coverage_90"])
    months = sorted({int(each) for each in data["months"]})
    panels = []
    for phase in PHASES:
        own = data[data["phase"] == phase]
        series = [
            Series(look, own[own["forecaster"] == name]["held"].to_numpy())
            for look, name in zip(LINES, FORECASTERS, strict=True)
        ]
        places = np.array(months, dtype=np.float64)
        panels.append(Curves(f"{phase} schools", places, series, level=90.0))
    picture = Panels(
        panels,
        Along((months[0] - 1.0, months[-1] + 1.0), [(month, str(month)) for month in months]),
        "%",
        high=100.0,
        columns=3,
        panel_cm=4.6,
        right_cm=0.6,
    )
    model = data[data["forecaster"] == MODEL]
    ends = {}
    for phase in PHASES:
        held = model[model["phase"] == phase]["held"]
        ends[phase] = float(held.min()), float(held.max())
    return framed(
        "backtest_horizons",
        f"Forecast from {month_name(origin)}, the model's 90% ranges held "
        + listed(
            [
                f"{ends[phase][0]:.0f}% to {ends[phase][1]:.0f}% of {phase} counts"
                for phase in PHASES
            ]
        ),
        picture,
        subtitle=f"Share of {report.scored} authorities whose count lay in the 90% range, %, by "
        f"months ahead of 1 {month_name(origin)}, with the national rate that followed; the line "
        "is where an honest range lies",
        notes=[_source(report)],
        key=LINES,
        told="Three panels of lines over months ahead. "
        + " ".join(
            f"{phase}: the model's ranges held from {low:.0f}% to {high:.0f}%."
            for phase, (low, high) in ends.items()
        ),
        data=data,
        numbers="",
    )


def fan_chart(report: Backtest) -> Chart:
    """Rotherham month by month: what was forecast in April 2013 and what happened."""
    data = report.table("fan", KNOWN_SERIES)
    phases = list(dict.fromkeys(data["phase"]))
    months = sorted({parse_month(text) for text in data["month"]})
    picture = Panels(
        [_fan(data[data["phase"] == phase], phase) for phase in phases],
        along_months(months[0], months[-1] - months[0], (3, 9), shift=months[0]),
        "schools",
        high=float(data[["p95", "observed"]].max().max()) * 1.08 + 0.5,
        columns=2,
        panel_cm=6.0,
        right_cm=0.8,
    )
    return framed(
        "backtest_rotherham",
        _fan_title(data, phases),
        picture,
        subtitle="Schools that became academies since 1 April 2013, Rotherham; forecast from what "
        "was known then, with the national rate that followed",
        notes=[_source(report)],
        key=[NINETY, FIFTY, MEDIAN, HAPPENED],
        told=_fan_told(data, phases),
        data=data,
        numbers="",
    )


def _fan(part: pd.DataFrame, phase: str) -> Curves:
    p05, p25, p50, p75, p95, observed = (
        part[column].to_numpy(dtype=float)
        for column in ("p05", "p25", "p50", "p75", "p95", "observed")
    )
    series = [
        Series(NINETY, p05, p95), Series(FIFTY, p25, p75), Series(MEDIAN, p50),
        Series(HAPPENED, observed),
    ]  # fmt: skip
    months = np.array([parse_month(text) for text in part["month"]], dtype=np.float64)
    return Curves(f"{phase} schools", months, series)


def _last(data: pd.DataFrame, phase: str) -> pd.Series:
    return data[data["phase"] == phase].iloc[-1]


def _fan_title(data: pd.DataFrame, phases: list[str]) -> str:
    words = []
    for phase in phases:
        row = _last(data, phase)
        inside = row["p05"] <= row["observed"] <= row["p95"]
        words.append(
            f"{row['observed']:.0f} {phase} schools opened, "
            f"{'within' if inside else 'outside'} the forecast {row['p05']:.0f} to {row['p95']:.0f}"
        )
    return f"Rotherham after April 2013: {listed(words)}"


def _fan_told(data: pd.DataFrame, phases: list[str]) -> str:
    parts = []
    for phase in phases:
        row = _last(data, phase)
        parts.append(
            f"{phase}: by {month_name(parse_month(row['month']))} the median forecast is "
            f"{row['p50']:.0f}, half of futures lie from {row['p25']:.0f} to {row['p75']:.0f}, "
            f"nine in ten from {row['p05']:.0f} to {row['p95']:.0f}; {row['observed']:.0f} opened."
        )
    return " ".join(parts)


def authorities_chart(report: Backtest) -> Chart:
    """Every authority: the forecast range beside what happened, in the order of the forecast."""
    table = report.table("authorities", KNOWN_SERIES)
    chosen = table[table["route"] == "all"]
    data = chosen[chosen["phase"].isin(PHASES[:2])].reset_index(drop=True)
    inside = {phase: float(_held(data[data["phase"] == phase]).mean()) for phase in PHASES[:2]}
    most = int(data.groupby("phase").size().max())
    picture = Panels(
        [_authorities(data[data["phase"] == phase], phase) for phase in PHASES[:2]],
        Along((-0.05 * most, 1.05 * most - 1)),
        "schools",
        low=-0.5,
        columns=2,
        panel_cm=7.0,
        right_cm=0.8,
    )
    return framed(
        "backtest_authorities",
        f"{inside['primary']:.0%} of authorities' primary counts and {inside['secondary']:.0%} of "
        "their secondary counts lay within the forecast 90% range",
        picture,
        subtitle="Schools that became academies after 1 April 2013, one line an authority, in the "
        "order of the median forecast",
        notes=["Counts are whole, so a range may hold more than its share.", _source(report)],
        key=[UPRIGHT_90, UPRIGHT_50, CAME],
        told="Two panels, one upright line an authority, with a dot for what happened.",
        data=data,
        numbers="",
    )


def _authorities(data: pd.DataFrame, phase: str) -> Curves:
    part = data.sort_values(["p50", "p95", "authority"])
    p05, p25, p75, p95, observed = (
        part[column].to_numpy(dtype=float) for column in ("p05", "p25", "p75", "p95", "observed")
    )
    series = [Series(UPRIGHT_90, p05, p95), Series(UPRIGHT_50, p25, p75), Series(CAME, observed)]
    return Curves(f"{phase} schools", np.arange(len(part)).astype(np.float64), series)


def _held(part: pd.DataFrame) -> pd.Series:
    return (part["observed"] >= part["p05"]) & (part["observed"] <= part["p95"])
