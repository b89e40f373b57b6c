"""`rsip robust`: keeps the study beside its comparison, and answers wrong input at once."""

from __future__ import annotations

from pathlib import Path

import pytest

import rsip_sim

pytestmark = pytest.mark.usefixtures("without_charts")


@pytest.fixture
def compared(folder: Path) -> Path:
    scenarios = ["one_year.yaml", "two_year.yaml"]
    rsip_sim.compare(scenarios, 2, workers=1, out="compared")
    return Path("compared")


def test_the_study_is_kept_in_the_folder_of_the_comparison(rsip, compared: Path) -> None:
    done = rsip("robust", compared, "--no-climates")
    assert done.exit_code == 0
    assert "WHICH OPTION IS SELDOM FAR FROM THE BEST?" in done.stdout
    kept = compared / "studies" / "robust_one_climate"
    assert (kept / "manifest.json").is_file()
    assert {path.stem for path in (kept / "tables").iterdir()} == {"regret", "pareto"}
    part = rsip("show", kept, "knowing")
    assert "too few to tell; compare with at least 100" in " ".join(part.stdout.split())


def test_more_futures_of_each_climate_refine_the_same_study(rsip, compared: Path) -> None:
    words = ("--objective", "members", "--workers", 1, "--quiet")
    assert rsip("robust", compared, *words, "--replications", 1).exit_code == 0
    done = rsip("robust", compared, *words, "--replications", 2, "--full")
    assert done.exit_code == 0
    assert "2 futures of each climate" in " ".join(done.stdout.split())
    assert done.stderr == ""


def test_wrong_input_is_answered_in_words_with_exit_code_2(rsip, compared: Path) -> None:
    for words, message in (
        (("compared", "--objective", "memebers"), "did you mean 'members'?"),
        (("compared", "--at", "2013"), "one of mean, march_2013, end"),
        (("nowhere",), "is no folder"),
        ((".",), "holds no run of rsip"),
    ):
        done = rsip("robust", *words)
        assert done.exit_code == 2
        assert message in done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""
