"""What a sound scenario is told: money a pupil, an end by rule, what means something else."""

import pytest

from rsip_sim.scenario import load_scenario
from rsip_sim.scenario.notices import ends_by_rule, notices, notices_of, own_money_gbp
from tests.fakes.scenario_files import SCENARIOS, write


def told(tmp_path, text):
    return "\n".join(notices_of(load_scenario(write(tmp_path, text))))


def test_earmark_and_service_are_told_a_pupil(tmp_path):
    scenario = load_scenario(write(tmp_path, ""))
    pupils = int(scenario.roster.pupils.sum())
    assert f"£{750_000 / pupils:,.2f} a pupil of all schools" in told(tmp_path, "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "agreement: {length_months: 0, later_offers: true}\n",
            "a length of 0 is no agreement to begin with; the partnership may be offered one",
        ),
        (
            "agreement: {length_months: 0, later_offers: false}\n",
            "a length of 0 is no agreement to begin with; the partnership never has one",
        ),
        ("partnership: false\n", "schools get the earmark of £750,000 a year themselves"),
        ("funding: {council_cut_pct_per_year: 8.5}\n", "is of the School Effectiveness Service"),
        (
            "timeline: [{from: 2013-04, set: {funding.council_cut_pct_per_year: 12}}]\n",
            "the cut of 12% a year is of the School Effectiveness Service alone",
        ),
        ("funding: {earmark_gbp_per_year: 40_000}\n", "it ends at the second April by rule"),
    ],
)
def test_what_means_something_else_now_is_said(text, words, tmp_path):
    assert words in told(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "agreement: {length_months: 24}\n",
        "partnership: false\nfunding: {earmark_gbp_per_year: 0}\n",
        "funding: {council_cut_pct_per_year: uncertain}\n",
    ],
)
def test_what_means_what_it_says_is_not_talked_about(text, tmp_path):
    said = told(tmp_path, text)
    for words in ("length of 0", "themselves", "by rule"):
        assert words not in said
    assert ("of the School Effectiveness Service alone" in said) == ("uncertain" not in text)


def test_a_late_start_is_told_what_it_carries_from_2011(tmp_path):
    base = "title: Late\nstart: 2017-04\nhorizon_months: 24\nroster: rotherham_2011\n"
    table = "{primary: [0.1], secondary: [0.2], special: [0.1]}"
    text = f"climate: {{conversion: table, opening_pct_per_month: {table}}}\n"
    scenario = load_scenario(write(tmp_path, text, base=base))
    assert any("still carries from 2011" in each for each in notices_of(scenario))


def test_own_money_counts_subscriptions_and_the_threshold_may_be_held_or_switched_off(tmp_path):
    poor = "funding: {earmark_gbp_per_year: 40_000}\n"
    paying = "funding: {earmark_gbp_per_year: 40_000, subscription_gbp_per_pupil: 1}\n"
    scenario = load_scenario(write(tmp_path, paying))
    assert own_money_gbp(scenario) == 40_000 + int(scenario.roster.pupils.sum())
    assert ends_by_rule(load_scenario(write(tmp_path, poor)))
    assert not ends_by_rule(scenario)
    for text in ("ending_threshold_gbp: 30_000", "ending: never_for_money"):
        held = load_scenario(write(tmp_path, f"{poor}parameters: {{{text}}}\n"))
        assert not ends_by_rule(held)
    assert not ends_by_rule(load_scenario(write(tmp_path, f"{poor}partnership: false\n")))


def test_groups_of_schools_that_no_reader_tells_apart_are_told(tmp_path):
    """Schools of one diocese, written in two ways, move as two without a word."""
    header = "urn,school,phase,pupils,learning_community,diocese\n"
    rows = (
        "1,Ash,primary,200,North,Diocese of York\n2,Beech,primary,90,north,Diocese of York\n"
        "3,Cedar,primary,90,South,Diocese  Of York\n4,Dale,primary,90,South,\n"
    )
    (tmp_path / "own.csv").write_text(header + rows)
    base = "title: Own\nstart: 2011-04\nhorizon_months: 24\nroster: own.csv\n"
    found = notices_of(load_scenario(write(tmp_path, "", base=base)))
    alike = [each for each in found if "no reader tells apart" in each]
    assert [each.partition(":")[0] for each in alike] == ["learning_community", "diocese"]
    assert "'North' and 'north' are two" in alike[0]


def test_of_several_files_the_sound_ones_are_told_by_name(tmp_path):
    shipped = SCENARIOS / "two_year.yaml"
    lines = notices([shipped, tmp_path / "none.yaml"])
    assert lines
    assert all(line.startswith(f"{shipped}: ") for line in lines)
