"""Dated changes of policy: what may change, when, and what is then in force."""

import pytest

from rsip_sim.scenario import check, load_scenario
from rsip_sim.scenario.names import lever_paths
from tests.fakes.scenario_files import BASE, write

CHANGES = """\
timeline:
  - from: 2013-04
    set: {funding.earmark_gbp_per_year: 0}
  - from: 2012-04
    set:
      funding.subscription_gbp_per_pupil: 2
      agreement: {quorum: 0.4}
"""


def test_changes_hold_from_their_month_on_and_add_up_in_order_of_month(tmp_path):
    policy = load_scenario(write(tmp_path, CHANGES)).policy
    seen = [
        (month, step.funding.earmark_gbp_per_year, step.funding.subscription_gbp_per_pupil)
        for month, step in policy.changes
    ]
    assert seen == [(12, 750_000, 2), (24, 0, 2)]
    assert [step.agreement.quorum for _, step in policy.changes] == [0.4, 0.4]
    assert policy.levers.agreement.quorum == 0.5


def test_two_entries_of_one_month_are_one_change(tmp_path):
    text = (
        "timeline:\n"
        "  - {from: 2012-04, set: {agreement.quorum: 0.4}}\n"
        "  - {from: 2012-04, set: {external.market_quality: 0.7}}\n"
    )
    [(month, levers)] = load_scenario(write(tmp_path, text)).policy.changes
    assert (month, levers.agreement.quorum, levers.external.market_quality) == (12, 0.4, 0.7)


@pytest.mark.parametrize("path", lever_paths())
def test_every_lever_may_change(path, tmp_path):
    values = {
        "agreement.renewal": "certain",
        "funding.service_money": "observed",
        "funding.endowment": "won",
        "funding.forum_delegates_from": "2013-04",
        "climate.conversion": "flat",
        "climate.opening_pct_per_month": "{primary: [1], secondary: [1], special: [1]}",
        "agreement.academies_may_join": "false",
        "agreement.later_offers": "false",
        "funding.line": "dedelegated",
        "support.weakest_first_share": "1",
        "support.sold_beyond_share": "0.2",
        "agreement.quorum": "0.4",
        "agreement.reviews_per_year": "4",
        "agreement.school_commitment_months": "3",
        "external.market_quality": "0.4",
        "funding.ses_capacity_share": "0.2",
        "funding.dsg_gbp_per_pupil": "4800",
    }
    extra = ", climate.conversion: table" * path.endswith("opening_pct_per_month")
    text = f"timeline: [{{from: 2013-04, set: {{{path}: {values.get(path, '12')}{extra}}}}}]\n"
    assert check([write(tmp_path, text)]) == []


@pytest.mark.parametrize("month", ["2011-04", "2011-03", "2016-04", "2030-01"])
def test_a_change_must_fall_after_the_start_and_before_the_end(month, tmp_path):
    text = f"timeline: [{{from: {month}, set: {{agreement.quorum: 0.4}}}}]\n"
    [fault] = check([write(tmp_path, text)])
    assert "outside the run" in fault.message


@pytest.mark.parametrize(("month", "number"), [("2011-05", 1), ("2016-03", 59)])
def test_the_first_and_the_last_month_in_which_a_change_may_fall(month, number, tmp_path):
    text = f"timeline: [{{from: {month}, set: {{agreement.quorum: 0.4}}}}]\n"
    assert load_scenario(write(tmp_path, text)).policy.changes[0][0] == number


def test_a_change_is_not_called_outside_a_run_whose_length_is_itself_at_fault(tmp_path):
    text = "horizon_months: many\ntimeline: [{from: 2020-04, set: {agreement.quorum: 0.4}}]\n"
    [fault] = check([write(tmp_path, text)])
    assert fault.field == "horizon_months"


def test_a_change_that_ties_schools_beyond_the_agreement_is_refused_where_it_is_made(tmp_path):
    base = BASE + "agreement: {length_months: 24, school_commitment_months: 24}\n"
    text = "timeline: [{from: 2012-04, set: {agreement.length_months: 12}}]\n"
    [fault] = check([write(tmp_path, text, base=base)])
    assert fault.field == "timeline.set.agreement.length_months"
    assert "24 months" in fault.message


def test_a_climate_table_becomes_pairs_of_phase_and_openings(tmp_path):
    text = (
        "climate: {conversion: table, "
        "opening_pct_per_month: {special: [0.1], primary: [0.2, 0.3], secondary: [1]}}\n"
    )
    climate = load_scenario(write(tmp_path, text)).policy.levers.climate
    assert climate.opening_pct_per_month == (
        ("primary", (0.2, 0.3)),
        ("secondary", (1.0,)),
        ("special", (0.1,)),
    )


def test_null_drops_the_table_of_a_parent(tmp_path):
    table = "{primary: [1], secondary: [1], special: [1]}"
    base = BASE + f"climate: {{conversion: table, opening_pct_per_month: {table}}}\n"
    text = "climate: {conversion: flat, opening_pct_per_month: null}\n"
    assert check([write(tmp_path, text, base=base)]) == []
