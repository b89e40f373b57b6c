"""The chart of calibration: what was learnt of each parameter."""

from __future__ import annotations

from collections.abc import Sequence

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
from rsip_sim.studies.calibrate.work import Calibration

_BEFORE = KeyEntry("before calibration", "line", style.FOCUS_GREY, width=4.0)
_AFTER = KeyEntry("after calibration", "line", style.DARK_BLUE, width=2.4)
_MEDIAN = KeyEntry("", "dot", style.DARK_BLUE, width=4.0)
_END = 1.645  # standard scores of the 95% point


def parameters_chart(calibration: Calibration) -> Chart:
    """Prior and posterior range of each parameter, in units of the prior range."""
    data = calibration.parameters().sort_values("learnt", ascending=False, ignore_index=True)
    best, names = data.iloc[0], list(calibration.fitted.targets.fitted)
    places = [names.index(name) for name in data["parameter"]]
    return framed(
        "calibration_parameters",
        f"Uncertainty fell most, by {per_cent(best['learnt'])}, for '{best['label']}'",
        _ranges(list(data["label"]), quantiles(calibration.scores.T[places]).T),
        subtitle="Range of each parameter, in standard scores of its range in the register",
        notes=[
            "Lines: from the 5% to the 95% point; a mark at the median. 0 is the register's "
            "central value and ±1.6 the ends of its range. Uncertainty is variance.",
            "Source: simulation with rsip_sim; openings to 1 April 2013 from the register of the "
            "Department for Education (OGL v3).",
        ],
        key=[_BEFORE, _AFTER],
        told="One row a parameter, ranges before and after, most learnt first.",
        data=data,
        numbers="",
    )


def _ranges(labels: Sequence[str], after: FloatArray) -> Rows:
    """One row a label, its range before and after; after: (rows, 3): low, middle and high."""
    rows = [
        Row(
            [Mark(_BEFORE, -_END, _END, -0.15), Mark(_AFTER, low, high, 0.2),
             Mark(_MEDIAN, middle, shift=0.2)]
        )
        for low, middle, high in after.tolist()
    ]  # fmt: skip
    panel = Panel(rows, Scale("standard scores", *ends_around(numbers_in(rows), 0.0), tick, most=8))
    widest = max(width_cm(label, style.NOTE_SIZE) for label in labels)
    return Rows([Block([[label] for label in labels], [panel])], widest + 0.3, row_cm=0.52)
