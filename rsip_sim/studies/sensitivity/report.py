"""Which inputs matter to a difference, and how much of it is luck: one screen, and its tables."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np

from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import METRICS, Metric
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
from rsip_sim.report.words import authority, listed, period, share_of_spread
from rsip_sim.scenario.settings import field_label
from rsip_sim.scenario.wording import value_text
from rsip_sim.studies.sensitivity.factorial import Effect
from rsip_sim.studies.sensitivity.pair import DIFFERENCE, LEVEL
from rsip_sim.studies.sensitivity.work import FIRST_SETS, LUCK, OTHERS, Sensitivity

LEADING = 2
"""Inputs of each measure on the first screen, at most SCREEN in all."""

SCREEN, SHOWN = 4, 8
MATTERS = 0.1
"""Share of a spread from which an input that is clear is said to matter."""

_MOST = (
    "luck, which no study takes away,",
    "ignorance, which evidence could take away,",
    "made by luck and ignorance together",
    "none of luck, ignorance and both",
)

_VERDICT = Column("verdict", 20, words=True, hang=0)
_INPUTS = (
    Column("input", 43, words=True, hang=1),
    Column("alone", 9),
    Column("95% interval", 13),
    Column("with others", 9),
    Column("average at low end", 11),
    Column("average at high end", 11),
)
_EFFECTS = (
    Column("change", 49, words=True, hang=1),
    Column("effect", 13),
    Column("95% interval", 20),
    Column("verdict", 13, words=True),
)


def sensitivity_report(found: Sensitivity) -> Report:
    """The whole study."""
    pair = found.pair
    parts = [
        Part("inputs", f"What matters to the difference, {pair.moment.when}",
             tuple(_inputs_tables(found, DIFFERENCE))),
        Part("level", f"What matters to '{pair.scenario.title}' itself, {pair.moment.when}",
             tuple(_inputs_tables(found, LEVEL))),
        Part("method", "How to read this", (Points(tuple(_notes(found))),)),
    ]  # fmt: skip
    if found.effects:
        blocks = tuple(_choices(found))
        parts.insert(2, Part("choices", "Categorical choices: what each changes of the difference",
                             blocks))  # fmt: skip
    return Report(
        "What matters, and how much is luck?",
        tuple(_screen(found)),
        f"{len(pair.scenario.roster.urn)} schools of {authority(pair.scenario)}, "
        f"{period(pair.scenario)}",
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
    if any(found.varies(DIFFERENCE, name) for name in found.told):
        yield Paragraph("( ) cannot be told from none.", "note")
        yield Heading("How sure")
        yield Points(tuple(_sure(found)), plain=True)


def answer(found: Sensitivity) -> Iterator[str]:
    """What matters most, how much is luck, and what does not vary at all."""
    varied = [name for name in found.told if found.varies(DIFFERENCE, name)]
    same = [METRICS[name].noun for name in found.told if name not in varied]
    if same:
        yield (
            f"The difference in {listed(same)} is the same in every future, so there is nothing "
            "to explain."
        )
    if not varied:
        return
    yield _leads(found)
    yield _luck(found, varied)


def _leads(found: Sensitivity) -> str:
    """Which input makes most of the spread of a difference by itself."""
    name = found.clearest
    leading = found.clear(DIFFERENCE, name)[:1]
    if not leading:
        return "No single input makes a part of the spread that can be told from none."
    share = found.indices.first[found.outcome(DIFFERENCE, name), leading[0], 0]
    label, told = f"'{_label(found, leading[0])}'", share_of_spread(share)
    if share < MATTERS:
        return (
            f"No input by itself makes a tenth of any spread; most makes {label}, {told} in "
            f"{METRICS[name].noun}."
        )
    return (
        f"Of all inputs {label} matters most: alone it makes {told} of the spread in "
        f"{METRICS[name].noun}."
    )


def _luck(found: Sensitivity, varied: Sequence[str]) -> str:
    """Whether luck, ignorance or both together make most of each spread."""
    most: dict[int, list[str]] = {}
    shares = found.indices
    for name in varied:
        at = found.outcome(DIFFERENCE, name)
        three = (shares.apart[at, 0], shares.others[at, 0], shares.both[at, 0])
        largest = int(np.argmax(three)) if max(three) > 0.5 else 3
        most.setdefault(largest, []).append(METRICS[name].noun)
    parts = [f"{_MOST[place]} in {listed(nouns)}" for place, nouns in sorted(most.items())]
    return f"Most of the spread is {'; it is '.join(parts)}."


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
    ]
    rows.append("Share of its spread, %")
    for place in _leading(found):
        first = found.indices.first[at, place]
        rows.append((_label(found, place), *map(_cell, first), _verdict(first)))
    if OTHERS in found.factors:
        others = found.indices.first[at, found.factors.index(OTHERS)]
        rows.append((_label(found, found.factors.index(OTHERS)), *map(_cell, others),
                     _verdict(others)))  # fmt: skip
    for label, share, verdict in (
        ("all parameters, without luck", found.indices.others, "evidence takes it"),
        ("luck alone", found.indices.apart, "no study takes it"),
        ("what takes both", found.indices.both, ""),
    ):
        rows.append((label, *map(_cell, share[at]), verdict))
    columns = (
        Column("input", 37, words=True, hang=1),
        *(Column(_with_unit(found, each), 13) for each in metrics),
        _VERDICT,
    )
    return Table(
        "headline", "What makes the spread of each difference between futures",
        "One column a measure: its average difference and range across futures, then the share of "
        "the spread that each input makes alone. A share in brackets cannot be told from none.",
        columns, tuple(rows), quiet=True, apart=True,
    )  # fmt: skip


def _with_unit(found: Sensitivity, metric: Metric) -> str:
    unit = found.pair.unit(metric)
    return metric.label if unit == "schools" else f"{metric.label}, {unit}"


def _leading(found: Sensitivity) -> list[int]:
    """The inputs that lead in some measure, those of the largest share first."""
    places = {place for name in found.told for place in found.clear(DIFFERENCE, name)[:LEADING]}
    at = [found.outcome(DIFFERENCE, name) for name in found.told]
    shares = np.nan_to_num(found.indices.first[at, :, 0]).max(axis=0)
    return sorted(places, key=lambda place: -float(shares[place]))[:SCREEN]


def _cell(three: FloatArray) -> str:
    """A share with its interval as a table shows it; in brackets where it may be none."""
    if math.isnan(three[0]):
        return "–"
    text = share_of_spread(three[0], brief=True).removesuffix("%")
    return text if three[1] > 0 else f"({text})"


def _verdict(shares: FloatArray) -> str:
    """Of the shares (measures, 3) of one input."""
    clear = shares[shares[:, 1] > 0, 0]
    if not clear.size:
        return "not told from none"
    return "matters" if clear.max() >= MATTERS else "a little"


def _label(found: Sensitivity, place: int) -> str:
    factor = found.factors[place]
    if factor == OTHERS:
        return f"{len(found.inputs.names) - len(found.own)} other parameters together"
    return "luck" if factor == LUCK else load_register()[factor].label


def _sure(found: Sensitivity) -> Iterator[str]:
    varied = [name for name in found.told if found.varies(DIFFERENCE, name)]
    at = [found.outcome(DIFFERENCE, name) for name in varied]
    places = [place for place, factor in enumerate(found.factors) if factor in found.own]
    shares = np.clip(found.indices.first[np.ix_(at, places)], 0, 1)
    if shares.size:
        half = float(np.nanmax(shares[..., 2] - shares[..., 1])) / 2
        yield (
            f"In the model, the share of a single input is known to ±{100 * half:.0f} "
            f"(95%){_as_asked(found)}."
        )
    unsure = [METRICS[name].noun for name in varied if _overlap(found, name)]
    if unsure:
        yield f"The order of inputs is not certain in {listed(unsure)}: intervals overlap."
    yield from _together(found, varied)


def _as_asked(found: Sensitivity) -> str:
    """Whether the precision that was asked for was reached, and with how many sets."""
    if not found.precision or found.sets < FIRST_SETS:
        return ""
    if found.known_to > found.precision:
        return f", not to ±{100 * found.precision:g} as asked"
    return f", as precisely as asked, from {found.sets:,} of {found.most:,} sets"


def _overlap(found: Sensitivity, name: str) -> bool:
    """Whether the intervals of inputs that follow one another in the order overlap."""
    shares = found.indices.first[found.outcome(DIFFERENCE, name)]
    pairs = itertools.pairwise(found.rank(DIFFERENCE, name)[: LEADING + 1])
    return any(shares[one, 1] <= shares[other, 2] for one, other in pairs)


def _together(found: Sensitivity, varied: Sequence[str]) -> Iterator[str]:
    """The spread here beside the spread where calibrated parameters are drawn together."""
    said = []
    for name in varied:
        at = found.outcome(DIFFERENCE, name)
        (here, own), (together, its) = found.deviation[:, at], found.together[:, at]
        if here > 0 and together > 0 and np.isfinite([own, its]).all():
            change = together / here - 1
            error = STANDARD_ERRORS * together / here * np.hypot(own, its)
            per_cents = f"{round(100 * change) + 0:+}".replace("-", "\N{MINUS SIGN}")
            said.append(f"{per_cents}% (±{100 * error:.0f}) in {METRICS[name].noun}")
    if said:
        yield (
            "Drawn together, as the model draws calibrated parameters, and not each by itself, the "
            f"standard deviation changes by {listed(said)}."
        )


def _inputs_tables(found: Sensitivity, kind: int) -> Iterator[Table]:
    """The inputs of each measure, largest share alone first, then the others and luck."""
    kinds = ("level", "difference")
    for name in found.told:
        if not found.varies(kind, name):
            continue
        metric = METRICS[name]
        places = found.rank(kind, name)[:SHOWN]
        places += [found.factors.index(each) for each in (OTHERS, LUCK) if each in found.factors]
        rows = tuple(_input_row(found, kind, name, place) for place in places)
        what = "inputs" if kind == DIFFERENCE else "level"
        yield Table(
            f"{what}_{name}",
            f"{_with_unit(found, metric)}: shares of the spread of the {kinds[kind]}",
            "One row an input: its share of the spread alone, with the 95% interval, its share "
            "with others, and the average at its low and its high end.",
            _INPUTS, rows, apart=True,
        )  # fmt: skip


def _input_row(found: Sensitivity, kind: int, name: str, place: int) -> Row:
    at, write, factor = found.outcome(kind, name), METRICS[name].format, found.factors[place]
    first, ends = found.indices.first[at, place], ["–", "–"]
    if factor in found.inputs.names:
        swing = found.inputs.names.index(factor)
        told = write.plain_difference if kind == DIFFERENCE else write.brief
        ends = [told(each[at, swing]) for each in (found.swings.at_low, found.swings.at_high)]
    low, high = (100 * min(max(end, 0.0), 1.0) for end in first[1:])
    total = share_of_spread(found.indices.total[at, place, 0], brief=True)
    return (
        _label(found, place), share_of_spread(first[0], brief=True), f"{low:.0f}% to {high:.0f}%",
        total, *ends,
    )  # fmt: skip


def _choices(found: Sensitivity) -> Iterator[Block]:
    count = math.prod(len(lever.values) for lever in found.levers)
    left = [field_label(path) for path in found.left_out]
    yield Paragraph(
        f"Every combination of {len(found.levers)} choices, {count} in all, in the same "
        f"{found.futures} futures. An effect is averaged over all that the other choices may be."
        + (f" Left out, since the scenarios differ in it or change it over time: {listed(left)}."
           if left else "")
    )  # fmt: skip
    single = [each for each in found.effects if len(each.changes) == 1]
    pairs = [each for each in found.effects if len(each.changes) == 2]
    for name in found.told:
        if not found.varies(DIFFERENCE, name):
            continue
        at = found.outcome(DIFFERENCE, name)
        clear = [each for each in pairs if _clear(found, each, name) == "clear"]
        clear = sorted(clear, key=lambda each: -abs(each.mean[at]))[:LEADING]
        rows: list[Row | str] = [_effect_row(found, each, name) for each in single]
        if pairs:
            rows.append(
                f"Beyond the sum of each, the largest of {len(pairs)} pairs, about "
                f"{max(round(len(pairs) / 20), 1)} clear by chance"
            )
            rows += [_effect_row(found, each, name) for each in clear] or [
                ("none that shows", "–", "–", "–")
            ]
        yield Table(
            f"choices_{name}",
            _with_unit(found, METRICS[name]),
            "One row a change of one choice: its effect on the difference, and the 95% interval; "
            "then what two changes do beyond the sum of each.",
            _EFFECTS, tuple(rows), apart=True,
        )  # fmt: skip


def _effect_row(found: Sensitivity, effect: Effect, name: str) -> Row:
    at, write = found.outcome(DIFFERENCE, name), METRICS[name].format
    changes = []
    for place, value in effect.changes:
        lever = found.levers[place]
        old, new = (value_text(lever.path, lever.values[each]) for each in (0, value))
        changes.append(f"{field_label(lever.path)}: {old} → {new}")
    ends = (write.short_difference(each[at]) for each in (effect.low, effect.high))
    return (
        " with ".join(changes), write.difference(effect.mean[at]), " to ".join(ends),
        _clear(found, effect, name),
    )  # fmt: skip


def _clear(found: Sensitivity, effect: Effect, name: str) -> str:
    at = found.outcome(DIFFERENCE, name)
    if METRICS[name].format.shows_zero(effect.mean[at]):
        return "none shows"
    return "clear" if effect.low[at] > 0 or effect.high[at] < 0 else "not clear"


def _notes(found: Sensitivity) -> Iterator[str]:
    yield (
        "Luck is all that no parameter decides: the course of the national climate, the "
        "authority's own leaning, and how the dice fall for each school."
    )
    yield (
        "'Alone' is the share of the spread (its variance) that would go if this one input were "
        "known; 'with others' the share in which it has any part, also with luck and with other "
        "inputs, so that these add up to more than all. Intervals are those of a bootstrap over "
        "the sets."
    )
    yield (
        "Low and high end are the 5% and 95% points of what the model draws: the fitted sample for "
        "calibrated parameters, the register's range for the others. Averages there are over "
        f"{found.futures} futures, the same at both ends, all other inputs as they fall."
    )
    yield "All headline measures, with levels and differences, are in the tables kept with this."
