"""The commands about single schools: what a planner types, and what comes back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import rsip_sim
from rsip_sim.experiment.runner import run_scenarios
from tests.fakes.places import SCENARIOS

FILES = ("no_partnership", "one_year", "two_year")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison of three scenarios, simulated once for all commands."""
    folder = tmp_path_factory.mktemp("schools") / "run"
    scenarios = SCENARIOS
    loaded = [rsip_sim.load_scenario(scenarios / f"{name}.yaml") for name in FILES]
    run_scenarios(loaded, None, 8, folder, workers=1)
    return folder


def test_a_story_is_printed_and_kept_beside_the_comparison(rsip, kept):
    done = rsip("story", kept, "--school", "Wingfield", "--scenario", "one_year")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("WHAT DOES '1 YEAR' CHANGE FOR WINGFIELD BUSINESS AND ENT")
    assert "no forecast of this school" in done.stdout
    folder = kept / "studies" / "story_106951_one_year_against_no_partnership"
    assert f"are in {folder}" in done.stderr
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["study"], manifest["urn"], manifest["replications"]) == ("story", 106951, 8)
    assert manifest["comparison"] == json.loads((kept / "run.json").read_text())["digest"]
    screen = done.stdout.partition("\n\nMORE")[0]
    assert (folder / "summary.txt").read_text().startswith(screen)
    assert {"tables/terms.csv", "tables/futures.csv"} <= set(manifest["files"])


def test_the_last_scenario_is_taken_and_said_where_none_is_named(rsip, kept):
    told = rsip("story", kept, "--school", 106951, "--baseline", "one_year")
    assert told.exit_code == 0, told.stderr
    words = " ".join(told.stdout.split())
    assert "Here: 'Two-year agreement'; there: 'One-year agreement'" in words
    assert "the last is taken, two_year; --scenario chooses among no_partnership" in told.stderr
    quiet = rsip("risks", kept, "--quiet")
    assert (quiet.exit_code, quiet.stderr) == (0, "")
    assert "HOW MANY SCHOOLS ARE AT RISK OF LEAVING?" in quiet.stdout
    assert "studies/risks_two_year" in quiet.stdout


def test_a_future_may_be_asked_for_and_has_a_folder_of_its_own(rsip, kept):
    words = ("--school", 106951, "--baseline", "one_year", "--scenario", "two_year")
    done = rsip("story", kept, *words, "--replication", 3, "--quiet")
    assert done.exit_code == 0, done.stderr
    assert "Future 3 was asked for: " in done.stdout
    name = "story_106951_two_year_against_one_year_future_3"
    assert (kept / "studies" / name / "manifest.json").is_file()


def test_a_register_is_printed_and_kept_with_whole_tables(rsip, kept, tmp_path):
    done = rsip("risks", kept, "--scenario", "two_year", "--by", "2013-03", "--out", tmp_path / "r")
    assert done.exit_code == 0, done.stderr
    assert "to the end of March 2013" in " ".join(done.stdout.split())
    part = rsip("show", tmp_path / "r", "schools")
    assert "not a forecast of a named school" in " ".join(part.stdout.split())
    assert len((tmp_path / "r/tables/schools.csv").read_text().splitlines()) == 127
    assert len((tmp_path / "r/tables/communities.csv").read_text().splitlines()) == 17
    assert (tmp_path / "r/charts/community_tiles.svg").is_file()
    again = rsip("risks", kept, "--scenario", "two_year", "--out", tmp_path / "r")
    assert again.exit_code == 2
    assert "holds another study (risks)" in again.stderr


def test_without_a_partnership_there_are_no_tiles(rsip, kept, tmp_path):
    done = rsip("risks", kept, "--scenario", "no_partnership", "--out", tmp_path / "r")
    assert done.exit_code == 0, done.stderr
    assert not list((tmp_path / "r").glob("charts/*.svg"))


def test_everything_that_is_wrong_is_said_at_once(rsip, kept):
    done = rsip(
        "story", kept, "--school", 106952, "--scenario", "two_yaer", "--baseline", "one_yaer",
        "--replication", 8,
    )  # fmt: skip
    assert (done.exit_code, done.stdout) == (2, "")
    for said in (
        "did you mean 'two_year'?", "did you mean 'one_year'?", "did you mean 'Wingfield",
        "--replication: there is no future 8; the comparison holds 8, numbered 0 to 7",
    ):  # fmt: skip
        assert said in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("story", "--school", "106951", "--scenario", "no_partnership"), "is the baseline itself"),
        (("risks", "--by", "March"), "'March' is not a month"),
        (
            ("risks", "--by", "2016-04"),
            "--by: 2016-04 is outside the months simulated",
        ),
        (("risks", "--scenario", "three_year"), "no scenario here is named 'three_year'"),
    ],
)
def test_wrong_input_is_answered_with_what_is_allowed(rsip, kept, words, said):
    command, *rest = words
    done = rsip(command, kept, *rest)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_folder_without_a_comparison_is_told_so(rsip, tmp_path):
    for command in (("story", "--school", "1"), ("risks",)):
        done = rsip(command[0], tmp_path, *command[1:])
        assert done.exit_code == 2
        assert "holds no run of rsip" in done.stderr


def test_a_story_of_another_model_is_refused_and_a_register_is_not(rsip, kept, monkeypatch):
    from rsip_sim.experiment import record

    monkeypatch.setattr(record, "source_digest", lambda: "0" * 64)
    done = rsip("story", kept, "--school", 106951, "--scenario", "two_year", "--replication", 1)
    assert done.exit_code == 2
    assert "was simulated before the model's source changed" in done.stderr
    assert rsip("risks", kept, "--scenario", "one_year").exit_code == 0
