"""The real model gives the same bytes however its runs are divided, ordered or interrupted."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.scenario import Scenario, load_scenario
from tests.fakes.experiment_fakes import Backwards, tree
from tests.fakes.places import SCENARIOS

REPLICATIONS, BLOCK = 11, 4
COMMIT = re.compile(rb'"git": {[^}]*},')
FILE = """\
extends: base.yaml
horizon_months: 18
agreement: {{length_months: {length}}}
run: {{parameters: uncertain}}
"""
SCRIPT = """
import sys
from pathlib import Path
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.scenario import load_scenario
if __name__ == "__main__":
    out, *files = sys.argv[1:]
    run_scenarios([load_scenario(file) for file in files], replications=11, block=4,
                  workers=1, out=Path(out))
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("scenarios")
    shipped = SCENARIOS / "base.yaml"
    (folder / "base.yaml").write_bytes(shipped.read_bytes())
    for name, length in (("short", 6), ("long", 12)):
        (folder / f"{name}.yaml").write_text(FILE.format(length=length), encoding="utf-8")
    return [folder / "short.yaml", folder / "long.yaml"]


@pytest.fixture(scope="module")
def scenarios(files) -> list[Scenario]:
    return [load_scenario(file) for file in files]


@pytest.fixture(scope="module")
def uninterrupted(scenarios, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("uninterrupted") / "run"
    run_scenarios(scenarios, replications=REPLICATIONS, block=BLOCK, workers=1, out=folder)
    return tree(folder)


@pytest.mark.parametrize("workers", [2, pytest.param(3, marks=pytest.mark.slow)])
def test_several_processes_give_the_bytes_of_one(scenarios, uninterrupted, tmp_path, workers):
    out = tmp_path / "run"
    run_scenarios(scenarios, replications=REPLICATIONS, block=BLOCK, workers=workers, out=out)
    assert tree(out) == uninterrupted


def test_blocks_in_the_opposite_order_give_the_same_bytes(scenarios, uninterrupted, tmp_path):
    out = tmp_path / "run"
    executor = Backwards(tasks=6)
    run_scenarios(scenarios, replications=REPLICATIONS, block=BLOCK, executor=executor, out=out)
    assert tree(out) == uninterrupted


def test_a_run_extended_twice_equals_one_run_of_that_length(scenarios, uninterrupted, tmp_path):
    out = tmp_path / "run"
    for replications in (3, 6, REPLICATIONS):
        run_scenarios(scenarios, replications=replications, block=BLOCK, workers=1, out=out)
    assert tree(out) == uninterrupted


def test_another_process_with_another_hash_seed_gives_the_same_bytes(
    files, uninterrupted, tmp_path
):
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-c", SCRIPT, tmp_path / "run", *files]
    subprocess.run(command, env=environment, check=True)
    assert tree(tmp_path / "run") == uninterrupted


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_run_killed_and_resumed_gives_the_same_bytes(files, scenarios, uninterrupted, tmp_path):
    out = tmp_path / "run"
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, out, *files])
    deadline = time.monotonic() + 120
    while len(list(out.glob("data/*/*.parquet"))) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert "manifest.json" not in tree(out)
    run_scenarios(scenarios, replications=REPLICATIONS, block=BLOCK, workers=1, out=out)
    assert tree(out) == uninterrupted
