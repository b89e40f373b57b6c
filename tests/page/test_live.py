"""The live answer: the command's numbers, simulated once, given up when nobody waits for it."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import pandas as pd
import pytest

import rsip_sim
from rsip_sim.evidence.rosters import Roster
from rsip_sim.measures.runs import ComparisonError
from rsip_sim.model.simulation import simulate_policies
from rsip_sim.page import live as futures
from rsip_sim.page.live import Live, LiveAnswer, Outdated
from rsip_sim.report.blocks import Part, Report
from rsip_sim.report.text import first_screen
from rsip_sim.scenario import Scenario, load_scenario, with_values
from rsip_sim.scenario.loading import scenario_of
from rsip_sim.scenario.reading import Document
from rsip_sim.studies.compare.screen import SHOWN
from tests.fakes.worlds import roster, town, town_rows

EARMARK = "funding.earmark_gbp_per_year"
HAMLET = roster(town_rows()[:4], "hamlet")


def policy(name: str, months: int = 6, schools: Roster = HAMLET, **fields: Any) -> Scenario:
    """A shipped scenario in a hamlet of four schools and half a year, unless said otherwise."""
    loaded = load_scenario(f"rsip:{name}")
    values = {**loaded.resolved, "horizon_months": months, **fields}
    return scenario_of(Document(values), loaded.path, schools)


BASE, OTHER = policy("two_year"), policy("one_year")
LONGER = policy("two_year", 18, town()), policy("no_partnership", 18, town())


def richer(pounds: float, than: Scenario = OTHER) -> Scenario:
    return with_values(than, {EARMARK: pounds})


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int, int]]:
    """How many policies, and from which future up to which, of each block simulated."""
    seen: list[tuple[int, int, int]] = []

    def noted(policies: Any, roster: Any, seed: int, asked: range, **more: Any) -> Any:
        seen.append((len(policies), asked.start, asked.stop))
        return simulate_policies(policies, roster, seed, asked, **more)

    monkeypatch.setattr(futures, "simulate_policies", noted)
    return seen


def screen(report: Report) -> list[str]:
    return [line.text for line in first_screen(report)]


def stop_after(looks: int) -> Any:
    looked = count(1)
    return lambda: next(looked) > looks


@pytest.fixture(scope="module")
def refined() -> tuple[LiveAnswer, Part, LiveAnswer]:
    """An answer in more futures than the first had, what it hangs on, and the answer then."""
    live = Live()
    live.answer(*LONGER, 30)
    first = live.answer(*LONGER, 210)
    return first, live.hangs_on(*LONGER, 210), live.answer(*LONGER, 210)


@pytest.fixture(scope="module")
def command() -> rsip_sim.Comparison:
    return rsip_sim.compare(LONGER, replications=210, workers=1)


def test_the_refined_answer_is_the_first_screen_of_the_command_to_the_digit(
    refined: tuple[LiveAnswer, Part, LiveAnswer], command: rsip_sim.Comparison
) -> None:
    assert refined[2].report.blocks == command.report.blocks
    assert screen(refined[2].report) == screen(command.report)
    chart = command.charts()["headline"]
    pd.testing.assert_frame_equal(refined[2].chart.data, chart.data, check_exact=True)
    assert (refined[2].drawing, refined[2].chart.alt) == (chart.svg(), chart.alt)


def test_what_the_answer_hangs_on_is_what_the_command_tells(
    refined: tuple[LiveAnswer, Part, LiveAnswer], command: rsip_sim.Comparison
) -> None:
    assert refined[1].blocks
    assert refined[1] == command.report.part("unknown")


def test_before_other_rules_are_tried_the_screen_says_nothing_of_them(
    refined: tuple[LiveAnswer, Part, LiveAnswer],
) -> None:
    before, _, after = refined
    assert not any("truth" in line or "tried" in line for line in screen(before.report))
    assert any(line.startswith("In truth:") for line in screen(after.report))
    assert [line for line in screen(after.report) if line in screen(before.report)] == screen(
        before.report
    )
    assert before.report.part("unknown") is None


def test_a_change_of_one_policy_simulates_that_one_alone(
    simulated: list[tuple[int, int, int]],
) -> None:
    live = Live()
    live.answer(BASE, OTHER, 20)
    live.answer(BASE, richer(1000), 20)
    live.answer(richer(500, BASE), richer(1000), 20)
    assert simulated == [(2, 0, 20), (1, 0, 20), (1, 0, 20)]


def test_more_futures_add_those_that_are_not_known_and_fewer_none(
    simulated: list[tuple[int, int, int]],
) -> None:
    live = Live()
    live.answer(BASE, OTHER, 20)
    live.answer(BASE, OTHER, 30)
    few = live.answer(BASE, OTHER, 20)
    live.answer(BASE, richer(1000), 30)
    assert simulated == [(2, 0, 20), (2, 20, 30), (1, 0, 30)]
    assert screen(few.report) == screen(Live().answer(BASE, OTHER, 20).report)


@pytest.mark.parametrize(
    "other",
    [
        replace(BASE, run=replace(BASE.run, seed=7)),
        policy("two_year", parameters={"b_secure": 0.5}),
        policy("two_year", schools=roster(town_rows()[:3])),
    ],
    ids=["seed", "parameter", "schools"],
)
def test_what_another_world_gave_is_not_taken_for_this_one(
    other: Scenario, simulated: list[tuple[int, int, int]]
) -> None:
    live = Live()
    live.answer(BASE, richer(1000, BASE), 4)
    live.answer(other, richer(1000, other), 4)
    assert simulated == [(2, 0, 4)] * 2


def test_many_changes_leave_few_policies_behind_and_the_baseline_among_them(
    simulated: list[tuple[int, int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(futures, "MOST_KEPT", 3)
    live = Live()
    for pounds in range(6):
        live.answer(BASE, richer(pounds), 4)
    live.answer(BASE, richer(0), 4)
    assert simulated == [(2, 0, 4)] + [(1, 0, 4)] * 6
    monkeypatch.setattr(futures, "MOST_BYTES", 1)
    live.answer(BASE, richer(7), 4)
    live.answer(BASE, richer(0), 4)
    assert simulated[-2:] == [(1, 0, 4)] * 2


@pytest.mark.parametrize("looks", [0, 1, 12])
def test_an_outdated_question_is_given_up_and_the_next_one_answered(looks: int) -> None:
    live = Live()
    with pytest.raises(Outdated):
        live.answer(BASE, OTHER, 12, stop_after(looks))
    answer = live.answer(BASE, OTHER, 12)
    with pytest.raises(Outdated):
        live.hangs_on(BASE, OTHER, 12, stop_after(looks))
    assert (
        answer.report
        == live.answer(BASE, OTHER, 12).report
        == Live().answer(BASE, OTHER, 12).report
    )


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (policy("one_year", 5), "share their horizon"),
        (policy("one_year", start="2012-04"), "share their start"),
        (policy("one_year", schools=town()), "share their roster"),
    ],
    ids=["horizon", "start", "schools"],
)
def test_policies_that_cannot_be_compared_are_refused_in_words(other: Scenario, words: str) -> None:
    live = Live()
    for ask in (live.answer, live.hangs_on):
        with pytest.raises(ComparisonError, match=words):
            ask(BASE, other, 4)


def test_a_failure_of_the_model_is_told_and_not_thrown(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: Any, **__: Any) -> Any:
        raise FloatingPointError("invalid value")

    live = Live()
    with monkeypatch.context() as broken:
        broken.setattr(futures, "simulate_policies", failing)
        with pytest.raises(ComparisonError, match="invalid value"):
            live.answer(BASE, OTHER, 4)
    assert live.answer(BASE, OTHER, 4).replications == 4


def test_a_policy_beside_itself_changes_nothing_and_is_told_apart() -> None:
    answer = Live().answer(BASE, BASE, 20)
    assert answer.baseline.title != answer.policy.title
    assert answer.baseline.name != answer.policy.name
    assert answer.baseline.brief != answer.policy.brief
    metrics = answer.chart.data[answer.chart.data["measure"].isin(SHOWN)]
    assert (metrics["difference"].dropna() == 0).all()
