"""The charts of calibration: what was learnt of each parameter, and the patterns reproduced."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fit import width_cm
from rsip_sim.charts.frame import framed
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows, numbers_in
from rsip_sim.charts.scales import Scale, ends_around, tick
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import quantiles
from rsip_sim.report.words import per_cent
from rsip_sim.studies.calibrate.work import ENDS, Calibration, inside

_BEFORE = KeyEntry("before calibration", "line", style.FOCUS_GREY, width=4.0)
_AFTER = KeyEntry("after calibration", "line", style.DARK_BLUE, width=2.4)
_MEDIAN = KeyEntry("", "dot", style.DARK_BLUE, width=4.0)
_SOURCE = (
    "Source: simulation with rsip_sim; openings to 1 April 2013 from the register of the "
    "Department for Education (OGL v3)."
)


def parameters_chart(calibration: Calibration) -> Chart:
    """Prior and posterior range of each parameter, in units of the prior range."""
    data = calibration.parameters().sort_values("learnt", ascending=False, ignore_index=True)
    best, names = data.iloc[0], list(calibration.fitted.targets.fitted)
    places = [names.index(name) for name in data["parameter"]]
    return framed(
        "calibration_parameters",
        f"Uncertainty fell most, by {per_cent(best['learnt'])}, for '{best['label']}'",
        _ranges(
            list(data["label"]), np.tile([-1.645, 0.0, 1.645], (len(data), 1)),
            quantiles(calibration.scores.T[places]).T, "standard scores",
        ),
        subtitle="Range of each parameter, in standard scores of its range in the register",
        notes=[
            "Lines: from the 5% to the 95% point; a mark at the median. 0 is the register's "
            "central value and ±1.6 the ends of its range. Uncertainty is variance.",
            _SOURCE,
        ],
        key=[_BEFORE, _AFTER],
        told="One row a parameter, ranges before and after, most learnt first.",
        data=data,
        numbers="",
    )  # fmt: skip


def checks_chart(calibration: Calibration) -> Chart:
    """Each pattern as seen and as predicted before and after, relative to what was seen."""
    data = calibration.checks()
    scale = (data["prior_high"] - data["prior_low"]).to_numpy()[:, None]
    before, after = (
        (data[[f"{word}{end}" for end in ENDS]].to_numpy() - data[["seen"]].to_numpy()) / scale
        for word in ("prior", "posterior")
    )
    return framed(
        "calibration_patterns",
        f"{inside(data, 'posterior')} of {len(data)} patterns lie within the range predicted",
        _ranges(list(data["label"]), before, after, "its own unit"),
        subtitle="Predicted less seen, each pattern in its own unit",
        notes=[
            "Ranges: 90% of predictions, with the luck of England's authorities. 0 is what was "
            "seen; the unit is the width of the range before calibration.",
            _SOURCE,
        ],
        key=[_BEFORE, _AFTER],
        told="One row a pattern, ranges before and after around what was seen.",
        data=data,
        numbers="",
    )


def _ranges(labels: Sequence[str], before: FloatArray, after: FloatArray, unit: str) -> Rows:
    """One row a label, its range before and after; each (rows, 3): low, middle and high."""
    rows = [
        Row(
            [Mark(_BEFORE, wide[0], wide[2], -0.15), Mark(_AFTER, near[0], near[2], 0.2),
             Mark(_MEDIAN, near[1], shift=0.2)]
        )
        for wide, near in zip(before.tolist(), after.tolist(), strict=True)
    ]  # fmt: skip
    panel = Panel(rows, Scale(unit, *ends_around(numbers_in(rows), 0.0), tick, most=8))
    widest = max(width_cm(label, style.NOTE_SIZE) for label in labels)
    return Rows([Block([[label] for label in labels], [panel])], widest + 0.3, row_cm=0.52)
