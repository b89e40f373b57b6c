"""A study of sensitivity for the terminal: sentences first, then tables, in 100 columns."""

from __future__ import annotations

from collections.abc import Iterator

from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import METRICS
from rsip_sim.report.blocks import Column
from rsip_sim.report.text import heading, paragraph, table
from rsip_sim.scenario.settings import field_label
from rsip_sim.studies.kernel.pairs import DIFFERENCE, LEVEL
from rsip_sim.studies.sensitivity.says import (
    average_sentence,
    correlation_sentence,
    effect_words,
    interval_words,
    joint_sentences,
    leading_lines,
    luck_sentence,
    others_sentence,
    per_cent,
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


def sensitivity_text(found: Sensitivity) -> str:
    """The whole study as text."""
    lines = [*heading(title(found)), *paragraph(_opening(found))]
    for name in found.told:
        metric = METRICS[name]
        lines += ["", *heading(f"{metric.label} ({found.pair.unit(metric)})")]
        for kind in (DIFFERENCE, LEVEL):
            lines += _outcome(found, kind, name)
        if varies(found, DIFFERENCE, name):
            lines += ["", *_inputs_table(found, name)]
    if found.effects:
        lines += ["", *_factorial(found)]
    lines += ["", *_reading(found)]
    return "\n".join(lines) + "\n"


def _outcome(found: Sensitivity, kind: int, name: str) -> Iterator[str]:
    """All that is said of the difference, or of the level."""
    yield (
        f"The difference, {found.pair.moment.when}"
        if kind == DIFFERENCE
        else f"Its level under '{found.pair.scenario.title}'"
    )
    if not varies(found, kind, name):
        yield from paragraph(same_sentence(found, kind, name), "  - ", "    ")
        return
    yield from paragraph(average_sentence(found, kind, name), "  - ", "    ")
    first, *inputs = leading_lines(found, kind, name)
    yield from paragraph(first, "  - ", "    ")
    for line in inputs:
        yield from paragraph(line, "    ", "       ")
    yield from paragraph(luck_sentence(found, kind, name), "  - ", "    ")
    if rest := others_sentence(found, kind, name):
        yield from paragraph(rest, "  - ", "    ")


def _opening(found: Sensitivity) -> str:
    own = f"{len(found.own)} of them one by one" if OTHERS in found.factors else "one by one"
    return (
        f"{found.sets:,} sets of values of {len(found.inputs.names)} uncertain parameters, {own}, "
        "each in a future with luck of its own; both scenarios always in the same future. Luck is "
        "all that no parameter decides: the course of the national climate, the authority's own "
        "leaning, and how the dice fall for each school."
    )


def _inputs_table(found: Sensitivity, name: str) -> list[str]:
    """The inputs of the difference, largest share alone first, then the others and luck."""
    at, metric = found.outcome(DIFFERENCE, name), METRICS[name]
    places = rank(found, DIFFERENCE, name)[:SHOWN]
    places += [found.factors.index(each) for each in (OTHERS, LUCK) if each in found.factors]
    rows = []
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
        total = per_cent(found.indices.total[at, place, 0])
        rows.append((label, _short(first[0]), interval_words(first), total, *ends))
    return table(_COLUMNS, rows)


def _short(share: float) -> str:
    return per_cent(share).replace("less than ", "<")


def _factorial(found: Sensitivity) -> Iterator[str]:
    count = 1
    for lever in found.levers:
        count *= len(lever.values)
    yield from heading("Categorical choices: what each changes of the difference")
    yield from paragraph(
        f"Every combination of {len(found.levers)} choices, {count} in all, in the same "
        f"{found.futures} futures. An effect is averaged over all that the other choices may be."
    )
    if found.left_out:
        left = ", ".join(field_label(path) for path in found.left_out)
        yield from paragraph(
            f"Left out, since the scenarios differ in it or change it over time: {left}."
        )
    main = [each for each in found.effects if len(each.changes) == 1]
    for name in found.told:
        if not varies(found, DIFFERENCE, name):
            continue
        at, write = found.outcome(DIFFERENCE, name), METRICS[name].format
        rows = [
            (
                effect_words(found.levers, each),
                write.difference(each.mean[at]),
                f"{write.short_difference(each.low[at])} to "
                f"{write.short_difference(each.high[at])}",
            )
            for each in main
        ]
        yield ""
        yield f"{METRICS[name].label} ({found.pair.unit(METRICS[name])})"
        yield from table(_EFFECTS, rows)
        for sentence in joint_sentences(found, name):
            yield from paragraph(sentence)


def _reading(found: Sensitivity) -> Iterator[str]:
    yield from heading("How to read this")
    notes = (
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
    for note in notes:
        yield from paragraph(note, "- ", "  ")
