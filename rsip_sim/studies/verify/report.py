"""A verification told: the verdict, a row for each check, what they establish and what not."""

from __future__ import annotations

from collections.abc import Iterator

from rsip_sim.report.blocks import Column, Paragraph, Report, Row, Table
from rsip_sim.report.words import named
from rsip_sim.studies.verify.checks import STRANGERS, Check
from rsip_sim.studies.verify.work import Again, Verification

_VERDICTS = {"equal": "equal", "differs": "DIFFERS", "unknown": "not known", "note": "note"}
_VERDICT, _MOST_DETAILS, _WIDTH = 11, 12, 100
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


def verify_report(done: Verification) -> Report:
    """The verdict in sentences, a row for each check, and what it establishes."""
    notes = _STUDY_ESTABLISHES if done.again is None else (*_ESTABLISHES, _sampling(done.again))
    return Report(
        "Verification",
        (
            Paragraph(" ".join(_conclusion(done))),
            _checks(done),
            *(Paragraph(words, apart=place == 0) for place, words in enumerate(notes)),
        ),
        subtitle=str(done.folder),
    )


def _checks(done: Verification) -> Table:
    width = 2 + max(len(check.name) for check in done.checks)
    columns = (
        Column("verdict", _VERDICT, words=True, silent=True),
        Column("check", width, words=True, silent=True, once=True),
        Column("what was found", _WIDTH - _VERDICT - width, words=True, hang=0, silent=True),
    )
    return Table(
        "checks", "What was checked, and what was found",
        "One row a check: its verdict, its name and what was found; details in the rows below.",
        columns, tuple(row for check in done.checks for row in _rows(check)),
        quiet=True, apart=True,
    )  # fmt: skip


def _rows(check: Check) -> Iterator[Row]:
    yield (_VERDICTS[check.verdict], check.name, check.sentence)
    for detail in check.details[:_MOST_DETAILS]:
        yield ("", check.name, f"- {detail}")
    if (more := len(check.details) - _MOST_DETAILS) > 0:
        yield ("", check.name, f"and {more:,} more")


def _conclusion(done: Verification) -> Iterator[str]:
    """The verdict and what it points to."""
    by_verdict = {
        verdict: [check.name for check in done.checks if check.verdict == verdict]
        for verdict in _VERDICTS
    }
    wrong, unknown = by_verdict["differs"], by_verdict["unknown"]
    if done.passed:
        shown = [name for name in by_verdict["equal"] if name != STRANGERS]
        yield f"Nothing differs. As they were kept, or the same again: {', '.join(shown)}."
        return
    if wrong:
        yield f"Something differs: {named(wrong)}."
    changed = bool(_KEPT_AS_IT_WAS & set(wrong))
    if changed:
        yield "The folder is not as it was when its manifest was written."
    elif wrong and "blocks" not in wrong and not unknown:
        yield "The run itself is as it was; what differs is kept beside it."
    if "blocks" in wrong:
        yield _about_the_model(done, changed)
    if unknown:
        yield f"Could not be checked: {named(unknown)}."


def _about_the_model(done: Verification, changed: bool) -> str:
    if done.decisive:
        return (
            f"The model here is not the one of the run ({'; '.join(done.decisive)}), so other "
            "numbers are to be expected; the version that made the run can verify it."
        )
    if changed:
        return "The blocks say which numbers no longer are those of the run."
    return (
        "The files are as recorded and the model is the same, yet the numbers are not: either "
        "data and manifest were changed together, or this machine calculates differently."
    )


def _sampling(again: Again) -> str:
    """Which blocks were simulated again, and why no others."""
    if not again.of:
        return "No block could be simulated again."
    if 0 < again.number < again.of:
        return (
            "The blocks simulated again are those that the digest of the run picks, the same for "
            "everybody, and some of those whose files differ; --blocks N takes more, --all takes "
            "every one."
        )
    words = (
        "Every block of the run was simulated again." if again.number
        else "No block was simulated again; --blocks N or --all does so."
    )  # fmt: skip
    return f"{words} {_DOUBT}" if again.doubt else words
