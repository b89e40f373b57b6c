"""What the answer hangs on: each rule otherwise, one at a time, and what is concluded then."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import rsip_sim
from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.moments import moments_of
from rsip_sim.measures.statistics import t_quantile
from rsip_sim.report.blocks import Table
from rsip_sim.report.text import WIDTH
from rsip_sim.scenario import with_values
from rsip_sim.studies.compare.alternatives import (
    FEW,
    PART,
    Alternative,
    AlternativeRow,
    _numbers,
    alternatives_of,
    alternatives_table,
    futures_tried,
)
from tests.fakes.panels import NO_AGREEMENT, TWO_YEAR
from tests.fakes.scenario_files import SCENARIOS

FUTURES = 12
DEAF = Alternative(load_register().structures["forum"], "deaf")


@pytest.fixture(scope="module")
def comparison():
    files = [SCENARIOS / f"{name}.yaml" for name in ("agreement_later", "two_year")]
    return rsip_sim.compare(files, replications=FUTURES, workers=1)


def row(average: float, clear: bool, change: float, error: float, half: float) -> AlternativeRow:
    moment = moments_of(TWO_YEAR.policy, 60)["mean"]
    expected = average + change
    return AlternativeRow(
        DEAF, TWO_YEAR, METRICS["members"], moment, average, clear, change, error, expected,
        expected - half, expected + half, FEW,
    )  # fmt: skip


def test_money_is_kept_in_pounds_and_called_so() -> None:
    """Whole pounds beside the unit £m would be a million times too much."""
    of_money = dataclasses.replace(row(1e6, True, 2e5, 1e4, 1e5), metric=METRICS["fund"])
    (unit,) = alternatives_table([of_money])["unit"]
    assert unit.startswith("£")
    assert "£m" not in unit


# which alternatives


def test_every_other_value_of_every_rule_is_tried_once() -> None:
    rules = load_register().structures
    found = [(each.rule.name, each.value) for each in alternatives_of([NO_AGREEMENT, TWO_YEAR])]
    assert found == [(name, value) for name, rule in rules.items() for value in rule.alternatives]
    assert ("renewal", "certain") in found


def test_a_rule_that_the_scenarios_set_is_tried_as_the_model_has_it() -> None:
    both = [with_values(each, {"parameters.forum": "deaf"}) for each in (NO_AGREEMENT, TWO_YEAR)]
    of_the_forum = {each.value for each in alternatives_of(both) if each.rule.name == "forum"}
    assert of_the_forum == {"hears", "bound"}


def test_a_rule_in_which_the_scenarios_differ_is_what_is_compared_and_no_alternative() -> None:
    deaf = with_values(TWO_YEAR, {"parameters.forum": "deaf"})
    assert not [each for each in alternatives_of([NO_AGREEMENT, deaf]) if each.rule.name == "forum"]


def test_few_futures_are_tried_and_none_where_nothing_is_compared() -> None:
    assert futures_tried(9) == 0
    assert futures_tried(20) == 20
    assert futures_tried(1000) == FEW
    assert futures_tried(10_000) == 10_000 // PART


# what is expected


def test_where_every_future_is_tried_the_estimate_is_that_of_the_alternative_itself() -> None:
    luck = np.random.default_rng(1)
    own, otherwise = luck.normal(2.0, 1.0, (2, 5, 40))
    found = _numbers(own, otherwise - own)
    np.testing.assert_allclose(found.expected, otherwise.mean(axis=1))
    np.testing.assert_allclose(found.average, own.mean(axis=1))


def test_a_difference_that_is_gone_in_every_future_is_expected_to_be_none_for_sure() -> None:
    own = np.random.default_rng(2).exponential(3.0, (1, 1000))
    found = _numbers(own, -own[:, :FEW])
    assert abs(found.expected[0]) < 1e-12
    assert found.high[0] - found.low[0] < 1e-12


def test_a_change_that_never_is_leaves_the_difference_and_its_error() -> None:
    own = np.random.default_rng(3).normal(1.0, 2.0, (1, 500))
    found = _numbers(own, np.zeros((1, FEW)))
    assert found.expected[0] == found.average[0]
    error = own.std(ddof=1) / np.sqrt(500)
    assert found.high[0] - found.average[0] == pytest.approx(t_quantile(FEW) * error)
    assert found.change_error[0] == 0.0


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """Differences of 2 on average, that an alternative halves with luck of its own: to 1."""
    luck = np.random.default_rng(4)
    own = luck.normal(2.0, 3.0, (2000, 600))
    change = -0.5 * own[:, :40] + luck.normal(0.0, 0.5, (2000, 40))
    found = _numbers(own, change)
    holds = (found.low <= 1.0) & (found.high >= 1.0)
    assert 0.93 < holds.mean() < 0.97


# what is concluded


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((4.0, True, -1.0, 0.1, 0.5), "holds"),
        ((4.0, True, -6.0, 0.1, 0.5), "turns"),
        ((4.0, True, -4.0, 0.1, 0.5), "is gone"),
        ((4.0, True, -3.0, 1.5, 3.0), "not told"),
        ((0.1, False, 3.0, 0.1, 0.5), "appears"),
        ((0.1, False, 0.1, 0.1, 0.5), "none"),
        ((0.1, False, 1.0, 0.4, 0.9), "none"),  # clear, but the change may be chance
    ],
)
def test_a_conclusion_turns_only_where_the_change_is_certain(numbers, said) -> None:
    found = row(*numbers)
    assert found.conclusion == said
    assert found.turned == (said in ("turns", "is gone", "appears"))


# the whole


def test_an_alternative_is_the_scenario_file_that_sets_it(comparison) -> None:
    """Every future is tried here, so that the estimate is the difference of such scenarios."""
    deaf = [with_values(each, {"parameters.forum": "deaf"}) for each in comparison.scenarios]
    again = rsip_sim.compare(deaf, replications=FUTURES, workers=1)
    found = [each for each in comparison.alternatives if each.alternative.value == "deaf"]
    assert len(found) > 5
    for each in found:
        (told,) = (
            row for row in again.tables.rows
            if (row.metric, row.moment) == (each.metric, each.moment)
        )  # fmt: skip
        assert each.expected == pytest.approx(told.numbers.difference, abs=1e-9, rel=1e-9)


def test_the_table_is_kept_and_the_report_names_every_alternative(comparison) -> None:
    table = comparison.files()["alternatives"]
    assert table.equals(alternatives_table(comparison.alternatives))
    assert not table.duplicated(["rule", "alternative", "scenario", "metric"]).any()
    told = {row[0] for block in comparison.report.part("unknown").blocks
            if isinstance(block, Table) for row in block.cells}  # fmt: skip
    assert max(map(len, comparison.text().splitlines())) <= WIDTH
    for each in alternatives_of(comparison.scenarios):
        assert each.sentence.rstrip(".") in told
