"""A verification told: the verdict, a row for each check, and what they do not establish."""

from __future__ import annotations

from collections.abc import Iterator

from rsip_sim.experiment.errors import named
from rsip_sim.report.blocks import Column, Heading, Paragraph, Part, Points, Report, Row, Table
from rsip_sim.report.words import counted, listed
from rsip_sim.studies.verify.checks import Check
from rsip_sim.studies.verify.work import Verification

VERDICTS = {"equal": "as kept", "differs": "DIFFERS", "unknown": "not known", "note": "note"}
_COLUMNS = (
    Column("Checked", 20, words=True, hang=1),
    Column("verdict", 11, words=True),
    Column("what was found", 65, words=True, hang=0),
)
_DETAILS = (Column("checked", 20, words=True, once=True), Column("detail", 76, words=True, hang=2))
_MOST_INSIDE = 4
_OF_THE_RUN = {"files", "record", "tables"}  # checks of the run itself, besides its blocks


def verify_report(done: Verification) -> Report:
    """The verdict, a row a check, and how much was checked."""
    first = (
        Paragraph(_answer(done), apart=True),
        _checks(done),
        Heading("How sure"),
        Points(tuple(_sure(done)), plain=True),
    )
    parts = []
    details = tuple((check.name, each) for check in done.checks for each in check.details)
    if details:
        title = "What was found, in full"
        described = "One row a detail of a check."
        table = Table("details", title, described, _DETAILS, details, quiet=True)
        parts.append(Part("details", title, (table,)))
    title = "Is the folder as it was kept?"
    return Report(title, first, named(str(done.folder)), parts=tuple(parts))


def _answer(done: Verification) -> str:
    """The verdict and what it points to."""
    wrong = [check.name for check in done.checks if check.verdict == "differs"]
    unknown = [check.name for check in done.checks if check.verdict == "unknown"]
    said = []
    if wrong:
        said.append(f"Something differs: {listed(wrong)}.")
    if _OF_THE_RUN & set(wrong):
        said.append("The folder is not as it was when its manifest was written.")
    if unknown:
        said.append(f"Could not be checked: {listed(unknown)}.")
    return " ".join(said) or "Nothing differs."


def _checks(done: Verification) -> Table:
    """A row a check; of what is kept inside only what is not as it was, with a count of all."""
    inside = [check for check in done.checks if check.inside]
    unlike = [check for check in inside if check.verdict != "equal"]
    rows = [row for check in done.checks if not check.inside for row in _rows(check)]
    if inside:
        number = counted(len(inside), "study or paper", "studies and papers")
        found = f"{number}, {len(inside) - len(unlike)} as kept here."
        rows.append(("kept inside", VERDICTS["note" if unlike else "equal"], found))
    rows += [row for check in unlike[:_MOST_INSIDE] for row in _rows(check)]
    return Table(
        "checks",
        "What was checked, and what was found",
        "One row a check: its name, the verdict, and what was found.",
        _COLUMNS,
        tuple(rows),
        quiet=True,
        apart=True,
    )


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
    yield "Charts are known by their sha256 alone."
    yield "It does not say that the model is right, nor who made the folder."
