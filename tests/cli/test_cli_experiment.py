"""`rsip experiment`: answers wrong input at once, and tells a failed cell with exit code 3."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rsip_sim.studies.grid.study import GridStudy
from rsip_sim.studies.kernel import cells
from tests.fakes.studies import GRID, REVIEW, by_formula, measure_all_by, study

BROKEN = Path(__file__).parent / "fixtures" / "broken_studies"


@pytest.fixture
def unlucky(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study of which one cell fails."""

    def measure(trial):
        if trial.policy.levers.agreement.length_months == 12:
            raise ValueError("twelve is unlucky")
        return by_formula(trial)

    monkeypatch.setattr(cells, "measure_all", measure_all_by(measure))
    monkeypatch.setattr(GridStudy, "charts", lambda *_: ())
    monkeypatch.chdir(tmp_path)
    return study(tmp_path, GRID.replace("[0, 24]", "[0, 24, 36]")).path


def test_failed_cells_are_told_with_exit_code_3_and_the_others_are_kept(rsip, unlucky) -> None:
    done = rsip("experiment", unlucky, "--replications", 12, "--workers", 1, "--out", "out")
    assert done.exit_code == 3
    assert "2 cells failed; why is in out/failures.log" in done.stderr
    assert "Best of 10 for schools in the partnership: 60 months" in done.stdout
    assert "Failed, and missing in everything below: cells 0, 1" in " ".join(done.stdout.split())
    assert (Path("out") / "tables" / "results.csv").is_file()
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("text", [GRID, REVIEW])
def test_where_every_cell_fails_the_reason_is_told_and_nothing_is_kept_as_an_answer(
    rsip, tmp_path, monkeypatch, text
) -> None:
    def measure(trial):
        raise ValueError("no luck at all")

    monkeypatch.setattr(cells, "measure_all", measure_all_by(measure))
    path = study(tmp_path, text).path
    out = tmp_path / "out"
    done = rsip("experiment", path, "--replications", 20, "--workers", 1, "--out", out)
    assert done.exit_code == 3
    assert "ValueError: no luck at all" in done.stderr
    assert "no cell could be simulated, details are in" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert not (out / "summary.txt").exists()


def test_a_study_kept_before_is_not_written_over_by_another(rsip, unlucky) -> None:
    words = ("experiment", unlucky, "--workers", 1, "--quiet", "--out", "out")
    rsip(*words, "--replications", 12)
    done = rsip(*words, "--replications", 13)
    assert done.exit_code == 2
    assert "holds another study" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("unknown_lever", "did you mean 'agreement.length_months'?"),
        ("tab", "a tab stands here"),
        ("empty", "is empty"),
        ("nowhere", "there is no such file"),
    ],
)
def test_wrong_input_is_answered_in_words_with_exit_code_2(rsip, file, message) -> None:
    done = rsip("experiment", BROKEN / f"{file}.yaml")
    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_schema_of_studies_is_printed_for_editors(rsip) -> None:
    done = rsip("schema", "--of", "experiment")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["title"] == "Study of rsip_sim"
    assert json.loads(rsip("schema").stdout)["title"] == "Scenario of rsip_sim"
