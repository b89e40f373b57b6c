"""A story tells the life that was stored, finds what differs first, and gives its true terms."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from itertools import chain

import numpy as np
import pytest

from rsip_sim.experiment.errors import StoreError
from rsip_sim.measures.runs import read_schools
from rsip_sim.report.text import first_screen, rendered
from rsip_sim.scenario import Scenario, with_values
from rsip_sim.studies.kernel.asking import AskedError, Faults
from rsip_sim.studies.kernel.ground import Ground
from rsip_sim.studies.story.life import Life, Meeting, relive
from rsip_sim.studies.story.report import ROWS, WARNING, changes, story_report
from rsip_sim.studies.story.school import find_school
from rsip_sim.studies.story.study import StoryQuestion, StoryStudy
from rsip_sim.studies.story.turning_point import (
    APPLICATION,
    FOUNDING,
    MEMBERSHIP,
    NO_PARTNERSHIP,
    clock_terms,
    first_month_apart,
    turning_points,
)
from rsip_sim.studies.story.work import Story, story_tables, tell
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


# both lives, month by month


def test_the_states_are_those_of_every_month() -> None:
    """Membership, legal status, grade and agreement."""
    for told in chain(*pairs()):
        monthly = {
            name: [state(told, month) for month in range(told.horizon)]
            for name, state in ROWS.items()
        }
        dissolved = told.panel["partnership_ended"].astype(bool)
        member = [state == "member" for state in monthly["Partnership"]]
        assert member == (told.months["member"].astype(bool) & ~dissolved).tolist()
        assert [state == "academy" for state in monthly["Legal status"]] == (
            told.months["academy"].astype(bool).tolist()
        )
        assert [int(state[-2]) for state in monthly["Ofsted grade"]] == (
            told.months["grade"].tolist()
        )
        force = told.panel["agreement_in_force"].astype(bool).tolist()
        assert [state.startswith("in force") for state in monthly["Agreement"]] == force


def test_a_change_in_one_life_alone_stands_on_its_side() -> None:
    """The table of both lives, read from the top, gives the states of the last month."""
    for ours, theirs in pairs():
        last = ["", ""]
        for _, name, here, there in changes(ours, theirs):
            assert here or there
            if name == "Partnership":
                last = [here or last[0], there or last[1]]
        ends = [ROWS["Partnership"](each, each.horizon - 1) for each in (ours, theirs)]
        assert last == ends


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
    words = screen(told)
    assert "Its life differs in none of 60 futures" in words
    assert "its membership and its legal status run the same here and there" in words


def test_the_terms_of_membership_add_up_and_luck_is_shared() -> None:
    """The differences of the terms are the whole difference of utility, and it changes sides."""
    seen = 0
    for ours, theirs in pairs():
        for point in turning_points(ours, theirs):
            if point.kind != MEMBERSHIP:
                continue
            one, other = point.meetings
            assert one.noise == other.noise
            moved = math.fsum(term.moved for term in point.terms)
            assert moved == pytest.approx(one.total - other.total, abs=1e-9)
            assert (one.total + one.noise > 0) == point.happens[0]
            assert (other.total + other.noise > 0) == point.happens[1]
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
            if point.kind != APPLICATION or point.meetings is None:
                continue
            one, other = point.meetings
            assert one.threshold == other.threshold
            reached = [(each.clock + each.step) / each.threshold for each in (one, other)]
            moved = math.fsum(term.moved for term in point.terms)
            assert moved == pytest.approx(reached[0] - reached[1], abs=1e-9)
            assert (reached[0] >= 1) == point.happens[0]
            assert (reached[1] >= 1) == point.happens[1]
            seen += 1
    assert seen > 3


def test_what_moved_a_clock_before_it_began_again_no_longer_counts() -> None:
    """Both withdrew between the second and the third meeting; neighbours mattered only before."""

    def meeting(month: int, clock: float, step: float, **rate: float) -> Meeting:
        return Meeting(month, {}, 0.0, {}, rate=rate, clock=clock, threshold=2.0, step=step)

    ours = [meeting(0, 0.0, 0.4, neighbours=0.4, money=0.0), meeting(4, 0.4, 0.3),
            meeting(8, 0.0, 0.5, neighbours=0.0, money=0.6)]  # fmt: skip
    theirs = [meeting(0, 0.0, 0.2, neighbours=0.0, money=0.0), meeting(4, 0.2, 0.3),
              meeting(8, 0.0, 0.1, neighbours=0.0, money=0.1)]  # fmt: skip
    meetings = ({each.month: each for each in life} for life in (ours, theirs))
    moved = {term.name: term.moved for term in clock_terms(*meetings, 8)}
    assert moved == {"money": pytest.approx(0.2), "neighbours": 0.0}  # 0.4 of a way of 2


def test_where_one_scenario_has_no_partnership_that_is_the_first_difference() -> None:
    told = story(20, WITHOUT.name)
    assert told.points[0].kind == NO_PARTNERSHIP
    assert "it has no partnership to join here and joins the partnership there" in screen(told)


def test_a_price_at_the_founding_is_the_term_that_keeps_a_school_out() -> None:
    """Everything else of the founding round is shared."""
    dear = changed("dear", {"funding.subscription_gbp_per_pupil": 12})
    results = remembered((NO_AGREEMENT, dear), 6)
    ours, theirs = (read_schools(results, s.name) for s in (dear, NO_AGREEMENT))
    never = ~ours.leaves & ~ours.inside & (theirs.leaves | theirs.inside)
    row, future = np.argwhere(never)[0]
    told = tell(results, SEED, dear, NO_AGREEMENT, int(row), int(future))
    (point,) = told.points
    assert (point.kind, point.happens) == (FOUNDING, (False, True))
    assert [term.name for term in point.differing()] == ["price"]
    table = story_report(told).table
    assert table is not None
    assert table.cells[0][:3] == ("subscription a pupil", "£12", "£0")


# the words


def screen(told: Story, width: int = 96) -> str:
    lines = [line.text for line in first_screen(story_report(told), width)]
    assert max(map(len, lines)) <= width
    if width == 96:
        assert len(lines) <= 29  # three more say what to type next
    return " ".join(" ".join(lines).split())


@pytest.mark.parametrize("row", [20, 62, 101])
def test_a_story_warns_names_both_scenarios_and_fits_the_terminal(row: int) -> None:
    for width in (60, 96):
        words = screen(story(row), width)
        assert WARNING in words
        assert f"Here: '{TWO_YEAR.title}'; there: '{NO_AGREEMENT.title}'" in words
        assert "nan" not in words.lower().split()
    assert max(len(line) for line in rendered(story_report(story(row))).splitlines()) <= 96


def test_the_table_of_terms_adds_up_and_says_what_was_seen_and_how_well_it_is_known() -> None:
    """Of a decision about membership, here and there; the largest term comes first."""
    told = [tell(shipped(), SEED, TWO_YEAR, NO_AGREEMENT, *place) for place in decided()]
    found = [each for each in told if each.points and each.points[0].kind == MEMBERSHIP]
    assert found
    for each in found:
        screen(each)
        table, point = story_report(each).table, each.points[0]
        rows = {row[0]: row for row in table.cells}
        for column, meeting in zip((3, 4), point.meetings, strict=True):
            terms = [row for row in table.cells if row[0] not in ENDS]
            summed = sum(number(row[column]) for row in (*terms, rows["Luck of the day"]))
            assert summed == pytest.approx(meeting.total + meeting.noise, abs=0.05)
            total = number(rows["Sum: a member if above 0"][column])
            assert total == pytest.approx(meeting.total + meeting.noise, abs=0.006)
        if point.terms[0].name == "security":
            first = table.cells[0]
            months = round(point.meetings[0].seen["unexpired"])
            assert first[0] == "months still guaranteed"
            assert first[1].startswith(f"{months} month")
            assert first[6] == "none"


ENDS = ("Luck of the day", "Sum: a member if above 0", "Chance before the luck of the day",
        "Decided instead by")  # fmt: skip


def number(text: str) -> float:
    return float(text.replace("\N{MINUS SIGN}", "-"))


def test_the_tables_hold_both_lives_and_the_terms() -> None:
    made = story_tables(story(20))
    assert set(made) == {"terms", "futures"}
    assert made["futures"]["futures"].sum() == 60


# finding a school


def test_a_school_is_found_by_urn_by_name_and_by_part_of_a_name() -> None:
    roster = rotherham()
    for asked in ("106951", " 106951 ", "wingfield business and enterprise college", "Wingfield"):
        assert roster.urn[find_school(roster, asked, Faults())] == 106951


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("106952", r"did you mean 'Wingfield .* \(106951\)'\?"),
        ("160951", r"did you mean 'Wingfield .* \(106951\)'\?"),
        ("Wingfeild Business and Enterprise Colege", r"did you mean 'Wingfield .* \(106951\)'\?"),
        ("Maltby", r"part of the names of \d schools: Maltby .*; give a URN"),
        ("Hogwarts", "no school of the roster rotherham_2011 .126 schools. has 'Hogwarts'"),
        ("  ", "no school is named"),
        ("²", "no school of the roster rotherham_2011 .126 schools. has '²' in its name"),
        ("9" * 5000, "99… is not the URN of a school .* did you mean"),
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
