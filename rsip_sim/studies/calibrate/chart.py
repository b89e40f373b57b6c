"""The charts of calibration: what was learnt of each parameter, and the patterns reproduced."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.sheet import MARGIN, KeyEntry, Sheet
from rsip_sim.charts.text import width_cm
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import quantiles
from rsip_sim.studies.calibrate.work import Calibration

_ROW_CM = 0.52
_KEY = [
    KeyEntry("before calibration", "line", style.FOCUS_GREY, width=4.0),
    KeyEntry("after calibration", "line", style.DARK_BLUE, width=2.4),
]
_SOURCE = (
    "Source: simulation with rsip_sim; openings to 1 April 2013 from the register of the "
    "Department for Education (OGL v3)."
)


def calibration_charts(calibration: Calibration) -> dict[str, Chart]:
    """The charts by file name."""
    charts = (parameters_chart(calibration), checks_chart(calibration))
    return {chart.name: chart for chart in charts}


def parameters_chart(calibration: Calibration) -> Chart:
    """Prior and posterior range of each parameter, in units of the prior range."""
    data = (
        calibration.tables["parameters"]
        .sort_values("learnt", ascending=False)
        .reset_index(drop=True)
    )
    best = data.iloc[0]
    title = (
        f"The openings taught most about '{best['label'].lower()}', whose uncertainty fell by "
        f"{best['learnt']:.0%}"
    )
    scores = calibration.scores
    names = list(calibration.fitted.targets.parameters)
    columns = [scores[:, names.index(name)] for name in data["parameter"]]
    after = quantiles(np.stack(columns)).T
    before = np.tile([-1.645, 0.0, 1.645], (len(data), 1))
    note = (
        "Lines: from the 5% to the 95% point; a mark at the median. 0 is the register's central "
        "value and ±1.6 the ends of its range. Uncertainty is variance."
    )
    figure = _dot_ranges(
        title, "Range of each parameter, in standard scores of its range in the register",
        list(data["label"]), before, after, None, note,
    )  # fmt: skip
    alt = f"{title}. One row a parameter, ranges before and after, most learnt first."
    return Chart("calibration_parameters", title, figure, data, alt)


def checks_chart(calibration: Calibration) -> Chart:
    """Each pattern as seen and as predicted before and after, relative to what was seen."""
    data = calibration.tables["patterns"]
    ends = [data[f"posterior{end}"].to_numpy() for end in ("_low", "", "_high")]
    inside = int(((data["seen"] >= ends[0]) & (data["seen"] <= ends[2])).sum())
    title = f"After calibration {inside} of {len(data)} patterns lie within the predicted range"
    scale = np.array(
        [row["prior_high"] - row["prior_low"] for row in data.to_dict("records")], dtype=float
    )

    def relative(word: str) -> FloatArray:
        values = np.stack([data[f"{word}{end}"].to_numpy() for end in ("_low", "", "_high")], 1)
        return np.asarray((values - data["seen"].to_numpy()[:, None]) / scale[:, None])

    note = (
        "Ranges: 90% of predictions, with the luck of England's authorities. 0 is what was seen; "
        "the unit is the width of the range before calibration."
    )
    figure = _dot_ranges(
        title, "Predicted less seen, each pattern in its own unit",
        list(data["label"]),
        relative("prior"), relative("posterior"), 0.0, note,
    )  # fmt: skip
    alt = f"{title}. One row a pattern, ranges before and after around what was seen."
    return Chart("calibration_patterns", title, figure, pd.DataFrame(data), alt)


def _dot_ranges(
    title: str,
    subtitle: str,
    labels: list[str],
    before: FloatArray,
    after: FloatArray,
    line: float | None,
    note: str,
) -> Figure:
    height = _ROW_CM * len(labels) + 0.9
    with style.chart_style():
        sheet = Sheet(title, subtitle, height, [note, _SOURCE], _KEY)
        left = MARGIN + max(width_cm(label, style.NOTE_SIZE) for label in labels) + 0.2
        axes = sheet.axes(left, 0.8, style.WIDTH_CM - left - MARGIN, height - 0.9)
        places = np.arange(len(labels))
        axes.hlines(places - 0.15, before[:, 0], before[:, 2], color=style.FOCUS_GREY, linewidth=4)
        axes.hlines(places + 0.2, after[:, 0], after[:, 2], color=style.DARK_BLUE, linewidth=2.4)
        axes.plot(after[:, 1], places + 0.2, "o", color=style.DARK_BLUE, markersize=4)
        axes.axvline(line if line is not None else 0.0, color=style.DARK_GREY, linewidth=0.8)
        axes.set_yticks(places, labels, fontsize=style.NOTE_SIZE)
        axes.grid(axis="y", visible=False)
        axes.set_ylim(len(labels) - 0.4, -0.6)
    return sheet.figure
