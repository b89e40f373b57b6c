"""A stored report reads back as the one that was told, to the source of its last figure."""

from __future__ import annotations

import json

import pytest

from rsip_sim.report.blocks import Gap, Heading, Paragraph, Picture, Report
from rsip_sim.report.quoted import Cell, Derived, Given, Quote, Said, say
from rsip_sim.report.stored import ReportError, read, stored
from rsip_sim.report.text import rendered
from rsip_sim.studies.assumptions.report import assumptions_report
from rsip_sim.studies.assumptions.work import assumption_log, kept_impacts
from rsip_sim.studies.compare.report import comparison_report
from rsip_sim.studies.compare.work import compare_results
from rsip_sim.studies.robust.report import robust_report
from rsip_sim.studies.robust.work import robustness
from tests.fakes.panels import FIVE, NO_AGREEMENT, fake_results
from tests.report.test_report import REPORT

SOURCES = (
    Cell("differences", ("two_year", "as written"), "difference", unit=1e6),
    Derived("a share", 0.1),
    Given("date"),
)
QUOTING = Report(
    "A title",
    (
        Paragraph(Said(*(Quote(f"figure {n}", each) for n, each in enumerate(SOURCES)))),
        Paragraph(say("It is {n}.", n=Quote("12%", SOURCES[1])), "note", apart=True),
        Heading("Why", 3),
        Picture("fan", "value_members", "A caption", "An alternative"),
        Gap("Legal advice", "the solicitor"),
    ),
    subtitle="Rotherham",
)


def studies() -> list[Report]:
    """What studies tell of fakes: every kind of block, with hundreds of figures."""
    results = fake_results(FIVE, 60)
    return [
        comparison_report(compare_results(results, NO_AGREEMENT, FIVE[1:])),
        robust_report(robustness(results, FIVE, climates=())),
        assumptions_report(assumption_log(kept_impacts())),
    ]


def test_every_report_reads_back_equal_with_the_sources_of_its_figures() -> None:
    for report in (REPORT, QUOTING, *studies()):
        again = read(stored(report))
        assert again == report
        assert rendered(again) == rendered(report)
        for (place, said), (_, before) in zip(again.passages(), report.passages(), strict=True):
            assert said.parts == before.parts, place


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"version": 1, "report": "words"}', '{"version": 2, "report": {}}',
        '{"version": 1, "report": {"is": "Exit"}}',
        json.dumps({"version": 1, "report": {"is": "Report", "title": "t", "colour": "red"}}),
    ],
)  # fmt: skip
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(ReportError):
        read(text)
