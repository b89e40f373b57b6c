"""However a run is divided, interrupted or extended, its data are the same bytes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from rsip_sim.experiment import pool
from rsip_sim.experiment.errors import BlocksFailed, RunInterrupted, StoreError
from rsip_sim.experiment.results import Results
from rsip_sim.experiment.runner import run_scenarios
from tests.fakes import experiment_fakes as fakes
from tests.fakes.places import ROOT

TWO = (fakes.scenario("no_agreement", 0), fakes.scenario("two_year", 24))


def run(out: Path | None, **changes: object) -> Results:
    settings = {"replications": 20, "block": 8, "workers": 1, "simulate": fakes.simulate}
    return run_scenarios(TWO, out=out, **(settings | changes))


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("uninterrupted") / "run"
    run(folder)
    return fakes.tree(folder)


def test_a_run_leaves_data_resolved_scenarios_and_a_manifest(uninterrupted):
    assert sorted(uninterrupted) == sorted(
        [
            "manifest.json",
            "run.json",
            "scenarios/no_agreement.resolved.yaml",
            "scenarios/two_year.resolved.yaml",
            *(
                f"data/{name}/{first:07d}{kind}"
                for name in ("no_agreement", "two_year")
                for first in (0, 8, 16)
                for kind in (".parquet", ".schools.parquet", ".sha256")
            ),
        ]
    )


def test_two_processes_give_the_same_bytes_as_one(uninterrupted, tmp_path):
    run(tmp_path / "run", workers=2)
    assert fakes.tree(tmp_path / "run") == uninterrupted


def test_blocks_in_the_opposite_order_give_the_same_bytes(uninterrupted, tmp_path):
    run(tmp_path / "run", executor=fakes.Backwards(tasks=6))
    assert fakes.tree(tmp_path / "run") == uninterrupted


def test_any_executor_will_do(uninterrupted, tmp_path):
    with ThreadPoolExecutor(3) as threads:
        run(tmp_path / "run", executor=threads)
    assert fakes.tree(tmp_path / "run") == uninterrupted


def test_the_size_of_blocks_does_not_change_the_numbers(tmp_path):
    small, large = run(tmp_path / "small", block=3), run(tmp_path / "large", block=64)
    assert small.digest == large.digest
    for column in ("cohesion", "gross_pence_per_year", "joins"):
        np.testing.assert_array_equal(
            small.array("two_year", column),
            large.array("two_year", column),
        )


def test_blocks_have_the_usual_size_where_none_is_asked_for(tmp_path):
    run_scenarios(TWO[:1], replications=513, out=tmp_path, simulate=fakes.simulate, workers=1)
    stored = sorted(path.name for path in tmp_path.glob("data/*/*.sha256"))
    assert stored == ["0000000.sha256", "0000512.sha256"]


def test_a_run_extended_equals_a_run_of_that_length_from_the_start(uninterrupted, tmp_path):
    for replications in (3, 11, 20):  # within the first block, past it, to the end
        run(tmp_path / "run", replications=replications)
    assert fakes.tree(tmp_path / "run") == uninterrupted


def test_an_extension_works_where_ratios_are_undefined(tmp_path):
    for replications in (5, 20):
        run(tmp_path / "run", replications=replications, simulate=fakes.simulate_with_gaps)
    run(tmp_path / "whole", simulate=fakes.simulate_with_gaps)
    assert fakes.tree(tmp_path / "run") == fakes.tree(tmp_path / "whole")


def test_only_what_is_missing_is_simulated(uninterrupted, tmp_path):
    folder = tmp_path / "run"
    run(folder)
    (folder / "data/two_year/0000008.parquet").unlink()
    before = {path: path.stat().st_mtime_ns for path in folder.glob("data/*/*")}
    run(folder)
    assert fakes.tree(folder) == uninterrupted
    touched = {path.name for path in before if path.stat().st_mtime_ns != before[path]}
    assert touched <= {"0000008.schools.parquet", "0000008.sha256"}


def test_a_damaged_block_is_simulated_again(uninterrupted, tmp_path):
    folder = tmp_path / "run"
    run(folder)
    (folder / "data/two_year/0000008.parquet").write_bytes(b"PAR1 half a file")
    run(folder)
    assert fakes.tree(folder) == uninterrupted


SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from tests.fakes import experiment_fakes as fakes
from rsip_sim.experiment.runner import run_scenarios
if __name__ == "__main__":
    two = fakes.scenario("no_agreement", 0), fakes.scenario("two_year", 24)
    run_scenarios(two, replications={replications}, block=8, workers={workers}, out=Path({out!r}),
                  simulate=fakes.simulate_slowly)
"""


def wait_for_files(folder: Path, count: int) -> None:
    deadline = time.monotonic() + 120
    while len(list(folder.glob("data/*/*.parquet"))) < count:
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_killed_half_way_resumes_to_the_same_bytes(uninterrupted, tmp_path, workers):
    folder, script = tmp_path / "run", tmp_path / "killed.py"
    tests = str(ROOT)
    script.write_text(SCRIPT.format(tests=tests, out=str(folder), workers=workers, replications=20))
    process = subprocess.Popen([sys.executable, str(script)])
    wait_for_files(folder, 3)
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = fakes.data(folder)
    assert 0 < len(kept) < 12
    assert "manifest.json" not in fakes.tree(folder)
    (folder / "data/two_year/.0000016.parquet.99.tmp").write_bytes(b"half a file")
    run(folder, replications=20)
    assert fakes.tree(folder) == uninterrupted


def test_a_failing_block_leaves_the_others_and_says_which(uninterrupted, tmp_path):
    folder = tmp_path / "run"
    with pytest.raises(BlocksFailed) as caught:
        run(folder, replications=16, simulate=fakes.fail_in_the_second_block)
    assert [str(failure) for failure in caught.value.failures] == [
        f"{name}, replications 8–15: simulate failed: ArithmeticError: schools were lost"
        for name in ("no_agreement", "two_year")
    ]
    assert len(fakes.data(folder)) == 6
    assert "schools were lost" in (folder / "failures.log").read_text(encoding="utf-8")
    assert not (folder / "manifest.json").exists()
    run(folder)
    assert fakes.tree(folder) == uninterrupted


def test_a_run_that_fails_as_it_is_extended_is_not_complete_any_longer(uninterrupted, tmp_path):
    """Its scenarios say more futures by then than are stored."""
    folder = tmp_path / "run"
    run(folder, replications=8)
    with pytest.raises(BlocksFailed):
        run(folder, simulate=fakes.fail_in_the_second_block)
    with pytest.raises(StoreError, match="holds no complete run"):
        Results.open(folder)
    run(folder)
    assert fakes.tree(folder) == uninterrupted


def test_a_process_that_dies_is_a_failure_and_not_a_hang(tmp_path):
    with pytest.raises(BlocksFailed) as caught:
        run(tmp_path / "run", workers=2, simulate=fakes.die_in_the_second_block)
    assert {failure.stage for failure in caught.value.failures} == {"worker"}


def test_a_model_that_forgets_a_column_is_named(tmp_path):
    with pytest.raises(BlocksFailed, match=r"check failed: ValueError: .*panel.*: cohesion"):
        run(tmp_path / "run", simulate=fakes.forget_a_column)


def test_other_results_for_the_same_replications_are_never_replaced(tmp_path):
    folder = tmp_path / "run"
    run(folder, replications=5)
    before = fakes.data(folder)
    with pytest.raises(BlocksFailed, match="holds other results for the same replications"):
        run(folder, replications=7, simulate=fakes.another_model)
    assert fakes.data(folder) == before


def test_ctrl_c_keeps_what_is_done(uninterrupted, tmp_path):
    folder = tmp_path / "run"
    with pytest.raises(RunInterrupted) as caught:
        run(folder, simulate=fakes.interrupt_in_the_second_block)
    assert (caught.value.done, caught.value.blocks) == (2, 6)  # the first of both scenarios
    assert not list(folder.glob(".lock"))
    run(folder)
    assert fakes.tree(folder) == uninterrupted


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent in another way there")
def test_ctrl_c_ends_the_processes_at_once(tmp_path):
    folder, script = tmp_path / "run", tmp_path / "stopped.py"
    tests = str(ROOT)
    script.write_text(SCRIPT.format(tests=tests, out=str(folder), workers=2, replications=20_000))
    process = subprocess.Popen(
        [sys.executable, str(script)], stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    wait_for_files(folder, 1)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=90)  # until every process has let go of stderr
    assert "RunInterrupted" in said
    assert said.count("Traceback") == 1  # the workers say nothing


def test_without_a_folder_the_results_live_as_long_as_they_are_used():
    results = run(None)
    folder = results.folder
    assert results.array("two_year", "cohesion").shape == (fakes.MONTHS, 20)
    del results
    assert not folder.exists()


def test_with_a_folder_nothing_is_made_elsewhere(tmp_path, monkeypatch):
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    results = run(tmp_path / "run")
    assert results.folder == tmp_path / "run"
    assert not list((tmp_path / "scratch").iterdir())


def test_the_manifest_lists_every_file_with_its_digest(uninterrupted):
    import hashlib

    manifest = json.loads(uninterrupted["manifest.json"])
    content = {k: v for k, v in uninterrupted.items() if k != "manifest.json"}
    assert manifest["files"] == {
        name: hashlib.sha256(content[name]).hexdigest() for name in sorted(content)
    }
    assert manifest["notes"] == {"replications counted": 40}
    assert manifest["made_with"]["libraries"]["numpy"] == np.__version__


def test_files_made_afterwards_are_in_the_manifest(tmp_path):
    def afterwards(results: Results) -> list[Path]:
        path = results.folder / "summary.txt"
        path.write_text("more schools stay")
        return [path]

    run(tmp_path / "run", afterwards=afterwards)
    assert "summary.txt" in json.loads((tmp_path / "run/manifest.json").read_bytes())["files"]


def test_small_runs_stay_in_this_process_and_large_ones_use_every_processor(monkeypatch):
    monkeypatch.setattr(pool, "available_processors", lambda: 4)
    assert pool.number_of_workers(None, blocks=20, work=1_000) == 1
    assert pool.number_of_workers(None, blocks=20, work=10_000) == 4
    assert pool.number_of_workers(None, blocks=3, work=10_000) == 3
    assert pool.number_of_workers(1, blocks=20, work=10_000) == 1
    assert pool.number_of_workers(2, blocks=20, work=10) == 2


def test_workers_do_not_import_what_they_do_not_need(tmp_path):
    script = tmp_path / "imports.py"
    script.write_text(
        "import sys; from rsip_sim.experiment.worker import *; import rsip_sim.experiment.tables\n"
        "print(*sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"pandas", "matplotlib", "pydantic", "typer", "rich", "ruamel.yaml"}
