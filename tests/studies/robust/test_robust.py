"""Which option is robust: what is read of a comparison, and what is told of it."""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
import pytest

import rsip_sim
from rsip_sim.measures.metrics import PRICE_COUNCIL
from rsip_sim.measures.statistics import FEWEST_TO_VALUE_EVIDENCE
from rsip_sim.report.blocks import Part, Table
from rsip_sim.report.text import first_screen, part_lines, rendered
from rsip_sim.studies.compare.work import compare_results
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.trials import parameters_shared
from rsip_sim.studies.robust.report import answer, robust_report
from rsip_sim.studies.robust.study import RobustQuestion, RobustStudy
from rsip_sim.studies.robust.work import robust_tables, robustness
from tests.fakes.panels import FIVE, NO_PARTNERSHIP, TWO_YEAR, fake_results, row_of, twin
from tests.fakes.scenario_files import SCENARIOS

FUTURES = 200


@functools.cache
def five():
    return study(FIVE, 120)


def study(scenarios=FIVE, replications=60, **asked):
    results = fake_results(scenarios, replications)
    return robustness(results, scenarios, climates=(), **asked)


def shifted(gain):
    """Two options of which the second has so much more cohesion in each future."""
    pair = (FIVE[0], FIVE[2])
    results = fake_results(pair, FUTURES)
    panels = results.panels
    panels[pair[1].name]["cohesion_core"] = panels[pair[0].name]["cohesion_core"] + gain
    return robustness(results, pair, ["cohesion"], climates=())


def objective(found, name: str):
    return next(each for each in found.regrets if each.metric.name == name)


def regret(found, name: str):
    return found.regrets[objective(found, name)]


def words(found) -> str:
    return " ".join(rendered(robust_report(found)).split())


def part(found, name: str) -> Part:
    made = robust_report(found).part(name)
    assert made is not None
    return made


def rows_of(found, name: str) -> dict[str, tuple[str, ...]]:
    """Rows of the first table of a part, by their first cell."""
    table = next(block for block in part(found, name).blocks if isinstance(block, Table))
    return {row[0]: row for row in table.cells}


# the first screen


def test_the_first_screen_fits_a_terminal_and_names_the_price_and_how_sure() -> None:
    screen = first_screen(robust_report(five()), 96)
    text = "\n".join(line.text for line in screen)
    assert len(screen) <= 32 - 2  # what to type next stands below it
    assert max(len(line.text) for line in screen) <= 96
    for said in ("Schools' budgets pay, £000 a year", "The council pays", "service lost",
                 "HOW SURE", "95% interval", "of 100 futures"):  # fmt: skip
        assert said in text
    narrow = first_screen(robust_report(five()), 60)
    assert max(len(line.text) for line in narrow) <= 60


def test_many_options_stand_below_one_another() -> None:
    many = (*FIVE, NO_PARTNERSHIP, *(twin(TWO_YEAR, f"twin_{i}") for i in range(4)))
    table = robust_report(study(many)).table
    assert table is not None
    assert len(table.cells) == 10
    assert "Mean regret: Cohesion, of 100" in table.header
    assert len(first_screen(robust_report(study(many)), 96)) <= 32 - 2


def test_whatever_the_outcome_the_star_stands_by_the_smallest_regret() -> None:
    """And by nothing that is clearly and noticeably behind it."""
    random = np.random.default_rng(7)
    base = study(FIVE[:3], objectives=["members"])
    for _ in range(40):
        values = 60 + random.normal(0, random.uniform(0, 4), (3, 60))
        values += random.normal(0, 3, (3, 1))
        each = objective(base, "members")
        regret = each.regret(values)
        found = replace(base, regrets={each: regret})
        row = next(row for row in robust_report(found).table.cells if "regret" not in row[0])
        stars = ["*" in cell for cell in row[1:]]
        if any(stars):
            assert stars[regret.mean.argmin()]
            for i, star in enumerate(stars):
                behind = regret.mean[i] - regret.mean.min()
                assert star or (behind >= each.metric.format.notice and not regret.rival[i])
        said = " ".join(answer(found))
        assert ("No option is ahead" in said) == (not regret.decided)
        if regret.decided:
            behind = min(np.flatnonzero(~regret.near), key=lambda i: regret.mean[i])
            nearest = next(line for line in words(found).split("HOW SURE")[1:])
            assert f"('{found.scenarios[behind].brief}')" in nearest.split("behind")[1]


def test_options_that_do_the_same_are_no_choice() -> None:
    found = study((TWO_YEAR, replace(TWO_YEAR, name="twin", title="Its twin", short="twin")))
    assert list(answer(found)) == [
        "No option is ahead by an amount that anyone would notice in DSG erosion, cohesion and "
        "price from the council."
    ]
    assert "*" not in "".join(map("".join, robust_report(found).table.cells))


def test_too_few_futures_are_not_compared() -> None:
    assert next(iter(answer(study(replications=3)))).startswith("Too few futures to compare")


def test_an_option_that_another_beats_in_everything_is_named() -> None:
    """The twin has less cohesion and is else the same."""
    worse = twin(TWO_YEAR, "worse")
    results = fake_results((TWO_YEAR, worse), 60)
    results.panels["worse"] = dict(results.panels[TWO_YEAR.name])
    results.panels["worse"]["cohesion_core"] = results.panels["worse"]["cohesion_core"] - 0.1
    found = robustness(results, (TWO_YEAR, worse), climates=())
    assert f"at once: '{worse.brief}'." in " ".join(answer(found))
    pareto = robust_tables(found)["pareto"].set_index("scenario")
    assert pareto.loc["worse", "clearly_dominated_by"] == TWO_YEAR.name


def test_a_world_nobody_chooses_is_told_apart_from_a_choice() -> None:
    surge = rsip_sim.load_scenario(SCENARIOS / "external_surge.yaml")
    text = words(study((TWO_YEAR, surge)))
    assert "'External surge' differs from 'Two-year agreement' in what nobody here chooses" in text
    assert "nobody here chooses" not in words(five())


# what is read


def test_mean_regret_agrees_with_the_paired_differences_of_the_comparison() -> None:
    found = regret(study(replications=120, objectives=["members"], at="mean"), "members").mean
    tables = compare_results(fake_results(FIVE), FIVE[0], FIVE[1:], ("members",))
    for i, scenario in enumerate(FIVE[1:], 1):
        row = row_of(tables, scenario.name, "members", "mean")
        assert found[0] - found[i] == pytest.approx(row.numbers.difference)


def test_lengths_are_judged_over_time_and_money_to_the_end() -> None:
    assert [each.moment.name for each in five().regrets] == ["mean", "mean", "end"]


def test_cohesion_is_weighed_where_there_is_no_partnership_too() -> None:
    found = study((TWO_YEAR, NO_PARTNERSHIP))
    assert [each.metric.name for each in found.together] == ["erosion", "cohesion", PRICE_COUNCIL]


def test_units_say_what_the_values_are_in() -> None:
    """Pounds in the table for programs, thousands of them where people read."""
    frame = robust_tables(five())["regret"].set_index("objective")
    assert set(frame.loc[PRICE_COUNCIL, "unit"]) == {"£ since the start"}
    rows = robust_report(five()).table.cells
    _, *cells = next(row for row in rows if "£000 in all" in row[0])
    means = frame.loc[PRICE_COUNCIL, "mean_regret"].to_numpy()
    shown = np.array([float(cell.strip("*<").replace(",", "")) for cell in cells])
    np.testing.assert_allclose(shown, means / 1000, atol=1)


def refused(scenarios, **asked) -> list[str]:
    with pytest.raises(AskedError) as caught:
        RobustStudy().check(RobustQuestion(**asked), Ground(scenarios))
    return caught.value.faults


def test_all_faults_of_the_names_come_at_once() -> None:
    told = refused(
        (TWO_YEAR, NO_PARTNERSHIP), objectives=["cohesian", "fund", "cohesion_all"], at="ende"
    )
    assert [fault.split(";")[0] for fault in told] == [
        "objectives: no metric is named 'cohesian'",
        "objectives: 'fund' is no objective: neither more nor less of it is better",
        "objectives: cohesion, all five parts is not defined without a partnership "
        "('No partnership')",
        "at: no moment of this run is named 'ende'",
    ]
    assert "did you mean 'end'?" in told[-1]


def test_a_mean_over_each_scenarios_own_agreement_compares_unlike_months() -> None:
    assert "another stretch of months" in refused(FIVE, at="own_agreement")[0]


# under national climates


def test_under_the_climate_of_the_comparison_the_same_futures_have_the_same_regret() -> None:
    scenarios = [
        rsip_sim.load_scenario(SCENARIOS / f"{name}.yaml") for name in ("no_earmark", "two_year")
    ]
    done = rsip_sim.compare(scenarios, replications=12, workers=1)
    climates = ("flat", "uncertain")
    found = robustness(done.results, done.scenarios, ["members"], "end", climates, means=Means(1))
    same = found.climates["uncertain"][objective(found, "members")]
    np.testing.assert_allclose(same.mean, regret(found, "members").mean)
    assert set(robust_tables(found)["climates"]["climate"]) == set(climates)
    assert tuple(found.climates) == climates
    assert "worst climate" in words(found)


def test_a_scenarios_own_table_of_openings_gives_way_to_a_climate() -> None:
    table = {phase: [0.2] for phase in ("primary", "secondary", "special")}
    own = rsip_sim.load_scenario(SCENARIOS / "two_year.yaml").changed(
        {"climate.conversion": "table", "climate.opening_pct_per_month": table},
        "Openings of its own",
        "own",
    )
    scenarios = [rsip_sim.load_scenario(SCENARIOS / "two_year.yaml"), own]
    done = rsip_sim.compare(scenarios, replications=3, workers=1)
    found = robustness(done.results, scenarios, ["erosion"], "end", ("flat",), means=Means(1))
    assert not found.climates["flat"][objective(found, "erosion")].worst.any()


@pytest.mark.parametrize(
    ("surge", "said"),
    [((5, 0), "climate changes which options lose least in schools in the partnership"),
     ((0, 5), "Under every national climate tried the same options lose least"),
     ((0, 0), "Under every national climate tried the same options lose least")],
)  # fmt: skip
def test_a_climate_that_turns_the_choice_around_is_told(surge, said) -> None:
    """The first option is ahead in a flat climate; where nothing is ahead, nothing turns."""
    found = study(FIVE[:2], objectives=["members"])
    each = objective(found, "members")
    climates = {
        climate: {each: each.regret(100.0 - np.repeat([lost], 60, axis=0).T)}
        for climate, lost in {"flat": (0, 3), "surge": surge}.items()
    }
    assert said in words(replace(found, climates=climates))


# what it would be worth to know more


def test_what_everything_is_worth_is_the_smallest_mean_regret() -> None:
    """One number, which once had two names."""
    found = five()
    for each, regret in found.regrets.items():
        smallest = regret.mean.min()
        assert found.knowing[each].everything.mean == pytest.approx(smallest)


def test_where_a_parameter_decides_the_choice_it_is_worth_finding_out() -> None:
    policies = [each.policy for each in FIVE]
    secure = parameters_shared(policies, 20110401, np.arange(FUTURES))["b_secure"]
    found = shifted(0.05 * (secure - 1.3))
    rows = rows_of(found, "knowing")
    assert (
        rows["Weight of months still guaranteed in the choice to stay"][-1] == "worth finding out"
    )
    known = found.knowing[objective(found, "cohesion")]
    assert known.things[1][0] == "b_secure"
    assert known.single["b_secure"].mean == pytest.approx(known.everything.mean, rel=0.1)


def test_where_luck_decides_no_parameter_is_worth_finding_out() -> None:
    luck = np.random.default_rng(8).normal(size=FUTURES)  # beside which some look it by chance
    rows = rows_of(shifted(0.05 * luck + 0.002), "knowing")
    assert rows["everything, luck included"][-1] == "the most it can be"
    assert "worth finding out" not in {row[-1] for row in rows.values()}


def test_a_choice_that_is_best_in_every_future_needs_no_evidence() -> None:
    (known,) = shifted(0.03).knowing.values()
    assert [worth.mean for _, worth in known.things] == [0] * len(known.things)


def test_too_few_futures_tell_no_worth_and_say_how_many_would() -> None:
    found = study(replications=FEWEST_TO_VALUE_EVIDENCE - 1)
    assert not found.knowing
    assert "knowing" not in robust_tables(found)
    text = " ".join(line.text for line in part_lines(part(found, "knowing")))
    assert "99 futures are too few to tell; compare with at least 100" in text


def test_the_table_of_knowing_holds_everything_that_may_be_known() -> None:
    worth = robust_tables(five())["knowing"].set_index(["objective", "known"])["worth"]
    assert (worth >= 0).all()
    for name in worth.index.get_level_values("objective"):
        assert (worth[name] <= worth[name, "everything"] + 1e-12).all()


def test_options_that_draw_no_parameters_leave_only_luck() -> None:
    known = tuple(twin(each, each.name, parameters="central") for each in FIVE)
    found = study(known, 120)
    assert not any(each.single for each in found.knowing.values())


def test_the_whole_report_fits_the_terminal_and_holds_no_number_that_is_none() -> None:
    for found in (five(), study(replications=1), study((TWO_YEAR, NO_PARTNERSHIP))):
        text = rendered(robust_report(found))
        assert max(map(len, text.splitlines())) <= 96
        assert "nan" not in text.lower().split()
