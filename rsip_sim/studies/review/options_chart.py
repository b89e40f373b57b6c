"""The options of a review in each group of futures: which does best there, and by how much."""

from __future__ import annotations

import numpy as np

from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import IN_BOTH, framed, source_line
from rsip_sim.charts.heat import Grid, Heat, Tile, shades
from rsip_sim.report.words import place
from rsip_sim.scenario.settings import field_label
from rsip_sim.studies.kernel.cells import Cells, Values
from rsip_sim.studies.kernel.choice_words import axis_name, combination, short
from rsip_sim.studies.review.says import group_words, signal_words
from rsip_sim.studies.review.tables import groups_table
from rsip_sim.studies.review.work import Judged, ReviewResult

MOST_OPTIONS = 32


def review_options(result: ReviewResult, one: Judged) -> Chart:
    """Gains over the option that is best for all, by the halves of what it is worth to look at."""
    looks, options = one.best_look, _options(one)
    shares = zip(group_words(looks), one.learnt[looks].shares, strict=True)
    grid = Grid(
        _cells(one, looks, options),
        [_option_words(result.cells, result.options[i]) for i in options],
        [f"{name} ({share:.0%})" for name, share in shares],
    )
    table = groups_table(result)
    own = table[(table["aim"] == one.aim.name) & (table["looks_at"] == looks)]
    return framed(
        f"review_options_{one.aim.name}",
        _title(result, one),
        Heat([grid], labels_cm=4.6, widest_cm=3.2),
        subtitle=_subtitle(result, one),
        notes=_notes(result, one),
        told=_told(result, one),
        data=own.reset_index(drop=True),
        numbers=IN_BOTH,
    )


def _options(one: Judged) -> list[int]:
    """The options drawn: all of them, or the best where there are many; in their order."""
    gains = np.array([each.mean for each in one.behind])
    kept = set(np.argsort(-gains, kind="stable")[:MOST_OPTIONS].tolist())
    kept |= set(one.learnt[one.best_look].picks)
    return [i for i in range(len(gains)) if i in kept]


def _option_words(cells: Cells, values: Values) -> str:
    return ", ".join(short(path, value) for path, value in zip(cells.levers, values, strict=True))


def _cells(one: Judged, looks: str, options: list[int]) -> list[list[Tile]]:
    gains, picks = one.groups[looks][options], one.learnt[looks].picks
    dark = np.stack([shades(column) for column in gains.T], axis=1)
    write = one.aim.format
    return [
        [
            Tile(
                write.short_difference(gains[i, j]) or "0",
                float(dark[i, j]),
                bold=bool(picks[j] == option),
                framed=option == one.fixed,
            )
            for j in range(gains.shape[1])
        ]
        for i, option in enumerate(options)
    ]


def _subtitle(result: ReviewResult, one: Judged) -> str:
    levers = "; ".join(axis_name(path) for path in result.cells.levers)
    return (
        f"{one.aim.title}: gain over the option that is best for all, by "
        f"{signal_words(one.best_look)} at the review; {place(result.cells.scenario)}. "
        f"Options: {levers}"
    )


def _notes(result: ReviewResult, one: Judged) -> list[str]:
    fewer = len(_options(one)) < len(result.options)
    return [
        "The darker a cell, the better in its column. Framed: the option that is best for all. "
        "Bold: the best of the group. Averages across the futures of each group; low and high are "
        f"halves, shares in brackets.{' The best options are drawn.' if fewer else ''}",
        source_line(result.replications, [result.cells.scenario]),
    ]


def _title(result: ReviewResult, one: Judged) -> str:
    picks = one.learnt[one.best_look].picks
    if set(picks) == {one.fixed}:
        return f"The same option is best whatever the review sees of {signal_words(one.best_look)}"
    different = len(set(picks))
    sure = "" if one.learnt[one.best_look].value.ci_low > 0 else ", though it may be luck"
    return (
        f"{different} options are best by turns, depending on {signal_words(one.best_look)}{sure}"
    )


def _told(result: ReviewResult, one: Judged) -> str:
    looks = one.best_look
    parts = [
        f"{name}: {combination(result.cells, result.options[pick])}"
        for name, pick in zip(group_words(looks), one.learnt[looks].picks, strict=True)
    ]
    levers = " and ".join(field_label(path).lower() for path in result.cells.levers)
    return (
        f"Heat map of gains, one row an option of {levers}, one column a group of "
        f"futures. Best for all: {combination(result.cells, result.options[one.fixed])}. Best by "
        f"group: {'; '.join(parts)}."
    )
