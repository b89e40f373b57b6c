"""The comparison: paired, with and without renewal risk, and honest about what is clear."""

from __future__ import annotations

import numpy as np
import pytest

from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.measures.metrics import CORE_PARTS, HEADLINES, METRICS, PARTS, PRICE
from rsip_sim.measures.runs import ComparisonError
from rsip_sim.report.text import rendered
from rsip_sim.studies.compare.report import comparison_report
from rsip_sim.studies.compare.work import compare_results, headline_table
from tests.fakes.panels import (
    FIVE,
    FIVE_YEAR,
    NO_AGREEMENT,
    NO_PARTNERSHIP,
    ONE_YEAR,
    TWO_YEAR,
    fake_results,
    row_of,
    twin,
)

RESULTS = fake_results(FIVE, 120)
WHAT = ["scenario", "metric", "label", "unit", "better", "date", "date_label"]
"""The columns with which every published table of metrics begins."""

TABLES = compare_results(RESULTS, TWO_YEAR, [s for s in FIVE if s is not TWO_YEAR])


def test_a_scenario_equal_to_the_baseline_differs_by_exactly_nothing() -> None:
    same = twin(TWO_YEAR, "same")
    tables = compare_results(fake_results((TWO_YEAR, same), 25), TWO_YEAR, [same])
    assert (tables.differences["difference"] == 0).all()
    assert set(tables.differences["verdict"]) == {"equal"}


def test_the_table_has_its_published_columns_and_a_row_for_every_combination() -> None:
    table = TABLES.differences
    assert list(table.columns) == [
        *WHAT,
        *("baseline", "level", "difference", "ci_low", "ci_high", "p05", "p50", "p95"),
        *(f"share_{which}" for which in ("better", "equal", "worse", "higher", "lower")),
        *("replications", "variance_ratio", "baseline_p05", "baseline_p95", "verdict"),
    ]
    assert len(table) == len(METRICS) * (3 * 4 + 3)  # no own agreement without one


def test_levels_differences_and_shares_agree_with_each_other() -> None:
    table = TABLES.differences.dropna(subset=["difference", "share_better"])
    assert (table["level"] - table["baseline"]).to_numpy() == pytest.approx(
        table["difference"].to_numpy(), abs=1e-3
    )
    shares = table["share_better"] + table["share_equal"] + table["share_worse"]
    assert shares.to_numpy() == pytest.approx(np.ones(len(table)))
    assert (table["ci_low"] <= table["difference"] + 1e-9).all()


def test_better_follows_the_direction_of_good() -> None:
    members = row_of(TABLES, "five_year", "members", "mean")
    erosion = row_of(TABLES, "five_year", "erosion", "mean")
    assert (members.verdict, members.numbers.difference > 0) == ("better", True)
    assert (erosion.verdict, erosion.numbers.difference < 0) == ("better", True)
    table = TABLES.differences
    higher, lower = (table[table["better"] == way] for way in ("higher", "lower"))
    assert higher["share_better"].equals(higher["share_higher"])
    assert lower["share_better"].equals(lower["share_lower"])
    assert table[table["better"] == "neither"]["share_better"].isna().all()


def test_the_mean_over_time_leads_whatever_is_compared() -> None:
    assert TABLES.main_moment == "mean"
    same_length = twin(TWO_YEAR, "other", parameters="central")
    other = compare_results(fake_results((TWO_YEAR, same_length), 20), TWO_YEAR, [same_length])
    assert other.main_moment == "mean"


def test_cohesion_with_membership_is_not_compared_with_no_partnership() -> None:
    scenarios = (NO_PARTNERSHIP, TWO_YEAR)
    tables = compare_results(fake_results(scenarios, 20), NO_PARTNERSHIP, [TWO_YEAR])
    by_metric = tables.differences.groupby("metric")["verdict"].agg(set)
    assert by_metric["cohesion_all"] == {"not defined"}
    assert "not defined" not in by_metric["cohesion"]
    assert by_metric["breakdown"] == {"not defined"}, "what never was cannot be dissolved"


def test_scenarios_of_different_span_are_refused_in_words() -> None:
    short = twin(ONE_YEAR, "short", horizon_months=36)
    with pytest.raises(ComparisonError, match="horizon_months differs"):
        compare_results(RESULTS, TWO_YEAR, [short])


def test_only_the_columns_needed_are_read_and_each_once() -> None:
    results = fake_results((TWO_YEAR, FIVE_YEAR), 20)
    compare_results(results, TWO_YEAR, [FIVE_YEAR], metrics=("erosion",))
    told = (*HEADLINES, *PRICE)
    needed = {column for name in told for column in METRICS[name].columns} - {*PARTS}
    read = [column for _, column in results.reads if column not in PARTS]  # of the rankings
    assert set(read) == needed
    assert len(read) == 2 * len(needed)


def test_the_headline_table_of_one_scenario_holds_level_and_range() -> None:
    table = headline_table(RESULTS, TWO_YEAR)
    assert list(table.columns) == [*WHAT, "mean", "median", "p05", "p95", "replications"]
    assert len(table) == 4 * len(HEADLINES)
    assert (table["p05"] <= table["median"]).all()
    assert (table["median"] <= table["p95"]).all()


def test_one_replication_claims_nothing() -> None:
    tables = compare_results(fake_results((TWO_YEAR, FIVE_YEAR), 1), TWO_YEAR, [FIVE_YEAR])
    assert set(tables.differences["verdict"]) <= {"too uncertain", "equal", "not defined"}


def test_the_agreement_of_the_baseline_alone_has_no_difference() -> None:
    dates = TABLES.differences.groupby("scenario")["date"].agg(set)
    assert "own_agreement" not in dates[NO_AGREEMENT.name]
    assert "own_agreement" in dates[FIVE_YEAR.name]


def test_scenarios_are_ranked_by_cohesion_once_from_the_parts_it_is_made_of() -> None:
    """Two rankings by two indices of one name would contradict one another."""
    assert TABLES.ranking is not None
    assert ", ".join(CORE_PARTS).replace("_", " ") in TABLES.ranking


def test_units_are_those_of_the_numbers_in_the_file() -> None:
    units = TABLES.differences.set_index("metric")["unit"]
    money = [name for name, metric in METRICS.items() if metric.format.prefix]
    assert len(money) > 8
    assert set(units.loc[money]) == {"£ a year", "£ since the start"}
    pounds = headline_table(RESULTS, TWO_YEAR, ("recouped_cumulative",))
    assert pounds["mean"].max() > 1e6, "whole pounds"
    assert set(pounds["unit"]) == {"£ since the start"}


def words_of(*compared) -> str:
    return " ".join(rendered(comparison_report(compare_results(*compared))).split())


def test_calibrated_parameters_are_said_to_be_fitted_and_the_others_to_come_from_ranges():
    count = len(load_posterior().names)
    said = words_of(fake_results(FIVE, 30), NO_AGREEMENT, FIVE[1:])
    assert f"{count} of them together, from the sample fitted to what was known in April" in said
    assert "the others each from its range in the register" in said
    prior = tuple(twin(each, each.name, parameters="prior") for each in FIVE[:2])
    results = fake_results(prior, 30)
    text = words_of(results, prior[0], prior[1:])
    assert "each from its range in the register" in text
    assert "fitted" not in text


def test_parameters_held_at_their_central_values_are_said_to_be():
    central = tuple(twin(each, each.name, parameters="central") for each in FIVE[:2])
    results = fake_results(central, 30)
    text = words_of(results, central[0], central[1:])
    assert "held at their central values, so that ignorance of them does not show" in text
