"""Wherever a process is killed or loses its power, what is kept is whole and is carried on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from rsip_sim.experiment import record
from rsip_sim.experiment.errors import HALF
from rsip_sim.experiment.files import write_text
from rsip_sim.experiment.results import Results
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.studies.kernel.keeping import keep_files, told_files
from tests.fakes import experiment_fakes as fakes
from tests.fakes.disk import Disk, Killed, watched


def run(folder: Path, replications: int = 6) -> None:
    """Two blocks, and a file made from them."""

    def summary(results: Results) -> list[Path]:
        write_text(folder / "summary.txt", f"{results.array('two_year', 'joins').sum()} joined")
        return [folder / "summary.txt"]

    run_scenarios(
        [fakes.scenario()], replications=replications, block=4, workers=1, out=folder,
        afterwards=summary, simulate=fakes.simulate,
    )  # fmt: skip


def keep(folder: Path, words: str = "Found.", tables: tuple[str, ...] = ("one", "two")) -> None:
    """A study of some tables."""
    told = told_files(words, {name: pd.DataFrame({"a": [1, 2]}) for name in tables}, ())
    keep_files(folder, told, {"study": "example", "seed": 1})


WRITERS = {"run": run, "study": keep}


@pytest.fixture(autouse=True)
def no_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking git which commit it is takes longer than all the rest."""
    monkeypatch.setattr(record, "git_state", lambda package: None)


@pytest.mark.parametrize("what", WRITERS)
def test_every_file_is_brought_to_the_disk_under_another_name_and_the_manifest_moved_last(
    tmp_path: Path, what: str
) -> None:
    disk = Disk(tmp_path)
    with watched(disk):
        WRITERS[what](tmp_path)
    opened, brought, moved = (
        [name for step, name in disk.steps if step == kind] for kind in ("open", "bring", "move")
    )
    assert opened == brought
    assert all(HALF.fullmatch(Path(half).name) for half in opened)
    assert not any(HALF.fullmatch(Path(name).name) for name in moved)
    whole: set[str] = set()
    for step, name in disk.steps:
        if step == "bring":
            half = HALF.fullmatch(Path(name).name)
            whole.add(Path(name).with_name(half[1] if half else "").as_posix())
        assert step != "move" or name in whole, "moved before it was on the disk"
    assert sorted(moved) == sorted(fakes.tree(tmp_path))
    assert moved[-1] == "manifest.json"
    if what == "run":
        assert moved[0] == "run.json"


BEFORE: dict[str, Callable[[Path], None]] = {
    "run of nothing": lambda folder: None,
    "run of a shorter one": lambda folder: run(folder, 5),
    "study of nothing": lambda folder: None,
    "study of an older one": lambda folder: keep(folder, "Sought.", ("one", "three")),
}


@pytest.mark.parametrize("what", BEFORE)
def test_killed_at_any_step_it_is_carried_on_to_the_same_bytes_and_never_looks_whole_before(
    tmp_path: Path, what: str
) -> None:
    write = WRITERS[what.split()[0]]
    write(tmp_path / "whole")
    whole = fakes.tree(tmp_path / "whole")
    BEFORE[what](tmp_path / "before")
    (tmp_path / "before").mkdir(exist_ok=True)
    killed, died = 0, True
    while died:
        folder = tmp_path / f"killed at {killed}"
        shutil.copytree(tmp_path / "before", folder)
        try:
            with watched(Disk(folder, killed)):
                write(folder)
            died = False
        except Killed:
            killed += 1
        if (folder / "manifest.json").exists():
            told = json.loads((folder / "manifest.json").read_bytes())
            assert not record.changed_files(folder, told["files"]), folder.name
        write(folder)
        assert fakes.tree(folder) == whole, folder.name
    assert killed > len(whole)  # at least a step a file
