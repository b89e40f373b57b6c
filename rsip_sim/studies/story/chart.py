"""Two lives of one school in the same future, month by month, with the first difference marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fan import AXIS_CM, along_scenario
from rsip_sim.charts.fit import fitted, width_cm
from rsip_sim.charts.frame import Drawing, framed
from rsip_sim.charts.sheet import MARGIN, KeyEntry, Sheet
from rsip_sim.evidence.months import month_name, month_text
from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.report.words import period, place
from rsip_sim.studies.story.events import GRADES, standing_at
from rsip_sim.studies.story.life import Life
from rsip_sim.studies.story.turning_point import DISSOLUTION, TurningPoint
from rsip_sim.studies.story.why import contrast
from rsip_sim.studies.story.work import Story

NAME = "story_timeline"
LABELS_CM = 2.5
ROW_CM = 0.62
LANE_TITLE_CM = 0.6
LANE_GAP_CM = 0.35
MARK_CM = 0.55
RIGHT_CM = 0.5


@dataclass(frozen=True)
class Look:
    """How a state is drawn, and its words from the longest to the shortest."""

    fill: str
    words: tuple[str, ...]
    hatch: str | None = None

    @property
    def ink(self) -> str:
        """Colour of words on it."""
        return style.WHITE if style.luminance(self.fill) < 0.3 else style.BLACK


MEMBER = Look(style.DARK_BLUE, ("member", "in"))
OUTSIDE = Look(style.WHITE, ("outside", "out"))
NO_PARTNERSHIP = Look(style.WHITE, ("no partnership", "none"))
DISSOLVED = Look(style.WHITE, ("partnership dissolved", "dissolved"))
MAINTAINED = Look(style.PALE_BLUE, ("maintained",))
UNDER_WAY = Look(style.WHITE, ("conversion under way", "under way"), "////")
ACADEMY = Look(style.DARK_GREY, ("academy",))
IN_FORCE = Look(style.MID_BLUE, ("in force",))
NONE = Look(style.WHITE, ("none in force", "none"))
GRADE_LOOKS = {
    grade: Look(fill, (f"{GRADES[grade - 1]} ({grade})", str(grade)))
    for grade, fill in (
        (1, style.WHITE), (2, style.WHITE), (3, style.FOCUS_GREY), (4, style.DARK_PINK)
    )
}  # fmt: skip


@dataclass(frozen=True)
class Stretch:
    """Months first … stop − 1 in one state."""

    row: str
    first: int
    stop: int
    look: Look


def story_timeline(story: Story) -> Chart:
    """Two lanes of four rows: membership, legal status, grade and agreement."""
    lives = story.lives
    lane = len(ROWS) * ROW_CM + LANE_TITLE_CM + LANE_GAP_CM

    def draw(sheet: Sheet) -> None:
        left = MARGIN + LABELS_CM
        width = style.WIDTH_CM - left - MARGIN - RIGHT_CM
        lanes = [
            _lane(sheet, life, left, AXIS_CM + (1 - at) * lane, width)
            for at, life in enumerate(lives)
        ]
        along_scenario(story.theirs.scenario).draw(lanes[1], width)
        _mark(sheet, story, lanes, left, width)

    return framed(
        NAME,
        _title(story),
        Drawing(AXIS_CM + 2 * lane - LANE_GAP_CM + MARK_CM, draw),
        subtitle=_subtitle(story),
        notes=_notes(story),
        key=_key(),
        told=_told(story),
        data=pd.concat([_data(life) for life in lives], ignore_index=True),
    )


def _lane(sheet: Sheet, life: Life, left: float, bottom: float, width: float) -> Axes:
    height = len(ROWS) * ROW_CM
    words = fitted(f"Under '{life.title}'", style.TEXT_SIZE, width + LABELS_CM - 0.6)
    backing = {"facecolor": style.WHITE, "edgecolor": "none", "pad": 1.0}  # hides the mark's line
    sheet.text(
        MARGIN, bottom + height + 0.12, words[0], fontweight="bold", va="bottom", bbox=backing,
        gid="panel",
    )  # fmt: skip
    axes = sheet.axes(left, bottom, width, height)
    axes.set_ylim(len(ROWS), 0)
    axes.set_xlim(0, life.horizon)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(False)
    axes.spines["bottom"].set_visible(False)
    for at, (name, _) in enumerate(ROWS):
        middle = bottom + height - (at + 0.5) * ROW_CM
        sheet.text(left - 0.15, middle, name, style.NOTE_SIZE, ha="right", va="center", gid="row")
    for stretch in stretches(life):
        _draw(axes, stretch, width / life.horizon)
    return axes


def _draw(axes: Axes, stretch: Stretch, month_cm: float) -> None:
    at = [name for name, _ in ROWS].index(stretch.row)
    look, months = stretch.look, stretch.stop - stretch.first
    axes.add_patch(
        Rectangle(
            (stretch.first, at + 0.1), months, 0.8, facecolor=look.fill, hatch=look.hatch,
            edgecolor=style.DARK_GREY, linewidth=0.8, zorder=2,
        )
    )  # fmt: skip
    room = months * month_cm - 0.12
    said = next((w for w in look.words if width_cm(w, style.NOTE_SIZE) <= room), "")
    if said:
        backing = {"facecolor": look.fill, "edgecolor": "none", "pad": 0.8}
        axes.text(
            stretch.first + months / 2, at + 0.5, said, fontsize=style.NOTE_SIZE, ha="center",
            va="center_baseline", color=look.ink, bbox=backing, zorder=3, gid="state",
        )  # fmt: skip


def stretches(life: Life) -> Iterator[Stretch]:
    """The states of each row, in order of time."""
    for name, state in ROWS:
        looks = [state(life, month) for month in range(life.horizon)]
        first = 0
        for look, months in groupby(looks):
            stop = first + len(list(months))
            yield Stretch(name, first, stop, look)
            first = stop


def _membership(life: Life, month: int) -> Look:
    if not life.scenario.policy.partnership:
        return NO_PARTNERSHIP
    if life.panel["partnership_ended"][month]:
        return DISSOLVED
    return MEMBER if life.months["member"][month] else OUTSIDE


def _status(life: Life, month: int) -> Look:
    if life.months["academy"][month]:
        return ACADEMY
    return MAINTAINED if life.months["opening_due"][month] == NEVER else UNDER_WAY


def _grade(life: Life, month: int) -> Look:
    return GRADE_LOOKS[int(life.months["grade"][month])]


def _agreement(life: Life, month: int) -> Look:
    return IN_FORCE if life.panel["agreement_in_force"][month] else NONE


ROWS: tuple[tuple[str, Callable[[Life, int], Look]], ...] = (
    ("Partnership", _membership),
    ("Legal status", _status),
    ("Ofsted grade", _grade),
    ("Agreement", _agreement),
)


def _mark(sheet: Sheet, story: Story, lanes: Sequence[Axes], left: float, width: float) -> None:
    """The month of the first difference, as a line through both lanes, under their words."""
    point = _point(story)
    if point is None or point.month < 0:
        return
    at = point.month
    above = (LANE_TITLE_CM + 0.1) / ROW_CM
    for axes, top in zip(lanes, (above, above + LANE_GAP_CM / ROW_CM), strict=True):
        line = [at, at], [-top, len(ROWS)]
        axes.plot(*line, color=style.WHITE, linewidth=2.8, clip_on=False, zorder=2.4)
        axes.plot(
            *line, color=style.BLACK, linewidth=1.4, linestyle=(0, (4, 2)), clip_on=False,
            zorder=2.5,
        )  # fmt: skip
    words = f"{month_name(story.ours.start + at)}: first difference"
    room = width_cm(words, style.NOTE_SIZE)
    x = min(
        max(left + at / story.ours.horizon * width - room / 2, MARGIN),
        left + width + RIGHT_CM - room,
    )
    sheet.text(x, sheet.body_cm - MARK_CM + 0.12, words, style.NOTE_SIZE, va="bottom", gid="mark")


def _point(story: Story) -> TurningPoint | None:
    return story.points[0] if story.points else None


def _title(story: Story) -> str:
    point = _point(story)
    if point is None:
        ours, theirs = story.titles
        return f"In this future it decides alike under '{ours}' and '{theirs}'"
    when = "Before the start" if point.month < 0 else (
        f"In {month_name(story.ours.start + point.month)}"
    )  # fmt: skip
    if point.kind == DISSOLUTION:
        return f"{when} the partnership dissolves under '{story.titles[int(point.ours)]}' alone"
    return f"{when} it {contrast(point, story.ours, story.theirs)}"


def _subtitle(story: Story) -> str:
    return (
        f"One simulated life of {story.school}, {place(story.ours.scenario)}, "
        f"{period(story.ours.scenario)}: future {story.chosen.replication} of "
        f"{story.chosen.replications:,} under two scenarios"
    )


def _notes(story: Story) -> list[str]:
    climates = {life.scenario.policy.levers.climate.conversion for life in story.lives}
    return [
        "One simulated future, the same draws in both lanes, and no forecast of this school; no "
        "range is drawn.",
        f"Source: simulation with rsip_sim, one future of {story.chosen.replications:,}; national "
        f"climate: {', '.join(sorted(climates))}.",
    ]


def _key() -> list[KeyEntry]:
    looks = {
        "member": MEMBER, "maintained": MAINTAINED, "conversion under way": UNDER_WAY,
        "academy": ACADEMY, "below good (3)": GRADE_LOOKS[3], "inadequate (4)": GRADE_LOOKS[4],
        "agreement in force": IN_FORCE,
    }  # fmt: skip
    return [
        KeyEntry(words, "area", look.fill, style.DARK_GREY, hatch=look.hatch)
        for words, look in looks.items()
    ]


def _data(life: Life) -> pd.DataFrame:
    rows = [
        (
            life.scenario.name, stretch.row, month_text(life.start + stretch.first),
            month_text(life.start + stretch.stop - 1), stretch.look.words[0],
        )
        for stretch in stretches(life)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["scenario", "row", "first_month", "last_month", "state"])


def _told(story: Story) -> str:
    told = [
        f"Under '{life.title}': {_row(life, 'Partnership')}; {_row(life, 'Agreement')}; "
        f"at the end {standing_at(life, life.horizon - 1)}."
        for life in story.lives
    ]
    return (
        f"Timeline of two lives of {story.school} in one simulated future, each with rows "
        f"for membership, legal status, Ofsted grade and agreement. {' '.join(told)}"
    )


def _row(life: Life, row: str, most: int = 6) -> str:
    found = [stretch for stretch in stretches(life) if stretch.row == row]
    words = [
        f"{stretch.look.words[0]} to {month_name(life.start + stretch.stop - 1)}"
        for stretch in found[:most]
    ]
    more = f" and {len(found) - most} more changes" if len(found) > most else ""
    return f"{row.lower()}, {', then '.join(words)}{more}"
