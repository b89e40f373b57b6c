"""The value of information for a stored comparison: direction, unit and words in every case."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from rsip_sim.evidence.register import load_register
from rsip_sim.measures.statistics import FEWEST_TO_VALUE_EVIDENCE
from rsip_sim.report.text import rendered
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.value.report import amount, value_report, value_sentences
from rsip_sim.studies.value.work import choice, known_things, tables, value
from tests.fakes.panels import FIVE, NO_PARTNERSHIP, TWO_YEAR, fake_results, twin

FUTURES = 200
LEAD = "cohesion"
COLUMN = "cohesion_core"  # of the panel, from 0 to 1


@functools.cache
def of_five(objective=None):
    return value(choice(stored(), FIVE, objective))


def stored(scenarios=FIVE, replications=FUTURES):
    return fake_results(scenarios, replications)


def shifted(gain):
    """Two scenarios of which the second has so much more cohesion in each future."""
    pair = (FIVE[0], FIVE[2])
    results = fake_results(pair, FUTURES)
    panels = results.panels
    panels[pair[1].name][COLUMN] = panels[pair[0].name][COLUMN] + gain
    return value(choice(results, pair, LEAD))


def secure():
    """What each future of the stored runs drew of the worth of guaranteed months."""
    from rsip_sim.studies.kernel.trials import parameters_shared

    return parameters_shared([each.policy for each in FIVE], 20110401, np.arange(FUTURES))[
        "b_secure"
    ]


def test_where_a_parameter_decides_the_choice_it_is_what_to_find_out_first():
    found = shifted(0.05 * (secure() - 1.3))
    names = [name for name, _ in known_things(found.found)]
    assert names[:3] == ["everything", "all parameters", "b_secure"]
    said = " ".join(value_sentences(found))
    assert f"To find out first: {load_register()['b_secure'].label} (b_secure)" in said
    assert "points" in said
    one = found.found.single["b_secure"]
    assert one.mean == pytest.approx(found.found.everything.mean, rel=0.1)  # nothing else decides


def test_where_luck_decides_no_study_helps_and_the_words_say_so():
    luck = np.random.default_rng(8).normal(size=FUTURES)  # beside which some look it by chance
    found = shifted(0.05 * luck + 0.002)
    assert found.found.everything.shows
    assert not found.found.parameters.shows
    said = " ".join(value_sentences(found))
    assert "mostly luck, which no study reveals" in said
    assert "No single parameter is worth finding out" in said
    assert any(worth.shows for worth in found.found.single.values())


def test_a_choice_that_is_best_in_every_future_needs_no_evidence():
    found = shifted(0.03)
    assert found.found.everything.mean == 0
    said = " ".join(value_sentences(found))
    assert "Further evidence is worth nothing to this choice" in said
    assert "in every future" in said
    assert "3.00 points better than" in said


def test_less_is_better_where_the_metric_says_so():
    found = of_five("erosion")
    assert found.found.now == int(np.argmin(found.averages))
    assert "lower is better" in " ".join(rendered(value_report(found)).split())


@pytest.mark.parametrize("objective", [None, "erosion", "overspend"])
def test_every_objective_has_text_that_fits_the_terminal(objective):
    found = of_five(objective)
    text = rendered(value_report(found))
    assert max(map(len, text.splitlines())) <= 100
    assert "nan" not in text
    assert found.metric.noun in text
    assert "Expected loss from choosing now" in text or "worth nothing" in text


def test_the_unit_is_that_of_the_objective():
    money = of_five("overspend")
    assert "£" in amount(money, 2e6)
    assert amount(of_five(), 3.1) == "3.10 points"
    assert amount(money, 0) == "none"
    assert amount(money, 1.0).startswith("less than £")


def test_tables_hold_every_choice_and_everything_that_may_be_known():
    found = of_five()
    kept = tables(found)
    assert set(kept["choices"]["scenario"]) == {each.name for each in FIVE}
    assert kept["choices"]["choice_now"].sum() == 1
    assert (kept["choices"]["over_choice_now"] <= 0).all()
    worth = kept["worth"]
    everything = worth.set_index("known").loc["everything", "worth"]
    assert (worth["worth"] <= everything + 1e-12).all()
    assert (worth["worth"] >= 0).all()


def test_cohesion_is_the_objective_where_there_is_no_partnership_too():
    scenarios = (NO_PARTNERSHIP, TWO_YEAR)
    assert choice(stored(scenarios), scenarios).metric.name == "cohesion"
    with pytest.raises(AskedError, match="use cohesion"):
        choice(stored(scenarios), scenarios, "cohesion_all")


def test_scenarios_that_draw_no_parameters_leave_only_luck():
    known = tuple(twin(each, each.name, parameters="central") for each in FIVE)
    found = value(choice(stored(known), known))
    assert not found.found.single
    said = " ".join(value_sentences(found))
    assert found.found.everything.mean == 0 or "all that is uncertain here is luck" in said


def test_every_fault_of_what_was_asked_is_told_at_once():
    with pytest.raises(AskedError) as told:
        choice(stored(replications=FEWEST_TO_VALUE_EVIDENCE - 1), FIVE, "academys", "never")
    assert len(told.value.faults) == 3
    for words in ("did you mean 'academies'", "no moment of this run is named 'never'",
                  "99 futures are too few"):  # fmt: skip
        assert words in str(told.value)


def test_what_is_neither_good_nor_bad_is_no_objective():
    with pytest.raises(AskedError, match="neither more nor less of it is better"):
        choice(stored(), FIVE, "fund")
