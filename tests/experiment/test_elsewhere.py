"""Other machines: the same bytes with no folder shared, and nothing from a worker that differs."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import dask
import pytest
from distributed import LocalCluster
from typer.testing import CliRunner

import rsip_sim
from rsip_sim.cli.app import app
from rsip_sim.experiment import elsewhere, tasks
from rsip_sim.experiment.elsewhere import (
    OtherWorkerError,
    SameHere,
    cluster,
    simulated_on,
    what_decides,
)
from rsip_sim.experiment.errors import InputError
from rsip_sim.experiment.pool import ATTEMPTS
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.experiment.tasks import run_tasks
from tests.fakes import experiment_fakes as fakes

SCENARIOS = [fakes.scenario("one", 0), fakes.scenario("two", 12)]


class Counted(ThreadPoolExecutor):
    """Threads that count what they are given."""

    handed = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.handed += 1
        return super().submit(fn, *args, **kwargs)


def tree(folder: Path, simulate: Any = fakes.simulate, **more: Any) -> dict[str, bytes]:
    """Every file of a run of two scenarios in small blocks."""
    run_scenarios(
        SCENARIOS, replications=24, out=folder, block=4, simulate=simulate, workers=1, **more
    )
    return fakes.tree(folder)


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return tree(tmp_path_factory.mktemp("home") / "run")


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A scheduler of Dask with two workers of processes of their own.

    What a killed worker held is asked of it for half a minute otherwise.
    """
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "3s"}),
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
        ) as local,
    ):
        yield local.scheduler_address


def halved(number: int) -> float:
    return number / 2


def killed_once(mark: Path, half: bool = False) -> Any:
    """The fake model, which kills its process the first time it is asked for future 8.

    half  whether in the middle of writing a file of the run
    """
    return _Killed(str(mark), half)


class _Killed:
    def __init__(self, mark: str, half: bool) -> None:
        self.mark, self.half = mark, half

    def __call__(self, policy: Any, roster: Any, seed: int, replications: range) -> Any:
        if replications.start == 8:
            try:
                os.close(os.open(self.mark, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                pass
            else:
                for folder in Path(self.mark).parent.glob("run/data/*") if self.half else ():
                    (folder / f".0000008.parquet.{os.getpid()}.tmp").write_bytes(b"half")
                os.kill(os.getpid(), signal.SIGKILL)
        return fakes.simulate(policy, roster, seed, replications)


def test_whatever_is_simulated_inside_goes_to_the_executor_and_gives_the_same_bytes(
    tmp_path: Path, at_home: dict[str, bytes]
) -> None:
    with Counted(2) as threads, simulated_on(threads):
        assert tree(tmp_path / "run") == at_home
        assert list(run_tasks(halved, [4, 6, 8], [1, 1, 1])) == [2, 3, 4]
        assert threads.handed == 2 * 24 // 4 + 3
        assert list(run_tasks(halved, [4], [1], 1, may_go=False)) == [2]
        assert threads.handed == 2 * 24 // 4 + 3, "what reads files of this machine stays here"
    assert elsewhere.chosen_executor() is None


def test_a_cluster_found_by_address_gives_the_same_bytes_though_a_worker_is_killed(
    tmp_path: Path, at_home: dict[str, bytes], scheduler: str
) -> None:
    with cluster(scheduler):
        assert tree(tmp_path / "run", killed_once(tmp_path / "killed")) == at_home
    assert (tmp_path / "killed").exists(), "no worker was killed"


def test_a_process_of_this_machine_that_is_killed_costs_a_second_try_and_not_the_run(
    tmp_path: Path, at_home: dict[str, bytes]
) -> None:
    simulate = killed_once(tmp_path / "killed", half=True)
    run_scenarios(
        SCENARIOS, replications=24, out=tmp_path / "run", block=4, simulate=simulate, workers=2
    )
    assert fakes.tree(tmp_path / "run") == at_home
    assert (tmp_path / "killed").exists(), "no process was killed"


class Losing(ThreadPoolExecutor):
    """A pool whose process is lost at a task, as often as is said."""

    left = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        if args == (8,) and Losing.left:
            Losing.left -= 1
            failed: Future[Any] = Future()
            failed.set_exception(BrokenProcessPool("lost"))
            return failed
        return super().submit(fn, *args, **kwargs)


@pytest.mark.parametrize("losses", [1, 2, 3])
def test_tasks_go_on_where_they_were_when_a_process_is_lost_and_give_up_the_third_time(
    monkeypatch: pytest.MonkeyPatch, losses: int
) -> None:
    monkeypatch.setattr(Losing, "left", losses)
    monkeypatch.setattr(tasks, "process_pool", Losing)
    asked: list[int] = [4, 6, 8, 10]
    told: list[float] = []

    def ask() -> None:
        told.extend(run_tasks(halved, asked, [1] * 4, 2))

    if losses < ATTEMPTS:
        ask()
        assert told == [2, 3, 4, 5], "in order, and none twice"
    else:
        with pytest.raises(BrokenProcessPool):
            ask()


def test_a_worker_with_another_model_or_library_is_refused_with_each_thing_that_differs() -> None:
    home = tuple((name, "another" if name == "numpy" else value) for name, value in what_decides())
    with pytest.raises(OtherWorkerError, match=r"numpy [\d.]+, not another.*constraints\.txt"):
        SameHere(halved, home)(4)


class Strange(ThreadPoolExecutor):
    """Workers on which the package is not installed."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        failed: Future[Any] = Future()
        failed.set_exception(ModuleNotFoundError("No module named 'rsip_sim'"))
        return failed


def other_home(monkeypatch: pytest.MonkeyPatch) -> Executor:
    changed = (*what_decides()[:-1], ("pyarrow", "0"))
    monkeypatch.setattr(SameHere, "__call__", lambda self, task: _refuse(self, changed, task))
    return ThreadPoolExecutor(1)


def _refuse(same: Any, home: Any, task: Any) -> Any:
    raise OtherWorkerError("a worker would simulate something else: it has pyarrow 0")


@pytest.mark.parametrize("workers", ["strange", "other"])
def test_nothing_is_kept_from_a_worker_that_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: str
) -> None:
    executor = Strange(1) if workers == "strange" else other_home(monkeypatch)
    with executor, pytest.raises(OtherWorkerError, match="a worker"):
        tree(tmp_path / "run", executor=executor)
    assert not list((tmp_path / "run").rglob("*.parquet"))
    assert not (tmp_path / "run" / "manifest.json").exists()


def test_a_scheduler_that_does_not_answer_is_told_with_what_to_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(elsewhere, "SECONDS", 0.3)
    with (
        pytest.raises(InputError, match=r"tcp://127\.0\.0\.1:9.*dask scheduler"),
        cluster("tcp://127.0.0.1:9"),
    ):
        pass


@pytest.mark.parametrize(
    "address", ["no address", "", "nan", "tcp://", "10.0.0.5", "host:", "x://h:1"]
)
def test_what_is_no_address_of_a_scheduler_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """A client begun in vain waits twenty seconds, and prints a traceback when it is forgotten."""
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(distributed, "Client", lambda *_, **__: pytest.fail("a client was begun"))
    with pytest.raises(InputError, match="is no address of a scheduler"), cluster(address):
        pass


def test_the_command_compares_by_address_into_a_relative_folder_as_at_home(
    tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def compared(folder: str, *more: str) -> dict[str, bytes]:
        asked = ["compare", "rsip:no_agreement", "rsip:two_year", "--replications", "8", "-q"]
        done = CliRunner().invoke(app, [*asked, "--out", folder, *more])
        assert done.exit_code == 0, done.output
        return fakes.tree(tmp_path / folder)

    at_home, there = compared("home", "--workers", "1"), compared("there", "--scheduler", scheduler)
    assert there == at_home


def test_a_study_takes_an_executor_from_python() -> None:
    with Counted(2) as threads:
        done = rsip_sim.compare(
            ["rsip:no_agreement", "rsip:two_year"], 24, workers=1, executor=threads
        )
        before = threads.handed
        kept = rsip_sim.robust(done, executor=threads)
        assert kept.report.blocks
        assert threads.handed > before
