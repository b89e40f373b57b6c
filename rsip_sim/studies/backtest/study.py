"""The back-test as a study: asked, worked out, told and stored with the package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import pandas as pd
from pydantic import AfterValidator

from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.experiment.observations import ObservationError
from rsip_sim.experiment.record import file_digest, source_digest
from rsip_sim.report.blocks import Report
from rsip_sim.scenario.ranges import number_text, planner_error
from rsip_sim.studies.backtest.cases import Cases, cases
from rsip_sim.studies.backtest.report import backtest_report
from rsip_sim.studies.backtest.work import REPLICATIONS, SEED, Backtest, backtest
from rsip_sim.studies.kernel.asking import AskedError, File, Question, shown
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.keeping import store_results
from rsip_sim.studies.kernel.study import Study
from rsip_sim.studies.kernel.trials import Precision

FEWEST, MOST = 256, 1_000_000
PRECISION = 1.0  # schools


def _replications(value: int) -> int:
    if not FEWEST <= value <= MOST:
        allowed = f"from {FEWEST} to {number_text(MOST)} futures"
        raise planner_error(f"{number_text(value)} is out of range", allowed)
    return value


class BacktestQuestion(Question):
    """Could the model have said, in April 2013 or in April 2012, what happened next?"""

    observed: File | None = shown(None, metavar="FILE")
    """Later stocks by authority, with the columns date, local_authority, phase, la_maintained,
    converter and sponsored; otherwise those shipped."""
    replications: Annotated[int, AfterValidator(_replications)] = shown(REPLICATIONS, metavar="N")
    """Futures of each authority, at most."""
    precision: Precision = shown(PRECISION, metavar="X")
    """Simulate 1,024 futures of each authority, 2,048 and so on, until the expected openings are
    known to X schools on average; 0: all futures."""
    store: bool = False
    """Keep the scores with the package, for MODEL.md."""


@dataclass(frozen=True)
class Forecasting:
    """The counts to forecast, as the question names them."""

    asked: BacktestQuestion
    cases: tuple[Cases, ...]


class BacktestStudy(Study[BacktestQuestion, Forecasting, Backtest]):
    """Forecast what followed April 2013 and April 2012, against two simple rivals: some minutes."""

    name = "backtest"
    simulates_much = True
    question = BacktestQuestion
    stands_on = "evidence"

    def check(self, asked: BacktestQuestion, ground: Ground) -> Forecasting:
        """Read what came later. Raises AskedError with every fault of a file of observations."""
        try:
            return Forecasting(asked, cases(asked.observed))
        except ObservationError as error:
            raise AskedError(error.faults) from None

    def facts(self, ready: Forecasting) -> dict[str, Any]:
        """What is forecast, and with what."""
        asked, posterior = ready.asked, load_posterior()
        return {
            "seed": SEED,
            "replications": asked.replications,
            "precision": asked.precision,
            "observed_sha256": file_digest(asked.observed) if asked.observed else None,
            "posterior_sha256": posterior.digest if posterior else None,
            "model_sha256": source_digest(),
        }

    def work(self, ready: Forecasting, means: Means) -> Backtest:
        """Forecast, compare with what happened, and score."""
        asked = ready.asked
        return backtest(
            ready.cases,
            asked.replications,
            means.workers,
            means.progress,
            asked.precision,
        )

    def tables(self, result: Backtest) -> Mapping[str, pd.DataFrame]:
        """Scores, horizons, verdicts, Rotherham."""
        return result.tables

    def report(self, result: Backtest) -> Report:
        """The verdict, whatever it is, and what it stands on."""
        return backtest_report(result)

    def finish(self, ready: Forecasting, result: Backtest) -> None:
        """The scores are kept with the package where that is asked for."""
        if ready.asked.store:
            record = {"seed": SEED, "replications": result.replications}
            store_results(
                self.name, dict(result.tables), {**record, "made_by": "rsip backtest --store"}
            )
