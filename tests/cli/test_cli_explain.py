"""`rsip explain` answers, keeps its study beside the comparison, and tells what cannot be asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rsip_sim.evidence.register import Register, load_register
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.face import load_scenarios
from tests.cli.conftest import SCENARIOS, Rsip


@pytest.fixture(autouse=True)
def few_mechanisms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two mechanisms want four coalitions; all of them a minute."""
    rules = load_register().structures
    chosen = (rules["security"], rules["forum"])
    monkeypatch.setattr(Register, "mechanisms", lambda _register: chosen)


def compared(folder: Path, replications: int = 12) -> Path:
    base = (SCENARIOS / "base.yaml").read_text("utf-8")
    shorter = base.replace("horizon_months: 60", "horizon_months: 24")
    (folder / "base.yaml").write_text(shorter, "utf-8")
    paths = []
    for name in ("one_year", "two_year", "no_partnership"):
        paths.append(folder / f"{name}.yaml")
        paths[-1].write_text((SCENARIOS / f"{name}.yaml").read_text("utf-8"), "utf-8")
    # as the command compares, but for its charts
    run_scenarios(load_scenarios(paths), None, replications, folder / "run", workers=1)
    return folder / "run"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compared(tmp_path_factory.mktemp("explained"))


ASKED = ("--scenario", "two_year", "--metric", "members", "--workers", 1)


def test_the_answer_is_printed_and_kept_beside_the_comparison(rsip: Rsip, run: Path) -> None:
    done = rsip("explain", run, "--scenario", "two_year", "--workers", 1)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("WHY ")
    words = " ".join(done.stdout.split())
    assert "What differs: Agreement length: 12 → 24 months." in words
    assert "levers | mechanisms | method" in words
    place = run / "studies" / "explain_two_year_against_one_year"
    assert str(place) in done.stderr
    manifest = json.loads((place / "manifest.json").read_text("utf-8"))
    identity = json.loads((run / "run.json").read_text("utf-8"))
    assert manifest["study"] == "explain"
    assert manifest["comparison"] == identity["digest"]
    assert (manifest["baseline"], manifest["scenario"]) == ("one_year", "two_year")
    assert manifest["replications"] == 12
    files = set(manifest["files"])
    assert {"summary.txt", "tables/mechanisms_shares.csv", "charts/shares.png"} <= files
    screen = done.stdout.partition("\n\nMORE")[0]
    assert (place / "summary.txt").read_text("utf-8").startswith(screen)


def test_another_question_has_a_folder_of_its_own_and_may_be_asked_again(
    rsip: Rsip, run: Path
) -> None:
    for _ in range(2):
        done = rsip("explain", run, *ASKED, "--at", "end", "--quiet")
        assert (done.exit_code, done.stderr) == (0, "")
    assert (run / "studies" / "explain_two_year_against_one_year_members_at_end").is_dir()


def test_the_study_of_a_comparison_that_has_grown_replaces_that_of_fewer_futures(
    rsip: Rsip, tmp_path: Path
) -> None:
    for replications in (12, 14):
        folder = compared(tmp_path, replications)
        assert rsip("explain", folder, *ASKED).exit_code == 0
    (place,) = (folder / "studies").iterdir()
    assert json.loads((place / "manifest.json").read_text("utf-8"))["replications"] == 14


def test_a_folder_that_holds_something_else_is_left_alone(
    rsip: Rsip, run: Path, tmp_path: Path
) -> None:
    (tmp_path / "letter.docx").write_text("mine")
    done = rsip("explain", run, *ASKED, "--out", tmp_path)
    assert done.exit_code == 2
    assert "letter.docx" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.docx"]


def test_wrong_questions_are_answered_at_once_with_every_fault(rsip: Rsip, run: Path) -> None:
    done = rsip("explain", run, "--baseline", "one_yaer", "--metric", "memebrs", "--at", "ende")
    assert done.exit_code == 2
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert [line.split(":")[0] for line in lines] == ["--baseline", "--metric", "--at"]
    assert all("did you mean" in line for line in lines)
    several = rsip("explain", run)
    assert several.exit_code == 2
    assert "name one of two_year, no_partnership" in several.stderr


def test_what_holds_no_finished_comparison_is_told_so(rsip: Rsip, tmp_path: Path) -> None:
    done = rsip("explain", tmp_path)
    assert done.exit_code == 2
    assert "holds no run of rsip" in done.stderr
