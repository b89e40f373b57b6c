"""Pieces of work that know nothing of one another, over processes, counted as they finish."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rsip_sim.experiment.errors import is_of_disk
from rsip_sim.experiment.pool import number_of_workers, process_pool
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


def run_tasks(
    function: Callable[[Task], Result],
    tasks: Sequence[Task],
    replications: Sequence[int],
    workers: int | None = None,
    progress: Progress | None = None,
    already: int = 0,
) -> Iterator[Result]:
    """The results in the order of the tasks, whoever works them out.

    function      importable by name, as are the tasks' types: they may go to other processes
    replications  what each task simulates, by which the work is counted
    workers       processes; 1: this one; None: as many as useful
    already       replications found done before
    An exception of the function ends the run; `Guarded` turns it into a result.
    """
    told: Progress = progress or Progress()
    work = sum(replications)
    processes = number_of_workers(workers, len(tasks), work)
    told.begin(work, already)
    try:
        if processes == 1:
            for task, count in zip(tasks, replications, strict=True):
                result = function(task)
                told.advance(count)
                yield result
            return
        with process_pool(processes) as pool:
            futures = [pool.submit(function, task) for task in tasks]
            futures.reverse()  # each is let go of once it is told
            for count in replications:
                result = futures.pop().result()
                told.advance(count)
                yield result
    finally:
        told.end()
