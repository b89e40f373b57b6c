"""Scores against closed forms, rivals against their formulas, forecasts against made-up pasts."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nbinom, poisson

from rsip_sim.evidence.months import parse_month
from rsip_sim.experiment.authorities import KNOWN, ROTHERHAM, START
from rsip_sim.experiment.observations import (
    ObservationError,
    Stocks,
    expected_openings,
    known_stocks,
    later_stocks,
    national_hazards,
    read_observations,
    rotherham_counts,
)
from rsip_sim.measures.statistics import weighted_quantiles
from rsip_sim.report.blocks import Report
from rsip_sim.report.text import NARROWEST, WIDTH, first_screen
from rsip_sim.studies.backtest import forecast as forecasts
from rsip_sim.studies.backtest import rivals, study
from rsip_sim.studies.backtest import rivals as scoring
from rsip_sim.studies.backtest.cases import (
    KNOWN_SERIES,
    ORIGINS,
    TARGETS,
    WITHHELD,
    Past,
    cases,
    counts_of,
)
from rsip_sim.studies.backtest.forecast import (
    climates,
    features,
    forecast,
    future_counts,
    likeness,
    sharing,
    simulated_past,
)
from rsip_sim.studies.backtest.report import backtest_report
from rsip_sim.studies.backtest.rivals import (
    fitted_variance,
    gamma_poisson_forecast,
    rival_forecasts,
)
from rsip_sim.studies.backtest.work import Backtest, backtest, verdict
from tests.fakes.few_cases import some_cases

COUNTS = np.arange(60)
LAST = START + 41


def poisson_chances(means: np.ndarray) -> np.ndarray:
    return np.asarray(poisson.pmf(COUNTS, means[:, None]))


# scores


def test_a_certain_and_right_forecast_scores_nought() -> None:
    sure = np.eye(5)[[3, 1]]
    found = scoring.score(sure, np.array([3, 1]))
    assert found.crps == pytest.approx([0, 0])
    assert found.log_score == pytest.approx([0, 0])


def test_crps_of_a_certain_forecast_is_how_far_it_is_off() -> None:
    sure = np.eye(8)[[2, 2, 2]]
    assert scoring.score(sure, np.array([5, 0, 2])).crps == pytest.approx([3, 2, 0])


def test_crps_equals_mean_distance_less_half_the_mean_spread() -> None:
    pmf = poisson_chances(np.array([2.5, 7.0]))
    observed = np.array([4, 3])
    apart = np.abs(COUNTS[:, None] - COUNTS)
    expected = [
        p @ np.abs(COUNTS - y) - 0.5 * p @ apart @ p for p, y in zip(pmf, observed, strict=True)
    ]
    assert scoring.score(pmf, observed).crps == pytest.approx(expected, abs=1e-9)


def test_log_score_is_minus_the_logarithm_of_the_chance() -> None:
    pmf = poisson_chances(np.array([3.0]))
    found = scoring.score(pmf, np.array([2]))
    assert found.log_score[0] == pytest.approx(-np.log(poisson.pmf(2, 3.0)))


@pytest.mark.parametrize("mean", [0.3, 4.0, 15.0])
def test_intervals_of_a_perfect_forecast_hold_what_they_should(mean: float) -> None:
    observed = np.random.default_rng(1).poisson(mean, 20_000)
    found = scoring.score(poisson_chances(np.full(len(observed), mean)), observed)
    assert found.coverage(0.5) == pytest.approx(0.5, abs=0.012)
    assert found.coverage(0.9) == pytest.approx(0.9, abs=0.012)


def test_intervals_of_a_forecast_that_is_too_sure_hold_too_little() -> None:
    rng = np.random.default_rng(2)
    means = rng.gamma(2.0, 3.0, 4000)
    found = scoring.score(poisson_chances(np.full(4000, 6.0)), rng.poisson(means))
    assert found.coverage(0.5) < 0.4


def test_sum_of_two_poisson_counts_is_poisson() -> None:
    total = scoring.convolved(poisson_chances(np.array([2.0])), poisson_chances(np.array([1.5])))
    assert total[0, :60] == pytest.approx(poisson.pmf(COUNTS, 3.5), abs=1e-9)


# rivals


def test_schools_that_have_left_cannot_leave_again() -> None:
    expected = expected_openings(np.array([100.0]), np.full((24, 2, 1), 0.05))
    assert expected.ravel() == pytest.approx([100 * (1 - 0.95**24)] * 2)


def test_second_rival_is_the_negative_binomial_of_its_gamma_posterior() -> None:
    found = gamma_poisson_forecast(
        np.array([3]), np.array([2.0]), np.array([1.5]), 0.5, len(COUNTS) - 1
    )
    size, rate = 2 + 3, 2 + 2.0
    assert found[0] == pytest.approx(nbinom.pmf(COUNTS, size, rate / (rate + 1.5)), abs=1e-9)
    assert found[0] @ COUNTS == pytest.approx(1.5 * size / rate, abs=1e-6)


def test_fitted_variance_finds_the_variance_that_made_the_counts() -> None:
    rng = np.random.default_rng(3)
    expected = np.full(20_000, 4.0)
    openings = rng.poisson(expected * rng.gamma(1 / 0.8, 0.8, len(expected)))
    assert fitted_variance(openings, expected) == pytest.approx(0.8, rel=0.07)


def test_fitted_variance_is_the_same_on_every_processor() -> None:
    """The last bits of what was expected differ by processor; those of the fit may not by more."""
    rng = np.random.default_rng(4)
    expected = rng.gamma(2.0, 2.0, 300)
    openings = rng.poisson(expected * rng.gamma(1 / 0.8, 0.8, 300))
    found = [fitted_variance(openings, expected * (1 + bits)) for bits in (0.0, 2e-16, 1e-15)]
    assert found == pytest.approx([found[0]] * 3, rel=1e-12)


@pytest.mark.parametrize(("openings", "bound"), [([1, 1, 1, 1], 1e-4), ([30, 0, 0, 0], 20.0)])
def test_fitted_variance_stays_within_its_bounds(openings: list[int], bound: float) -> None:
    assert fitted_variance(np.array(openings), np.full(4, 0.1 if bound > 1 else 1.0)) == bound


def test_both_rivals_give_whole_chances_to_every_target() -> None:
    for few in some_cases(cases(), 20):
        for chances in rival_forecasts(few, WITHHELD):
            size = few.highest + 1
            assert chances.shape == (len(few.names), len(few.dates), len(TARGETS), size)
            assert chances.sum(axis=3) == pytest.approx(np.ones(chances.shape[:3]))


def test_a_rival_expects_more_the_further_it_looks() -> None:
    for few in some_cases(cases(), 20):
        for chances in rival_forecasts(few, KNOWN_SERIES):
            expected = scoring.mean(chances)
            assert (np.diff(expected, axis=1) >= 0).all()
            assert (expected[:, -1] > expected[:, 0]).any()


def test_second_rival_learns_only_from_the_years_before_its_origin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Take the stocks after April 2012 away from it, and its forecasts from that day are equal."""
    _, of_2012 = some_cases(cases(), 20)
    whole = rival_forecasts(of_2012, KNOWN_SERIES)
    stocks = known_stocks()
    seen = stocks.months.index(of_2012.origin) + 1
    early = Stocks(
        stocks.authorities,
        stocks.months[:seen],
        stocks.maintained[:, :seen],
        stocks.academies[:, :seen],
    )
    monkeypatch.setattr(rivals, "known_stocks", lambda: early)
    for before, after in zip(whole, rival_forecasts(of_2012, KNOWN_SERIES), strict=True):
        assert (before == after).all()


# how many futures


@pytest.mark.parametrize("mode", [KNOWN_SERIES, WITHHELD])
def test_futures_are_simulated_until_counts_are_known_as_asked(mode, monkeypatch) -> None:
    """In goes that do not show: the forecasts of all of them are those of one go."""
    monkeypatch.setattr(forecasts, "FIRST_FUTURES", 16)
    few = sharing(some_cases(cases(), 80), mode)[0]
    (one, *_), (goes, *_), (enough, *_) = (
        forecasts.model_forecasts(few, mode, 64, 5, workers=1, precision=precision)
        for precision in (0.0, 1e-9, 1000.0)
    )
    np.testing.assert_array_equal(one.chances, goes.chances)
    np.testing.assert_array_equal(one.rotherham, goes.rotherham)
    assert enough.rotherham.shape[1] == 16
    first = [part[:4] for part in np.array_split(np.arange(64), 4)] if mode == WITHHELD else [
        np.arange(16)
    ]  # fmt: skip
    np.testing.assert_array_equal(enough.rotherham, one.rotherham[:, np.concatenate(first)])
    assert 0 < one.known_to < enough.known_to


# what may be known


def test_nothing_later_than_april_2013_is_known() -> None:
    assert known_stocks().months[-1] == KNOWN == parse_month("2013-04")
    assert min(later_stocks().months) > KNOWN


def test_withheld_rates_are_the_mean_of_the_last_twelve_months_known() -> None:
    march = parse_month("2013-03")
    known = national_hazards(START - 1, march)
    held = national_hazards(march, march + 12, march)
    assert held == pytest.approx(np.tile(known[-12:].mean(axis=0), (12, 1, 1)))


def test_withheld_climates_agree_to_the_month_before_the_origin_and_differ_after() -> None:
    for origin in ORIGINS:
        low, *_, high = climates(WITHHELD, origin, parse_month("2014-09"))
        paths = [np.array(dict(each.opening_pct_per_month)["primary"]) for each in (low, high)]
        months = origin - START
        assert (paths[0][:months] == paths[1][:months]).all()
        assert (paths[0][months:] < paths[1][months:]).all()
        known = climates(KNOWN_SERIES, origin, parse_month("2014-09"))
        assert [climate.conversion for climate in known] == ["observed"]


def test_a_series_withheld_is_another_for_each_origin_and_a_known_one_the_same() -> None:
    whole = some_cases(cases(), 44)
    assert sharing(whole, KNOWN_SERIES) == [whole]
    assert sharing(whole, WITHHELD) == [(each,) for each in whole]
    until = whole[0].until
    assert climates(WITHHELD, ORIGINS[0], until) != climates(WITHHELD, ORIGINS[1], until)


def test_each_origin_knows_its_past_and_forecasts_every_later_date() -> None:
    of_2013, of_2012 = cases()
    assert (of_2013.origin, of_2012.origin) == ORIGINS
    assert [date - KNOWN for date in of_2013.dates] == [5, 12, 17]
    assert [date - of_2012.origin for date in of_2012.dates] == [5, 12, 17, 24, 29]
    assert of_2012.names == of_2013.names
    assert (of_2012.past.years == of_2013.past.years[:, :1]).all()


def test_what_came_to_april_2013_is_what_the_later_origin_has_seen() -> None:
    """The first year's openings and those of the year after make the past of April 2013."""
    of_2013, of_2012 = cases()
    year = of_2012.after[:, of_2012.dates.index(KNOWN)]
    assert (year == counts_of(of_2013.past.years[:, 1])).all()


def test_rotherham_counts_leave_out_mergers_and_new_schools() -> None:
    before = rotherham_counts(START, KNOWN)
    after = rotherham_counts(KNOWN, parse_month("2014-09"))
    assert before.tolist() == [[0, 2, 0], [3, 0, 0]]
    assert after.tolist() == [[12, 4, 0], [2, 1, 0]]


def test_rotherham_is_forecast_but_not_scored_with_the_shipped_table() -> None:
    for every in cases():
        assert every.names[-1] == ROTHERHAM
        assert every.scored == len(every.names) - 1 == 87


# the forecast


def made_up_openings(replications: int) -> np.ndarray:
    openings = np.zeros((42, replications, 2, 3), dtype=np.int16)
    openings[5, ::2, 0, 0] = 6  # every other future: six primary converters in the first year,
    openings[30, ::2, 0, 0] = 4  # and four after April 2013
    return openings


def test_pasts_are_counted_from_may_to_april() -> None:
    openings = np.zeros((42, 1, 2, 3), dtype=np.int16)
    openings[[0, 1, 12, 13, 24, 25], 0, 0, 0] = [100, 1, 2, 4, 8, 16]
    past = simulated_past(openings, np.array([200, 10, 5]), KNOWN)
    assert past.years[0, :, 0, 0].tolist() == [3, 12]
    assert past.remaining[0].tolist() == [85, 10, 5]
    assert future_counts(openings, KNOWN, LAST)[0, TARGETS.index(("converter", "primary"))] == 16


def test_forecast_follows_the_futures_whose_past_was_the_same() -> None:
    openings = made_up_openings(400)
    past = simulated_past(openings, np.array([100, 10, 5]), KNOWN)
    counts = future_counts(openings, KNOWN, LAST)[None]
    years = np.zeros((2, 2, 3))
    years[0, 0, 0] = 6
    active = forecast(past, Past(years, np.array([94, 10, 5])), counts, 20)[0][0]
    quiet = forecast(past, Past(np.zeros((2, 2, 3)), np.array([100, 10, 5])), counts, 20)[0][0]
    place = TARGETS.index(("all", "primary"))
    assert active[place, 4] > 0.85
    assert quiet[place, 0] > 0.85
    assert active.sum(axis=1) == pytest.approx(np.ones(len(TARGETS)))


def test_forecast_is_scaled_to_the_schools_really_left() -> None:
    openings = made_up_openings(400)
    past = simulated_past(openings, np.array([100, 10, 5]), KNOWN)
    counts = future_counts(openings, KNOWN, LAST)[None]
    years = np.zeros((2, 2, 3))
    years[0, 0, 0] = 6
    fewer = forecast(past, Past(years, np.array([47, 10, 5])), counts, 20)[0][0]
    place = TARGETS.index(("all", "primary"))
    assert fewer[place] @ np.arange(21) == pytest.approx(2, abs=0.1)


def test_an_origin_a_year_earlier_knows_one_year_and_sees_more_still_to_come() -> None:
    openings = made_up_openings(400)
    openings[20, :, 0, 0] = 1
    past = simulated_past(openings, np.array([100, 10, 5]), START + 12)
    assert past.years.shape == (400, 1, 2, 3)
    assert past.remaining[:2, 0].tolist() == [94, 100]
    assert future_counts(openings, START + 12, LAST)[
        :2, TARGETS.index(("all", "primary"))
    ].tolist() == [5, 1]
    busy = np.zeros((1, 2, 3))
    busy[0, 0, 0] = 6
    counts = np.stack([future_counts(openings, START + 12, until) for until in (KNOWN, LAST)])
    soon, late = forecast(past, Past(busy, np.array([94, 10, 5])), counts, 20)[0]
    place = TARGETS.index(("all", "primary"))
    assert soon[place, 1] > 0.85
    assert late[place, 5] > 0.85


@pytest.mark.parametrize("known", [12, 24])
def test_ranges_hold_what_they_should_where_the_futures_are_right(known: int) -> None:
    """If what happens is one of the futures, nine in ten counts lie in their ranges of 90%.

    So ranges that hold less among real authorities are the model's fault, not that of the way in
    which the past is used.
    """
    rng = np.random.default_rng(4)
    worlds, cases_tried = 2000, 250
    temper = rng.gamma(1.0, 1.0, (worlds, 1, 3))  # each world's own, for all its months
    monthly = np.array([[0.2, 0.1, 0.02], [0.1, 0.04, 0.01]])
    openings = rng.poisson(temper * monthly, (42, worlds, 2, 3)).astype(np.int16)
    past = simulated_past(openings, np.array([900, 400, 90]), START + known)
    counts = future_counts(openings, START + known, LAST)
    chances = []
    for world in range(cases_tried):
        others = np.arange(worlds) != world
        rest = Past(past.years[others], past.remaining[others])
        seen = Past(past.years[world], past.remaining[world])
        chances.append(forecast(rest, seen, counts[others][None], 200)[0][0])
    for place, (route, _) in enumerate(TARGETS):
        if route == "all":
            found = scoring.score(np.array(chances)[:, place], counts[:cases_tried, place])
            assert found.coverage(0.9) == pytest.approx(0.9, abs=0.05)


def test_nearer_pasts_weigh_more_and_far_ones_nothing() -> None:
    years = np.zeros((300, 2, 2, 3))
    years[:, 0, 0, 0] = np.arange(300)
    seen = features(Past(np.zeros((2, 2, 3)), np.ones(3)), "converter", "primary")
    weight = likeness(features(Past(years, np.ones((300, 3))), "converter", "primary"), seen)
    assert weight.sum() == pytest.approx(1)
    assert (np.diff(weight) <= 0).all()
    assert weight[200] == 0


def test_weighted_quantiles_follow_the_weights() -> None:
    values, weight = np.array([3.0, 1.0, 2.0]), np.array([0.2, 0.5, 0.3])
    assert weighted_quantiles(values, weight, (0.5, 0.8, 0.95)) == (1.0, 2.0, 3.0)


@pytest.mark.parametrize(
    ("gain", "error", "word"),
    [
        (0.3, 0.1, "clearly better"),
        (0.1, 0.1, "better, within chance"),
        (-0.1, 0.1, "worse, within chance"),
        (-0.3, 0.1, "clearly worse"),
        (np.inf, np.nan, "clearly better"),
    ],
)
def test_verdict_needs_two_standard_errors_to_be_clear(
    gain: float, error: float, word: str
) -> None:
    assert verdict(gain, error) == word


# a file of later observations

HEADER = "date,local_authority,phase,la_maintained,converter,sponsored\n"


def test_a_later_file_of_the_same_layout_is_read(tmp_path: Path) -> None:
    file = tmp_path / "later.csv"
    lines = [f"2015-09-01,Barnet,{phase},10,5,1\n" for phase in ("primary", "secondary", "special")]
    file.write_text(HEADER + "".join(lines))
    stocks = later_stocks(file)
    assert stocks.authorities == ("Barnet",)
    assert stocks.months == (parse_month("2015-09"),)


def test_every_fault_of_a_file_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "later.csv"
    file.write_text(
        HEADER + "2015-09-02,Barnett,primry,10,5,x\n2015-09-01,Barnet,primary,10,5,-1\n"
    )
    with pytest.raises(ObservationError) as caught:
        read_observations(file)
    text = str(caught.value)
    assert "later.csv:2:1: date" in text
    assert "did you mean 'Barnet'?" in text
    assert "did you mean 'primary'?" in text
    assert text.count("sponsored") == 2


def test_a_file_without_later_dates_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "later.csv"
    file.write_text(HEADER + "2012-09-01,Barnet,primary,10,5,1\n")
    with pytest.raises(ObservationError, match="no date after"):
        read_observations(file)


# the whole


@functools.cache
def small() -> Backtest:
    return backtest(some_cases(cases(), 44), replications=128, workers=1)


def screen(report: Report, width: int = WIDTH) -> list[str]:
    lines = [line.text for line in first_screen(report, width)]
    assert max(map(len, lines)) <= width
    return lines


def test_a_small_back_test_reports_scores_verdicts_and_rotherham() -> None:
    report = small()
    told = backtest_report(report)
    assert report.scored == 2
    assert len(screen(told)) <= 29
    assert len(screen(told, NARROWEST)) <= 55
    assert f"'{told.table.cells[0][3]}' against the national rate" in " ".join(screen(told))
    days = {row[:2] for row in told.table.cells}
    assert days == {(day, series) for day in ("2013-04", "2012-04")
                    for series in ("known", "withheld")}  # fmt: skip
    tables = {part.name: part.blocks[0] for part in told.parts}
    assert set(tables) == {"verdicts", "scores", "horizons", "rotherham"}
    for name in ("verdicts", "horizons", "rotherham"):
        assert {row[:2] for row in tables[name].cells} == days
    verdicts = {word for row in tables["verdicts"].cells for word in row[3:]}
    known = {"clearly better", "better, within chance", "worse, within chance", "clearly worse"}
    assert verdicts <= known
    scores = report.tables["scores"]
    assert np.isfinite(scores[["crps", "log_score"]].to_numpy()).all()

    ahead = report.tables["horizons"].groupby("origin")["months"].unique()
    assert {origin: months.tolist() for origin, months in ahead.items()} == {
        "2012-04": [5, 12, 17, 24, 29],
        "2013-04": [5, 12, 17],
    }


def test_the_furthest_horizon_is_the_score_that_the_verdict_stands_on() -> None:
    """The last date of every origin has the same scores in both tables, for every forecaster."""
    report = small()
    scores = report.tables["scores"]
    ahead = report.tables["horizons"]
    last = ahead[ahead["months"] == ahead.groupby("origin")["months"].transform("max")]
    keys = ["origin", "mode", "phase", "forecaster"]
    whole = scores[scores["route"] == "all"].set_index(keys)["crps"]
    assert last.set_index(keys)["crps"].sort_index().equals(whole.sort_index())


def test_scores_are_kept_with_the_package_only_where_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[list[str]] = []
    monkeypatch.setattr(study, "store_results", lambda _, tables, __: kept.append([*tables]))
    kept_names = ["scores", "horizons", "verdicts", "rotherham"]
    tables = dict.fromkeys(kept_names, pd.DataFrame())
    for store in (False, True):
        ready = study.Forecasting(study.BacktestQuestion(store=store), cases())
        study.BacktestStudy().finish(ready, Backtest(tables, ORIGINS, 2, KNOWN, 256))
        assert kept == ([kept_names] if store else [])
