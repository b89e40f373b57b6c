"""Runs a design: every missing block once, on any executor, and the manifest last."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from functools import partial
from pathlib import Path

from rsip_sim.experiment.design import design
from rsip_sim.experiment.elsewhere import OtherWorkerError, chosen_executor, result_of, submit
from rsip_sim.experiment.errors import BlockFailure, BlocksFailed, RunInterrupted, is_of_disk
from rsip_sim.experiment.files import sweep
from rsip_sim.experiment.places import changed
from rsip_sim.experiment.pool import ATTEMPTS, OwnPool, number_of_workers, process_pool
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.results import Results
from rsip_sim.experiment.store import RUN, Store, open_store
from rsip_sim.experiment.worker import (
    BLOCK,
    BlockMade,
    Job,
    Simulate,
    failed,
    run_and_store,
    run_blocks,
    simulate_with_the_model,
    store_block,
    usual_block,
)
from rsip_sim.scenario import Scenario

MOST_WAITING = 4  # blocks handed out per worker: enough to keep it busy, few to take back
MOST_ELSEWHERE = 256  # the same for an executor of which nobody here knows how many it has
LOST = "BrokenProcessPool"  # how blocks fail whose process was killed
_SECONDS = 0.5  # how long Ctrl-C may have to wait on a system that cannot break off a wait


def run_scenarios(
    scenarios: Sequence[Scenario],
    seed: int | None = None,
    replications: int | None = None,
    out: Path | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
    block: int | None = None,
    progress: Progress | None = None,
    afterwards: Callable[[Results], Iterable[Path]] | None = None,
    simulate: Simulate = simulate_with_the_model,
) -> Results:
    """Simulate the scenarios on the same futures, or finish a run begun before.

    seed, replications  None: what the scenarios say
    out           folder of the run; None: a temporary one that goes with the results
    executor      where the blocks run, no folder being shared; None: what `simulated_on` says,
                  else processes of this machine, or this process itself for a small run
    workers       processes to use when no executor is given; None: as many as useful
    block         replications kept together; None: what `usual_block` says
    afterwards    makes files from the results, inside the folder, before the manifest is written

    Raises DesignError or StoreError before anything is written, BlocksFailed when the other
    blocks are stored, OtherWorkerError where a worker has another model, RunInterrupted on Ctrl-C.
    A process of this machine that is killed costs its blocks a second try.
    """
    plan = design(scenarios, seed, replications)
    temporary = None if out else tempfile.TemporaryDirectory(prefix="rsip-")
    folder = out or Path(temporary.name if temporary else "")
    with open_store(folder, plan, block or usual_block(plan.replications)) as store:
        _simulate_missing(
            store, executor or chosen_executor(), workers, progress or Progress(), simulate
        )
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
    already = (store.folder / RUN).is_file()
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
            store.case_folder(case).relative_to(store.folder).as_posix(),
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
    failures: list[BlockFailure] = []
    progress.begin(work, everything - work)
    try:
        for attempt in range(ATTEMPTS):
            lost = []
            with _finished(store.folder, jobs, executor, workers, attempt == 0) as outcomes:
                for job, outcome in outcomes:
                    failure = _kept(store, job, outcome)
                    if failure is not None:
                        again = failure.kind == LOST and attempt + 1 < ATTEMPTS
                        if again and isinstance(executor, OwnPool | None):
                            lost.append(job)
                            continue
                        failures.append(failure)
                    progress.advance(job.stop - job.first)
            if not lost:
                break
            sweep(store.folder)  # what the process had half written
            jobs, executor = lost, None  # a pool that lost a process takes no more
    except KeyboardInterrupt:
        raise RunInterrupted(blocks - len(store.missing()), blocks, store.folder) from None
    finally:
        progress.end()
    return failures


Outcome = BlockMade | dict[str, str] | BlockFailure
"""A block as it came back: to be stored, stored already with its digests, or failed."""

Outcomes = Iterator[tuple[Job, Outcome]]


def _kept(store: Store, job: Job, outcome: Outcome) -> BlockFailure | None:
    """Store a block where that is still to be done, and remember its digests."""
    if isinstance(outcome, BlockMade):
        outcome = store_block(job, outcome, store.folder)
    if isinstance(outcome, BlockFailure):
        return outcome
    changed(*(store.folder / name for name in outcome))
    store.digests.update(outcome)
    return None


@contextlib.contextmanager
def _finished(
    folder: Path,
    jobs: list[Job],
    executor: Executor | None,
    workers: int | None,
    together: bool,
) -> Iterator[Outcomes]:
    """Yield an iterator over the jobs with their outcomes, in the order in which they finish.

    Processes of this machine write into the folder of the run; other executors need not see it.
    together  whether jobs share a simulation: not where one of them may end its process
    """
    work = sum(job.stop - job.first for job in jobs)
    count = number_of_workers(workers, len(jobs), work)
    here = partial(run_and_store, folder)
    elsewhere = executor is not None and not isinstance(executor, OwnPool)
    # nobody here knows over how many processes another executor spreads them
    batches = _batches(jobs, count) if together and not elsewhere else [[job] for job in jobs]
    if executor is not None and elsewhere:
        yield _on(executor, run_blocks, batches, MOST_ELSEWHERE, cancel=True)
    elif executor is not None:
        yield _on(executor, here, batches, count * MOST_WAITING)
    elif count == 1:
        yield (found for batch in batches for found in zip(batch, here(batch), strict=True))
    else:
        with process_pool(count) as pool:
            yield _on(pool, here, batches, count * MOST_WAITING)


def _batches(jobs: list[Job], processes: int) -> list[list[Job]]:
    """The jobs in batches of much the same work, none much larger than is simulated together.

    The same futures of several scenarios stand together, for what they share is drawn once.
    """
    ordered = sorted(jobs, key=lambda job: job.first)
    work = [job.stop - job.first for job in ordered]
    rounds = -(-sum(work) // (processes * BLOCK))
    most = sum(work) / (processes * rounds) if work else 1
    batches: dict[int, list[Job]] = {}
    done = 0
    for job, size in zip(ordered, work, strict=True):
        batches.setdefault(int(done / most), []).append(job)
        done += size
    return list(batches.values())


def _on(
    executor: Executor,
    work: Callable[[list[Job]], Sequence[Outcome]],
    batches: list[list[Job]],
    at_once: int,
    cancel: bool = False,
) -> Outcomes:
    """Run the batches on an executor, never more than so many handed out.

    cancel  whether what is handed out is taken back where the run ends early: an executor of the
            planner's own goes on, while a pool of ours ends with its processes
    """
    queue = iter(batches)
    running: dict[Future[Sequence[Outcome]], list[Job]] = {}
    try:
        while True:
            for batch in queue:
                running[submit(executor, work, batch)] = batch
                if len(running) >= at_once:
                    break
            if not running:
                return
            finished, _ = wait(running, timeout=_SECONDS, return_when=FIRST_COMPLETED)
            for future in finished:
                batch = running.pop(future)
                yield from zip(batch, _outcomes(batch, future), strict=True)
    finally:
        for future in running if cancel else ():
            future.cancel()


def _outcomes(batch: list[Job], future: Future[Sequence[Outcome]]) -> Sequence[Outcome]:
    try:
        return result_of(future)
    except Exception as error:
        if isinstance(error, OtherWorkerError) or is_of_disk(error):
            raise
        # the process died, or the jobs could not be sent to it
        return [failed(job, "worker", error) for job in batch]
