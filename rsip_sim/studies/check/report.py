"""What `rsip check --deep` found, told in columns: the check, its verdict, and the finding."""

from __future__ import annotations

from rsip_sim.report.blocks import Column, Paragraph, Report, Row, Table
from rsip_sim.report.words import counted
from rsip_sim.studies.check.checks import CHECKS
from rsip_sim.studies.check.work import DeepCheck

_COLUMNS = (
    Column("Checked", 16, words=True), Column("verdict", 11, words=True),
    Column("what was found", 69, words=True, hang=0),
)  # fmt: skip


def deep_report(done: DeepCheck) -> Report:
    """Whether all checks hold, and every finding, those to look at first."""
    name = done.scenario.path.name
    wrong = [each for each in done.findings if not each.passed]
    rows: list[Row] = []
    for each in sorted(done.findings, key=lambda each: each.passed):
        rows.append((CHECKS[each.check], each.verdict, each.sentence))
        rows += [("", "", each.detail)] if each.detail else []
    said = (
        f"{name}: look at {len(wrong)} of {counted(len(done.findings), 'finding')}." if wrong
        else f"{name}: every check holds."
    )  # fmt: skip
    table = Table(
        "findings", f"What was found of {name}",
        "One row a finding: which check it is, whether it holds, and what it found.",
        _COLUMNS, tuple(rows), quiet=True, apart=True,
    )  # fmt: skip
    about = f"{done.scenario.title}, against {done.against}; {done.pilot} futures"
    return Report("Does the file do what it should?", (Paragraph(said), table), about)
