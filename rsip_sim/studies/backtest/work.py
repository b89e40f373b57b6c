"""The back-test: could the model have said, beforehand, what happened next?

From the stock of 1 April 2013, and again from that of 1 April 2012, the openings to September 2014
are forecast for every authority whose later stocks are known, and for Rotherham; two simple rivals
forecast the same from the same. The verdict is worked out from the scores, whatever it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from rsip_sim.evidence.months import month_text
from rsip_sim.experiment.progress import Progress
from rsip_sim.model.arrays import FloatArray
from rsip_sim.studies.backtest.cases import (
    BOTH_ROUTES,
    KNOWN_SERIES,
    TARGETS,
    WITHHELD,
    Cases,
    some_cases,
)
from rsip_sim.studies.backtest.forecast import model_forecasts, sharing
from rsip_sim.studies.backtest.rivals import mean_difference, rival_forecasts
from rsip_sim.studies.backtest.tables import FLAT, LEARNT, MODEL, scores_of, tables_of
from rsip_sim.studies.kernel.trials import Whole

REPLICATIONS = 4096
SEED = 20130402
MODES = (KNOWN_SERIES, WITHHELD)

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


@dataclass(frozen=True)
class Backtest:
    """Everything the back-test found.

    tables   scores, horizons, verdicts, rotherham, fan; one row a line, tidy,
             with origin and mode; mechanisms too where they were asked for
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
    mechanisms: bool = False,
    workers: int | None = None,
    progress: Progress | None = None,
    precision: float = 0.0,
) -> Backtest:
    """Forecast from every origin, compare with what happened, and score.

    replications  futures simulated for each authority and mode, at most
    mechanisms    also switch the mechanisms off one by one, on a third of the authorities
    precision     half of the 95% interval of an expected count that is narrow enough, in schools
    """
    every = [(mode, together) for mode in MODES for together in sharing(cases, mode)]
    few, times = some_cases(cases, 3)[0], len(MECHANISMS) + 1
    more = times * len(few.names) * _half(replications) if mechanisms else 0
    whole = Whole(progress, len(every) * len(cases[0].names) * replications + more)
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
    if mechanisms:
        tables["mechanisms"] = mechanism_table(few, _half(taken), workers, whole)
    whole.finish()
    first = cases[0]
    return Backtest(tables, origins, first.scored, first.until, taken, known_to, precision)


def _half(replications: int) -> int:
    """Futures with which each mechanism is switched off."""
    return max(replications // 2, 256)


def mechanism_table(
    few: Cases,
    replications: int,
    workers: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """What switching off each mechanism does to the scores of some authorities.

    With the national series known.
    """

    def chances(overrides: tuple[tuple[str, float], ...] = ()) -> FloatArray:
        (made,) = model_forecasts(
            (few,), KNOWN_SERIES, replications, SEED, workers, progress, overrides
        )
        return made.chances

    whole = chances()
    rows = []
    for mechanism, overrides in MECHANISMS.items():
        without = chances(overrides)
        for place in BOTH_ROUTES:
            with_it, without_it = (scores_of(few, each, -1, place) for each in (whole, without))
            crps = mean_difference(with_it.crps, without_it.crps)
            log_score = mean_difference(with_it.log_score, without_it.log_score)
            rows.append((mechanism, TARGETS[place][1], *crps, *log_score))
    columns = ["mechanism", "phase", "crps", "crps_error", "log_score", "log_score_error"]
    return pd.DataFrame(rows, columns=columns)
