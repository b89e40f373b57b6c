"""The charts of the back-test: calibration of the forecasts, and Rotherham's forecast and fate."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.sheet import KeyEntry, Sheet
from rsip_sim.evidence.months import month_name, month_of_year, parse_month
from rsip_sim.report.words import listed
from rsip_sim.studies.backtest.cases import FORECASTERS, KNOWN_SERIES, MODEL
from rsip_sim.studies.backtest.work import BacktestReport

PHASES = ("primary", "secondary", "special")
_COLOURS = dict(zip(FORECASTERS, (style.DARK_BLUE, style.ORANGE, style.DARK_PINK), strict=True))
_DASHES = dict(zip(FORECASTERS, ("-", "--", ":"), strict=True))
_BAND_90, _BAND_50 = style.PALE_GREY, style.PALE_BLUE
_PANEL_CM = 4.6


def backtest_charts(report: BacktestReport) -> dict[str, Chart]:
    """The charts by file name, in the order of their importance."""
    charts = (fan_chart(report), authorities_chart(report), pit_chart(report))
    return {chart.name: chart for chart in charts}


def _source(report: BacktestReport) -> str:
    return (
        f"Source: simulation with rsip_sim, {report.replications:,} futures an authority; openings "
        "from the register of the Department for Education (OGL v3)."
    )


def pit_chart(report: BacktestReport) -> Chart:
    """Where what happened fell in the forecasts: flat lines are honest forecasts."""
    table = report.tables["pit"]
    data = table[table["mode"] == KNOWN_SERIES].reset_index(drop=True)
    title = _pit_title(report)
    titles = [f"{phase} schools" for phase in PHASES]
    key = [KeyEntry(name, "line", _COLOURS[name], dash=_key_dash(name)) for name in FORECASTERS]
    with style.chart_style():
        sheet = Sheet(
            title,
            f"Share of {report.scored} authorities by where what happened fell in the forecast, "
            "in tenths from far below to far above; 0.1 throughout is perfect",
            common.grid_cm(titles, _PANEL_CM, 3),
            [
                "High at both ends: too sure. High in the middle: not sure enough. High at the "
                "right: too low.",
                _source(report),
            ],
            key,
        )
        highest = max(0.25, float(data["share"].max()) * 1.05)
        for phase, (axes, _) in zip(
            PHASES, common.panel_grid(sheet, titles, _PANEL_CM, 3, 0.6), strict=True
        ):
            axes.axhline(0.1, color=style.DARK_GREY, linewidth=0.8)
            for name in FORECASTERS:
                part = data[(data["phase"] == phase) & (data["forecaster"] == name)]
                axes.plot(
                    part["tenth"], part["share"], color=_COLOURS[name], linestyle=_DASHES[name]
                )
            axes.set_xticks([1, 10], ["far below", "far above"])
            first, last = axes.get_xticklabels()
            first.set_horizontalalignment("left")
            last.set_horizontalalignment("right")
            axes.tick_params(axis="x", length=0)
            axes.set_ylim(0, highest)
    alt = f"{title}. Three panels of lines over ten tenths. " + " ".join(
        f"{phase}: the model's lowest tenth holds {_ends(data, phase)[0]:.0%} and its highest "
        f"{_ends(data, phase)[1]:.0%} of authorities."
        for phase in PHASES
    )
    return Chart("backtest_pit", title, sheet.figure, data, alt)


def _key_dash(name: str) -> tuple[float, tuple[float, ...]] | None:
    return {"-": None, "--": (0.0, (4.0, 2.0)), ":": (0.0, (1.2, 1.2))}[_DASHES[name]]


def _ends(data: pd.DataFrame, phase: str) -> tuple[float, float]:
    part = data[(data["phase"] == phase) & (data["forecaster"] == MODEL)]["share"]
    return float(part.iloc[0]), float(part.iloc[-1])


def _pit_title(report: BacktestReport) -> str:
    table = report.tables["scores"]
    rows = table[
        (table["mode"] == KNOWN_SERIES) & (table["route"] == "all") & (table["forecaster"] == MODEL)
    ].set_index("phase")
    words = [f"{float(rows['coverage_90'][phase]):.0%} of {phase}" for phase in PHASES]
    return f"The model's 90% ranges held {listed(words)} counts"


def fan_chart(report: BacktestReport) -> Chart:
    """Rotherham month by month: what was forecast in April 2013 and what happened."""
    table = report.tables["fan"]
    data = table[table["mode"] == KNOWN_SERIES].reset_index(drop=True)
    phases = list(dict.fromkeys(data["phase"]))
    title = _fan_title(data, phases)
    titles = [f"{phase} schools" for phase in phases]
    key = [
        KeyEntry("90% of futures", "band", _BAND_90, style.FOCUS_GREY),
        KeyEntry("50% of futures", "band", _BAND_50, style.MID_BLUE),
        KeyEntry("median future", "line", style.DARK_BLUE),
        KeyEntry("what happened", "line", style.ORANGE, dash=(0.0, (4.0, 2.0))),
    ]
    with style.chart_style():
        sheet = Sheet(
            title,
            "Schools that became academies since 1 April 2013, Rotherham; forecast from what was "
            "known then, with the national rate that followed",
            common.grid_cm(titles, 6.0, 2),
            [_source(report)],
            key,
        )
        for phase, (axes, _) in zip(
            phases, common.panel_grid(sheet, titles, 6.0, 2, 0.8), strict=True
        ):
            _draw_fan(axes, data[data["phase"] == phase])
            axes.set_ylim(0, float(data[["p95", "observed"]].max().max()) * 1.08 + 0.5)
    return Chart("backtest_rotherham", title, sheet.figure, data, _fan_alt(data, phases, title))


def _draw_fan(axes: Axes, part: pd.DataFrame) -> None:
    months = [parse_month(text) for text in part["month"]]
    axes.fill_between(
        months, part["p05"], part["p95"], step="post", facecolor=_BAND_90,
        edgecolor=style.FOCUS_GREY, linewidth=0.8,
    )  # fmt: skip
    axes.fill_between(
        months, part["p25"], part["p75"], step="post", facecolor=_BAND_50,
        edgecolor=style.MID_BLUE, linewidth=0.8,
    )  # fmt: skip
    axes.step(months, part["p50"], where="post", color=style.DARK_BLUE)
    axes.step(months, part["observed"], where="post", color=style.ORANGE, linestyle="--")
    ticks = [month for month in months if month_of_year(month) in (9, 3)]
    axes.set_xticks(
        ticks, [month_name(month)[:3] + "\n" + month_name(month)[-4:] for month in ticks]
    )
    axes.set_xlim(months[0], months[-1])


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


def _fan_alt(data: pd.DataFrame, phases: list[str], title: str) -> str:
    parts = []
    for phase in phases:
        row = _last(data, phase)
        parts.append(
            f"{phase}: by {month_name(parse_month(row['month']))} the median forecast is "
            f"{row['p50']:.0f}, half of futures lie from {row['p25']:.0f} to {row['p75']:.0f}, "
            f"nine in ten from {row['p05']:.0f} to {row['p95']:.0f}; {row['observed']:.0f} opened."
        )
    return f"{title}. " + " ".join(parts)


def authorities_chart(report: BacktestReport) -> Chart:
    """Every authority: the forecast range beside what happened, in the order of the forecast."""
    table = report.tables["authorities"]
    chosen = table[(table["mode"] == KNOWN_SERIES) & (table["route"] == "all")]
    data = chosen[chosen["phase"].isin(PHASES[:2])].reset_index(drop=True)
    inside = {phase: float(_held(data[data["phase"] == phase]).mean()) for phase in PHASES[:2]}
    title = (
        f"{inside['primary']:.0%} of authorities' primary counts and {inside['secondary']:.0%} of "
        "their secondary counts lay within the forecast 90% range"
    )
    titles = [f"{phase} schools" for phase in PHASES[:2]]
    key = [
        KeyEntry("90% of futures", "line", style.FOCUS_GREY, width=2.5),
        KeyEntry("50% of futures", "line", style.MID_BLUE, width=3.5),
        KeyEntry("what happened", "dot", style.ORANGE, width=4.0),
    ]
    with style.chart_style():
        sheet = Sheet(
            title,
            "Schools that became academies after 1 April 2013, one line an authority, in the order "
            "of the median forecast",
            common.grid_cm(titles, 7.0, 2),
            ["Counts are whole, so a range may hold more than its share.", _source(report)],
            key,
        )
        for phase, (axes, _) in zip(
            PHASES[:2], common.panel_grid(sheet, titles, 7.0, 2, 0.8), strict=True
        ):
            part = data[data["phase"] == phase].sort_values(["p50", "p95", "authority"])
            places = range(len(part))
            axes.vlines(places, part["p05"], part["p95"], color=style.FOCUS_GREY, linewidth=1.6)
            axes.vlines(places, part["p25"], part["p75"], color=style.MID_BLUE, linewidth=2.2)
            axes.plot(places, part["observed"], "o", color=style.ORANGE, markersize=3.0)
            axes.set_xticks([])
            axes.set_ylim(bottom=-0.5)
            axes.tick_params(labelleft=True)
    alt = f"{title}. Two panels, one upright line an authority, with a dot for what happened."
    return Chart("backtest_authorities", title, sheet.figure, data, alt)


def _held(part: pd.DataFrame) -> pd.Series:
    return (part["observed"] >= part["p05"]) & (part["observed"] <= part["p95"])
