"""Cells are kept one by one: a stop loses little, a failure loses one, and no study another's."""

from __future__ import annotations

import json

import numpy as np
import pytest

from rsip_sim.experiment.errors import RunInterrupted, StoreError
from rsip_sim.experiment.store import FAILURES
from rsip_sim.studies.files.loading import run_study
from rsip_sim.studies.grid.study import GridStudy
from rsip_sim.studies.kernel import cells
from tests.fakes.studies import GRID, by_formula, measure_all_by, study, unlucky, worked

FUTURES = 12


class Counted:
    """Measures by formula, counts the cells, and fails or stops where it is told to."""

    def __init__(self) -> None:
        self.cells = 0
        self.fails_at: set[int] = set()
        self.stops_at = -1

    def __call__(self, trial):
        self.cells += 1
        if self.cells == self.stops_at:
            raise KeyboardInterrupt
        if self.cells in self.fails_at:
            raise ValueError(f"cell number {self.cells} is unlucky")
        return by_formula(trial)


@pytest.fixture
def counted(monkeypatch) -> Counted:
    made = Counted()
    monkeypatch.setattr(cells, "measure_all", measure_all_by(made))
    monkeypatch.setattr(cells, "BLOCK", FUTURES)  # a cell a block
    monkeypatch.setattr(GridStudy, "charts", lambda *_: ())
    return made


def run(folder, text=GRID, replications=FUTURES, out=None):
    made = study(folder, text, futures=replications)
    return run_study(made, workers=1, out=out or folder / "out")


def test_a_study_that_is_run_again_simulates_nothing_and_says_the_same(tmp_path, counted) -> None:
    first = run(tmp_path)
    assert counted.cells == 10
    again = run(tmp_path)
    assert counted.cells == 10
    assert again.text == first.text
    assert (tmp_path / "out" / "manifest.json").is_file()
    assert len(list((tmp_path / "out" / "cells").iterdir())) == 10


def test_the_manifest_answers_for_the_cells_that_the_numbers_stand_on(tmp_path, counted) -> None:
    run(tmp_path)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    cells = {f"cells/{number:04d}.npy" for number in range(10)}
    assert {name for name in manifest["files"] if name.startswith("cells")} == cells
    assert "study.json" in manifest["files"]


def test_a_study_that_was_stopped_goes_on_with_what_is_missing(tmp_path, counted) -> None:
    counted.stops_at = 5
    with pytest.raises(RunInterrupted) as stop:
        run(tmp_path)
    assert (stop.value.done, stop.value.blocks, stop.value.what) == (4, 10, "cells")
    assert not (tmp_path / "out" / "manifest.json").exists()
    counted.stops_at = -1
    done = run(tmp_path)
    assert counted.cells == 5 + 6
    assert not np.isnan(done.result.measured.values).any()


def test_half_a_cell_is_simulated_again(tmp_path, counted) -> None:
    whole = run(tmp_path).text
    cell = tmp_path / "out" / "cells" / "0003.npy"
    cell.write_bytes(cell.read_bytes()[:100])
    (tmp_path / "out" / "cells" / "0004.npy").unlink()
    assert run(tmp_path).text == whole
    assert counted.cells == 12


def test_one_failed_cell_loses_no_other_and_is_told_and_tried_again(tmp_path, counted) -> None:
    counted.fails_at = {3}
    done = run(tmp_path)
    assert (done.failed, list(done.result.failures)) == (1, [2])
    assert "cell number 3 is unlucky" in (done.folder / FAILURES).read_text()
    assert "Failed, and missing in everything below: cell 2" in " ".join(done.text.split())
    tables = GridStudy().tables(done.result)
    table = tables["cells"]
    assert table["state"].value_counts().to_dict() == {"done": 9, "left out": 2, "failed": 1}
    results = tables["results"]
    assert results[results["cell"] == 2]["mean"].isna().all()
    assert results[results["cell"] != 2]["mean"].notna().all()
    assert not (tmp_path / "out" / "manifest.json").exists()
    again = run(tmp_path)
    assert (again.failed, counted.cells) == (0, 11)
    assert not (again.folder / FAILURES).exists()
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_of_cells_that_share_a_block_one_fails_alone(tmp_path, counted, monkeypatch) -> None:
    monkeypatch.setattr(cells, "BLOCK", 4 * FUTURES)
    monkeypatch.setattr(cells, "measure_all", measure_all_by(unlucky))
    done = run(tmp_path)
    failed = {number for number, cell in enumerate(done.result.cells.cells) if cell.values[0] == 60}
    assert set(done.result.failures) == failed
    kept = {int(file.stem) for file in (tmp_path / "out" / "cells").iterdir()}
    assert kept == set(range(10)) - failed


def test_another_study_never_overwrites_one(tmp_path, counted) -> None:
    run(tmp_path)
    before = (tmp_path / "out" / "study.json").read_bytes()
    for changed in (
        GRID.replace("[12, 24, 60]", "[12, 24, 48]"),
        GRID.replace("erosion, fund", "erosion"),
        f"{GRID}run: {{seed: 3}}\n",
    ):
        with pytest.raises(StoreError, match="holds another study"):
            run(tmp_path, changed)
    with pytest.raises(StoreError, match="holds another study"):
        run(tmp_path, replications=FUTURES + 1)
    assert (tmp_path / "out" / "study.json").read_bytes() == before
    assert counted.cells == 10


def test_other_words_are_the_same_study(tmp_path, counted) -> None:
    run(tmp_path)
    renamed = run(tmp_path, GRID.replace("A grid", "The same grid"))
    assert counted.cells == 10
    assert renamed.text.startswith("THE SAME GRID")


def test_without_a_folder_the_same_study_finds_its_own_again(
    tmp_path, counted, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = study(tmp_path, GRID, futures=FUTURES)
    first, again = (run_study(made, workers=1) for _ in range(2))
    other = run_study(study(tmp_path, GRID, futures=FUTURES + 1), workers=1)
    assert first.folder == again.folder != other.folder
    assert first.folder.parent.name == "runs"
    assert counted.cells == 20


def test_the_tables_hold_every_cell_metric_and_moment_paired_with_the_base(
    tmp_path, counted
) -> None:
    done = run(tmp_path, GRID.replace("metrics:", "at: [mean, end]\nmetrics:"))
    results = GridStudy().tables(done.result)["results"]
    assert len(results) == 10 * (3 * 2 + 2)  # and the price, at the end of the run
    assert {"mean", "mean_ci_low", "p05", "p95", "difference", "ci_low", "ci_high"} <= set(results)
    base = results[(results["agreement.length_months"] == 24) & (results["metric"] == "members")]
    base = base[base["agreement.school_commitment_months"] == 0]
    base = base[base["funding.earmark_gbp_per_year"] == 750_000]
    assert not base["difference"].any()
    long = results[(results["agreement.length_months"] == 60) & (results["metric"] == "members")]
    assert long["difference"].max() == pytest.approx(3)


def test_the_same_cells_come_out_whichever_process_simulates_them(tmp_path) -> None:
    lines = [line for line in GRID.splitlines() if "commit" not in line and "earmark" not in line]
    text = "\n".join(lines).replace("[12, 24, 60]", "[24, 60]")
    made = study(tmp_path, text, futures=2)
    one, two = worked(made, tmp_path / "one"), worked(made, tmp_path / "two", workers=2)
    np.testing.assert_array_equal(one.measured.values, two.measured.values)


def test_study_json_says_what_the_cells_stand_on(tmp_path, counted) -> None:
    run(tmp_path)
    facts = json.loads((tmp_path / "out" / "study.json").read_text())
    for name in (
        "cells",
        "metrics",
        "at",
        "seed",
        "replications",
        "model",
        "evidence",
        "libraries",
    ):
        assert facts[name]
