"""The guard on a planner's own file: each finding once where it must speak, once where not."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from rsip_sim.measures.metrics import METRICS
from rsip_sim.model.simulation import simulate_block
from rsip_sim.report.text import NARROWEST, WIDTH, first_screen
from rsip_sim.scenario import Scenario, load_scenario
from rsip_sim.scenario.levers import LEVERS
from rsip_sim.scenario.settings import overrides, policy_of, settings_of, without
from rsip_sim.studies.check import checks as guard_directions
from rsip_sim.studies.check import work as guard
from rsip_sim.studies.check.checks import Pair, directions, stated
from rsip_sim.studies.check.work import DeepCheck, check_deep, deep_report
from tests.fakes.places import SCENARIOS

SHIPPED = sorted(SCENARIOS.glob("*.yaml"))
BASE = """\
title: Small town
start: 2011-04
horizon_months: 30
roster: town.csv
funding: {earmark_gbp_per_year: 120_000, ses_gbp_per_year: 1_250_000}
run: {replications: 1000, seed: 1, parameters: central}
"""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A folder with base.yaml over a town of eighteen schools in three communities."""
    rows = ["urn,school,phase,pupils,learning_community"]
    for place, name in enumerate(("Ash", "Birch", "Cedar")):
        rows.append(f"{1000 + place},{name} High,secondary,1000,{name}")
        rows += [f"{2000 + 10 * place + n},{name} {n},primary,200,{name}" for n in range(5)]
    (tmp_path / "town.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (tmp_path / "base.yaml").write_text(BASE, "utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def _few_futures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_PILOTS", (32,))


def child(folder: Path, text: str, name: str = "child", parent: str = "base") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(f"extends: {parent}.yaml\n{text}\n", "utf-8")
    return path


def checked(path: Path) -> DeepCheck:
    return check_deep(load_scenario(path))


@lru_cache(maxsize=8)
def _checked(path: Path, _text: str) -> DeepCheck:
    return checked(path)


def findings(path: Path, check: str, verdict: str = "look here") -> list[str]:
    return [
        finding.sentence
        for finding in _checked(path, path.read_text("utf-8")).findings
        if (finding.check, finding.verdict) == (check, verdict)
    ]


def pair_of(scenario: Scenario, parent: Scenario, futures: int = 8) -> Pair:
    """The scenario's only override, simulated."""
    policy = scenario.policy
    end = policy.start + policy.horizon_months
    ours, theirs = (settings_of(each, policy.start, end) for each in (scenario, parent))
    (change,) = overrides(ours, theirs, policy.start)
    undone = policy_of(without(change, ours, theirs), policy)
    given, other = (
        simulate_block(each, scenario.roster, 1, range(futures)) for each in (policy, undone)
    )
    return Pair(change, policy, given, other)


# taking a scenario apart


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_scenario_taken_apart_and_put_together_is_the_same_policy(path):
    policy = load_scenario(path).policy
    settings = settings_of(load_scenario(path), policy.start, policy.start + policy.horizon_months)
    assert policy_of(settings, policy) == policy


def test_undoing_every_override_leads_back_to_the_parent(town):
    text = """
agreement: {length_months: 36}
climate: {conversion: table, opening_pct_per_month: {primary: [1], secondary: [1], special: [0]}}
cohesion: {weights: {stability: 0.3}}
parameters: {b_price: 0.2}
timeline:
  - {from: 2012-01, set: {funding.subscription_gbp_per_pupil: 3}}
  - {from: 2013-01, set: {funding.subscription_gbp_per_pupil: 6, climate.conversion: flat}}
"""
    scenario, parent = load_scenario(child(town, text)), load_scenario(town / "base.yaml")
    start, end = scenario.policy.start, scenario.policy.start + 30
    ours, theirs = settings_of(scenario, start, end), settings_of(parent, start, end)
    changes = overrides(ours, theirs, start)
    assert [change.words for change in changes] == [
        "agreement.length_months: 24 → 36 months",
        "climate.conversion: uncertain → a table of its own",
        "cohesion.weights: stability 0.15 → 0.3",
        "parameters.b_price: as in the register → 0.2",
        "funding.subscription_gbp_per_pupil: £0 → £3 per pupil a year, from January 2012",
        "funding.subscription_gbp_per_pupil: £3 → £6 per pupil a year, from January 2013",
        "climate.conversion: a table of its own → flat, from January 2013",
    ]
    for change in changes:
        ours = without(change, ours, theirs)
    assert policy_of(ours, scenario.policy) == parent.policy


def test_what_a_parents_timeline_did_and_the_childs_does_not_is_an_override(town):
    dated = "timeline: [{from: 2012-04, set: {funding.subscription_gbp_per_pupil: 3}}]"
    child(town, dated, "dated")
    scenario = load_scenario(child(town, "timeline: []", parent="dated"))
    (change,) = (pair_of(scenario, load_scenario(town / "dated.yaml"), 2).override.words,)
    assert change == "funding.subscription_gbp_per_pupil: £3 → £0 per pupil a year, from April 2012"


# an override that changes nothing


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "agreement: {length_months: 36, renewal_months: 24}",
            "agreement.renewal_months: 12 → 24 months changes nothing in any of 32 futures: the "
            "first agreement covers every year for which one could be offered.",
        ),
        ("agreement: {governance_settled_months: 3}", "is settled by the first"),
        (
            "agreement: {length_months: 0, later_offers: false, renewal_months: 24}",
            "no agreement is offered after the first",
        ),
        ("parameters: {forum: hears}", "it is the model's own rule"),
        (
            "partnership: false\nparameters: {guarantee: none}",
            "what the rule is about does not come to pass in this run",
        ),
        ("partnership: false\nagreement: {quorum: 0.6}", "there is no partnership"),
        (
            "timeline: [{from: 2013-05, set: {funding.earmark_gbp_per_year: 0}}]",
            "no April follows before the end of the run",
        ),
        (
            "timeline: [{from: 2012-05, set: {external.market_quality: 0.5}}]",
            "external.market_quality: 50% of need met as before, from May 2012, changes nothing in "
            "any of 32 futures: the value holds already.",
        ),
        ("parameters: {b_price: 0.15}", "a run with central parameters has anyway"),
        ("parameters: {endowment_success: 0.031}\nfunding: {endowment: none}", "depends on it"),
    ],
)
def test_an_override_that_changes_nothing_is_found_and_told_why(town, text, why):
    (found,) = findings(child(town, text), "overrides")
    assert why in found


def test_an_override_that_changes_much_is_right(town):
    path = child(town, "agreement: {length_months: 12, renewal_months: 24}")
    assert findings(path, "overrides") == []
    assert len(findings(path, "overrides", "right")) == 2


def test_an_override_that_changes_one_account_only_is_worth_a_note(town):
    (found,) = findings(child(town, "cohesion: {weights: {stability: 0.3}}"), "overrides", "note")
    assert "changes only “weighted geometric mean of the five components”" in found


# levers outside the evidence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "agreement: {length_months: 60}",
            "agreement.length_months: 60 months is outside what evidence has met, 12 to 36 months",
        ),
        (
            "timeline: [{from: 2012-04, set: {funding.earmark_gbp_per_year: 900_000}}]",
            "£900,000 a year from April 2012 is outside what evidence has met, £0 to £860,000",
        ),
        (
            "force_parameters: true\nparameters: {b_price: 0.4}",
            "parameters.b_price: 0.4 is outside",
        ),
    ],
)
def test_a_lever_outside_its_evidence_is_found(town, text, said):
    (found,) = findings(child(town, text), "evidence")
    assert said in found


def test_levers_inside_their_evidence_are_right_up_to_its_edge(town):
    path = child(town, "agreement: {length_months: 36, academies_may_join: false}")
    assert findings(path, "evidence") == []


def test_a_lever_outside_its_evidence_is_found_where_it_is_inherited(town):
    child(town, "agreement: {length_months: 60}", "long")
    (found,) = findings(child(town, "agreement: {quorum: 0.6}", parent="long"), "evidence")
    assert "60 months" in found


# stated directions


def test_a_dearer_subscription_keeps_schools_away_as_stated(town):
    path = child(town, "funding: {subscription_gbp_per_pupil: 12}")
    (found,) = findings(path, "directions", "right")
    assert "moves outcomes as stated: schools in the partnership" in found
    assert "fewer" in found
    assert findings(path, "directions") == []


def _turned(monkeypatch: pytest.MonkeyPatch) -> None:
    turned = {
        row.path: replace(
            row, directions=tuple(replace(each, sign=-each.sign) for each in row.directions)
        )
        for row in LEVERS.values()
    }
    monkeypatch.setattr(guard_directions, "LEVERS", turned)


def test_an_outcome_that_moves_against_its_stated_direction_is_found(town, monkeypatch):
    _turned(monkeypatch)
    (found,) = findings(child(town, "funding: {subscription_gbp_per_pupil: 12}"), "directions")
    assert "moves schools in the partnership the wrong way" in found
    assert "where more is stated" in found


def test_a_move_the_wrong_way_that_other_futures_do_not_repeat_is_luck(town, monkeypatch):
    _turned(monkeypatch)
    path = child(town, "funding: {subscription_gbp_per_pupil: 12}")
    scenario, parent = load_scenario(path), load_scenario(town / "base.yaml")
    pair = pair_of(scenario, parent, 32)
    swapped = replace(pair, given=pair.undone, undone=pair.given)
    assert [each.passed for each in directions(pair, lambda: pair)] == [False]
    assert [each.passed for each in directions(pair, lambda: swapped)] == [True]


def test_every_stated_direction_names_a_metric_that_exists_and_none_twice():
    for row in LEVERS.values():
        metrics = [each.metric for each in row.directions]
        assert len(set(metrics)) == len(metrics) <= 4, row.path
        assert set(metrics) <= set(METRICS), row.path


TABLE = "climate: {conversion: table, opening_pct_per_month: "


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        ("funding: {endowment: none}", "funding: {endowment: won}", {"fund": 1, "unmet_days": -1}),
        ("funding: {subscription_gbp_per_pupil: 1}", "funding: {endowment: bid}", {}),
        ("climate: {conversion: flat}", "climate: {conversion: surge}",
         {"conversions": 1, "erosion": 1}),
        ("climate: {conversion: surge}", "climate: {conversion: observed}", {}),
        (TABLE + "{primary: [1, 1], secondary: [1], special: [1]}}",
         TABLE + "{primary: [0, 2], secondary: [1], special: [1]}}", {}),
        (TABLE + "{primary: [1, 1], secondary: [1], special: [1]}}",
         TABLE + "{primary: [2], secondary: [1], special: [1]}}", {}),
        ("funding: {service_money: observed}", "funding: {service_money: 300}", {}),
        ("funding: {forum_delegates_from: 2012-04}", "funding: {forum_delegates_from: 2013-04}",
         {"fund": 1}),
        ("agreement: {length_months: 0, later_offers: true}", "agreement: {length_months: 12}",
         {"cover_months": 1}),
        ("agreement: {length_months: 12}", "agreement: {length_months: 24}",
         {"cover_months": 1, "lapsed": -1}),
        ("agreement: {later_offers: false}", "agreement: {later_offers: true}",
         {"cover_months": 1}),
        ("support: {weakest_first_share: 0.2}", "support: {weakest_first_share: 0.8}",
         {"unmet_days": -1}),
        ("funding: {council_cut_pct_per_year: 5}", "funding: {council_cut_pct_per_year: 15}",
         {"ses": -1, "unmet_days": 1}),
        ("funding: {council_cut_pct_per_year: 5}",
         "funding: {council_cut_pct_per_year: uncertain}", {}),
        ("partnership: false", "partnership: true", {"unmet_days": -1, "connectedness": 1}),
    ],
)  # fmt: skip
def test_directions_are_stated_only_where_two_values_can_be_ranked(town, before, after, moves):
    first, second = load_scenario(child(town, before, "a")), load_scenario(child(town, after, "b"))
    start, end = first.policy.start, first.policy.start + 30
    changes = overrides(settings_of(second, start, end), settings_of(first, start, end), start)
    found = [each for change in changes for each in stated(change)]
    assert {direction.metric: sign for direction, sign in found} == moves


# the file as a whole


def test_a_scenario_without_parent_is_held_against_the_usual_values(town):
    done = checked(town / "base.yaml")
    assert done.against == "the usual value of every field"
    assert any(
        "earmark_gbp_per_year: £750,000 → £120,000" in each.sentence for each in done.findings
    )


def test_a_parent_that_is_no_whole_scenario_is_no_baseline(town):
    (town / "part.yaml").write_text("agreement: {length_months: 12}\n", "utf-8")
    whole = child(town, BASE.replace("title: Small town\n", ""), parent="part")
    assert checked(whole).against.startswith("the usual values, since the file it extends")


def test_a_longer_run_is_compared_with_the_parent_over_its_own_months(town):
    done = checked(child(town, "horizon_months: 36\nagreement: {length_months: 36}"))
    assert done.against == "base.yaml on this file's months and schools"
    assert done.passed


def test_a_file_that_changes_nothing_says_so(town):
    (only,) = findings(child(town, "title: The same"), "overrides", "note")
    assert only.startswith("The file changes no lever and no parameter")


def test_the_answer_comes_first_and_what_to_look_at_on_top_of_the_table(town):
    done = checked(child(town, "agreement: {length_months: 60}"))
    assert not done.passed
    report = deep_report(done)
    assert report.title == "Does the file do what it should?"
    assert report.subtitle == "Child, against base.yaml; 32 futures"
    for width in (WIDTH, NARROWEST):
        lines = [line.text for line in first_screen(report, width)]
        assert any(line.startswith("child.yaml: look at 1 of ") for line in lines)
        assert max(map(len, lines)) <= width
    assert report.table.cells[0][:2] == ("evidence", "look here")


def test_findings_are_the_same_every_time(town):
    path = child(town, "agreement: {length_months: 36}")
    assert checked(path).findings == checked(path).findings
