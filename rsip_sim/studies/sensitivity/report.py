"""Which inputs matter to a difference, and how much of it is luck: one screen, and its tables."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from rsip_sim.measures.formats import MINUS
from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.moments import labelled
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import STANDARD_ERRORS
from rsip_sim.report.blocks import (
    Block,
    Column,
    Heading,
    Paragraph,
    Part,
    Points,
    Report,
    Row,
    Table,
)
from rsip_sim.report.words import NOTHING, listed, share_of_spread
from rsip_sim.studies.kernel.choice_words import asked_about
from rsip_sim.studies.sensitivity.tables import factor_label
from rsip_sim.studies.sensitivity.work import DIFFERENCE, LUCK, OTHERS, Sensitivity

SCREEN, SHOWN = 4, 5
"""Inputs on the first screen, and in the table of a measure."""

MATTERS = 0.1
"""Share of a spread from which an input that is clear is said to matter."""

_INPUTS = (
    Column("input", 43, words=True, hang=1),
    Column("alone", 9),
    Column("95% interval", 13),
    Column("with others", 9),
    Column("average at low end", 11),
    Column("average at high end", 11),
)


def sensitivity_report(found: Sensitivity) -> Report:
    """The whole study."""
    when = found.pair.moment.when
    varied = [name for name in found.told if found.varies(found.outcome(DIFFERENCE, name))]
    inputs = tuple(_inputs_table(found, name) for name in varied)
    parts = (
        Part("inputs", f"What matters to the difference, {when}", inputs),
        Part("method", "How to read this", (Points(tuple(_notes(found))),)),
    )
    return Report(
        "What matters, and how much is luck?",
        tuple(_screen(found)),
        asked_about(found.pair.scenario),
        parts=tuple(part for part in parts if part.blocks),
    )


def _screen(found: Sensitivity) -> Iterator[Block]:
    pair = found.pair
    yield Paragraph(
        f"'{pair.scenario.title}' less '{pair.baseline.title}', {pair.moment.when}. "
        f"{found.sets:,} sets of values of {len(found.inputs.names)} uncertain parameters, each in "
        "a future with luck of its own."
    )
    yield Paragraph(" ".join(answer(found)), apart=True)
    yield _headline(found)
    yield Paragraph("( ) cannot be told from none.", "note")
    yield Heading("How sure")
    yield Points((_sure(found),), plain=True)


def answer(found: Sensitivity) -> Iterator[str]:
    """What matters most, and how much is luck."""
    outcomes = {METRICS[name].noun: found.outcome(DIFFERENCE, name) for name in found.told}
    varied = {noun: at for noun, at in outcomes.items() if found.varies(at)}
    if not varied:
        yield (
            f"The difference in {listed(list(outcomes))} is the same in every future, so there is "
            "nothing to explain."
        )
        return
    noun = METRICS[found.clearest].noun
    at = outcomes[noun]
    if leading := found.clear(at)[:1]:
        factor = found.factors[leading[0]]
        share = share_of_spread(found.indices.first[at, leading[0], 0])
        yield (
            f"Of all inputs '{factor_label(found, factor)}' matters most: alone it makes {share} "
            f"of the spread in {noun}."
        )
    else:
        yield "No single input makes a part of any spread that can be told from none."
    luck = {noun: found.indices.apart[at] for noun, at in varied.items()}
    shows = [
        f"{share_of_spread(three[0])} in {noun}" for noun, three in luck.items() if three[1] > 0
    ]
    yield f"Luck alone makes {listed(shows) if shows else 'no part that can be told from none'}."


def _headline(found: Sensitivity) -> Table:
    """The average and spread of each difference, and who makes how much of the spread."""
    metrics = [METRICS[name] for name in found.told]
    at = [found.outcome(DIFFERENCE, name) for name in found.told]
    averages, ranges = [], []
    for metric, place in zip(metrics, at, strict=True):
        write = metric.format.brief_difference
        low, high = map(write, found.spread[:, place].tolist())
        averages.append(write(float(found.average[place])))
        ranges.append(low if low == high else f"{low} to {high}")
    rows: list[Row | str] = [
        ("average of the difference", *averages, ""),
        ("90% of futures", *ranges, ""),
        ("spread, if drawn as the model draws", *(_drawn_together(found, each) for each in at), ""),
        "Share of its spread, %",
    ]
    others = [found.factors.index(OTHERS)] if OTHERS in found.groups else []
    for place in [*_leading(found), *others]:
        first = found.indices.first[at, place]
        label = factor_label(found, found.factors[place])
        rows.append((label, *map(_cell, first), _verdict(first)))
    for label, share, verdict in (
        ("all parameters, without luck", found.indices.others, "evidence takes it"),
        ("luck alone", found.indices.apart, "no study takes it"),
        ("what takes both", found.indices.both, ""),
    ):
        rows.append((label, *map(_cell, share[at]), verdict))
    columns = (
        Column("input", 37, words=True, hang=1),
        *(Column(labelled(each, found.pair.moment), 13) for each in metrics),
        Column("verdict", 20, words=True, hang=0),
    )
    return Table(
        "headline",
        "What makes the spread of each difference between futures",
        "One column a measure; a share in brackets cannot be told from none.",
        columns,
        tuple(rows),
        quiet=True,
        apart=True,
    )


def _drawn_together(found: Sensitivity, at: int) -> str:
    """By how much the spread changes where the model draws the inputs, with its 95% interval."""
    (here, own), (together, its) = found.deviation[:, at], found.together[:, at]
    if not here * together > 0:
        return NOTHING
    error = STANDARD_ERRORS * together / here * np.hypot(own, its)
    change = f"{100 * (together / here - 1):+.0f}".replace("-", MINUS)
    return f"{change}% ±{100 * error:.0f}"


def _leading(found: Sensitivity) -> list[int]:
    """The inputs that can be told from none in some measure, those of the largest share first."""
    at = [found.outcome(DIFFERENCE, name) for name in found.told]
    largest = np.nan_to_num(found.indices.first[at, :, 0]).max(axis=0)
    places = {place for each in at for place in found.clear(each)}
    return sorted(places, key=lambda place: -float(largest[place]))[:SCREEN]


def _cell(three: FloatArray) -> str:
    """A share with its interval as a table shows it; in brackets where it may be none."""
    if math.isnan(three[0]):
        return NOTHING
    text = share_of_spread(three[0], brief=True).removesuffix("%")
    return text if three[1] > 0 else f"({text})"


def _verdict(shares: FloatArray) -> str:
    """Of the shares (measures, 3) of one input."""
    clear = shares[shares[:, 1] > 0, 0]
    if not clear.size:
        return "not told from none"
    return "matters" if clear.max() >= MATTERS else "a little"


def _sure(found: Sensitivity) -> str:
    known = f"In the model, the share of a single input is known to ±{100 * found.known_to:.0f}"
    if not found.precision:
        return f"{known} (95%)."
    if found.known_to > found.precision:
        return f"{known} (95%), not to ±{100 * found.precision:g} as asked."
    sets = f"{found.sets:,} of {found.most:,} sets"
    return f"{known} (95%), as precisely as asked, from {sets}."


def _inputs_table(found: Sensitivity, name: str) -> Table:
    """The inputs of a measure, largest share alone first, then the others and luck."""
    at = found.outcome(DIFFERENCE, name)
    together = [place for place, each in enumerate(found.factors) if each in (OTHERS, LUCK)]
    places = [*found.rank(at)[:SHOWN], *together]
    return Table(
        f"inputs_{name}",
        f"{labelled(METRICS[name], found.pair.moment)}: shares of the spread of the difference",
        "One row an input; the averages are those with it at its low and its high end.",
        _INPUTS,
        tuple(_input_row(found, name, place) for place in places),
        apart=True,
    )


def _input_row(found: Sensitivity, name: str, place: int) -> Row:
    at, factor = found.outcome(DIFFERENCE, name), found.factors[place]
    first, ends = found.indices.first[at, place], [NOTHING, NOTHING]
    if factor in found.inputs.names:
        swing = found.inputs.names.index(factor)
        write = METRICS[name].format.plain_difference
        ends = [write(each[at, swing]) for each in (found.swings.at_low, found.swings.at_high)]
    low, high = (100 * min(max(end, 0.0), 1.0) for end in first[1:])
    return (
        factor_label(found, factor),
        share_of_spread(first[0], brief=True),
        f"{low:.0f}% to {high:.0f}%",
        share_of_spread(found.indices.total[at, place, 0], brief=True),
        *ends,
    )


def _notes(found: Sensitivity) -> Iterator[str]:
    yield (
        "Luck is all that no parameter decides: the course of the national climate, the "
        "authority's own leaning, and how the dice fall for each school."
    )
    yield (
        "'Alone' is the share of the spread (its variance) that would go if this one input were "
        "known; 'with others' the share in which it has any part, so that these add up to more "
        "than all. Intervals are those of a bootstrap over the sets."
    )
    yield (
        "Low and high end are the 5% and 95% points of what the model draws: the fitted sample for "
        f"calibrated parameters, the register's range for the others. Averages there are over "
        f"{found.futures} futures, the same at both ends."
    )
