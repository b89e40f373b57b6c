"""Academies opened in the place after the model's last year of fitting: forecast and fate."""

from __future__ import annotations

from matplotlib.axes import Axes

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.sheet import MARGIN, KeyEntry, Sheet
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.paper.sections.backtest import CHART, KEYS, PHASES, PLACE, quoted, side
from rsip_sim.report.quoted import Said, given, joined, listed, say

ROW_CM = 1.0
AXIS_CM = 1.2
LABEL_CM = 2.2
_COLUMNS = ("p05", "p25", "p50", "p75", "p95", "observed")


def forecast_and_fate(counts: LedgerTable) -> Chart:
    """One row a phase: the forecast's ranges as lines, what came as a black dot.

    counts  `rsip_sim.paper.sections.backtest.backtest_tables`, the second
    """
    title = _title(counts)
    data = counts.frame[[*KEYS, *_COLUMNS]]
    with style.chart_style():
        height = ROW_CM * len(PHASES)
        sheet = Sheet(
            title,
            f"Schools that became academies after 1 April 2013, {PLACE}: as forecast from what was "
            "known then with the national rate that followed, and as it came",
            height + AXIS_CM,
            [
                "Ranges are of single futures, not of an average: thin line 90%, thick line 50%.",
                "Source: back-test with rsip_sim; openings from the register of the Department for "
                "Education (OGL v3).",
            ],
            [
                KeyEntry("90% of futures", "line", style.DARK_GREY, width=1.0),
                KeyEntry("50% of futures", "line", style.MID_BLUE, width=3.5),
                KeyEntry("median", "dot", style.WHITE, style.BLACK, width=5.0),
                KeyEntry("what came", "dot", style.BLACK, width=5.0),
            ],
        )
        left = MARGIN + LABEL_CM
        axes = sheet.axes(left, AXIS_CM, style.WIDTH_CM - left - 2 * MARGIN, height)
        _rows(axes, data.set_index("phase").to_dict("index"))
    return Chart(CHART, title, sheet.figure, data, _alt(counts, title), tuple(KEYS))


def _rows(axes: Axes, found: dict[object, dict[object, float]]) -> None:
    most = max(max(row.values()) for row in found.values())
    axes.set_xlim(0, most * 1.08 + 0.5)
    axes.set_ylim(len(PHASES) - 0.5, -0.5)
    axes.grid(False, axis="y")
    axes.grid(True, axis="x")
    axes.set_yticks(range(len(PHASES)), list(PHASES))
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("schools")
    for place, phase in enumerate(PHASES):
        row = found[phase]
        axes.hlines(place, row["p05"], row["p95"], color=style.DARK_GREY, linewidth=1.0, zorder=2)
        axes.hlines(place, row["p25"], row["p75"], color=style.MID_BLUE, linewidth=3.5, zorder=3)
        for up, (column, fill) in enumerate((("p50", style.WHITE), ("observed", style.BLACK))):
            axes.plot(
                [row[column]], [place], "o", markersize=5.0, zorder=4 + up,
                markerfacecolor=fill, markeredgecolor=style.BLACK, clip_on=False,
            )  # fmt: skip
        axes.annotate(
            f"{row['observed']:.0f} came", (row["observed"], place), xytext=(0, 6),
            textcoords="offset points", ha="center", va="bottom", fontsize=style.NOTE_SIZE,
            annotation_clip=False, gid="fate",
        )  # fmt: skip


def _title(counts: LedgerTable) -> Said:
    """The message: whether what came lay within what was forecast."""
    sides = {phase: side(counts, phase) for phase in PHASES}
    told = [
        say("{direction} {phases} schools became academies than forecast", direction=direction,
            phases=listed([Said(phase) for phase in PHASES if sides[phase] == where]))
        for where, direction in (("above", "more"), ("below", "fewer"))
        if where in sides.values()
    ]  # fmt: skip
    within = Said("as many schools became academies as the ranges forecast held")
    return say("{place}: {told}", place=PLACE, told=joined("; ", told or [within]))


def _alt(counts: LedgerTable, title: Said) -> Said:
    told = [
        say("{phase}: median forecast {median}, {ninety} {low} to {high}, came {came}",
            phase=phase, ninety=given("90% of futures", "convention: range drawn"),
            **{name: quoted(counts, phase, column) for name, column in
               (("median", "p50"), ("low", "p05"), ("high", "p95"), ("came", "observed"))})
        for phase in PHASES
    ]  # fmt: skip
    return say(
        "{title}. One row a phase with the ranges forecast as lines and what came as a black dot. "
        "{told}. The numbers are in the table beside this chart.",
        title=title, told=joined("; ", told),
    )  # fmt: skip
