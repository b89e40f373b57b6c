"""A scenario with other values: what a study does to a planner's file, and what it may not do."""

from __future__ import annotations

import numpy as np
import pytest

from rsip_sim.scenario import ChangeError, load_scenario, resolved_yaml, with_values
from rsip_sim.scenario.changing import changeable_fields, value_problems
from rsip_sim.scenario.loading import with_values_from
from rsip_sim.scenario.reading import Document
from rsip_sim.scenario.settings import differences
from tests.fakes.scenario_files import SCENARIOS


def shipped(name: str):
    return load_scenario(SCENARIOS / f"{name}.yaml")


def test_only_the_field_changes_and_the_words_say_so() -> None:
    before = shipped("two_year")
    after = before.changed({"agreement.length_months": 48}, "Four years", "four_year")
    assert [each.sentence for each in differences(before, after)] == [
        "Agreement length: 24 → 48 months, from April 2011"
    ]
    assert (after.name, after.title) == ("four_year", "Four years")
    assert after.roster is before.roster
    assert before.policy.levers.agreement.length_months == 24


def test_the_value_holds_throughout_whatever_the_timeline_said() -> None:
    before = shipped("subscription_funded")  # whose earmark falls in steps
    after = with_values(before, {"funding.earmark_gbp_per_year": 500_000.0})
    levers = [after.policy.levers, *(each for _, each in after.policy.changes)]
    assert {each.funding.earmark_gbp_per_year for each in levers} == {500_000.0}
    prices = {each.funding.subscription_gbp_per_pupil for each in levers}
    assert len(prices) == len(levers) > 1  # the rest of the timeline stays


def test_what_is_made_is_a_file_like_any_other(tmp_path) -> None:
    made = with_values(shipped("two_year"), {"parameters.b_secure": 2.0, "partnership": True})
    path = tmp_path / "made.yaml"
    path.write_text(resolved_yaml(made), encoding="utf-8")
    assert load_scenario(path).policy == made.policy


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"funding.earmark": 1}, "did you mean 'funding.earmark_gbp_per_year'?"),
        ({"earmark_gbp_per_year": 1}, "did you mean 'funding.earmark_gbp_per_year'?"),
        ({"parameters.bsecure": 1}, "did you mean 'parameters.b_secure'?"),
        ({"agreement.length_months": 24.5}, "'24.5' is not a whole number"),
        ({"agreement.length_months": 500}, "500 is too large; from 0 to 120 months"),
        ({"parameters.b_secure": 50}, "parameters.b_secure: 50 is outside the evidence"),
        (
            {"agreement.school_commitment_months": 48},
            "schools would be tied for 48 months to an agreement of 24 months",
        ),
        (
            {"funding.traded_income": True},
            "funding.traded_income has gone: spare days of lead schools are no longer sold by "
            "themselves; write support: {sold_beyond_share: …}, or delete the line",
        ),
        ({"parameters.council_loss_share": 0.5}, "has gone: the service shrinks with the pupils"),
        ({"climate.conversion": "tabel"}, "climate.conversion: 'tabel' is not understood"),
    ],
)
def test_what_a_scenario_cannot_be_is_told_in_words(values, message) -> None:
    with pytest.raises(ChangeError, match=None) as caught:
        with_values(shipped("two_year"), values)
    text = str(caught.value)
    assert message in text
    assert not text.startswith(":")  # no place of a file that nobody wrote


def test_every_changeable_field_can_be_set_to_what_it_is() -> None:
    scenario = shipped("white_paper_2016")
    for path in changeable_fields():
        if path.startswith("parameters.") or path == "climate.opening_pct_per_month":
            continue
        section, _, leaf = path.rpartition(".")
        held = scenario.resolved[section] if section else scenario.resolved
        assert with_values(scenario, {path: held[leaf]}).policy == scenario.policy


def test_from_a_month_on_new_values_hold_and_later_ones_of_the_timeline_do_not() -> None:
    before = shipped("subscription_funded")  # April 2012: £500,000 and £2, April 2013: £250,000, £5
    after = with_values_from(
        before, before.policy.start + 18, {"funding.earmark_gbp_per_year": 400_000}
    )
    earmarks = {
        month: levers.funding.earmark_gbp_per_year for month, levers in after.policy.changes
    }
    assert earmarks == {12: 500_000, 18: 400_000, 24: 400_000}
    prices = [levers.funding.subscription_gbp_per_pupil for _, levers in after.policy.changes]
    assert prices == [2, 2, 5]
    assert after.policy.levers == before.policy.levers


def test_a_value_from_the_month_of_another_change_joins_it() -> None:
    before = shipped("subscription_funded")
    after = with_values_from(before, before.policy.start + 12, {"agreement.length_months": 48})
    assert [month for month, _ in after.policy.changes] == [12, 24]
    first = after.policy.changes[0][1]
    assert (first.agreement.length_months, first.funding.earmark_gbp_per_year) == (48, 500_000)


@pytest.mark.parametrize("path", ["parameters.b_secure", "partnership"])
def test_what_is_no_lever_cannot_change_from_a_month_on(path) -> None:
    before = shipped("two_year")
    with pytest.raises(ChangeError, match="cannot change during a run"):
        with_values_from(before, before.policy.start + 12, {path: 1})


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("agreement.length_months", "2 years", "write 24"),
        ("funding.endowment", "wn", "none, bid or won"),
        ("parameters.b_secure", 40, "from 0 to 3"),
        ("partnership", "no", "write false"),
        ("cohesion.associate_weight", 4, "from 0 to 1"),
    ],
)
def test_one_value_by_itself_is_checked_like_that_of_a_file(path, value, message) -> None:
    document = Document({})
    (problem,) = value_problems(path, value, document, ("levers", path, 0))
    assert message in str(problem.fault(document))
    assert not value_problems("agreement.length_months", 24, document, ("levers",))


def test_a_forced_parameter_may_leave_the_evidence_and_not_the_bounds() -> None:
    document = Document({})
    assert not value_problems("parameters.b_secure", 9, document, (), force=True)
    assert value_problems("parameters.b_secure", 11, document, (), force=True)


def test_a_changed_scenario_says_what_is_changed_and_can_stand_beside_the_first():
    scenario = load_scenario(SCENARIOS / "two_year.yaml")
    changed = scenario.changed({"agreement.length_months": np.int64(18)})
    assert changed.policy.levers.agreement.length_months == 18
    assert changed.name == "two_year_length_months_18"
    assert changed.title == "Two-year agreement (Agreement length: 18 months)"
    assert changed.brief == "18 months"
    assert changed.resolved["title"] == changed.title
    assert scenario.policy.levers.agreement.length_months == 24, "the first is as it was"
    named = scenario.changed({"agreement.length_months": 18}, title="Half a year less", name="less")
    assert (named.name, named.title, named.brief) == ("less", *["Half a year less"] * 2)


def test_every_fault_of_a_change_is_told_at_once_with_the_nearest_name():
    scenario = load_scenario(SCENARIOS / "two_year.yaml")
    with pytest.raises(ChangeError) as caught:
        scenario.changed({"agreement.lenght_months": 18, "earmark_gbp_per_year": 1, 3: 4})
    first, second, third = map(str, caught.value.faults)
    assert "did you mean 'agreement.length_months'?" in first
    assert "did you mean 'funding.earmark_gbp_per_year'?" in second
    assert "'3'" in third


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 18.5, "long", None, [18], 500, -1])
def test_a_value_that_no_scenario_could_have_is_refused_in_words(value):
    scenario = load_scenario(SCENARIOS / "two_year.yaml")
    with pytest.raises(ChangeError, match=r"agreement\.length_months: .*from 0 to 120 months"):
        scenario.changed({"agreement.length_months": value})


@pytest.mark.parametrize("name", ["", " x", "a/b", "..", "a\nb"])
def test_a_name_that_can_be_no_folder_is_refused(name):
    with pytest.raises(ChangeError, match="cannot name a scenario"):
        load_scenario(SCENARIOS / "two_year.yaml").changed({}, name=name)
