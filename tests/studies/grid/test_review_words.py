"""What a review says: what to settle now, and what looking first is worth."""

from __future__ import annotations

import numpy as np
import pytest

from rsip_sim.report.text import first_screen, rendered
from rsip_sim.studies.grid.review_report import review_report
from rsip_sim.studies.kernel import cells
from tests.fakes.studies import REVIEW, by_formula, luck, measure_all_by, study, worked


def text_of(report) -> str:
    return rendered(review_report(report))


def review(tmp_path, monkeypatch, measure, futures=400):
    monkeypatch.setattr(cells, "measure_all", measure_all_by(measure))
    return worked(study(tmp_path, REVIEW, futures=futures), tmp_path / "out")


def test_where_the_same_option_is_always_best_it_is_worth_nothing_to_wait(
    tmp_path, monkeypatch
) -> None:
    report = review(tmp_path, monkeypatch, by_formula)
    text = " ".join(text_of(report).split())
    assert report.judged[0].settled
    assert "48 months, £750,000" in text
    assert "Looking first is worth nothing that can be told" in text
    lines = [line.text for line in first_screen(review_report(report))]
    assert len(lines) <= 30
    assert max(map(len, text_of(report).splitlines())) <= 96


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
    assert members.best_look in ("participation", "participation ses")
    assert members.learnt["participation"].value.mean == pytest.approx(3, abs=0.2)
    text = " ".join(text_of(report).split())
    assert "it is worth 3 (95% interval" in text
    assert "to look at participation first" in text
    states = review_report(report).part("states")
    picked = {row[2]: row[4] for row in states.blocks[0].cells if row[1] == "–"}
    assert picked["participation low"].startswith("24 months")
    assert picked["participation high"].startswith("48 months")


def test_the_cost_is_set_against_the_worth(tmp_path, monkeypatch) -> None:
    """Members at £20,000 each: the dearer option wins only if it is worth more than it costs."""

    def dear(trial):
        measured = by_formula(trial)
        levers = trial.policy.changes[-1][1] if trial.policy.changes else trial.policy.levers
        cost = list(trial.metrics).index("price_council")
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
    assert "Too few futures to learn from: 30" in text_of(report)
