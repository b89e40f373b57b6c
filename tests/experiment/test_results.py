"""What is read of a run is what was stored, and a file that is not is never read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rsip_sim.experiment import record
from rsip_sim.experiment.errors import InputError, StoreError
from rsip_sim.experiment.results import Results, open_results, refuse_other_model, stored_scenarios
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.model.panel import COLUMN_NAMES, SCHOOL_COLUMNS
from rsip_sim.scenario import load_scenario
from tests.fakes import experiment_fakes as fakes
from tests.fakes.papers import changed_json
from tests.fakes.scenario_files import BASE, write

ONE, TWIN = fakes.scenario("two_year"), fakes.scenario("twin")
OTHER = fakes.scenario("three_year", length=36)
PANEL = "data/two_year/0000004.parquet"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten futures in blocks of four; two of the scenarios have one policy and so one folder."""
    out = tmp_path / "run"
    run_scenarios(
        (ONE, TWIN, OTHER), seed=7, replications=10, block=4, workers=1, out=out,
        simulate=fakes.simulate,
    )  # fmt: skip
    return out


def simulated(scenario=ONE):
    return fakes.simulate(scenario.policy, scenario.roster, 7, range(10))


def manifest(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def test_a_run_says_what_it_holds(folder: Path) -> None:
    found = Results.open(folder)
    assert (found.folder, found.replications, found.months) == (folder, 10, fakes.MONTHS)
    assert (found.start, found.seed, found.digest) == (24135, 7, manifest(folder)["digest"])
    assert found.scenarios == ("two_year", "twin", "three_year")


def test_columns_are_those_that_were_simulated_for_every_scenario(folder: Path) -> None:
    found = open_results(folder)
    for scenario in (ONE, TWIN, OTHER):
        expected = simulated(scenario)
        arrays = found.arrays(scenario.name)
        assert list(arrays) == list(COLUMN_NAMES)
        for name, values in arrays.items():
            np.testing.assert_array_equal(values, expected.panel[name])
        np.testing.assert_array_equal(found.array(scenario.name, "joins"), expected.panel["joins"])
        schools = found.schools(scenario.name)
        assert list(schools) == ["replication", "urn", *SCHOOL_COLUMNS]
        assert schools["replication"].tolist() == np.repeat(np.arange(10), 3).tolist()
        assert schools["urn"].tolist() == [100000, 100001, 100002] * 10
        for name in SCHOOL_COLUMNS:
            assert schools[name].tolist() == expected.schools[name].T.ravel().tolist()


def test_blocks_come_one_after_the_other(folder: Path) -> None:
    joins = simulated().panel["joins"]
    blocks = [block["joins"] for block in open_results(folder).blocks("two_year", ["joins"])]
    assert [block.shape for block in blocks] == [(6, 4), (6, 4), (6, 2)]
    np.testing.assert_array_equal(np.concatenate(blocks, axis=1), joins)


def test_a_panel_has_months_in_their_order(folder: Path) -> None:
    panel = open_results(folder).panel("two_year", ["joins", "cohesion"])
    assert list(panel) == ["replication", "month", "joins", "cohesion"]
    assert panel["replication"].tolist() == np.repeat(np.arange(10), 6).tolist()
    months = [f"2011-{month:02d}" for month in range(4, 10)]
    assert panel["month"].tolist() == months * 10
    assert isinstance(panel["month"].dtype, pd.CategoricalDtype)
    assert (panel["month"].cat.ordered, list(panel["month"].cat.categories)) == (True, months)
    assert panel["joins"].tolist() == simulated().panel["joins"].T.ravel().tolist()


def test_counts_are_added_up_over_blocks_and_a_shared_folder_counts_once(folder: Path) -> None:
    assert open_results(folder).notes() == {"replications counted": 2 * 10}


@pytest.mark.parametrize("read", ["arrays", "panel", "schools"])
def test_what_no_run_has_is_refused_before_a_file_is_looked_for(folder: Path, read: str) -> None:
    asked = getattr(open_results(folder), read)
    with pytest.raises(InputError, match="named 'join'; did you mean 'joins'"):
        asked("two_year", ["joins", "join"])
    with pytest.raises(KeyError, match="five_year was not run; these were: two_year, twin, three_"):
        asked("five_year", ["opening_month" if read == "schools" else "joins"])
    with pytest.raises(KeyError) as told:
        asked("five_year")
    assert told.value.__cause__ is None
    assert told.value.__suppress_context__


# ---- files that are not as they were


def test_a_file_is_looked_at_once_and_never_read_where_it_is_another(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, real = [], record.changed_files
    monkeypatch.setattr(
        record, "changed_files", lambda where, files: looked.extend(files) or real(where, files)
    )
    found = open_results(folder)
    for _ in range(2):
        found.array("two_year", "joins")
    assert looked == [f"data/two_year/000000{first}.parquet" for first in (0, 4, 8)]
    (folder / PANEL).write_bytes(b"of others")
    again = open_results(folder)
    for _ in range(2):  # what was found wrong once is not right the second time
        with pytest.raises(StoreError, match="has other content: it is not what was stored"):
            again.array("two_year", "joins")
    (folder / PANEL).unlink()
    with pytest.raises(StoreError, match=r"0000004\.parquet is missing"):
        again.notes()


def test_data_that_no_manifest_names_are_not_read(folder: Path) -> None:
    """Whoever takes a file out of the manifest has it read as little as a changed one."""
    known = manifest(folder)
    identity = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    files = {name: digest for name, digest in known["files"].items() if name != PANEL}
    for digests in (files, {}):
        with pytest.raises(StoreError, match="not what was stored"):
            Results(folder, identity, 10, 4, digests).array("two_year", "joins")
    unchecked = Results(folder, identity, 10, 4)
    (folder / "data/two_year/0000000.sha256").unlink()
    np.testing.assert_array_equal(unchecked.array("two_year", "joins"), simulated().panel["joins"])


def test_what_is_no_data_is_not_missed_before_there_is_a_manifest(folder: Path) -> None:
    """A file of words that nothing is known of yet is given as it is; a known one is checked."""
    found = Results.open(folder)
    assert found.checked("summary.txt") == folder / "summary.txt"
    kept = "scenarios/twin.resolved.yaml"
    assert found.checked(kept) == folder / kept
    (folder / kept).write_text("title: Another\n")
    with pytest.raises(StoreError, match=r"twin\.resolved\.yaml has other content"):
        Results.open(folder).checked(kept)


@pytest.mark.parametrize(
    ("scenarios", "command"),
    [
        ((ONE,), "rsip run two_year.yaml "),
        ((ONE, OTHER), "rsip compare two_year.yaml three_year.y"),
    ],
)
def test_the_command_that_makes_a_damaged_file_again_is_told(
    tmp_path: Path, scenarios: tuple, command: str
) -> None:
    run_scenarios(scenarios, seed=7, replications=5, out=tmp_path, simulate=fakes.simulate)
    (tmp_path / "data/two_year/0000000.parquet").unlink()
    with pytest.raises(StoreError) as told:
        open_results(tmp_path).array("two_year", "joins")
    assert f"'{command}" in str(told.value)
    assert f"--replications 5 --seed 7 --out {tmp_path}'" in str(told.value)


@pytest.mark.parametrize("content", [b"", b"no table", b"PAR1 half a file"])
def test_a_file_that_no_manifest_checks_and_no_library_reads_is_told_so(
    folder: Path, content: bytes
) -> None:
    identity = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    (folder / PANEL).write_bytes(content)
    with pytest.raises(StoreError, match=r"04\.parquet cannot be read; 'rsip verify .*--seed 7"):
        Results(folder, identity, 10, 4).array("two_year", "joins")


# ---- which folders


def test_what_is_no_finished_run_is_told_for_what_it_is(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "none", tmp_path / "file"):
        with pytest.raises(StoreError, match="is no folder"):
            open_results(place)
    with pytest.raises(StoreError, match="holds no run of rsip"):
        open_results(tmp_path)
    (folder / "manifest.json").unlink()
    with pytest.raises(StoreError, match="is not finished"):
        open_results(folder)
    with pytest.raises(StoreError, match=r"holds no complete run: manifest\.json is missing"):
        Results.open(folder)


@pytest.mark.parametrize("name", ["run.json", "manifest.json"])
def test_a_record_in_which_a_figure_was_changed_opens_no_run(folder: Path, name: str) -> None:
    content = json.loads((folder / name).read_text(encoding="utf-8"))
    (folder / name).write_text(json.dumps({**content, "seed": 8}), encoding="utf-8")
    with pytest.raises(StoreError, match="changed after it was written"):
        open_results(folder)


# ---- its scenarios, and the model that it was made with


def test_scenarios_are_read_from_what_is_kept_under_their_own_names(tmp_path: Path) -> None:
    short = BASE.replace("60", "2")
    scenarios = [
        load_scenario(write(tmp_path, f"title: {name}\n", name, short)) for name in ("b", "a")
    ]
    out = tmp_path / "run"
    run_scenarios(scenarios, replications=3, out=out, simulate=fakes.simulate)
    found = stored_scenarios(open_results(out))
    assert [each.name for each in found] == ["b", "a"]
    assert [each.policy for each in found] == [each.policy for each in scenarios]
    kept = out / "scenarios/a.resolved.yaml"
    kept.write_text(kept.read_text("utf-8").replace("title: a", "title: c"), "utf-8")
    kept.write_text(kept.read_text("utf-8") + "# a remark\n", "utf-8")
    with pytest.raises(StoreError, match=r"a\.resolved\.yaml has other content"):
        stored_scenarios(open_results(out))


@pytest.mark.parametrize(
    ("name", "words"),
    [("model", "the model's source"), ("evidence", "the parameter register or other evidence"),
     ("libraries", "the versions of libraries")],
)  # fmt: skip
def test_numbers_of_another_model_are_never_mixed_with_new_ones(
    folder: Path, name: str, words: str
) -> None:
    found = open_results(folder)
    refuse_other_model(found)
    changed_json(folder / "run.json", **{name: {"numpy": "1.0"} if name == "libraries" else "0"})
    with pytest.raises(StoreError, match=f"was simulated before {words} changed"):
        refuse_other_model(found)
