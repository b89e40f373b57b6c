"""`rsip init` gives a planner the shipped files to begin with, and takes nothing away."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from rsip_sim.scenario import check, load_scenario
from rsip_sim.scenario import file_names as shipped
from rsip_sim.studies.files.loading import load_study
from tests.fakes.places import EXPERIMENTS, SCENARIOS

SCHEMA = re.compile(r"^# yaml-language-server: \$schema=(\S+)$", re.MULTILINE)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_every_shipped_scenario_and_study_is_there_and_loads(rsip, empty):
    assert rsip("init").exit_code == 0
    for shipped_files, room in ((SCENARIOS, "scenarios"), (EXPERIMENTS, "experiments")):
        wanted = {path.name for path in shipped_files.glob("*.yaml")}
        assert {path.name for path in (empty / room).glob("*.yaml")} == wanted
    assert check(sorted((empty / "scenarios").glob("*.yaml"))) == []
    assert load_study(empty / "experiments/robustness.yaml").path.stem == "robustness"
    written = load_scenario("scenarios/five_year.yaml")
    assert written.resolved == load_scenario("rsip:five_year").resolved


def test_the_first_line_of_every_file_finds_its_schema(rsip, empty):
    rsip("init")
    for path in [*empty.rglob("*.yaml"), empty / "scenarios/README.md"]:
        found = SCHEMA.search(path.read_text("utf-8"))
        assert found, path
        assert (path.parent / found[1]).is_file(), path


def test_what_it_tells_to_type_next_works_as_it_stands(rsip, empty):
    told = rsip("init", "of the council").stdout
    entered, compared, _ = (line.strip() for line in told.splitlines() if line.startswith("   "))
    assert entered == 'cd "of the council"'
    files = [word for word in shlex.split(compared) if word.endswith(".yaml")]
    assert len(files) > 1
    assert check(empty / "of the council" / file for file in files) == []


def test_twice_is_once_and_other_files_stay(rsip, empty):
    (empty / "scenarios").mkdir()
    (empty / "scenarios/ours.yaml").write_text("title: Ours\nextends: base.yaml\n")
    assert rsip("init").exit_code == 0
    before = {name: (empty / name).stat().st_mtime_ns for name in names(empty)}
    assert "already" in rsip("init").stdout
    assert {name: (empty / name).stat().st_mtime_ns for name in names(empty)} == before
    assert (empty / "scenarios/ours.yaml").read_text() == "title: Ours\nextends: base.yaml\n"


def test_a_file_that_a_planner_changed_is_never_replaced_and_nothing_else_is_written(rsip, empty):
    (empty / "scenarios").mkdir()
    (empty / "scenarios/two_year.yaml").write_text("title: Ours\nextends: rsip:base\n")
    done = rsip("init")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "two_year.yaml would be replaced; name another folder" in done.stderr
    assert names(empty) == {str(Path("scenarios/two_year.yaml"))}


@pytest.mark.parametrize("blocked", ["here", "here/scenarios", "here/scenarios/base.yaml"])
def test_a_place_that_cannot_be_written_is_wrong_input(rsip, empty, blocked):
    place = empty / blocked
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.suffix:
        place.mkdir()
    else:
        place.write_text("a file")
    done = rsip("init", "here")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "here" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_installed_package_has_the_files_inside_it(tmp_path, monkeypatch):
    inside = tmp_path / "site-packages" / "rsip_sim"
    (inside / "shipped" / "scenarios").mkdir(parents=True)
    monkeypatch.setattr(shipped, "_PACKAGE", inside)
    monkeypatch.setattr(shipped, "shipped_folder", shipped.shipped_folder.__wrapped__)
    assert shipped.shipped_folder() == inside / "shipped"
    (inside / "shipped" / "scenarios").rmdir()
    assert shipped.shipped_folder() == inside.parent, "a clone has them beside the package"
