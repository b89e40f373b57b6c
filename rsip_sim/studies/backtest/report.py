"""The back-test told: the verdict first, then scores, Rotherham, and each mechanism's worth."""

from __future__ import annotations

from rsip_sim.evidence.months import month_name
from rsip_sim.evidence.national import PHASES
from rsip_sim.report.blocks import Block, Column, Paragraph, Points, Report, Table
from rsip_sim.studies.backtest.cases import FLAT, KNOWN_SERIES, LEARNT, MODEL, WITHHELD
from rsip_sim.studies.backtest.work import MODES, TOGETHER, Backtest

_SCORES = (
    Column("phase", 10, words=True), Column("route", 11, words=True),
    Column("forecaster", 19, words=True), Column("CRPS", 7), Column("log", 7), Column("in 50%", 9),
    Column("in 90%", 9), Column("forecast", 10), Column("observed", 10),
)  # fmt: skip
_MECHANISMS = (
    Column("switched off", 44, words=True), Column("phase", 11, words=True), Column("CRPS", 8),
    Column("± s.e.", 8), Column("log", 8), Column("± s.e.", 8),
)  # fmt: skip


def backtest_report(found: Backtest) -> Report:
    """The findings in words and small tables."""
    opening = (
        f"Openings after 1 April 2013 to {month_name(found.until)}, forecast from what was known "
        f"on that day: {found.scored} authorities, {found.replications:,} replications each."
    )
    blocks: list[Block] = [Paragraph(opening), Paragraph(_conclusion(found), apart=True)]
    for mode in MODES:
        blocks += _verdicts(found, mode)
    blocks.append(Paragraph(_cost_of_withholding(found), apart=True))
    blocks += [_scores(found, mode) for mode in MODES]
    for mode in MODES:
        blocks += _rotherham(found, mode)
    if "mechanisms" in found.tables:
        blocks.append(_mechanisms(found))
    return Report("", tuple(blocks))


def _conclusion(found: Backtest) -> str:
    """The verdict on all phases together, whatever it is."""
    said = []
    for mode in MODES:
        words = [
            f"against '{rival}' {found.beats(rival, TOGETHER, 'crps', mode)} by the CRPS and "
            f"{found.beats(rival, TOGETHER, 'log_score', mode)} by the log score"
            for rival in (FLAT, LEARNT)
        ]
        said.append(f"With the {mode} the model does, {'; '.join(words)}.")
    return " ".join(["All phases together.", *said, "Clearly: by more than two standard errors."])


def _verdicts(found: Backtest, mode: str) -> list[Block]:
    said = []
    for rival in (FLAT, LEARNT):
        words = [
            f"{phase} {found.beats(rival, phase, 'crps', mode)} (CRPS), "
            f"{found.beats(rival, phase, 'log_score', mode)} (log score)"
            for phase in PHASES
        ]
        said.append(f"model against '{rival}': {'; '.join(words)}.")
    return [Paragraph(f"With the {mode}:", apart=True), Points(tuple(said), plain=True, depth=1)]


def _cost_of_withholding(found: Backtest) -> str:
    """What a planner of 2013 lost by not knowing the national series."""
    table = found.tables["scores"]
    chosen = table[(table["forecaster"] == MODEL) & (table["route"] == "all")]
    crps = {(row["mode"], row["phase"]): row["crps"] for row in chosen.to_dict("records")}
    words = []
    for phase in PHASES:
        known, withheld = crps[KNOWN_SERIES, phase], crps[WITHHELD, phase]
        words.append(f"{phase} {withheld - known:+.3f} ({withheld / known - 1:+.0%})")
    return (
        "Not knowing the national series after March 2013 costs the model, in CRPS: "
        f"{', '.join(words)}."
    )


def _scores(found: Backtest, mode: str) -> Table:
    table = found.tables["scores"]
    rows = tuple(
        (
            row["phase"], row["route"], row["forecaster"], f"{row['crps']:.3f}",
            f"{row['log_score']:.3f}", f"{row['coverage_50']:.0%}", f"{row['coverage_90']:.0%}",
            f"{row['forecast_mean']:.2f}", f"{row['observed_mean']:.2f}",
        )
        for row in table[table["mode"] == mode].to_dict("records")
    )  # fmt: skip
    return Table(
        f"scores_{MODES.index(mode)}",
        f"Scores, {mode} (lower CRPS and log score are better; intervals should hold 50% and 90%)",
        "One row a count and forecaster: its scores, how often the intervals held what happened, "
        "and the mean forecast and count.",
        _SCORES, rows, apart=True,
    )  # fmt: skip


def _rotherham(found: Backtest, mode: str) -> list[Block]:
    table = found.tables["rotherham"]
    chosen = table[(table["mode"] == mode) & (table["phase"] != "special")]
    said = tuple(
        f"{row['phase']} {row['route']}: two years to April 2013 saw {row['seen_2011_13']} "
        f"(expected {row['expected_before']:.1f}; chance of so few {row['as_few_before']:.0%}, of "
        f"so many {row['as_many_before']:.0%}). Then {row['observed']}: forecast {row['p50']} "
        f"(50% {row['p25']} to {row['p75']}, 90% {row['p05']} to {row['p95']}), chance of so many "
        f"{row['model: as many']:.1%}; {FLAT} {row['flat rate: as many']:.1%}, {LEARNT} "
        f"{row['flat rate, learnt: as many']:.1%}."
        for row in chosen.to_dict("records")
    )
    return [Paragraph(f"Rotherham, {mode}", apart=True), Points(said, plain=True, depth=1)]


def _mechanisms(found: Backtest) -> Table:
    rows = tuple(
        (row["mechanism"], row["phase"],
         *(f"{row[name]:.3f}" for name in ("crps", "crps_error", "log_score", "log_score_error")))
        for row in found.tables["mechanisms"].to_dict("records")
    )  # fmt: skip
    return Table(
        "mechanisms",
        "What each mechanism is worth: change of the score when it is switched off (above 0: the "
        "mechanism helps)",
        "One row a mechanism and phase: how much worse the scores are without it.",
        _MECHANISMS, rows, apart=True,
    )  # fmt: skip
