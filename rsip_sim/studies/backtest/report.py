"""The back-test told: the verdict first, then scores, also by months ahead, and Rotherham.

Forecasts of the second origin are told in short; all their scores stand in the tables.
"""

from __future__ import annotations

from rsip_sim.evidence.months import month_name, month_text
from rsip_sim.evidence.national import PHASES
from rsip_sim.report.blocks import Block, Column, Paragraph, Points, Report, Table
from rsip_sim.report.words import listed
from rsip_sim.studies.backtest.cases import FLAT, KNOWN_SERIES, LEARNT, MODEL, WITHHELD
from rsip_sim.studies.backtest.tables import TOGETHER
from rsip_sim.studies.backtest.work import MODES, Backtest

_SCORES = (
    Column("phase", 10, words=True), Column("route", 11, words=True),
    Column("forecaster", 19, words=True), Column("CRPS", 7), Column("log", 7), Column("in 50%", 9),
    Column("in 90%", 9), Column("forecast", 10), Column("observed", 10),
)  # fmt: skip
_HORIZONS = (
    Column("from", 8, words=True), Column("phase", 10, words=True), Column("months", 7),
    Column("CRPS", 7), Column("in 50%", 7), Column("in 90%", 7), Column("forecast", 9),
    Column("observed", 9), Column("learnt CRPS", 12), Column("in 90%", 7), Column("flat CRPS", 10),
    Column("in 90%", 7),
)  # fmt: skip
_MECHANISMS = (
    Column("switched off", 44, words=True), Column("phase", 11, words=True), Column("CRPS", 8),
    Column("± s.e.", 8), Column("log", 8), Column("± s.e.", 8),
)  # fmt: skip


def backtest_report(found: Backtest) -> Report:
    """The findings in words and small tables."""
    days = listed([_day(origin) for origin in found.origins])
    opening = (
        f"Openings to {month_name(found.until)}, forecast from what was known on {days}: "
        f"{found.scored} authorities, {found.replications:,} replications each."
    )
    blocks: list[Block] = [Paragraph(opening)]
    blocks += [Paragraph(_conclusion(found, origin), apart=True) for origin in found.origins]
    blocks.append(
        Paragraph(
            f"The ranges of the parameters were calibrated with what was known on "
            f"{_day(found.origins[0])}, so the earlier forecasts are not wholly free of what they "
            "forecast.",
            apart=True,
        )
    )
    for origin in found.origins:
        for mode in MODES:
            blocks += _verdicts(found, mode, origin)
    blocks.append(Paragraph(_cost_of_withholding(found), apart=True))
    blocks += [_horizons(found, mode) for mode in MODES]
    blocks += [_scores(found, mode) for mode in MODES]
    for origin in found.origins:
        for mode in MODES:
            blocks += _rotherham(found, mode, origin)
    if "mechanisms" in found.tables:
        blocks.append(_mechanisms(found))
    return Report("", tuple(blocks))


def _day(origin: int) -> str:
    return f"1 {month_name(origin)}"


def _conclusion(found: Backtest, origin: int) -> str:
    """The verdict on all phases together, whatever it is."""
    said = []
    for mode in MODES:
        words = [
            f"against '{rival}' {found.beats(rival, TOGETHER, 'crps', mode, origin)} by the CRPS "
            f"and {found.beats(rival, TOGETHER, 'log_score', mode, origin)} by the log score"
            for rival in (FLAT, LEARNT)
        ]
        said.append(f"With the {mode} the model does, {'; '.join(words)}.")
    return " ".join(
        [
            f"From {_day(origin)}, all phases together.",
            *said,
            "Clearly: by more than two standard errors.",
        ]
    )


def _verdicts(found: Backtest, mode: str, origin: int) -> list[Block]:
    said = []
    for rival in (FLAT, LEARNT):
        words = [
            f"{phase} {found.beats(rival, phase, 'crps', mode, origin)} (CRPS), "
            f"{found.beats(rival, phase, 'log_score', mode, origin)} (log score)"
            for phase in PHASES
        ]
        said.append(f"model against '{rival}': {'; '.join(words)}.")
    head = Paragraph(f"From {_day(origin)}, with the {mode}:", apart=True)
    return [head, Points(tuple(said), plain=True, depth=1)]


def _cost_of_withholding(found: Backtest) -> str:
    """What a planner of the day lost by not knowing the national series."""
    said = []
    for origin in found.origins:
        crps: dict[tuple[str, str], float] = {}
        for mode in MODES:
            table = found.table("scores", mode, origin)
            chosen = table[(table["forecaster"] == MODEL) & (table["route"] == "all")]
            crps |= {(mode, row["phase"]): row["crps"] for row in chosen.to_dict("records")}
        words = []
        for phase in PHASES:
            known, withheld = crps[KNOWN_SERIES, phase], crps[WITHHELD, phase]
            words.append(f"{phase} {withheld - known:+.3f} ({withheld / known - 1:+.0%})")
        said.append(f"from {_day(origin)}, {', '.join(words)}")
    return (
        "Not knowing the national series after the day of the forecast costs the model, in CRPS: "
        f"{'; '.join(said)}."
    )


def _horizons(found: Backtest, mode: str) -> Table:
    """One line an origin, phase and date, the three forecasters beside each other."""
    lines = []
    for origin in found.origins:
        records = found.table("horizons", mode, origin).to_dict("records")
        each = {(row["phase"], row["months"], row["forecaster"]): row for row in records}
        for phase, months in dict.fromkeys((phase, months) for phase, months, _ in each):
            model, flat, learnt = (each[phase, months, name] for name in (MODEL, FLAT, LEARNT))
            lines.append(
                (
                    month_text(origin), phase, str(months), f"{model['crps']:.3f}",
                    f"{model['coverage_50']:.0%}", f"{model['coverage_90']:.0%}",
                    f"{model['forecast_mean']:.2f}", f"{model['observed_mean']:.2f}",
                    f"{learnt['crps']:.3f}", f"{learnt['coverage_90']:.0%}",
                    f"{flat['crps']:.3f}", f"{flat['coverage_90']:.0%}",
                )
            )  # fmt: skip
    return Table(
        f"horizons_{MODES.index(mode)}",
        f"By months ahead, all openings of a phase, {mode}: the model, then both rivals",
        "One row an origin, phase and number of months ahead: the scores and coverage of the three "
        "forecasters.",
        _HORIZONS, tuple(lines), apart=True,
    )  # fmt: skip


def _scores(found: Backtest, mode: str) -> Table:
    origin = found.origins[0]
    table = found.table("scores", mode, origin)
    rows = tuple(
        (
            row["phase"], row["route"], row["forecaster"], f"{row['crps']:.3f}",
            f"{row['log_score']:.3f}", f"{row['coverage_50']:.0%}", f"{row['coverage_90']:.0%}",
            f"{row['forecast_mean']:.2f}", f"{row['observed_mean']:.2f}",
        )
        for row in table.to_dict("records")
    )  # fmt: skip
    return Table(
        f"scores_{MODES.index(mode)}",
        f"Scores from {_day(origin)}, {mode} (lower CRPS and log score are better; intervals "
        "should hold 50% and 90%)",
        "One row a count and forecaster: its scores, how often the intervals held what happened, "
        "and the mean forecast and count.",
        _SCORES, rows, apart=True,
    )  # fmt: skip


def _rotherham(found: Backtest, mode: str, origin: int) -> list[Block]:
    table = found.table("rotherham", mode, origin)
    chosen = table[table["phase"] != "special"]
    said = tuple(
        f"{row['phase']} {row['route']}: from May 2011 {row['seen']} were seen "
        f"(expected {row['expected_before']:.1f}; chance of so few {row['as_few_before']:.0%}, of "
        f"so many {row['as_many_before']:.0%}). Then {row['observed']}: forecast {row['p50']} "
        f"(50% {row['p25']} to {row['p75']}, 90% {row['p05']} to {row['p95']}), chance of so many "
        f"{row['model: as many']:.1%}; {FLAT} {row['flat rate: as many']:.1%}, {LEARNT} "
        f"{row['flat rate, learnt: as many']:.1%}."
        for row in chosen.to_dict("records")
    )
    head = Paragraph(f"Rotherham from {_day(origin)}, {mode}", apart=True)
    return [head, Points(said, plain=True, depth=1)]


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
