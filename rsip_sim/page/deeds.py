"""What the page does beyond answering: files saved, and runs kept in full.

All of it is written under the folder in which the page was started, and none over what is there.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import subprocess
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rsip_sim import face
from rsip_sim.experiment.errors import told_of_disk
from rsip_sim.experiment.progress import Progress
from rsip_sim.measures.runs import ComparisonError
from rsip_sim.page.asked import Read
from rsip_sim.page.live import BusyError, Desk, Outdated, Stop
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.file_names import name_problem
from rsip_sim.scenario.reasons import WHY, reasons_kept
from rsip_sim.scenario.resolved import yaml_text
from rsip_sim.scenario.schema import OWN_FIELDS
from rsip_sim.scenario.shipped import is_shipped_name

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
    """

    number: int
    what: str
    state: Literal["running", "done", "failed"] = "running"
    said: str = "waits for its turn"
    share: float = 0.0
    folder: Path | None = None


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
        text = scenario_text(made, source, self.folder)
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
            place = Path(os.path.relpath(folder, self.folder)).as_posix()
            deed.said = f"It is kept in {place}: rsip paper {place} writes its paper."

        self._start(deed, run)
        return deed

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


def scenario_text(policy: Scenario, base: Scenario, folder: Path) -> str:
    """The policy as the text of a scenario file, with the reason of each lever.

    base    as it was read from its file: the policy extends it, and only what differs is written,
            unless it has no file there or more than the policy; then everything is
    folder  where the file is to stand, which a base that is a file must share. Schools of one's own
            must stand there too
    """
    values = dict(policy.resolved)
    own = {name: getattr(policy, name) for name in ("title", "short", "description")}
    parent = _parent(base, folder)
    if base.resolved["parameters"].keys() - values["parameters"]:
        parent = ""
    if parent:
        values = _differing(values, {**base.resolved, WHY: reasons_kept(base.resolved, values, {})})
        agreement = values.get("agreement", {})
        if agreement.get("length_months") == 0:  # of which a file says whether one may follow
            agreement["later_offers"] = policy.resolved["agreement"]["later_offers"]
        # its words need not be true of the policy
        own |= {name: "" for name in ("short", "description") if own[name] == getattr(base, name)}
    rest = {name: value for name, value in values.items() if name not in OWN_FIELDS}
    written = {**own, "extends": parent, "author": values.get("author"), **rest}
    return yaml_text({name: each for name, each in written.items() if each not in ("", None, {})})


def _parent(base: Scenario, folder: Path) -> str:
    """What a file in the folder writes after `extends:`; '' where it cannot extend the base."""
    if is_shipped_name(base.path):
        return str(base.path)
    if base.path.resolve().is_relative_to(folder.resolve()):
        return base.path.resolve().relative_to(folder.resolve()).as_posix()
    return ""


def _differing(values: Mapping[str, Any], inherited: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are not as inherited, in their order, sections field by field."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        before = inherited.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            value = _differing(value, before)
            before = {}
        if value != before:
            found[name] = value
    return found


def command_for(files: Sequence[str | Path], replications: int, seed: int) -> str:
    """The shell command that compares these files, the baseline first."""
    # what begins with a stroke would be read as an option
    named = [f".{os.sep}{each}" if str(each).startswith("-") else str(each) for each in files]
    words = ["rsip", "compare", *named, "--replications", str(replications), "--seed", str(seed)]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
