"""The diary of one school: it changes nothing, and its terms are the ones the model adds up."""

from __future__ import annotations

import numpy as np
import pytest

from rsip_sim.evidence.register import load_register
from rsip_sim.model.diary import Diary
from rsip_sim.model.draws import Draws
from rsip_sim.model.parameters import draw_parameters
from rsip_sim.model.rules.conversion import clock_increment
from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.model.simulation import simulate_block
from tests.fakes.worlds import policy, rotherham, simulate

PLANS = {
    "usual": {},
    "tied": {"agreement.school_commitment_months": 12},
    "dear": {"funding.subscription_gbp_per_pupil": 8.0},
    "academies_out": {"agreement.academies_may_join": False},
}
ROW = 11
MONTHS = 40


@pytest.fixture(scope="module", params=PLANS)
def told(request):
    plan = policy(PLANS[request.param], horizon=MONTHS, parameters="uncertain")
    diary = Diary(ROW)
    outcome = simulate_block(plan, rotherham(), 20110401, np.arange(24), diary=diary)
    return plan, diary, outcome


def test_a_run_with_a_diary_is_the_same_run(told) -> None:
    plan, _, outcome = told
    plain = simulate(plan, rotherham(), 24)
    for name, values in plain.panel.items():
        np.testing.assert_array_equal(values, outcome.panel[name], err_msg=name)


def test_every_month_and_every_fourth_meeting_is_written_down(told) -> None:
    _, diary, _ = told
    assert {len(values) for values in diary.months.values()} == {MONTHS}
    gaps = np.diff([meeting.month for meeting in diary.meetings])
    assert (gaps == 4).all()
    assert diary.meetings[0].month < 0  # the clocks of the pipeline run before the start


def test_a_school_is_a_member_after_a_meeting_as_its_utility_says(told) -> None:
    """Utility plus noise above nought, or tied: unless dissolution or an opening intervenes."""
    plan, diary, outcome = told
    may_join = plan.levers.agreement.academies_may_join
    checked = 0
    for meeting in diary.meetings:
        if meeting.month < 0:
            continue
        utility = sum(meeting.utility.values()) + meeting.noise
        academy = diary.months["academy"][meeting.month]
        wants = (utility > 0) & (may_join | ~academy)
        alive = outcome.panel["partnership_ended"][meeting.month] == 0
        expected = (wants | meeting.tied) & alive
        np.testing.assert_array_equal(diary.months["member"][meeting.month], expected)
        checked += 1
    assert checked == 10


def test_the_clock_advances_by_what_the_rate_terms_add_up_to(told) -> None:
    """Between two meetings of a school outside the pipeline, log(1 + e^rate)."""
    _, diary, _ = told
    checked = 0
    for one, following in zip(diary.meetings, diary.meetings[1:], strict=False):
        same_spell = one.threshold == following.threshold
        step = clock_increment(np.asarray(sum(one.rate.values())))
        free = same_spell & ~one.in_pipeline & ~following.in_pipeline
        np.testing.assert_allclose(
            (one.clock + step)[free], following.clock[free], rtol=1e-12, atol=1e-15
        )
        checked += int(free.sum())
    assert checked > 100


def test_an_application_follows_the_meeting_at_which_the_clock_arrives(told) -> None:
    plan, diary, _ = told
    for meeting in diary.meetings:
        if meeting.month < 1:
            continue
        reached = meeting.clock + clock_increment(np.asarray(sum(meeting.rate.values())))
        before = diary.months["academy"][meeting.month - 1]
        arrives = (reached >= meeting.threshold) & ~meeting.in_pipeline & ~before
        due = diary.months["opening_due"][meeting.month] != NEVER
        assert due[arrives].all()
    assert plan.horizon_months == MONTHS


def test_the_terms_of_the_founding_bear_the_names_they_have_at_meetings(told) -> None:
    _, diary, _ = told
    later = set(diary.meetings[-1].utility)
    assert set(diary.founding.utility) == later - {
        "support",
        "confidence",
        "security",
        "inertia",
    }, later


def test_without_a_partnership_there_is_no_founding_to_write_down() -> None:
    diary = Diary(ROW)
    simulate_block(policy(horizon=1, partnership=False), rotherham(), 1, np.arange(3), diary=diary)
    assert diary.founding.utility == {}
    assert not diary.founding.member.any()


def test_the_founding_round_is_decided_by_its_utility(told) -> None:
    """Unless the roster gives membership, which the shipped one does not."""
    plan, diary, _ = told
    founding = diary.founding
    utility = sum(founding.utility.values()) + founding.noise
    allowed = plan.levers.agreement.academies_may_join or rotherham().legal_status[ROW] == 0
    np.testing.assert_array_equal(founding.member, (utility > 0) & allowed)
    assert min(abs(meeting.month) for meeting in diary.meetings) > 0  # no meeting in month 0
    np.testing.assert_array_equal(founding.member, diary.months["member"][0])


def test_the_months_short_of_support_are_those_of_the_table(told) -> None:
    _, diary, outcome = told
    months = np.sum(diary.months["unmet"], axis=0)
    np.testing.assert_array_equal(months, outcome.schools["months_unmet"][ROW])


def test_the_neighbours_are_those_of_the_community_and_stand_as_their_own_diaries_say(told) -> None:
    plan, diary, _ = told
    roster = rotherham()
    same = np.flatnonzero(roster.community == roster.community[ROW])
    assert set(diary.neighbours) == set(same) - {ROW}
    other = Diary(int(diary.neighbours[0]))
    simulate_block(plan, roster, 20110401, np.arange(24), diary=other)
    seen = np.stack([around[0] for around in diary.around])
    np.testing.assert_array_equal(seen, np.stack(other.months["member"]))


def test_the_terms_follow_from_what_the_school_sees(told) -> None:
    """Each is a weight times what is seen, less what neither attracts nor repels."""
    plan, diary, _ = told
    weights = draw_parameters(load_register(), {}, plan.parameters, Draws(20110401, np.arange(24)))
    for meeting in diary.meetings:
        if meeting.month < 0:
            continue
        seen, utility = meeting.seen, meeting.utility
        secure = weights.b_secure * np.clip(seen["unexpired"], 0, 24) / 24
        support = weights.b_support * (seen["adequacy"] - weights.adequacy_reference)
        peers = weights.b_peer * (seen["peers"] - weights.peer_reference)
        trust = weights.b_confidence * (seen["confidence"] - weights.confidence_reference)
        lock = -weights.b_lock * seen["bound"] / 12
        np.testing.assert_allclose(utility["security"], secure, atol=1e-12)
        np.testing.assert_allclose(utility["support"], support, atol=1e-12)
        np.testing.assert_allclose(utility["peers"], peers, atol=1e-12)
        np.testing.assert_allclose(utility["confidence"], trust, atol=1e-12)
        np.testing.assert_allclose(utility["lock"], lock, atol=1e-12)
        before, now = (diary.months["academy"][m] for m in (meeting.month - 1, meeting.month))
        was_in = diary.months["member"][meeting.month - 1]
        np.testing.assert_array_equal(seen["member"][before == now], was_in[before == now])
