"""Where it tips: the share or average over the values of one lever, its precision, the target."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, Locator, MaxNLocator

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fit import width_cm, wrapped
from rsip_sim.charts.frame import Drawing, framed
from rsip_sim.charts.scales import ROUND, tick
from rsip_sim.charts.sheet import MARGIN, KeyEntry, Sheet, line_cm
from rsip_sim.measures.moments import unit_at
from rsip_sim.report.words import place
from rsip_sim.studies.compare.report import CLIMATES
from rsip_sim.studies.solve.curve import Edge
from rsip_sim.studies.solve.says import answer_sentences, goal_words, measure_words
from rsip_sim.studies.solve.target import PERCENT
from rsip_sim.studies.solve.work import Solved, tables

NAME = "tipping_curve"
PANEL_CM, LEFT_CM, RIGHT_CM, ABOVE_CM, TICKS_CM = 7.2, 1.5, 2.1, 0.6, 0.75
_TARGET_DASH = (0.0, (4.0, 2.5))
_OWN_DASH = (0.0, (1.2, 1.6))


def tipping_curve(solved: Solved) -> Chart:
    """Estimate and 95% interval at every value tried, the target, and the tipping value."""
    asked = solved.question
    width = style.WIDTH_CM - 2 * MARGIN - LEFT_CM - RIGHT_CM
    heading = wrapped(asked.lever.heading, style.TEXT_SIZE, width)
    data = tables(solved)["curve"].copy()
    data.insert(0, "goal", asked.target.goal)
    below = TICKS_CM + len(heading) * line_cm(style.TEXT_SIZE)

    share = asked.target.probability is not None or asked.target.chance
    unit = "%" if share else unit_at(asked.target.of, asked.moment)

    def draw(sheet: Sheet) -> None:
        left = MARGIN + LEFT_CM
        axes = sheet.axes(left, below, width, PANEL_CM, unit=unit)
        _scales(axes, solved)
        _curve(axes, solved)
        _target(axes, solved)
        _own_value(axes, solved, width)
        _tipping_value(axes, solved)
        sheet.lines(left + width / 2, 0.0, heading, va="bottom", ha="center", gid="axis")

    return framed(
        NAME,
        curve_title(solved),
        Drawing(PANEL_CM + ABOVE_CM + below, draw),
        subtitle=f"{measure_words(asked.target, asked.moment)}. {asked.scenario.title}, "
        f"{place(asked.scenario)}",
        notes=_notes(solved),
        key=_key(solved),
        told=_told(solved),
        data=data,
    )


def curve_title(solved: Solved) -> str:
    """The answer in about ten words."""
    lever, edge = solved.question.lever, solved.edge
    noun, whole = lever.noun, lever.between(lever.low, lever.high)
    if edge is not None and edge.clearly_fails is None and edge.clearly_meets is None:
        return f"These futures do not fix the {noun} at which the target is met"
    if edge is not None:
        must = "must reach" if solved.answer == "from" else "must not exceed"
        return f"{lever.title} {must} {lever.text(edge.meets)} ({_interval(solved, edge)})"
    stretches = solved.curve.stretches
    if solved.answer == "within":
        only = lever.between(stretches[0].first, stretches[0].last)
        return f"Only {_an(noun)} from {only} meets the target"
    if solved.answer == "several":
        return f"The target is met in {len(stretches)} separate stretches of the {noun}"
    return {
        "everywhere": f"Every {noun} tried from {whole} meets the target",
        "nowhere": f"No {noun} tried from {whole} meets the target",
        "no effect": f"The {noun} makes no difference to the target",
    }.get(solved.answer, f"The outcome is not defined at any {noun} tried")


def _interval(solved: Solved, edge: Edge) -> str:
    lever = solved.question.lever
    ends = [edge.clearly_fails, edge.clearly_meets]
    low, high = ends if solved.answer == "from" else ends[::-1]
    if low is not None and high is not None:
        return f"95% interval {lever.short(low)} to {lever.short(high)}"
    if low is not None:
        return f"95% interval from {lever.short(low)} up"
    return f"95% interval up to {lever.short(high or 0.0)}"


def source_note(solved: Solved) -> str:
    """The source line: the futures and the climate they stand on."""
    asked = solved.question
    climate = asked.scenario.policy.levers.climate.conversion
    return (
        f"Source: simulation with rsip_sim, the same {asked.replications:,} futures at every "
        f"value; national climate: {climate if climate in CLIMATES else 'own'}."
    )


def _an(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _scales(axes: Axes, solved: Solved) -> None:
    lever, target = solved.question.lever, solved.question.target
    numbers = np.array([(p.estimate, p.low, p.high) for p in solved.curve.points])
    finite = np.append(numbers[np.isfinite(numbers)], target.goal)
    low, high = float(finite.min()), float(finite.max())
    smallest = 10.0**-target.format.decimals * target.format.divisor
    edge = max(0.08 * (high - low), smallest)
    low, high = low - edge, high + edge
    if target.is_share:
        low = 0.0 if low < 0.3 * high else low
    axes.set_ylim(low, high)
    axes.yaxis.set_major_locator(MaxNLocator(7, steps=list(ROUND)))
    axes.yaxis.set_major_formatter(
        lambda value, _: "" if target.is_share and value > PERCENT else _tick(solved, value)
    )
    beyond = 0.02 * (lever.high - lever.low)
    axes.set_xlim(lever.low - beyond, lever.high + beyond)
    widest = max(width_cm(lever.short(end), style.NOTE_SIZE) for end in (lever.low, lever.high))
    room = int(axes.get_position().width * style.WIDTH_CM / (widest + 0.3))
    locator: Locator = MaxNLocator(min(max(room, 1), 8), steps=list(ROUND))
    if lever.whole:
        locator = FixedLocator(lever.spaced(9))
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(lambda value, _: lever.short(value))


def _tick(solved: Solved, value: float) -> str:
    write = solved.question.target.format
    return f"{write.prefix}{tick(value / write.divisor)}{write.suffix}"


def _curve(axes: Axes, solved: Solved) -> None:
    points = [point for point in solved.curve.points if point.futures]
    values = [point.value for point in points]
    low, high = axes.get_ylim()
    axes.fill_between(
        values,
        np.clip([point.low for point in points], low, high),
        np.clip([point.high for point in points], low, high),
        facecolor=style.PALE_BLUE,
        edgecolor=style.MID_BLUE,
        linewidth=0.8,
    )
    axes.plot(values, [p.estimate for p in points], color=style.DARK_BLUE, linewidth=1.4, zorder=3)
    for clear, fill in ((True, style.DARK_BLUE), (False, style.WHITE)):
        shown = [point for point in points if point.status.clear == clear]
        axes.plot(
            [point.value for point in shown], [point.estimate for point in shown], "o",
            markersize=4.5, markerfacecolor=fill, markeredgecolor=style.DARK_BLUE, zorder=4,
            clip_on=False,
        )  # fmt: skip


def _target(axes: Axes, solved: Solved) -> None:
    """The target as a line, with its words right of the panel, where no curve can cross them."""
    goal = solved.question.target.goal
    axes.axhline(goal, color=style.BLACK, linewidth=1.2, linestyle=_TARGET_DASH, zorder=2.5)
    room = RIGHT_CM - 0.35
    lines = ["target:", *wrapped(goal_words(solved.question.target), style.NOTE_SIZE, room)]
    low, high = axes.get_ylim()
    half = len(lines) * line_cm(style.NOTE_SIZE) / 2 / PANEL_CM * (high - low)
    axes.annotate(
        "\n".join(lines),
        (1.0, min(max(goal, low + half), high - half)),
        xycoords=("axes fraction", "data"),
        xytext=(8, 0),
        textcoords="offset points",
        va="center",
        fontsize=style.NOTE_SIZE,
        linespacing=style.LINE,
        annotation_clip=False,
        gid="end",
    )


def _own_value(axes: Axes, solved: Solved, width: float) -> None:
    lever = solved.question.lever
    if lever.own is None or not lever.low <= lever.own <= lever.high:
        return
    axes.axvline(lever.own, color=style.DARK_GREY, linewidth=0.9, linestyle=_OWN_DASH, zorder=1.5)
    words = f"{lever.own_words}: {lever.short(lever.own)}"
    low, high = axes.get_xlim()
    half = width_cm(words, style.NOTE_SIZE) / 2 / width * (high - low)
    axes.annotate(
        words,
        (min(max(lever.own, low + half), high - half), 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(0, 2),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=style.NOTE_SIZE,
        annotation_clip=False,
        gid="label",
    )


def _tipping_value(axes: Axes, solved: Solved) -> None:
    """The tipping value as a line down to the axis, and its interval as a bar on the target."""
    edge, lever, goal = solved.edge, solved.question.lever, solved.question.target.goal
    if edge is None:
        return
    bottom = axes.get_ylim()[0]
    axes.plot([edge.meets] * 2, [bottom, goal], color=style.DARK_PINK, linewidth=1.4, zorder=3.5)
    axes.plot([edge.meets], [goal], "D", color=style.DARK_PINK, markersize=6, zorder=5)
    ends = [edge.clearly_fails, edge.clearly_meets]
    if edge.meets < edge.fails:
        ends.reverse()
    shown = [
        end if end is not None else open_end
        for end, open_end in zip(ends, axes.get_xlim(), strict=True)
    ]
    axes.plot(shown, [goal, goal], color=style.DARK_PINK, linewidth=4, zorder=3.2, alpha=1.0)
    for at, end, arrow in zip(shown, ends, "<>", strict=True):
        axes.plot(
            [at], [goal], arrow if end is None else "|", color=style.DARK_PINK,
            markersize=8 if end is None else 12, markeredgewidth=1.6, zorder=5, clip_on=False,
        )  # fmt: skip
    right = edge.meets > (lever.low + lever.high) / 2
    axes.annotate(
        lever.short(edge.meets),
        (edge.meets, 0.02),
        xycoords=("data", "axes fraction"),
        xytext=(-4 if right else 4, 0),
        textcoords="offset points",
        ha="right" if right else "left",
        va="bottom",
        fontweight="bold",
        bbox={"facecolor": style.WHITE, "edgecolor": "none", "pad": 1.0},
        zorder=6,
        gid="label",
    )


def _key(solved: Solved) -> list[KeyEntry]:
    what = "share of futures" if solved.question.target.is_share else "average"
    entries = [
        KeyEntry(f"{what} at a value tried", "dot", style.DARK_BLUE, width=4.5),
        KeyEntry("precision: 95% interval", "band", style.PALE_BLUE, style.MID_BLUE),
    ]
    if not all(point.status.clear for point in solved.curve.points):
        words = "the same, not clearly on one side of the target"
        entries.append(KeyEntry(words, "dot", style.WHITE, style.DARK_BLUE, width=4.5))
    if solved.edge is not None:
        entries.append(
            KeyEntry("tipping value, and its 95% interval", "line", style.DARK_PINK, width=4)
        )
    return entries


def _notes(solved: Solved) -> list[str]:
    note = (
        "Band: how precisely the simulated futures fix the curve, 95% at each value; it shrinks "
        "with more futures."
    )
    if solved.edge is not None:
        note += (
            " The tipping value's interval ends where the target is clearly missed and where it is "
            "clearly met; an arrow says that it is open."
        )
    return [note, source_note(solved)]


def _told(solved: Solved) -> str:
    asked = solved.question
    return (
        f"Line chart with a band: {measure_words(asked.target, asked.moment)}, over the "
        f"{asked.lever.noun}, with the target ({goal_words(asked.target)}) as a horizontal line. "
        + " ".join(answer_sentences(solved))
    )
