"""The closed schema of a study file, one class for each kind of study.

The classes check one value at a time; what the values must be together, and beside the scenarios
they speak of, is checked in `rsip_sim.studies.files.loading`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from rsip_sim.scenario.ranges import number_text, planner_error
from rsip_sim.scenario.schema import Title
from rsip_sim.studies.grid.question import GridStudy
from rsip_sim.studies.kernel.files import StudyFile
from rsip_sim.studies.review.question import ReviewStudy
from rsip_sim.studies.sensitivity.work import FEWEST_SETS, MOST_SETS
from rsip_sim.studies.solve.question import LeverRange


def _futures(value: int) -> int:
    if not 1 <= value <= MOST_FUTURES:
        allowed = f"from 1 to {number_text(MOST_FUTURES)} futures"
        raise planner_error(f"{number_text(value)} is out of range", allowed)
    return value


def _sets(value: int) -> int:
    if not FEWEST_SETS <= value <= MOST_SETS or value & (value - 1):
        allowed = f"a power of two from {FEWEST_SETS} to {number_text(MOST_SETS)}"
        raise planner_error(f"{number_text(value)} will not do", allowed)
    return value


def _several(files: list[str]) -> list[str]:
    if len(files) < 2:
        raise planner_error("one scenario has nothing to be compared with", "two or more files")
    return files


MOST_FUTURES = 1_000_000
Futures = Annotated[int, AfterValidator(_futures)]
Sets = Annotated[int, AfterValidator(_sets)]
Climate = Literal["observed", "flat", "surge", "uncertain"]
CLIMATES: tuple[Climate, ...] = ("observed", "flat", "surge", "uncertain")


class RobustnessStudy(StudyFile):
    """Which of several scenarios is robust across futures and climates."""

    kind: Literal["robustness"]
    """Regret across futures and climates."""
    scenarios: Annotated[list[str], AfterValidator(_several)]
    """The scenarios, as paths from this file, the baseline first."""
    objectives: list[str] = Field(default_factory=list)
    """What is to be had; else erosion, cohesion and the cost to the council."""
    at: str | None = None
    """When it is read: mean, march_2013 or end."""
    climates: list[Climate] = Field(default_factory=lambda: list(CLIMATES))
    """National climates under which every scenario is simulated again."""
    climate_replications: Futures = 250
    """Futures of each scenario and climate (number)."""


class SensitivityStudy(StudyFile):
    """Which inputs matter to the difference between two scenarios: settings of rsip sensitivity."""

    kind: Literal["sensitivity"]
    """What matters."""
    baseline: str
    """The scenario compared with, as a path from this file."""
    scenario: str
    """The scenario compared with it, as a path from this file."""
    metrics: list[str] = Field(default_factory=list)
    """What is told of in words; else erosion, members and cohesion."""
    at: str | None = None
    """When it is read: mean, march_2013 or end; else as in a comparison of the two."""
    sets: Sets | None = None
    """Parameter sets of the design (number, a power of two)."""


class TippingStudy(StudyFile):
    """From which value of a lever on a target is met: settings of rsip solve."""

    kind: Literal["tipping"]
    """Where it tips."""
    scenario: str
    """The scenario whose lever is moved, as a path from this file."""
    search: LeverRange
    """The lever whose smallest sufficient value is sought."""
    across: LeverRange | None = None
    """A second lever, for a map of both."""
    target: Title
    """What should hold, in words, such as: breakdown by 2016-03 at most 10%."""


KINDS: dict[str, type[StudyFile]] = {
    "grid": GridStudy,
    "review": ReviewStudy,
    "robustness": RobustnessStudy,
    "sensitivity": SensitivityStudy,
    "tipping": TippingStudy,
}
