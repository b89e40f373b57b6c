"""Every lever has its row, complete and true to schema, model and studies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, get_args, get_origin

import pytest

from rsip_sim.model.diary import Diary
from rsip_sim.model.policy import UNCERTAIN
from rsip_sim.model.simulation import simulate_block
from rsip_sim.scenario import load_scenario, with_values
from rsip_sim.scenario.changing import changeable_fields
from rsip_sim.scenario.levers import (
    LEVERS,
    PARAMETERS,
    WEIGHTS,
    LeverRow,
    after_the_last_budget,
    field_label,
    is_nobodys_choice,
    never_offered,
    no_january,
    settled_by_the_first_review,
    without_partnership,
)
from rsip_sim.scenario.loading import with_values_from
from rsip_sim.scenario.ranges import range_of
from rsip_sim.scenario.schema import MODELS, MONTH_FIELDS
from rsip_sim.scenario.settings import Override, Setting, settings_of, value_of
from rsip_sim.studies.check.checks import rise_of
from rsip_sim.studies.story import work as terms
from tests.fakes.places import SCENARIOS

TWO_YEAR = load_scenario(SCENARIOS / "two_year.yaml")
ROWS = pytest.mark.parametrize("row", LEVERS.values(), ids=lambda row: row.path)


def _annotation(path: str) -> Any:
    section, _, name = path.rpartition(".")
    return MODELS[section].model_fields[name].annotation


def _values(row: LeverRow) -> list[Any]:
    """Some values that the lever may have, least first where they can be ranked."""
    kind, limits = _annotation(row.path), range_of(row.path)
    if row.path in MONTH_FIELDS:
        return [TWO_YEAR.policy.start + 12, None]
    if kind is bool:
        return [False, True]
    if get_origin(kind) is Literal:
        return list(row.rising or get_args(kind))
    assert limits is not None
    return [limits.minimum, limits.maximum]


# nothing is forgotten


def test_every_lever_of_the_schema_has_a_row_and_every_row_is_a_lever():
    levers = {path for path in changeable_fields() if not path.startswith(PARAMETERS)}
    assert set(LEVERS) == levers | {WEIGHTS}


def test_whatever_a_scenario_can_set_differently_has_a_row():
    start = TWO_YEAR.policy.start
    paths = {path for path, _ in settings_of(TWO_YEAR, start, start + 60)}
    assert {path for path in paths if not path.startswith(PARAMETERS)} <= set(LEVERS)


def test_levers_are_told_apart_by_their_labels():
    labels = [row.label for row in LEVERS.values()]
    assert len(set(labels)) == len(labels)
    assert [field_label(path) for path in LEVERS] == labels


@ROWS
def test_what_nobody_here_decides_comes_last_on_a_form(row):
    assert row.rank in (1, 2, 3)
    measured = row.path.startswith("cohesion.")
    assert (row.rank == 3) == (is_nobodys_choice(row.path) or measured)


# what a row says is so


@ROWS
def test_words_and_values_to_try_are_among_those_that_the_schema_accepts(row):
    for value in (*row.words, *row.rising):
        if value == "dedelegated":  # which the law allows from April 2013
            with_values_from(TWO_YEAR, TWO_YEAR.policy.start + 24, {row.path: value})
        elif value != "table":  # which needs its table beside it
            with_values(TWO_YEAR, {row.path: value})


@ROWS
def test_a_direction_can_be_stated_of_some_change(row):
    """A lever whose values nobody can rank has its directions in vain."""
    if not row.directions:
        return
    low, high = _values(row)[:: len(_values(row)) - 1]
    if row.path == "climate.conversion":
        climate = TWO_YEAR.policy.levers.climate
        low, high = (replace(climate, conversion=each) for each in (low, high))
    for old, new, rise in ((low, high, 1), (high, low, -1), (low, low, 0)):
        change = Override((row.path, 0), Setting(old, old), Setting(new, new), 0, "")
        assert rise_of(change) == rise
    assert any(each.applies(low, high) for each in row.directions)


def test_what_a_school_sees_of_a_lever_is_in_its_diary_with_the_value_of_the_lever():
    diary = Diary(0)
    simulate_block(TWO_YEAR.policy, TWO_YEAR.roster, 1, [0], diary=diary)
    for row in LEVERS.values():
        if row.felt and (value := value_of(TWO_YEAR, row.path)) != UNCERTAIN:
            (seen,) = diary.meetings[0].seen[row.felt.name]
            assert seen == float(value), row.path


def test_a_story_has_words_for_whatever_a_school_sees_of_a_lever():
    told = {label.seen for label in terms.LABELS.values()}
    told.add("alive")  # of which the decision itself tells
    assert {row.felt.name for row in LEVERS.values() if row.felt} <= told


# reasons why a change does nothing: each where it holds and where it does not


def test_a_lever_of_the_partnership_is_idle_only_where_there_is_none():
    policy = TWO_YEAR.policy
    assert without_partnership(0, policy.start, policy) == ""
    assert without_partnership(0, policy.start, replace(policy, partnership=False))


def test_a_budget_is_idle_only_when_no_april_follows():
    policy = replace(TWO_YEAR.policy, horizon_months=30)  # April 2011 to September 2013
    assert after_the_last_budget(0, policy.start, policy) == ""
    assert after_the_last_budget(0, policy.start + 24, policy) == ""
    assert after_the_last_budget(0, policy.start + 25, policy)
    short = replace(policy, start=policy.start + 1, horizon_months=6)  # the first is set at once
    assert after_the_last_budget(0, short.start, short) == ""
    assert after_the_last_budget(0, short.start + 1, short)


@pytest.mark.parametrize(("months", "idle"), [(9, True), (10, False)])
def test_offers_are_idle_where_no_january_follows(months, idle):
    policy = replace(TWO_YEAR.policy, horizon_months=months)  # from April 2011
    assert bool(no_january("certain", policy.start, policy)) is idle


def test_the_length_of_a_later_agreement_is_idle_where_none_is_offered():
    policy = with_values(TWO_YEAR, {"agreement.later_offers": False}).policy
    assert never_offered(24, policy.start, policy)
    assert never_offered(24, TWO_YEAR.policy.start, TWO_YEAR.policy) == ""


@pytest.mark.parametrize(("length", "idle"), [(0, False), (71, False), (72, True)])
def test_the_length_of_a_later_agreement_is_idle_where_the_first_covers_every_year(length, idle):
    policy = with_values(TWO_YEAR, {"agreement.length_months": length}).policy
    assert policy.horizon_months == 60  # the last January offers the year that ends in month 72
    assert bool(never_offered(24, policy.start, policy)) is idle


@pytest.mark.parametrize(("months", "idle"), [(6, True), (7, False)])
def test_governance_is_idle_when_the_first_of_two_reviews_a_year_finds_it_settled(months, idle):
    policy = TWO_YEAR.policy
    assert policy.levers.agreement.reviews_per_year == 2
    assert bool(settled_by_the_first_review(months, policy.start, policy)) is idle
