"""Pieces of work that know nothing of one another, over processes, counted as they finish."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Generic, TypeVar

from rsip_sim.experiment.elsewhere import chosen_executor, result_of, submit
from rsip_sim.experiment.errors import is_of_disk
from rsip_sim.experiment.pool import ATTEMPTS, number_of_workers, process_pool
from rsip_sim.experiment.progress import Progress

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True)
class TaskFailed:
    """What went wrong with one piece of work; the others are not touched by it."""

    kind: str
    message: str
    trace: str

    def __str__(self) -> str:
        """Kind and message on one line."""
        return f"{self.kind}: {self.message}".splitlines()[0]


@dataclass(frozen=True)
class Guarded(Generic[Task, Result]):
    """The function, but a failure is returned instead of raised, unless it is one of the disk."""

    function: Callable[[Task], Result]

    def __call__(self, task: Task) -> Result | TaskFailed:
        """The result, or what went wrong."""
        try:
            return self.function(task)
        except Exception as error:
            if is_of_disk(error):  # the next piece would meet it too
                raise
            return TaskFailed(type(error).__name__, str(error), traceback.format_exc())


def filled(sizes: Sequence[int], room: int) -> list[list[int]]:
    """Places of pieces that share a block, in their order: as many as there is room for, or one."""
    blocks: list[list[int]] = []
    left = 0
    for place, size in enumerate(sizes):
        if not blocks or size > left:
            blocks.append([])
            left = room
        blocks[-1].append(place)
        left -= size
    return blocks


def run_tasks(
    function: Callable[[Task], Result],
    tasks: Sequence[Task],
    replications: Sequence[int],
    workers: int | None = None,
    progress: Progress | None = None,
    already: int = 0,
    may_go: bool = True,
) -> Iterator[Result]:
    """The results in the order of the tasks, whoever works them out.

    function      importable by name, as are the tasks' types: they may go to other processes
    replications  what each task simulates, by which the work is counted
    workers       processes; 1: this one; None: as many as useful
    already       replications found done before
    may_go        whether tasks may go to the executor that `simulated_on` names: not where they
                  read files of this machine
    An exception of the function ends the run; `Guarded` turns it into a result.
    """
    told: Progress = progress or Progress()
    work = sum(replications)
    processes = number_of_workers(workers, len(tasks), work)
    told.begin(work, already)
    elsewhere = chosen_executor() if may_go else None
    results: Iterator[Result]
    if elsewhere is not None:
        results = _on(elsewhere, function, tasks)
    elif processes == 1:
        results = map(function, tasks)
    else:
        results = _over_processes(function, tasks, processes)
    try:
        for result, count in zip(results, replications, strict=True):
            told.advance(count)
            yield result
    finally:
        told.end()


def _on(
    executor: Executor, function: Callable[[Task], Result], tasks: Sequence[Task]
) -> Iterator[Result]:
    """The results in order; what is handed out is taken back where the caller stops early."""
    futures = [submit(executor, function, task) for task in tasks]
    futures.reverse()  # each is let go of once it is told
    try:
        while futures:
            yield result_of(futures.pop())
    finally:
        for future in futures:
            future.cancel()


def _over_processes(
    function: Callable[[Task], Result], tasks: Sequence[Task], processes: int
) -> Iterator[Result]:
    """The same over processes of this machine, begun again where one of them is killed."""
    told = 0
    for attempt in range(ATTEMPTS):
        try:
            with process_pool(processes) as pool:
                futures = [pool.submit(function, task) for task in tasks[told:]]
                futures.reverse()
                while futures:
                    result = futures.pop().result()
                    told += 1
                    yield result
                return
        except BrokenProcessPool:
            if attempt + 1 == ATTEMPTS:
                raise
