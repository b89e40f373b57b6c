"""What matters to an outcome: sentences first, then tables."""

from __future__ import annotations

from collections.abc import Iterator

from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import METRICS
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Points, Report, Row, Table
from rsip_sim.report.words import share_of_spread
from rsip_sim.scenario.settings import field_label
from rsip_sim.studies.sensitivity.pair import DIFFERENCE, LEVEL
from rsip_sim.studies.sensitivity.says import (
    average_sentence,
    correlation_sentence,
    effect_words,
    interval_words,
    joint_sentences,
    leading_inputs,
    luck_sentence,
    others_sentence,
    rank,
    same_sentence,
    title,
    varies,
)
from rsip_sim.studies.sensitivity.work import LUCK, OTHERS, Sensitivity

SHOWN = 8
_INPUT = Column("input", 43, words=True)
_COLUMNS = (
    _INPUT,
    Column("alone", 9),
    Column("95% interval", 13),
    Column("with others", 9),
    Column("average at low end", 13),
    Column("average at high end", 13),
)
_EFFECTS = (
    Column("change", 64, words=True),
    Column("effect", 14),
    Column("95% interval", 21),
)


def sensitivity_report(found: Sensitivity) -> Report:
    """The whole study."""
    blocks: list[Block] = [Paragraph(_opening(found))]
    for name in found.told:
        metric = METRICS[name]
        blocks.append(Heading(f"{metric.label} ({found.pair.unit(metric)})"))
        for kind in (DIFFERENCE, LEVEL):
            blocks += _outcome(found, kind, name)
        if varies(found, DIFFERENCE, name):
            blocks.append(_inputs_table(found, name))
    if found.effects:
        blocks += _factorial(found)
    blocks += [Heading("How to read this", part="method"), Points(_notes(found))]
    return Report(title(found), tuple(blocks))


def _outcome(found: Sensitivity, kind: int, name: str) -> Iterator[Block]:
    """All that is said of the difference, or of the level."""
    yield Paragraph(
        f"The difference, {found.pair.moment.when}"
        if kind == DIFFERENCE
        else f"Its level under '{found.pair.scenario.title}'"
    )
    if not varies(found, kind, name):
        yield Points((same_sentence(found, kind, name),), depth=1)
        return
    how_many, inputs = leading_inputs(found, kind, name)
    yield Points((average_sentence(found, kind, name), how_many), depth=1)
    if inputs:
        yield Points(inputs, numbered=True, depth=2)
    rest = (luck_sentence(found, kind, name), others_sentence(found, kind, name))
    yield Points(tuple(each for each in rest if each), depth=1)


def _opening(found: Sensitivity) -> str:
    own = f"{len(found.own)} of them one by one" if OTHERS in found.factors else "one by one"
    return (
        f"{found.sets:,} sets of values of {len(found.inputs.names)} uncertain parameters, {own}, "
        "each in a future with luck of its own; both scenarios always in the same future. Luck is "
        "all that no parameter decides: the course of the national climate, the authority's own "
        "leaning, and how the dice fall for each school."
    )


def _inputs_table(found: Sensitivity, name: str) -> Table:
    """The inputs of the difference, largest share alone first, then the others and luck."""
    at, metric = found.outcome(DIFFERENCE, name), METRICS[name]
    places = rank(found, DIFFERENCE, name)[:SHOWN]
    places += [found.factors.index(each) for each in (OTHERS, LUCK) if each in found.factors]
    rows: list[Row] = []
    for place in places:
        factor, first = found.factors[place], found.indices.first[at, place]
        ends = ["", ""]
        if factor in found.inputs.names:
            swing = found.inputs.names.index(factor)
            ends = [
                metric.format.short_difference(each[at, swing])
                for each in (found.swings.at_low, found.swings.at_high)
            ]
        label = load_register()[factor].label if factor in found.inputs.names else factor
        total = share_of_spread(found.indices.total[at, place, 0], brief=True)
        rows.append(
            (label, share_of_spread(first[0], brief=True), interval_words(first), total, *ends)
        )
    return Table(
        f"inputs_{name}",
        f"Shares of the spread of the difference in {metric.noun}",
        "One row an input: its share of the spread alone, with the 95% interval, its share with "
        "others, and the average difference at its low and its high end.",
        _COLUMNS, tuple(rows), quiet=True, apart=True,
    )  # fmt: skip


def _factorial(found: Sensitivity) -> Iterator[Block]:
    count = 1
    for lever in found.levers:
        count *= len(lever.values)
    yield Heading("Categorical choices: what each changes of the difference")
    yield Paragraph(
        f"Every combination of {len(found.levers)} choices, {count} in all, in the same "
        f"{found.futures} futures. An effect is averaged over all that the other choices may be."
    )
    if found.left_out:
        left = ", ".join(field_label(path) for path in found.left_out)
        yield Paragraph(
            f"Left out, since the scenarios differ in it or change it over time: {left}."
        )
    main = [each for each in found.effects if len(each.changes) == 1]
    for name in found.told:
        if not varies(found, DIFFERENCE, name):
            continue
        at, write = found.outcome(DIFFERENCE, name), METRICS[name].format
        rows = tuple(
            (
                effect_words(found.levers, each),
                write.difference(each.mean[at]),
                f"{write.short_difference(each.low[at])} to "
                f"{write.short_difference(each.high[at])}",
            )
            for each in main
        )
        yield Table(
            f"choices_{name}",
            f"{METRICS[name].label} ({found.pair.unit(METRICS[name])})",
            "One row a change of one choice: its effect on the difference, and the 95% interval.",
            _EFFECTS, rows, apart=True,
        )  # fmt: skip
        yield from map(Paragraph, joint_sentences(found, name))


def _notes(found: Sensitivity) -> tuple[str, ...]:
    return (
        "'Alone' is the share of the spread (its variance) that would go if this one input were "
        "known; 'with others' the share in which it has any part, also with luck and with other "
        "inputs, so that these add up to more than all. Shares carry the 95% interval of a "
        "bootstrap over the sets.",
        "'Low end' and 'high end' are the 5% and 95% points of what the model draws: the fitted "
        "sample for calibrated parameters, the register's range for the others. Averages there "
        f"are over {found.futures} futures, the same ones at both ends, all other inputs as they "
        "fall.",
        correlation_sentence(found),
        "All headline measures, with levels and differences, are in the tables kept with this.",
    )
