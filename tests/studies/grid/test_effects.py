"""Effects and best cells of grids whose truth is known, because it was put there."""

from __future__ import annotations

import numpy as np
import pytest

from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.statistics import estimates
from rsip_sim.studies.grid.work import best_cell, effects, from_base, grid_cells
from tests.fakes.studies import GRID, luck, study


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    made = study(tmp_path_factory.mktemp("grid"), GRID)
    return grid_cells(made.ground.baseline, made.question)


def values(cells, formula) -> np.ndarray:
    """(cells, futures): the formula of length, tie and earmark in £m, on luck all cells share."""
    return np.stack(
        [formula(*cell.values[:2], cell.values[2] / 1e6) + luck(0) for cell in cells.cells]
    )


def test_without_interaction_every_effect_is_what_was_put_there(cells) -> None:
    """Though long ties exist only with long agreements: averages of unlike cells would mislead."""
    found = effects(cells, (), values(cells, lambda length, tie, money: length - 2 * tie + money))
    by_value = {(each.path.split(".")[1], each.value): each for each in found}
    assert by_value["length_months", 12].mean.mean == pytest.approx(-12)
    assert by_value["length_months", 60].mean.mean == pytest.approx(36)
    assert by_value["school_commitment_months", 24].mean.mean == pytest.approx(-48)
    assert by_value["earmark_gbp_per_year", 0].mean.mean == pytest.approx(-0.75)
    for each in found:
        assert each.lowest == pytest.approx(each.highest)
        assert each.mean.clear  # common luck cancels
    assert by_value["length_months", 12].settings == 2
    assert by_value["length_months", 60].settings == 4


def test_an_interaction_shows_as_the_range_of_the_effect(cells) -> None:
    found = effects(cells, (), values(cells, lambda length, tie, money: length * money))
    (money,) = [each for each in found if each.path.endswith("earmark_gbp_per_year")]
    assert money.lowest == pytest.approx(-0.75 * 60)
    assert money.highest == pytest.approx(-0.75 * 12)


def test_a_cell_that_failed_is_left_out_of_effects_and_of_the_best(cells) -> None:
    measured = values(cells, lambda length, tie, money: length + money)
    best = best_cell(cells, (), METRICS["members"], measured)
    assert best.cell.values == (60, 0, 750_000)
    measured[best.cell.number] = np.nan
    measured[cells.find((12, 0, 750_000), ()).number] = np.nan
    assert best_cell(cells, (), METRICS["members"], measured).cell.values == (60, 24, 750_000)
    found = effects(cells, (), measured)
    twelve = next(each for each in found if each.value == 12)
    assert (twelve.mean.mean, twelve.settings) == (pytest.approx(-12), 1)


def test_the_best_is_the_least_where_less_is_better_and_nothing_where_neither_is(cells) -> None:
    measured = values(cells, lambda length, tie, money: length + tie + money)
    assert best_cell(cells, (), METRICS["erosion"], measured).cell.values == (12, 0, 0)
    assert best_cell(cells, (), METRICS["fund"], measured) is None


def test_cells_that_chance_may_part_from_the_best_are_near_it(cells) -> None:
    measured = values(cells, lambda length, tie, money: float(length))
    measured[cells.find((60, 0, 0), ()).number] += 0.001 + luck(3)
    found = best_cell(cells, (), METRICS["members"], measured)
    assert {cell.values[0] for cell in (found.cell, *found.near)} == {60}
    assert found.cells == 10


def test_differences_are_from_the_base_of_the_same_condition(tmp_path) -> None:
    made = study(tmp_path, f"{GRID}conditions: {{agreement.renewal: [uncertain, certain]}}\n")
    cells = grid_cells(made.ground.baseline, made.question)
    level = {"uncertain": 10.0, "certain": 1000.0}
    measured = np.stack([np.full(4, level[cell.condition[0]]) for cell in cells.cells])
    assert not from_base(cells, measured).any()


def test_means_leave_their_argument_as_it_is() -> None:
    numbers = np.array([[1.0, 1e-20, 3.0]])
    before = numbers.copy()
    estimates(numbers)
    np.testing.assert_array_equal(numbers, before)
