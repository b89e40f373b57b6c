"""Metrics: every number has a label, a unit, a direction of good and a formula that holds."""

from __future__ import annotations

import numpy as np
import pytest

from rsip_sim.evidence.months import parse_month
from rsip_sim.measures import formats
from rsip_sim.measures.metrics import (
    HEADLINES,
    METRICS,
    PARTS,
    PRICE_COUNCIL,
    PRICE_SCHOOLS,
    metrics_named,
)
from rsip_sim.measures.moments import (
    END,
    MARCH_2013,
    MEAN,
    OWN_AGREEMENT,
    Panel,
    main_moment,
    moments_of,
    read,
)
from rsip_sim.model.panel import COLUMN_NAMES
from rsip_sim.model.policy import Policy
from tests.fakes.panels import (
    NO_AGREEMENT,
    NO_PARTNERSHIP,
    ONE_YEAR,
    TWO_YEAR,
    fake_results,
    twin,
)

RESULTS = fake_results((TWO_YEAR, NO_PARTNERSHIP), 30)


def value(metric: str) -> np.ndarray:
    return Panel(RESULTS, TWO_YEAR).metric(METRICS[metric])


def test_every_metric_reads_columns_of_the_panel_and_fills_every_month_and_future() -> None:
    for metric in METRICS.values():
        assert set(metric.columns) <= set(COLUMN_NAMES)
        assert value(metric.name).shape == (60, 30)


def test_headlines_are_about_a_dozen_known_metrics() -> None:
    assert 9 <= len(metrics_named(HEADLINES)) <= 12
    with pytest.raises(KeyError, match="unknown metric cohesian"):
        metrics_named(("cohesian",))


def test_labels_are_distinct_and_short_enough_for_a_table() -> None:
    labels = [metric.label for metric in METRICS.values()]
    assert len(set(labels)) == len(labels)
    assert max(map(len, labels)) <= 50


def test_erosion_is_recouped_money_as_a_percentage_of_gross() -> None:
    recouped, gross = (
        RESULTS.panels["two_year"][f"{what}_pence_per_year"] for what in ("recouped", "gross")
    )
    assert value("erosion") == pytest.approx(100 * recouped / gross)


def test_erosion_is_not_defined_without_money() -> None:
    empty = {name: np.zeros((2, 3), np.int64) for name in METRICS["erosion"].columns}
    assert np.isnan(METRICS["erosion"].compute(empty)).all()


def test_the_price_from_the_council_is_what_it_guarantees_and_the_deficits_left_with_it() -> None:
    """A smaller service is no gain, and a refused line no saving: neither is in it."""
    panel = {
        "guarantee_pence_per_year": np.full((24, 2), 75_000_000),
        "deficits_cumulative_pence": np.full((24, 2), 6_000_000),
    }
    assert METRICS[PRICE_COUNCIL].compute(panel)[-1] == pytest.approx(2 * 750_000 + 60_000)
    assert not {"ses_pence_per_year", "pooled_pence_per_year"} & {*METRICS[PRICE_COUNCIL].columns}


def test_the_price_from_schools_is_the_line_while_pooled_and_what_they_subscribe() -> None:
    panel = {
        "pooled_pence_per_year": np.repeat([60_000_000, 0], 12)[:, None],
        "subscriptions_pence_per_year": np.full((24, 1), 1_200_000),
    }
    assert METRICS[PRICE_SCHOOLS].compute(panel)[-1] == pytest.approx(600_000 + 24_000)


def test_conversions_add_up_over_phases_and_never_fall() -> None:
    phases = sum(value(f"conversions_{phase}") for phase in ("primary", "secondary", "special"))
    assert (value("conversions") == phases).all()
    assert (np.diff(value("conversions"), axis=0) >= 0).all()


def test_membership_and_legal_status_are_two_axes() -> None:
    assert (value("members") == value("members_maintained") + value("associates")).all()
    assert (value("associates") <= value("academies")).all()


def test_the_index_with_membership_is_not_defined_without_a_partnership() -> None:
    panel = Panel(RESULTS, NO_PARTNERSHIP)
    assert np.isnan(panel.metric(METRICS["cohesion_all"])).all()
    assert not np.isnan(panel.metric(METRICS["cohesion"])).any()
    assert np.isnan(panel.metric(METRICS["breakdown"])).all(), "where there was none, none can end"
    assert set(PARTS) <= set(METRICS)


def test_a_flow_is_a_sum_at_a_date_and_a_yearly_rate_over_time() -> None:
    flow, moments = np.ones((60, 2)), moments_of(TWO_YEAR.policy, 60)
    assert read(METRICS["joins"], flow, moments[MARCH_2013]).tolist() == [24, 24]
    assert read(METRICS["joins"], flow, moments[MEAN]).tolist() == [12, 12]


def test_march_2013_is_the_state_after_the_accounts_of_month_23() -> None:
    months = np.arange(60.0)[:, None]
    moments = moments_of(TWO_YEAR.policy, 60)
    assert read(METRICS["erosion"], months, moments[MARCH_2013]) == 23
    assert read(METRICS["erosion"], months, moments[MEAN]) == np.arange(12, 60).mean()
    assert read(METRICS["erosion"], months, moments[OWN_AGREEMENT]) == np.arange(24).mean()
    assert read(METRICS["erosion"], months, moments[END]) == 59
    assert moments[END].label == "31 March 2016"


def test_moments_outside_the_run_or_without_an_agreement_do_not_exist() -> None:
    assert set(moments_of(ONE_YEAR.policy, 12)) == {OWN_AGREEMENT, END}
    assert OWN_AGREEMENT not in moments_of(NO_AGREEMENT.policy, 60)
    late = twin(TWO_YEAR, "late", start=TWO_YEAR.policy.start + 36)
    assert MARCH_2013 not in moments_of(late.policy, 60)


def test_months_in_which_a_metric_is_not_defined_are_left_out_of_its_mean() -> None:
    values = np.ones((60, 2))
    values[30:, 0] = np.nan
    values[:, 1] = np.nan
    mean = read(METRICS["adequacy"], values, moments_of(TWO_YEAR.policy, 60)[MEAN])
    assert mean[0] == 1
    assert np.isnan(mean[1])


def test_a_future_read_alone_gives_the_same_number_to_the_last_bit() -> None:
    """Months are added one after the other, whatever stands beside or behind in memory."""
    moments = moments_of(TWO_YEAR.policy, 60)
    values = np.random.default_rng(5).normal(size=(60, 40))
    values[:7, 3] = np.nan
    for metric in (METRICS["cohesion"], METRICS["joins"]):
        for name in ("mean", "end"):
            several = read(metric, values, moments[name])
            for future in range(40):
                alone = read(metric, values[:, future : future + 1], moments[name])
                np.testing.assert_array_equal(alone, several[future : future + 1])
            behind = read(metric, np.asfortranarray(values), moments[name])
            np.testing.assert_array_equal(behind, several)


def test_numbers_are_written_with_unit_and_true_minus() -> None:
    assert formats.MILLIONS.level(1_234_567) == "£1.23m"
    assert formats.MILLIONS.difference(-50_000) == "−£0.05m"
    assert formats.PER_CENT.difference(0.4) == "+0.40 points"
    assert formats.PER_CENT.difference(-0.001) == "0.00 points"
    assert formats.PER_CENT.magnitudes(0.1, 0.4) == "0.10 to 0.40 points"
    assert formats.SCHOOLS.magnitudes(2, 9) == "2 to 9"
    assert formats.INDEX.level(float("nan")) == "not defined"


@pytest.mark.parametrize(
    ("start", "months", "exists"),
    [("2011-04", 60, True), ("2012-04", 60, True), ("2012-05", 60, False), ("2013-03", 60, False),
     ("2012-04", 12, True), ("2013-04", 60, False), ("2011-04", 23, False)],
)  # fmt: skip
def test_march_2013_is_read_only_where_a_year_lies_before_it(
    start: str, months: int, exists: bool
) -> None:
    """The first findings of a run that starts in March 2013 are no findings of March 2013."""
    moments = moments_of(Policy(parse_month(start), months), months)
    assert (MARCH_2013 in moments) == exists
    assert main_moment(moments) == (MEAN if months > 12 else MARCH_2013)
