"""The folder of one run: what it may hold, what is done already, and its manifest.

run.json                                    what is run here: the identity, written first
scenarios/<scenario>.resolved.yaml          each scenario in full
data/<case>/<first replication>.parquet     monthly panel of one block
data/<case>/<first replication>.schools.parquet
data/<case>/<first replication>.sha256      their digests: the block is stored whole
manifest.json                               written last: the run is complete
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rsip_sim.evidence.rosters import shipped_rosters
from rsip_sim.experiment import record
from rsip_sim.experiment.design import Block, Case, Design, blocks
from rsip_sim.experiment.errors import HALF, BlockFailure, StoreError, told_of_disk
from rsip_sim.experiment.files import remove, sweep, write_bytes, write_text
from rsip_sim.experiment.lock import LOCK, folder_lock
from rsip_sim.experiment.places import refuse_unwritable
from rsip_sim.experiment.worker import BLOCK
from rsip_sim.scenario import resolved_yaml
from rsip_sim.version import EDITION

RUN = "run.json"
MANIFEST = "manifest.json"
FAILURES = "failures.log"
ERRORS = "error.log"  # written by the command line
OLDER = ".manifest.older.json"  # what was there before, while a study is written over it
LITTER = {
    LOCK,
    ERRORS,
    OLDER,
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
}  # what does not make a folder foreign


@dataclass(frozen=True)
class Store:
    """A folder held for one run. Made by `open_store`."""

    folder: Path
    design: Design
    identity: Mapping[str, Any]
    block: int
    digests: dict[str, str]  # sha256 of data files known to be whole, by path inside the folder

    def blocks(self) -> tuple[Block, ...]:
        """The blocks of every case."""
        return blocks(self.design.replications, self.block)

    def case_folder(self, case: Case) -> Path:
        """Where the blocks of a case are."""
        return self.folder / "data" / case.folder

    def missing(self) -> list[tuple[Case, Block]]:
        """What is still to be simulated, damaged blocks too, every stored one being checked.

        Raises StoreError if the folder holds more than is asked for.
        """
        missing = []
        for case in self.design.distinct():
            stored, digests = _stored(self.case_folder(case), self.design)
            inside = self.case_folder(case).relative_to(self.folder).as_posix()
            self.digests.update({f"{inside}/{name}": value for name, value in digests.items()})
            most = max(stored.values(), default=0)
            if most > self.design.replications:
                raise StoreError(
                    f"{self.folder} holds replications up to number {most:,} already, and "
                    f"{self.design.replications:,} are asked for: ask for {most:,} or more, "
                    "or name another folder with --out"
                )
            missing += [(case, b) for b in self.blocks() if stored.get(b.first, 0) < b.stop]
        return missing

    def check_libraries(self) -> None:
        """StoreError if the blocks stored were made with other versions of the libraries."""
        before = read_sealed(self.folder / RUN)["libraries"]
        now = record.libraries()
        changed = [
            f"{name} {before[name]} → {now[name]}" for name in now if before[name] != now[name]
        ]
        if changed:
            raise StoreError(
                f"{self.folder} was begun with other versions of libraries ({', '.join(changed)}), "
                "and its replications might not match new ones; name another folder with --out"
            )

    def begin(self) -> None:
        """Say that the run is not complete (any longer), and what it is.

        Raises StoreError, before anything is written, if the roster is not what was read.
        """
        roster = self._roster_bytes()
        unfinish(self.folder)
        for name in (FAILURES, ERRORS):
            remove(self.folder / name)
        sweep(self.folder)
        for case in self.design.distinct():  # what is not known to be whole is not built upon
            for path in self.case_folder(case).glob("[0-9]" * 7 + ".*"):
                if path.relative_to(self.folder).as_posix() not in self.digests:
                    remove(path)
        if not (self.folder / RUN).exists():
            libraries = record.libraries()
            _write_json(
                self.folder / RUN, {**self.identity, "block": self.block, "libraries": libraries}
            )
        for scenario in self.design.scenarios:
            text = resolved_yaml(record.resolved(scenario, self.design))
            write_text(self.folder / "scenarios" / f"{scenario.name}.resolved.yaml", text)
        for kept in self._roster():
            write_bytes(kept, roster)
        for case in self.design.distinct():
            self.case_folder(case).mkdir(parents=True, exist_ok=True)

    def write_failures(self, failures: Sequence[BlockFailure]) -> None:
        """Keep the tracebacks of failed blocks for whoever mends them."""
        text = "\n".join(f"{failure}\n{failure.trace}" for failure in failures)
        write_text(self.folder / FAILURES, text)

    def finish(self, notes: Mapping[str, int], more: Iterable[Path]) -> None:
        """Write the manifest, and with it declare the run complete.

        more  files made from the data, inside the folder
        """
        paths = [self.folder / RUN, *self._resolved(), *self._roster(), *self._data(), *more]
        names = sorted(path.relative_to(self.folder).as_posix() for path in set(paths))
        manifest = {
            "edition": EDITION,
            "digest": self.identity["digest"],
            "seed": self.design.seed,
            "replications": self.design.replications,
            "block": self.block,
            "scenarios": {s.name: s.title for s in self.design.scenarios},
            "inputs": {
                key: self.identity[key] for key in ("roster", "model", "evidence", "scenarios")
            },
            "made_with": record.environment(),
            "notes": dict(sorted(notes.items())),
            "files": {
                name: self.digests.get(name) or record.file_digest(self.folder / name)
                for name in names
            },
        }
        _write_json(self.folder / MANIFEST, manifest)

    def _resolved(self) -> list[Path]:
        return [
            self.folder / "scenarios" / f"{s.name}.resolved.yaml" for s in self.design.scenarios
        ]

    def _roster(self) -> list[Path]:
        """Where a planner's own roster is kept beside the scenarios."""
        roster = self.design.roster
        own = roster.source not in shipped_rosters() and not record.is_made(roster)
        return [self.folder / "scenarios" / Path(roster.source).name] if own else []

    def _roster_bytes(self) -> bytes:
        if not self._roster():
            return b""
        source = Path(self.design.roster.source)
        content = source.read_bytes() if source.is_file() else b""
        if record.bytes_digest(content) != self.design.roster.digest:
            raise StoreError(f"{source} has changed since the scenarios were read; begin again")
        return content

    def _data(self) -> list[Path]:
        from rsip_sim.experiment.tables import BLOCK_FILES

        return [
            self.case_folder(case) / name(block.first)
            for case in self.design.distinct()
            for block in self.blocks()
            for name in BLOCK_FILES
        ]


@contextlib.contextmanager
def open_store(folder: Path, design: Design, block: int = BLOCK) -> Iterator[Store]:
    """Hold a folder for a run: a new or empty one, or one that holds part of the same run.

    The blocks of a run begun before keep their size. Raises StoreError if the folder holds
    anything else, and then leaves it as it was.
    """
    identity = record.identity(design)
    try:
        check_folder(folder, identity)
        folder.mkdir(parents=True, exist_ok=True)
        with folder_lock(folder):
            before = check_folder(folder, identity)
            yield Store(folder, design, identity, before.get("block", block), {})
    except OSError as error:
        raise StoreError(told_of_disk(error, folder)) from error


def check_folder(folder: Path, identity: Mapping[str, Any]) -> Mapping[str, Any]:
    """What run.json of the folder says ({} in a new one); StoreError if it is another run."""
    refuse_unwritable(folder)
    if not folder.exists():
        return {}
    if not folder.is_dir():
        raise StoreError(f"{folder} is a file, not a folder; name another with --out")
    if not (folder / RUN).exists():
        foreign = sorted(path.name for path in folder.iterdir() if not is_litter(path))
        if foreign:
            raise StoreError(
                f"{folder} holds files that are no run of rsip, such as {foreign[0]}; "
                "name a new or empty folder with --out"
            )
        return {}
    before = read_sealed(folder / RUN)
    changes = _changes(before, identity)
    if changes:
        raise StoreError(
            f"{folder} holds another run ({'; '.join(changes)}); nothing was changed there. "
            "Name another folder with --out, or remove this one first"
        )
    return before


def is_litter(path: Path) -> bool:
    """Whether a file or folder does not make the one around it foreign.

    Half-written files of our own do not, nor do folders that hold nothing else.
    """
    if path.is_dir() and not path.is_symlink():
        return all(map(is_litter, path.iterdir()))
    return path.name in LITTER or HALF.fullmatch(path.name) is not None


def unfinish(folder: Path, names: Iterable[str] = ()) -> None:
    """Remove the manifest: from now on the folder is not complete.

    names  of files that will be written there, by path inside the folder
    Raises OSError first, with the manifest still there, if one of them or of those that it names
    may not be replaced, such as one that Word holds open.
    """
    there = set(names)
    with contextlib.suppress(OSError, StoreError, KeyError, TypeError):
        there |= set(read_record(folder / MANIFEST)["files"])
    for path in (folder / name for name in sorted(there)):
        if path.is_file():
            path.open("r+b").close()
            os.replace(path, path)  # which is refused where only that is
    remove(folder / MANIFEST)


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """In which respects two identities differ, in words."""
    if before.get("digest") == now["digest"]:
        return []
    words = {
        "format": "its files are of another version of rsip",
        "seed": f"its seed is {before.get('seed')}, not {now['seed']}",
        "start": f"it starts in {before.get('start')}, not {now['start']}",
        "months": f"it has {before.get('months')} months, not {now['months']}",
        "roster": "its roster differs",
        "model": "the model's source has changed since",
        "evidence": "the parameter register or other evidence has changed since",
    }
    changes = [text for key, text in words.items() if before.get(key) != now[key]]
    old, new = before.get("scenarios", {}), now["scenarios"]
    if list(old) != list(new):
        changes.append(f"its scenarios are {', '.join(old)}, not {', '.join(new)}")
    else:
        changes += [
            f"the scenario {name} has changed since" for name in new if old[name] != new[name]
        ]
    return changes or ["it keeps its scenarios in other folders"]


def _stored(folder: Path, design: Design) -> tuple[dict[int, int], dict[str, str]]:
    """For each block stored whole, by its first replication: where it stops.

    Returns with it the sha256 of each of their files, by name; every file is read for it.
    """
    if not folder.is_dir() or not any(folder.glob("*.parquet")):
        return {}, {}
    from rsip_sim.experiment.tables import (
        digests_name,
        panel_name,
        schools_name,
        stored_digests,
        stored_rows,
    )

    stops: dict[int, int] = {}
    whole: dict[str, str] = {}
    for path in folder.glob("[0-9]" * 7 + ".sha256"):
        first = int(path.stem)
        digests = stored_digests(path)
        names = {panel_name(first), schools_name(first)}
        if set(digests) != names or record.changed_files(folder, digests):
            continue
        replications = stored_rows(folder / panel_name(first)) // design.months
        schools = stored_rows(folder / schools_name(first))
        if replications and schools == replications * len(design.roster):
            stops[first] = first + replications
            whole |= digests | {digests_name(first): record.file_digest(path)}
    return stops, whole


def read_record(path: Path) -> dict[str, Any]:
    """The content of run.json or manifest.json.

    StoreError if it is damaged, or was written by another edition of the model.
    """
    if path.exists() and not path.is_file():  # a link to a device would be read without end
        raise StoreError(f"{path} is no file; remove the folder or name another")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise StoreError(f"{path} is damaged; remove the folder or name another") from error
    if not isinstance(content, dict):
        raise StoreError(f"{path} is damaged; remove the folder or name another")
    ours = "digest" in content or "asked" in content  # of a run, or of a study
    edition = content.get("edition", 1)  # the first had no word for itself
    if ours and edition != EDITION:
        words = "the first edition" if edition == 1 else f"edition {edition}"
        raise StoreError(
            f"{path.parent} was made by {words} of the model, whose figures mean something else "
            "than those of the edition here, so the two are never mixed; compare the scenarios "
            "again with 'rsip compare' and another folder"
        )
    return content


def read_sealed(path: Path) -> dict[str, Any]:
    """A record to build on, as `read_record`; StoreError too where it was changed since."""
    content = read_record(path)
    if record.seal_is_broken(content):
        raise StoreError(
            f"{path} is damaged or was changed after it was written, so nothing of {path.parent} "
            "is used; 'rsip verify' says what is not as it was, and the command that filled the "
            "folder fills another one"
        )
    return content


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(record.sealed(content), indent=2, ensure_ascii=False)
    write_text(path, text + "\n")
