"""Small stored comparisons to verify and to tell apart: thirty schools, eighteen months."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import rsip_sim
from rsip_sim.evidence.rosters import roster_path
from rsip_sim.experiment import record
from rsip_sim.experiment.record import file_digest
from rsip_sim.measures.runs import FloatArray
from rsip_sim.scenario import Scenario, with_values
from rsip_sim.studies.kernel.trials import Trial, measure_all

BASE = """
title: Base
start: 2011-04
horizon_months: 18
roster: {roster}
agreement: {{length_months: {length}, later_offers: {later_offers}}}
funding: {{earmark_gbp_per_year: 150_000, ses_gbp_per_year: 300_000}}
run: {{replications: 24, seed: 3, parameters: {parameters}}}
"""
LENGTHS = {"no_agreement": 0, "one_year": 12, "two_year": 24}
MEASURE_ALTERNATIVES = "rsip_sim.studies.compare.alternatives.measure_all"
SCHOOLS = 30  # at the head of the roster, nurseries and infants among them


def scenarios(
    folder: Path,
    values: Mapping[str, Mapping[str, Any]] | None = None,
    leave_out: int = 0,
    horizon: int = 18,
    parameters: str = "uncertain",
) -> list[Scenario]:
    """No agreement, one year and two years, in a town whose roster is a file of its own.

    values     changes by name of the scenario, as `with_values` takes them
    leave_out  schools left out of the roster
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = roster_path("rotherham_2011").read_text("utf-8").splitlines()
    kept = [lines[0], *lines[1 + leave_out : SCHOOLS + 1]]
    name = f"town_{leave_out}.csv" if leave_out else "town.csv"
    (folder / name).write_text("\n".join(kept) + "\n", "utf-8")
    made = []
    for scenario, length in LENGTHS.items():
        later = str(length > 0).lower()  # without an agreement none is offered later
        text = BASE.format(roster=name, length=length, later_offers=later, parameters=parameters)
        path = folder / f"{scenario}.yaml"
        path.write_text(text.replace("months: 18", f"months: {horizon}"), "utf-8")
        loaded = rsip_sim.load_scenario(path).changed({}, _title(scenario))
        made.append(with_values(loaded, (values or {}).get(scenario, {})))
    return made


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


@contextmanager
def without_charts() -> Iterator[None]:
    """Charts take a second each and have tests of their own."""
    import rsip_sim.studies.compare.charts

    with pytest.MonkeyPatch.context() as patch:
        for name in ("run_charts", "comparison_charts"):
            patch.setattr(rsip_sim.studies.compare.charts, name, lambda *_: {})
        yield


@contextmanager
def alternatives_tried_once() -> Iterator[None]:
    """Each alternative of each scenario is simulated the first time that it is asked for."""
    measured: dict[object, FloatArray] = {}

    def of(trial: Trial) -> object:
        assert not trial.held
        return (
            trial.policy, trial.roster.digest, trial.seed, trial.replications.tobytes(),
            trial.metrics, trial.moments,
        )  # fmt: skip

    def remembered(trials: list[Trial], *settings: Any) -> list[FloatArray]:
        new = {of(trial): trial for trial in trials if of(trial) not in measured}
        if new:
            measured.update(zip(new, measure_all([*new.values()], *settings), strict=True))
        return [measured[of(trial)] for trial in trials]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MEASURE_ALTERNATIVES, remembered)
        yield


@contextmanager
def without_alternatives() -> Iterator[None]:
    """They take the half of a small comparison and have tests of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rsip_sim.studies.compare.alternatives.alternatives", lambda *_: ())
        yield


def kept_paper(out: Path, made: list[Scenario], **settings: Any) -> Path:
    """The folder of a comparison of these scenarios."""
    with without_charts():
        rsip_sim.compare(made, workers=1, out=out, **{**settings})
    return out


@contextmanager
def another_model(digest: str = "0" * 64, months: float = 60.0) -> Iterator[None]:
    """For a while the model is another: full security takes so many months of agreement."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record, "source_digest", lambda: digest)
        patch.setattr("rsip_sim.model.rules.choice.SECURE_MONTHS", months)
        patch.setattr(MEASURE_ALTERNATIVES, measure_all)  # nothing that is remembered is its
        yield


def copied(folder: Path, to: Path) -> Path:
    """A copy to tamper with."""
    return Path(shutil.copytree(folder, to))


def changed_json(path: Path, **values: Any) -> None:
    """Change some values of a JSON file, and seal it again if it was, as one who hides a change."""
    content = {**json.loads(path.read_text(encoding="utf-8")), **values}
    sealed = content.pop(record.SEAL, None) is not None
    text = json.dumps(record.sealed(content) if sealed else content)
    path.write_text(text, encoding="utf-8")


def covered_up(folder: Path, *names: str) -> None:
    """Give files their present digests in the manifest, as one would who hides a change."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = {**manifest["files"], **{name: file_digest(folder / name) for name in names}}
    changed_json(folder / "manifest.json", files=files)


def replaced(path: Path, old: str, new: str) -> None:
    """Replace text that stands in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
