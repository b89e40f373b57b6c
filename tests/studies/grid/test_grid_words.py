"""What a grid says: only what its numbers hold, in every case."""

from __future__ import annotations

import numpy as np
import pytest

from rsip_sim.report.text import first_screen, rendered
from rsip_sim.studies.grid.report import grid_report
from rsip_sim.studies.kernel import cells
from rsip_sim.studies.kernel.asking import AskedError
from tests.fakes.studies import FUTURES, GRID, by_formula, luck, measure_all_by, study, worked


@pytest.fixture
def grid(tmp_path, monkeypatch):
    def made(text=GRID, measure=by_formula, futures=FUTURES):
        monkeypatch.setattr(cells, "measure_all", measure_all_by(measure))
        return worked(study(tmp_path, text, futures=futures), tmp_path / "out")

    return made


def screen(result, width: int = 96) -> list[str]:
    return [line.text for line in first_screen(grid_report(result), width)]


def told(result) -> str:
    return " ".join(" ".join(screen(result)).split())


def whole(result) -> str:
    return " ".join(rendered(grid_report(result)).split())


def test_the_answer_is_what_each_measure_hangs_on_and_its_price(grid) -> None:
    def dear(trial):
        measured = by_formula(trial)
        if "price_schools" in trial.metrics:
            earmark = trial.policy.levers.funding.earmark_gbp_per_year
            measured[list(trial.metrics).index("price_schools")] += 5 * earmark
        return measured

    text = told(grid(GRID.replace("24, 60]", "24, 36]"), dear))
    assert "3 fewer schools are in the partnership" in text
    assert "With partnership earmark £0 a year" in text
    assert "and the schools pay £750,000 a year less." in text
    assert "−750" in text


def test_every_value_of_a_lever_is_a_row_with_its_effect(grid) -> None:
    table = grid_report(grid()).table
    assert table is not None
    rows = {row[:2]: row[2] for row in table.cells}
    assert rows["as it is (level)", ""] == "105"
    assert rows["Agreement length", "60 months"] == "+3.0"
    assert rows["Agreement length", "12 months"] == "−1.0"
    assert rows["Partnership earmark", "£0"] == "−3.0"


def test_levers_without_effect_are_not_said_to_have_one(grid) -> None:
    def idle(trial):
        return by_formula(trial) * 0 + 50.0

    text = told(grid(measure=idle))
    assert "No lever changes schools in the partnership" in text
    assert "With agreement length" not in text


def test_an_effect_that_may_be_chance_stands_in_brackets(grid) -> None:
    def noisy(trial):
        earmark = trial.policy.levers.funding.earmark_gbp_per_year
        return by_formula(trial) * 0 + 50.0 + (9 * luck(2) + 0.6 if earmark else 0.0)

    table = grid_report(grid(measure=noisy)).table
    assert table is not None
    rows = {row[:2]: row[2] for row in table.cells}
    assert rows["Partnership earmark", "£0"] == "(−0.6)"


def test_too_few_futures_are_not_compared(grid) -> None:
    few = grid(futures=5)
    assert "Too few futures to compare: 5" in told(few)
    assert grid_report(few).table is None


def test_another_condition_is_told_by_what_the_effect_becomes_in_it(grid) -> None:
    def longer_if_certain(trial):
        agreement = trial.policy.levers.agreement
        more = agreement.length_months / 12 if agreement.renewal == "certain" else 0.0
        return by_formula(trial) + more

    text = f"{GRID}conditions: {{agreement.renewal: [uncertain, certain]}}\n"
    result = grid(text.replace(", 60]", ", 120]"), longer_if_certain)
    assert "It becomes +16.0 with renewal of the agreement certain" in told(result)


def test_a_lever_that_no_council_moves_is_not_recommended_unawares(grid) -> None:
    given = GRID.replace(
        "funding.earmark_gbp_per_year: [0, 750_000]", "funding.service_money: [observed, 100]"
    )
    assert "No council chooses service money to academies." in told(grid(given))
    assert "No council chooses" not in told(grid(GRID.replace("A grid", "Another")))


def test_what_the_scenario_draws_is_varied_from_its_median_and_the_grid_says_so(grid) -> None:
    cut = "funding.council_cut_pct_per_year"
    result = grid(GRID.replace("agreement.school_commitment_months: [0, 24]", f"{cut}: [5, 10]"))
    assert dict(zip(result.cells.levers, result.cells.base, strict=True))[cut] == 10
    assert "Yearly cut by the council is drawn in each future" in told(result)
    assert "varies from its median, 10%" in told(result)
    assert "is drawn" not in told(grid(GRID.replace("A grid", "Another")))
    with pytest.raises(AskedError, match=r"the median of what the scenario draws \(10% a year\)"):
        grid(GRID.replace("agreement.school_commitment_months: [0, 24]", f"{cut}: [5, 15]"))


def test_the_first_screen_fits_whatever_happens_by_chance(tmp_path, monkeypatch) -> None:
    many = GRID.replace("[12, 24, 60]", "[0, 12, 24, 36, 48, 60]").replace(
        "[members, erosion, fund]", "[members, erosion, cohesion, unmet_days, alone]"
    )
    for seed in range(8):
        draws = np.random.default_rng(seed)

        def chance(trial, draws=draws):
            return by_formula(trial) + draws.normal(0, 10, by_formula(trial).shape)

        monkeypatch.setattr(cells, "measure_all", measure_all_by(chance))
        folder = tmp_path / str(seed)
        folder.mkdir()
        result = worked(study(folder, many, futures=FUTURES), folder / "out")
        assert len(screen(result)) <= 30  # and two lines of what to type next
        for width in (96, 60):
            assert max(map(len, screen(result, width))) <= width
