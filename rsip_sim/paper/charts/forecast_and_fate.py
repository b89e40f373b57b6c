"""Academies opened in the place after the model's last year of fitting: forecast and fate."""

from __future__ import annotations

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import framed
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows, numbers_in
from rsip_sim.charts.scales import Scale, tick
from rsip_sim.charts.sheet import MARGIN, KeyEntry
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.paper.sections.backtest import CHART, KEYS, PHASES, PLACE, quoted, side
from rsip_sim.report.quoted import Said, given, joined, listed, say

_COLUMNS = ("p05", "p25", "p50", "p75", "p95", "observed")
NINETY = KeyEntry("90% of futures", "line", style.DARK_GREY, width=1.0)
FIFTY = KeyEntry("50% of futures", "line", style.MID_BLUE, width=3.5)
MEDIAN = KeyEntry("median", "dot", style.WHITE, style.BLACK, width=5.0)
CAME = KeyEntry("what came", "dot", style.BLACK, width=5.0)


def forecast_and_fate(counts: LedgerTable) -> Chart:
    """One row a phase: the forecast's ranges as lines, what came as a black dot.

    counts  `rsip_sim.paper.sections.backtest.backtest_tables`, the second
    """
    data = counts.frame[[*KEYS, *_COLUMNS]]
    found = data.set_index("phase").astype(float).to_dict("index")
    rows = [
        Row(
            [
                Mark(NINETY, row["p05"], row["p95"]),
                Mark(FIFTY, row["p25"], row["p75"]),
                Mark(MEDIAN, row["p50"]),
                Mark(CAME, row["observed"], words=f"{row['observed']:.0f} came", above=True),
            ]
        )
        for row in (found[phase] for phase in PHASES)
    ]
    most = max(numbers_in(rows)) * 1.08 + 0.5
    panel = Panel(rows, Scale("schools", 0.0, most, tick, most=8, line=None, label="schools"))
    return framed(
        CHART,
        _title(counts),
        Rows([Block(PHASES, [panel])], labels_cm=2.2, right_cm=MARGIN, row_cm=1.0),
        subtitle=f"Schools that became academies after 1 April 2013, {PLACE}: as forecast from "
        "what was known then with the national rate that followed, and as it came",
        notes=[
            "Ranges are of single futures, not of an average: thin line 90%, thick line 50%.",
            "Source: back-test with rsip_sim; openings from the register of the Department for "
            "Education (OGL v3).",
        ],
        key=[NINETY, FIFTY, MEDIAN, CAME],
        told=_told(counts),
        data=data,
        keys=KEYS,
    )


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


def _told(counts: LedgerTable) -> Said:
    told = [
        say("{phase}: median forecast {median}, {ninety} {low} to {high}, came {came}",
            phase=phase, ninety=given("90% of futures", "convention: range drawn"),
            **{name: quoted(counts, phase, column) for name, column in
               (("median", "p50"), ("low", "p05"), ("high", "p95"), ("came", "observed"))})
        for phase in PHASES
    ]  # fmt: skip
    return say(
        "One row a phase with the ranges forecast as lines and what came as a black dot. "
        "{told}.",
        told=joined("; ", told),
    )  # fmt: skip
