"""How one scenario differs from another, in words a planner would use."""

from rsip_sim.evidence.register import load_register
from rsip_sim.scenario import differences, load_scenario
from tests.fakes.scenario_files import BASE, write

B_PRICE = load_register()["b_price"]


def sentences(tmp_path, text, base=BASE):
    (tmp_path / "first.yaml").write_text(base, "utf-8")
    first = load_scenario(tmp_path / "first.yaml")
    return [each.sentence for each in differences(first, load_scenario(write(tmp_path, text)))]


def test_a_scenario_does_not_differ_from_itself_nor_by_its_title(tmp_path):
    assert sentences(tmp_path, "title: Another\nrun: {seed: 5, replications: 7}\n") == []


def test_an_amount_has_its_unit_and_the_month_from_which_it_holds(tmp_path):
    assert sentences(tmp_path, "funding: {earmark_gbp_per_year: 375_000}\n") == [
        "Partnership earmark: £750,000 → £375,000 a year, from April 2011"
    ]


def test_the_parts_of_a_difference_agree_with_its_sentence(tmp_path):
    first = load_scenario(write(tmp_path, ""))
    changed = load_scenario(write(tmp_path, "agreement: {length_months: 36}\n"))
    [found] = differences(first, changed)
    assert (found.field, found.label) == ("agreement.length_months", "Agreement length")
    assert (found.old, found.new) == (24, 36)


def test_a_change_on_the_timeline_is_dated_by_its_month(tmp_path):
    text = "timeline: [{from: 2013-09, set: {external.market_quality: 0.8}}]\n"
    assert sentences(tmp_path, text) == [
        "Quality of outside support: 50% → 80% of need met, from September 2013"
    ]


def test_a_difference_that_ends_is_said_to_end(tmp_path):
    text = (
        "timeline:\n  - {from: 2012-04, set: {agreement.quorum: 0.4}}\n"
        "  - {from: 2013-04, set: {agreement.quorum: 0.5}}\n"
    )
    assert sentences(tmp_path, text) == [
        "Quorum: 50% → 40% of pupils, from April 2012",
        "Quorum: back to 50% of pupils, from April 2013",
    ]


def test_a_value_that_is_set_again_is_not_told_again(tmp_path):
    text = (
        "timeline:\n  - {from: 2012-04, set: {agreement.quorum: 0.4}}\n"
        "  - {from: 2013-04, set: {agreement.quorum: 0.4}}\n"
    )
    assert sentences(tmp_path, text) == ["Quorum: 50% → 40% of pupils, from April 2012"]


def test_a_change_that_the_baseline_makes_too_is_no_difference(tmp_path):
    text = "timeline: [{from: 2012-04, set: {agreement.quorum: 0.4}}]\n"
    assert sentences(tmp_path, text, BASE + text) == []


def test_a_change_that_only_the_baseline_makes_is_a_difference(tmp_path):
    text = "timeline: [{from: 2012-04, set: {agreement.quorum: 0.4}}]\n"
    assert sentences(tmp_path, "", BASE + text) == ["Quorum: 40% → 50% of pupils, from April 2012"]


def test_words_stand_for_what_has_no_number(tmp_path):
    text = (
        "partnership: false\nhorizon_months: 78\n"
        "agreement: {academies_may_join: false, reviews_per_year: 1}\n"
        "funding: {service_money: 450, endowment: won, forum_delegates_from: 2013-04}\n"
        "climate: {conversion: observed}\ncohesion: {weights: {stability: 0}}\n"
        "parameters: {b_price: 0.2}\nrun: {parameters: central}\n"
    )
    assert sentences(tmp_path, text) == [
        "School improvement partnership: yes → no",
        "Length of the run: 60 → 78 months",
        "Cohesion weight of stability: 0.15 → 0",
        "Parameters: uncertain → central",
        "Scrutiny reviews: 2 → 1 review a year, from April 2011",
        "Academies may be members: yes → no, from April 2011",
        "Service money to academies: as observed → £450 per pupil a year, from April 2011",
        "Endowment Fund bid: decided by chance → won, from April 2011",
        "Forum delegates the earmark: never → April 2013",
        "National climate: uncertain → as observed, from April 2011",
        f"{B_PRICE.label}: as in the register → 0.2 ({B_PRICE.unit})",
    ]
