"""Other machines: whatever is simulated inside `simulated_on` goes to an executor of the caller's.

No folder is shared with them. A task goes out with what it needs, its result comes back as bytes or
numbers, and this process writes the files. What another machine simulates must be what this one
would: each task says of which model, evidence and libraries it is, and is refused by another.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from rsip_sim.experiment import record
from rsip_sim.experiment.errors import ExperimentError, InputError
from rsip_sim.version import EDITION, __version__

Task = TypeVar("Task")
Result = TypeVar("Result")

SECONDS = 10.0
"""How long a scheduler is waited for."""

_ADDRESS = re.compile(r"inproc://\S+|((tcp|tls|ws|wss|ucx|ucxx)://)?[^\s/]+:[0-9]{1,5}(/\S*)?")
_RETRIES = 3  # of a task whose worker was lost
_EXECUTOR: ContextVar[Executor | None] = ContextVar("executor", default=None)


class OtherWorkerError(ExperimentError):
    """A worker would simulate something else than this process."""


@functools.cache
def what_decides() -> tuple[tuple[str, str], ...]:
    """Name and version of everything on which the bits of a result depend."""
    return (
        ("rsip_sim", __version__),
        ("the edition of the model", str(EDITION)),
        ("the model's source", record.source_digest()[: record.SHORT]),
        ("the parameter register or other evidence", record.evidence_digest()[: record.SHORT]),
        *record.libraries().items(),
    )


@dataclass(frozen=True)
class SameHere(Generic[Task, Result]):
    """The function, but only where everything that decides a result is as it was at home.

    Raises OtherWorkerError elsewhere, with each thing that differs.
    """

    function: Callable[[Task], Result]
    home: tuple[tuple[str, str], ...] = field(default_factory=what_decides)

    def __call__(self, task: Task) -> Result:
        """The result of the task."""
        here = dict(what_decides())
        differs = [
            f"{name} {here.get(name, 'missing')}, not {value}"
            for name, value in self.home
            if here.get(name) != value
        ]
        if differs:
            raise OtherWorkerError(
                f"a worker would simulate something else: it has {'; '.join(differs)}. Install "
                "the same rsip_sim and libraries (constraints.txt) on every worker"
            )
        return self.function(task)


def submit(executor: Executor, function: Callable[[Task], Result], task: Task) -> Future[Result]:
    """Hand out a task; an executor that takes no more gives a future that has failed."""
    try:
        return executor.submit(SameHere(function), task)
    except RuntimeError as error:
        failed: Future[Result] = Future()
        failed.set_exception(error)
        return failed


def result_of(future: Future[Result]) -> Result:
    """What a task came to. Raises OtherWorkerError too where the worker does not know rsip_sim."""
    try:
        return future.result()
    except (ImportError, AttributeError) as error:
        raise OtherWorkerError(
            f"a worker does not know what to simulate ({error}). Install the same rsip_sim "
            f"({__version__}) and libraries (constraints.txt) on every worker"
        ) from error


def chosen_executor() -> Executor | None:
    """The executor of the caller's inside `simulated_on`, None elsewhere."""
    return _EXECUTOR.get()


@contextlib.contextmanager
def simulated_on(executor: Executor | None) -> Iterator[None]:
    """Whatever is simulated inside is simulated on this executor; None: where it was before."""
    token = _EXECUTOR.set(executor or _EXECUTOR.get())
    try:
        yield
    finally:
        _EXECUTOR.reset(token)


@contextlib.contextmanager
def cluster(address: str | None) -> Iterator[None]:
    """Whatever is simulated inside is simulated by the workers of a Dask scheduler.

    address  such as ``tcp://10.0.0.5:8786``; None: on this machine, as usual

    Raises InputError where dask.distributed is missing or no scheduler answers.
    """
    if address is None:
        yield
        return
    try:
        import distributed
    except ImportError:
        raise InputError(
            "--scheduler needs dask.distributed: pip install 'rsip-sim[cluster]'"
        ) from None
    if not _ADDRESS.fullmatch(address):  # a client begun in vain is told of long after
        raise InputError(
            f"'{address}' is no address of a scheduler; one is written tcp://10.0.0.5:8786"
        )
    open_client: Any = distributed.Client
    try:
        client: Any = open_client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(
            f"no scheduler of dask.distributed answers at {address} ({error}); start one with "
            "'dask scheduler', and its workers with 'dask worker ADDRESS'"
        ) from None
    with client, simulated_on(client.get_executor(pure=False, retries=_RETRIES)):
        yield
