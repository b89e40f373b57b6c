"""What a study says: only what its numbers hold, in every case."""

from __future__ import annotations

import numpy as np
import pytest

from rsip_sim.measures.metrics import METRICS
from rsip_sim.studies.grid.says import metric_sentences
from rsip_sim.studies.grid.work import run_grid
from rsip_sim.studies.kernel import cell_runs
from rsip_sim.studies.review.work import run_review
from tests.fakes.studies import FUTURES, GRID, REVIEW, by_formula, luck, measure_all_by, study


@pytest.fixture
def grid(tmp_path, monkeypatch):
    def made(text=GRID, measure=by_formula, futures=FUTURES):
        monkeypatch.setattr(cell_runs, "measure_all", measure_all_by(measure))
        found = study(tmp_path, text)
        return run_grid(found, found.settings, tmp_path / "out", futures, workers=1)

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
    assert "With renewal of the agreement certain no effect is clearly another" in said


def test_a_lever_that_no_council_moves_is_not_recommended_unawares(grid) -> None:
    given = GRID.replace(
        "funding.earmark_gbp_per_year: [0, 750_000]", "funding.service_money: [observed, 100]"
    )
    text = " ".join(grid(given).text().split())
    assert "Service money to academies (nobody's choice): as observed, £100" in text
    assert "No council chooses service money to academies: a best combination is the best" in text


def test_levers_that_a_council_moves_need_no_such_warning(grid) -> None:
    text = grid().text()
    assert "No council chooses" not in text
    assert "nobody's choice" not in text


def test_lines_keep_to_the_width_of_a_terminal(grid) -> None:
    report = grid(f"{GRID}conditions: {{agreement.renewal: [uncertain, certain]}}\n")
    assert max(map(len, report.text().splitlines())) <= 100


def review(tmp_path, monkeypatch, measure, futures=400):
    monkeypatch.setattr(cell_runs, "measure_all", measure_all_by(measure))
    made = study(tmp_path, REVIEW)
    return run_review(made, made.settings, tmp_path / "out", futures, workers=1)


def test_where_the_same_option_is_always_best_it_is_worth_nothing_to_wait(
    tmp_path, monkeypatch
) -> None:
    report = review(tmp_path, monkeypatch, by_formula)
    text = " ".join(report.text().split())
    assert report.judged[0].settled
    assert "the best option is: agreement length 48 months, partnership earmark £750,000" in text
    assert "Whatever the review sees, the same option is best" in text
    assert max(map(len, report.text().splitlines())) <= 100


def test_a_signal_that_turns_the_choice_around_is_found_and_the_picks_are_told(
    tmp_path, monkeypatch
) -> None:
    def turning(trial):
        measured = by_formula(trial)
        futures = measured.shape[2]
        seen = luck(9, futures)
        measured[list(trial.metrics).index("participation")] = seen
        levers = trial.policy.changes[-1][1] if trial.policy.changes else trial.policy.levers
        sign = 1.0 if levers.agreement.length_months == 48 else -1.0
        members = list(trial.metrics).index("members")
        measured[members] = 100 + sign * np.where(seen > np.median(seen), 3.0, -3.0)
        return measured

    report = review(tmp_path, monkeypatch, turning)
    members = report.judged[0]
    assert members.best_look in ("participation", "participation pressure")
    assert members.learnt["participation"].value.mean == pytest.approx(3, abs=0.2)
    text = " ".join(report.text().split())
    assert "To look at participation before deciding is worth 3" in text
    assert "Participation low: agreement length 24 months" in text
    assert "participation high: agreement length 48 months" in text


def test_the_cost_is_set_against_the_worth(tmp_path, monkeypatch) -> None:
    """Members at £20,000 each: the dearer option wins only if it is worth more than it costs."""

    def dear(trial):
        measured = by_formula(trial)
        levers = trial.policy.changes[-1][1] if trial.policy.changes else trial.policy.levers
        cost = list(trial.metrics).index("council_cost")
        measured[cost] = 0.0
        if levers.funding.earmark_gbp_per_year:
            measured[cost, 2] = 3 * 750_000.0  # by the end of the run
        return measured

    report = review(tmp_path, monkeypatch, dear)
    plain, priced, _ = report.judged
    assert report.options[plain.fixed][1] == 750_000
    assert report.options[priced.fixed][1] == 0
    gap = priced.levels[priced.fixed] - priced.levels[report.options.index((48, 750_000))]
    assert gap == pytest.approx(750_000 - 3 * 20_000)


def test_too_few_futures_to_learn_from_are_said(tmp_path, monkeypatch) -> None:
    report = review(tmp_path, monkeypatch, by_formula, futures=30)
    assert "Too few futures to learn from: 30" in report.text()
