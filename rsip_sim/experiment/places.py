"""Places of results: a folder of this machine, or an address such as ``s3://bucket/run``.

An address is worked on in a scratch folder of this process, which messages call by the address.
`here` fetches what the address holds, as far as that is not done; what `files` writes and removes
is written and removed at the address too, at once and in the same order. So a run that is stopped,
however that happens, leaves at its address what it would have left in a folder. Credentials and
endpoints are the machine's own settings: they are written nowhere and not printed.
"""

from __future__ import annotations

import contextlib
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from rsip_sim.evidence.faults import name_of, printable
from rsip_sim.experiment.errors import ELSEWHERE, HALF, AddressError, StoreError

_ADDRESS = re.compile(r"([A-Za-z][\w+.-]+(?:::[\w+.-]+)*):/(/?)(.*)", re.DOTALL)
"""Also as a Path has it, with one slash. A single letter is a drive of Windows."""

_USERINFO = re.compile(r"^[^/]*@")
_OF_THIS_MACHINE = ("file", "local")
_WHOLE = {"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "oci", "oss", "memory"}
"""Kinds of store in which an object appears whole; elsewhere it is written aside and moved."""

_MOST_ABOVE = 3  # folders above that of a study in which its comparison is looked for
_MANIFEST = "manifest.json"
_State = tuple[int, int, int] | None
_Either = TypeVar("_Either", Path, PurePosixPath)

if TYPE_CHECKING:
    import tempfile

    _Path = Path
else:
    _Path = type(Path())  # before Python 3.12 no other can be built upon


class Address(_Path):
    """The name of a place elsewhere. Nothing can be opened under it: see `here`."""

    def __str__(self) -> str:
        """With both its slashes."""
        return re.sub(r":/(?!/)", "://", super().__str__().replace("\\", "/"), count=1)


_GIVEN: dict[str, str] = {}
"""With user and password, by the address as it is told: what was given with either."""


def place(named: str | Path) -> Path:
    """A place as a planner names it: an address without user and password, or a path.

    A ~ at the beginning of a path is read as the home folder, as not every shell does.
    """
    found = _ADDRESS.fullmatch(str(named).replace("\\", "/"))
    if found is None:
        try:
            return Path(named).expanduser()
        except RuntimeError:  # nobody here has that name
            return Path(named)
    scheme, both, rest = found.groups()
    if scheme.lower() in _OF_THIS_MACHINE:
        return Path(rest if both else f"/{rest}")
    address = Address(f"{scheme}://{_USERINFO.sub('', rest)}")
    if _USERINFO.match(rest):
        _GIVEN[str(address)] = f"{scheme}://{rest}"
    return address


def own(named: str | Path) -> Path:
    """The path of this machine under which a single file, or a planner's folder, is written.

    Raises StoreError for an address, and as `refuse_unwritable` does.
    """
    path = place(named)
    if isinstance(path, Address):
        raise StoreError(f"{path} is an address; name a file or folder of this machine")
    refuse_unwritable(path)
    return path


def refuse_unwritable(path: Path) -> None:
    """StoreError for a path under which not every library would write the same file.

    A ~ that no shell has read is the home folder for some and not for others, and bytes that are
    no UTF-8 are a name for some and an error for others.
    """
    if path.parts[:1] and path.parts[0].startswith("~"):
        raise StoreError(
            f"{path} begins with ~, which was not read as the home folder; write the path out"
        )
    half = next((each for each in str(path) if unicodedata.category(each) == "Cs"), "")
    if half:
        raise StoreError(f"the name {printable(str(path))} holds {name_of(half)}; name another")


def here(named: str | Path, only: str = "*") -> Path:
    """The folder of this machine that stands for a place: itself, or a scratch folder.

    only  pattern of the names of the files that are needed
    Raises AddressError where an address does not answer, or what it needs is not installed.
    """
    where = place(named)
    if not isinstance(where, Address):
        return where
    address = str(where)
    mirror = next((each for each in _OPEN if each.holds(address)), None) or _opened(address)
    name = address[len(mirror.address) :].strip("/")
    mirror.fetch(name if only != "*" else "", only)
    return mirror.folder / name


def told(folder: Path) -> Path:
    """A folder as its user knows it: a scratch folder by its address."""
    mirror = _mirror_of(folder)
    return Address(mirror.named(mirror.name_of(folder))) if mirror else folder


def changed(*paths: Path) -> None:
    """Bring to its address what was written into a scratch folder, or removed from it.

    The first file is there before the others.
    """
    mirror = _mirror_of(paths[0]) if paths else None
    if mirror is not None:
        mirror.send([mirror.name_of(path) for path in paths])


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the address of a scratch folder, and have there what it holds by then.

    Raises StoreError where another run holds it. Does nothing for any other folder.
    """
    mirror = _mirror_of(folder)
    if mirror is None:
        yield
        return
    from rsip_sim.experiment.marks import marked

    name = mirror.name_of(folder)
    with contextlib.ExitStack() as stack:
        with mirror.answering(name):
            if not mirror.whole:
                mirror.files.makedirs(mirror.at(name), exist_ok=True)
            stack.enter_context(marked(mirror.files, mirror.at(name), mirror.named(name)))
        mirror.fetch(name, sweep=True)
        try:
            yield
        finally:
            mirror.settle(name)


@dataclass(frozen=True)
class _Mirror:
    """A scratch folder that stands for an address. Names are paths inside either, with /.

    files, root  the file system, and the path of the address in it
    known        files that are alike in both: by what they are known there, and here
    """

    address: str
    files: Any
    root: str
    scratch: tempfile.TemporaryDirectory[str]
    known: dict[str, tuple[str, _State]] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return Path(self.scratch.name) / "run"  # which is not there before anything is in it

    @property
    def whole(self) -> bool:
        kinds = self.files.protocol
        return not _WHOLE.isdisjoint([kinds] if isinstance(kinds, str) else kinds)

    def holds(self, address: str) -> bool:
        return f"{address}/".startswith(f"{self.address}/")

    def name_of(self, path: Path) -> str:
        return "" if path == self.folder else path.relative_to(self.folder).as_posix()

    def named(self, name: str) -> str:
        return f"{self.address}/{name}".rstrip("/")

    def at(self, name: str) -> str:
        return f"{self.root}/{name}".rstrip("/")

    @contextlib.contextmanager
    def answering(self, name: str) -> Iterator[None]:
        """Whatever goes wrong at the address is told in a sentence."""
        try:
            yield
        except StoreError:
            raise
        except Exception as error:  # of which kind depends on the library of the store
            raise AddressError(
                f"{self.named(name)} cannot be used: {_first_line(error)}. Check the address, the "
                "network and what this machine is allowed there"
            ) from error

    def there(self, name: str, sweep: bool = False) -> dict[str, str]:
        """What is at the address below a name, and by what each file is known there."""
        found = {}
        with self.answering(name):
            self.files.invalidate_cache()
            for path, facts in self.files.find(self.at(name), detail=True).items():
                each = path.lstrip("/").removeprefix(self.root.lstrip("/"))
                if not each and facts.get("type") != "directory":
                    raise StoreError(f"{self.address} is a file, not a folder; name another")
                last = each.rpartition("/")[2]
                if {"..", ""} & {*re.split(r"[/\\]", each[1:])}:
                    continue  # a folder, or what is none of ours: no file here could have the name
                if sweep and HALF.fullmatch(last):
                    self.files.rm_file(path)
                elif not _passing(last):
                    found[each[1:]] = str(facts.get("ETag") or sorted(facts.items(), key=str))
        return found

    def fetch(self, name: str, only: str = "*", sweep: bool = False) -> None:
        """Make the scratch folder, below a name, as the address is.

        sweep  whether to remove what is half-written there, as only its holder may
        """
        there = self.there(name, sweep)
        for path in self._here(name, only):
            each = self.name_of(path)
            if self.known.get(each) != (there.get(each), _state(path)):
                path.unlink()
        wanted = [each for each in there
                  if fnmatch(each, only) and not (self.folder / each).is_file()]  # fmt: skip
        aside = [_aside(self.folder / each) for each in wanted]
        for path in aside:
            path.parent.mkdir(parents=True, exist_ok=True)
        with self.answering(name):
            self.files.get([self.at(each) for each in wanted], [str(path) for path in aside])
        for each, path in zip(wanted, aside, strict=True):
            os.replace(path, self.folder / each)
            self.known[each] = there[each], _state(self.folder / each)

    def _here(self, name: str, only: str = "*") -> list[Path]:
        found = (self.folder / name).rglob(only)
        return [path for path in found if path.is_file() and not _passing(path.name)]

    def send(self, names: Iterable[str]) -> None:
        """Send files that are not known to be the same there: the first, then the others.

        Those that are not here any longer are removed there.
        """
        states = {each: _state(self.folder / each) for each in names}
        for each in [each for each, state in states.items() if state is None]:
            if self.known.pop(each, None) is not None:
                with self.answering(each), contextlib.suppress(FileNotFoundError):
                    self.files.rm_file(self.at(each))
        new = [each for each, state in states.items()
               if state is not None and self.known.get(each, ("", None))[1] != state]  # fmt: skip
        for some in filter(None, (new[:1], new[1:])):
            to = [self.at(each) for each in some]
            aside = to if self.whole else [str(_aside(PurePosixPath(each))) for each in to]
            with self.answering(some[0]):
                self.files.put([str(self.folder / each) for each in some], aside)
                for path, final in zip(aside, to, strict=True):
                    if path != final:
                        self.files.mv(path, final)
            self.known.update({each: ("", states[each]) for each in some})

    def settle(self, name: str) -> None:
        """Send what is left to send, a manifest last, and note by what it is known there."""
        left = sorted(self._here(name))
        self.send([self.name_of(each) for each in left if each.name != _MANIFEST])
        self.send([self.name_of(each) for each in left if each.name == _MANIFEST])
        for each, mark in self.there(name).items():
            if each in self.known:
                self.known[each] = mark, self.known[each][1]


_OPEN: list[_Mirror] = []


def _mirror_of(path: Path) -> _Mirror | None:
    return next((each for each in _OPEN if path.is_relative_to(each.folder)), None)


def _opened(address: str) -> _Mirror:
    """The mirror of an address, or of the run or comparison around it."""
    import tempfile

    try:
        from fsspec.core import url_to_fs

        files, root = url_to_fs(_GIVEN.get(address, address))
    except Exception as error:  # no such store is known, or its library is missing
        raise AddressError(
            f"{address} cannot be opened: {_first_line(error)}. What s3:// needs comes with "
            "pip install 'rsip-sim[cloud]', other stores with the library that fsspec names"
        ) from error
    scratch = tempfile.TemporaryDirectory(prefix="rsip-")
    mirror = _around(_Mirror(address, files, root.rstrip("/"), scratch))
    ELSEWHERE[str(mirror.folder)] = mirror.address
    _OPEN.append(mirror)
    return mirror


def _around(mirror: _Mirror) -> _Mirror:
    """That of the run or comparison in which an address lies, or else the same."""
    address, root = mirror.address, mirror.root
    with contextlib.suppress(Exception):  # who may not look there does without
        for _ in range(_MOST_ABOVE):
            address, root = address.rpartition("/")[0], root.rpartition("/")[0]
            if not root.strip("/"):
                break
            if mirror.files.exists(f"{root}/{_MANIFEST}"):
                return replace(mirror, address=address, root=root)
    return mirror


def _passing(name: str) -> bool:
    """Whether a file is there only while something is written."""
    return name.startswith(".lock") or HALF.fullmatch(name) is not None


def _aside(path: _Either) -> _Either:
    return path.with_name(f".{path.name}.{os.getpid()}.tmp")


def _state(path: Path) -> _State:
    """By which a file that was written anew is noticed, however soon; None: there is none."""
    with contextlib.suppress(FileNotFoundError):
        state = path.stat()
        return state.st_mtime_ns, state.st_size, state.st_ino
    return None


def _first_line(error: Exception) -> str:
    """Of what an error says, without addresses, which may be those of endpoints."""
    words = (str(error).splitlines() or [""])[0] or type(error).__name__
    return re.sub(r"\S*://\S*", "…", words).rstrip(". ")
