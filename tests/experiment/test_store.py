"""A folder holds one run and no other, and what it cannot hold it leaves alone."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rsip_sim.evidence.rosters import load_roster, roster_text
from rsip_sim.experiment import record
from rsip_sim.experiment.design import design
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.results import Results
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.experiment.store import open_store
from rsip_sim.model.panel import COLUMN_NAMES, SCHOOL_COLUMNS
from rsip_sim.scenario import Scenario
from tests.fakes import experiment_fakes as fakes


def run(folder: Path, *scenarios: Scenario, **settings: object) -> Results:
    settings = {"replications": 10, "block": 4, "simulate": fakes.simulate} | settings
    return run_scenarios(scenarios or (fakes.scenario(),), out=folder, **settings)


@pytest.mark.parametrize(
    ("another", "settings", "said"),
    [
        ([fakes.scenario(length=36)], {}, "the scenario two_year has changed since"),
        ([fakes.scenario("three_year")], {}, "its scenarios are two_year, not three_year"),
        ([fakes.scenario()], {"seed": 2}, "its seed is 1, not 2"),
        ([fakes.scenario(months=9)], {}, "it has 6 months, not 9"),
        ([fakes.scenario(start="2012-04")], {}, "it starts in 2011-04, not 2012-04"),
        ([fakes.scenario(schools=4)], {}, "its roster differs"),
        (
            [fakes.scenario()],
            {"replications": 9},
            "holds replications up to number 10 already, and 9 are asked for",
        ),
    ],
)
def test_a_folder_that_holds_another_run_is_left_as_it_is(tmp_path, another, settings, said):
    folder = tmp_path / "run"
    run(folder)
    before = fakes.tree(folder)
    with pytest.raises(StoreError, match=said):
        run(folder, *another, **settings)
    assert fakes.tree(folder) == before


@pytest.mark.parametrize(
    ("name", "another", "said"),
    [
        ("source_digest", lambda: "another", "the model's source has changed since"),
        ("evidence_digest", lambda: "another", "parameter register or other evidence has changed"),
        ("FORMAT", 9, r"\(its files are of another version of rsip\)"),
    ],
)
def test_another_model_evidence_or_form_of_files_makes_another_run(
    tmp_path, monkeypatch, name, another, said
):
    run(tmp_path / "run")
    monkeypatch.setattr(record, name, another)
    with pytest.raises(StoreError, match=said):
        run(tmp_path / "run")


def test_other_libraries_may_read_a_run_but_not_extend_it(tmp_path, monkeypatch):
    run(tmp_path / "run")
    monkeypatch.setattr(record, "libraries", lambda: dict.fromkeys(record.LIBRARIES, "9.9"))
    run(tmp_path / "run")
    with pytest.raises(StoreError, match=r"other versions of libraries \(numpy .* → 9\.9"):
        run(tmp_path / "run", replications=12)


def test_a_folder_with_foreign_files_is_left_as_it_is(tmp_path):
    (tmp_path / "letter.docx").write_text("Dear Cabinet Member")
    with pytest.raises(StoreError, match=r"files that are no run of rsip, such as letter\.docx"):
        run(tmp_path)
    assert list(fakes.tree(tmp_path)) == ["letter.docx"]


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "run").write_text("")
    with pytest.raises(StoreError, match="is a file, not a folder"):
        run(tmp_path / "run")


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such permission there")
def test_a_place_that_cannot_be_written_is_named():
    with pytest.raises(StoreError, match=r"/proc/run cannot be used"):
        run(Path("/proc/run"))


def test_an_empty_folder_will_do_and_so_will_one_that_a_file_manager_has_seen(tmp_path):
    (tmp_path / ".DS_Store").write_text("")
    assert run(tmp_path).replications == 10


def test_a_damaged_record_is_said_so(tmp_path):
    run(tmp_path / "run")
    (tmp_path / "run/run.json").write_text("{")
    with pytest.raises(StoreError, match=r"run\.json is damaged"):
        run(tmp_path / "run")
    (tmp_path / "run/run.json").unlink()
    (tmp_path / "run/run.json").mkdir()
    with pytest.raises(StoreError, match=r"run\.json is no file"):
        run(tmp_path / "run")


def test_two_runs_cannot_write_to_one_folder_at_once(tmp_path):
    plan = design([fakes.scenario()])
    with (
        open_store(tmp_path / "run", plan),
        pytest.raises(StoreError, match="another run"),
        open_store(tmp_path / "run", plan),
    ):
        pass


def test_the_lock_of_a_process_that_is_gone_does_not_hold(tmp_path):
    (tmp_path / "run").mkdir()
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, sys; from pathlib import Path\n"
            "from rsip_sim.experiment.lock import folder_lock\n"
            "with folder_lock(Path(sys.argv[1])): os._exit(9)",
            str(tmp_path / "run"),
        ],
        check=False,
    )
    assert (tmp_path / "run/.lock").exists()
    assert run(tmp_path / "run").replications == 10
    assert not (tmp_path / "run/.lock").exists()


def test_results_are_read_back_as_they_were_simulated(tmp_path):
    one = fakes.scenario()
    results = run(tmp_path / "run", one)
    outcome = fakes.simulate(one.policy, one.roster, 1, range(10))
    for name, array in results.arrays("two_year").items():
        np.testing.assert_array_equal(array, outcome.panel[name])
        assert array.dtype == outcome.panel[name].dtype
    schools = results.schools("two_year")
    assert list(schools) == ["replication", "urn", *SCHOOL_COLUMNS]
    for name in SCHOOL_COLUMNS:
        np.testing.assert_array_equal(
            schools[name].to_numpy().reshape(10, 3).T, outcome.schools[name]
        )


def test_the_panel_has_one_row_a_replication_and_month(tmp_path):
    panel = run(tmp_path / "run").panel("two_year", ["joins"])
    assert list(panel) == ["replication", "month", "joins"]
    assert len(panel) == 10 * fakes.MONTHS
    assert list(panel["month"][:3]) == ["2011-04", "2011-05", "2011-06"]
    assert list(panel["replication"].unique()) == list(range(10))


def test_a_stored_run_opens_again(tmp_path):
    before = run(tmp_path / "run")
    after = Results.open(tmp_path / "run")
    assert (after.scenarios, after.replications) == (("two_year",), 10)
    np.testing.assert_array_equal(
        after.array("two_year", "joins"),
        before.array("two_year", "joins"),
    )
    with pytest.raises(KeyError, match="five_year was not run; these were: two_year"):
        after.array("five_year", "joins")


def test_a_run_that_is_not_complete_does_not_open(tmp_path):
    run(tmp_path / "run")
    (tmp_path / "run/manifest.json").unlink()
    with pytest.raises(StoreError, match="holds no complete run"):
        Results.open(tmp_path / "run")


def test_the_stored_tables_say_what_their_columns_mean(tmp_path):
    import pyarrow.parquet as pq

    run(tmp_path / "run")
    schema = pq.read_schema(tmp_path / "run/data/two_year/0000000.parquet")
    assert schema.names == ["replication", "month", *COLUMN_NAMES]
    assert schema.field("need_days").metadata[b"unit"] == b"days a month"


def test_no_clock_user_or_path_is_in_the_record(tmp_path):
    run(tmp_path / "one/run")
    run(tmp_path / "two/run")
    assert fakes.tree(tmp_path / "one") == fakes.tree(tmp_path / "two")
    record_text = (tmp_path / "one/run/manifest.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in record_text
    assert json.loads(record_text)["replications"] == 10


def test_a_planners_own_roster_is_kept_beside_the_resolved_scenarios(tmp_path):
    path = tmp_path / "ours.csv"
    path.write_text(roster_text(fakes.roster_rows(3)), encoding="utf-8", newline="")
    one = replace(fakes.scenario(), roster=load_roster(path))
    one.resolved["roster"] = "rosters/ours.csv"
    run(tmp_path / "run", one)
    kept = fakes.tree(tmp_path / "run")
    assert kept["scenarios/ours.csv"] == path.read_bytes()
    assert b'roster: "ours.csv"' in kept["scenarios/two_year.resolved.yaml"]
    assert b'"scenarios/ours.csv"' in kept["manifest.json"]


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)


def swap(one: Path, other: Path) -> None:
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)


def lose_a_column(path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(pq.read_table(path).drop_columns(["joins"]), path)


PANEL = "data/two_year/0000004.parquet"
DAMAGES = {
    "a flipped bit": lambda folder: flip_a_bit(folder / PANEL),
    "a swapped block": lambda folder: swap(folder / PANEL, folder / PANEL.replace("04.", "00.")),
    "a lost column": lambda folder: lose_a_column(folder / PANEL),
    "a lost file": lambda folder: (folder / PANEL).unlink(),
    "schools flipped": lambda folder: flip_a_bit(folder / PANEL.replace(".p", ".schools.p")),
}


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_block_is_never_read(tmp_path, how):
    """The message names the file and the very command that makes it again."""
    folder = tmp_path / "run"
    run(folder)
    DAMAGES[how](folder)
    results = Results.open(folder)
    read = results.schools if "schools" in how else results.panel
    with pytest.raises(StoreError, match=r"not what was stored.*rsip run two_year\.yaml ") as told:
        read("two_year")
    assert f"--replications 10 --seed 1 --out {folder}" in str(told.value)
    assert str(folder / "data/two_year/00000") in str(told.value)


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("finished", [True, False], ids=["finished", "stopped"])
def test_the_same_command_makes_a_damaged_block_again(tmp_path, how, finished):
    """Damage before the manifest was written is noticed too: it never vouches for it."""
    folder = tmp_path / "run"
    run(folder)
    before = fakes.tree(folder)
    DAMAGES[how](folder)
    if not finished:
        (folder / "manifest.json").unlink()
    run(folder)
    assert fakes.tree(folder) == before


def test_a_damaged_block_is_not_what_a_longer_run_is_built_on(tmp_path):
    run(tmp_path / "plain", replications=12)
    run(tmp_path / "run")
    flip_a_bit(tmp_path / "run/data/two_year/0000008.parquet")
    run(tmp_path / "run", replications=12)
    assert fakes.tree(tmp_path / "run") == fakes.tree(tmp_path / "plain")


def test_blocks_of_two_scenarios_put_in_each_others_place_are_noticed_with_their_digests(tmp_path):
    folder = tmp_path / "run"
    both = fakes.scenario(), fakes.scenario("three_year", length=36)
    run(folder, *both)
    before = fakes.tree(folder)
    for ending in (".parquet", ".schools.parquet", ".sha256"):
        swap(folder / f"data/two_year/0000004{ending}", folder / f"data/three_year/0000004{ending}")
    with pytest.raises(StoreError, match=r"rsip compare two_year\.yaml three_year\.yaml"):
        Results.open(folder).array("two_year", "joins")
    (folder / "manifest.json").unlink()
    run(folder, *both)
    assert fakes.tree(folder) == before


def first_edition(folder: Path) -> None:
    """Make the records of a run those of the first edition, which had no word for itself."""
    for name in ("run.json", "manifest.json"):
        content = json.loads((folder / name).read_text(encoding="utf-8"))
        del content["edition"]
        (folder / name).write_text(json.dumps({**content, "format": 1}), encoding="utf-8")


def test_a_run_of_the_first_edition_is_neither_read_nor_carried_on(tmp_path):
    folder = tmp_path / "run"
    run(folder)
    first_edition(folder)
    before = fakes.tree(folder)
    for use in (run, Results.open):
        with pytest.raises(StoreError, match=r"the first edition of the model.*never mixed"):
            use(folder)
    assert fakes.tree(folder) == before


def test_a_half_written_file_of_our_own_does_not_make_a_folder_foreign(tmp_path):
    """A stop or a full disk during the very first file leaves it."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run/.run.json.17.tmp").write_text("{")
    run(tmp_path / "run")
    assert not (tmp_path / "run/.run.json.17.tmp").exists()
