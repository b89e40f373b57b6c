"""A finished run as it was kept: its scenarios, and whether today's model is the one it ran on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rsip_sim.experiment import record
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.results import Results
from rsip_sim.experiment.store import MANIFEST, RUN, read_record
from rsip_sim.scenario import Scenario, load_scenario


def open_results(folder: Path) -> Results:
    """The results of a finished run; StoreError says what the folder holds instead."""
    if not folder.is_dir():
        raise StoreError(f"{folder} is no folder; name one that 'rsip compare' filled with --out")
    if not (folder / RUN).is_file():
        raise StoreError(
            f"{folder} holds no run of rsip; 'rsip compare … --out DIR' fills a folder"
        )
    if not (folder / MANIFEST).is_file():
        raise StoreError(
            f"the run in {folder} is not finished; the command that began it carries on from there"
        )
    return Results.open(folder)


def stored_scenarios(results: Results) -> tuple[Scenario, ...]:
    """The scenarios of a run, read from the resolved files kept with it; baseline first.

    Raises ScenarioError where a file was changed into something that is no scenario.
    """
    found = []
    for name in results.scenarios:
        path = results.folder / "scenarios" / f"{name}.resolved.yaml"
        found.append(replace(load_scenario(path), name=name))
    return tuple(found)


def refuse_other_model(results: Results) -> None:
    """StoreError unless a future simulated now would be the one that is stored.

    Analyses that simulate again mix their numbers with stored ones, so both must come from the
    same model, evidence and libraries.
    """
    before = read_record(results.folder / RUN)
    now = {
        "the model's source": (before["model"], record.source_digest()),
        "the parameter register or other evidence": (before["evidence"], record.evidence_digest()),
        "the versions of libraries": (before["libraries"], record.libraries()),
    }
    changed = [what for what, (old, new) in now.items() if old != new]
    if changed:
        raise StoreError(
            f"{results.folder} was simulated before {' and '.join(changed)} changed; "
            "compare the scenarios again in a new folder first"
        )
