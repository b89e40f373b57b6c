"""What England says: short, with its price, and no more than its numbers hold."""

from __future__ import annotations

import functools
import re

import numpy as np
import pytest

from rsip_sim.report.text import first_screen, rendered
from rsip_sim.studies.england.authorities_chart import england_authorities
from rsip_sim.studies.england.groups_chart import england_groups
from rsip_sim.studies.england.places import shipped_places
from rsip_sim.studies.england.report import england_report
from rsip_sim.studies.england.work import EnglandFound
from tests.fakes.england import NAMED, THREE, fake_england, named_places
from tests.fakes.panels import FIVE, NO_AGREEMENT, NO_PARTNERSHIP, TWO_YEAR

LINES = 32 - 3  # and up to three of what to type next
TWO = (NO_AGREEMENT, TWO_YEAR)


def nothing(place, rate, option):
    return 0.0


def undefined(place, rate, option):
    return np.nan if rate.name == "members" else 2.0


CASES = {
    "two": lambda: fake_england(TWO),
    "all authorities": lambda: fake_england(THREE, places=shipped_places()),
    "many options": lambda: fake_england((*FIVE, NO_PARTNERSHIP)),
    "nothing changes": lambda: fake_england(TWO, nothing),
    "nothing is clear": lambda: fake_england(TWO, error=30.0),
    "few futures": lambda: fake_england(TWO, replications=5),
    "one future": lambda: fake_england(TWO, error=np.nan, replications=1),
    "few authorities": lambda: fake_england(TWO, places=named_places(*NAMED)),
    "one authority": lambda: fake_england(TWO, places=named_places("Rutland")),
    "no members": lambda: fake_england((TWO_YEAR, NO_PARTNERSHIP), undefined),
    "measures of one's own": lambda: fake_england(
        TWO, metrics=("fund", "breakdown", "vulnerable_pupils")
    ),
}


@functools.cache
def of(case: str) -> EnglandFound:
    return CASES[case]()


@pytest.mark.parametrize("case", CASES)
def test_it_fits_a_screen_and_says_the_price_how_sure_and_that_schools_are_generic(case) -> None:
    found = of(case)
    lines = [line.text for line in first_screen(england_report(found))]
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= 96
    told = " ".join(" ".join(lines).split())
    assert not re.search(r"\bnan\b", rendered(england_report(found)))
    assert "a pupil" in told
    assert "HOW SURE" in told
    assert "quote no figure or rank as an authority's" in told
    narrow = [line.text for line in first_screen(england_report(found), 60)]
    assert max(map(len, narrow)) <= 60


def told(case: str) -> str:
    return " ".join(rendered(england_report(of(case))).split())


def test_it_answers_with_what_changes_most_its_price_and_the_kinds_that_gain_more() -> None:
    words = told("two")
    assert "more schools are in the partnership for every 100 schools" in words
    assert "Its price a pupil a year: £0.10 more from schools' budgets" in words
    few = "authorities with few academies at the start"
    assert re.search(rf"\+1\.\d in {few}, \+\d\.\d in those with many\.", words)
    assert "No kind of authority gains clearly more" not in words


def test_it_claims_nothing_where_nothing_is_clear_or_futures_are_few() -> None:
    assert "that anyone would notice" in told("nothing changes")
    assert "It costs nobody £0.01 a pupil a year" not in told("nothing changes")
    assert "What it costs a pupil is not clear" in told("nothing is clear")
    assert "5 futures of each authority tell no policy apart" in told("few futures")
    assert "are too few for any difference" in told("few futures")


@pytest.mark.parametrize(
    ("case", "name"),
    [("few authorities", f"{len(NAMED)} authorities"), ("one authority", "Rutland")],
)
def test_england_is_said_of_nearly_all_authorities_alone(case: str, name: str) -> None:
    found = of(case)
    charts = england_groups(found), england_authorities(found)
    words = told(case), *(f"{chart.title} {chart.alt}" for chart in charts)
    assert name in words[0]
    assert "England" not in " ".join(words)
    assert "England" in told("all authorities")


def test_ranks_stand_with_their_interval_and_what_luck_would_tell() -> None:
    words = told("all authorities")
    assert re.search(r"the middle authority may have \d+ of 149; \d+% of pairs are told", words)
    assert "by luck alone 5%" in words
    assert "129 between them, in the table" in words


def test_the_charts_show_every_group_and_every_authority() -> None:
    found = of("all authorities")
    groups, places = england_groups(found), england_authorities(found)
    assert set(groups.data["group"]) >= {"England", "London", "fewest", "most"}
    assert places.data["authority"].nunique() == 149
    for chart in (groups, places):
        assert "quote nothing as an authority's own" in " ".join(
            text.get_text() for text in chart.figure.texts
        )
    for case in ("one authority", "nothing changes", "no members"):
        assert england_groups(of(case)).title
        assert england_authorities(of(case)).title
