"""What `rsip check --deep` found, told in columns: the verdict, the check, and the finding."""

from __future__ import annotations

from rsip_sim.report.blocks import Column, Paragraph, Report, Row, Table
from rsip_sim.studies.check.checks import CHECKS
from rsip_sim.studies.check.work import DeepCheck

_COLUMNS = (
    Column("verdict", 11, words=True, silent=True),
    Column("check", 16, words=True, silent=True),
    Column("finding", 73, words=True, silent=True, hang=0),
)


def deep_report(done: DeepCheck) -> Report:
    """Every finding, and last whether all hold."""
    name = done.scenario.path.name
    head = f"{done.scenario.title} ({name}), against {done.against}; {done.pilot} futures"
    rows: list[Row] = []
    for each in done.findings:
        rows.append((each.verdict, CHECKS[each.check], each.sentence))
        rows += [("", "", each.detail)] if each.detail else []
    failed = sum(not each.passed for each in done.findings)
    last = f"look at {failed} of {len(done.findings)} findings" if failed else "every check holds"
    described = "One row a finding: whether the check holds, which check it is, and what it found."
    table = Table("findings", head, described, _COLUMNS, tuple(rows), quiet=True, apart=True)
    return Report("", (Paragraph(head), table, Paragraph(f"{name}: {last}.", apart=True)))
