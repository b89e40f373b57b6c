"""A verification told: the verdict, a row for each check, and what they establish and what not."""

from __future__ import annotations

from collections.abc import Iterator

from rsip_sim.experiment.errors import named
from rsip_sim.report.blocks import (
    Block,
    Column,
    Heading,
    Paragraph,
    Part,
    Points,
    Report,
    Row,
    Table,
)
from rsip_sim.report.words import counted, listed
from rsip_sim.studies.verify.checks import Check
from rsip_sim.studies.verify.work import Verification

VERDICTS = {"equal": "as kept", "differs": "DIFFERS", "unknown": "not known", "note": "note"}
_COLUMNS = (
    Column("Checked", 20, words=True, hang=1), Column("verdict", 11, words=True),
    Column("what was found", 65, words=True, hang=0),
)  # fmt: skip
_DETAILS = (Column("checked", 20, words=True, once=True), Column("detail", 76, words=True, hang=2))
_MOST_INSIDE = 4
_OF_THE_RUN = {"files", "record", "tables"}  # checks of the run itself, besides its blocks
_SAYS = (
    "'As kept' says: the folder is whole and as it was when its manifest was written, its record "
    "fits the scenarios kept in it, and the model here gives the same numbers in the blocks "
    "simulated again. These are picked by the digest of the run, the same for everybody, with some "
    "of those whose files differ; --blocks N takes more, --all takes every one.",
    "It does not say that the model is right, that its assumptions hold, or that the scenarios are "
    "what a council would decide; nor who made the folder, since whoever runs the model again can "
    "write a manifest of his own.",
)
_STUDY_SAYS = (
    "'As kept' says: the files are those that were kept, and what was asked is as recorded. No "
    "number was worked out again: that is done by verifying the comparison, or by the command that "
    "made the study.",
)


def verify_report(done: Verification) -> Report:
    """The verdict, a row a check, and how much was checked."""
    first: list[Block] = [Paragraph(_answer(done), apart=True), _checks(done)]
    first += [Heading("How sure"), Points(tuple(_sure(done)), plain=True)]
    parts = [Part("method", "What this says, and what not", (Points(_method(done)),))]
    details = tuple((check.name, each) for check in done.checks for each in check.details)
    if details:
        table = Table("details", "What was found, in full", "One row a detail of a check.",
                      _DETAILS, details, quiet=True)  # fmt: skip
        parts.insert(0, Part("details", "What was found, in full", (table,)))
    title = "Is the folder as it was kept?"
    return Report(title, tuple(first), named(str(done.folder)), parts=tuple(parts))


def _method(done: Verification) -> tuple[str, ...]:
    return _STUDY_SAYS if done.again is None else _SAYS


def _answer(done: Verification) -> str:
    """The verdict and what it points to."""
    wrong = [check.name for check in done.checks if check.verdict == "differs"]
    unknown = [check.name for check in done.checks if check.verdict == "unknown"]
    if done.passed:
        return "Nothing differs."
    said = []
    if wrong:
        said.append(f"Something differs: {listed(wrong)}.")
    if _OF_THE_RUN & set(wrong):
        said.append("The folder is not as it was when its manifest was written.")
    elif wrong and "blocks" not in wrong and not unknown:
        said.append("The run itself is as it was; what differs is kept beside it.")
    if "blocks" in wrong and done.decisive:
        said.append("The model here is another, so other numbers are to be expected.")
    elif "blocks" in wrong and not _OF_THE_RUN & set(wrong):
        said.append(
            "Either data and manifest were changed together, or this machine calculates "
            "differently."
        )
    if unknown:
        said.append(f"Could not be checked: {listed(unknown)}.")
    return " ".join(said)


def _checks(done: Verification) -> Table:
    """A row a check; of what is kept inside only what is not as it was, with a count of all."""
    inside = [check for check in done.checks if check.inside]
    shown = [check for check in inside if check.verdict != "equal"][:_MOST_INSIDE]
    rows = [row for check in done.checks if not check.inside for row in _rows(check)]
    if inside:
        equal = sum(check.verdict == "equal" for check in inside)
        number = counted(len(inside), "study or paper", "studies and papers")
        verdict = "equal" if equal == len(inside) else "note"
        found = f"{number}, {'each' if equal == len(inside) else equal} as kept here."
        rows.append(("kept inside", VERDICTS[verdict], found))
    rows += [row for check in shown for row in _rows(check)]
    return Table(
        "checks", "What was checked, and what was found",
        "One row a check: its name, the verdict, and what was found.",
        _COLUMNS, tuple(rows), quiet=True, apart=True,
    )  # fmt: skip


def _rows(check: Check) -> Iterator[Row]:
    yield (check.name, VERDICTS[check.verdict], check.sentence)
    if check.verdict in ("differs", "unknown") and check.details:
        more = f" (and {len(check.details) - 1:,} more)" if len(check.details) > 1 else ""
        yield ("", "", f"{check.details[0]}{more}")


def _sure(done: Verification) -> Iterator[str]:
    again = done.again
    if again is None:
        yield "No number was worked out again; that is done by verifying the comparison."
        return
    if again.number < again.of:
        yield "Blocks not simulated again are known by their sha256 alone; --all simulates all."
    if not again.of:
        yield "No block could be simulated again."
    if again.doubt:
        yield (
            "The tables are not to the last digit what the data give, although all files are as "
            "recorded: whether that is rounding or a change, only the blocks tell."
        )
    yield "It does not say that the model is right, nor who made the folder."
