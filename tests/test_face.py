"""What a script or a notebook calls."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest

import rsip_sim
from rsip_sim.studies.compare import work
from rsip_sim.studies.kernel.asking import Shown
from rsip_sim.studies.kernel.parameters import group_of
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
        if any(isinstance(each, Shown) and each.hidden for each in about.metadata):
            continue
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


SCRIPT = f"""
import rsip_sim
print("begun")
done = rsip_sim.compare({[str(path) for path in BOTH]}, replications=4, workers=2, seed=1)
print(done.differences["replications"].max())
"""


def test_a_script_needs_no_guard_around_what_it_simulates(tmp_path):
    """The processes that simulate do not run the planner's script again, nor look for it."""
    file = tmp_path / "study.py"
    file.write_text(SCRIPT)
    for command, given in (([sys.executable, str(file)], None), ([sys.executable, "-"], SCRIPT)):
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
        assert done.stdout.split() == ["begun", "4"], done.stderr


def test_a_comparison_is_worked_out_once_though_it_is_kept_returned_and_printed(tmp_path) -> None:
    with patch.object(work, "compare_results", wraps=work.compare_results) as worked_out:
        done = rsip_sim.compare(BOTH, replications=4, workers=1, out=tmp_path / "kept")
        assert done.text().rstrip("\n") == (tmp_path / "kept/summary.txt").read_text().rstrip("\n")
        assert len(done.differences)
    assert worked_out.call_count == 1
