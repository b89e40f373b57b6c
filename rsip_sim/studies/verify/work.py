"""Verifies a finished run: is the folder as it was kept, and does the model still say the same?

Five things are asked: are the files those of the manifest, does the record fit the scenarios, is
what it was made with what is here, does a sample of blocks come out the same to the bit, and do
the tables follow from the data. Studies and papers are checked by their own manifests.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.record import changed_files
from rsip_sim.report.text import WIDTH
from rsip_sim.report.words import named
from rsip_sim.studies.kernel.manifests import read_study
from rsip_sim.studies.verify.blocks import StoredBlock, check_blocks, sampled, stored_blocks
from rsip_sim.studies.verify.files import STRANGERS, check_files, check_strangers, files_by_owner
from rsip_sim.studies.verify.record import (
    Kept,
    check_made_with,
    check_record,
    read_kept,
    same_version,
)
from rsip_sim.studies.verify.study import check_kept_inside, check_study
from rsip_sim.studies.verify.tables import check_tables
from rsip_sim.studies.verify.verification import Check

BLOCKS = 2
"""Blocks simulated again unless more are asked for."""

_VERDICTS = {"equal": "equal", "differs": "DIFFERS", "unknown": "not known", "note": "note"}
_VERDICT, _MOST_DETAILS = 11, 12
_ESTABLISHES = (
    "That all is equal says: the folder is whole and as it was when its manifest was written, its "
    "record fits the scenarios kept in it, and the model here gives the same numbers in the "
    "blocks simulated again.",
    "It does not say that the model is right, that its assumptions hold, or that the scenarios are "
    "what a council would decide; nor who made the folder, since whoever runs the model again can "
    "write a manifest of his own.",
)
_STUDY_ESTABLISHES = (
    "That all is equal says: the files are those that were kept, and what was asked is as "
    "recorded. No number was worked out again: that is done by verifying the comparison, or by "
    "the command that made the study.",
)
_DOUBT = (
    "The tables are not to the last digit what the data give, although all files are as recorded: "
    "whether that is rounding, as on another processor, or data or tables were changed, only the "
    "blocks tell."
)
_KEPT_AS_IT_WAS = {"files", "record", "tables"}  # checks of the run itself, besides its blocks


@dataclass(frozen=True)
class Verification:
    """All checks of one folder, in the order in which they are shown.

    decisive  what has changed since the run that may change the numbers, in words
    notes     what the checks establish and what they do not, a paragraph each
    """

    folder: Path
    checks: tuple[Check, ...]
    decisive: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing differs, and nothing was left that could not be checked."""
        return all(check.verdict in ("equal", "note") for check in self.checks)

    def check(self, name: str) -> Check:
        """One of the checks by its name."""
        return next(check for check in self.checks if check.name == name)

    def text(self) -> str:
        """The verdict in sentences, a line for each check, and what it establishes."""
        lines = [f"Verification of {self.folder}", "─" * WIDTH]
        lines += textwrap.wrap(" ".join(self._conclusion()), WIDTH)
        lines.append("")
        width = 2 + max(len(check.name) for check in self.checks)
        for check in self.checks:
            lines += _check_lines(check, width)
        lines += ["", *(line for text in self.notes for line in textwrap.wrap(text, WIDTH))]
        return "\n".join(lines) + "\n"

    def _conclusion(self) -> Iterator[str]:
        """The verdict and what it points to."""
        wrong = [check.name for check in self.checks if check.verdict == "differs"]
        unknown = [check.name for check in self.checks if check.verdict == "unknown"]
        if self.passed:
            equal = [check.name for check in self.checks if check.verdict == "equal"]
            shown = [name for name in equal if name != STRANGERS]
            yield f"Nothing differs. As they were kept, or the same again: {', '.join(shown)}."
            return
        if wrong:
            yield f"Something differs: {named(wrong)}."
        kept = bool(_KEPT_AS_IT_WAS & set(wrong))
        if kept:
            yield "The folder is not as it was when its manifest was written."
        elif wrong and "blocks" not in wrong and not unknown:
            yield "The run itself is as it was; what differs is kept beside it."
        if "blocks" in wrong:
            yield self._about_the_model(kept)
        if unknown:
            yield f"Could not be checked: {named(unknown)}."

    def _about_the_model(self, changed: bool) -> str:
        if self.decisive:
            return (
                f"The model here is not the one of the run ({'; '.join(self.decisive)}), so other "
                "numbers are to be expected; the version that made the run can verify it."
            )
        if changed:
            return "The blocks say which numbers no longer are those of the run."
        return (
            "The files are as recorded and the model is the same, yet the numbers are not: either "
            "data and manifest were changed together, or this machine calculates differently."
        )


def verify(
    folder: Path,
    number: int | None = BLOCKS,
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
        return Verification(folder, checks, (), _STUDY_ESTABLISHES)
    return _verify_run(read_kept(folder), number, workers, progress)


def _verify_run(
    kept: Kept, number: int | None, workers: int | None, progress: Progress | None
) -> Verification:
    folder, owned = kept.folder, files_by_owner(kept.folder)
    changed = changed_files(folder, kept.files)
    made_with, decisive = check_made_with(kept)
    tables, other = _not_readable("tables", kept), False
    if kept.results and kept.scenarios:
        same = same_version(kept.manifest["made_with"])
        tables, other = check_tables(folder, kept.files, kept.results, kept.scenarios, same)
    doubt = other and not changed
    chosen, of = _blocks(kept, None if doubt and number else number, set(changed))
    checks = [
        check_files(kept.files, changed, kept.expected_files()),
        check_strangers(kept.files, owned[folder]),
        check_record(kept),
        made_with,
        check_blocks(chosen, of, decisive, workers, progress)
        if kept.design
        else _not_readable("blocks", kept),
        tables,
    ]
    for inside in sorted(set(owned) - {folder}):
        digest = kept.manifest["digest"]
        checks.append(check_kept_inside(folder, inside, owned[inside], digest, kept.replications))
    notes = (*_ESTABLISHES, _sampling(len(chosen), of, doubt))
    return Verification(folder, tuple(checks), decisive, notes)


def _blocks(kept: Kept, number: int | None, changed: set[str]) -> tuple[list[StoredBlock], int]:
    """The blocks to simulate again, and how many there are."""
    if kept.design is None:
        return [], 0
    found = stored_blocks(kept.folder, kept.design, kept.manifest["block"])
    suspects = [
        block
        for block in found
        if any(f"data/{block.folder.name}/{name}" in changed for name in block.files)
    ]
    return sampled(found, kept.manifest["digest"], number, suspects), len(found)


def _sampling(number: int, of: int, doubt: bool) -> str:
    """Which blocks were simulated again, and why no others."""
    if not of:
        return "No block could be simulated again."
    if not number:
        words = "No block was simulated again; --blocks N or --all does so."
        return f"{words} {_DOUBT}" if doubt else words
    if number == of:
        words = "Every block of the run was simulated again."
        return f"{words} {_DOUBT}" if doubt else words
    return (
        "The blocks simulated again are those that the digest of the run picks, the same for "
        "everybody, and some of those whose files differ; --blocks N takes more, --all takes "
        "every one."
    )


def _not_readable(name: str, kept: Kept) -> Check:
    return Check(name, "unknown", "What they would be checked against cannot be read.", kept.faults)


def _check_lines(check: Check, width: int) -> list[str]:
    """A check in lines; its name stands in a column of this width."""
    head = f"{_VERDICTS[check.verdict]:<{_VERDICT}}{check.name:<{width}}"
    indent = " " * len(head)
    lines = textwrap.wrap(check.sentence, WIDTH, initial_indent=head, subsequent_indent=indent)
    for detail in check.details[:_MOST_DETAILS]:
        first, rest = f"{indent}- ", f"{indent}  "
        lines += textwrap.wrap(detail, WIDTH, initial_indent=first, subsequent_indent=rest)
    more = len(check.details) - _MOST_DETAILS
    return [*lines, f"{indent}and {more:,} more"] if more > 0 else lines
