"""What a review is asked."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from rsip_sim.scenario.ranges import number_text, planner_error
from rsip_sim.scenario.schema import Month
from rsip_sim.studies.kernel.files import Names, StudyFile, Values


def _worth(value: float) -> float:
    if value <= 0:
        raise planner_error(f"{number_text(value)} is worth nothing", "a number above 0")
    return value


Worth = Annotated[float, AfterValidator(_worth)]


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
