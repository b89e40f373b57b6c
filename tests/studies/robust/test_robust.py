"""Which choice is robust: what is read of a comparison, and what is said of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import rsip_sim
from rsip_sim.measures.metrics import PRICE_COUNCIL
from rsip_sim.report.text import rendered
from rsip_sim.scenario import with_values
from rsip_sim.studies.compare.work import compare_results
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.robust.regret import regret_of
from rsip_sim.studies.robust.report import robust_report
from rsip_sim.studies.robust.says import objective_sentences
from rsip_sim.studies.robust.tables import robust_tables
from rsip_sim.studies.robust.work import robustness
from tests.fakes.panels import FIVE, NO_PARTNERSHIP, TWO_YEAR, fake_results
from tests.fakes.scenario_files import SCENARIOS


def study(scenarios=FIVE, replications=120, **asked):
    results = fake_results(scenarios, replications)
    return robustness(results, scenarios, climates=(), **asked)


def words(found) -> str:
    return " ".join(rendered(robust_report(found)).split())


def test_mean_regret_agrees_with_the_paired_differences_of_the_comparison() -> None:
    found = study(objectives=["members"], at="mean")
    tables = compare_results(fake_results(FIVE), FIVE[0], FIVE[1:], ("members",))
    for i, scenario in enumerate(FIVE[1:], 1):
        regret = found.regrets["members"].mean
        row = tables.row(scenario.name, "members", "mean")
        assert regret[0] - regret[i] == pytest.approx(row.numbers.difference)


def test_lengths_are_judged_over_time() -> None:
    found = study()
    assert [each.moment.name for each in found.objectives] == ["mean", "mean", "end"]


def test_cohesion_is_weighed_where_there_is_no_partnership_too() -> None:
    found = study((TWO_YEAR, NO_PARTNERSHIP))
    assert [each.metric.name for each in found.together] == ["erosion", "cohesion", PRICE_COUNCIL]


def test_each_ranking_says_of_which_index_and_of_which_scenarios_it_speaks() -> None:
    text = words(study())
    assert "Cohesion, all five parts: the ranking by cohesion" in text
    assert "Cohesion: the ranking by cohesion" in text
    some = words(study((*FIVE[:2], NO_PARTNERSHIP)))
    assert "Cohesion, all five parts, of the scenarios with a partnership: the ranking" in some
    assert "Cohesion: the ranking" in some


def test_a_world_nobody_chooses_is_told_apart_from_a_choice() -> None:
    surge = rsip_sim.load_scenario(SCENARIOS / "external_surge.yaml")
    text = words(study((TWO_YEAR, surge)))
    assert "'External surge' differs from 'Two-year agreement' in what nobody here chooses" in text
    assert "nobody here chooses" not in words(study())


def test_scenarios_that_do_the_same_make_no_difference() -> None:
    twin = replace(TWO_YEAR, name="twin", title="Its twin")
    found = study((TWO_YEAR, twin))
    assert objective_sentences(found, found.objectives[0])[0] == (
        "The choice makes no difference in any future."
    )
    assert not any(one.dominated_by for one in found.standings)


def test_too_few_futures_are_not_compared() -> None:
    found = study(replications=3)
    assert objective_sentences(found, found.objectives[0])[0].startswith("Too few futures")


def test_all_faults_of_the_names_come_at_once() -> None:
    with pytest.raises(AskedError) as caught:
        study(
            (TWO_YEAR, NO_PARTNERSHIP), objectives=["cohesian", "fund", "cohesion_all"], at="ende"
        )
    assert [fault.split(";")[0] for fault in caught.value.faults] == [
        "no metric is named 'cohesian'",
        "'fund' is no objective: neither more nor less of it is better",
        "cohesion, all five parts is not defined without a partnership ('No partnership')",
        "no moment of this run is named 'ende'",
    ]
    assert "did you mean 'end'?" in caught.value.faults[-1]


def test_a_mean_over_each_scenarios_own_agreement_compares_unlike_months() -> None:
    with pytest.raises(AskedError, match="another stretch of months"):
        study(at="own_agreement")


def test_under_the_climate_of_the_comparison_the_same_futures_have_the_same_regret() -> None:
    scenarios = [
        rsip_sim.load_scenario(SCENARIOS / f"{name}.yaml") for name in ("no_earmark", "two_year")
    ]
    done = rsip_sim.compare(scenarios, replications=12, workers=1)
    climates = ("flat", "uncertain")
    found = robustness(done.results, done.scenarios, ["members"], "end", climates, workers=1)
    same, stored = found.climates["members", "uncertain"], found.regrets
    np.testing.assert_allclose(same.mean, stored["members"].mean)
    assert set(robust_tables(found)["climates"]["climate"]) == set(climates)
    assert found.climate_names == climates


def test_a_scenarios_own_table_of_openings_gives_way_to_a_climate() -> None:
    table = {phase: [0.2] for phase in ("primary", "secondary", "special")}
    own = with_values(
        rsip_sim.load_scenario(SCENARIOS / "two_year.yaml"),
        {"climate.conversion": "table", "climate.opening_pct_per_month": table},
        "own",
    )
    scenarios = [rsip_sim.load_scenario(SCENARIOS / "two_year.yaml"), own]
    done = rsip_sim.compare(scenarios, replications=3, workers=1)
    found = robustness(done.results, scenarios, ["erosion"], "end", ("flat",), workers=1)
    assert not found.climates["erosion", "flat"].worst.any()


def climates_of(**losses: tuple[float, float]) -> str:
    """What is said of two choices that lose so much on average under each climate, of 100 each."""
    found = study(FIVE[:2], objectives=["members"])
    alternating = np.where(np.arange(120) % 2, 0.5, -0.5)  # so that nothing is exactly even
    regrets = {
        ("members", climate): regret_of(100.0 - np.array(lost)[:, None] + alternating, higher=True)
        for climate, lost in losses.items()
    }
    return objective_sentences(replace(found, climates=regrets), found.objectives[0])[-1]


FIRST, SECOND = (f"'{scenario.title}'" for scenario in FIVE[:2])


def test_a_choice_that_never_loses_under_any_climate_is_told_so() -> None:
    assert f"{FIRST} is never behind under any of them." in climates_of(flat=(0, 3), surge=(0, 5))


def test_climates_in_which_there_is_nothing_to_choose_are_told_apart() -> None:
    said = climates_of(flat=(0, 0), surge=(0, 5), observed=(0, 0))
    assert f"{FIRST} is never behind under surge." in said
    assert said.endswith("Under flat and observed it makes no difference that can be told.")


def test_climates_that_turn_the_choice_around_are_told_with_what_is_safest() -> None:
    said = climates_of(flat=(0, 2), surge=(5, 0))
    assert f"that of {FIRST} under flat and {SECOND} under surge" in said
    assert f"{SECOND} loses least in its worst climate (flat), 2 on average" in said


def test_no_climate_in_which_the_choice_matters_is_said_in_one_breath() -> None:
    said = climates_of(flat=(0, 0), surge=(0, 0))
    assert said.endswith("the choice makes no difference that can be told.")
