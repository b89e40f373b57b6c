"""The back-test: could the model have said, beforehand, what happened next?

From the stock of 1 April 2013, and again from that of 1 April 2012, the openings to September 2014
are forecast for every authority whose later stocks are known, and for Rotherham; two simple rivals
forecast the same from the same. The verdict is worked out from the scores, whatever it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from rsip_sim.evidence.months import month_text
from rsip_sim.experiment.authorities import ROTHERHAM
from rsip_sim.experiment.progress import Progress
from rsip_sim.measures.statistics import weighted_quantiles
from rsip_sim.model.arrays import FloatArray
from rsip_sim.studies.backtest import rivals as scoring
from rsip_sim.studies.backtest.cases import (
    BOTH_ROUTES,
    KNOWN_SERIES,
    TARGETS,
    WITHHELD,
    Cases,
    Past,
    counts_of,
)
from rsip_sim.studies.backtest.forecast import Counted, model_forecasts, past_of, sharing
from rsip_sim.studies.backtest.rivals import rival_forecasts
from rsip_sim.studies.kernel.trials import Whole

REPLICATIONS = 4096
SEED = 20130402
MODES = (KNOWN_SERIES, WITHHELD)


@dataclass(frozen=True)
class Backtest:
    """Everything the back-test found.

    tables   scores, horizons, verdicts, rotherham; one row a line, tidy, with origin and mode
    origins  month numbers of the days the forecasts were made on, the main one first
    scored   number of authorities behind the scores
    until    month number of the last openings forecast
    replications  futures of each authority: of the mode and origin with the most of them
    known_to  half of the 95% interval of an expected count of openings, at its widest
    precision  what was asked of it, in schools; 0: nothing
    """

    tables: Mapping[str, pd.DataFrame]
    origins: tuple[int, ...]
    scored: int
    until: int
    replications: int
    known_to: float = 0.0
    precision: float = 0.0

    def table(self, name: str) -> pd.DataFrame:
        """The rows of a table from the first origin, with the national rate known."""
        whole = self.tables[name]
        own = (whole["mode"] == KNOWN_SERIES) & (whole["origin"] == month_text(self.origins[0]))
        return whole[own].reset_index(drop=True)


def backtest(
    cases: Sequence[Cases],
    replications: int = REPLICATIONS,
    workers: int | None = None,
    progress: Progress | None = None,
    precision: float = 0.0,
) -> Backtest:
    """Forecast from every origin, compare with what happened, and score.

    replications  futures simulated for each authority and mode, at most
    precision     half of the 95% interval of an expected count that is narrow enough, in schools
    """
    every = [(mode, together) for mode in MODES for together in sharing(cases, mode)]
    whole = Whole(progress, len(every) * len(cases[0].names) * replications)
    found: dict[tuple[str, str], dict[str, pd.DataFrame]] = {}
    taken, known_to = 0, 0.0
    for mode, together in every:
        forecasts = model_forecasts(
            together, mode, replications, SEED, workers, whole, precision=precision
        )
        for own, made in zip(together, forecasts, strict=True):
            flat, learnt = rival_forecasts(own, mode)
            chances = {MODEL: made.chances, FLAT: flat, LEARNT: learnt}
            found[month_text(own.origin), mode] = tables_of(own, chances, made.rotherham)
            taken = max(taken, made.rotherham.shape[1])
            known_to = max(known_to, made.known_to)
    origins = tuple(own.origin for own in cases)
    order = [(month_text(origin), mode) for origin in origins for mode in MODES]
    tables = {}
    for name in found[order[0]]:
        table = pd.concat({key: found[key][name] for key in order}, names=["origin", "mode"])
        tables[name] = table.reset_index(["origin", "mode"]).reset_index(drop=True)
    whole.finish()
    first = cases[0]
    return Backtest(tables, origins, first.scored, first.until, taken, known_to, precision)


MODEL, FLAT, LEARNT = "model", "flat rate", "flat rate, learnt"
TOGETHER = "all phases"
SCORES = ("crps", "log_score")
BANDS = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}

Chances = Mapping[str, FloatArray]
"""By forecaster: chances (authorities, dates, targets, counts)."""


def tables_of(cases: Cases, chances: Chances, openings: Counted) -> dict[str, pd.DataFrame]:
    """Every table of one origin and mode; openings: of Rotherham's futures."""
    every = score_table(cases, chances)
    last = every["months"] == every["months"].max()
    past = past_of(ROTHERHAM, openings, cases.origin)
    return {
        "scores": every[last].drop(columns="months"),
        "horizons": every[every["route"] == "all"].drop(columns="route"),
        "verdicts": verdict_table(cases, chances),
        "rotherham": rotherham_table(cases, chances, past),
    }


def scores_of(cases: Cases, chances: FloatArray, date: int, place: int) -> scoring.Scores:
    """Of the forecasts of one target by one of the dates, over the scored authorities."""
    few = slice(cases.scored)
    return scoring.score(chances[few, date, place], cases.after[few, date, place])


def score_table(cases: Cases, chances: Chances) -> pd.DataFrame:
    """One row a date, target and forecaster: scores, coverage, means."""
    few, rows = slice(cases.scored), []
    for (date, month), (place, (route, phase)), name in product(
        enumerate(cases.dates), enumerate(TARGETS), chances
    ):
        scores = scores_of(cases, chances[name], date, place)
        rows.append(
            {
                "phase": phase,
                "route": route,
                "months": month - cases.origin,
                "forecaster": name,
                "authorities": cases.scored,
                "crps": scores.crps.mean(),
                "log_score": scores.log_score.mean(),
                "coverage_50": scores.coverage(0.5),
                "coverage_90": scores.coverage(0.9),
                "forecast_mean": scoring.mean(chances[name][few, date, place]).mean(),
                "observed_mean": cases.after[few, date, place].mean(),
            }
        )
    return pd.DataFrame(rows)


def verdict_table(cases: Cases, chances: Chances) -> pd.DataFrame:
    """The model against each rival, by target and score: mean gain, its standard error, a word.

    At the last date. The phases together are scored by the sum of an authority's scores of each.
    """
    scored = {
        name: [scores_of(cases, pmf, -1, place) for place in range(len(TARGETS))]
        for name, pmf in chances.items()
    }
    wanted = [(phase, route, [place]) for place, (route, phase) in enumerate(TARGETS)]
    wanted.append((TOGETHER, "all", list(BOTH_ROUTES)))
    rows = []
    for (phase, route, places), rival, word in product(wanted, (FLAT, LEARNT), SCORES):
        ours, theirs = (
            np.sum([getattr(scored[name][place], word) for place in places], axis=0)
            for name in (MODEL, rival)
        )
        gain, error = scoring.mean_difference(ours, theirs)
        rows.append((phase, route, rival, word, gain, error, verdict(gain, error)))
    columns = ["phase", "route", "rival", "score", "gain", "standard_error", "verdict"]
    return pd.DataFrame(rows, columns=columns)


def verdict(gain: float, error: float) -> str:
    """A word for a mean gain and its standard error; two errors make it clear."""
    if gain == 0:
        return "equal"
    word = "better" if gain > 0 else "worse"
    clear = np.isinf(gain) or abs(gain) > 2 * error
    return f"clearly {word}" if clear else f"{word}, within chance"


def rotherham_table(cases: Cases, chances: Chances, past: Past) -> pd.DataFrame:
    """Rotherham by target: the years seen, then the forecast, and the chance of what happened.

    Chances "before" are of what happened from May 2011 to the origin, as seen from April 2011;
    those of a forecaster of as many as happened afterwards, given those years.

    past  of Rotherham's futures
    """
    rows = []
    seen = counts_of(cases.past.years[-1].sum(axis=0))
    simulated = counts_of(past.years.sum(axis=1))
    for place, (route, phase) in enumerate(TARGETS):
        before, happened = simulated[:, place], int(cases.after[-1, -1, place])
        given = {name: pmf[-1, -1, place] for name, pmf in chances.items()}
        counts = np.arange(cases.highest + 1, dtype=np.float64)
        bands = weighted_quantiles(counts, given[MODEL], list(BANDS.values()))
        rows.append(
            {
                "phase": phase,
                "route": route,
                "seen": int(seen[place]),
                "expected_before": before.mean(),
                "as_few_before": (before <= seen[place]).mean(),
                "as_many_before": (before >= seen[place]).mean(),
                "observed": happened,
                **{f"{name}: as many": pmf[happened:].sum() for name, pmf in given.items()},
                **{band: int(count) for band, count in zip(BANDS, bands, strict=True)},
            }
        )
    return pd.DataFrame(rows)
