"""A question about a comparison is understood, or every fault of it is told at once."""

from __future__ import annotations

import pytest

from rsip_sim.studies.explain.work import HEADLINES, Difference, ExplainQuestion, difference
from rsip_sim.studies.kernel.asking import AskedError
from tests.fakes.panels import FIVE, NO_PARTNERSHIP, TWO_YEAR, twin

PAIR = FIVE[:2]


def ask(scenarios, **asked) -> Difference:
    return difference(ExplainQuestion.of(asked), scenarios)


def faults_of(*scenarios, **asked) -> list[str]:
    with pytest.raises(AskedError) as caught:
        ask(scenarios or FIVE, **asked)
    return caught.value.faults


def test_of_two_scenarios_nothing_need_be_named() -> None:
    question = ask(PAIR)
    assert (question.baseline.name, question.scenario.name) == ("no_agreement", "one_year")
    assert question.metrics == HEADLINES
    assert question.moment == "mean"


def test_the_usual_moment_is_the_one_on_which_the_comparison_stands() -> None:
    other = twin(TWO_YEAR, "other")
    assert ask((TWO_YEAR, other)).moment == "mean"
    assert ask((TWO_YEAR, FIVE[0]), scenario="no_agreement").moment == "mean"


def test_any_scenario_may_be_the_baseline() -> None:
    question = ask(FIVE, baseline="two_year", scenario="no_agreement")
    assert (question.baseline.name, question.scenario.name) == ("two_year", "no_agreement")
    assert ask(PAIR, baseline="one_year").scenario.name == "no_agreement"


def test_of_several_scenarios_one_must_be_named() -> None:
    (fault,) = faults_of()
    assert fault.startswith("scenario: 4 scenarios stand beside 'no_agreement'")
    assert "name one of one_year, two_year, three_year, five_year" in fault


def test_every_fault_is_told_at_once_with_the_nearest_name() -> None:
    faults = faults_of(
        baseline="two_yaer",
        scenario="five_years",
        metrics=["memebrs", "cohesion", "zzz"],
        at="means",
    )
    starts = ["baseline:", "scenario:", "metrics:", "metrics:", "at:"]
    assert [fault.split(" ")[0] for fault in faults] == starts
    for guess, fault in zip(
        ("two_year", "five_year", "members", None, "mean"), faults, strict=True
    ):
        assert guess is None or f"did you mean '{guess}'?" in fault
    assert "one of academies, conversions" in faults[3]


def test_a_scenario_is_not_explained_against_itself() -> None:
    (fault,) = faults_of(scenario="no_agreement")
    assert "is the baseline itself; others are one_year" in fault


def test_what_only_members_have_is_not_explained_without_a_partnership() -> None:
    question = ask((NO_PARTNERSHIP, TWO_YEAR))
    assert question.metrics == HEADLINES
    faults = faults_of(
        NO_PARTNERSHIP, TWO_YEAR, metrics=["cohesion_all", "adequacy"], at="own_agreement"
    )
    assert "metrics: cohesion, all five parts is not defined without a partnership" in faults[0]
    assert f"('{NO_PARTNERSHIP.title}'); use cohesion" in faults[0]
    assert "metrics: " in faults[1]
    assert "is not defined" in faults[1]
    assert "at: not every scenario has an agreement of its own; one of mean" in faults[2]


def test_a_metric_that_is_named_twice_is_explained_once() -> None:
    assert ask(PAIR, metrics=["members", "members"]).metrics == ("members",)
