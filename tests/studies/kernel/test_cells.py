"""Cells: every combination in every condition, what cannot be left out, and one shared past."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rsip_sim.measures.moments import Moment
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.kernel.trials import Trial, measure_all
from tests.fakes.studies import GRID, REVIEW, study


def cells_of(folder, text, **scenario):
    made = study(folder, text, **scenario)
    return made.kind.made().check(made.question, made.ground).cells


def test_every_combination_is_a_cell_but_those_that_cannot_be(tmp_path) -> None:
    cells = cells_of(tmp_path, GRID)
    assert len(cells.cells) + len(cells.left_out) == 3 * 2 * 2
    assert {each.values[:2] for each in cells.left_out} == {(12, 24)}
    assert "tied for 24 months to an agreement of 12 months" in cells.left_out[0].why
    assert [cell.number for cell in cells.cells] == list(range(10))


def test_a_cell_is_the_scenario_with_its_values_and_the_base_is_the_scenario(tmp_path) -> None:
    cells = cells_of(tmp_path, GRID)
    assert cells.find(cells.base, ()).policy == cells.scenario.policy
    cell = cells.find((60, 24, 0), ())
    agreement = cell.policy.levers.agreement
    assert (agreement.length_months, agreement.school_commitment_months) == (60, 24)
    assert cell.policy.levers.funding.earmark_gbp_per_year == 0


def test_conditions_multiply_the_cells_and_the_scenarios_own_is_known(tmp_path) -> None:
    cells = cells_of(tmp_path, f"{GRID}conditions: {{agreement.renewal: [certain, uncertain]}}\n")
    assert len(cells.cells) == 20
    assert cells.in_conditions == (("certain",), ("uncertain",))
    assert cells.own_condition == ("uncertain",)
    base = cells.find(cells.base, ("certain",))
    assert base.policy.levers.agreement.renewal == "certain"


def test_a_condition_in_which_the_scenario_itself_cannot_be_is_wrong_input(tmp_path) -> None:
    text = GRID.replace("  agreement.length_months: [12, 24, 60]\n", "").replace(
        "[0, 24]", "[0, 12]"
    )
    with pytest.raises(AskedError, match=r"study.yaml:\d+:1: conditions: .* tied for 12 months"):
        cells_of(
            tmp_path,
            text.replace("two_year", "two_year_tied_schools").replace("[0, 12]", "[12, 24]")
            + "conditions: {agreement.length_months: [6]}\n",
            scenario="two_year_tied_schools",
        )


def test_options_of_a_review_share_every_state_until_it_and_differ_after(tmp_path) -> None:
    """What the review sees is the same whatever will be chosen."""
    cells = cells_of(tmp_path, REVIEW)
    months = tuple(Moment(str(m), str(m), str(m), m, m, False) for m in (0, 12, 23, 30))
    names = ("members", "erosion", "cohesion", "fund", "ses", "price_council", "adequacy")
    trials = [
        Trial(replace(cell.policy, horizon_months=31), cells.scenario.roster, 1, np.arange(12),
              names, months)
        for cell in cells.cells
    ]  # fmt: skip
    measured = measure_all(trials, workers=1)
    for each in measured[1:]:
        np.testing.assert_array_equal(each[:, :3], measured[0][:, :3])
        assert (each[:, 3] != measured[0][:, 3]).any()


def test_the_option_that_leaves_all_as_it_is_is_the_scenario(tmp_path) -> None:
    cells = cells_of(tmp_path, REVIEW)
    assert cells.base == (24, 750_000)
    levers = {lever for _, lever in cells.find(cells.base, ()).policy.changes}
    assert levers == {cells.scenario.policy.levers}
