"""The tables of the back-test: scores, calibration, verdicts, and Rotherham's own case."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rsip_sim.evidence.months import month_text
from rsip_sim.evidence.national import PHASES
from rsip_sim.experiment.authority_runs import KNOWN, START
from rsip_sim.experiment.observations import rotherham_counts
from rsip_sim.measures.statistics import weighted_quantiles
from rsip_sim.studies.backtest import scoring
from rsip_sim.studies.backtest.cases import (
    FLAT,
    FORECASTERS,
    LEARNT,
    MODEL,
    Cases,
    Futures,
)
from rsip_sim.studies.backtest.forecast import TARGETS, Past, features, future_counts, likeness

FloatArray = NDArray[np.float64]
Forecasts = Mapping[str, FloatArray]
"""By forecaster: chances (authorities, targets, counts)."""

TOGETHER = "all phases"
BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
BAND_NAMES = tuple(f"p{round(100 * level):02d}" for level in BANDS)


def all_scores(cases: Cases, forecasts: Forecasts) -> dict[tuple[str, int], scoring.Scores]:
    """Scores by forecaster and place of the target, over the scored authorities."""
    return {
        (name, place): scoring.score(
            forecasts[name][: cases.scored, place], cases.after[: cases.scored, place]
        )
        for name in forecasts
        for place in range(len(TARGETS))
    }


def score_table(cases: Cases, forecasts: Forecasts, mode: str) -> pd.DataFrame:
    """One row a target and forecaster: scores, coverage, mean forecast and mean observed."""
    found = all_scores(cases, forecasts)
    rows = []
    for place, (route, phase) in enumerate(TARGETS):
        for name in forecasts:
            each = found[name, place]
            rows.append(
                {
                    "mode": mode,
                    "phase": phase,
                    "route": route,
                    "forecaster": name,
                    "authorities": cases.scored,
                    "crps": each.crps.mean(),
                    "log_score": each.log_score.mean(),
                    "coverage_50": each.coverage(0.5),
                    "coverage_90": each.coverage(0.9),
                    "forecast_mean": scoring.mean(forecasts[name][: cases.scored, place]).mean(),
                    "observed_mean": cases.after[: cases.scored, place].mean(),
                }
            )
    return pd.DataFrame(rows)


def verdict_table(cases: Cases, forecasts: Forecasts, mode: str) -> pd.DataFrame:
    """The model against each rival, by target and score: mean gain, its standard error, a word.

    The phases together are scored by the sum of an authority's scores of its three phases.
    """
    found = all_scores(cases, forecasts)
    rows = []
    wanted = {(phase, route): [place] for place, (route, phase) in enumerate(TARGETS)}
    wanted[TOGETHER, "all"] = [place for place, (route, _) in enumerate(TARGETS) if route == "all"]
    for (phase, route), places in wanted.items():
        for rival in (FLAT, LEARNT):
            for word in ("crps", "log_score"):
                ours, theirs = (
                    np.sum([getattr(found[name, place], word) for place in places], axis=0)
                    for name in (MODEL, rival)
                )
                gain, error = scoring.mean_difference(ours, theirs)
                rows.append(
                    {
                        "mode": mode,
                        "phase": phase,
                        "route": route,
                        "rival": rival,
                        "score": word,
                        "gain": gain,
                        "standard_error": error,
                        "verdict": verdict(gain, error),
                    }
                )
    return pd.DataFrame(rows)


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


def pit_table(cases: Cases, forecasts: Forecasts, mode: str) -> pd.DataFrame:
    """Share of authorities in each tenth of the forecast, all routes together, by phase."""
    found = all_scores(cases, forecasts)
    rows = []
    for place, (route, phase) in enumerate(TARGETS):
        if route != "all":
            continue
        for name in forecasts:
            for tenth, share in enumerate(found[name, place].pit_histogram(), start=1):
                rows.append(
                    {
                        "mode": mode,
                        "phase": phase,
                        "forecaster": name,
                        "tenth": tenth,
                        "share": share,
                    }
                )
    return pd.DataFrame(rows)


def authority_table(cases: Cases, forecasts: Forecasts, mode: str) -> pd.DataFrame:
    """Every authority and target: the model's quantiles beside what happened."""
    rows = []
    levels = [scoring.quantile(_flat(forecasts[MODEL]), level) for level in BANDS]
    bands = np.stack(levels, axis=-1).reshape(len(cases.names), len(TARGETS), len(BANDS))
    for row, name in enumerate(cases.names):
        for place, (route, phase) in enumerate(TARGETS):
            quantiles = dict(zip(BAND_NAMES, bands[row, place].tolist(), strict=True))
            rows.append(
                {
                    "mode": mode,
                    "authority": name,
                    "phase": phase,
                    "route": route,
                    "observed": int(cases.after[row, place]),
                    **quantiles,
                }
            )
    return pd.DataFrame(rows)


def _flat(pmf: FloatArray) -> FloatArray:
    return pmf.reshape(-1, pmf.shape[-1])


def rotherham_table(
    cases: Cases, forecasts: Forecasts, blind: FloatArray, futures: Futures, mode: str
) -> pd.DataFrame:
    """Rotherham by target: two years seen, then the forecast, and the chance of what happened.

    chance_before  of what happened from May 2011 to April 2013, as seen from April 2011
    chance_after   of what happened afterwards, given those two years
    Each with the chance of as few or fewer and of as many or more.
    """
    rows = []
    seen = future_counts_of(cases.past.years[-1].sum(axis=0))
    simulated = np.stack(
        [_target_counts(futures.past.years.sum(axis=1), place) for place in range(len(TARGETS))], 1
    )
    for place, (route, phase) in enumerate(TARGETS):
        before = simulated[:, place]
        happened = int(cases.after[-1, place])
        row: dict[str, object] = {
            "mode": mode,
            "phase": phase,
            "route": route,
            "seen_2011_13": int(seen[place]),
            "expected_before": before.mean(),
            "chance_before": (before == seen[place]).mean(),
            "as_few_before": (before <= seen[place]).mean(),
            "as_many_before": (before >= seen[place]).mean(),
            "observed": happened,
        }
        for name in FORECASTERS:
            pmf = forecasts[name][-1, place]
            row[f"{name}: expected"] = float(scoring.mean(pmf[None])[0])
            row[f"{name}: chance"] = float(pmf[happened])
            row[f"{name}: as many"] = float(pmf[happened:].sum())
        pmf = forecasts[MODEL][-1, place]
        for band, level in zip(BAND_NAMES, BANDS, strict=True):
            row[band] = int(scoring.quantile(pmf[None], level)[0])
        row["blind: as many"] = float(blind[-1, place][happened:].sum())
        rows.append(row)
    return pd.DataFrame(rows)


def future_counts_of(openings: NDArray[np.integer]) -> NDArray[np.int64]:
    """Counts of every target from openings (2 routes, 3 phases)."""
    from rsip_sim.studies.backtest.forecast import observed_counts

    return observed_counts(np.asarray(openings, dtype=np.int64))


def _target_counts(openings: NDArray[np.number], place: int) -> NDArray[np.int64]:
    return future_counts_of(np.asarray(openings))[..., place]


def rotherham_fan(cases: Cases, futures: Futures, mode: str) -> pd.DataFrame:
    """Rotherham's academies opened since April 2013, month by month: bands and what happened."""
    rows = []
    seen = Past(cases.past.years[-1], cases.past.remaining[-1])
    known = KNOWN - START
    for phase in PHASES[:2]:
        place = TARGETS.index(("all", phase))
        weight = likeness(features(futures.past, "all", phase), features(seen, "all", phase))
        index = PHASES.index(phase)
        ratio = seen.remaining[index] / np.maximum(futures.past.remaining[:, index], 1)
        for month in range(KNOWN + 1, cases.until + 1):
            counts = future_counts(futures.openings, known, month - START)[:, place] * ratio
            bands = weighted_quantiles(counts, weight, BANDS)
            happened = future_counts_of(rotherham_counts(KNOWN, month))[place]
            rows.append(
                {
                    "mode": mode,
                    "phase": phase,
                    "month": month_text(month),
                    **dict(zip(BAND_NAMES, bands, strict=True)),
                    "observed": int(happened),
                }
            )
    return pd.DataFrame(rows)
