"""The back-test told: the verdict first, behind it the scores, also by months ahead, and Rotherham.

Scores of the first origin stand in full; all of the second origin's stand in the tables.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from rsip_sim.evidence.months import month_name, month_text
from rsip_sim.evidence.national import PHASES
from rsip_sim.report.blocks import Column, Heading, Paragraph, Part, Points, Report, Row, Table
from rsip_sim.report.words import listed
from rsip_sim.studies.backtest.cases import FIRST_FUTURES, FLAT, KNOWN_SERIES, LEARNT, MODEL
from rsip_sim.studies.backtest.tables import TOGETHER
from rsip_sim.studies.backtest.work import MODES, Backtest

QUESTION = "Could the model have said beforehand what happened next?"
_KNOWN = {mode: mode.removeprefix("national series ") for mode in MODES}
_VERDICTS = (
    Column("from", 8, words=True), Column("series", 9, words=True),
    Column("phase", 11, words=True), Column(f"than {FLAT}: CRPS", 14, words=True, hang=0),
    Column("log score", 14, words=True, hang=0),
    Column(f"than {LEARNT}: CRPS", 14, words=True, hang=0),
    Column("log score", 14, words=True, hang=0),
)  # fmt: skip
_SCORES = (
    Column("series", 9, words=True), Column("phase", 10, words=True),
    Column("route", 10, words=True), Column("forecaster", 18, words=True), Column("CRPS", 7),
    Column("log", 7), Column("in 50%", 7), Column("in 90%", 7), Column("forecast", 9),
    Column("observed", 9),
)  # fmt: skip
_HORIZONS = (
    Column("from", 8, words=True), Column("series", 9, words=True),
    Column("phase", 10, words=True), Column("months", 7), Column("CRPS", 6), Column("in 50%", 6),
    Column("in 90%", 6), Column("forecast", 9), Column("observed", 9), Column("learnt CRPS", 7),
    Column("in 90%", 6), Column("flat CRPS", 6), Column("in 90%", 6),
)  # fmt: skip
_ROTHERHAM = (
    Column("from", 8, words=True), Column("series", 9, words=True),
    Column("phase", 10, words=True), Column("route", 10, words=True), Column("seen", 5),
    Column("expected", 9), Column("so few", 7, over="chance of"),
    Column("so many", 8, over="chance of"), Column("then", 5), Column("forecast (90%)", 13),
    Column("model", 6, over="chance of so many"), Column("flat", 6, over="chance of so many"),
    Column("learnt", 7, over="chance of so many"),
)  # fmt: skip
_MECHANISMS = (
    Column("switched off", 44, words=True), Column("phase", 11, words=True), Column("CRPS", 8),
    Column("± s.e.", 8), Column("log", 8), Column("± s.e.", 8),
)  # fmt: skip


def backtest_report(found: Backtest) -> Report:
    """The verdicts on all phases together; behind them those on each, and what they stand on."""
    days = listed([f"1 {month_name(origin)}" for origin in found.origins])
    sure: tuple[str, ...] = (
        "Better or worse is clear from two standard errors of the mean over authorities on.",
        "The ranges of the parameters were calibrated with what was known on 1 "
        f"{month_name(found.origins[0])}, so earlier forecasts are not free of what they forecast.",
        "Withheld: the national rate after the day of the forecast is not known to any of them.",
    )
    if found.precision and found.replications >= FIRST_FUTURES:
        reached = found.known_to <= found.precision
        sure += (
            f"The openings expected in an authority are known to ±{found.known_to:.2f} schools "
            f"(95%), {'' if reached else 'not '}as precisely as asked (±{found.precision:g}).",
        )
    parts = [
        Part("verdicts", "Against each rival, by phase", (verdicts_told(found, PHASES),)),
        Part("scores", "Scores by phase and route", (scores_told(found),)),
        Part("horizons", "By months ahead", (horizons_told(found),)),
        Part("rotherham", "Rotherham", (rotherham_told(found),)),
    ]
    if "mechanisms" in found.tables:
        parts.append(Part("mechanisms", "What each mechanism is worth", (_mechanisms(found),)))
    first = (
        Paragraph(_answer(found)),
        verdicts_told(found, (TOGETHER,)),
        Heading("How sure"),
        Points(sure, plain=True),
    )
    about = (
        f"Openings to {month_name(found.until)} in {found.scored} authorities, forecast from what "
        f"was known on {days}; {found.replications:,} futures each"
    )
    return Report(QUESTION, first, about, parts=tuple(parts))


def _answer(found: Backtest) -> str:
    """The verdict of the first origin on all phases together, whatever it is."""
    flat, learnt = (found.beats(rival, TOGETHER) for rival in (FLAT, LEARNT))
    scores = found.table("scores", KNOWN_SERIES)
    model = scores[(scores["forecaster"] == MODEL) & (scores["route"] == "all")]
    held = [f"{row['coverage_90']:.0%} of {row['phase']}" for row in model.to_dict("records")]
    return (
        f"From 1 {month_name(found.origins[0])}, with the national rate known, the model did by "
        f"the CRPS '{flat}' against the national rate in every authority and '{learnt}' against a "
        f"rate learnt for each. Its 90% ranges held {listed(held)} counts."
    )


def verdicts_told(found: Backtest, phases: tuple[str, ...]) -> Table:
    """The model against both rivals by both scores, for some phases, from every origin."""
    rows = tuple(
        (
            month_text(origin), _KNOWN[mode], phase,
            *(found.beats(rival, phase, score, mode, origin)
              for rival in (FLAT, LEARNT) for score in ("crps", "log_score")),
        )
        for origin in found.origins for mode in MODES for phase in phases
    )  # fmt: skip
    return Table(
        "verdicts", "How the model forecast beside two simple rivals",
        "One row a day of forecast, what was known of the national series and phase: whether the "
        "model did better than each rival, by either score.",
        _VERDICTS, rows, quiet=True, apart=True,
    )  # fmt: skip


def _measured(row: Mapping[Hashable, Any], *names: str) -> Row:
    """Scores with three decimals, coverage in per cent, mean counts with two decimals."""
    write = {"crps": ".3f", "log_score": ".3f", "coverage_50": ".0%", "coverage_90": ".0%"}
    return tuple(format(row[name], write.get(name, ".2f")) for name in names)


def scores_told(found: Backtest) -> Table:
    """Scores, coverage and means of every count and forecaster, from the first origin."""
    rows = tuple(
        (
            _KNOWN[mode], row["phase"], row["route"], row["forecaster"],
            *_measured(row, "crps", "log_score", "coverage_50", "coverage_90", "forecast_mean",
                       "observed_mean"),
        )
        for mode in MODES for row in found.table("scores", mode).to_dict("records")
    )  # fmt: skip
    return Table(
        "scores",
        f"Scores from 1 {month_name(found.origins[0])} (lower CRPS and log score are better; "
        "ranges should hold 50% and 90%)",
        "One row a count and forecaster: its scores, how often the ranges held what happened, "
        "and the mean forecast and count.",
        _SCORES, rows, quiet=True,
    )  # fmt: skip


def horizons_told(found: Backtest) -> Table:
    """One line an origin, phase and date, the three forecasters beside each other."""
    rows = []
    for origin, mode in ((origin, mode) for origin in found.origins for mode in MODES):
        records = found.table("horizons", mode, origin).to_dict("records")
        each = {(row["phase"], row["months"], row["forecaster"]): row for row in records}
        for phase, months in dict.fromkeys((phase, months) for phase, months, _ in each):
            model, flat, learnt = (each[phase, months, name] for name in (MODEL, FLAT, LEARNT))
            means = ("crps", "coverage_50", "coverage_90", "forecast_mean", "observed_mean")
            rows.append(
                (
                    month_text(origin), _KNOWN[mode], phase, str(months),
                    *_measured(model, *means),
                    *_measured(learnt, "crps", "coverage_90"),
                    *_measured(flat, "crps", "coverage_90"),
                )
            )  # fmt: skip
    return Table(
        "horizons", "By months ahead, all openings of a phase: the model, then both rivals",
        "One row an origin, phase and number of months ahead: the scores and coverage of the three "
        "forecasters.",
        _HORIZONS, tuple(rows), quiet=True,
    )  # fmt: skip


def rotherham_told(found: Backtest) -> Table:
    """What came in Rotherham before and after each day of forecast, and the chances of it."""
    rows = tuple(
        (
            month_text(origin), _KNOWN[mode], row["phase"], row["route"], str(row["seen"]),
            f"{row['expected_before']:.1f}", f"{row['as_few_before']:.0%}",
            f"{row['as_many_before']:.0%}", str(row["observed"]),
            f"{row['p50']} ({row['p05']} to {row['p95']})",
            *(f"{row[f'{name}: as many']:.1%}" for name in (MODEL, FLAT, LEARNT)),
        )
        for origin in found.origins for mode in MODES
        for row in found.table("rotherham", mode, origin).to_dict("records")
        if row["phase"] != "special"
    )  # fmt: skip
    return Table(
        "rotherham",
        "Rotherham: openings seen from May 2011 and their chances, then those forecast (90%)",
        "One row a day of forecast, phase and route: openings seen, expected and the chance of so "
        "few and so many; openings that followed, the forecast, and the chance that model, flat "
        "and learnt rate gave to so many.",
        _ROTHERHAM, rows, quiet=True,
    )  # fmt: skip


def _mechanisms(found: Backtest) -> Table:
    rows = tuple(
        (row["mechanism"], row["phase"],
         *(f"{row[name]:.3f}" for name in ("crps", "crps_error", "log_score", "log_score_error")))
        for row in found.tables["mechanisms"].to_dict("records")
    )  # fmt: skip
    return Table(
        "mechanisms", "Change of the score without each (above 0: the mechanism helps)",
        "One row a mechanism and phase: how much worse the scores are without it.",
        _MECHANISMS, rows, quiet=True,
    )  # fmt: skip
