"""The tables of a back-test: forecasts beside what happened, scored and compared."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from rsip_sim.evidence.months import month_text
from rsip_sim.evidence.national import PHASES
from rsip_sim.experiment.authority_runs import START
from rsip_sim.experiment.observations import rotherham_counts
from rsip_sim.measures.statistics import weighted_quantiles
from rsip_sim.model.arrays import FloatArray
from rsip_sim.studies.backtest import scoring
from rsip_sim.studies.backtest.cases import (
    FLAT,
    FORECASTERS,
    LEARNT,
    MODEL,
    Cases,
    Futures,
)
from rsip_sim.studies.backtest.forecast import TARGETS, Past, counts_of, future_counts, likened

TOGETHER = "all phases"
BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
BAND_NAMES = tuple(f"p{round(100 * level):02d}" for level in BANDS)

Chances = Mapping[str, FloatArray]
"""By forecaster: chances (authorities, dates, targets, counts)."""

Scored = Mapping[tuple[str, int], scoring.Scores]
"""By forecaster and place of the target, over the scored authorities."""


def tables_of(cases: Cases, chances: Chances, futures: Futures) -> dict[str, pd.DataFrame]:
    """Every table of one origin and mode; futures are Rotherham's."""
    scored = all_scores(cases, chances)
    return {
        "scores": pd.DataFrame(score_rows(cases, chances, scored)).drop(columns="months"),
        "horizons": horizon_table(cases, chances),
        "verdicts": verdict_table(scored),
        "rotherham": rotherham_table(cases, chances, futures),
        "fan": rotherham_fan(cases, futures),
    }


def all_scores(cases: Cases, chances: Chances, date: int = -1) -> Scored:
    """Every forecaster and target scored, at one of the dates: by default the last."""
    few = slice(cases.scored)
    return {
        (name, place): scoring.score(pmf[few, date, place], cases.after[few, date, place])
        for name, pmf in chances.items()
        for place in range(len(TARGETS))
    }


def score_rows(
    cases: Cases, chances: Chances, scored: Scored, date: int = -1
) -> list[dict[str, object]]:
    """One row a target and forecaster at one of the dates: scores, coverage, means."""
    few = slice(cases.scored)
    return [
        {
            "phase": phase,
            "route": route,
            "months": cases.dates[date] - cases.origin,
            "forecaster": name,
            "authorities": cases.scored,
            "crps": scored[name, place].crps.mean(),
            "log_score": scored[name, place].log_score.mean(),
            "coverage_50": scored[name, place].coverage(0.5),
            "coverage_90": scored[name, place].coverage(0.9),
            "forecast_mean": scoring.mean(chances[name][few, date, place]).mean(),
            "observed_mean": cases.after[few, date, place].mean(),
        }
        for place, (route, phase) in enumerate(TARGETS)
        for name in chances
    ]


def horizon_table(cases: Cases, chances: Chances) -> pd.DataFrame:
    """All openings of each phase by months ahead: one row a date, phase and forecaster."""
    rows = [
        row
        for date in range(len(cases.dates))
        for row in score_rows(cases, chances, all_scores(cases, chances, date), date)
        if row["route"] == "all"
    ]
    return pd.DataFrame(rows).drop(columns="route")


def verdict_table(scored: Scored) -> pd.DataFrame:
    """The model against each rival, by target and score: mean gain, its standard error, a word.

    The phases together are scored by the sum of an authority's scores of its three phases.
    """
    rows = []
    wanted = {(phase, route): [place] for place, (route, phase) in enumerate(TARGETS)}
    wanted[TOGETHER, "all"] = [place for place, (route, _) in enumerate(TARGETS) if route == "all"]
    for (phase, route), places in wanted.items():
        for rival in (FLAT, LEARNT):
            for word in ("crps", "log_score"):
                ours, theirs = (
                    np.sum([getattr(scored[name, place], word) for place in places], axis=0)
                    for name in (MODEL, rival)
                )
                gain, error = scoring.mean_difference(ours, theirs)
                rows.append((phase, route, rival, word, gain, error, verdict(gain, error)))
    columns = ["phase", "route", "rival", "score", "gain", "standard_error", "verdict"]
    return pd.DataFrame(rows, columns=columns)


def verdict(gain: float, error: float) -> str:
    """A word for a mean gain and its standard error; two errors make it clear."""
    if np.isinf(gain):
        return "clearly better" if gain > 0 else "clearly worse"
    if gain == 0:
        return "equal"
    clear = abs(gain) > 2 * error
    if gain > 0:
        return "clearly better" if clear else "better, within chance"
    return "clearly worse" if clear else "worse, within chance"


def rotherham_table(cases: Cases, chances: Chances, futures: Futures) -> pd.DataFrame:
    """Rotherham by target: the years seen, then the forecast, and the chance of what happened.

    Chances "before" are of what happened from May 2011 to the origin, as seen from April 2011;
    those of a forecaster of as many as happened afterwards, given those years.
    """
    rows = []
    seen = counts_of(cases.past.years[-1].sum(axis=0))
    simulated = counts_of(futures.past.years.sum(axis=1))
    for place, (route, phase) in enumerate(TARGETS):
        before = simulated[:, place]
        happened = int(cases.after[-1, -1, place])
        row: dict[str, object] = {
            "phase": phase,
            "route": route,
            "seen": int(seen[place]),
            "expected_before": before.mean(),
            "as_few_before": (before <= seen[place]).mean(),
            "as_many_before": (before >= seen[place]).mean(),
            "observed": happened,
        }
        for name in FORECASTERS:
            pmf = chances[name][-1, -1, place]
            row[f"{name}: as many"] = float(pmf[happened:].sum())
        pmf = chances[MODEL][-1, -1, place]
        for band, level in zip(BAND_NAMES, BANDS, strict=True):
            row[band] = int(scoring.quantile(pmf[None], level)[0])
        rows.append(row)
    return pd.DataFrame(rows)


def rotherham_fan(cases: Cases, futures: Futures) -> pd.DataFrame:
    """Rotherham's academies opened since the origin, month by month: bands and what happened."""
    rows = []
    seen = Past(cases.past.years[-1], cases.past.remaining[-1])
    for phase in PHASES[:2]:
        place = TARGETS.index(("all", phase))
        weight, ratio = likened(futures.past, seen, "all", phase)
        for month in range(cases.origin + 1, cases.until + 1):
            since = future_counts(futures.openings, cases.origin - START, month - START)
            counts = since[:, place] * ratio
            bands = weighted_quantiles(counts, weight, BANDS)
            happened = int(counts_of(rotherham_counts(cases.origin, month))[place])
            rows.append((phase, month_text(month), *bands, happened))
    return pd.DataFrame(rows, columns=["phase", "month", *BAND_NAMES, "observed"])
