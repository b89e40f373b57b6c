"""Blocks of several scenarios are simulated together; nobody can tell from what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.experiment import runner
from rsip_sim.experiment.errors import BlocksFailed
from rsip_sim.experiment.pool import ATTEMPTS
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.runner import _batches, _on, run_scenarios
from rsip_sim.experiment.worker import BLOCK, SMALL_BLOCK, Job, run_blocks, usual_block
from rsip_sim.model import simulation
from rsip_sim.model.simulation import Portion
from tests.fakes import experiment_fakes as fakes

TWO = (fakes.scenario("no_agreement", 0), fakes.scenario("two_year", 24))


def jobs(replications: int, cases: int, size: int) -> list[Job]:
    first = TWO[0]
    return [
        Job(f"case {i}", first.policy, first.roster, 1, start, min(start + size, replications), "")
        for i in range(cases)
        for start in range(0, replications, size)
    ]


def size_of(batch: list[Job]) -> int:
    return sum(job.stop - job.first for job in batch)


@given(st.integers(0, 9000), st.integers(1, 12), st.integers(1, 16))
def test_batches_hold_every_block_once_and_keep_the_processes_alike_busy(
    replications: int, cases: int, processes: int
) -> None:
    every = jobs(replications, cases, usual_block(replications))
    batches = _batches(every, processes)
    assert sorted(map(id, every)) == sorted(id(job) for batch in batches for job in batch)
    if not every:
        return
    largest = max(job.stop - job.first for job in every)
    # a batch is cut where its share of the work is reached, so it exceeds that by less than a block
    fair = size_of(every) / (processes * -(-size_of(every) // (processes * BLOCK)))
    assert all(size_of(batch) < fair + largest for batch in batches)


def test_the_same_futures_of_several_scenarios_stand_together() -> None:
    first, *_ = _batches(jobs(1000, 7, SMALL_BLOCK), 2)
    assert {job.first for job in first} == {0}
    assert len(first) == 4


def jobs_of_the_run() -> list[Job]:
    return [
        Job(each.name, each.policy, each.roster, each.run.seed, first, min(first + 4, 11), "")
        for each in TWO
        for first in (0, 4, 8)
    ]


def test_simulated_together_or_alone_the_bytes_are_the_same(tmp_path: Path) -> None:
    run_scenarios(TWO, replications=11, block=4, workers=1, out=tmp_path)  # all in one batch
    together = fakes.tree(tmp_path)
    alone = {
        f"data/{job.scenario}/{name}": content
        for job in jobs_of_the_run()
        for made in run_blocks([job])
        for name, content in made.contents.items()
    }
    assert len(alone) == 12
    assert {name: together[name] for name in alone} == alone


def test_what_fails_together_is_told_of_the_block_that_fails_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good, bad, *_ = jobs_of_the_run()
    usual = run_blocks([good])
    real = simulation.simulate_together

    def fail_on_the_bad(portions: Sequence[Portion], *rest: Any, **more: Any) -> Any:
        if any(min(each.replications) == bad.first for each in portions):
            raise ArithmeticError("schools were lost")
        return real(portions, *rest, **more)

    monkeypatch.setattr(simulation, "simulate_together", fail_on_the_bad)
    made, failure = run_blocks([good, bad])
    assert [made] == usual
    assert str(failure) == (
        "no_agreement, replications 4–7: simulate failed: ArithmeticError: schools were lost"
    )


# ---- handed out


class Counted(ThreadPoolExecutor):
    """Keeps what it was given, and loses its process at some of it as often as is said."""

    def __init__(self, losses: int = 0) -> None:
        super().__init__(1)
        self.losses, self.given, self.futures = losses, list[list[Any]](), list[Future[Any]]()

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.given.append(args[0])
        if self.losses and any(getattr(job, "first", None) == 8 for job in args[0]):
            self.losses -= 1
            future: Future[Any] = Future()
            future.set_exception(BrokenProcessPool("lost"))
        else:
            future = super().submit(fn, *args, **kwargs)
        self.futures.append(future)
        return future


@given(st.integers(1, 9), st.integers(0, 12))
def test_no_more_is_handed_out_than_is_said_and_each_batch_comes_back_with_its_own(
    at_once: int, count: int
) -> None:
    batches = [[(place, part) for part in range(1 + place % 2)] for place in range(count)]
    back = []
    with Counted() as executor:
        for job, outcome in _on(executor, list, batches, at_once):  # type: ignore[arg-type]
            done = len({place for place, _ in back})
            assert len(executor.given) <= done + at_once + 1
            if not back:
                assert len(executor.given) == min(at_once, count)
            assert job == outcome
            back.append(job)
    assert sorted(back) == [job for batch in batches for job in batch]


class Waiting(Executor):
    """Finishes the first task and begins no other."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.futures.append(Future())
        if len(self.futures) == 1:
            self.futures[0].set_result(["done"])
        return self.futures[-1]


@pytest.mark.parametrize("cancel", [True, False])
def test_what_is_handed_out_is_taken_back_from_an_executor_that_goes_on(cancel: bool) -> None:
    executor = Waiting()
    told = _on(executor, list, [["a"], ["b"], ["c"], ["d"]], 3, cancel)  # type: ignore[arg-type]
    assert next(told) == ("a", "done")
    told.close()
    assert [future.cancelled() for future in executor.futures] == [False, cancel, cancel]


class Told(Progress):
    """Keeps all that it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int, int]] = []

    def begin(self, total: int, already: int) -> None:
        self.told.append(("begin", total, already))

    def advance(self, replications: int) -> None:
        self.told.append(("advance", replications, 0))

    def end(self) -> None:
        self.told.append(("end", 0, 0))


def run(out: Path, replications: int, progress: Progress | None = None, **more: Any) -> None:
    settings = {"workers": 1, "block": 4, "simulate": fakes.simulate, **more}
    run_scenarios(TWO, replications=replications, out=out, progress=progress, **settings)


def test_progress_counts_futures_of_all_scenarios_to_come_and_stored_already(
    tmp_path: Path,
) -> None:
    for replications, begin, sizes in (
        (6, (12, 0), [4, 4, 2, 2]), (10, (12, 8), [4, 4, 2, 2]), (10, (0, 20), []),
    ):  # fmt: skip
        progress = Told()
        run(tmp_path / "run", replications, progress)
        assert progress.told[0] == ("begin", *begin)
        assert [size for _, size, _ in progress.told[1:-1]] == sizes
        assert progress.told[-1] == ("end", 0, 0)


@pytest.mark.parametrize("losses", range(ATTEMPTS + 1))
def test_blocks_of_a_lost_process_are_tried_again_by_themselves_twice_and_then_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, losses: int
) -> None:
    """The others are stored once, and every future is counted once."""
    pools = []

    def pool(_workers: int) -> Counted:
        lost = losses > len(pools)
        pools.append(Counted(losses=9 if lost else 0))
        return pools[-1]

    monkeypatch.setattr(runner, "process_pool", pool)
    progress = Told()
    if losses < ATTEMPTS:
        run(tmp_path / "run", 11, progress, workers=2)
        run(tmp_path / "plain", 11)
        assert fakes.tree(tmp_path / "run") == fakes.tree(tmp_path / "plain")
    else:
        with pytest.raises(BlocksFailed, match="BrokenProcessPool") as told:
            run(tmp_path / "run", 11, progress, workers=2)
        assert {(each.stage, each.first) for each in told.value.failures} >= {("worker", 8)}
    assert len(pools) == min(losses + 1, ATTEMPTS)
    for again in pools[1:]:
        assert {len(batch) for batch in again.given} == {1}
    assert sum(size for what, size, _ in progress.told if what == "advance") == 22
    stored = Counter(job.first for each in pools for batch in each.given for job in batch)
    assert stored[0] == 2


def test_a_block_that_fails_by_itself_is_not_tried_again(tmp_path: Path) -> None:
    """It would fail again: only a process that was lost says nothing of its blocks."""
    calls = Counter[int]()

    def failing(policy: Any, roster: Any, seed: int, replications: range) -> Any:
        calls[replications.start] += 1
        return fakes.fail_in_the_second_block(policy, roster, seed, replications)

    with pytest.raises(BlocksFailed):
        run(tmp_path / "run", 8, simulate=failing)
    assert calls == {0: 2, 4: 2}  # once in each of the scenarios


def test_other_executors_get_block_by_block_and_are_not_asked_again(tmp_path: Path) -> None:
    """How many processes they have nobody here knows, nor whether they take more."""
    with Counted(losses=9) as executor, pytest.raises(BlocksFailed) as told:
        run(tmp_path / "run", 11, executor=executor)
    assert [len(batch) for batch in executor.given] == [1] * 6
    assert {(each.stage, each.first) for each in told.value.failures} == {("worker", 8)}
