"""The text of the terminal: findings first, each interval named, nothing wider than 100."""

from __future__ import annotations

import pytest

from rsip_sim.report.text import rendered
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.report import comparison_report, headlines_report
from rsip_sim.studies.compare.work import compare_results, headline_table
from tests.fakes.panels import (
    FIVE,
    FIVE_YEAR,
    NO_AGREEMENT,
    NO_PARTNERSHIP,
    TWO_YEAR,
    fake_results,
    twin,
)

RESULTS = fake_results(FIVE, 120)
TEXT = rendered(comparison_report(compare_results(RESULTS, NO_AGREEMENT, FIVE[1:])))


def told(scenarios: tuple[Scenario, ...], replications: int) -> str:
    results = fake_results(scenarios, replications)
    return rendered(comparison_report(compare_results(results, scenarios[0], scenarios[1:])))


@pytest.mark.parametrize("replications", [1, 2, 30])
def test_no_line_is_wider_than_the_terminal(replications: int) -> None:
    named = twin(NO_PARTNERSHIP, "a_name_of_some_length")
    for text in (TEXT, told((*FIVE, named), replications)):
        assert max(map(len, text.splitlines())) <= 100
        assert "nan" not in text


def test_it_opens_with_what_was_compared_in_words() -> None:
    assert TEXT.startswith("4 SCENARIOS COMPARED WITH 'NEVER AN AGREEMENT'")
    assert "Five-year agreement: differs in 2 things" in TEXT
    assert "- Agreement length: 0 → 60 months" in TEXT


def test_findings_stand_before_tables_and_luck_before_the_scenarios() -> None:
    places = [
        TEXT.index(part)
        for part in (
            "Beside what nobody here chooses",
            "One-year agreement, against 'Never an agreement'",
            "DIFFERENCES, MEAN OF MONTHS 13 TO 60",
            "DIFFERENCES, 31 MARCH 2013",
            "HOW TO READ THIS",
        )
    ]
    assert places == sorted(places)


def test_every_number_is_explained_and_the_ground_it_stands_on_is_named() -> None:
    text = " ".join(TEXT.split())
    for said in (
        "95% interval says how precisely",
        "spread of the differences, from the 5th to the 95th percentile",
        "National climate (the rate of conversion in England): uncertain",
        "cash, not real terms; pupil rolls are those of the roster",
        "120 simulated futures",
    ):
        assert said in text


def test_a_scenario_that_changes_nothing_is_said_to_be_the_same() -> None:
    text = told((TWO_YEAR, twin(TWO_YEAR, "same")), 20)
    assert "the same as the baseline" in text
    assert "none" in text


def test_the_headline_table_names_its_range_and_its_climate() -> None:
    text = rendered(headlines_report(headline_table(RESULTS, FIVE_YEAR), FIVE_YEAR))
    assert max(map(len, text.splitlines())) <= 100
    assert text.startswith("FIVE-YEAR AGREEMENT")
    for said in ("90% of futures", "DSG erosion (% of gross DSG)", "National climate"):
        assert said in text
