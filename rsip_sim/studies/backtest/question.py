"""What is asked of the back-test."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from rsip_sim.scenario.ranges import number_text, planner_error
from rsip_sim.studies.backtest.work import REPLICATIONS
from rsip_sim.studies.kernel.asking import File, Question, shown
from rsip_sim.studies.kernel.precision import Precision

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
    mechanisms: bool = False
    """Also switch mechanisms off, one by one."""
    replications: Annotated[int, AfterValidator(_replications)] = shown(REPLICATIONS, metavar="N")
    """Futures of each authority, at most."""
    precision: Precision = shown(PRECISION, metavar="X")
    """Simulate 1,024 futures of each authority, 2,048 and so on, until the expected openings are
    known to X schools on average; 0: all futures."""
    store: bool = False
    """Keep the scores with the package, for MODEL.md."""
