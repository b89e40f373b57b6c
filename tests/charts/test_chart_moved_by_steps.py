"""The chart of what moved between two papers, for what a run may and may not give it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rsip_sim.measures.metrics import metrics_named
from rsip_sim.studies.diff.chart import NAME, diff_charts
from rsip_sim.studies.diff.papers import open_paper
from rsip_sim.studies.diff.work import Diff, Moved, explain_diff
from tests.fakes import papers


@pytest.fixture(scope="module")
def diff(tmp_path_factory: pytest.TempPathFactory) -> Diff:
    """Another earmark under two years, and another seed."""
    folder = tmp_path_factory.mktemp("chart")
    values = {"two_year": {"funding.earmark_gbp_per_year": 50_000}}
    made = [
        papers.kept_paper(folder / name, papers.scenarios(folder / f"of_{name}", change), seed=seed)
        for name, change, seed in (("first", None, 3), ("second", values, 4))
    ]
    metrics = metrics_named(("unmet_days", "members", "overspend"))
    return explain_diff(*(open_paper(each) for each in made), metrics, workers=1)


def test_the_title_says_which_step_moved_most_and_by_how_much(diff: Diff) -> None:
    row = next(r for r in diff.moved if r.role == "two_year" and r.metric.name == "unmet_days")
    chart = diff_charts(replace(diff, moved=(row,)))[NAME]
    moved = row.metric.format.difference(row.parts[0].change)
    assert chart.title == (
        f"Partnership earmark moved unmet support in schools below good most: {moved}"
    )
    assert row.whole.change > 0
    assert chart.alt.startswith(chart.title)
    assert "'Two year'" in chart.alt
    assert "luck: seed 3 → 4" in chart.alt


def test_the_title_claims_no_step_that_its_interval_leaves_open(diff: Diff) -> None:
    row = next(r for r in diff.moved if r.role == "two_year" and r.metric.name == "unmet_days")
    wide = tuple(replace(part, ci_low=-99.0, ci_high=99.0) for part in row.parts)
    together = replace(row, parts=wide)
    assert "Only all steps together clearly moved unmet" in title_of(diff, together)
    open_too = replace(together, whole=replace(row.whole, ci_low=-99.0, ci_high=99.0))
    assert title_of(diff, open_too) == (
        "No step between the papers clearly moved unmet support in schools below good"
    )


def title_of(diff: Diff, row: Moved) -> str:
    return diff_charts(replace(diff, moved=(row,)))[NAME].title


def test_the_data_are_the_bars_and_the_last_is_their_sum(diff: Diff) -> None:
    data = diff_charts(diff)[NAME].data
    for _, bars in data.groupby("metric"):
        assert list(bars["step"])[-1] == "all steps together"
        assert bars["change"].iloc[:-1].sum() == pytest.approx(bars["change"].iloc[-1])


def test_nothing_is_drawn_where_one_step_or_none_is_all_there_is(diff: Diff) -> None:
    alone = [replace(row, parts=row.parts[:1]) for row in diff.moved]
    assert diff_charts(replace(diff, moved=tuple(alone))) == {}
    assert diff_charts(replace(diff, moved=())) == {}


def test_long_words_and_nothing_moved_are_drawn_inside_the_sheet(diff: Diff) -> None:
    long = "An agreement of two guaranteed years with a partnership that nobody may leave early"
    moved = []
    for row in diff.moved:
        words = f"{row.parts[0].step.words}, from April 2011, while everything else stays as it was"
        first = replace(row.parts[0], step=replace(row.parts[0].step, words=words))
        moved.append(replace(row, title=long, parts=(first, *row.parts[1:])))
    chart = diff_charts(replace(diff, moved=tuple(moved)))[NAME]
    assert len(chart.files()) == 4
    width = chart.figure.get_size_inches()[0] * chart.figure.dpi
    renderer = chart.figure.canvas.get_renderer()  # type: ignore[attr-defined]
    for text in chart.figure.texts:
        box = text.get_window_extent(renderer)
        assert box.x0 >= 0
        assert box.x1 <= width
