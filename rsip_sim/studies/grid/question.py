"""What a grid is asked."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rsip_sim.studies.kernel.files import Names, StudyFile, Values

METRICS_SHOWN = ("members", "erosion", "cohesion", "unmet_days", "council_cost")


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
