"""What each lever of a grid does by itself: one panel a lever, one dot a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fit import width_cm
from rsip_sim.charts.frame import framed, source_line
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows, numbers_in
from rsip_sim.charts.scales import Scale, difference_unit, ends_around, least_shown
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.measures.metrics import Metric
from rsip_sim.report.words import place
from rsip_sim.scenario.settings import field_label
from rsip_sim.studies.grid.effects import Effect
from rsip_sim.studies.grid.tables import effects_table
from rsip_sim.studies.grid.work import Found, GridResult
from rsip_sim.studies.kernel.cells import Values
from rsip_sim.studies.kernel.choice_words import condition_words, setting, short

ROW_CM = 0.42  # and so much for each condition beside the first:
CONDITION_CM = 0.2
MOST_CONDITIONS = 4
TALLEST_CM = 20.0
MARKERS = ("o", "s", "^", "D")
FILLS = (style.DARK_BLUE, style.WHITE, style.FOCUS_GREY, style.ORANGE)
PRECISION = KeyEntry("precision: 95% interval", "line", style.MID_BLUE, width=3.0)
OTHERS = KeyEntry("with other settings of the rest", "line", style.DARK_GREY, width=1.0)


def study_effects(result: GridResult, metric: Metric) -> Chart:
    """Effects with their interval, and how far they differ with the other levers."""
    conditions = result.cells.in_conditions[:MOST_CONDITIONS]
    found = [result.of(metric, condition) for condition in conditions]
    moved = {path: _moved(result, path) for path in result.cells.levers}
    looks = _looks(result, conditions)
    rows = {
        path: [_row(found, looks, path, value) for value in values]
        for path, values in moved.items()
    }
    # one scale for all panels, so that levers can be compared
    ends = ends_around(
        (number for each in rows.values() for number in numbers_in(each)),
        least_shown(metric.format),
    )
    unit = difference_unit(metric, found[0].moment)
    labels = {path: [short(path, value) for value in values] for path, values in moved.items()}
    widest = max(width_cm(word, style.NOTE_SIZE) for words in labels.values() for word in words)
    body, places = Rows(
        [
            Block(labels[path], [Panel(rows[path], Scale(unit, *ends, most=6))], field_label(path))
            for path in moved
        ],
        labels_cm=max(widest + 0.3, 2.6),
        right_cm=0.4,
        row_cm=ROW_CM + CONDITION_CM * (len(conditions) - 1),
    ).fitting(TALLEST_CM)
    title_of = found[0] if len(found) == 1 else result.of(metric, result.cells.own_condition)
    table = effects_table(result)
    return framed(
        f"effects_{metric.name}",
        _title(title_of),
        body,
        subtitle=f"{metric.label} ({unit}) {found[0].moment.phrase(metric)}, difference from "
        f"'{result.cells.scenario.title}' as it is; {place(result.cells.scenario)}",
        notes=_notes(result, found, len(places)),
        key=[*looks, PRECISION, OTHERS],
        told=_told(result, found),
        data=table[table["metric"] == metric.name].reset_index(drop=True),
    )


def _moved(result: GridResult, path: str) -> list[Any]:
    """The values of a lever other than its base."""
    base = dict(zip(result.cells.levers, result.cells.base, strict=True))[path]
    return [value for value in result.cells.levers[path] if value != base]


def _looks(result: GridResult, conditions: Sequence[Values]) -> list[KeyEntry]:
    """The dot of each condition."""
    words = [condition_words(result.cells, condition) for condition in conditions]
    return [
        KeyEntry(said if len(words) > 1 else "average effect", "dot", fill, style.DARK_BLUE,
                 width=5, marker=marker)
        for said, fill, marker in zip(words, FILLS, MARKERS, strict=False)
    ]  # fmt: skip


def _row(found: Sequence[Found], looks: Sequence[KeyEntry], path: str, value: Any) -> Row:
    """A value of a lever: its effect under each condition, one below the other."""
    marks: list[Mark] = []
    for k, (each, look) in enumerate(zip(found, looks, strict=True)):
        shift = (k - (len(found) - 1) / 2) * 0.8 / (len(found) + 1)
        for effect in each.effects:
            if effect.path == path and effect.value == value:
                marks += _marks(effect, look, shift, each.metric.format.divisor)
    return Row(marks)


def _marks(effect: Effect, look: KeyEntry, shift: float, divisor: float) -> list[Mark]:
    mean = effect.mean
    return [
        Mark(OTHERS, effect.lowest / divisor, effect.highest / divisor, shift),
        Mark(PRECISION, mean.ci_low / divisor, mean.ci_high / divisor, shift),
        Mark(look, mean.mean / divisor, shift=shift),
    ]


def _notes(result: GridResult, found: Sequence[Found], shown: int) -> list[str]:
    base = ", ".join(
        f"{field_label(path)} {setting(path, value)}"
        for path, value in zip(result.cells.levers, result.cells.base, strict=True)
    )
    note = (
        f"As it is: {base}. Dots are averages over all settings of the other levers; the thin "
        "line goes from the smallest to the largest average effect among them."
    )
    if shown < len(result.cells.levers):
        note += " The other levers are in the table."
    if len(result.cells.in_conditions) > len(found):
        note += " The other conditions are in the table."
    cells = result.cells
    return [note, source_line(result.replications, [cells.scenario], cells.climates())]


def _title(found: Found) -> str:
    """Which lever moves the metric most."""
    clear = [
        each
        for each in found.effects
        if each.mean.clear and not found.metric.format.shows_zero(each.mean.mean)
    ]
    if not clear:
        unclear = any(not found.metric.format.shows_zero(each.mean.mean) for each in found.effects)
        if unclear:
            return f"None of these levers clearly moves {found.metric.noun}"
        return f"None of these levers moves {found.metric.noun} by an amount that shows"
    most = max(clear, key=lambda each: abs(each.mean.mean))
    word = found.metric.words[0 if most.mean.mean > 0 else 1]
    size = found.metric.format.magnitude(most.mean.mean)
    label = field_label(most.path)
    return (
        f"{label} moves {found.metric.noun} most: {size} {word} at {short(most.path, most.value)}"
    )


def _told(result: GridResult, found: Sequence[Found]) -> str:
    said = []
    for each in found:
        words = condition_words(result.cells, each.condition)
        parts = []
        for path in result.cells.levers:
            own = [effect for effect in each.effects if effect.path == path]
            if own:
                most = max(own, key=lambda effect: abs(effect.mean.mean))
                parts.append(
                    f"{field_label(path)} {setting(path, most.value)} "
                    f"{each.metric.format.difference(most.mean.mean)}"
                )
        said.append(f"{f'{words}: ' if words else 'Largest effect of each: '}{'; '.join(parts)}.")
    return (
        f"Dot plot of the effect of each value with its 95% interval, one panel for each "
        f"of {len(result.cells.levers)} levers. {' '.join(said)}"
    )
