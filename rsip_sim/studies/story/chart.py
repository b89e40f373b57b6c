"""Two lives of one school in the same future, month by month, with the first difference marked."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from rsip_sim.charts import style
from rsip_sim.charts.frame import Chart, framed, source_line
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows
from rsip_sim.charts.scales import Scale
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.evidence.months import month_name, month_of_year, month_text
from rsip_sim.report.words import period, place
from rsip_sim.studies.story import states
from rsip_sim.studies.story.life import Life
from rsip_sim.studies.story.report import contrast, when
from rsip_sim.studies.story.states import ROWS, stretches
from rsip_sim.studies.story.work import Story

APRIL = 4
MOST_TICKS = 6
BAR_CM = 0.36


def _area(words: str, fill: str, hatch: str | None = None) -> KeyEntry:
    return KeyEntry(words, "area", fill, style.DARK_GREY, hatch=hatch)


LOOKS = {
    states.MEMBER: _area("member", style.DARK_BLUE),
    states.MAINTAINED: _area("maintained", style.PALE_BLUE),
    states.UNDER_WAY: _area("conversion under way", style.WHITE, "////"),
    states.ORDERED: _area("academy order made", style.WHITE, "xxxx"),
    states.ACADEMY: _area("academy", style.DARK_GREY),
    states.GRADES[2]: _area("below good (3)", style.FOCUS_GREY),
    states.GRADES[3]: _area("inadequate (4)", style.DARK_PINK),
    states.SHORT: _area("short of support", style.ORANGE),
    states.IN_FORCE: _area("agreement in force", style.MID_BLUE),
}
"""By the words with which a state begins, the first that fits; any other is white."""

WHITE = _area("outside, none, good, or not short", style.WHITE)
FIRST = KeyEntry("first difference", "dot", style.BLACK, style.BLACK, width=13.0, marker="|")


def story_timeline(story: Story) -> Chart:
    """Two blocks of rows: partnership, legal status, grade, support and agreement."""
    ours, chosen = story.ours.scenario, story.chosen
    both = list(zip(("Here", "There"), story.lives, strict=True))
    stretched = [
        (life.scenario.name, each.row, month_text(life.start + each.first),
         month_text(life.start + each.stop - 1), each.state)
        for life in story.lives
        for each in stretches(life)
    ]  # fmt: skip
    columns = ["scenario", "row", "first_month", "last_month", "state"]
    first = [point.month for point in story.points[:1] if point.month >= 0]
    blocks = [
        Block(
            list(ROWS),
            [Panel(list(_rows(life, first)), _scale(life))],
            f"{where}: {life.scenario.title}",
        )
        for where, life in both
    ]
    drawn = {look_of(state) for *_, state in stretched}
    shown = [look for look in LOOKS.values() if look in drawn]
    title = "In this future it decides alike here and there"
    if story.points:
        title = f"{when(story, story.points[0])} it {contrast(story.points[0])}"
    return framed(
        "story_timeline",
        title,
        Rows(blocks, labels_cm=2.6, right_cm=0.8),
        subtitle=f"One simulated life of {story.school}, {place(ours)}, {period(ours)}: future "
        f"{chosen.replication} of {chosen.replications:,}",
        notes=[
            "One simulated future, the same draws in both lives, and no forecast of this school; "
            "no range is drawn.",
            source_line(1, [life.scenario for life in story.lives]),
        ],
        key=[*shown, WHITE, *([FIRST] if first else [])],
        told=f"Timeline of two lives of {story.school} in one simulated future. "
        + " ".join(f"{where}: {_told(life)}." for where, life in both),
        data=pd.DataFrame(stretched, columns=columns),
    )


def _scale(life: Life) -> Scale:
    """Months from the start; a tick each April, or as many Aprils as have room."""
    aprils = [m for m in range(life.horizon) if month_of_year(life.start + m) == APRIL]
    every = -(-len(aprils) // MOST_TICKS) or 1
    return Scale(
        "months",
        0,
        life.horizon,
        lambda month: month_name(life.start + round(month)),
        ticks=aprils[::every],
        line=None,
    )


def _rows(life: Life, first: list[int]) -> Iterator[Row]:
    """The bars of each row, and the month of the first difference over them."""
    found = list(stretches(life))
    for name in ROWS:
        bars = [
            Mark(look_of(each.state), each.first, each.stop, thick_cm=BAR_CM)
            for each in found
            if each.row == name
        ]
        yield Row([*bars, *(Mark(FIRST, month) for month in first)])


def look_of(state: str) -> KeyEntry:
    """How a state is drawn."""
    return next((look for begin, look in LOOKS.items() if state.startswith(begin)), WHITE)


def _told(life: Life) -> str:
    """A life in words: each state and until when."""
    return "; ".join(
        f"{each.row.lower()}: {each.state} until {month_name(life.start + each.stop - 1)}"
        for each in stretches(life)
    )
