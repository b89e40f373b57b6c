"""The schools with most pupils at risk: the chance of each to leave, with its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.sheet import MARGIN, KeyEntry, Sheet
from rsip_sim.charts.text import fitted
from rsip_sim.evidence.months import month_name
from rsip_sim.measures.formats import per_cent
from rsip_sim.measures.runs import CERTAIN, PanelSource
from rsip_sim.report.words import listed
from rsip_sim.studies.risks.work import RiskRegister

NAME = "schools_at_risk"
MOST = 20
LABELS_CM = 8.4
HEADS_CM = 0.5
ROW_CM = 0.55
AXIS_CM = 1.0
RIGHT_CM = 1.2


def schools_at_risk(register: RiskRegister, results: PanelSource) -> Chart:
    """A dot and its interval a school, in the order of the register; the baseline as a ring.

    Without a partnership the chance is that of becoming an academy.
    """
    measure = "leaves" if register.partnership else "academy"
    shown = register.schools.head(MOST)
    title = _title(shown, measure, register.partnership)
    height = len(shown) * ROW_CM
    with style.chart_style():
        sheet = Sheet(
            title, _subtitle(register), height + AXIS_CM + HEADS_CM,
            _notes(register, results), _key(register, measure),
        )  # fmt: skip
        left = MARGIN + LABELS_CM
        width = style.WIDTH_CM - left - MARGIN - RIGHT_CM
        axes = sheet.axes(left, AXIS_CM, width, height)
        _frame(axes, shown, measure)
        right = left + width + RIGHT_CM
        _row(sheet, ("School", "pupils", "chance"), left, right, AXIS_CM + height + 0.25, True)
        for place, (_, record) in enumerate(shown.iterrows()):
            cells = record["school"], f"{record['pupils']:,}", per_cent(record[measure])
            _row(sheet, cells, left, right, AXIS_CM + height - (place + 0.5) * ROW_CM)
            _mark(axes, record, measure, place)
    data = shown[[c for c in _columns(measure) if c in shown.columns]]
    return Chart(NAME, title, sheet.figure, data, _alt(shown, measure, title))


def _columns(measure: str) -> list[str]:
    return [
        "rank", "urn", "school", "pupils", measure, f"{measure}_ci_low", f"{measure}_ci_high",
        f"{measure}_difference", f"{measure}_difference_ci_low", f"{measure}_difference_ci_high",
    ]  # fmt: skip


def _frame(axes: Axes, shown: pd.DataFrame, measure: str) -> None:
    highest = float(np.nanmax([*shown[f"{measure}_ci_high"], *_baseline(shown, measure), 0.05]))
    step = common.round_step(highest)
    top = min(np.ceil(highest / step) * step, 1.0)
    axes.set_ylim(len(shown), 0)
    axes.set_xlim(0, top)
    axes.set_yticks([])
    axes.grid(True, axis="x")
    axes.set_xticks(np.arange(0, top + step / 2, step))
    axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.3g}%")


def _baseline(shown: pd.DataFrame, measure: str) -> list[float]:
    column = f"{measure}_difference"
    if column not in shown:
        return [np.nan] * len(shown)
    return [float(value) for value in shown[measure] - shown[column]]


def _row(
    sheet: Sheet, cells: tuple[str, str, str], left: float, right: float, middle: float,
    head: bool = False,
) -> None:  # fmt: skip
    """School and pupils left of the panel, the chance right of it."""
    name, pupils, chance = cells
    weight = "bold" if head else "normal"
    name = fitted(name, style.NOTE_SIZE, LABELS_CM - 1.5)[0]
    for words, at in ((name, left - 1.4), (pupils, left - 0.2), (chance, right)):
        sheet.text(
            at, middle, words, style.NOTE_SIZE, ha="right", va="center", fontweight=weight,
            gid="row",
        )  # fmt: skip


def _mark(axes: Axes, record: pd.Series[float], measure: str, place: int) -> None:
    chance = record[measure]
    if np.isnan(chance):
        axes.text(0.005, place + 0.5, "an academy already", fontsize=style.NOTE_SIZE, va="center")
        return
    at = [place + 0.5]
    low, high = record[f"{measure}_ci_low"], record[f"{measure}_ci_high"]
    axes.plot([low, high], at * 2, color=style.MID_BLUE, linewidth=3.5, zorder=2, clip_on=False)
    before = record.get(f"{measure}_difference", np.nan)
    if not np.isnan(before):
        axes.plot(
            [chance - before], at, marker="o", markersize=5, markerfacecolor=style.WHITE,
            markeredgecolor=style.BLACK, linestyle="", zorder=3, clip_on=False,
        )  # fmt: skip
    axes.plot(
        [chance], at, marker="o", markersize=5, color=style.DARK_BLUE, linestyle="", zorder=4,
        clip_on=False,
    )  # fmt: skip


def _title(shown: pd.DataFrame, measure: str, partnership: bool) -> str:
    chances = shown[measure].dropna()
    what = "leave the partnership" if partnership else "become academies"
    many = f"The {len(shown)} schools with most pupils at risk" if len(shown) > 1 else "The school"
    verb = what if len(shown) > 1 else what.replace("leave", "leaves").replace(
        "become academies", "becomes an academy"
    )  # fmt: skip
    if chances.empty:
        return f"{many} cannot {what}"
    if chances.max() == 0:
        what = "leaves the partnership" if partnership else "becomes an academy"
        return f"No school {what} in any of the futures simulated"
    low, high = per_cent(chances.min()), per_cent(chances.max())
    span = low if low == high else f"{low.removesuffix('%')} to {high}"
    return f"{many} {verb} in {span} of futures"


def _subtitle(register: RiskRegister) -> str:
    what = "leaving the partnership at least once" if register.partnership else (
        "becoming an academy"
    )  # fmt: skip
    renewal = ", every agreement renewed" if register.variant == CERTAIN else ""
    return (
        f"Chance of {what} to the end of {month_name(register.last_month)}, and pupils; "
        f"'{register.scenario.title}'{renewal}, {common.place(register.scenario)}"
    )


def _notes(register: RiskRegister, results: PanelSource) -> list[str]:
    return [
        "Schools stand in the order of chance × pupils. Bar: 95% interval of the chance, how "
        "precisely the simulated futures fix it; it shrinks with more of them and is no spread of "
        "outcomes. No forecast of a named school.",
        common.source_note(results, [register.scenario]),
    ]


def _key(register: RiskRegister, measure: str) -> list[KeyEntry]:
    entries = [
        KeyEntry("chance", "dot", style.DARK_BLUE, width=5),
        KeyEntry("95% interval of the chance", "line", style.MID_BLUE, width=3.5),
    ]
    compared = register.compared or (measure == "academy" and register.baseline is not None)
    if compared and register.baseline is not None:
        title = fitted(register.baseline.title, style.TEXT_SIZE, 5.0)[0]
        entries.append(KeyEntry(f"under '{title}'", "dot", style.WHITE, style.BLACK, width=5))
    return entries


def _alt(shown: pd.DataFrame, measure: str, title: str) -> str:
    first = [
        f"{record['school']} {per_cent(record[measure])} ({record['pupils']:,} pupils)"
        for _, record in shown.head(3).iterrows()
    ]
    against = ""
    if f"{measure}_difference" in shown and shown[f"{measure}_difference"].notna().any():
        higher = int((shown[f"{measure}_difference_ci_low"] > 0).sum())
        lower = int((shown[f"{measure}_difference_ci_high"] < 0).sum())
        against = (
            f" Against the baseline the chance is clearly lower for {lower} of them and clearly "
            f"higher for {higher}."
        )
    return (
        f"{title}. Dot and interval chart, one row a school in the order of chance × pupils. First "
        f"come {listed(first)}.{against} The numbers are in the table beside this chart."
    )
