"""The back-test told: the verdict first, behind it the scores, also by months ahead, and Rotherham.

Scores of the first origin stand in full; all of the second origin's stand in the tables.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from rsip_sim.charts import style
from rsip_sim.charts.fan import Curves, Panels, Series, along_months
from rsip_sim.charts.frame import Chart, framed
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.evidence.months import month_name, month_text, parse_month
from rsip_sim.evidence.national import PHASES
from rsip_sim.report.blocks import (
    Column,
    Heading,
    Paragraph,
    Part,
    Points,
    Report,
    Row,
    Table,
    columns,
)
from rsip_sim.report.words import listed
from rsip_sim.studies.backtest.forecast import FIRST_FUTURES
from rsip_sim.studies.backtest.tables import FLAT, LEARNT, MODEL, TOGETHER
from rsip_sim.studies.backtest.work import Backtest

QUESTION = "Could the model have said beforehand what happened next?"
DECIMALS = {"crps": ".3f", "log_score": ".3f", "coverage_50": ".0%", "coverage_90": ".0%"}
"""How scores are written; means with two decimals."""

_WHEN = columns(("from", "series", "phase"), (8, 9, 10), words=(1, 2))


def backtest_report(found: Backtest) -> Report:
    """The verdicts on all phases together; behind them those on each, and what they stand on."""
    days = [f"1 {month_name(origin)}" for origin in found.origins]
    sure = [
        "Better or worse is clear from two standard errors of the mean over authorities on.",
        f"The ranges of the parameters were calibrated with what was known on {days[0]}, so "
        "earlier forecasts are not free of what they forecast.",
        "Withheld: the national rate after the day of the forecast is not known to any of them.",
    ]
    if found.precision and found.replications >= FIRST_FUTURES:
        reached = "" if found.known_to <= found.precision else "not "
        sure.append(
            f"The openings expected in an authority are known to ±{found.known_to:.2f} schools "
            f"(95%), {reached}as precisely as asked (±{found.precision:g})."
        )
    parts = [
        Part("verdicts", "Against each rival, by phase", (verdicts_told(found, PHASES),)),
        Part("scores", "Scores by phase and route", (scores_told(found),)),
        Part("horizons", "By months ahead", (horizons_told(found),)),
        Part("rotherham", "Rotherham", (rotherham_told(found),)),
    ]
    if "mechanisms" in found.tables:
        parts.append(Part("mechanisms", "What each mechanism is worth", (_mechanisms(found),)))
    verdicts = verdicts_told(found, (TOGETHER,))
    first = (
        Paragraph(_answer(found, verdicts)),
        verdicts,
        Heading("How sure"),
        Points(tuple(sure), plain=True),
    )
    about = (
        f"Openings to {month_name(found.until)} in {found.scored} authorities, forecast from what "
        f"was known on {listed(days)}; {found.replications:,} futures each"
    )
    return Report(QUESTION, first, about, parts=tuple(parts))


def _answer(found: Backtest, verdicts: Table) -> str:
    """The verdict of the first origin on all phases together, whatever it is."""
    flat, _, learnt, _ = verdicts.cells[0][len(_WHEN) :]
    scores = found.table("scores")
    model = scores[(scores["forecaster"] == MODEL) & (scores["route"] == "all")]
    held = [f"{row['coverage_90']:.0%} of {row['phase']}" for row in model.to_dict("records")]
    return (
        f"From 1 {month_name(found.origins[0])}, with the national rate known, the model did by "
        f"the CRPS '{flat}' against the national rate in every authority and '{learnt}' against a "
        f"rate learnt for each. Its 90% ranges held {listed(held)} counts."
    )


def verdicts_told(found: Backtest, phases: Sequence[str]) -> Table:
    """The model against both rivals by both scores, for some phases, from every origin."""
    rows = [
        (*when, *(row["verdict"] for row in group if row["route"] == "all"))
        for when, group in _grouped(found, "verdicts")
        if when[-1] in phases
    ]
    compared = (
        Column(score, 15, words=True, over=f"than {rival}", hang=0)
        for rival in (FLAT, LEARNT)
        for score in ("CRPS", "log score")
    )
    caption = "How the model forecast beside two simple rivals"
    how = "One row a day of forecast, series and phase: whether the model did better than each."
    shown = (*_WHEN[:2], Column("phase", 11, words=True), *compared)
    return Table("verdicts", caption, how, shown, tuple(rows), quiet=True, apart=True)


def scores_told(found: Backtest) -> Table:
    """Scores, coverage and means of every count and forecaster, from the first origin."""
    names = (*DECIMALS, "forecast_mean", "observed_mean")
    rows = [
        (*when[1:], row["route"], row["forecaster"], *_written(row, *names))
        for when, group in _grouped(found, "scores")
        if when[0] == month_text(found.origins[0])
        for row in group
    ]
    heads = ("route", "forecaster", "CRPS", "log", "in 50%", "in 90%", "forecast", "observed")
    shown = (*_WHEN[1:], *columns(heads, (10, 18, 7, 7, 7, 7, 9, 9), words=(1,)))
    caption = (
        f"Scores from 1 {month_name(found.origins[0])} (lower CRPS and log score are better; "
        "ranges should hold 50% and 90%)"
    )
    how = "One row a count and forecaster: its scores, coverage, and the mean forecast and count."
    return Table("scores", caption, how, shown, tuple(rows), quiet=True)


def horizons_told(found: Backtest) -> Table:
    """One line an origin, phase and date, the three forecasters beside each other."""
    rows = []
    for when, group in _grouped(found, "horizons", "months"):
        model, flat, learnt = group
        means = _written(model, "forecast_mean", "observed_mean")
        scores = _written(model, "crps", "coverage_50", "coverage_90")
        rivals = (_written(rival, "crps", "coverage_90") for rival in (flat, learnt))
        rows.append((*when, *means, *scores, *itertools.chain(*rivals)))
    own = (Column("months", 7), Column("forecast", 9), Column("observed", 9))
    scored = (
        Column(head, 6, over=over)
        for over, heads in (
            (MODEL, ("CRPS", "in 50%", "in 90%")),
            (FLAT, ("CRPS", "in 90%")),
            ("learnt", ("CRPS", "in 90%")),
        )
        for head in heads
    )
    shown = (*_WHEN, *own, *scored)
    caption = "By months ahead, all openings of a phase: the model, then both rivals"
    how = "One row an origin, phase and number of months ahead: scores and coverage of each."
    return Table("horizons", caption, how, shown, tuple(rows), quiet=True)


def rotherham_told(found: Backtest) -> Table:
    """What came in Rotherham before and after each day of forecast, and the chances of it."""
    rows = [
        (
            *when,
            row["route"],
            str(row["seen"]),
            f"{row['expected_before']:.1f}",
            f"{row['as_few_before']:.0%}",
            f"{row['as_many_before']:.0%}",
            str(row["observed"]),
            f"{row['p50']} ({row['p05']} to {row['p95']})",
            *(f"{row[f'{name}: as many']:.1%}" for name in (MODEL, FLAT, LEARNT)),
        )
        for when, group in _grouped(found, "rotherham")
        for row in group
        if row["phase"] != "special"
    ]
    shown = (
        *_WHEN,
        *columns(("route", "seen", "mean"), (10, 5, 5)),
        Column("few", 6, over="chance of so"),
        Column("many", 7, over="chance of so"),
        Column("then", 5),
        Column("forecast (90%)", 12),
        Column("model", 6, over="chance of so many"),
        Column("flat", 6, over="chance of so many"),
        Column("learnt", 7, over="chance of so many"),
    )
    caption = "Rotherham: openings seen from May 2011 and their chances, then those forecast (90%)"
    how = (
        "One row a day of forecast, phase and route: openings seen, their mean and the chance of "
        "so few and so many; openings that followed, the forecast, and the chance of so many."
    )
    return Table("rotherham", caption, how, shown, tuple(rows), quiet=True)


def _mechanisms(found: Backtest) -> Table:
    names = ("crps", "crps_error", "log_score", "log_score_error")
    rows = [
        (row["mechanism"], row["phase"], *(f"{row[name]:.3f}" for name in names))
        for row in found.tables["mechanisms"].to_dict("records")
    ]
    heads = ("switched off", "phase", "CRPS", "± s.e.", "log", "± s.e.")
    shown = columns(heads, (44, 11, 8, 8, 8, 8), words=(1,))
    caption = "Change of the score without each (above 0: the mechanism helps)"
    how = "One row a mechanism and phase: how much worse the scores are without it."
    return Table("mechanisms", caption, how, shown, tuple(rows), quiet=True)


def _grouped(
    found: Backtest, name: str, *by: str
) -> Iterator[tuple[Row, list[dict[Hashable, Any]]]]:
    """The rows of a table by origin, series and phase, with the cells that name them."""
    for keys, group in found.tables[name].groupby(["origin", "mode", "phase", *by], sort=False):
        origin, mode, *rest = map(str, keys)
        yield (origin, mode.split()[-1], *rest), group.to_dict("records")


def _written(row: Mapping[Hashable, Any], *names: str) -> Row:
    return tuple(format(row[name], DECIMALS.get(name, ".2f")) for name in names)


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
