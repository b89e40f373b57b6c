"""A study as its file asks it: what every kind of study says, and the study with its scenarios."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field

from rsip_sim.scenario import Scenario
from rsip_sim.scenario.schema import Closed, Text, Title

Names = Annotated[list[str], Field(min_length=1)]
Values = Annotated[list[Any], Field(min_length=1)]


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


@dataclass(frozen=True)
class LoadedStudy:
    """One checked study.

    path       the file as it was named;  name: its stem, which names the study in results
    settings   what the file says, one of the classes of the schema
    scenarios  the scenarios it speaks of, in the order of the file
    """

    path: Path
    name: str
    settings: StudyFile
    scenarios: tuple[Scenario, ...]

    @property
    def title(self) -> str:
        """The study in a few words."""
        return self.settings.title

    def replications(self, asked: int | None) -> int:
        """Futures of each cell: as asked for, as the study says, or as its scenario does."""
        return asked or self.settings.run.replications or self.scenarios[0].run.replications

    @property
    def seed(self) -> int:
        """Seed of the draws that everything in the study shares."""
        given = self.settings.run.seed
        return self.scenarios[0].run.seed if given is None else given

    def seeded(self, seed: int | None) -> LoadedStudy:
        """The study with other random draws; None: as it stands."""
        if seed is None:
            return self
        run = self.settings.run.model_copy(update={"seed": seed})
        return replace(self, settings=self.settings.model_copy(update={"run": run}))
