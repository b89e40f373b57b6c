"""When a metric is read, and how that is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rsip_sim.evidence.months import parse_month
from rsip_sim.measures.metrics import METRICS, PRICE
from rsip_sim.measures.moments import (
    END,
    MARCH_2013,
    MEAN,
    MOMENTS,
    OWN_AGREEMENT,
    Moment,
    labelled,
    last_day,
    lengths_differ,
    main_moment,
    moment_for,
    moments_of,
    read,
    unit_at,
)
from tests.fakes.panels import NO_AGREEMENT, NO_PARTNERSHIP, ONE_YEAR, TWO_YEAR, twin


def test_tables_that_are_kept_name_the_moments_as_they_always_did() -> None:
    assert MOMENTS == ("mean", "march_2013", "own_agreement", "end")


def test_moments_are_given_in_their_order_with_the_words_for_tables_and_sentences() -> None:
    found = moments_of(TWO_YEAR.policy, 60)
    assert list(found) == list(MOMENTS)
    assert [*found.values()] == [
        Moment(MEAN, "mean of months 13 to 60", "averaged over months 13 to 60", 12, 59, True),
        Moment(MARCH_2013, "31 March 2013", "on 31 March 2013", 23, 23, False),
        Moment(
            OWN_AGREEMENT, "mean over own agreement", "averaged over its own agreement", 0, 23, True
        ),
        Moment(END, "31 March 2016", "on 31 March 2016", 59, 59, False),
    ]


def test_an_agreement_is_averaged_over_as_far_as_the_run_goes_and_only_where_there_is_one() -> None:
    assert moments_of(TWO_YEAR.policy, 18)[OWN_AGREEMENT].last == 17
    assert moments_of(ONE_YEAR.policy, 18)[OWN_AGREEMENT].last == 11
    for none in (NO_AGREEMENT, NO_PARTNERSHIP):
        assert OWN_AGREEMENT not in moments_of(none.policy, 60)
    agreement = replace(TWO_YEAR.policy.levers.agreement, length_months=1)
    levers = replace(TWO_YEAR.policy.levers, agreement=agreement)
    shortest = moments_of(replace(TWO_YEAR.policy, levers=levers), 60)[OWN_AGREEMENT]
    assert (shortest.first, shortest.last) == (0, 0)


@pytest.mark.parametrize(
    ("month", "day"),
    [("2012-02", "29 February 2012"), ("2013-02", "28 February 2013"), ("2011-12", "31 December")],
)
def test_the_last_day_of_a_month_is_that_of_the_calendar(month: str, day: str) -> None:
    assert last_day(parse_month(month)).startswith(day)


def test_a_state_is_on_a_day_and_what_adds_up_is_by_it() -> None:
    moments = moments_of(TWO_YEAR.policy, 60)
    told = {METRICS[name].kind: moments[END].phrase(METRICS[name]) for name in METRICS}
    on = {kind for kind, words in told.items() if words == "on 31 March 2016"}
    assert on == {"level", "chance"} & set(told)
    assert {told[kind] for kind in set(told) - on} == {"by 31 March 2016"}
    assert moments[MEAN].phrase(METRICS["joins"]) == "averaged over months 13 to 60"


def test_a_flow_is_counted_since_the_start_or_a_year_and_files_have_pounds() -> None:
    moments = moments_of(TWO_YEAR.policy, 60)
    joins, fund = METRICS["joins"], METRICS["fund"]
    assert unit_at(joins, moments[END]) == f"{joins.unit} since the start"
    assert unit_at(joins, moments[MEAN]) == f"{joins.unit} a year"
    assert unit_at(fund, moments[END]) == fund.unit
    assert "£m" in fund.unit
    assert unit_at(fund, moments[END], files=True) == fund.unit.replace("£m", "£")


def test_a_row_is_named_with_its_unit_but_of_schools_everybody_knows_it() -> None:
    moments = moments_of(TWO_YEAR.policy, 60)
    for metric in METRICS.values():
        for moment in moments.values():
            unit = unit_at(metric, moment)
            found = labelled(metric, moment)
            assert found == (metric.label if unit == "schools" else f"{metric.label}, {unit}")
    assert labelled(METRICS["members"], moments[END]) == METRICS["members"].label
    assert labelled(METRICS["joins"], moments[MEAN]).endswith(" a year")


def test_a_price_is_read_at_the_end_where_other_metrics_are_averaged() -> None:
    moments = moments_of(TWO_YEAR.policy, 60)
    price = METRICS[next(iter(PRICE))]
    assert moment_for(price, moments, MEAN) is moments[END]
    assert moment_for(price, moments, MARCH_2013) is moments[MARCH_2013]
    assert moment_for(METRICS["erosion"], moments, MEAN) is moments[MEAN]


def test_the_first_findings_are_means_or_of_a_date_where_the_run_is_short() -> None:
    moments = moments_of(TWO_YEAR.policy, 60)
    assert main_moment(moments) == MEAN
    assert main_moment({name: moments[name] for name in (MARCH_2013, END)}) == MARCH_2013
    assert main_moment({END: moments[END]}) == END


def test_lengths_differ_where_agreements_are_of_two_lengths() -> None:
    assert lengths_differ([ONE_YEAR, TWO_YEAR])
    assert not lengths_differ([TWO_YEAR, twin(TWO_YEAR, "again")])


def test_what_is_read_over_time_begins_after_the_first_year_and_ends_with_the_run() -> None:
    moments, months = moments_of(TWO_YEAR.policy, 60), np.arange(60.0)[:, None]
    assert read(METRICS["erosion"], months, moments[MEAN]).tolist() == [35.5]
    assert read(METRICS["joins"], months, moments[MEAN]).tolist() == [12 * 35.5]
    assert read(METRICS["joins"], months, moments[END]).tolist() == [59 * 30.0]
