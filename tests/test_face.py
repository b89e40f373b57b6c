"""What a script or a notebook calls."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

import rsip_sim
from rsip_sim.experiment.pool import process_pool
from rsip_sim.studies.compare import work
from rsip_sim.studies.kernel.asking import group_of
from rsip_sim.studies.registry import STUDIES, study_named
from tests.fakes.places import SCENARIOS

BOTH = [SCENARIOS / "no_partnership.yaml", SCENARIOS / "two_year.yaml"]


@pytest.fixture(scope="module")
def comparison():
    return rsip_sim.compare(BOTH, replications=8)


def test_a_comparison_has_one_row_a_scenario_metric_and_date(comparison):
    keys = ["scenario", "metric", "date"]
    assert not comparison.differences.duplicated(keys).any()
    assert set(comparison.differences["scenario"]) == {"two_year"}
    assert comparison.differences["replications"].max() == 8


def test_the_panel_holds_every_scenario(comparison):
    panel = comparison.panel(["participation", "joins"])
    assert list(panel) == ["scenario", "replication", "month", "participation", "joins"]
    assert len(panel) == 2 * 8 * 60
    assert (panel.query("scenario == 'no_partnership'")["participation"] == 0).all()


def test_a_comparison_takes_scenarios_that_are_loaded_already(comparison):
    loaded = [rsip_sim.load_scenario(path) for path in BOTH]
    again = rsip_sim.compare(loaded, replications=8)
    assert again.differences.equals(comparison.differences)


def test_a_longer_comparison_begins_with_the_shorter_one(comparison):
    longer = rsip_sim.run(BOTH[1], replications=11).results
    shorter = comparison.results
    for column in ("cohesion", "recouped_cumulative_pence"):
        key = ("two_year", column)
        assert (longer.array(*key)[:, :8] == shorter.array(*key)).all()


def test_a_run_has_headlines_of_its_one_scenario():
    done = rsip_sim.run(BOTH[1], replications=8, seed=3)
    assert set(done.headlines["scenario"]) == {"two_year"}
    assert done.results.seed == 3


def test_every_fault_of_every_file_is_reported_at_once(tmp_path):
    for name in ("first", "second"):
        (tmp_path / f"{name}.yaml").write_text("titel: A slip\n")
    with pytest.raises(rsip_sim.ScenarioError) as caught:
        rsip_sim.compare([tmp_path / "first.yaml", tmp_path / "second.yaml"])
    files = {Path(fault.file).name for fault in caught.value.faults}
    assert files == {"first.yaml", "second.yaml"}


def test_importing_the_package_imports_no_library():
    code = "import sys, rsip_sim; dir(rsip_sim); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "pandas", "pydantic", "typer"} & set(done.stdout.split())


def test_every_public_name_is_there_and_no_other():
    assert all(getattr(rsip_sim, name) for name in rsip_sim.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'comapre'"):
        rsip_sim.comapre  # noqa: B018


@pytest.mark.parametrize("name", STUDIES)
def test_every_study_is_a_function_that_takes_the_fields_of_its_question(name: str) -> None:
    study = study_named(name)
    asked = study.question
    taken = inspect.signature(getattr(rsip_sim, name)).parameters
    for field, about in asked.model_fields.items():
        group = group_of(about.annotation)
        wanted = [f"{field}_{inner}" for inner in group.model_fields] if group else [field]
        assert set(wanted) <= set(taken), f"{name} cannot be asked for {field}"
    assert {"workers", "progress"} <= set(taken)
    assert ("out" in taken) == study.keeps
    assert name in dir(rsip_sim)


def test_a_study_is_asked_of_a_comparison_in_python(comparison) -> None:
    kept = rsip_sim.risks(comparison)
    assert kept.text.startswith(kept.report.title.upper())
    again = rsip_sim.risks(comparison.results.folder)
    assert again.text == kept.text
    with pytest.raises(TypeError, match="scenaro"):
        rsip_sim.risks(comparison, scenaro="two_year")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"replications": "10"}, "replications='10' is not a whole number"),
        ({"replications": 10.0}, "replications=10.0 is not a whole number"),
        ({"seed": 1.5}, "seed=1.5 is not a whole number"),
        ({"seed": True}, "seed=True is not a whole number"),
        ({"workers": -1}, "workers=-1 is not a whole number from 1 on"),
        ({"scenarios": BOTH[0]}, "compare takes a baseline and at least one more"),
        ({"scenarios": [3, BOTH[0]]}, "3 is no scenario"),
    ],
)
def test_an_argument_that_makes_no_sense_is_refused_by_its_name(given, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        rsip_sim.compare(**{"scenarios": BOTH, "replications": 4, **given})


def test_what_a_loop_over_numpy_gives_is_taken(comparison, tmp_path, no_other_rules):
    given = {"replications": np.int64(8), "seed": np.int32(20110401), "workers": np.int64(1)}
    again = rsip_sim.compare((path for path in BOTH), **given, out=tmp_path / "kept")
    assert again.differences.equals(comparison.differences)
    assert rsip_sim.open_comparison(tmp_path / "kept").results.seed == 20110401


def test_a_study_takes_what_a_notebook_and_a_command_give(comparison) -> None:
    by_name = rsip_sim.robust(comparison, objectives=["members"], climates=False)
    again = rsip_sim.robust(comparison, objective=np.array(["members"]), climates=False)
    assert again.text == by_name.text
    assert rsip_sim.robust(comparison, objective="members", climates=False).text == by_name.text


def test_a_school_is_named_by_its_number_and_a_folder_by_its_comparison(comparison) -> None:
    urn = comparison.scenarios[0].roster.urn[0]
    assert rsip_sim.story(comparison, school=urn).text
    assert rsip_sim.verify(comparison, blocks=np.int64(0)).text
    with pytest.raises(TypeError, match="scholl"):
        rsip_sim.story(comparison, school=urn, scholl=urn)


@pytest.mark.parametrize("name", STUDIES)
def test_the_help_of_a_study_says_every_argument_and_what_it_raises(name: str) -> None:
    words, taken = getattr(rsip_sim, name).__doc__, inspect.signature(getattr(rsip_sim, name))
    assert all(each in words for each in taken.parameters)
    assert "Raises AskedError" in words


def test_a_changed_scenario_is_compared_with_the_one_it_came_from():
    two = rsip_sim.load_scenario("rsip:two_year")
    longer = two.changed({"agreement.length_months": 60})
    found = rsip_sim.compare([two, longer], replications=8, workers=1).differences
    assert set(found["scenario"]) == {"two_year_length_months_60"}


def test_a_home_folder_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    rsip_sim.run("rsip:two_year", replications=2, workers=1, out="~/kept")
    assert (tmp_path / "kept/manifest.json").is_file()
    assert not (tmp_path / "~").exists()


def test_a_study_file_is_run_as_the_command_does(tmp_path):
    file = tmp_path / "lengths.yaml"
    file.write_text(
        "title: Lengths\nkind: grid\nscenario: rsip:two_year\n"
        "levers: {agreement.length_months: [12, 24]}\nmetrics: [members]\n"
    )
    kept = rsip_sim.run_study(file, replications=np.int64(8), workers=1, out=tmp_path / "kept")
    assert kept.report.title
    file.write_text(file.read_text().replace("rsip:two_year", "rsip:two_yaer"))
    with pytest.raises(ValueError, match="did you mean 'rsip:two_year'"):
        rsip_sim.run_study(file)


GIVEN = [str(path) for path in BOTH]
SCRIPT = f"""
import rsip_sim
print("begun")
done = rsip_sim.compare({GIVEN}, replications=4, workers=2, seed=1)
print(done.results.replications)
"""
# what `compare` begins with, without the libraries that it needs afterwards
WITHOUT_A_FILE = f"""
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.face import load_scenarios
print("begun")
print(run_scenarios(load_scenarios({GIVEN}), 1, 4, workers=2).replications)
"""


def test_a_script_needs_no_guard_around_what_it_simulates(tmp_path):
    """The processes that simulate do not run the planner's script again, nor look for it."""
    file = tmp_path / "study.py"
    file.write_text(SCRIPT)
    for words, given in ((str(file), None), ("-", WITHOUT_A_FILE)):
        done = subprocess.run(
            [sys.executable, words], input=given, capture_output=True, text=True, check=False
        )
        assert done.stdout.split() == ["begun", "4"], done.stderr


def test_a_comparison_is_worked_out_once_though_it_is_kept_returned_and_printed(
    tmp_path, no_other_rules
) -> None:
    with patch.object(work, "compare_results", wraps=work.compare_results) as worked_out:
        done = rsip_sim.compare(BOTH, replications=4, workers=1, out=tmp_path / "kept")
        assert done.text().rstrip("\n") == (tmp_path / "kept/summary.txt").read_text().rstrip("\n")
        assert len(done.differences)
    assert worked_out.call_count == 1


def test_alternatives_simulated_meanwhile_are_those_simulated_when_asked_for():
    comparison = rsip_sim.compare(BOTH, replications=10)
    again = rsip_sim.Comparison(comparison.scenarios, comparison.results)
    with process_pool(1) as pool, again.simulated_meanwhile(pool):
        pass
    assert vars(again)["alternatives"]  # there before anybody asks
    assert again.alternatives == comparison.alternatives
