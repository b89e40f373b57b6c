"""The options of a review in each group of futures: which does best there, and by how much."""

from __future__ import annotations

import numpy as np

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.rows import name_rows, row_words
from rsip_sim.charts.sheet import MARGIN, Sheet, line_cm
from rsip_sim.charts.text import wrapped
from rsip_sim.charts.tiles import Tile, cell_panel, shades
from rsip_sim.scenario.settings import field_label
from rsip_sim.studies.kernel.cells import Cells, Values
from rsip_sim.studies.kernel.choice_words import axis_name, combination, short
from rsip_sim.studies.review.says import group_words, signal_words
from rsip_sim.studies.review.work import Judged, ReviewReport

LABELS_CM = 4.6
WIDEST_CM = 3.2
ROW_CM = 0.55
MOST_OPTIONS = 32


def review_options(report: ReviewReport, one: Judged) -> Chart:
    """Gains over the option that is best for all, by the halves of what it is worth to look at."""
    looks = one.best_look
    groups = [f"{name} ({share:.0%})" for name, share in zip(
        group_words(looks), one.learnt[looks].shares, strict=True)]  # fmt: skip
    options = _options(one)
    left = MARGIN + LABELS_CM
    width = min((style.WIDTH_CM - left - MARGIN) / len(groups), WIDEST_CM)
    heads = [wrapped(group, style.NOTE_SIZE, width - 0.15) for group in groups]
    heads_cm = max(map(len, heads)) * line_cm(style.NOTE_SIZE) + 0.25
    words = row_words([_option_words(report.cells, report.options[i]) for i in options],
                      LABELS_CM - 0.25)  # fmt: skip
    title = _title(report, one)
    with style.chart_style():
        sheet = Sheet(
            title, _subtitle(report, one), len(options) * ROW_CM + heads_cm + 0.2,
            _notes(report, one),
        )  # fmt: skip
        bottom = 0.2
        top = bottom + len(options) * ROW_CM + 0.1
        for j, lines in enumerate(heads):
            for i, line in enumerate(lines):
                sheet.text(
                    left + (j + 0.5) * width,
                    top + (len(lines) - 1 - i) * line_cm(style.NOTE_SIZE), line, style.NOTE_SIZE,
                    ha="center", va="bottom", gid="head",
                )  # fmt: skip
        name_rows(sheet, words, left - 0.2, bottom, ROW_CM)
        cells = _cells(one, looks, options)
        cell_panel(sheet, left, bottom, (width, ROW_CM), cells, [""] * len(groups))
    table = report.tables["groups"]
    data = table[(table["aim"] == one.aim.name) & (table["looks_at"] == looks)]
    return Chart(
        f"review_options_{one.aim.name}", title, sheet.figure, data.reset_index(drop=True),
        _alt(report, one, title),
    )  # fmt: skip


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


def _subtitle(report: ReviewReport, one: Judged) -> str:
    levers = "; ".join(axis_name(path) for path in report.cells.levers)
    return (
        f"{one.aim.title}: gain over the option that is best for all, by "
        f"{signal_words(one.best_look)} at the review; {common.place(report.cells.scenario)}. "
        f"Options: {levers}"
    )


def _notes(report: ReviewReport, one: Judged) -> list[str]:
    fewer = len(_options(one)) < len(report.options)
    return [
        "The darker a cell, the better in its column. Framed: the option that is best for all. "
        "Bold: the best of the group. Averages across the futures of each group; low and high are "
        f"halves, shares in brackets.{' The best options are drawn.' if fewer else ''}",
        common.source_line(report.replications, [report.cells.scenario]),
    ]


def _title(report: ReviewReport, one: Judged) -> str:
    picks = one.learnt[one.best_look].picks
    if set(picks) == {one.fixed}:
        return f"The same option is best whatever the review sees of {signal_words(one.best_look)}"
    different = len(set(picks))
    sure = "" if one.learnt[one.best_look].value.ci_low > 0 else ", though it may be luck"
    return (
        f"{different} options are best by turns, depending on {signal_words(one.best_look)}{sure}"
    )


def _alt(report: ReviewReport, one: Judged, title: str) -> str:
    looks = one.best_look
    parts = [
        f"{name}: {combination(report.cells, report.options[pick])}"
        for name, pick in zip(group_words(looks), one.learnt[looks].picks, strict=True)
    ]
    levers = " and ".join(field_label(path).lower() for path in report.cells.levers)
    return (
        f"{title}. Heat map of gains, one row an option of {levers}, one column a group of "
        f"futures. Best for all: {combination(report.cells, report.options[one.fixed])}. Best by "
        f"group: {'; '.join(parts)}. The numbers are in the cells and in the table beside this "
        "chart."
    )
