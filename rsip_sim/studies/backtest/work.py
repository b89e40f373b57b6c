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
from rsip_sim.studies.backtest.cases import KNOWN_SERIES, WITHHELD, Cases
from rsip_sim.studies.backtest.forecast import model_forecasts, sharing
from rsip_sim.studies.backtest.rivals import rival_forecasts
from rsip_sim.studies.backtest.tables import FLAT, LEARNT, MODEL, tables_of
from rsip_sim.studies.kernel.precision import Whole

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
