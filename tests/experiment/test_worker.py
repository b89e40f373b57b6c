"""One block is made, checked and stored, or says what went wrong; the disk alone stops them all."""

from __future__ import annotations

import errno
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rsip_sim.experiment import tables
from rsip_sim.experiment.errors import BlockFailure
from rsip_sim.experiment.record import file_digest
from rsip_sim.experiment.worker import (
    BlockMade,
    Job,
    failed,
    run_and_store,
    run_blocks,
    store_block,
    usual_block,
)
from rsip_sim.model import simulation
from tests.fakes import experiment_fakes as fakes

ONE = fakes.scenario()
FILES = ["0000004.schools.parquet", "0000004.parquet"]


def job(simulate: Any = fakes.simulate, first: int = 4, stop: int = 8) -> Job:
    return Job("two_year", ONE.policy, ONE.roster, 1, first, stop, "data/two_year", simulate)


def full(*_: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


def strange(*_: Any) -> Any:
    raise OSError("of no disk")


def nothing_over_nothing(*asked: Any) -> Any:
    outcome = fakes.simulate(*asked)
    outcome.panel["participation"][:] = np.zeros((6, 4)) / np.zeros((6, 4))
    return outcome


@pytest.mark.parametrize(
    ("replications", "size"), [(1, 512), (1024, 512), (1025, 2048), (100_000, 2048)]
)
def test_runs_of_few_futures_have_small_blocks(replications: int, size: int) -> None:
    assert usual_block(replications) == size


def test_a_block_is_the_bytes_of_its_tables_by_the_names_of_their_files() -> None:
    (made,) = run_blocks([job()])
    outcome = fakes.simulate(ONE.policy, ONE.roster, 1, range(4, 8))
    panel = tables.panel_table(outcome.panel, outcome.notes, 4)
    schools = tables.schools_table(outcome.schools, ONE.roster.urn, 4)
    expected = [tables.content_of(schools), tables.content_of(panel)]
    assert made == BlockMade(4, dict(zip(FILES, expected, strict=True)))
    assert list(made.contents) == FILES  # the panel last: where it stands, the schools do


@pytest.mark.parametrize(
    ("simulate", "said"),
    [
        (fakes.fail_in_the_second_block, "simulate failed: ArithmeticError: schools were lost"),
        (nothing_over_nothing, "simulate failed: FloatingPointError: invalid value"),
        (strange, "simulate failed: OSError: of no disk"),
        (fakes.forget_a_column, "check failed: ValueError: columns of panel missing or not known"),
    ],
)
def test_what_goes_wrong_with_a_block_is_told_of_it_and_leaves_the_others(
    simulate: Any, said: str
) -> None:
    good, bad, again = run_blocks([job(), job(simulate), job()])
    assert isinstance(bad, BlockFailure)
    assert str(bad).startswith(f"two_year, replications 4–7: {said}")
    assert "Traceback" in bad.trace
    assert good == again == run_blocks([job()])[0]


def test_an_error_that_was_never_raised_has_no_traceback() -> None:
    found = failed(job(), "worker", ValueError("lost"))
    assert found == BlockFailure("two_year", 4, 7, "worker", "ValueError", "lost", "")


def test_what_the_disk_refuses_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next block would meet it too."""
    with pytest.raises(OSError, match="No space left"):
        run_blocks([job(full), job()])
    (made,) = run_blocks([job()])
    monkeypatch.setattr(tables, "store", full)
    with pytest.raises(OSError, match="No space left"):
        store_block(job(), made, tmp_path)


def test_a_block_is_stored_with_its_digests_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data/two_year").mkdir(parents=True)
    written, real = [], tables.write_bytes
    monkeypatch.setattr(
        tables, "write_bytes", lambda path, content: (written.append(path), real(path, content))
    )
    (made,) = run_blocks([job()])
    found = store_block(job(), made, tmp_path)
    names = [f"data/two_year/{name}" for name in (*FILES, "0000004.sha256")]
    assert [path.relative_to(tmp_path).as_posix() for path in written] == names
    assert found == {name: file_digest(tmp_path / name) for name in names}
    kept = tables.stored_digests(tmp_path / names[2])
    assert kept == {Path(name).name: found[name] for name in names[:2]}


def test_a_block_of_another_model_does_not_replace_one(tmp_path: Path) -> None:
    (tmp_path / "data/two_year").mkdir(parents=True)
    first, second = run_and_store(tmp_path, [job(), job(fakes.another_model)])
    assert set(first) == {f"data/two_year/{name}" for name in (*FILES, "0000004.sha256")}
    assert isinstance(second, BlockFailure)
    assert str(second).startswith("two_year, replications 4–7: write failed: ValueError: 0000004.")
    assert "Traceback" in second.trace


def test_each_block_is_stored_before_the_next_is_made(tmp_path: Path) -> None:
    (tmp_path / "data/two_year").mkdir(parents=True)

    def after_the_first(policy: Any, roster: Any, seed: int, replications: range) -> Any:
        assert (tmp_path / "data/two_year/0000004.sha256").exists()
        return fakes.simulate(policy, roster, seed, replications)

    first, second, third = run_and_store(
        tmp_path, [job(), job(after_the_first, 8, 12), job(fakes.forget_a_column, 12, 14)]
    )
    assert not isinstance(first, BlockFailure)
    assert not isinstance(second, BlockFailure)
    assert isinstance(third, BlockFailure)


def test_blocks_of_the_model_and_no_others_are_simulated_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def together(portions: Any, roster: Any, seed: int) -> Any:
        asked.append([(part.policy, part.replications) for part in portions])
        assert (roster, seed) == (ONE.roster, 1)
        return [fakes.simulate(part.policy, roster, seed, part.replications) for part in portions]

    monkeypatch.setattr(simulation, "simulate_together", together)
    monkeypatch.setattr(simulation, "simulate_block", fakes.simulate)
    plain = Job.__dataclass_fields__["simulate"].default
    with_the_model = [replace(job(), simulate=plain), replace(job(first=8, stop=9), simulate=plain)]
    usual = run_blocks([job(), job(first=8, stop=9)])
    assert not asked
    assert run_blocks(with_the_model) == usual
    assert asked == [[(ONE.policy, range(4, 8)), (ONE.policy, range(8, 9))]]
    assert run_blocks(with_the_model[:1]) == usual[:1]  # one alone shares nothing
    assert run_blocks([with_the_model[0], job(first=8, stop=9)]) == usual
    assert len(asked) == 1


def test_where_nothing_over_nothing_is_met_together_it_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The blocks are then simulated one by one, and the one that meets it says so."""

    def together(portions: Any, roster: Any, seed: int) -> Any:
        nothing = np.zeros(1) / np.zeros(1)
        assert np.isnan(nothing)
        return [fakes.simulate(part.policy, roster, 2, part.replications) for part in portions]

    monkeypatch.setattr(simulation, "simulate_together", together)
    monkeypatch.setattr(simulation, "simulate_block", fakes.simulate)
    plain = Job.__dataclass_fields__["simulate"].default
    jobs = [job(), job(first=8, stop=9)]
    assert run_blocks([replace(each, simulate=plain) for each in jobs]) == run_blocks(jobs)


def test_a_process_made_ready_imports_nothing_for_its_first_block() -> None:
    script = (
        "import sys\n"
        "from rsip_sim.experiment.worker import import_libraries\n"
        "needed = {'rsip_sim.model.simulation', 'rsip_sim.experiment.tables', 'pyarrow.parquet'}\n"
        "before = needed & set(sys.modules)\n"
        "import_libraries()\n"
        "print(sorted(before), sorted(needed - set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[] []\n"
