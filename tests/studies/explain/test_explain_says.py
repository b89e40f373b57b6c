"""Sentences of an account claim what is clear, name what is not, and say what interacts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import stdtrit

from rsip_sim.report.text import rendered
from rsip_sim.studies.explain.accounts import Account, Part
from rsip_sim.studies.explain.hybrids import BY_LEVER
from rsip_sim.studies.explain.report import explain_report
from rsip_sim.studies.explain.says import (
    evidence_sentence,
    findings_of,
    interaction_sentence,
    leaders,
    main_sentence,
    unclear_sentence,
    whole_sentence,
)
from tests.fakes.explained import fake_account, fake_explained
from tests.fakes.panels import NO_AGREEMENT


def said_of(account: Account) -> str:
    return " ".join(finding.sentence for finding in findings_of(fake_explained([account])))


def test_the_largest_share_comes_first_with_its_interval_then_the_others() -> None:
    account = fake_account({"guarantee": 1.0, "security": 4.0, "ses_size": 0.6, "brake": 0.4})
    assert main_sentence(account) == (
        "By mechanism: Security explains most of it, 67%, +4 (95% interval +4.0 to +4); then "
        "Guarantee +1, Service lost with pupils +0.6 and Holding back +0.4."
    )


def test_less_than_half_is_not_most() -> None:
    account = fake_account({"guarantee": 2.0, "security": 2.5, "ses_size": 1.6})
    assert "Security has the largest part, 41%" in main_sentence(account)


def test_more_than_three_followers_are_counted() -> None:
    steps = {"guarantee": 5.0, "security": 1.0, "ses_size": 0.9, "brake": 0.8, "rebound": 0.7}
    assert main_sentence(fake_account(steps)).endswith("Holding back +0.8; 1 more adds less.")


def test_what_pulls_the_other_way_is_said_and_the_rest_is_more_than_all_of_it() -> None:
    text = main_sentence(fake_account({"guarantee": -6.0, "security": 2.0}))
    assert "Guarantee explains more than all of it, −6" in text
    assert text.endswith("The other way: Security +2.")


def test_no_step_is_claimed_that_is_not_clear() -> None:
    account = fake_account({"guarantee": 4.0, "security": 0.2}, spread=1.5)
    assert [part.step.name for part in leaders(account)] == ["guarantee"]
    assert "Security" not in main_sentence(account)
    assert unclear_sentence(account) == "By mechanism, not told apart from nought: Security."


def test_steps_are_grouped_by_why_nothing_is_claimed_of_them() -> None:
    account = fake_account({"guarantee": 4.0, "security": 0.0, "ses_size": 0.01, "brake": 0.0},
                           spread=0.001)  # fmt: skip
    assert unclear_sentence(account) == (
        "By mechanism, too small to show: Service lost with pupils; no part in it at "
        "all: Security and Holding back."
    )


def test_of_too_few_futures_nothing_is_claimed() -> None:
    account = fake_account({"guarantee": 4.0, "security": 2.0}, futures=5)
    assert leaders(account) == []
    assert "too few futures to tell: Guarantee and Security" in said_of(account)
    assert "explains" not in said_of(account)


def test_a_whole_that_is_not_clear_is_not_shared_out_in_per_cent() -> None:
    account = fake_account({"guarantee": 1.0, "security": -1.0}, spread=1.0)
    assert "no clear difference" in said_of(account)
    assert main_sentence(account) == (
        "By mechanism: they pull against each other, Security −1 against Guarantee +1."
    )
    assert "%," not in main_sentence(account)


def test_one_clear_step_of_an_unclear_whole_is_named_and_none_is_not() -> None:
    one = fake_account({"guarantee": 1.0, "security": -0.5}, spread=2.5)
    assert main_sentence(one) == (
        "By mechanism: clear by itself, though the whole is not: Guarantee +1."
    )
    none = fake_account({"guarantee": 0.1, "security": -0.2}, spread=2.0)
    assert main_sentence(none) == "By mechanism: nothing moves it by an amount that shows."


def test_interaction_reinforces_overlaps_or_is_not_there() -> None:
    effects = {"guarantee": 1.0, "security": 2.0}
    assert interaction_sentence(fake_account(effects, together=2.0)).startswith(
        "By mechanism, interaction: each by itself they come to +3; the other +2 (95% interval"
    )
    assert "they overlap or cancel, which makes −1" in interaction_sentence(
        fake_account(effects, together=-1.0)
    )
    assert "none; each by itself, they add up" in interaction_sentence(fake_account(effects))
    by_lever = fake_account(effects, together=2.0, family=BY_LEVER)
    assert "only of several made together" in interaction_sentence(by_lever)


def test_everything_else_is_told_where_there_is_any() -> None:
    with_rest = said_of(fake_account({"guarantee": 1.0}, rest=-8.0))
    assert "Everything else, with all mechanisms off: −8" in with_rest
    assert "Everything else" not in said_of(fake_account({"guarantee": 1.0}))


@pytest.mark.parametrize(
    ("metric", "effect", "words"),
    [
        (
            "members", 6.0,
            f"115 under 'Two-year agreement' and 109 under '{NO_AGREEMENT.title}', +6",
        ),
        ("erosion", -0.5, "25.5% under 'Two-year agreement' and 26.0% under"),
        ("breakdown", -3.0, "17.0% under 'Two-year agreement' and 20.0% under"),
        ("members", 0.0, "Schools in the partnership averaged over months 13 to 60: no difference "
         "at all, in any future."),
    ],
)  # fmt: skip
def test_the_whole_is_told_with_both_levels(metric: str, effect: float, words: str) -> None:
    account = fake_account({"guarantee": effect}, metric=metric)
    assert words in whole_sentence(fake_explained([account]), account)


def test_a_title_that_holds_the_date_is_told_whole_where_the_opening_says_when() -> None:
    title = "Lapse averaged over months 13 to 60"
    found = fake_explained([fake_account({"guarantee": 6.0})], (title, "Two years"))
    text = " ".join(rendered(explain_report(found)).split())
    assert f"109 under '{title}', +6" in text
    assert "Schools in the partnership: 115 under" in text, "the opening says when"
    assert "Schools in the partnership averaged over" in findings_of(found)[1].sentence


def test_an_identical_outcome_has_no_part_of_anything() -> None:
    text = said_of(fake_account({"guarantee": 0.0, "security": 0.0}))
    assert "no difference at all" in text
    assert "nothing moves it by an amount that shows" in text
    assert "no part in it at all: Guarantee and Security" in text


def test_a_leader_without_evidence_is_owned_up_to() -> None:
    leads = fake_explained([fake_account({"security": 4.0, "ses_size": 1.0})])
    assert evidence_sentence(leads).startswith("No evidence bears on Security")
    weak = fake_explained([fake_account({"ses_size": 4.0, "security": 1.0})])
    assert evidence_sentence(weak).startswith("Only weak evidence bears on Service lost")
    nothing = fake_explained([fake_account({"ses_size": 0.0, "security": 0.0})])
    assert evidence_sentence(nothing) == ""


def test_one_lever_is_told_once_and_not_for_every_metric() -> None:
    accounts = [
        fake_account({"agreement": 4.0}, family=BY_LEVER, metric=metric)
        for metric in ("members", "unmet_days")
    ]
    found = findings_of(fake_explained(accounts))
    assert [finding.kind for finding in found] == ["levers", "whole", "whole"]
    assert found[0].sentence.startswith("They differ in one thing, to which all of it is due")


def test_every_finding_of_a_step_carries_its_number() -> None:
    account = fake_account({"guarantee": 1.0, "security": 4.0}, together=1.0, idle=("ending",))
    found = {each.kind: each for each in findings_of(fake_explained([account]))}
    assert found["whole"].difference == pytest.approx(6.0)
    assert found["mechanism"].difference == pytest.approx(4.5)
    assert found["mechanism"].ci_low < 4.5 < found["mechanism"].ci_high
    assert found["interaction"].difference == pytest.approx(1.0)
    assert found["idle"].sentence == "Switched off in both scenarios: Ending for money."


def test_the_interval_of_shares_from_some_orders_includes_what_others_might_say() -> None:
    """Nine steps, three of which gain only together: who gains depends on the order."""
    names = [f"step {i}" for i in range(9)]
    account = fake_account(dict.fromkeys(names, 1.0), three=9.0, family=BY_LEVER)
    assert not account.exact

    def beyond_luck(part: Part) -> float:
        """Half the interval, as a multiple of what it would be of luck of 0.1 alone."""
        n = part.numbers
        assert part.mean - n.ci_low == pytest.approx(n.ci_high - part.mean)
        return (n.ci_high - part.mean) / (stdtrit(59, 0.975) * 0.1 / np.sqrt(60))

    assert all(beyond_luck(part) > 5 for part in account.shares[:3])
    assert all(beyond_luck(part) < 1.6 for part in (*account.shares[3:], *account.alone[:-1]))
    assert all(part.numbers.ci_low < 4.0 < part.numbers.ci_high for part in account.shares[:3])
    assert fake_account(dict.fromkeys(names[:5], 1.0), family=BY_LEVER).exact
