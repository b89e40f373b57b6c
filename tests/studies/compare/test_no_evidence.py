"""What cannot be known: where a conclusion turns, and what is said of it in every case."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.statistics import FEWEST_FOR_CURVES
from rsip_sim.report.blocks import Report
from rsip_sim.report.text import WIDTH, rendered
from rsip_sim.studies.compare.no_evidence import (
    leanings,
    unevidenced,
    unevidenced_table,
    without_evidence,
    worth_telling,
)
from rsip_sim.studies.compare.no_evidence_report import (
    conclusion,
    unevidenced_blocks,
)
from rsip_sim.studies.compare.report import comparison_report
from rsip_sim.studies.compare.work import compare_results
from tests.fakes.panels import FIVE, NO_AGREEMENT, NO_PARTNERSHIP, TWO_YEAR, fake_results, twin

PARAMETER = load_register()["b_secure"]
FUTURES = 1000
MEMBERS = METRICS["members"]


def drawn():
    return PARAMETER.quantile((np.arange(FUTURES) + 0.5) / FUTURES)


def lean(of_value, noise=0.5, metric=MEMBERS):
    """How a difference that follows a curve in the parameter leans on it."""
    values = drawn()
    luck = np.random.default_rng(1).normal(size=FUTURES) * noise
    (found,) = leanings(PARAMETER, values, [metric], (of_value(values) + luck)[None])
    return found


def test_a_conclusion_turns_where_the_difference_stops_being_worth_telling():
    found = lean(lambda value: 4 * (value - 0.5))
    (turn,) = found.turns
    smallest = worth_telling(MEMBERS, found.average)
    assert turn == pytest.approx(0.5 + smallest / 4, abs=0.08)
    assert found.hangs
    assert conclusion(found) == f"turns at {turn:.2g}"
    (stretch,) = [each for each in found.clear if each[1] == found.values[-1]]
    assert turn < stretch[0] < turn + 0.2


def test_a_difference_that_shrinks_below_what_is_written_turns_although_it_stays_positive():
    found = lean(lambda value: 0.02 + value, noise=0.01)
    (turn,) = found.turns
    assert turn == pytest.approx(0.1 - 0.02, abs=0.01)  # schools are told of by the tenth
    assert found.expected[0] > 0


def test_a_difference_that_only_shrinks_holds_over_the_whole_range():
    found = lean(lambda value: 2 + value)
    assert found.turns == ()
    assert found.throughout
    assert found.leans
    assert not found.hangs
    assert conclusion(found) == "holds throughout"
    np.testing.assert_allclose(found.expected, 2 + found.values, atol=0.15)


def test_what_does_not_follow_the_parameter_does_not_lean_on_it():
    found = lean(lambda value: 3 + 0 * value)
    assert not found.leans
    assert found.explained < 0.01


def test_noise_without_any_difference_is_nowhere_clear():
    found = lean(lambda value: 0 * value, noise=2.0)
    assert not found.average_clear
    assert not found.hangs
    assert conclusion(found) == "nowhere clear"


def test_expected_values_are_given_with_the_interval_that_holds_them():
    found = lean(lambda value: value, noise=1.0)
    assert (found.low < found.values).all()
    assert (found.values < found.high).all()


def test_every_conclusion_has_words():
    found = lean(lambda value: 2 + value)
    low, middle, high = (float(value) for value in found.values)

    def words(**changes):
        return conclusion(replace(found, **{"average_clear": False, "turns": (1.0,), **changes}))

    assert words(average_clear=True, turns=(0.7, 2.0)) == "turns from 0.7"
    assert words(clear=()) == "nowhere clear"
    assert words(clear=((low, 0.5), (middle, high))) == "clear for some values"
    assert words(clear=((0.5, high),)) == "clear from 0.5"
    assert words(clear=((low, 0.5),)) == "clear up to 0.5"
    assert words(clear=((0.5, middle),)) == f"clear 0.5 to {middle:.2g}"
    assert words(clear=((low, high),)) == "clear throughout"


def test_a_difference_that_is_missing_somewhere_or_never_varies_is_not_told_of():
    values = drawn()
    hole = np.where(np.arange(FUTURES) == 3, np.nan, values)
    found = leanings(PARAMETER, values, [MEMBERS, MEMBERS], np.stack([hole, np.full(FUTURES, 2.0)]))
    assert found == [None, None]


def test_only_parameters_without_evidence_and_without_calibration_are_asked_about():
    register, calibrated = load_register(), load_posterior().names
    every = {each.name: np.arange(3.0) for each in register.uncertain()}
    names = set(without_evidence(every))
    assert "b_secure" in names
    assert all(register[name].grade == "none" and name not in calibrated for name in names)
    assert without_evidence({"b_secure": np.full(3, 1.2)}) == {}  # held at one value


def stored(scenarios=FIVE, replications=FEWEST_FOR_CURVES):
    return fake_results(scenarios, replications)


def test_a_comparison_of_lengths_tells_of_the_effect_of_length_whatever_was_found():
    results = stored()
    rows = unevidenced(results, NO_AGREEMENT, FIVE[1:])
    text = rendered(Report("", tuple(unevidenced_blocks(rows, lengths=True))))
    assert "PARAMETERS THAT NOTHING IS KNOWN OF" in text
    assert "(b_secure): 0 to 3" in text
    assert "if it is 0 " in text
    assert "if it is 3 " in text
    assert max(map(len, text.splitlines())) <= WIDTH
    whole = rendered(comparison_report(compare_results(results, NO_AGREEMENT, FIVE[1:]), rows))
    assert text.strip() in whole


def test_the_table_has_a_row_for_every_difference_and_parameter():
    rows = unevidenced(stored(), NO_AGREEMENT, FIVE[1:])
    table = unevidenced_table(rows)
    assert len(table) == len(rows) > 0
    assert not table.duplicated(["parameter", "scenario", "metric"]).any()
    assert (table["low_value"] < table["central_value"]).all()


def test_nothing_is_said_where_too_few_futures_or_no_parameter_could_tell():
    few = unevidenced(stored(replications=FEWEST_FOR_CURVES - 1), NO_AGREEMENT, FIVE[1:])
    assert few == ()
    assert unevidenced_blocks(few, lengths=True) == []
    known = tuple(twin(each, each.name, parameters="central") for each in FIVE)
    assert unevidenced(stored(known), known[0], known[1:]) == ()


def test_without_a_partnership_only_what_both_have_is_told_of():
    pair = (NO_PARTNERSHIP, TWO_YEAR)
    rows = unevidenced(stored(pair), *pair[:1], pair[1:])
    names = {row.metric.name for row in rows}
    assert "cohesion" in names
    assert "cohesion_all" not in names


def words_of(*compared) -> str:
    return " ".join(rendered(comparison_report(compare_results(*compared))).split())


def test_calibrated_parameters_are_said_to_be_fitted_and_the_others_to_come_from_ranges():
    count = len(load_posterior().names)
    said = words_of(stored(), NO_AGREEMENT, FIVE[1:])
    assert f"{count} of them together, from the sample fitted to what was known in April" in said
    assert "the others each from its range in the register" in said
    prior = tuple(twin(each, each.name, parameters="prior") for each in FIVE[:2])
    results = fake_results(prior, 30)
    text = words_of(results, prior[0], prior[1:])
    assert "each from its range in the register" in text
    assert "fitted" not in text


def test_parameters_held_at_their_central_values_are_said_to_be():
    central = tuple(twin(each, each.name, parameters="central") for each in FIVE[:2])
    results = fake_results(central, 30)
    text = words_of(results, central[0], central[1:])
    assert "held at their central values, so that ignorance of them does not show" in text
