"""How the model's forecasts fared where they were tried: the back-test kept with the package."""

from __future__ import annotations

import pandas as pd

from rsip_sim.evidence.months import month_text
from rsip_sim.paper.case import Case
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.report.blocks import Block, Heading, Paragraph, Picture, Points
from rsip_sim.report.quoted import Cell, Quote, Said, given, listed, say
from rsip_sim.report.verdicts import SPREAD
from rsip_sim.report.words import authority, per_cent
from rsip_sim.studies.backtest.cases import KNOWN_SERIES, MODEL, ORIGINS
from rsip_sim.studies.kernel.kept import is_current, stored_table

STUDY = "backtest"
SCORES, COUNTS = "backtest_scores", "backtest_rotherham"
PLACE = "Rotherham"
PHASES = ("primary", "secondary", "special")
KEYS = ("phase",)
CHART = "forecast_and_fate"
WHEN = given("1 April 2013", "date")


def backtest_tables() -> list[LedgerTable]:
    """Scores over all authorities, and Rotherham's counts, by phase; the national rate known."""
    titles = {
        SCORES: "Back-test: how the forecasts of academies opened fared, all authorities",
        COUNTS: "Back-test: academies opened in Rotherham, as forecast and as they came",
    }
    return [LedgerTable(name, title, _rows(name), KEYS) for name, title in titles.items()]


def _rows(name: str) -> pd.DataFrame:
    frame = stored_table(STUDY, name.removeprefix(f"{STUDY}_"))
    wanted = (frame["mode"] == KNOWN_SERIES) & (frame["route"] == "all")
    wanted &= frame["origin"] == month_text(ORIGINS[0])
    wanted &= frame["phase"].isin(PHASES)
    if "forecaster" in frame:
        wanted &= frame["forecaster"] == MODEL
    return frame[wanted].reset_index(drop=True)


def of_place(case: Case) -> bool:
    """Whether the paper is about the place whose forecast is kept."""
    return authority(case.baseline) == PLACE


def backtest_blocks(case: Case) -> list[Block]:
    """What the ranges held among all authorities, and in the place itself."""
    scores, counts = backtest_tables()
    blocks: list[Block] = [Heading(Said("Tried against what happened")), Paragraph(_held(scores))]
    if of_place(case):
        items = tuple(
            say("{fate}.", fate=fate(counts, phase)).capitalised() for phase in PHASES[:2]
        )
        blocks += [
            Paragraph(say("In {place} itself:", place=PLACE)),
            Points(items),
            Picture(CHART),
        ]
    return blocks


def _held(scores: LedgerTable) -> Said:
    shares = [
        say("{share} of {phase}", share=Quote(
            per_cent(scores.value((phase,), "coverage_90")), Cell(SCORES, (phase,), "coverage_90")
        ), phase=phase)
        for phase in PHASES
    ]  # fmt: skip
    number = int(scores.value(("primary",), "authorities"))
    stale = "" if is_current(STUDY) else (
        " This was worked out before the model was last fitted."
    )  # fmt: skip
    return say(
        "The conversion part of the model was made to forecast how many schools became academies "
        "in {number} authorities after {when}, which it had not been fitted to, given the national "
        "rate that followed. What came lay within its range of {spread} for {shares} "
        "counts.{stale}",
        number=Quote(str(number), Cell(SCORES, ("primary",), "authorities")), when=WHEN,
        spread=SPREAD, shares=listed(shares), stale=stale,
    )  # fmt: skip


def side(counts: LedgerTable, phase: str) -> str:
    """Where what came lay: ``within`` the range of 90% of futures, ``above`` it or ``below``."""
    came, low, high = (counts.value((phase,), name) for name in ("observed", "p05", "p95"))
    return "within" if low <= came <= high else "above" if came > high else "below"


def fate(counts: LedgerTable, phase: str) -> Said:
    """``14 primary schools became academies, above the range forecast (0 to 10)``."""
    came = counts.value((phase,), "observed")
    return say(
        "{came} {phase} school{s} became {academies}, {where} the range forecast ({low} to {high})",
        came=quoted(counts, phase, "observed"), phase=phase, s="" if came == 1 else "s",
        academies="an academy" if came == 1 else "academies", where=side(counts, phase),
        low=quoted(counts, phase, "p05"), high=quoted(counts, phase, "p95"),
    )  # fmt: skip


def quoted(counts: LedgerTable, phase: str, column: str) -> Quote:
    """A count of schools as it is written."""
    return Quote(f"{counts.value((phase,), column):.0f}", Cell(counts.name, (phase,), column))
