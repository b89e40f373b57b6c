"""Results of a run, read from its folder column by column when asked for, and its scenarios."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rsip_sim.evidence.faults import did_you_mean
from rsip_sim.evidence.months import month_text, parse_month
from rsip_sim.experiment import record
from rsip_sim.experiment.errors import InputError, StoreError
from rsip_sim.experiment.store import MANIFEST, RUN, read_record, read_sealed
from rsip_sim.model.panel import COLUMN_NAMES, SCHOOL_COLUMNS
from rsip_sim.scenario import Scenario, load_scenario

if TYPE_CHECKING:
    import pandas as pd


class Results:
    """The stored panels of one run; nothing is read before it is asked for.

    folder        where the run is kept
    scenarios     names, in the order of the run
    replications  simulated futures, the same in every scenario
    months        months simulated
    start         month number of the first
    seed          of the run
    """

    def __init__(
        self,
        folder: Path,
        identity: Mapping[str, Any],
        replications: int,
        block: int,
        digests: Mapping[str, str] | None = None,
        temporary: tempfile.TemporaryDirectory[str] | None = None,
    ) -> None:
        """Point at a complete run.

        digests    sha256 by path inside the folder: a file is checked when it is first read, and
                   StoreError raised where it is not what was stored; None: files are not checked
        temporary  keeps a temporary folder alive
        """
        self.folder = folder
        self.replications = replications
        self.months: int = identity["months"]
        self.start = parse_month(identity["start"])
        self.seed: int = identity["seed"]
        self.digest: str = identity["digest"]
        self.scenarios: tuple[str, ...] = tuple(identity["scenarios"])
        self._folders: dict[str, str] = {
            case["scenario"]: case["folder"] for case in identity["cases"]
        }
        self._firsts = range(0, replications, block)
        self._digests = digests
        self._checked: set[str] = set()
        self._temporary = temporary

    @classmethod
    def open(cls, folder: Path) -> Results:
        """The results of a complete run; StoreError if the folder holds none."""
        if not (folder / MANIFEST).is_file():
            raise StoreError(f"{folder} holds no complete run: {MANIFEST} is missing")
        manifest, run = read_sealed(folder / MANIFEST), read_sealed(folder / RUN)
        return cls(folder, run, manifest["replications"], manifest["block"], manifest["files"])

    def checked(self, name: str) -> Path:
        """A file of the run, by its path inside the folder, that is as it was stored.

        Of what is no data nothing is known before the manifest is written. Raises StoreError
        where a file is not as it was, naming the command that makes it again.
        """
        digests = self._digests or {}
        known = name in digests or (self._digests is not None and name.startswith("data/"))
        if known and name not in self._checked:
            changed = record.changed_files(self.folder, {name: digests.get(name, "")})
            if changed:
                raise StoreError(
                    f"{self.folder / name} {changed[name]}: it is not what was stored, so nothing "
                    f"was read from it. {self._made_again()}"
                )
            self._checked.add(name)
        return self.folder / name

    def _made_again(self) -> str:
        """The command that makes a damaged block again, and no other."""
        files = " ".join(f"{name}.yaml" for name in self.scenarios)
        command = "compare" if len(self.scenarios) > 1 else "run"
        return (
            f"The command that filled the folder makes it again: 'rsip {command} {files} "
            f"--replications {self.replications} --seed {self.seed} --out {self.folder}'"
        )

    def array(self, scenario: str, column: str) -> NDArray[Any]:
        """One panel column, shape (months, replications)."""
        return self.arrays(scenario, (column,))[column]

    def arrays(
        self, scenario: str, columns: Sequence[str] = COLUMN_NAMES
    ) -> dict[str, NDArray[Any]]:
        """Some panel columns, each of shape (months, replications)."""
        blocks = list(self.blocks(scenario, columns))
        return {name: np.concatenate([block[name] for block in blocks], axis=1) for name in columns}

    def blocks(
        self, scenario: str, columns: Sequence[str] = COLUMN_NAMES
    ) -> Iterator[dict[str, NDArray[Any]]]:
        """Some panel columns of each block in turn, each of shape (months, its replications)."""
        from rsip_sim.experiment.tables import panel_name

        for part in self._parts(scenario, columns, panel_name):
            rows = zip(columns, part, strict=True)
            yield {name: values.reshape(-1, self.months).T for name, values in rows}

    def panel(self, scenario: str, columns: Sequence[str] = COLUMN_NAMES) -> pd.DataFrame:
        """Some panel columns, one row a replication and month (text such as ``2011-04``)."""
        import pandas as pd

        from rsip_sim.experiment.tables import panel_name

        rows = self._rows(scenario, columns, panel_name)
        months = [month_text(self.start + month) for month in range(self.months)]
        keys = {
            "replication": np.repeat(np.arange(self.replications), self.months),
            "month": pd.Categorical.from_codes(
                np.tile(np.arange(self.months), self.replications), pd.Index(months), ordered=True
            ),
        }
        return pd.DataFrame({**keys, **rows})

    def schools(
        self, scenario: str, columns: Sequence[str] = tuple(SCHOOL_COLUMNS)
    ) -> pd.DataFrame:
        """Some columns of the table of schools, one row a replication and school."""
        import pandas as pd

        from rsip_sim.experiment.tables import schools_name

        names = ("replication", "urn", *columns)
        return pd.DataFrame(self._rows(scenario, names, schools_name))

    def notes(self) -> dict[str, int]:
        """The counts that the model kept, added up over the run."""
        from rsip_sim.experiment.tables import panel_name, stored_notes

        total: dict[str, int] = {}
        for folder in dict.fromkeys(self._folders.values()):
            for first in self._firsts:
                notes = stored_notes(self.checked(f"data/{folder}/{panel_name(first)}"))
                for name, count in notes.items():
                    total[name] = total.get(name, 0) + count
        return total

    def _rows(
        self, scenario: str, columns: Sequence[str], file_name: Callable[[int], str]
    ) -> dict[str, NDArray[Any]]:
        """Columns of all blocks of one case, one after the other."""
        parts = list(self._parts(scenario, columns, file_name))
        return {
            name: np.concatenate([part[index] for part in parts])
            for index, name in enumerate(columns)
        }

    def _parts(
        self, scenario: str, columns: Sequence[str], file_name: Callable[[int], str]
    ) -> Iterator[list[NDArray[Any]]]:
        """Columns of each block of one case in turn; InputError for one that is not known."""
        from rsip_sim.experiment.tables import KEYS

        known = (*COLUMN_NAMES, *KEYS, *SCHOOL_COLUMNS)
        for name in columns:
            if name not in known:
                meant = did_you_mean(name, known)
                raise InputError(f"no column of the results is named '{name}'{meant}")
        folder = self._folder(scenario)
        for first in self._firsts:
            yield self._readable(self.checked(f"{folder}/{file_name(first)}"), columns)

    def _readable(self, file: Path, columns: Sequence[str]) -> list[NDArray[Any]]:
        """The columns of a file; StoreError where they cannot be read, whatever its digest says."""
        from rsip_sim.experiment.tables import lacking, read_columns

        try:
            return read_columns(file, columns)
        except KeyError as error:
            raise StoreError(
                f"{file} has no column {lacking(file, columns)[0]}: another version of rsip wrote "
                "it, or another programme; compare the scenarios again in another folder"
            ) from error
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{file} cannot be read; 'rsip verify {self.folder}' names what is not as it was. "
                f"{self._made_again()}"
            ) from error

    def _folder(self, scenario: str) -> str:
        try:
            return f"data/{self._folders[scenario]}"
        except KeyError:
            ran = ", ".join(self._folders)
            raise KeyError(f"{scenario} was not run; these were: {ran}") from None


def open_results(folder: Path) -> Results:
    """The results of a finished run; StoreError says what the folder holds instead."""
    if not folder.is_dir():
        raise StoreError(f"{folder} is no folder; name one that 'rsip compare' filled with --out")
    if not (folder / RUN).is_file():
        raise StoreError(
            f"{folder} holds no run of rsip; 'rsip compare … --out DIR' fills a folder"
        )
    if not (folder / MANIFEST).is_file():
        raise StoreError(
            f"the run in {folder} is not finished; the command that began it carries on from there"
        )
    return Results.open(folder)


def stored_scenarios(results: Results) -> tuple[Scenario, ...]:
    """The scenarios of a run, read from the resolved files kept with it; baseline first.

    Raises ScenarioError where a file was changed into something that is no scenario, StoreError
    where it was changed into another one.
    """
    found = []
    for name in results.scenarios:
        file = f"scenarios/{name}.resolved.yaml"
        scenario = load_scenario(results.folder / file)
        results.checked(file)  # last: what is no scenario any more is told with its line
        found.append(replace(scenario, name=name))
    return tuple(found)


def refuse_other_model(results: Results) -> None:
    """StoreError unless a future simulated now would be the one that is stored.

    Analyses that simulate again mix their numbers with stored ones, so both must come from the
    same model, evidence and libraries.
    """
    before = read_record(results.folder / RUN)
    now = {
        "the model's source": (before["model"], record.source_digest()),
        "the parameter register or other evidence": (before["evidence"], record.evidence_digest()),
        "the versions of libraries": (before["libraries"], record.libraries()),
    }
    changed = [what for what, (old, new) in now.items() if old != new]
    if changed:
        raise StoreError(
            f"{results.folder} was simulated before {' and '.join(changed)} changed; "
            "compare the scenarios again in a new folder first"
        )
