"""Single values: what is read as a number, a word, a month or a parameter, and what is not."""

import pytest

from rsip_sim.evidence.register import load_register
from rsip_sim.scenario import check, load_scenario
from tests.fakes.scenario_files import write

B_PRICE = load_register()["b_price"]


def message(tmp_path, text):
    [fault] = check([write(tmp_path, text)])
    return f"{fault.message}; {fault.allowed}"


@pytest.mark.parametrize(
    "written", ["750000", "750_000", "750000.0", "7.5e5", "+750000", "0750000"]
)
def test_one_amount_may_be_written_in_several_ways(written, tmp_path):
    path = write(tmp_path, f"funding: {{earmark_gbp_per_year: {written}}}\n")
    assert load_scenario(path).policy.levers.funding.earmark_gbp_per_year == 750_000.0


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("£750,000", "write 750000 or 750_000"),
        ("'750,000'", "write 750000 or 750_000"),
        ("£ 0.75m", "write 750000 or 750_000"),
        ("£750k a year", "write 750000 or 750_000"),
        ("1.5 million", "write 1500000 or 1_500_000"),
        ("750 000", "write 750000 or 750_000"),
        ("£5", "write 5"),
        ("750 guineas", "a number from 0 to 10_000_000 (£ a year)"),
        ("two thirds", "a number from 0 to 10_000_000 (£ a year)"),
    ],
)
def test_an_amount_as_people_write_it_is_answered_with_how_to_write_it_here(
    written, advice, tmp_path
):
    assert message(tmp_path, f"funding:\n  earmark_gbp_per_year: {written}\n").endswith(advice)


@pytest.mark.parametrize(
    ("written", "advice"), [("2 years", "write 24"), ("24 months", "write 24")]
)
def test_a_length_in_years_is_answered_in_months(written, advice, tmp_path):
    assert message(tmp_path, f"agreement: {{length_months: {written}}}\n").endswith(advice)


def test_whole_numbers_are_not_guessed_from_text_truth_or_fractions(tmp_path):
    for written in ('"24"', "true", "24.0", "24.5", "[24]", "{a: 24}", "~", "1e400", "-.inf"):
        assert message(tmp_path, f"agreement: {{length_months: {written}}}\n")


@pytest.mark.parametrize("written", ["NO", "yes", "on", "Off", '"yes"', "1"])
def test_truth_is_written_true_or_false(written, tmp_path):
    text = message(tmp_path, f"agreement: {{academies_may_join: {written}}}\n")
    assert "is not true or false; write" in text


@pytest.mark.parametrize("number", ["9" * 400, "1" * 5000, "1e999999999"])
def test_a_number_beyond_all_measure_is_a_fault_like_any_other(number, tmp_path):
    assert "agreement" in str(check([write(tmp_path, f"agreement: {{quorum: {number}}}\n")])[0])
    assert check([write(tmp_path, f"run: {{seed: {number}}}\n")])


def test_service_money_is_observed_or_an_amount(tmp_path):
    for written, value in (("observed", "observed"), ("450", 450.0)):
        path = write(tmp_path, f"funding: {{service_money: {written}}}\n")
        assert load_scenario(path).policy.levers.funding.service_money == value
    for written in ("1e9", "true", "~", "[1]", ".nan", "lots"):
        assert message(tmp_path, f"funding: {{service_money: {written}}}\n")


def test_a_parameter_inside_its_evidence_range_is_taken(tmp_path):
    policy = load_scenario(write(tmp_path, "parameters: {b_price: 0.2, b_peer: 1}\n")).policy
    assert policy.overrides == (("b_peer", 1.0), ("b_price", 0.2))


def test_a_parameter_outside_the_evidence_needs_force_and_stays_within_its_bounds(tmp_path):
    beyond = B_PRICE.high * 2
    assert "force_parameters" in message(tmp_path, f"parameters: {{b_price: {beyond}}}\n")
    path = write(tmp_path, f"parameters: {{b_price: {beyond}}}\nforce_parameters: true\n")
    assert load_scenario(path).policy.overrides == (("b_price", beyond),)
    text = f"parameters: {{b_price: {B_PRICE.maximum + 1}}}\nforce_parameters: true\n"
    assert "outside the bounds" in message(tmp_path, text)


def test_a_no_break_space_before_a_number_is_no_mystery(tmp_path):
    assert message(tmp_path, "agreement: {length_months: \N{NO-BREAK SPACE}24}\n").endswith(
        "write 24"
    )


def test_the_order_of_faults_is_that_of_the_lines(tmp_path):
    text = "parameters: {b_prise: 1}\nzebra: 1\nfunding: {endowment: x}\nstart: x\n"
    lines = [fault.line for fault in check([write(tmp_path, text)])]
    assert lines == [2, 3, 4, 5]


def test_no_partnership_sets_the_agreement_and_the_earmark_aside_without_a_word(tmp_path):
    path = write(tmp_path, "partnership: false\nfunding: {earmark_gbp_per_year: 750_000}\n")
    assert load_scenario(path).policy.partnership is False


def test_a_name_that_cannot_be_printed_is_one_fault_at_its_place(tmp_path):
    [fault] = check([write(tmp_path, '"\\ud800": 1\n')])
    assert (fault.line, fault.column) == (2, 1)
    assert "U+D800" in fault.message


# rules otherwise, and levers that are drawn


def test_a_rule_set_otherwise_is_part_of_the_policy_and_no_number(tmp_path):
    text = "parameters: {forum: deaf, brake: off, b_price: 0.2}\n"
    policy = load_scenario(write(tmp_path, text)).policy
    assert policy.structure == (("brake", "off"), ("forum", "deaf"))
    assert policy.overrides == (("b_price", 0.2),)


@pytest.mark.parametrize(
    "path",
    [
        "funding.council_cut_pct_per_year",
        "external.market_quality",
        "external.chain_approaches_per_year",
    ],
)
def test_what_nobody_local_chooses_may_be_uncertain_at_the_start_and_later(path, tmp_path):
    section, name = path.split(".")
    at_start = load_scenario(write(tmp_path, f"{section}: {{{name}: uncertain}}\n")).policy
    assert getattr(getattr(at_start.levers, section), name) == "uncertain"
    text = f"timeline: [{{from: 2012-04, set: {{{path}: uncertain}}}}]\n"
    [(_, later)] = load_scenario(write(tmp_path, text)).policy.changes
    assert getattr(getattr(later, section), name) == "uncertain"
    assert "too large" in message(tmp_path, f"{section}: {{{name}: 1000}}\n")
