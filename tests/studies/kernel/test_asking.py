"""A question is asked once, by options, a file or arguments, with the same faults."""

from __future__ import annotations

from typing import Literal

import pytest

from rsip_sim.scenario.schema import Closed
from rsip_sim.studies.kernel.asking import (
    AskedError,
    Faults,
    Question,
    flag_of,
    parameters_of,
    shown,
    two_scenarios,
    values_of,
)
from tests.fakes.panels import FIVE, NO_AGREEMENT, TWO_YEAR


class Ends(Closed):
    """A range."""

    lever: str = shown(metavar="PATH")
    """Which lever."""
    lowest: float | None = shown(None, metavar="X")
    """Where to begin."""


class Asked(Question):
    """A question with one field of every shape."""

    target: str = shown(metavar="TEXT")
    """What should hold."""
    metrics: list[str] = shown(factory=list, metavar="METRIC", flag="--metric")
    """What is looked at; again for more."""
    climates: list[Literal["flat", "surge"]] = shown(factory=lambda: ["flat"], off=[])
    """National climates."""
    search: Ends = shown(flags={"lever": "--lever", "lowest": "--from"})
    """The range searched."""
    across: Ends | None = shown(None, flags={"lever": "--map", "lowest": "--from2"})
    """A second range."""


def test_every_field_becomes_one_option_with_the_text_below_it_as_help():
    found = {each.flag: (each.kind, each.default, each.help) for each in parameters_of(Asked)}
    assert found == {
        "--target": (str, ..., "What should hold."),
        "--metric": (list[str], None, "What is looked at; again for more."),
        "--climates": (bool, True, "National climates."),
        "--lever": (str, ..., "The range searched. Which lever."),
        "--from": (float | None, None, "Where to begin."),
        "--map": (str | None, None, "A second range. Which lever."),
        "--from2": (float | None, None, "Where to begin."),
    }


def test_what_is_not_given_is_left_to_the_question():
    given = {"target": "x", "metrics": None, "climates": True, "search_lever": "a"}
    asked = Asked.of(values_of(Asked, given))
    assert (asked.metrics, asked.climates, asked.across) == ([], ["flat"], None)
    assert Asked.of(values_of(Asked, {**given, "climates": False})).climates == []


def test_a_fault_is_named_as_its_asker_knows_the_field():
    faults = Faults()
    faults.add(("metrics", 1), "no metric is named 'x'")
    faults.add(("across", "lowest"), "is too low")
    with pytest.raises(AskedError) as caught:
        faults.stop()
    told = [line.partition(":")[0] for line in caught.value.named(lambda at: flag_of(Asked, at))]
    assert told == ["--metric", "--from2"]
    assert [line.partition(":")[0] for line in caught.value.faults] == ["metrics", "across.lowest"]


def test_every_fault_of_the_values_is_told_at_once():
    with pytest.raises(AskedError) as caught:
        Asked.of({"metrics": "members", "climates": ["hot"], "targets": "x"})
    told = {line.partition(":")[0] for line in caught.value.faults}
    assert told == {"target", "metrics", "climates", "search", "targets"}
    assert "did you mean 'target'?" in "\n".join(caught.value.faults)


def test_two_scenarios_are_the_baseline_and_the_only_other_one():
    both, faults = (NO_AGREEMENT, TWO_YEAR), Faults()
    assert two_scenarios(both, None, None, faults) == both
    assert two_scenarios(both, TWO_YEAR.name, None, faults) == both[::-1]
    assert not faults.found


@pytest.mark.parametrize(
    ("baseline", "scenario", "said"),
    [
        (None, None, "name one of one_year, two_year, three_year, five_year"),
        (None, "two_yaer", "did you mean 'two_year'?"),
        ("two_year", "two_year", "is the baseline itself"),
        ("none", "five", "they are no_agreement, one_year, two_year, three_year, five_year"),
    ],
)
def test_two_scenarios_that_are_none_are_told_with_those_that_are(baseline, scenario, said):
    faults = Faults()
    assert two_scenarios(FIVE, baseline, scenario, faults) is None
    with pytest.raises(AskedError, match=said.replace("?", r"\?")):
        faults.stop()
