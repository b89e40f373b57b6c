"""One piece of work at a time, and what is done beyond answering: saving, running, the paper.

All of it is written under the folder in which the page was started, and none over what is there.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from rsip_sim import face
from rsip_sim.experiment.errors import told_of_disk
from rsip_sim.experiment.progress import Progress
from rsip_sim.measures.runs import ComparisonError
from rsip_sim.page.asked import Read
from rsip_sim.page.live import Outdated
from rsip_sim.page.told import scenario_text
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.file_names import name_problem
from rsip_sim.studies.kernel.keeping import PAGE

Done = TypeVar("Done")
Stop = Callable[[], bool]

_MOST_WAITING = 12
_MOST_WINDOWS = 64
_SECONDS = 0.05  # between two looks whether a question that waits is still the newest


class BusyError(Exception):
    """More is waiting already than anybody asks who only looks."""


class Desk:
    """Where whatever simulates, draws or writes waits for its turn."""

    def __init__(self) -> None:
        """Nothing is being done."""
        self._work = threading.Lock()
        self._counts = threading.Lock()
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._waiting = 0
        self.closed = False

    def ask(self, window: str, turn: int, work: Callable[[Stop], Done]) -> Done:
        """Do the work once nothing else is being done.

        window  whose question it is; '' for one that no other question outdates
        turn    its number in that window
        work    is told whether to stop, as often as it asks

        Raises Outdated where the window asks something newer meanwhile or the page ends, and
        BusyError where too much is waiting.
        """
        with self._counts:
            if window:
                self._newest[window] = max(turn, self._newest.pop(window, turn))
                if len(self._newest) > _MOST_WINDOWS:
                    self._newest.popitem(last=False)

        def stop() -> bool:
            return self.closed or bool(window and self._newest.get(window) != turn)

        with self._turn(stop):
            return work(stop)

    @contextmanager
    def _turn(self, stop: Stop) -> Iterator[None]:
        with self._counts:
            if self._waiting >= _MOST_WAITING:
                raise BusyError
            self._waiting += 1
        try:
            while not self._work.acquire(timeout=_SECONDS):
                if stop():
                    raise Outdated
        finally:
            with self._counts:
                self._waiting -= 1
        try:
            if stop():
                raise Outdated
            yield
        finally:
            self._work.release()

    def close(self) -> None:
        """The page ends: whatever waits or asks is told to stop."""
        self.closed = True


_FILE_NAME = re.compile(r"\w[\w .-]*\.ya?ml", re.IGNORECASE)
_MOST_SHOWN = 12


@dataclass
class Deed:
    """One thing done or being done.

    number  by which the page knows it
    what    what it is, as the beginning of a sentence
    state   waiting counts as running
    said    how it ended, or how far it has come
    share   how much of it is done, from 0 to 1
    folder  of the results, where there are any
    files   that the page shows, by the name in its address
    """

    number: int
    what: str
    state: Literal["running", "done", "failed"] = "running"
    said: str = "waits for its turn"
    share: float = 0.0
    folder: Path | None = None
    paper: bool = False
    files: dict[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """A policy as a scenario file: its name, and its text; '' for a source as it stands."""

    file: str
    text: str = ""


class Deeds:
    """All that was done since the page was started, the latest first."""

    def __init__(self, folder: Path, desk: Desk) -> None:
        """Write under this folder, in turns with what else the desk does."""
        self.folder = folder
        self._desk = desk
        self._all: list[Deed] = []
        self._threads: list[threading.Thread] = []
        self._saved: dict[str, str] = {}  # text and name of the files saved

    def shown(self) -> list[Deed]:
        """The latest of them, the last begun first."""
        return self._all[: -_MOST_SHOWN - 1 : -1]

    @property
    def running(self) -> bool:
        """Whether any of them is not done."""
        return any(each.state == "running" for each in self._all)

    def numbered(self, number: int) -> Deed | None:
        """The deed of a number, or None."""
        return self._all[number] if 0 <= number < len(self._all) else None

    def written(self, read: Read) -> tuple[Written, Written]:
        """The two policies of a question as scenario files; raises ValueError for one at fault."""
        if read.sources is None or read.made is None:
            raise ValueError("what is at fault cannot be written")
        asked = read.asked
        sides = zip((asked.baseline, asked.policy), read.sources, read.made, strict=True)
        baseline, policy = (self._written(*side) for side in sides)
        return baseline, policy

    def _written(self, name: str, source: Scenario, made: Scenario) -> Written:
        if made is source:
            return Written(name)
        text = scenario_text(made, base=source, folder=self.folder)
        return Written(self._saved.get(text, f"{made.name}.yaml"), text)

    def has(self, file: Written) -> bool:
        """Whether a scenario is there under its name: a source always is."""
        path = self.folder / file.file
        return not file.text or (path.is_file() and path.read_bytes() == file.text.encode())

    def save(self, name: str, text: str) -> Path | None:
        """Write a scenario file; returns it, or None where the deed says why not."""
        deed = self._begun(f"Save {name or 'a scenario file'}")
        name = name if re.search(r"\.ya?ml$", name, re.IGNORECASE) else f"{name}.yaml"
        message, allowed = name_problem(Path(name))
        if not _FILE_NAME.fullmatch(name):
            message = "this is no name of a file in the folder of this page"
            allowed = "letters, digits, - and _, such as our_policy.yaml"
        if message:
            deed.state, deed.said = "failed", f"{message}; {allowed}"
            return None
        saved = None
        with _told(deed):
            face.write_new(self.folder / name, text)
            self._saved[text] = name
            deed.what, deed.said = f"Saved {name}", "It can be chosen above."
            deed.state, saved = "done", Path(name)
        return saved

    def told(self, words: str) -> None:
        """Say something where what was done is told."""
        deed = self._begun(words)
        deed.state, deed.said = "done", ""

    def keep(self, baseline: Scenario, policy: Scenario) -> Deed:
        """Begin to run two policies as `rsip compare` does, unless that was begun before."""
        folder = self.folder / face.default_folder([baseline, policy])
        for before in self._all:
            if before.folder == folder and before.state != "failed":
                return before
        deed = self._begun(f"Run in full: {baseline.title} and {policy.title}")
        deed.folder = folder

        def run(stop: Stop) -> None:
            face.compare([baseline, policy], out=folder, progress=_Told(deed, stop))
            deed.files = {PAGE: folder / PAGE}
            deed.said = f"It is kept in {self.shown_path(folder)}."

        self._start(deed, run)
        return deed

    def write_paper(self, of: Deed) -> Deed:
        """Begin to write the paper of a run that was kept."""
        deed = self._begun(f"Paper of deed {of.number}")
        kept = of.folder
        if kept is None:
            deed.state, deed.said = "failed", "it needs a run that is kept: run in full first"
            return deed
        deed.what = f"Paper of {self.shown_path(kept)}"

        def write(_stop: Stop) -> None:
            deed.said = "is being written"
            folder = face.open_comparison(kept).paper()
            names = ("paper.html", "paper.docx", "annex.html", "annex.docx", "tables.xlsx")
            deed.files = {name: folder / name for name in names if (folder / name).is_file()}
            deed.said = f"It is in {self.shown_path(folder)}."
            of.paper = True

        self._start(deed, write)
        return deed

    def shown_path(self, path: Path) -> str:
        """A path as it is typed in the folder of the page."""
        return Path(os.path.relpath(path, self.folder)).as_posix()

    def wait(self, seconds: float | None = None) -> None:
        """Until nothing runs any more, or at most so long for each."""
        for thread in self._threads:
            thread.join(seconds)

    def _begun(self, what: str) -> Deed:
        deed = Deed(len(self._all), what)
        self._all.append(deed)
        return deed

    def _start(self, deed: Deed, work: Callable[[Stop], None]) -> None:
        def do() -> None:
            with _told(deed):
                self._desk.ask("", 0, work)
                deed.state, deed.share = "done", 1.0

        thread = threading.Thread(target=do, name=f"rsip-{deed.number}", daemon=True)
        self._threads.append(thread)
        thread.start()


class _Told(Progress):
    """Says in a deed how far a run has come, and ends it when the page ends."""

    def __init__(self, deed: Deed, stop: Stop) -> None:
        self._deed, self._stop = deed, stop
        self._total = self._done = 0

    def begin(self, total: int, already: int) -> None:
        self._total, self._done = total + already, already
        self._say()

    def advance(self, replications: int) -> None:
        if self._stop():
            raise Outdated
        self._done += replications
        self._say()

    def end(self) -> None:
        self._deed.said = "simulated; tables and charts are being written"

    def _say(self) -> None:
        self._deed.share = self._done / max(self._total, 1)
        self._deed.said = f"{self._done:,} of {self._total:,} futures are simulated"


def told_error(error: Exception) -> str:
    """What went wrong, in a sentence or a line a fault; a fault of the programme is called so."""
    if isinstance(error, Outdated):
        return "stopped before it was done; the same again carries on from there"
    if isinstance(error, BusyError):
        return "too much is waiting already; try again when it is done"
    if isinstance(error, (*face.WRONG_INPUT, face.BlocksFailed, ComparisonError)):
        return str(error)
    if isinstance(error, OSError) and error.filename is not None:
        return told_of_disk(error)
    if os.environ.get("RSIP_DEBUG"):
        traceback.print_exception(error)
    kind = f"{type(error).__name__}: {error}".splitlines()[0]
    return (
        f"a fault of the programme, not of your files: {kind}. Please report it, with what "
        "rsip page prints when RSIP_DEBUG=1 is set"
    )


@contextlib.contextmanager
def _told(deed: Deed) -> Iterator[None]:
    """Whatever goes wrong inside is said in the deed, and ends there."""
    try:
        yield
    except Exception as error:
        deed.state, deed.said = "failed", told_error(error)
