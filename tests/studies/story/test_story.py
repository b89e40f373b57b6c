"""A story tells the life that was stored, finds what differs first, and gives its true terms."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from rsip_sim.experiment.errors import StoreError
from rsip_sim.measures.school_table import read_schools
from rsip_sim.report.text import rendered
from rsip_sim.scenario import Scenario, with_values
from rsip_sim.studies.kernel.asking import AskedError, Faults
from rsip_sim.studies.kernel.ground import Ground
from rsip_sim.studies.story.life import Life, Meeting, relive
from rsip_sim.studies.story.question import StoryQuestion
from rsip_sim.studies.story.report import WARNING, story_report
from rsip_sim.studies.story.school import find_school
from rsip_sim.studies.story.study import StoryStudy
from rsip_sim.studies.story.tables import tables
from rsip_sim.studies.story.turning_point import (
    APPLICATION,
    FOUNDING,
    MEMBERSHIP,
    NO_PARTNERSHIP,
    clock_terms,
    first_month_apart,
    turning_points,
)
from rsip_sim.studies.story.work import Story, tell
from tests.fakes.panels import twin
from tests.fakes.school_lives import MONTHS, NO_AGREEMENT, SEED, TWO_YEAR, remembered, shipped
from tests.fakes.school_lives import NO_PARTNERSHIP as WITHOUT
from tests.fakes.worlds import rotherham, town

SCENARIOS = {each.name: each for each in (NO_AGREEMENT, TWO_YEAR, WITHOUT)}


@lru_cache(maxsize=64)
def life(scenario: str, replication: int, row: int) -> Life:
    stored = read_schools(shipped(), scenario)
    return relive(SCENARIOS[scenario], SEED, replication, row, stored)


@lru_cache(maxsize=1)
def places() -> list[tuple[int, int]]:
    """Schools and futures in which lives differ, and two in which they need not."""
    ours, theirs = (read_schools(shipped(), name) for name in PAIR)
    apart = np.argwhere(ours.first_month_alone != theirs.first_month_alone)
    differing = [(int(row), int(future)) for row, future in apart[::31][:8]]
    return [*differing, *decided(), (20, 3), (124, 5)]


@lru_cache(maxsize=1)
def decided() -> list[tuple[int, int]]:
    """Schools and futures whose lives differ, though no partnership ends under them."""
    ours, theirs = (read_schools(shipped(), name) for name in PAIR)
    apart = ours.first_month_alone != theirs.first_month_alone
    found = np.argwhere(apart & ~ours.dropped & ~theirs.dropped)
    return [(int(row), int(future)) for row, future in found[::75][:6]]


PAIR = ("two_year", "no_agreement")


def pairs() -> list[tuple[Life, Life]]:
    return [(life(PAIR[0], future, row), life(PAIR[1], future, row)) for row, future in places()]


@lru_cache(maxsize=8)
def story(row: int, scenario: str = PAIR[0], baseline: str = PAIR[1]) -> Story:
    return tell(shipped(), SEED, SCENARIOS[scenario], SCENARIOS[baseline], row)


def changed(name: str, values: dict[str, object]) -> Scenario:
    return twin(with_values(NO_AGREEMENT, values, name), name, horizon_months=MONTHS)


# the life told is the life stored


def test_the_life_told_again_ends_as_the_table_says() -> None:
    """First month outside, month of opening and membership at the end follow from its months."""
    stored = read_schools(shipped(), TWO_YEAR.name)
    for (row, future), (told, _) in zip(places(), pairs(), strict=True):
        member = np.concatenate([[told.joined_at_founding], told.months["member"]]).astype(bool)
        left = np.flatnonzero(member[:-1] & ~member[1:])
        first = left[0] if len(left) else -1
        assert stored.first_month_alone[row, future] == first
        assert stored.member_at_end[row, future] == member[-1]
        assert stored.months_unmet[row, future] == told.months["unmet"].sum()
        opened = np.flatnonzero(told.months["academy"])
        if rotherham().legal_status[row] == 0:
            assert stored.opening_month[row, future] == (opened[0] if len(opened) else -1)


def test_a_future_that_cannot_be_had_again_is_refused() -> None:
    stored = read_schools(shipped(), TWO_YEAR.name)
    changed = stored.months_unmet.copy()
    changed[100, 7] += 1  # another school than the one that is told
    with pytest.raises(StoreError, match="future 7 of two_year, simulated again, differs"):
        relive(TWO_YEAR, SEED, 7, 3, replace(stored, months_unmet=changed))
    relive(TWO_YEAR, SEED, 8, 3, replace(stored, months_unmet=changed))


def test_all_that_is_wrong_with_a_question_is_said_at_once() -> None:
    """A future that is not there, and no such school."""
    ground = Ground((NO_AGREEMENT, TWO_YEAR), results=shipped())
    for number in (-1, 60):
        asked = StoryQuestion(school="Hogwarts", replication=number)
        with pytest.raises(AskedError) as caught:
            StoryStudy().check(asked, ground)
        school, future = caught.value.faults
        assert school.startswith("school: no school of the roster")
        assert future.startswith(f"replication: there is no future {number}; ")
        assert future.endswith("numbered 0 to 59")


def test_a_story_needs_two_scenarios() -> None:
    asked = StoryQuestion(school="Wingfield", scenario="no_agreement")
    with pytest.raises(AskedError, match="scenario: 'no_agreement' is the baseline itself"):
        StoryStudy().check(asked, Ground((NO_AGREEMENT, TWO_YEAR), results=shipped()))


# what happens is told, once and in order


def test_every_change_of_membership_is_told_once_and_in_order() -> None:
    for told in chain(*pairs()):
        events = events_of(told)
        assert [event.month for event in events] == sorted(event.month for event in events)
        said = [event for event in events if event.kind == OF_MEMBERSHIP]
        member = np.concatenate([[told.joined_at_founding], told.months["member"]]).astype(int)
        assert len(said) == 1 + np.abs(np.diff(member)).sum()
        for event in said[1:]:
            now = bool(told.months["member"][event.month])
            assert ("joins" in event.sentence) == now, event


def test_every_change_of_grade_and_status_is_told() -> None:
    for told in chain(*pairs()):
        sentences = [event.sentence for event in events_of(told)]
        grades = np.concatenate([[told.grade_at_start], told.months["grade"]])
        assert sum("Ofsted inspects" in each for each in sentences) == (np.diff(grades) != 0).sum()
        opens = bool(told.months["academy"][-1]) and not told.was_academy()
        assert sum("It opens as an academy" in each for each in sentences) == opens


def test_the_agreement_is_told_as_the_panel_has_it() -> None:
    for told in chain(*pairs()):
        force = told.panel["agreement_in_force"].astype(int)
        sentences = [event.sentence for event in events_of(told)]
        begun = sum("greement with the council begins" in each for each in sentences)
        assert begun == (np.diff(force, prepend=0) > 0).sum()
        lapsed = sum("The agreement lapses" in each for each in sentences)
        dissolved = told.panel["partnership_ended"].any() and bool(
            force[told.panel["partnership_ended"].argmax() - 1]
        )
        assert lapsed == (np.diff(force) < 0).sum() - dissolved


# the first difference


def test_before_the_first_difference_everything_decided_is_the_same() -> None:
    for ours, theirs in pairs():
        month = first_month_apart(ours, theirs)
        points = turning_points(ours, theirs)
        if month is None:
            assert points == ()
            continue
        assert {point.month for point in points} == {month}
        for name in ("member", "academy"):
            assert (ours.months[name][:month] == theirs.months[name][:month]).all()


def test_one_scenario_against_itself_has_no_turning_point() -> None:
    same = life(PAIR[0], 3, 20)
    assert turning_points(same, same) == ()
    told = story(20, PAIR[0], PAIR[0])
    assert told.chosen.differing == 0
    assert "Its life never differs: in all 60 futures" in rendered(story_report(told))
    assert "NOTHING THAT IT DECIDES DIFFERS" in rendered(story_report(told))


def test_the_terms_of_membership_add_up_and_luck_is_shared() -> None:
    """The differences of the terms are the whole difference of utility, and it changes sides."""
    seen = 0
    for ours, theirs in pairs():
        for point in turning_points(ours, theirs):
            if point.kind != MEMBERSHIP:
                continue
            one, other = point.meeting_ours, point.meeting_theirs
            assert one.noise == other.noise
            moved = math.fsum(term.moved for term in point.terms)
            assert moved == pytest.approx(one.total - other.total, abs=1e-9)
            assert (one.total + one.noise > 0) == point.ours
            assert (other.total + other.noise > 0) == point.theirs
            sizes = [abs(term.moved) for term in point.terms]
            assert sizes == sorted(sizes, reverse=True)
            seen += 1
    assert seen > 3


def test_the_terms_of_a_conversion_add_up_to_the_difference_of_the_clocks() -> None:
    """Since the clocks started, meeting by meeting, as parts of the way to an application."""
    seen = 0
    surge = changed("surge", {"funding.service_money": 900, "agreement.length_months": 24})
    results = remembered((NO_AGREEMENT, surge), 16)
    ours, theirs = (read_schools(results, s.name) for s in (surge, NO_AGREEMENT))
    apart = np.argwhere(ours.opening_month != theirs.opening_month)[::5]
    for row, future in apart[:8]:
        lives = [
            relive(each, SEED, int(future), int(row), stored)
            for each, stored in ((surge, ours), (NO_AGREEMENT, theirs))
        ]
        for point in turning_points(*lives):
            if point.kind != APPLICATION or point.meeting_ours is None:
                continue
            one, other = point.meeting_ours, point.meeting_theirs
            assert one.threshold == other.threshold
            reached = [(each.clock + each.step) / each.threshold for each in (one, other)]
            moved = math.fsum(term.moved for term in point.terms)
            assert moved == pytest.approx(reached[0] - reached[1], abs=1e-9)
            assert (reached[0] >= 1) == point.ours
            assert (reached[1] >= 1) == point.theirs
            seen += 1
    assert seen > 3


def test_what_moved_a_clock_before_it_began_again_no_longer_counts() -> None:
    """Both withdrew between the second and the third meeting; neighbours mattered only before."""

    def meeting(month: int, clock: float, step: float, **rate: float) -> Meeting:
        return Meeting(month, {}, 0.0, rate, clock, 2.0, False, False, {}, step)

    ours = [meeting(0, 0.0, 0.4, neighbours=0.4, money=0.0), meeting(4, 0.4, 0.3),
            meeting(8, 0.0, 0.5, neighbours=0.0, money=0.6)]  # fmt: skip
    theirs = [meeting(0, 0.0, 0.2, neighbours=0.0, money=0.0), meeting(4, 0.2, 0.3),
              meeting(8, 0.0, 0.1, neighbours=0.0, money=0.1)]  # fmt: skip
    lives = [cast(Life, SimpleNamespace(meetings=tuple(each))) for each in (ours, theirs)]
    moved = {term.name: term.moved for term in clock_terms(*lives, 8)}
    assert moved == {"money": pytest.approx(0.2), "neighbours": 0.0}  # 0.4 of a way of 2


def test_where_one_scenario_has_no_partnership_that_is_the_first_difference() -> None:
    told = story(20, WITHOUT.name)
    only = explained(told)
    assert only.point.kind == NO_PARTNERSHIP
    assert "under 'No partnership' there is none" in only.decision
    assert "There is no partnership to join." in rendered(story_report(told))


def test_a_price_at_the_founding_is_the_term_that_keeps_a_school_out() -> None:
    """Everything else of the founding round is shared."""
    dear = changed("dear", {"funding.subscription_gbp_per_pupil": 12})
    results = remembered((NO_AGREEMENT, dear), 6)
    ours, theirs = (read_schools(results, s.name) for s in (dear, NO_AGREEMENT))
    never = ~ours.leaves & ~ours.inside & (theirs.leaves | theirs.inside)
    row, future = np.argwhere(never)[0]
    told = tell(results, SEED, dear, NO_AGREEMENT, int(row), int(future))
    (point,) = told.points
    assert (point.kind, point.ours, point.theirs) == (FOUNDING, False, True)
    assert [term.name for term in point.differing()] == ["price"]
    assert "the subscription was £12 a pupil instead of £0" in explained(told).because


# the words


@pytest.mark.parametrize("row", [20, 62, 101])
def test_a_story_warns_names_both_scenarios_and_fits_the_terminal(row: int) -> None:
    text = rendered(story_report(story(row)))
    words = " ".join(text.split())
    assert WARNING in words
    assert f"Under '{TWO_YEAR.title}'" in text
    assert f"Under '{NO_AGREEMENT.title}'" in text
    assert "nan" not in words.lower().split()
    assert max(len(line) for line in text.splitlines()) <= 100


def test_the_sentence_names_the_terms_of_the_table_in_their_order() -> None:
    """The largest comes first, in the words of what the school saw."""
    told = [tell(shipped(), SEED, TWO_YEAR, NO_AGREEMENT, *place) for place in decided()]
    secure = [
        each for each in told
        if each.points and each.points[0].kind == MEMBERSHIP
        and each.points[0].terms[0].name == "security"
    ]  # fmt: skip
    assert secure
    for each in secure:
        explanation = explained(each)
        months = round(explanation.point.meeting_ours.seen["unexpired"])
        assert explanation.because.split(": ")[1].startswith(f"the agreement had {months} month")
        assert "b_secure" in explanation.evidence
        assert "There is no evidence" in explanation.evidence
        # in month 0 nothing has come before the decision
        later = explanation.point.month > 0
        assert later == any(cause.startswith("The agreement: ") for cause in explanation.causes)


def test_the_tables_hold_both_lives_and_the_terms() -> None:
    made = tables(story(20))
    assert set(made) == {"events", "months", "terms", "futures"}
    assert made["months"].groupby("scenario").size().tolist() == [MONTHS, MONTHS]
    assert set(made["events"]["scenario"]) == {"two_year", "no_agreement"}
    assert made["futures"]["futures"].sum() == 60


# finding a school


def test_a_school_is_found_by_urn_by_name_and_by_part_of_a_name() -> None:
    roster = rotherham()
    for asked in ("106951", " 106951 ", "wingfield business and enterprise college", "Wingfield"):
        assert roster.urn[find_school(roster, asked, Faults())] == 106951


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("106952", r"did you mean 106951 \(Wingfield"),
        ("160951", r"or 106951 \(Wingfield"),
        ("Wingfeild Business and Enterprise Colege", r"did you mean 'Wingfield .*' \(106951\)\?"),
        ("Maltby", r"part of the names of \d schools: Maltby .* more; give a URN"),
        ("Hogwarts", "no school of the roster rotherham_2011 .126 schools. has 'Hogwarts'"),
        ("  ", "no school is named"),
    ],
)
def test_a_school_that_is_not_there_is_told_with_its_nearest(asked: str, said: str) -> None:
    faults = Faults()
    assert find_school(rotherham(), asked, faults) is None
    with pytest.raises(AskedError, match=f"^school: .*{said}"):
        faults.stop()


def test_the_whole_name_goes_before_part_of_a_longer_one() -> None:
    names = list(town().school)
    assert names[find_school(town(), "School 1001", Faults())] == "School 1001"
