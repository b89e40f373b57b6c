"""What a grid says: only what its numbers hold, in every case."""

from __future__ import annotations

import pytest

from rsip_sim.measures.metrics import METRICS
from rsip_sim.report.text import rendered
from rsip_sim.studies.grid.report import grid_report
from rsip_sim.studies.grid.says import metric_sentences
from rsip_sim.studies.kernel import cells
from rsip_sim.studies.kernel.asking import AskedError
from tests.fakes.studies import FUTURES, GRID, by_formula, luck, measure_all_by, study, worked


@pytest.fixture
def grid(tmp_path, monkeypatch):
    def made(text=GRID, measure=by_formula, futures=FUTURES):
        monkeypatch.setattr(cells, "measure_all", measure_all_by(measure))
        return worked(study(tmp_path, text, futures=futures), tmp_path / "out")

    return made


def told(report, metric="members") -> str:
    return " ".join(metric_sentences(report, METRICS[metric]))


def test_the_best_cell_each_effect_and_their_intervals_are_told(grid) -> None:
    text = told(grid())
    assert "Best: agreement length 60 months, tie of a joining school 0 months" in text
    assert "3 more (95% interval +3" in text
    assert "Agreement length, 24 → 60 months: 3 more" in text
    assert "12 months −1" in text
    assert "Partnership earmark, £750,000 → £0 a year: 3 fewer" in text


def test_levers_without_effect_are_named_and_nothing_else_is_claimed_of_them(grid) -> None:
    def idle(trial):
        measured = by_formula(trial)
        return measured * 0 + 50.0

    text = told(grid(measure=idle))
    assert text.startswith("Best: ")
    assert "but none of the other 9 combinations is clearly behind" in text
    assert "Without effect that shows: agreement length, tie of a joining school and" in text
    assert "→" not in text


def test_an_effect_that_may_be_chance_is_not_told_as_one(grid) -> None:
    def noisy(trial):
        earmark = trial.policy.levers.funding.earmark_gbp_per_year
        return by_formula(trial) * 0 + 50.0 + (luck(2) + 0.06 if earmark else 0.0)

    text = told(grid(measure=noisy))
    assert "No clear effect: agreement length, tie of a joining school and partnership" in text


def test_what_neither_more_nor_less_is_good_has_no_best(grid) -> None:
    assert "Best" not in told(grid(), "fund")


def test_too_few_futures_are_not_compared(grid) -> None:
    assert told(grid(futures=5)).startswith("Too few futures to compare: 5")


def test_another_condition_is_told_by_what_changes_in_it(grid) -> None:
    def longer_if_certain(trial):
        agreement = trial.policy.levers.agreement
        more = agreement.length_months / 12 if agreement.renewal == "certain" else 0.0
        return by_formula(trial) + more

    text = f"{GRID}conditions: {{agreement.renewal: [uncertain, certain]}}\n"
    said = told(grid(text, longer_if_certain))
    assert "With renewal of the agreement certain: the best combination is the same" in said
    assert "effects change, most of all agreement length 60 months +6 instead of +3" in said
    same = told(grid(text.replace("A grid", "Again"), by_formula))
    assert "no effect is clearly another" not in said
    assert same  # the folder holds the cells of before: the same study, the same words
    assert same == said


def test_a_change_that_no_reader_could_see_in_the_numbers_is_not_told(grid) -> None:
    def a_little_longer_if_certain(trial):
        agreement = trial.policy.levers.agreement
        more = 0.0001 * agreement.length_months if agreement.renewal == "certain" else 0.0
        return by_formula(trial) + more

    text = f"{GRID}conditions: {{agreement.renewal: [uncertain, certain]}}\n"
    said = told(grid(text, a_little_longer_if_certain))
    assert "instead of" not in said
    assert "With renewal of the agreement certain, no effect is clearly another" in said


def test_a_lever_that_no_council_moves_is_not_recommended_unawares(grid) -> None:
    given = GRID.replace(
        "funding.earmark_gbp_per_year: [0, 750_000]", "funding.service_money: [observed, 100]"
    )
    text = " ".join(rendered(grid_report(grid(given))).split())
    assert "Service money to academies (nobody's choice): as observed, £100" in text
    assert "No council chooses service money to academies: a best combination is the best" in text


def test_what_the_scenario_draws_is_varied_from_its_median_and_the_grid_says_so(grid) -> None:
    cut = "funding.council_cut_pct_per_year"
    result = grid(GRID.replace("agreement.school_commitment_months: [0, 24]", f"{cut}: [5, 10]"))
    assert dict(zip(result.cells.levers, result.cells.base, strict=True))[cut] == 10
    text = " ".join(rendered(grid_report(result)).split())
    assert "draws the yearly cut by the council anew in each future" in text
    assert "varies from the median, 10% a year" in text
    other = GRID.replace("A grid", "Another")
    assert "draws the" not in " ".join(rendered(grid_report(grid(other))).split())
    with pytest.raises(AskedError, match=r"the median of what the scenario draws \(10% a year\)"):
        grid(GRID.replace("agreement.school_commitment_months: [0, 24]", f"{cut}: [5, 15]"))


def test_levers_that_a_council_moves_need_no_such_warning(grid) -> None:
    text = rendered(grid_report(grid()))
    assert "No council chooses" not in text
    assert "nobody's choice" not in text


def test_lines_keep_to_the_width_of_a_terminal(grid) -> None:
    report = grid(f"{GRID}conditions: {{agreement.renewal: [uncertain, certain]}}\n")
    assert max(map(len, rendered(grid_report(report)).splitlines())) <= 100
