"""What a study stands on: a comparison kept in a folder, scenarios from files, folders, nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rsip_sim.evidence.faults import Fault
from rsip_sim.experiment import record
from rsip_sim.experiment.places import here, told
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.results import Results, open_results, stored_scenarios
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.asking import AskedError

STUDIES = "studies"
"""Folder inside that of a comparison in which the studies of it are kept, and found by a paper."""

RUNS = Path("runs")
"""Folder in which a study from a file is kept."""


GROUNDS: Mapping[str, tuple[str, ...]] = {
    "comparison": ("on",), "optional comparison": ("on",), "scenario": ("on",),
    "folder": ("on",), "two folders": ("first", "second"), "evidence": (),
}  # fmt: skip
"""What a study may stand on, and the names of the arguments that say which."""


@dataclass(frozen=True)
class Ground:
    """What a study stands on.

    scenarios     the baseline first; none where the study stands on the evidence alone
    seed          of the draws that all scenarios share
    replications  simulated futures of each scenario
    results       the stored panels of a comparison, or None where nothing is stored
    folder        that of the comparison, or None
    folders       finished runs, studies or papers that are looked into, as they were named
    named         facts by which the ground is known in a manifest
    file          name of the study file that asks, which stands on scenarios and not on a folder
    """

    scenarios: tuple[Scenario, ...] = ()
    seed: int = 0
    replications: int = 0
    results: Results | None = None
    folder: Path | None = None
    named: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    folders: tuple[Path, ...] = ()

    @property
    def baseline(self) -> Scenario:
        """The scenario with which the others are compared."""
        return self.scenarios[0]

    @property
    def stored(self) -> Results:
        """The stored panels, of a study that stands on a comparison."""
        assert self.results is not None
        return self.results

    def place(self, name: str, facts: Mapping[str, Any]) -> Path | None:
        """Where a study of that name is kept, if nobody says where; None: nowhere.

        name   '': in no comparison's folder
        facts  what makes it this study: one from a file has a folder for itself and no other
        """
        if self.file:
            return RUNS / f"{self.file}-{record.digest(facts)[:12]}"
        return self.folder / STUDIES / name if self.folder is not None and name else None


def comparison_ground(folder: str | Path) -> Ground:
    """A comparison that was kept. Raises StoreError, AskedError for a single scenario.

    folder  or its address
    """
    results = open_results(here(folder))
    return ground_of(results, stored_scenarios(results))


def ground_of(results: Results, scenarios: tuple[Scenario, ...]) -> Ground:
    """A stored comparison as ground; AskedError where it compares nothing."""
    if len(scenarios) < 2:
        message = f"{told(results.folder)} holds one scenario; 'rsip compare' compares several"
        raise AskedError([Fault("", 0, 0, "", message)])
    return Ground(
        scenarios, results.seed, results.replications, results, results.folder,
        {"comparison": results.digest},
    )  # fmt: skip


def scenario_ground(
    scenarios: tuple[Scenario, ...], seed: int | None = None, replications: int | None = None
) -> Ground:
    """Scenarios as they were read; seed and replications None: what the first of them says."""
    run = scenarios[0].run
    return Ground(
        scenarios,
        run.seed if seed is None else seed,
        run.replications if replications is None else replications,
    )


@dataclass(frozen=True)
class Means:
    """With what a study simulates.

    workers   processes; 1: this one; None: as many as useful
    progress  told how far the work has come, or None
    folder    where work is kept as it goes, for a study that keeps some; else None
    """

    workers: int | None = None
    progress: Progress | None = None
    folder: Path | None = None


def model_facts() -> dict[str, Any]:
    """The model, evidence and libraries on which simulated numbers stand."""
    return {
        "model": record.source_digest(),
        "evidence": record.evidence_digest(),
        "libraries": record.libraries(),
    }
