"""A review told: sentences first, then what looking before deciding is worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rsip_sim.evidence.months import month_name
from rsip_sim.report.blocks import (
    Block,
    Column,
    Heading,
    Paragraph,
    Points,
    Report,
    Table,
)
from rsip_sim.scenario.settings import field_label
from rsip_sim.studies.compare.report import CLIMATES
from rsip_sim.studies.kernel.choice_words import COST_WORDS, combination, missing_sentences, setting
from rsip_sim.studies.review.learning import FOLDS
from rsip_sim.studies.review.says import (
    aim_sentences,
    cut_sentences,
    signal_words,
)
from rsip_sim.studies.review.work import Judged, ReviewResult

COLUMNS = (
    Column("looking at", 41, words=True),
    Column("worth", 13),
    Column("95% interval", 23),
    Column("seems worth", 12),
    Column("otherwise in", 11),
)


def review_report(result: ReviewResult) -> Report:
    """The whole study; its title is that of its file."""
    blocks: list[Block] = list(_what_was_done(result))
    for one in result.judged:
        blocks += [Heading(one.aim.title), Points(tuple(aim_sentences(result, one)))]
    blocks.append(Heading("What looking before deciding is worth"))
    tables = [_value_table(one) for one in result.judged if not one.settled]
    blocks += [replace(each, apart=place > 0) for place, each in enumerate(tables)]
    if not tables:
        blocks.append(Paragraph("Nothing, for any of these aims."))
    blocks += [Heading("How to read this"), Points(_reading(result))]
    return Report("", tuple(blocks))


def _what_was_done(result: ReviewResult) -> Iterator[Block]:
    cells = result.cells
    yield Paragraph(
        f"'{cells.scenario.title}' up to {month_name(result.review - 1)}; from "
        f"{month_name(result.review)} one of {len(result.options)} options, in "
        f"{result.replications:,} simulated futures each; roster {cells.scenario.roster.name}. "
        "Until then all options are the same and show the review the same things.",
        apart=True,
    )
    levers = [
        f"{field_label(path)}: {', '.join(setting(path, value) for value in values)}"
        for path, values in cells.levers.items()
    ]
    as_it_is = f"The scenario as it is: {combination(cells, cells.base)}."
    yield Points((*levers, as_it_is, *cut_sentences(result)))
    yield from map(Paragraph, missing_sentences(cells, result.failures))


def _value_table(one: Judged) -> Table:
    write = one.aim.format
    rows = tuple(
        (
            signal_words(looks),
            write.short_difference(found.value.mean) or "0",
            f"{write.short_difference(found.value.ci_low)} to "
            f"{write.short_difference(found.value.ci_high)}",
            write.short_difference(found.apparent),
            f"{100 * found.changes:.0f}%",
        )
        for looks, found in one.learnt.items()
    )
    description = (
        "One row for each thing to look at before deciding: what that is worth, with its interval, "
        "what it seems worth on the futures it was picked on, and how often it picks otherwise."
    )
    return Table(
        f"value_{one.aim.name}", f"{one.aim.label} ({one.aim.unit})", description, COLUMNS, rows
    )


def _reading(result: ReviewResult) -> tuple[str, ...]:
    climate = result.cells.scenario.policy.levers.climate.conversion
    return (
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
    )
