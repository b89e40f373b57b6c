"""Two lives of one school in the same future, month by month, with the first difference marked."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import framed
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

NAME = "story_timeline"
APRIL, YEAR = 4, 12
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
    data = pd.DataFrame(
        [
            (life.scenario.name, each.row, month_text(life.start + each.first),
             month_text(life.start + each.stop - 1), each.state)
            for life in story.lives for each in stretches(life)
        ],
        columns=["scenario", "row", "first_month", "last_month", "state"],
    )  # fmt: skip
    blocks = [
        Block(list(ROWS), [Panel(list(_rows(story, life)), _scale(life))], f"{where}: {life.title}")
        for where, life in zip(("Here", "There"), story.lives, strict=True)
    ]
    drawn = {look_of(state) for state in data["state"]}
    shown = [look for look in LOOKS.values() if look in drawn]
    chosen = story.chosen
    mark = [FIRST] if story.points and story.points[0].month >= 0 else []
    return framed(
        NAME,
        _title(story),
        Rows(blocks, labels_cm=2.6, right_cm=0.8),
        subtitle=f"One simulated life of {story.school}, {place(story.ours.scenario)}, "
        f"{period(story.ours.scenario)}: future {chosen.replication} of {chosen.replications:,}",
        notes=[
            "One simulated future, the same draws in both lives, and no forecast of this school; "
            "no range is drawn.",
            f"Source: simulation with rsip_sim, one future of {chosen.replications:,}; national "
            f"climate: {', '.join(sorted(_climates(story)))}.",
        ],
        key=[*shown, WHITE, *mark],
        told=_told(story),
        data=data,
    )


def _scale(life: Life) -> Scale:
    """Months from the start; a tick each April, or as many Aprils as have room."""
    aprils = [m for m in range(life.horizon) if month_of_year(life.start + m) == APRIL]
    every = -(-len(aprils) // MOST_TICKS) or 1
    return Scale(
        "months", 0, life.horizon, lambda month: month_name(life.start + round(month)),
        ticks=aprils[::every], line=None,
    )  # fmt: skip


def _rows(story: Story, life: Life) -> Iterator[Row]:
    """The bars of each row, and the month of the first difference over them."""
    found = list(stretches(life))
    first = [float(each.month) for each in story.points[:1] if each.month >= 0]
    for name in ROWS:
        bars = [
            Mark(look_of(each.state), each.first, each.stop, thick_cm=BAR_CM)
            for each in found if each.row == name
        ]  # fmt: skip
        yield Row([*bars, *(Mark(FIRST, month) for month in first)])


def look_of(state: str) -> KeyEntry:
    """How a state is drawn."""
    return next((look for begin, look in LOOKS.items() if state.startswith(begin)), WHITE)


def _climates(story: Story) -> set[str]:
    return {life.scenario.policy.levers.climate.conversion for life in story.lives}


def _title(story: Story) -> str:
    if not story.points:
        return "In this future it decides alike here and there"
    point = story.points[0]
    return f"{when(story, point)} it {contrast(story, point)}"


def _told(story: Story) -> str:
    """Both lives in words, from the rows: each state and until when."""
    said = []
    for life in story.lives:
        found = list(stretches(life))
        rows = [
            f"{name.lower()}: " + ", then ".join(
                f"{each.state} until {month_name(life.start + each.stop - 1)}"
                for each in found if each.row == name
            )
            for name in ROWS
        ]  # fmt: skip
        said.append(f"'{life.title}': {'; '.join(rows)}.")
    return f"Timeline of two lives of {story.school} in one simulated future. {' '.join(said)}"
