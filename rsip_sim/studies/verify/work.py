"""Verifies a finished run: is the folder as it was kept, and does the model still say the same?

Five things are asked: are the files those of the manifest, does the record fit the scenarios, is
what it was made with what is here, does a sample of blocks come out the same to the bit, and do
the tables follow from the data. Studies and papers are checked by their own manifests.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.record import changed_files
from rsip_sim.studies.kernel.keeping import read_study
from rsip_sim.studies.verify.blocks import check_blocks, sampled, stored_blocks
from rsip_sim.studies.verify.checks import Check, check_files, check_strangers, files_by_owner
from rsip_sim.studies.verify.kept_study import check_kept_inside, check_study
from rsip_sim.studies.verify.record import (
    Kept,
    check_made_with,
    check_record,
    read_kept,
    same_version,
)
from rsip_sim.studies.verify.tables import check_tables


@dataclass(frozen=True)
class Again:
    """Which blocks of a run were simulated again.

    number  how many;  of: all there are, 0 where none can be simulated
    doubt   whether the tables are not to the last digit what the data give, with every file as
            recorded, so that only the blocks tell
    """

    number: int
    of: int
    doubt: bool


@dataclass(frozen=True)
class Verification:
    """All checks of one folder, in the order in which they are shown.

    again  the blocks simulated again; None for a study or paper, which has none
    """

    folder: Path
    checks: tuple[Check, ...]
    again: Again | None = None

    @property
    def passed(self) -> bool:
        """Whether nothing differs, and nothing was left that could not be checked."""
        return not self.failed

    @property
    def failed(self) -> int:
        """How many checks found a difference, or could not be made."""
        return sum(check.verdict not in ("equal", "note") for check in self.checks)

    def check(self, name: str) -> Check:
        """One of the checks by its name."""
        return next(check for check in self.checks if check.name == name)


def verify(
    folder: Path,
    number: int | None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Verify a finished run or comparison, or a study or paper made from one.

    number  blocks to simulate again; None: all of them
    Raises StoreError where the folder holds nothing finished.
    """
    study = read_study(folder)
    if study is not None:
        checks = check_study(folder, study, files_by_owner(folder)[folder])
        return Verification(folder, checks)
    return _verify_run(read_kept(folder), number, workers, progress)


def _verify_run(
    kept: Kept, number: int | None, workers: int | None, progress: Progress | None
) -> Verification:
    folder, files, owned = kept.folder, kept.manifest["files"], files_by_owner(kept.folder)
    changed = changed_files(folder, files)
    made_with, decisive = check_made_with(kept)
    tables, blocks = (
        Check(name, "unknown", "What they would be checked against cannot be read.", kept.faults)
        for name in ("tables", "blocks")
    )
    doubt, again = False, Again(0, 0, False)
    if kept.results and kept.scenarios:
        same = same_version(kept.manifest["made_with"])
        tables, other = check_tables(
            folder, files, kept.results, kept.scenarios, same, not decisive
        )
        doubt = other and not changed
    if kept.design:
        found = stored_blocks(folder, kept.design, kept.manifest["block"])
        suspects = [
            block
            for block in found
            if any(f"data/{block.case}/{name}" in changed for name in block.files)
        ]
        number = None if doubt and number else number
        chosen = sampled(found, kept.manifest["digest"], number, suspects)
        again = Again(len(chosen), len(found), doubt)
        blocks = check_blocks(chosen, len(found), decisive, workers, progress)
    inside = (
        check_kept_inside(folder, kept.manifest, each, owned[each])
        for each in sorted(set(owned) - {folder})
    )
    checks = (
        check_files(files, changed, kept.expected_files()),
        check_strangers(files, owned[folder]),
        check_record(kept),
        made_with,
        blocks,
        tables,
        *inside,
    )
    return Verification(folder, checks, again)
