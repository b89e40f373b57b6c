"""Risks by chance and effect: where each stands under the baseline, and where options move it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fit import fitted, wrapped
from rsip_sim.charts.frame import Drawing, framed, source_line
from rsip_sim.charts.sheet import MARGIN, KeyEntry, Sheet, line_cm
from rsip_sim.measures.runs import FloatArray, PanelSource
from rsip_sim.paper.sections.risks import GRID
from rsip_sim.paper.sections.seed_risks import CHANCES, EFFECTS, KEYS, SEED_RISKS, Chance, SeedRisk
from rsip_sim.report.quoted import Said, joined, listed, say, titled
from rsip_sim.report.words import last_month, place
from rsip_sim.report.words import listed as in_a_row
from rsip_sim.scenario import Scenario

NAME = GRID
HEIGHT_CM = 8.4
SCALE_CM = 3.7  # words of the chances, left of the grid
LABELS_CM = 4.2  # names of the risks, right of it
AXIS_CM = 1.7
BASE = KeyEntry("", "dot", style.WHITE, style.BLACK, width=8.0)
OTHER = KeyEntry("under another policy", "dot", style.MID_BLUE, width=4.0)
APART = (
    (11.0, 0.0), (-11.0, 0.0), (0.0, 11.0), (0.0, -11.0),
    (9.0, 9.0), (-9.0, 9.0), (9.0, -9.0), (-9.0, -9.0),
)  # fmt: skip
"""Places of a letter around its ring, in points."""

Chances = Mapping[tuple[str, str], Chance]


def risk_grid(
    results: PanelSource, table: pd.DataFrame, chances: Chances, scenarios: Sequence[Scenario]
) -> Chart:
    """One letter a risk under the baseline, and a dot for each other policy."""
    baseline, others = scenarios[0], scenarios[1:]
    shown = [risk for risk in SEED_RISKS if _drawn(chances[baseline.name, risk.name])]
    absent = [risk for risk in SEED_RISKS if risk not in shown]
    notes = [
        "Chance: share of futures in which the event of the table of risks has happened by the "
        "end. Effect: how much is affected in those futures, on average; the "
        "names say of what. A dot that hides behind its ring stands where the ring stands."
    ]
    if absent:
        named = in_a_row([f"{risk.letter} ({risk.short})" for risk in absent])
        notes.append(f"Not drawn, since it never happens or is not defined: {named}.")

    def draw(sheet: Sheet) -> None:
        left = MARGIN + SCALE_CM
        width = style.WIDTH_CM - left - LABELS_CM - MARGIN
        axes = sheet.axes(left, AXIS_CM, width, HEIGHT_CM)
        _scales(axes)
        for risk in shown:
            _draw(axes, [chances[s.name, risk.name] for s in scenarios])
        _letters(axes, [chances[baseline.name, risk.name] for risk in shown], width)
        _names(sheet, left + width + 0.3)

    name = fitted(baseline.title, style.TEXT_SIZE, 8.0)[0]
    return framed(
        NAME,
        _title(chances, scenarios),
        Drawing(HEIGHT_CM + AXIS_CM, draw),
        subtitle=f"Chance and effect of the risks named in 2010; {place(baseline)}, "
        f"{last_month(baseline)}",
        notes=[*notes, source_line(results.replications, scenarios)],
        key=[BASE.named(f"under '{name}'"), OTHER],
        told=_told(chances, baseline, others),
        data=table[[*KEYS, "chance", "ci_low", "ci_high", "effect"]],
        keys=KEYS,
    )


def _drawn(chance: Chance) -> bool:
    return chance.defined and chance.happens


def _height(chance: Chance) -> float:
    """Height in the grid: bands of equal height, even within each."""
    return _place(chance.numbers["chance"], [bound for bound, _ in CHANCES])


def _across(chance: Chance) -> float:
    return _place(chance.numbers["effect"], [bound for bound, _ in EFFECTS])


def _place(value: float, bounds: Sequence[float]) -> float:
    edges = [0.0, *bounds]
    return float(np.interp(value, edges, np.arange(len(edges))))


def _scales(axes: Axes) -> None:
    """Bands of chance and effect, each with its words."""
    axes.set_xlim(0, len(EFFECTS))
    axes.set_ylim(0, len(CHANCES))
    axes.grid(False)
    lower = 0.0
    for row, (bound, word) in enumerate(CHANCES):
        upper = min(100 * bound, 100.0)
        axes.axhline(row + 1, color=style.GRID, linewidth=0.8, zorder=0)
        axes.annotate(
            f"{word}\n{lower:.0f}–{upper:.0f}%", (0, row + 0.5), xytext=(-4, 0),
            textcoords="offset points", ha="right", va="center", fontsize=style.NOTE_SIZE,
            annotation_clip=False,
        )  # fmt: skip
        lower = upper
    lower = 0.0
    for column, (bound, word) in enumerate(EFFECTS):
        upper = min(bound, 100.0)
        axes.axvline(column + 1, color=style.GRID, linewidth=0.8, zorder=0)
        axes.annotate(
            f"{word}\n{lower:.0f}–{upper:.0f}%", (column + 0.5, 0), xytext=(0, -4),
            textcoords="offset points", ha="center", va="top", fontsize=style.NOTE_SIZE,
            annotation_clip=False,
        )  # fmt: skip
        lower = upper
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_xlabel("Effect: part affected where it happens", labelpad=30)


def _draw(axes: Axes, chances: Sequence[Chance]) -> None:
    """One risk: the baseline as a ring, other policies as dots on lines from it."""
    base, others = chances[0], [each for each in chances[1:] if _drawn(each)]
    at = _across(base), _height(base)
    for each in others:
        end = _across(each), _height(each)
        axes.plot(*zip(at, end, strict=True), color=style.DARK_GREY, linewidth=0.8, zorder=2)
        axes.plot([end[0]], [end[1]], marker="o", markersize=OTHER.width, color=OTHER.colour,
                  linestyle="", zorder=3, clip_on=False)  # fmt: skip
    axes.plot([at[0]], [at[1]], marker="o", markersize=BASE.width, markerfacecolor=BASE.colour,
              markeredgecolor=BASE.edge, linestyle="", zorder=4, clip_on=False)  # fmt: skip


def _letters(axes: Axes, chances: Sequence[Chance], width: float) -> None:
    """The letter of each risk beside its ring, where it is farthest from all else."""
    point = 72 / 2.54  # a centimetre
    scale = np.array([width / len(EFFECTS), HEIGHT_CM / len(CHANCES)]) * point
    rings = [np.array([_across(each), _height(each)]) * scale for each in chances]
    taken = list(rings)
    for each, ring in zip(chances, rings, strict=True):
        others = [place for place in taken if place is not ring]
        free = [_room(ring + np.array(step), others) for step in APART]
        step = APART[int(np.argmax(free))]
        taken.append(ring + np.array(step))
        axes.annotate(
            each.risk.letter, (_across(each), _height(each)), xytext=step,
            textcoords="offset points", ha="center", va="center", fontsize=style.TEXT_SIZE,
            fontweight="bold", zorder=5, annotation_clip=False,
            bbox={"boxstyle": "square,pad=0.05", "fc": style.WHITE, "ec": "none"},
        )  # fmt: skip


def _room(place: FloatArray, others: Sequence[FloatArray]) -> float:
    """Distance to the nearest of the others, beyond which no room is gained."""
    nearest = min((float(np.hypot(*(place - other))) for other in others), default=np.inf)
    return min(nearest, 24.0)


def _names(sheet: Sheet, left: float) -> None:
    """The risks by letter, and what the effect of each is a part of."""
    top = AXIS_CM + HEIGHT_CM - 0.1
    room = style.WIDTH_CM - left - 0.2
    for risk in SEED_RISKS:
        sheet.text(left, top, f"{risk.letter}  {risk.short}", fontweight="bold", va="top")
        top -= 1.1 * line_cm(style.TEXT_SIZE)
        lines = wrapped(f"% {risk.affected}", style.NOTE_SIZE, room)
        sheet.lines(left, top, lines, style.NOTE_SIZE)
        top -= len(lines) * line_cm(style.NOTE_SIZE) + 0.18


def _title(chances: Chances, scenarios: Sequence[Scenario]) -> Said:
    """The message: which risk is likeliest, and whether any option moves one clearly."""
    base = [chances[scenarios[0].name, risk.name] for risk in SEED_RISKS]
    happening = [each for each in base if _drawn(each)]
    if not happening:
        return Said("None of the risks named in the report happens in any future")
    likeliest = max(happening, key=lambda each: each.numbers["chance"])
    moved = _moved(chances, scenarios)
    rest = (
        say("; the options change {risks}", risks=listed([Said(_noun(risk)) for risk in moved]))
        if moved
        else Said("; no option changes any of them clearly")
    )
    return say(
        "Likeliest is {risk}, {percent} of futures{rest}",
        risk=_noun(likeliest.risk), percent=likeliest.percent(), rest=rest,
    )  # fmt: skip


def _noun(risk: SeedRisk) -> str:
    return risk.short[0].lower() + risk.short[1:]


def _moved(chances: Chances, scenarios: Sequence[Scenario]) -> list[SeedRisk]:
    return [
        risk for risk in SEED_RISKS if any(chances[s.name, risk.name].clear for s in scenarios[1:])
    ]


def _told(chances: Chances, baseline: Scenario, others: Sequence[Scenario]) -> Said:
    told = []
    for risk in SEED_RISKS:
        base = chances[baseline.name, risk.name]
        if not base.defined:
            told.append(say("{letter}, {risk}: not defined", letter=risk.letter, risk=_noun(risk)))
        elif not base.happens:
            told.append(say("{letter}, {risk}: in no future", letter=risk.letter, risk=_noun(risk)))
        else:
            told.append(
                say(
                    "{letter}, {risk}: {word} at {percent} of futures, {effect} affected{moves}",
                    letter=risk.letter,
                    risk=_noun(risk),
                    word=base.word,
                    percent=base.percent(),
                    effect=base.effect(),
                    moves=_moves([chances[s.name, risk.name] for s in others]),
                )
            )
    return say(
        "Grid of chance, upwards, and effect, to the right, with a lettered ring for each "
        "risk under {base} and a dot for every other policy. {told}.",
        base=titled(baseline.title), told=joined(". ", told),
    )  # fmt: skip


def _moves(others: Sequence[Chance]) -> Said:
    clear = [each for each in others if each.clear]
    if not clear:
        return Said()
    most = max(clear, key=lambda each: abs(each.numbers["difference"]))
    return say("; {percent} under {title}", percent=most.percent(),
               title=titled(most.scenario.title))  # fmt: skip
