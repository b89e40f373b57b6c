"""The schools with most pupils at risk: the chance of each to leave, with its interval."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fit import fitted
from rsip_sim.charts.frame import framed, source_line
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows
from rsip_sim.charts.scales import Scale, round_step
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.evidence.months import month_name
from rsip_sim.report.words import listed, per_cent, place
from rsip_sim.studies.risks.work import RiskRegister

NAME = "schools_at_risk"
MOST = 20
LABELS_CM, PUPILS_CM = 8.4, 1.2
CHANCE = KeyEntry("chance", "dot", style.DARK_BLUE, width=5)
PRECISION = KeyEntry("95% interval of the chance", "line", style.MID_BLUE, width=3.5)
BEFORE = KeyEntry("", "dot", style.WHITE, style.BLACK, width=5)


def schools_at_risk(register: RiskRegister) -> Chart:
    """A dot and its interval a school, in the order of the register; the baseline as a ring.

    Without a partnership the chance is that of becoming an academy.
    """
    measure = "leaves" if register.partnership else "academy"
    shown = register.schools.head(MOST)
    room = LABELS_CM - PUPILS_CM - 0.3
    block = Block(
        [fitted(str(name), style.NOTE_SIZE, room) for name in shown["school"]],
        [
            Panel(
                [_row(record, measure) for _, record in shown.iterrows()],
                _scale(shown, measure),
                number_head="chance",
            )
        ],
        beside=[f"{pupils:,}" for pupils in shown["pupils"]],
        label_heads=("School", "pupils"),
    )
    return framed(
        NAME,
        _title(shown, measure, register.partnership),
        Rows([block], LABELS_CM, PUPILS_CM, numbers_cm=1.2, row_cm=0.55),
        subtitle=_subtitle(register),
        notes=[
            "Schools stand in the order of chance × pupils. Bar: 95% interval of the chance, how "
            "precisely the simulated futures fix it; it shrinks with more of them and is no spread "
            "of outcomes. No forecast of a named school.",
            source_line(register.replications, [register.scenario]),
        ],
        key=_key(register, measure),
        told=_told(shown, measure),
        data=shown[[c for c in _columns(measure) if c in shown.columns]],
    )


def _columns(measure: str) -> list[str]:
    return [
        "rank", "urn", "school", "pupils", measure, f"{measure}_ci_low", f"{measure}_ci_high",
        f"{measure}_difference", f"{measure}_difference_ci_low", f"{measure}_difference_ci_high",
    ]  # fmt: skip


def _scale(shown: pd.DataFrame, measure: str) -> Scale:
    column = f"{measure}_difference"
    before = shown[measure] - shown[column] if column in shown else pd.Series(dtype=float)
    highest = float(np.nanmax([*shown[f"{measure}_ci_high"], *before, 0.05]))
    step = round_step(highest)
    top = min(np.ceil(highest / step) * step, 1.0)
    ticks = np.arange(0, top + step / 2, step).tolist()
    return Scale("%", 0.0, top, lambda value: f"{100 * value:.3g}%", ticks, line=None)


def _row(record: pd.Series[float], measure: str) -> Row:
    chance = record[measure]
    if np.isnan(chance):
        return Row(number=per_cent(chance), instead="an academy already")
    before = chance - record.get(f"{measure}_difference", np.nan)
    low, high = record[f"{measure}_ci_low"], record[f"{measure}_ci_high"]
    marks = [Mark(PRECISION, low, high), Mark(BEFORE, before), Mark(CHANCE, chance)]
    return Row(marks, per_cent(chance))


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
    low, high = (per_cent(each, brief=True) for each in (chances.min(), chances.max()))
    span = low if low == high else f"{low.removesuffix('%')} to {high}"
    return f"{many} {verb} in {span} of futures"


def _subtitle(register: RiskRegister) -> str:
    what = "leaving the partnership at least once" if register.partnership else (
        "becoming an academy"
    )  # fmt: skip
    return (
        f"Chance of {what} to the end of {month_name(register.last_month)}, and pupils; "
        f"'{register.scenario.title}', {place(register.scenario)}"
    )


def _key(register: RiskRegister, measure: str) -> list[KeyEntry]:
    compared = register.compared or (measure == "academy" and register.baseline is not None)
    if not compared or register.baseline is None:
        return [CHANCE, PRECISION]
    title = fitted(register.baseline.title, style.TEXT_SIZE, 5.0)[0]
    return [CHANCE, PRECISION, replace(BEFORE, label=f"under '{title}'")]


def _told(shown: pd.DataFrame, measure: str) -> str:
    first = [
        f"{record['school']} {per_cent(record[measure], brief=True)} ({record['pupils']:,} pupils)"
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
        f"Dot and interval chart, one row a school in the order of chance × pupils. First "
        f"come {listed(first)}.{against}"
    )
