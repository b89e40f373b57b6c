"""Stopped at any one step of writing, a command leaves nothing that the next one stumbles over."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import rsip_sim
from rsip_sim.experiment import record
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.record import changed_files
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.experiment.store import HALF, LITTER, write_bytes
from rsip_sim.paper import make
from rsip_sim.paper.assemble import load_template
from rsip_sim.paper.make import make_pack
from rsip_sim.studies.kernel import keeping
from rsip_sim.studies.kernel.keeping import begun, keep_files, told_files
from tests.fakes import experiment_fakes as fakes
from tests.fakes import papers
from tests.fakes.failing_disk import Killed, failing

PACK = ("reports/assumptions.json", "paper.docx", "paper.html", "tables.xlsx", "summary.txt")
FACTS = {"study": "example", "seed": 1}
Command = Callable[[Path, int], None]
"""Fills a folder; the number makes what is written another, but not what is asked."""


def run(out: Path, variant: int) -> None:
    scenario = fakes.scenario("plan")

    def table(results: Any) -> list[Path]:
        write_bytes(out / "tables" / "a.csv", b"a,b\n")
        return [out / "tables" / "a.csv"]

    run_scenarios([scenario], replications=1 + variant, block=2, out=out, workers=1,
                  simulate=fakes.simulate, afterwards=table)  # fmt: skip


def study(out: Path, variant: int) -> None:
    with begun(out, FACTS):
        write_bytes(out / "cells" / "0000.npy", b"measured")
    tables = {"found": pd.DataFrame({"a": [variant]}), "more": pd.DataFrame({"b": [1]})}
    files = told_files(f"Found {variant}.", tables, ())
    keep_files(out, files, FACTS, work=[out / "cells" / "0000.npy"])


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Makes the same pack of one comparison; its content is worked out once, and few files kept."""
    folder = tmp_path_factory.mktemp("stopped")
    town = papers.scenarios(folder / "scenarios", leave_out=20, horizon=13)
    comparison = rsip_sim.open_comparison(
        papers.kept_paper(folder / "run", town[1:], replications=4)
    )
    template = load_template("generic")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make, "comparison_charts", lambda *_: {})
        made: dict[str, bytes] = {}
        keep: Callable[..., None] = lambda _, files, *__: made.update(files)  # noqa: E731
        patch.setattr(make, "keep_files", keep)
        make_pack(comparison.results, comparison.tables, template, out=folder / "pack")
    kept = {name: made[name] for name in PACK}

    def write(out: Path, variant: int) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(make, "pack_files", lambda *_: {**kept, "notes.txt": b"%d" % variant})
            patch.setattr(make, "log_of_package", lambda: None)
            make_pack(comparison.results, comparison.tables, template, out=out)

    return write


@pytest.fixture(params=["run", "study", "pack"])
def command(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Command:
    chosen: Command = {"run": run, "study": study}.get(request.param) or request.getfixturevalue(
        "pack"
    )
    for module in (record, keeping):  # to look the versions up takes longer than all the rest
        monkeypatch.setattr(module, "environment", dict)
    monkeypatch.setattr(record, "libraries", dict)
    return chosen


def stopped(command: Command, out: Path, at: int, kill: bool) -> bool:
    """Run it and stop it at this step; False where it has fewer."""
    told = ""
    with failing(at, kill) as steps:
        try:
            command(out, 1)
        except (StoreError, Killed) as error:
            told = str(error)
    if told:  # a folder that is there already is not made again
        assert told.startswith(f"{out} cannot be used: No space left on device. Make room")
    return len(steps) > at


@pytest.mark.parametrize("older", [False, True], ids=["new", "over an older one"])
@pytest.mark.parametrize("kill", [False, True], ids=["full", "killed"])
def test_the_same_command_works_after_a_stop_at_any_step_and_nothing_else_stays(
    tmp_path: Path, command: Command, older: bool, kill: bool
) -> None:
    command(tmp_path / "whole", 1)
    whole = fakes.tree(tmp_path / "whole")
    at = 0
    while True:
        out = tmp_path / str(at)
        if older:
            command(out, 0)
        if not stopped(command, out, at, kill):
            break
        left = fakes.tree(out)
        if "manifest.json" in left:  # then it vouches for what is there
            assert not changed_files(out, json.loads(left["manifest.json"])["files"])
        if not kill:
            assert not [name for name in left if HALF.fullmatch(Path(name).name)]
        command(out, 1)
        assert fakes.tree(out) == whole
        at += 1
    assert at > 10


def test_a_full_disk_leaves_an_older_pack_whole(tmp_path: Path, pack: Command) -> None:
    pack(tmp_path / "pack", 0)
    before = fakes.tree(tmp_path / "pack")
    assert stopped(pack, tmp_path / "pack", 8, kill=False)
    assert fakes.tree(tmp_path / "pack") == before


def test_a_killed_process_leaves_files_that_are_swept() -> None:
    assert HALF.fullmatch(".paper.docx.17.tmp")
    assert not HALF.fullmatch("paper.docx")
    assert ".lock" in LITTER


OPEN = {"pack": "paper.docx", "study": "tables/found.csv", "run": "tables/a.csv"}


@pytest.mark.parametrize("how", ["written", "replaced"])
def test_a_file_open_in_word_or_excel_is_named_and_what_was_finished_stays_finished(
    tmp_path: Path, command: Command, how: str, request: pytest.FixtureRequest
) -> None:
    """As Windows refuses to write or to replace what another program holds open."""
    out = tmp_path / "out"
    command(out, 0)
    before = fakes.tree(out)
    held = out / OPEN[request.node.callspec.params["command"]]
    opened, replaced = Path.open, os.replace

    def open_unless_held(path: Path, mode: str = "r", *words: Any, **named: Any) -> Any:
        if path == held and mode != "rb":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, mode, *words, **named)

    def replace_unless_held(one: Path, other: Path) -> None:
        if held == other:
            raise PermissionError(13, "Access is denied", str(one), None, str(other))
        replaced(one, other)

    with pytest.MonkeyPatch.context() as patch:
        if how == "written":
            patch.setattr(Path, "open", open_unless_held)
        else:
            patch.setattr(os, "replace", replace_unless_held)
        with pytest.raises(StoreError, match=r"Close it in Word, Excel or wherever") as told:
            command(out, 1)
    assert str(told.value).startswith(f"{held} cannot be used: ")
    assert fakes.tree(out) == before
    command(out, 1)
    command(tmp_path / "whole", 1)
    assert fakes.tree(out) == fakes.tree(tmp_path / "whole")
