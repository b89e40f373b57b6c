"""What cannot be known: what becomes of a conclusion over the range, and what is said of it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.moments import moments_of
from rsip_sim.measures.statistics import FEWEST_FOR_CURVES, estimates
from rsip_sim.report.blocks import Report
from rsip_sim.report.text import WIDTH, rendered
from rsip_sim.studies.compare.alternatives import (
    TURNED,
    LeaningRow,
    leanings,
    unevidenced,
    unevidenced_table,
    without_evidence,
)
from rsip_sim.studies.compare.report import comparison_report
from rsip_sim.studies.compare.sureness import unevidenced_blocks
from rsip_sim.studies.compare.work import compare_results
from tests.fakes.panels import FIVE, NO_AGREEMENT, NO_PARTNERSHIP, TWO_YEAR, fake_results, twin

PARAMETER = load_register()["b_secure"]
FUTURES = 1000


def lean(of_value, noise=0.5) -> LeaningRow:
    """How a difference that follows a curve in the parameter leans on it."""
    values = PARAMETER.quantile((np.arange(FUTURES) + 0.5) / FUTURES)
    luck = np.random.default_rng(1).normal(size=FUTURES) * noise
    differences = (of_value(values) + luck)[None]
    (found,) = leanings(values, differences, estimates(differences))
    moment = moments_of(TWO_YEAR.policy, 60)["mean"]
    return LeaningRow(TWO_YEAR, METRICS["members"], moment, PARAMETER, *found)


@pytest.mark.parametrize(
    ("of_value", "leans", "conclusion"),
    [
        (lambda value: 2 + value, True, "holds"),  # it only shrinks
        (lambda value: 4 * (value - 0.9), True, "turns"),
        (lambda value: np.maximum(value - 1.0, 0.0), True, "is gone"),
        (lambda value: 3 + 0 * value, False, "holds"),  # does not follow the parameter
        (lambda value: 0.03 + 0 * value, False, "none"),
    ],
)
def test_a_conclusion_turns_only_where_the_difference_follows_the_parameter(
    of_value, leans, conclusion
) -> None:
    found = lean(of_value)
    assert found.leans == leans
    assert found.conclusion == conclusion


def test_an_unclear_difference_appears_where_one_end_of_the_range_makes_it_clear() -> None:
    centred = PARAMETER.quantile((np.arange(FUTURES) + 0.5) / FUTURES).mean()
    found = lean(lambda value: 4 * (value - centred), noise=3.0)
    assert not found.average.clear
    assert found.conclusion == "appears"


def test_each_fifth_is_told_with_its_value_and_the_interval_that_holds_the_difference() -> None:
    found = lean(lambda value: value, noise=1.0)
    assert list(found.values) == sorted(found.values)
    for value, part in zip(found.values, found.parts, strict=True):
        assert part.ci_low < value < part.ci_high


def test_a_difference_that_follows_a_line_is_explained_by_it_and_one_of_luck_is_not() -> None:
    assert lean(lambda value: value, noise=0.0).explained == pytest.approx(1.0)
    assert lean(lambda value: 0 * value).explained < 0.01


def test_money_is_kept_in_pounds_and_called_so() -> None:
    """Whole pounds beside the unit £m would be a million times too much."""
    row = dataclasses.replace(lean(lambda value: value), metric=METRICS["fund"])
    (unit,) = unevidenced_table([row])["unit"]
    assert unit.startswith("£")
    assert "£m" not in unit


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
    text = rendered(Report("", unevidenced_blocks(rows, lengths=True)))
    assert "PARAMETERS THAT NOTHING IS KNOWN OF" in text
    assert "(b_secure): 0 to 3" in text
    assert "No evidence bears on these" in text
    assert max(map(len, text.splitlines())) <= WIDTH
    whole = rendered(comparison_report(compare_results(results, NO_AGREEMENT, FIVE[1:]), rows))
    assert text.strip() in whole


def test_of_one_length_only_what_turns_over_a_range_is_told():
    rows = unevidenced(stored(), NO_AGREEMENT, FIVE[1:])
    firm = [row for row in rows if row.conclusion not in TURNED]
    assert unevidenced_blocks(firm, lengths=False) == ()
    row = lean(lambda value: np.maximum(value - 1.0, 0.0))
    text = rendered(Report("", unevidenced_blocks([*firm, row], lengths=False)))
    assert text.count("is gone") == 1
    assert "holds" not in text


def test_the_table_has_a_row_for_every_difference_and_parameter():
    rows = unevidenced(stored(), NO_AGREEMENT, FIVE[1:])
    table = unevidenced_table(rows)
    assert len(table) == len(rows) > 0
    assert not table.duplicated(["parameter", "scenario", "metric"]).any()
    assert (table["low_value"] < table["central_value"]).all()


def test_nothing_is_said_where_too_few_futures_or_no_parameter_could_tell():
    few = unevidenced(stored(replications=FEWEST_FOR_CURVES - 1), NO_AGREEMENT, FIVE[1:])
    assert few == ()
    assert unevidenced_blocks(few, lengths=True) == ()
    known = tuple(twin(each, each.name, parameters="central") for each in FIVE)
    assert unevidenced(stored(known), known[0], known[1:]) == ()


def test_without_a_partnership_only_what_both_have_is_told_of():
    pair = (NO_PARTNERSHIP, TWO_YEAR)
    rows = unevidenced(stored(pair), *pair[:1], pair[1:])
    names = {row.metric.name for row in rows}
    assert "cohesion" in names
    assert "cohesion_all" not in names
