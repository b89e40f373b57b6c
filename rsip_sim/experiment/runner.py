"""Runs a design: every missing block once, on any executor, and the manifest last."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from pathlib import Path

from rsip_sim.experiment.design import design
from rsip_sim.experiment.errors import BlockFailure, BlocksFailed, RunInterrupted, is_of_disk
from rsip_sim.experiment.pool import OwnPool, number_of_workers, process_pool
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.results import Results
from rsip_sim.experiment.store import Store, open_store
from rsip_sim.experiment.worker import (
    BLOCK,
    BlockDone,
    Job,
    Simulate,
    run_block,
    simulate_with_the_model,
)
from rsip_sim.scenario import Scenario

MOST_WAITING = 4  # blocks handed out per worker: enough to keep it busy, few to take back
_SECONDS = 0.5  # how long Ctrl-C may have to wait on a system that cannot break off a wait


def run_scenarios(
    scenarios: Sequence[Scenario],
    seed: int | None = None,
    replications: int | None = None,
    out: Path | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
    block: int = BLOCK,
    progress: Progress | None = None,
    afterwards: Callable[[Results], Iterable[Path]] | None = None,
    simulate: Simulate = simulate_with_the_model,
) -> Results:
    """Simulate the scenarios on the same futures, or finish a run begun before.

    seed, replications  None: what the scenarios say
    out           folder of the run; None: a temporary one that goes with the results
    executor      where the blocks run, each process seeing the folder; None: processes of this
                  machine, or this process itself for a small run
    workers       processes to use when no executor is given; None: as many as useful
    block         replications simulated together
    afterwards    makes files from the results, inside the folder, before the manifest is written

    Raises DesignError or StoreError before anything is written, BlocksFailed when the other
    blocks are stored, RunInterrupted on Ctrl-C.
    """
    plan = design(scenarios, seed, replications)
    temporary = None if out else tempfile.TemporaryDirectory(prefix="rsip-")
    folder = out or Path(temporary.name if temporary else "")
    with open_store(folder, plan, block) as store:
        _simulate_missing(store, executor, workers, progress or Progress(), simulate)
        results = Results(
            folder, store.identity, plan.replications, store.block, store.digests, temporary
        )
        store.finish(results.notes(), afterwards(results) if afterwards else ())
    return results


def _simulate_missing(
    store: Store,
    executor: Executor | None,
    workers: int | None,
    progress: Progress,
    simulate: Simulate,
) -> None:
    missing = store.missing()
    already = any(store.case_folder(case).is_dir() for case in store.design.distinct())
    if missing and already:
        store.check_libraries()
    store.begin()
    jobs = [
        Job(
            case.scenario,
            case.policy,
            store.design.roster,
            store.design.seed,
            block.first,
            block.stop,
            store.case_folder(case),
            simulate,
        )
        for case, block in missing
    ]
    failures = _run(store, jobs, executor, workers, progress)
    if failures:
        store.write_failures(failures)
        raise BlocksFailed(failures, store.folder)


def _run(
    store: Store,
    jobs: list[Job],
    executor: Executor | None,
    workers: int | None,
    progress: Progress,
) -> list[BlockFailure]:
    work = sum(job.stop - job.first for job in jobs)
    everything = len(store.design.distinct()) * store.design.replications
    blocks = len(store.design.distinct()) * len(store.blocks())
    failures = []
    progress.begin(work, everything - work)
    try:
        with _finished(jobs, executor, workers, work) as outcomes:
            for job, outcome in outcomes:
                if isinstance(outcome, BlockFailure):
                    failures.append(outcome)
                else:
                    _remember(store, outcome)
                progress.advance(job.stop - job.first)
    except KeyboardInterrupt:
        raise RunInterrupted(blocks - len(store.missing()), blocks, store.folder) from None
    finally:
        progress.end()
    return failures


def _remember(store: Store, done: BlockDone) -> None:
    inside = done.folder.relative_to(store.folder).as_posix()
    store.digests.update({f"{inside}/{name}": value for name, value in done.digests.items()})


Outcomes = Iterator[tuple[Job, BlockDone | BlockFailure]]


@contextlib.contextmanager
def _finished(
    jobs: list[Job], executor: Executor | None, workers: int | None, work: int
) -> Iterator[Outcomes]:
    """Yield an iterator over the jobs with their outcomes, in the order in which they finish."""
    count = number_of_workers(workers, len(jobs), work)
    if executor is not None:
        yield _on(executor, jobs, len(jobs), cancel=not isinstance(executor, OwnPool))
    elif count == 1:
        yield ((job, run_block(job)) for job in jobs)
    else:
        with process_pool(count) as pool:
            yield _on(pool, jobs, count * MOST_WAITING)


def _on(executor: Executor, jobs: list[Job], at_once: int, cancel: bool = False) -> Outcomes:
    """Run the jobs on an executor, never more than so many handed out.

    cancel  whether what is handed out is taken back where the run ends early: an executor of the
            planner's own goes on, while a pool of ours ends with its processes
    """
    queue = iter(jobs)
    running: dict[Future[BlockDone | BlockFailure], Job] = {}
    try:
        while True:
            for job in queue:
                running[_submit(executor, job)] = job
                if len(running) >= at_once:
                    break
            if not running:
                return
            finished, _ = wait(running, timeout=_SECONDS, return_when=FIRST_COMPLETED)
            for future in finished:
                yield (job := running.pop(future)), _outcome(job, future)
    finally:
        for future in running if cancel else ():
            future.cancel()


def _submit(executor: Executor, job: Job) -> Future[BlockDone | BlockFailure]:
    """Hand out a job; an executor that takes no more gives a future that has failed."""
    try:
        return executor.submit(run_block, job)
    except RuntimeError as error:
        failed: Future[BlockDone | BlockFailure] = Future()
        failed.set_exception(error)
        return failed


def _outcome(job: Job, future: Future[BlockDone | BlockFailure]) -> BlockDone | BlockFailure:
    try:
        return future.result()
    except Exception as error:
        if is_of_disk(error):
            raise
        # the process died, or the job could not be sent to it
        kind = type(error).__name__
        return BlockFailure(job.scenario, job.first, job.stop - 1, "worker", kind, str(error))
