"""The register: complete, in order, well sourced, and with ranges that mean what they say."""

import pickle
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rsip_sim.evidence import register
from rsip_sim.evidence.faults import nearest
from rsip_sim.evidence.register import (
    PATH,
    Parameter,
    RegisterError,
    load_register,
    register_from_bytes,
)
from rsip_sim.evidence.register_names import NAMES
from rsip_sim.model.policy import DRAWN

CONSTANTS = """
kappa_primary kappa_secondary kappa_special pipeline_months_median pipeline_months_sigma
grade_multiplier_2 type_secondary_vc political_multiplier net_gain_share eta_phase_correlation
conversion_taste_sd climate_months rebound_months trust_on_secondary trust_active_months
chain_active_months contagion_months order_correlation outsider_inertia_extra adequacy_reference
confidence_reference market_reference peer_reference inspection_rate regrade_from_1 regrade_from_2
regrade_from_3 regrade_from_4 start_grade_shares fall_effect_sd tilt_reference need_days post_gbp
post_days capacity_share_reference fund_fixed_gbp fund_reference_gbp external_day_gbp
lead_offer_start lead_offer_gain lead_months
unit_primary_gbp unit_secondary_gbp unit_nursery_gbp unit_special_gbp unit_pru_gbp
unit_reference_gbp endowment_general_share endowment_decision_months endowment_months
renewal_participation renewal_adequacy forum_participation forum_adequacy
confidence_start confidence_gain confidence_cap confidence_exit_weight
"""

UNCERTAINTIES = """
withdrawal_share pull_probability grade_multiplier_1 grade_multiplier_3 grade_multiplier_4
type_primary_foundation type_primary_va_early type_primary_va_late type_primary_vc
type_secondary_foundation type_secondary_va contagion_same_phase contagion_other_phase
share_multiplier money_elasticity eta_sd_primary eta_sd_secondary eta_sd_special eta_fixed_share
eta_months climate_sd membership_multiplier rebound_multiplier tied_multiplier consortium_reach
trust_years_between trust_multiplier chain_multiplier chain_lone_academy_probability
order_rate_grade_4 order_rate_grade_3_primary order_rate_grade_3_secondary order_effect_sd
deficit_secondary_gbp deficit_primary_gbp deficit_special_gbp founding_maintained founding_academy
exit_yearly b_support b_price b_peer b_confidence b_secure b_market b_lock membership_taste_sd
associate_stay fall_ratio leave_ratio up_ratio in_school_share fund_day_share lead_day_gbp
lead_days_per_month recoupment_factor ses_follows_pupils ses_core_gbp buy_back_share
deficit_chance exclusion_multiplier sponsor_chain_chance forum_agreement ending_threshold_gbp
endowment_success endowment_gbp
renewal_intercept forum_intercept disposition_correlation
"""

REGISTER = load_register()
SCALARS = [each for each in REGISTER if not isinstance(each.value, tuple)]


def named(parameter: Parameter) -> str:
    return parameter.name


def test_every_name_the_model_uses_is_there_and_of_the_right_kind() -> None:
    # the levers are held to the fields of a scenario, in the tests of its schema
    assert sorted(each.name for each in REGISTER if each.kind == "constant") == sorted(
        CONSTANTS.split()
    )
    assert sorted(each.name for each in REGISTER.uncertain()) == sorted(UNCERTAINTIES.split())


def test_what_the_register_must_hold_is_what_it_holds() -> None:
    assert {*(each.name for each in REGISTER), *REGISTER.structures} == NAMES


def _edited(monkeypatch: pytest.MonkeyPatch, path: Path, *changes: tuple[str, str]) -> str:
    """What a reader is told who has changed the register of the package."""
    text = PATH.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(register, "PATH", path)
    load_register.cache_clear()
    try:
        with pytest.raises(RegisterError) as error:
            load_register()
    finally:
        load_register.cache_clear()
    return str(error.value)


def test_a_register_edited_by_its_reader_is_answered_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "register.yaml"
    lines = PATH.read_text(encoding="utf-8").splitlines()
    at = lines.index("- name: b_secure") + 1
    told = _edited(monkeypatch, path, ("- name: b_secure", "- name: b_secure\n  bound: 1"))
    assert told.startswith(f"{path}:{at}: entry ")
    assert "('b_secure'): unknown key 'bound'" in told
    told = _edited(monkeypatch, path, ("- name: b_secure", "- name: b_price"))
    assert told == f"{path}:{at}: 'b_price' stands twice in the register"
    told = _edited(monkeypatch, path, ("- name: b_secure", "- name: [b_secure"))
    assert told.startswith(f"{path}:")
    assert "cannot be read" in told


def test_unknown_and_missing_names_of_a_register_are_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "register.yaml"
    changes = ("- name: b_secure", "- name: b_secured"), ("- name: need_days", "- name: days")
    told = _edited(monkeypatch, path, *changes).splitlines()
    at = PATH.read_text(encoding="utf-8").splitlines().index("- name: b_secure") + 1
    hint = "nothing in the model is named 'b_secured'; did you mean 'b_secure'?"
    assert f"{path}:{at}: {hint}" in told
    assert f"{path}: 'need_days' is missing, which the model needs" in told
    assert len(told) == 4


def test_a_register_survives_the_journey_to_another_process() -> None:
    assert [*pickle.loads(pickle.dumps(REGISTER))] == [*REGISTER]


def test_the_digest_changes_with_any_byte() -> None:
    data = PATH.read_bytes()
    assert register_from_bytes(data).digest == REGISTER.digest
    assert register_from_bytes(data + b"\n").digest != REGISTER.digest


def test_the_beginning_of_a_name_is_answered_with_the_shortest_that_begins_so() -> None:
    names = ["no_agreement", "two_year_tied_schools", "two_year"]
    assert nearest("two", names) == "two_year"
    assert nearest("TWO", names) == "two_year"
    assert nearest("tw", names) == nearest("", names) == ""


def test_a_wrong_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(KeyError, match="did you mean 'b_price'"):
        REGISTER["b_prise"]


@pytest.mark.parametrize("parameter", list(REGISTER), ids=named)
def test_every_entry_is_sourced_or_says_that_it_is_a_judgement(parameter: Parameter) -> None:
    if parameter.grade == "none":
        assert parameter.note
    else:
        assert parameter.facts
    assert all(len(fact.text) > 20 and len(fact.source) > 30 for fact in parameter.facts)


@pytest.mark.parametrize(
    "name", ["start_grade_shares", *(f"regrade_from_{grade}" for grade in (1, 2, 3, 4))]
)
def test_shares_of_grades_sum_to_one(name: str) -> None:
    shares = REGISTER[name].value
    assert isinstance(shares, tuple)
    assert sum(shares) == pytest.approx(1)


def test_levers_carry_the_range_of_evidence_and_the_range_accepted() -> None:
    length = REGISTER["agreement.length_months"]
    assert (length.value, length.low, length.high) == (24, 12, 36)
    assert (length.minimum, length.maximum) == (0, 120)
    for lever in REGISTER.levers():
        assert None not in (lever.low, lever.high, lever.minimum, lever.maximum)


@pytest.mark.parametrize("parameter", REGISTER.uncertain(), ids=named)
def test_low_value_and_high_are_the_5_50_and_95_per_cent_points(parameter: Parameter) -> None:
    points = parameter.quantile([0.05, 0.5, 0.95])
    assert points == pytest.approx([parameter.low, parameter.value, parameter.high], rel=1e-12)


@settings(max_examples=60)
@given(
    st.sampled_from(REGISTER.uncertain()),
    st.lists(st.floats(1e-9, 1 - 1e-9), min_size=2, max_size=20),
)
def test_quantiles_never_fall_and_stay_within_the_hard_bounds(
    parameter: Parameter, probabilities: list[float]
) -> None:
    values = parameter.quantile(np.sort(probabilities))
    assert (np.diff(values) >= 0).all()
    assert values.min() >= (-np.inf if parameter.minimum is None else parameter.minimum)
    assert values.max() <= (np.inf if parameter.maximum is None else parameter.maximum)


@pytest.mark.parametrize("distribution", ["normal", "lognormal", "logit", "uniform"])
@settings(max_examples=30)
@given(st.tuples(*[st.floats(0.01, 0.99)] * 3).map(sorted))
def test_any_range_of_any_distribution_is_met_exactly(
    distribution: str, range_: list[float]
) -> None:
    low, value, high = range_
    parameter = Parameter(
        "p", "p", value, low, high, distribution, None, None, "1", "uncertainty", (), "none", "-"
    )
    assert parameter.quantile([0.05, 0.5, 0.95]) == pytest.approx(range_, rel=1e-9)
    assert (np.diff(parameter.quantile(np.linspace(0.001, 0.999, 50))) >= -1e-12).all()


def test_a_constant_has_its_value_at_every_probability() -> None:
    assert (REGISTER["post_days"].quantile(np.array([[0.01], [0.99]])) == [[200], [200]]).all()


def test_a_table_of_constants_has_no_distribution() -> None:
    with pytest.raises(TypeError, match="need_days"):
        REGISTER["need_days"].quantile(0.5)


def _register(**changes: object) -> bytes:
    entry: dict[str, object] = {
        "name": "b_price",
        "label": "Weight of the price",
        "value": 0.15,
        "low": 0.05,
        "high": 0.25,
        "distribution": "lognormal",
        "unit": "1",
        "kind": "uncertainty",
        "grade": "weak",
        "facts": [{"fact": "A price was paid.", "source": "here"}],
    }
    entry.update(changes)
    entry = {key: value for key, value in entry.items() if value is not ...}
    content = {"sources": {"here": "A publication"}, "parameters": [entry]}
    return yaml.safe_dump(content).encode()


def test_a_small_register_is_accepted() -> None:
    assert register_from_bytes(_register())["b_price"].facts[0].source == "A publication"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lable": "x"}, "unknown key 'lable'; did you mean 'label'"),
        ({"unit": ...}, "'unit' is missing"),
        ({"label": " "}, "'label' must be a text"),
        ({"value": "0.15"}, "'value' must be a number"),
        ({"value": True}, "'value' must be a number"),
        ({"value": []}, "'value' must be a number"),
        ({"value": float("nan")}, "'value' must be a number"),
        ({"low": "a"}, "'low' must be a number"),
        ({"low": 0.2}, "minimum ≤ low ≤ value ≤ high ≤ maximum"),
        ({"high": 0.1}, "minimum ≤ low ≤ value ≤ high ≤ maximum"),
        ({"minimum": 0.1}, "minimum ≤ low ≤ value ≤ high ≤ maximum"),
        ({"maximum": 0.2}, "minimum ≤ low ≤ value ≤ high ≤ maximum"),
        ({"low": ...}, "low and high come together"),
        ({"low": ..., "high": ...}, "an uncertainty is one number with low and high"),
        ({"value": [0.1, 0.2]}, "an uncertainty is one number with low and high"),
        ({"kind": "constant"}, "an uncertainty has a distribution"),
        ({"distribution": ...}, "an uncertainty has a distribution"),
        ({"distribution": "beta"}, "'distribution' must be one of"),
        ({"kind": "guess"}, "'kind' must be one of"),
        ({"grade": "excellent"}, "'grade' must be one of"),
        ({"grade": ["weak"]}, "'grade' must be one of"),
        ({"low": 0}, "low must be above 0 in a lognormal range"),
        ({"high": 2, "distribution": "logit"}, "high must be below 1 in a logit range"),
        ({"facts": []}, "without facts the grade is 'none'"),
        ({"facts": "E12"}, "'facts' must be a list"),
        ({"facts": [{"fact": "x"}]}, "each fact has 'fact' and 'source'"),
        ({"facts": [{"fact": "x", "source": "hare"}]}, "did you mean 'here'"),
    ],
)
def test_a_malformed_entry_is_named_with_what_is_wrong(
    changes: dict[str, object], message: str
) -> None:
    with pytest.raises(RegisterError) as error:
        register_from_bytes(_register(**changes))
    assert message in str(error.value)
    assert "entry 1 of the register ('b_price')" in str(error.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "must hold 'sources' and 'parameters'"),
        (b"- a", "must hold 'sources' and 'parameters'"),
        (b"a: [", "cannot be read"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"{sources: {}, parameters: []}", "must be a list of entries"),
        (b"{sources: [], parameters: [1]}", "'sources' must give one text"),
        (b"{sources: {}, parameters: [1]}", "entry 1 of the register is not a mapping"),
    ],
)
def test_a_malformed_file_is_refused_in_plain_words(data: bytes, message: str) -> None:
    with pytest.raises(RegisterError, match=message):
        register_from_bytes(data)


def test_a_name_may_not_stand_twice() -> None:
    content = yaml.safe_load(_register())
    content["parameters"] *= 2
    with pytest.raises(RegisterError, match="'b_price' stands twice"):
        register_from_bytes(yaml.safe_dump(content).encode())


def test_a_source_that_no_fact_uses_is_refused() -> None:
    content = yaml.safe_load(_register())
    content["sources"]["there"] = "Another publication"
    with pytest.raises(RegisterError, match="source 'there' is not used"):
        register_from_bytes(yaml.safe_dump(content).encode())


# rules with alternatives, and levers that may be drawn


@pytest.mark.parametrize("name", REGISTER.structures)
def test_every_rule_has_a_value_of_its_own_and_alternatives_that_say_what_then_holds(name) -> None:
    rule = REGISTER.structures[name]
    assert rule.values[0] == rule.value
    assert rule.alternatives
    assert rule.value not in rule.alternatives
    assert all(then.endswith(".") for then in (rule.meaning, *rule.alternatives.values()))
    assert name not in REGISTER


def test_what_nobody_local_chooses_may_be_drawn_and_nothing_else_a_planner_sets() -> None:
    assert tuple(each.name for each in REGISTER.drawn_levers()) == DRAWN
    for lever in REGISTER.drawn_levers():
        points = lever.quantile([0.05, 0.5, 0.95])
        assert points == pytest.approx([lever.low, lever.value, lever.high], rel=1e-12)


RULE = {
    "name": "forum",
    "label": "The Forum",
    "value": "hears",
    "meaning": "It hears.",
    "alternatives": {"deaf": "It does not."},
    "kind": "structure",
    "grade": "none",
    "note": "A judgement.",
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"alternatives": {}}, "has no alternative to 'hears'"),
        ({"alternatives": {"hears": "It does."}}, "has no alternative to 'hears'"),
        ({"alternatives": {"deaf": 1}}, "must give a sentence for each name"),
        ({"note": ""}, "without facts the grade is 'none' and a note says why"),
        ({"low": 1}, "unknown key 'low'"),
        ({"switched_off": "deaf"}, "stand together or not at all"),
        ({"switched_off": "gone", "mechanism": "Ear"}, "none of its alternatives"),
    ],
)
def test_a_malformed_rule_is_named_with_what_is_wrong(changes, words) -> None:
    content = {"sources": {}, "parameters": [{**RULE, **changes}]}
    with pytest.raises(RegisterError, match=words):
        register_from_bytes(yaml.safe_dump(content).encode())
