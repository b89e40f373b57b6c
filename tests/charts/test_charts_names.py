"""Names on charts: whole inside their place, and never alike where they differ."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.charts.fit import drawable, fitted_apart, width_cm
from tests.charts.family import Made, family
from tests.fakes.sheets import check_nothing_is_cut_off, check_nothing_overlaps, words_on

LETTERS = "abcdefghij -/._ABCé£\U0001f3eb学"
NAMES = st.lists(st.text(LETTERS, min_size=1, max_size=120), min_size=1, max_size=5)


def _long(title: str) -> str:
    """A title of one long word, or of many words after a beginning that others have too."""
    if "long" in title:
        return title
    if len(title) % 2:
        return f"Agreement-for-as-long-as-{title}".replace(" ", "-")
    return f"The council guarantees the partnership for as long as it likes \U0001f3eb {title}"[
        :120
    ]


def test_no_chart_cuts_a_long_name_off_or_runs_names_over_one_another() -> None:
    faults = [fault for made in family(_long) for fault in _faults(made)]
    assert not faults, "\n".join(faults)


def _faults(made: Made) -> list[str]:
    words = words_on(made.chart)
    try:
        check_nothing_is_cut_off(made.chart, words)
        check_nothing_overlaps(words)
    except AssertionError as fault:
        return [f"{made.case}, {made.chart.name}: {str(fault).splitlines()[0]}"]
    return []


@given(NAMES, st.floats(2, 6), st.integers(1, 3))
def test_names_that_differ_never_look_alike_and_stay_in_their_place(
    names: list[str], width: float, most: int
) -> None:
    names = [*{drawable(" ".join(each.split())): each for each in names}.values()]
    shown = fitted_apart(names, 8, width, most)
    assert all(width_cm(line, 8) <= width for lines in shown for line in lines)
    assert all(len(lines) <= most for lines in shown)
    for one, other in itertools.combinations(shown, 2):
        assert one != other


def test_names_of_one_beginning_are_cut_before_the_word_in_which_they_differ() -> None:
    start = "The council guarantees the partnership for"
    one, three = fitted_apart([f"{start} one year more", f"{start} three years more"], 8, 3.5)
    assert one == ["The … one year more"]
    assert three == ["The … three years more"]


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("New \U0001f3eb", "New [school]"),
        ("\U0001f469\u200d\U0001f3eb\ufe0f", "[woman][school]"),
        ("\U0001f1ec\U0001f1e7", "GB"),
        ("\uff21\uff22", "AB"),
        ("学", "[U+5B66]"),
        ("Café – £5", "Café – £5"),
    ],
)
def test_a_character_that_the_font_lacks_is_told_in_letters(text: str, drawn: str) -> None:
    assert drawable(text) == drawn
