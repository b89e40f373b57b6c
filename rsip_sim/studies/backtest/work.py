"""The back-test: could the model have said, in April 2013, what happened next?

From the stock of 1 April 2013 the openings of May 2013 to September 2014 are forecast for every
authority whose later stocks are known, and for Rotherham; two simple rivals forecast the same from
the same. The verdict is worked out from the scores, whatever it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rsip_sim.evidence.months import month_text
from rsip_sim.evidence.national import PHASES
from rsip_sim.experiment.authority_runs import KNOWN, START
from rsip_sim.experiment.observations import rotherham_counts
from rsip_sim.experiment.progress import Progress
from rsip_sim.measures.statistics import weighted_quantiles
from rsip_sim.studies.backtest import scoring
from rsip_sim.studies.backtest.cases import (
    FLAT,
    FORECASTERS,
    KNOWN_SERIES,
    LEARNT,
    MODEL,
    WITHHELD,
    Cases,
    Futures,
    model_forecasts,
    rival_forecasts,
    some_cases,
)
from rsip_sim.studies.backtest.forecast import TARGETS, Past, counts_of, future_counts, likened
from rsip_sim.studies.backtest.scoring import FloatArray

REPLICATIONS = 8192
SEED = 20130402
MODES = (KNOWN_SERIES, WITHHELD)
TOGETHER = "all phases"
BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
BAND_NAMES = tuple(f"p{round(100 * level):02d}" for level in BANDS)

MECHANISMS: Mapping[str, tuple[tuple[str, float], ...]] = {
    "schools converting together": (("consortium_reach", 0.0),),
    "trusts": (("trust_multiplier", 1.0),),
    "nearby conversions": (("contagion_same_phase", 1.0), ("contagion_other_phase", 1.0)),
    "share of academies in the authority": (("share_multiplier", 1.0),),
    "lasting differences between authorities": (("eta_fixed_share", 0.0),),
    "passing differences between authorities": (("eta_fixed_share", 1.0),),
    "differences between authorities in orders": (("order_effect_sd", 0.0),),
    "orders for schools graded 3": (
        ("order_rate_grade_3_primary", 0.0),
        ("order_rate_grade_3_secondary", 0.0),
    ),
    "tastes of single schools": (("conversion_taste_sd", 0.0),),
}
"""What can be switched off, and the parameters that do it."""

Forecasts = Mapping[str, FloatArray]
"""By forecaster: chances (authorities, targets, counts)."""

Scored = Mapping[tuple[str, int], scoring.Scores]
"""By forecaster and place of the target, over the scored authorities."""


@dataclass(frozen=True)
class Backtest:
    """Everything the back-test found.

    tables  scores, verdicts, pit, authorities, rotherham, fan; one row a line, tidy; mechanisms
            too where they were asked for
    scored  number of authorities behind the scores
    until   month number of the last openings forecast
    """

    tables: Mapping[str, pd.DataFrame]
    scored: int
    until: int
    replications: int

    def beats(self, rival: str, phase: str, score: str = "crps", mode: str = KNOWN_SERIES) -> str:
        """The verdict on all openings of a phase against a rival: see `verdict`."""
        table = self.tables["verdicts"]
        chosen = table[
            (table["mode"] == mode)
            & (table["rival"] == rival)
            & (table["phase"] == phase)
            & (table["route"] == "all")
            & (table["score"] == score)
        ]
        return str(chosen["verdict"].iloc[0])


def backtest(
    cases: Cases,
    replications: int = REPLICATIONS,
    mechanisms: bool = False,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Backtest:
    """Forecast, compare with what happened, and score.

    replications  futures simulated for each authority and mode
    mechanisms    also switch the mechanisms off one by one, on a third of the authorities
    """
    parts: dict[str, list[pd.DataFrame]] = {}
    for mode in MODES:
        given, blind, futures = model_forecasts(cases, mode, replications, SEED, workers, progress)
        flat, learnt = rival_forecasts(cases, mode)
        forecasts = {MODEL: given, FLAT: flat, LEARNT: learnt}
        scored = all_scores(cases, forecasts)
        for name, table in (
            ("scores", score_table(cases, forecasts, scored)),
            ("verdicts", verdict_table(scored)),
            ("pit", pit_table(scored)),
            ("authorities", authority_table(cases, forecasts[MODEL])),
            ("rotherham", rotherham_table(cases, forecasts, blind, futures)),
            ("fan", rotherham_fan(cases, futures)),
        ):
            table.insert(0, "mode", mode)
            parts.setdefault(name, []).append(table)
    tables = {name: pd.concat(each, ignore_index=True) for name, each in parts.items()}
    if mechanisms:
        tables["mechanisms"] = mechanism_table(cases, replications, workers, progress)
    return Backtest(tables, cases.scored, cases.until, replications)


def all_scores(cases: Cases, forecasts: Forecasts) -> Scored:
    """Every forecaster and target scored."""
    return {
        (name, place): scoring.score(
            forecasts[name][: cases.scored, place], cases.after[: cases.scored, place]
        )
        for name in forecasts
        for place in range(len(TARGETS))
    }


def score_table(cases: Cases, forecasts: Forecasts, scored: Scored) -> pd.DataFrame:
    """One row a target and forecaster: scores, coverage, mean forecast and mean observed."""
    rows = []
    for place, (route, phase) in enumerate(TARGETS):
        for name in forecasts:
            each = scored[name, place]
            rows.append(
                {
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


def pit_table(scored: Scored) -> pd.DataFrame:
    """Share of authorities in each tenth of the forecast, all routes together, by phase."""
    rows = [
        (phase, name, tenth, share)
        for place, (route, phase) in enumerate(TARGETS)
        if route == "all"
        for name in FORECASTERS
        for tenth, share in enumerate(scored[name, place].pit_histogram(), start=1)
    ]
    return pd.DataFrame(rows, columns=["phase", "forecaster", "tenth", "share"])


def authority_table(cases: Cases, pmf: FloatArray) -> pd.DataFrame:
    """Every authority and target: the model's quantiles beside what happened."""
    levels = [scoring.quantile(pmf.reshape(-1, pmf.shape[-1]), level) for level in BANDS]
    bands = np.stack(levels, axis=-1).reshape(len(cases.names), len(TARGETS), len(BANDS))
    rows = [
        (name, phase, route, int(cases.after[row, place]), *bands[row, place].tolist())
        for row, name in enumerate(cases.names)
        for place, (route, phase) in enumerate(TARGETS)
    ]
    columns = ["authority", "phase", "route", "observed", *BAND_NAMES]
    return pd.DataFrame(rows, columns=columns)


def rotherham_table(
    cases: Cases, forecasts: Forecasts, blind: FloatArray, futures: Futures
) -> pd.DataFrame:
    """Rotherham by target: two years seen, then the forecast, and the chance of what happened.

    Chances "before" are of what happened from May 2011 to April 2013, as seen from April 2011;
    those of a forecaster of what happened afterwards, given those two years; "blind" without them.
    """
    rows = []
    seen = counts_of(cases.past.years[-1].sum(axis=0))
    simulated = counts_of(futures.past.years.sum(axis=1))
    for place, (route, phase) in enumerate(TARGETS):
        before = simulated[:, place]
        happened = int(cases.after[-1, place])
        row: dict[str, object] = {
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


def rotherham_fan(cases: Cases, futures: Futures) -> pd.DataFrame:
    """Rotherham's academies opened since April 2013, month by month: bands and what happened."""
    rows = []
    seen = Past(cases.past.years[-1], cases.past.remaining[-1])
    for phase in PHASES[:2]:
        place = TARGETS.index(("all", phase))
        weight, ratio = likened(futures.past, seen, "all", phase)
        for month in range(KNOWN + 1, cases.until + 1):
            counts = future_counts(futures.openings, KNOWN - START, month - START)[:, place] * ratio
            bands = weighted_quantiles(counts, weight, BANDS)
            happened = int(counts_of(rotherham_counts(KNOWN, month))[place])
            rows.append((phase, month_text(month), *bands, happened))
    return pd.DataFrame(rows, columns=["phase", "month", *BAND_NAMES, "observed"])


def mechanism_table(
    cases: Cases, replications: int, workers: int | None = None, progress: Progress | None = None
) -> pd.DataFrame:
    """What switching off each mechanism does to the scores, on every third authority."""
    few = some_cases(cases, 3)
    half = max(replications // 2, 256)

    def scored(overrides: tuple[tuple[str, float], ...] = ()) -> Scored:
        given, _, _ = model_forecasts(few, KNOWN_SERIES, half, SEED, workers, progress, overrides)
        return all_scores(few, {MODEL: given})

    whole = scored()
    rows = []
    for mechanism, overrides in MECHANISMS.items():
        without = scored(overrides)
        for place, (route, phase) in enumerate(TARGETS):
            if route == "all":
                with_it, without_it = whole[MODEL, place], without[MODEL, place]
                crps = scoring.mean_difference(with_it.crps, without_it.crps)
                log_score = scoring.mean_difference(with_it.log_score, without_it.log_score)
                rows.append((mechanism, phase, *crps, *log_score))
    columns = ["mechanism", "phase", "crps", "crps_error", "log_score", "log_score_error"]
    return pd.DataFrame(rows, columns=columns)
