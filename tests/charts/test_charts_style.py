"""The house style: colours that can be told apart, words that fit, labels that keep apart."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.charts import style
from rsip_sim.charts.fit import spread_apart, width_cm, wrapped
from rsip_sim.charts.scales import round_step

WORDS = st.lists(st.text("abcdefgh£%-", min_size=1, max_size=12), min_size=1, max_size=30)


def test_contrast_follows_the_published_ratio() -> None:
    assert style.contrast(style.BLACK, style.WHITE) == pytest.approx(21)
    assert style.contrast(style.DARK_BLUE, style.WHITE) == pytest.approx(10.25, abs=0.01)


def test_colours_stand_out_from_the_page() -> None:
    for colour in (style.DARK_BLUE, style.DARK_PINK, style.ORANGE, style.DARK_GREY):
        assert style.contrast(colour, style.WHITE) >= 3


def test_pale_fills_have_an_outline_that_stands_out() -> None:
    assert style.contrast(style.MID_BLUE, style.WHITE) >= 3
    assert style.contrast(style.DARK_BLUE, style.PALE_BLUE) >= 3


def test_the_style_lasts_for_one_chart_and_leaves_the_callers_own_alone() -> None:
    import matplotlib

    matplotlib.rcParams["font.size"] = 7.5
    with style.chart_style():
        assert matplotlib.rcParams["font.size"] == style.TEXT_SIZE
    assert matplotlib.rcParams["font.size"] == 7.5


@given(WORDS, st.floats(2, 15))
def test_wrapping_keeps_every_word_and_no_line_too_wide(words: list[str], width: float) -> None:
    lines = wrapped(" ".join(words), 9, width)
    assert "".join(lines).replace(" ", "") == "".join(words)
    assert all(width_cm(line, 9) <= width for line in lines)


@given(st.lists(st.floats(0, 10), min_size=1, max_size=8), st.floats(0.1, 1))
def test_labels_keep_apart_in_their_order_and_inside_the_panel(
    wanted: list[float], gap: float
) -> None:
    places = spread_apart(wanted, gap, 0, 10)
    assert all(-1e-9 <= place <= 10 + 1e-9 for place in places)
    for (first, one), (second, other) in itertools.combinations(
        sorted(zip(wanted, places, strict=True)), 2
    ):
        assert abs(other - one) >= gap - 1e-9
        assert (first == second) or one < other


def test_labels_that_do_not_overlap_stay_where_they_belong() -> None:
    assert spread_apart([1.0, 8.0, 4.0], 0.5, 0, 10) == pytest.approx([1, 8, 4])


@given(st.floats(1e-6, 1e9))
def test_a_scale_has_few_round_steps(largest: float) -> None:
    step = round_step(largest)
    assert 1 < largest / step + 1 <= 5 + 1e-6
    assert f"{step:.0e}"[0] in "125" or f"{step:.1e}"[:3] == "2.5"
