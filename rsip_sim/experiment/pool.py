"""How many processes to use, and a pool of them that dies with the process that started it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from types import ModuleType

from rsip_sim.experiment.worker import import_libraries, usual_block

MOST_WORKERS = 61  # Windows waits for no more
ATTEMPTS = 3  # of what a process had in hand when it was killed
SMALL = 1500  # scenario-replications that one process does sooner than a pool would be ready


def available_processors() -> int:
    """Processors this process may use: by its affinity, and by the quota of its container."""
    counts = [os.cpu_count() or 1]
    if hasattr(os, "sched_getaffinity"):
        counts.append(len(os.sched_getaffinity(0)))
    with contextlib.suppress(OSError, ValueError):
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        counts.append(-(-int(quota) // int(period)))
    return max(1, min(counts))


def number_of_workers(asked: int | None, blocks: int, work: int) -> int:
    """Processes to use; 1 means this process itself.

    asked   the planner's number, or None for as many as useful
    blocks  blocks to simulate
    work    replications to simulate, over all scenarios
    """
    if asked is not None:
        return max(1, min(asked, blocks, MOST_WORKERS))
    if work < SMALL:
        return 1
    return max(1, min(available_processors(), blocks, MOST_WORKERS))


class OwnPool(ProcessPoolExecutor):
    """A pool that `process_pool` made, and ends."""


@contextlib.contextmanager
def process_pool(workers: int) -> Iterator[OwnPool]:
    """A pool of freshly started processes, already busy importing the model.

    Leaving the context in good order waits for the processes; leaving it by an exception ends
    them at once. They end too when this process dies, however it dies, and leave Ctrl-C to it.
    """
    context = _Context()
    theirs, ours = context.Pipe(duplex=False)
    pool = OwnPool(workers, context, _prepare, (theirs,))
    try:
        with _interrupts_ignored():
            for _ in range(workers):  # each task starts one process
                pool.submit(_ready)
        yield pool
        pool.shutdown()
    except BaseException:
        ours.close()
        _end(pool)
        raise
    finally:
        ours.close()
        theirs.close()


@contextlib.contextmanager
def useful_pool(cases: int, replications: int, workers: int | None) -> Iterator[OwnPool | None]:
    """Processes for so many replications of each case; None where they would not pay."""
    blocks = cases * -(-replications // usual_block(replications))
    count = number_of_workers(workers, blocks, cases * replications)
    if count == 1:
        yield None
    else:
        with process_pool(count) as pool:
            yield pool


def _end(pool: OwnPool) -> None:
    """End the processes at once, and wait until the pool's own thread has seen that they ended.

    A future that is cancelled before makes that thread fail with a traceback of its own
    (python/cpython#107219), so none is cancelled.
    """
    # or the thread would wait for the rest of an answer in whose middle a process was ended
    pool._result_queue._writer.close()  # type: ignore[attr-defined]
    for process in list((pool._processes or {}).values()):
        process.kill()
    pool.shutdown(wait=True)


class _Process(SpawnProcess):
    """A fresh process that does not run the caller's script again.

    What the workers run is all in this package. Without this a planner's script that simulates
    outside ``if __name__ == "__main__"`` would start itself anew in each of them.
    """

    def start(self) -> None:
        """Start without telling the new process what the main module is."""
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            super().start()
        finally:
            sys.modules["__main__"] = main


class _Context(SpawnContext):
    Process = _Process


@contextlib.contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Processes started here ignore Ctrl-C from their first instruction."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _ready() -> None:
    """The first task of each process, which does nothing."""


def _prepare(parent: Connection) -> None:
    """Set up one worker: die with the parent, one thread for the algebra, the model imported."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    with contextlib.suppress(ImportError):  # a job that needs it will say what is missing
        import_libraries()


def _end_with(parent: Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        parent.recv_bytes()
    os._exit(1)
