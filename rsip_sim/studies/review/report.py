"""A review for the terminal: sentences first, then what looking is worth, in 100 columns."""

from __future__ import annotations

from collections.abc import Iterator

from rsip_sim.evidence.months import month_name
from rsip_sim.report.blocks import Column
from rsip_sim.report.text import heading, paragraph, table
from rsip_sim.scenario.settings import field_label
from rsip_sim.studies.compare.report import CLIMATES
from rsip_sim.studies.kernel.cells import Cells
from rsip_sim.studies.kernel.choice_words import COST_WORDS, combination, missing_sentences, setting
from rsip_sim.studies.review.learning import FOLDS
from rsip_sim.studies.review.says import (
    aim_sentences,
    cut_sentences,
    signal_words,
)
from rsip_sim.studies.review.work import Judged, ReviewReport

COLUMNS = (
    Column("looking at", 41, words=True),
    Column("worth", 13),
    Column("95% interval", 23),
    Column("seems worth", 12),
    Column("otherwise in", 11),
)


def review_text(report: ReviewReport) -> str:
    """The whole study as text."""
    lines = [*heading(report.study.title), *paragraph(report.study.settings.description)]
    lines += ["", *_what_was_done(report)]
    for one in report.judged:
        lines += ["", *heading(one.aim.title)]
        for sentence in aim_sentences(report, one):
            lines += paragraph(sentence, "- ", "  ")
    lines += ["", *heading("What looking before deciding is worth")]
    for one in report.judged:
        if not one.settled:
            lines += [*paragraph(f"{one.aim.label} ({one.aim.unit})"), *_value_table(one), ""]
    if all(one.settled for one in report.judged):
        lines += [*paragraph("Nothing, for any of these aims."), ""]
    return "\n".join([*lines, *_reading(report)]) + "\n"


def _what_was_done(report: ReviewReport) -> Iterator[str]:
    cells = report.cells
    yield from paragraph(
        f"'{cells.scenario.title}' up to {month_name(report.review - 1)}; from "
        f"{month_name(report.review)} one of {len(report.options)} options, in "
        f"{report.replications:,} simulated futures each; roster {cells.scenario.roster.name}. "
        "Until then all options are the same and show the review the same things."
    )
    yield from _levers(cells)
    yield from paragraph(f"The scenario as it is: {combination(cells, cells.base)}.", "- ", "  ")
    for sentence in cut_sentences(report):
        yield from paragraph(sentence, "- ", "  ")
    for sentence in missing_sentences(cells, report.failures):
        yield from paragraph(sentence)


def _levers(cells: Cells) -> Iterator[str]:
    for path, values in cells.levers.items():
        settings = ", ".join(setting(path, value) for value in values)
        yield from paragraph(f"{field_label(path)}: {settings}", "- ", "  ")


def _value_table(one: Judged) -> list[str]:
    write = one.aim.format
    rows = [
        (
            signal_words(looks),
            write.short_difference(found.value.mean) or "0",
            f"{write.short_difference(found.value.ci_low)} to "
            f"{write.short_difference(found.value.ci_high)}",
            write.short_difference(found.apparent),
            f"{100 * found.changes:.0f}%",
        )
        for looks, found in one.learnt.items()
    ]
    return table(COLUMNS, rows)


def _reading(report: ReviewReport) -> Iterator[str]:
    climate = report.cells.scenario.policy.levers.climate.conversion
    notes = [
        "Looking is worth the mean gain of a rule that picks the best option for each group of "
        "futures, over the one option that is best for all. The rule is picked on nine tenths of "
        f"the futures and judged on the rest, {FOLDS} times over, so that luck is not mistaken for "
        "knowledge; 'seems worth' is what it comes to on the futures it was picked on. "
        "'Otherwise in' is the share of futures in which the rule takes another option.",
        "What a unit is worth in pounds is a judgement, not evidence: several values are tried, "
        "and the cost to the council from the review on is set against it.",
        COST_WORDS,
        f"National climate: {CLIMATES[climate]}. Money is cash, not real terms; pupil rolls are "
        "those of the roster.",
    ]
    yield from heading("How to read this")
    for note in notes:
        yield from paragraph(note, "- ", "  ")
