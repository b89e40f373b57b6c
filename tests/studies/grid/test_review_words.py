"""What a review says: what to settle now, and what looking first is worth."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from rsip_sim.report.text import first_screen, rendered
from rsip_sim.studies.grid.question import LEAST_WORTH, MOST_WORTH
from rsip_sim.studies.grid.review import review_tables
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
    assert report.judged[0].best.changes == 0
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
    aim = ("Schools in the partnership", "–")
    picked = {row[2]: row[4] for row in states.blocks[0].cells if row[:2] == aim}
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


def test_too_few_futures_to_learn_from_are_said_and_nothing_is_shown_of_looking(
    tmp_path, monkeypatch
) -> None:
    report = review(tmp_path, monkeypatch, by_formula, futures=39)
    told = review_report(report)
    words = " ".join(text_of(report).split())
    assert "was not worked out: all of it is defined in 39 of 39 futures" in words
    assert [part.name for part in told.parts] == ["looks", "options", "method"]
    assert "worth nothing" not in words


def test_futures_in_which_something_is_not_defined_teach_nothing(tmp_path, monkeypatch) -> None:
    def undefined(trial):
        measured = by_formula(trial)
        measured[list(trial.metrics).index("members"), :, 30:] = np.nan
        return measured

    report = review(tmp_path, monkeypatch, undefined, futures=60)
    assert [one.futures for one in report.judged] == [30, 30, 60]
    assert [one.aim.name for one in report.worked_out] == ["breakdown"]
    text = " ".join(text_of(report).split())
    assert "was not worked out: all of it is defined in 30 of 60 futures" in text
    assert "nan" not in text
    assert np.isfinite([one.levels for one in report.judged]).all()


@pytest.mark.parametrize("worths", [[LEAST_WORTH], [MOST_WORTH], [LEAST_WORTH, MOST_WORTH]])
@pytest.mark.parametrize("futures", [2, 39, 40])
@pytest.mark.parametrize("size", [0.0, 1.0, 1e9])
def test_every_number_of_a_review_at_its_bounds_is_finite_or_said_not_to_be_worked_out(
    tmp_path, monkeypatch, worths, futures, size
) -> None:
    def scaled(trial):
        return by_formula(trial) * size

    asked = REVIEW.replace("[20_000]", str(worths))
    assert asked != REVIEW
    monkeypatch.setattr(cells, "measure_all", measure_all_by(scaled))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = worked(study(tmp_path, asked, futures=futures), tmp_path / "out")
        text = " ".join(text_of(report).split())
    assert ("was not worked out" in text) == (futures < 40)
    for one in report.judged:
        assert np.isfinite(one.levels).all()
        for found in one.learnt.values():
            value = found.value
            assert np.isfinite([value.mean, value.ci_low, value.ci_high, found.apparent]).all()
        assert np.isfinite(one.hindsight) == one.worked_out
    assert "nan" not in text
    assert "inf" not in text
    assert "…" not in text


def test_a_money_aim_is_kept_in_the_unit_of_its_numbers(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(cells, "measure_all", measure_all_by(by_formula))
    asked = REVIEW.replace("[members, breakdown]", "[members, price_council]")
    made = worked(study(tmp_path, asked, futures=60), tmp_path / "out")
    for name in ("value", "options"):
        units = set(review_tables(made)[name]["unit"])
        assert units == {"schools", "£ a year", "£ since the start"}
