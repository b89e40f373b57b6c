"""Charts of communities: legible with ordinary and with awkward data."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from rsip_sim.charts import style
from rsip_sim.charts.frame import Chart
from rsip_sim.studies.risks.report import community_tiles, per_cent_of, shade
from rsip_sim.studies.risks.work import RiskRegister, risk_register
from tests.fakes.school_lives import NO_AGREEMENT, NO_PARTNERSHIP, TWO_YEAR, shipped
from tests.fakes.sheets import (
    LONG,
    Words,
    check_nothing_is_cut_off,
    check_nothing_overlaps,
    words_on,
)


def register(scenario: str = "two") -> RiskRegister:
    if scenario == "none":
        return risk_register(shipped(), NO_PARTNERSHIP, TWO_YEAR)
    if scenario == "alone":
        return risk_register(shipped(), NO_AGREEMENT, None)
    return risk_register(shipped(), replace(TWO_YEAR, title=LONG), NO_AGREEMENT)


def few_tiles(chances: list[float]) -> Chart:
    names = [f"A community with a name of many words, number {i}" for i in range(len(chances))]
    table = pd.DataFrame(
        {"learning_community": names, "schools": 3, "pupils": 12_345, "holds": chances,
         "holds_ci_low": 0.0, "holds_ci_high": 1.0, "expected_share": 0.5}
    )  # fmt: skip
    return community_tiles(table, TWO_YEAR, shipped().replications)


MADE: dict[str, Callable[[], Chart]] = {
    "tiles": lambda: community_tiles(register().communities, TWO_YEAR, shipped().replications),
    "tiles of all shades": lambda: few_tiles([0.0, 0.004, 0.49, 0.5, 0.85, 0.9, 0.9499, 1.0]),
    "one tile": lambda: few_tiles([1.0]),
}
every_chart = pytest.mark.parametrize("name", MADE)


@functools.cache
def made(name: str) -> tuple[Chart, Words]:
    chart = MADE[name]()
    return chart, words_on(chart)


@every_chart
def test_no_word_is_cut_off_or_overlaps_another(name: str) -> None:
    chart, words = made(name)
    check_nothing_is_cut_off(chart, words)
    check_nothing_overlaps(words)


@every_chart
def test_words_are_large_enough_and_the_sheet_fits_a_page(name: str) -> None:
    chart, words = made(name)
    width, height = chart.figure.get_size_inches() * 2.54
    assert width == pytest.approx(16)
    assert height <= 26
    assert min(text.get_fontsize() for text, _ in words) >= 8


@every_chart
def test_title_place_source_and_range_are_said(name: str) -> None:
    chart, words = made(name)
    written = " ".join(text.get_text() for text, _ in words)
    assert chart.title in written
    assert "Rotherham (roster of 2011)" in written
    assert "Source: simulation with rsip_sim" in written
    assert "range is drawn" in written or "95% interval" in written
    assert chart.alt.startswith(chart.title)
    assert "The numbers are in the" in chart.alt
    assert "nan" not in chart.alt.split()
    assert len(chart.data) >= 1


def test_words_on_tiles_stand_out_from_them() -> None:
    """4.5 to 1, as the guidance asks of text, whatever the shade."""
    chart, words = made("tiles of all shades")
    tiles = [patch for patch in chart.figure.axes[0].patches if isinstance(patch, Rectangle)]
    assert len({to_hex(tile.get_facecolor()) for tile in tiles}) == 5
    inside = [(text, box) for text, box in words if text.get_gid() == "tile"]
    for text, box in inside:
        (tile,) = [each for each in tiles if each.get_window_extent().contains(box.x0, box.y0)]
        assert style.contrast(to_hex(text.get_color()), to_hex(tile.get_facecolor())) >= 4.5
    assert len(inside) >= 3 * len(tiles)


def test_shades_fall_in_grey_with_the_chance() -> None:
    """So that the order shows without colour: each step is lighter than the one below."""
    steps = [style.luminance(shade(chance)) for chance in (0.2, 0.6, 0.85, 0.92, 0.99)]
    assert steps == sorted(steps)
    assert min(after / before for before, after in itertools.pairwise(steps)) > 1.5


def test_a_number_never_stands_in_a_tile_of_another_class() -> None:
    written = {
        0.0: "0%", 0.004: "<1%", 0.49: "49%", 0.4999: "49.9%", 0.5: "50%", 0.946: "94.6%",
        0.9499: "94.9%", 0.95: "95%", 0.996: ">99%", 1.0: "100%",
    }  # fmt: skip
    assert {chance: per_cent_of(chance) for chance in written} == written


def test_tiles_begin_with_the_least_likely_and_grow_lighter() -> None:
    for name in ("tiles", "tiles of all shades"):
        assert made(name)[0].data["holds"].is_monotonic_increasing


def test_titles_say_what_the_numbers_say() -> None:
    few = "learning communities hold together in fewer than nine futures of ten"
    assert few_tiles([1.0, 0.95]).title == f"None of 2 {few}"
    assert few_tiles([0.5, 0.8, 0.99]).title == f"2 of 3 {few}"
    assert few_tiles([0.5, 0.99]).title.startswith("1 of 2 learning communities holds together")
