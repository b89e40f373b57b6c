"""The learning communities as tiles, shaded by the chance that they hold together."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fit import fitted
from rsip_sim.charts.sheet import MARGIN, KeyEntry, Sheet, line_cm
from rsip_sim.measures.runs import PanelSource
from rsip_sim.report.numbers import share_text
from rsip_sim.report.quoted import Derived, Given, Quote, Said, given, joined, say
from rsip_sim.scenario import Scenario

NAME = "community_tiles"
COLUMNS = 4
GAP_CM = 0.18
NUMBERS_CM = 1.3  # of a tile: the chance and the pupils below its name
PADDING_CM = 0.15
NUMBER_SIZE = 14.0
SHADES = (  # from this chance on; the sequential blues of the guidance, darker for more risk
    (0.95, style.WHITE, "95% up"),
    (0.90, style.PALE_BLUE, "90–95%"),
    (0.80, "#6BACE6", "80–90%"),
    (0.50, style.MID_BLUE, "50–80%"),
    (0.00, style.DARK_BLUE, "below 50%"),
)
SURE = 0.9
KEYS = ("learning_community",)


def community_tiles(
    table: pd.DataFrame, scenario: Scenario, results: PanelSource, name: str = NAME
) -> Chart:
    """One tile a learning community, in order of name, so that scenarios can be laid side by side.

    table  as rsip_sim.studies.risks.work.RiskRegister.communities, one row or more
    name   of the chart, where one paper holds several
    """
    ordered = table.sort_values("learning_community").reset_index(drop=True)
    columns = min(COLUMNS, len(ordered))
    rows = -(-len(ordered) // columns)
    title = _title(ordered, name)
    room = style.WIDTH_CM - 2 * MARGIN
    with style.chart_style():
        width = (room + GAP_CM) / columns
        names = [fitted(str(each), style.TEXT_SIZE, width - GAP_CM - 2 * PADDING_CM, most=2)
                 for each in ordered["learning_community"]]  # fmt: skip
        lines = max(len(each) for each in names)
        height = 2 * PADDING_CM + lines * line_cm(style.TEXT_SIZE) + NUMBERS_CM + GAP_CM
        sheet = Sheet(title, _subtitle(scenario), rows * height, _notes(scenario, results), _key())
        axes = sheet.axes(MARGIN, 0, room, rows * height)
        axes.set_xlim(0, room)
        axes.set_ylim(rows * height, 0)
        axes.set_axis_off()
        for place, (words, chance, pupils) in enumerate(
            zip(names, ordered["holds"], ordered["pupils"], strict=True)
        ):
            row, column = divmod(place, columns)
            box = (column * width, row * height, width - GAP_CM, height - GAP_CM)
            _tile(axes, box, words, float(chance), int(pupils))
    data = ordered[["learning_community", "schools", "pupils", "holds", "holds_ci_low",
                    "holds_ci_high", "expected_share"]]  # fmt: skip
    return Chart(name, title, sheet.figure, data, _alt(ordered, title, name), KEYS)


def shade(chance: float) -> str:
    """Fill of a tile."""
    return next(fill for least, fill, _ in SHADES if chance >= least)


def _tile(
    axes: Axes, box: tuple[float, float, float, float], name: list[str], chance: float, pupils: int
) -> None:
    """One tile; box is left, top, width and height in centimetres."""
    left, top, width, height = box
    fill = shade(chance)
    ink = max((style.WHITE, style.BLACK), key=lambda colour: style.contrast(fill, colour))
    axes.add_patch(
        Rectangle(
            (left, top), width, height, facecolor=fill, edgecolor=style.DARK_GREY, linewidth=0.8,
            clip_on=False,
        )
    )  # fmt: skip
    middle, bottom = left + width / 2, top + height - PADDING_CM
    said = {"color": ink, "ha": "center", "gid": "tile"}
    for i, line in enumerate(name):
        axes.text(middle, top + PADDING_CM + i * line_cm(style.TEXT_SIZE), line, va="top", **said)  # type: ignore[arg-type]
    axes.text(
        middle, bottom - 0.78, per_cent_of(chance), va="center", fontsize=NUMBER_SIZE,
        fontweight="bold", **said,  # type: ignore[arg-type]
    )  # fmt: skip
    axes.text(middle, bottom, f"{pupils:,} pupils", va="bottom", fontsize=style.NOTE_SIZE, **said)  # type: ignore[arg-type]


def per_cent_of(chance: float) -> str:
    """The chance as it stands in its tile, never in a class of another shade."""
    if 0 < chance < 0.005 or 0.995 <= chance < 1:
        return "<1%" if chance < 0.5 else ">99%"
    whole = round(100 * chance)
    edge = any(chance < least <= whole / 100 for least, *_ in SHADES)
    return f"{math.floor(1000 * chance) / 10:.1f}%" if edge else f"{whole}%"


def _title(table: pd.DataFrame, name: str) -> Said:
    least, weak = float(table["holds"].min()), int((table["holds"] < SURE).sum())
    total = len(table)
    if total == 1:
        return say("The learning community holds together in {chance} of futures",
                   chance=_quoted(table.iloc[0], name))  # fmt: skip
    if least == 1.0:
        return Said("Every learning community holds together in every future simulated")
    if weak == 0:
        floor = math.floor(100 * least) / 100
        return say(
            "Every learning community holds together in at least {floor} of futures",
            floor=Quote(f"{100 * floor:.0f}%", Derived("lowest chance, rounded down", floor)),
        )
    return say(
        "{weak} of {total} learning communities {hold} together in fewer than {sure}",
        weak=Quote(str(weak), Derived(f"learning communities below {SURE:.0%}: {name}", weak)),
        total=given(str(total), "roster: number of learning communities"),
        hold="holds" if weak == 1 else "hold",
        sure=Quote("nine futures of ten", Given("convention: nearly sure to hold together")),
    )


def _subtitle(scenario: Scenario) -> str:
    return (
        "Chance that more than half of a community's pupils are in the partnership at the end of "
        f"{common.last_month(scenario)}; '{scenario.title}', {common.place(scenario)}"
    )


def _notes(scenario: Scenario, results: PanelSource) -> list[str]:
    return [
        "Tiles stand in order of name, not on a map; the darker, the less likely to hold together. "
        "Each chance is a share of the futures simulated, and no range is drawn: 95% intervals "
        "are in the table.",
        common.source_note(results, [scenario]),
    ]


def _key() -> list[KeyEntry]:
    return [KeyEntry(words, "area", fill, style.DARK_GREY) for _, fill, words in SHADES]


def _alt(table: pd.DataFrame, title: Said, name: str) -> Said:
    weakest = table.nsmallest(min(3, len(table)), "holds")
    named = [
        say("{community} {chance}", chance=_quoted(row, name),
            community=given(str(row["learning_community"]), "roster: learning community"))
        for _, row in weakest.iterrows()
    ]  # fmt: skip
    return say(
        "{title}. {tiles} in order of name, with the chance that the learning community holds "
        "together. {least}: {named}; the most likely {most}. The numbers are in the table beside "
        "this chart.",
        title=title, tiles="One tile" if len(table) == 1 else "A tile for each",
        least="Least likely" if len(table) > 1 else "It is", named=joined(", ", named),
        most=_quoted(table.nlargest(1, "holds").iloc[0], name),
    )  # fmt: skip


def _quoted(row: pd.Series[Any], name: str) -> Quote:
    """The chance of one learning community, as a text quotes it."""
    chance = share_text(float(row["holds"]))
    return common.quoted(chance, name, [str(row["learning_community"])], "holds")
