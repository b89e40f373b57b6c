"""The closed schema of a study file, one class for each kind of study.

The classes check one value at a time; what the values must be together, and beside the scenarios
they speak of, is checked in `rsip_sim.analysis.studies.loading`.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field

from rsip_sim.analysis.sensitivity import FEWEST_SETS, MOST_SETS
from rsip_sim.scenario.field_types import Month, Text, Title
from rsip_sim.scenario.ranges import number_text, planner_error
from rsip_sim.scenario.schema import Closed


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


def _worth(value: float) -> float:
    if value <= 0:
        raise planner_error(f"{number_text(value)} is worth nothing", "a number above 0")
    return value


def _several(files: list[str]) -> list[str]:
    if len(files) < 2:
        raise planner_error("one scenario has nothing to be compared with", "two or more files")
    return files


MOST_FUTURES = 1_000_000
Futures = Annotated[int, AfterValidator(_futures)]
Sets = Annotated[int, AfterValidator(_sets)]
Worth = Annotated[float, AfterValidator(_worth)]
Names = Annotated[list[str], Field(min_length=1)]
Values = Annotated[list[Any], Field(min_length=1)]
Climate = Literal["observed", "flat", "surge", "uncertain"]
METRICS_SHOWN = ("members", "erosion", "cohesion", "unmet_days", "council_cost")
CLIMATES: tuple[Climate, ...] = ("observed", "flat", "surge", "uncertain")


class StudyRun(Closed):
    """How many futures are simulated, and which."""

    section: ClassVar[str] = "run"

    replications: int | None = None
    """Simulated futures of each cell (number); else what the scenario says."""
    seed: int | None = None
    """Where the random numbers start (number); else what the scenario says."""


class StudyFile(Closed):
    """What every study says."""

    title: Title
    """A few words that name the study."""
    description: Text = ""
    """One or two sentences: the question, and for whom."""
    author: Title | None = None
    """Who wrote the study."""
    kind: str
    """What is done: grid, review, robustness, sensitivity or tipping."""
    run: StudyRun = StudyRun()
    """How many futures are simulated, and which."""


class GridStudy(StudyFile):
    """Every combination of some values of some levers, on the same futures."""

    kind: Literal["grid"]
    """Every combination of the values."""
    scenario: str
    """The scenario that is varied, as a path from this file; its own values are the base."""
    levers: dict[str, Values] = Field(min_length=1)
    """What the council may choose: values by the path of the field in a scenario."""
    conditions: dict[str, Values] = Field(default_factory=dict)
    """What nobody chooses, in the same form: everything is worked out in each condition apart."""
    metrics: Names = Field(default_factory=lambda: list(METRICS_SHOWN))
    """What is looked at, by the names of the table of differences."""
    at: Names = Field(default_factory=lambda: ["mean"])
    """When it is read: mean, march_2013 or end; the findings stand on the first."""


class ReviewStudy(StudyFile):
    """A choice made at a review, in the light of what was seen until then."""

    kind: Literal["review"]
    """A choice at a review."""
    scenario: str
    """The scenario up to the review, as a path from this file."""
    review: Month
    """Month from which the choice acts; the review sees what was until the month before."""
    levers: dict[str, Values] = Field(min_length=1)
    """What may be chosen at the review: values by the path of the lever, in all combinations."""
    sees: Names
    """What the review sees: metrics as they stood at the end of the month before."""
    together: list[str] = Field(default_factory=list)
    """Those of them that are also looked at together."""
    objectives: Names
    """What is to be had after the review: metrics of which more or less is better."""
    worth_gbp: dict[str, Annotated[list[Worth], Field(min_length=1)]] = Field(default_factory=dict)
    """By objective: what one unit of it is worth (£ a year). For each value the cost to the
    council is set against it, so that the dearest option does not win of itself."""


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


class LeverRange(Closed):
    """A lever and the range in which to search."""

    section: ClassVar[str] = "search"

    lever: str
    """Path of a numeric field of a scenario."""
    lowest: float | None = None
    """Lowest value tried, in the unit of the lever; else as far as the evidence goes."""
    highest: float | None = None
    """Highest value tried, in the unit of the lever; else as far as the evidence goes."""


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
