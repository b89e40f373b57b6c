"""How much the ranking by cohesion owes to its weights, where the weights leave little to rank."""

import tracemalloc

import numpy as np
import pytest

from rsip_sim.model.rules import cohesion
from rsip_sim.studies.compare.work import even_weightings, mean_log, ranking_changes, ranking_told


def components(*levels: float) -> list[np.ndarray]:
    """Scenarios whose parts are all the same, so that no weighting can change their order."""
    return [np.full((3, 5), np.log(level)) for level in levels]


@pytest.mark.filterwarnings("error")
def test_parts_that_all_weigh_nothing_count_alike() -> None:
    """As the model's own index without membership has it; 0/0 would rank by nothing."""
    assert ranking_changes(components(0.4, 0.8), (0.0, 0.0, 0.0)) == (0.0, 0.0)
    mixed = components(0.5, 0.5)
    mixed[0][0] += 0.2
    mixed[1][1] += 0.2
    alike = ranking_changes(mixed, (1.0, 1.0, 1.0))
    assert ranking_changes(mixed, (0.0, 0.0, 0.0)) == alike


def test_with_two_scenarios_another_order_is_another_first() -> None:
    mixed = components(0.5, 0.5)
    mixed[0][0] += 0.2
    mixed[1][1] += 0.2
    order, first = ranking_changes(mixed, (0.0, 0.0, 0.0))
    assert 0.0 < order < 1.0
    assert order == first


def test_the_weightings_fill_the_simplex_evenly() -> None:
    """Flat: a part weighs more than a share s of the whole in (1 − s)² of three-part weightings."""
    weightings = even_weightings(3)
    assert weightings.shape == (1000, 3)
    assert (weightings > 0.0).all()
    assert weightings.sum(axis=1) == pytest.approx(1.0)
    for share in (0.1, 0.3, 0.5, 0.8):
        assert (weightings > share).mean(axis=0) == pytest.approx((1 - share) ** 2, abs=0.012)
    middle = np.abs(np.corrcoef(weightings.T) + 0.5)[np.triu_indices(3, 1)]
    assert middle == pytest.approx(0.0, abs=0.03)


def test_the_index_of_a_weighting_is_that_of_the_model_floor_and_all() -> None:
    parts = np.array([[0.0], [0.01], [0.5]])
    weights = np.array([0.2, 0.3, 0.5])
    logs = np.stack([mean_log(np.repeat(part[None], 4, axis=0)) for part in parts])
    model = cohesion.index(parts, weights[:, None])
    assert np.exp(weights @ logs) == pytest.approx(model, rel=1e-12)


def test_a_mean_over_months_is_of_logs_and_not_the_log_of_a_mean() -> None:
    months = np.array([[1.0, 0.0], [0.25, 0.0]])
    assert mean_log(months) == pytest.approx([np.log(0.5), np.log(0.02)])


def test_the_order_is_that_of_the_chosen_weights_whatever_their_sum() -> None:
    mixed = components(0.5, 0.5, 0.4)
    mixed[0][0] += 0.3
    mixed[1][1] += 0.2
    found = []
    for weights in ((4.0, 1.0, 1.0), (1.0, 4.0, 1.0)):
        found.append(ranking_changes(mixed, weights))
        assert found[-1] == ranking_changes(mixed, tuple(weight / 6 for weight in weights))
    assert found[0] != found[1], "they put another scenario first"


def test_how_often_another_weighting_ranks_otherwise_is_counted_over_all_of_them() -> None:
    """Case 1 leads where its part outweighs that of case 0: in half of the weightings."""
    mixed = components(0.5, 0.5, 0.1)
    mixed[0][0] += 0.2
    mixed[1][1] += 0.2
    order, first = ranking_changes(mixed, (2.0, 1.0, 1.0))
    assert order == first == pytest.approx(0.5, abs=0.02)
    last = components(0.9, 0.5, 0.5)
    last[1][0] += 0.2
    last[2][1] += 0.2
    order, first = ranking_changes(last, (2.0, 1.0, 1.0))
    assert (first, order) == (0.0, pytest.approx(0.5, abs=0.02))


def test_indices_that_agree_to_nine_digits_are_ties_in_the_order_given() -> None:
    close = components(0.5, 0.5)
    close[1][0] += 1e-12
    assert ranking_changes(close, (1.0, 1.0, 1.0)) == (0.0, 0.0)
    close[1][0] += 1e-5
    close[0][1] += 1e-5
    order, _ = ranking_changes(close, (2.0, 1.0, 1.0))
    assert order > 0.0


@pytest.mark.parametrize(
    ("order", "first", "words"),
    [
        (0.0, 0.0, "The ranking by cohesion is the same under every weighting of {parts}."),
        (0.304, 0.001, "30 of 100 possible weightings of {parts} give another order, and 1 of 100 "
         "another first."),
        (0.25, 0.0, "25 of 100 possible weightings of {parts} give another order, and none "
         "another first."),
    ],
)  # fmt: skip
def test_a_ranking_is_never_said_to_depend_on_fewer_weightings_than_one_of_100(
    order: float, first: float, words: str
) -> None:
    sentence = ranking_told(order, first)
    assert sentence.endswith(words.format(parts="connectedness, integrity, mutual support"))
    assert [quote.source.value for quote in sentence.quotes] == ([order, first] if order else [])


def test_indices_of_many_futures_are_worked_out_one_weighting_at_a_time() -> None:
    """All at once would take a number for every weighting and future: here 16 megabytes."""
    mixed = [np.repeat(values, 400, axis=1) for values in components(0.5, 0.4)]
    expected = ranking_changes(mixed, (1.0, 1.0, 1.0))
    tracemalloc.start()
    try:
        assert ranking_changes(mixed, (1.0, 1.0, 1.0)) == expected
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 2_000_000
