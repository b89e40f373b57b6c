"""What each lever of a grid does by itself: one panel a lever, one dot a value."""

from __future__ import annotations

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
from rsip_sim.studies.kernel.choice_words import combination, condition_words, setting, short

TALLEST_CM = 20.0
AVERAGE = KeyEntry("average effect", "dot", style.DARK_BLUE, width=5)
PRECISION = KeyEntry("precision: 95% interval", "line", style.MID_BLUE, width=3.0)
OTHERS = KeyEntry("with other settings of the rest", "line", style.DARK_GREY, width=1.0)


def study_effects(result: GridResult, metric: Metric) -> Chart:
    """Effects in the scenario's own condition, and how far they differ with the other levers."""
    cells = result.cells
    found = result.of(metric, cells.own_condition)
    by_lever = {
        path: [effect for effect in found.effects if effect.path == path] for path in cells.levers
    }
    shown = {path: effects for path, effects in by_lever.items() if effects}
    rows = {path: [_row(each, metric) for each in effects] for path, effects in shown.items()}
    # one scale for all panels, so that levers can be compared
    ends = ends_around(
        (number for each in rows.values() for number in numbers_in(each)),
        least_shown(metric.format),
    )
    unit = difference_unit(metric, found.moment)
    labels = {
        path: [short(path, each.value) for each in effects] for path, effects in shown.items()
    }
    widest = max(width_cm(word, style.NOTE_SIZE) for words in labels.values() for word in words)
    body, places = Rows(
        [
            Block(labels[path], [Panel(rows[path], Scale(unit, *ends, most=6))], field_label(path))
            for path in shown
        ],
        labels_cm=max(widest + 0.3, 2.6),
        right_cm=0.4,
    ).fitting(TALLEST_CM)
    words = condition_words(cells, found.condition)
    table = effects_table(result)
    return framed(
        f"effects_{metric.name}",
        _title(found),
        body,
        subtitle=f"{metric.label} ({unit}) {found.moment.phrase(metric)}, difference from "
        f"'{cells.scenario.title}' as it is; {place(cells.scenario)}"
        f"{f'; {words}' if words else ''}",
        notes=_notes(result, len(places) < len(shown)),
        key=[AVERAGE, PRECISION, OTHERS],
        told=f"Dot plot, one panel a lever and one dot a value. {_told(found)}",
        data=table[table["metric"] == metric.name].reset_index(drop=True),
    )


def _row(effect: Effect, metric: Metric) -> Row:
    mean, divisor = effect.mean, metric.format.divisor
    return Row(
        [
            Mark(OTHERS, effect.lowest / divisor, effect.highest / divisor),
            Mark(PRECISION, mean.ci_low / divisor, mean.ci_high / divisor),
            Mark(AVERAGE, mean.mean / divisor),
        ]
    )


def _notes(result: GridResult, cut: bool) -> list[str]:
    cells = result.cells
    note = (
        f"As it is: {combination(cells, cells.base)}. Dots are averages over all settings of the "
        "other levers; the thin line goes from the smallest to the largest average effect among "
        f"them.{' The other levers are in the table.' if cut else ''}"
    )
    climates = cells.climates(cells.own_condition)
    return [note, source_line(result.replications, [cells.scenario], climates)]


def _title(found: Found) -> str:
    """Which lever moves the metric most."""
    metric, write = found.metric, found.metric.format
    visible = [each for each in found.effects if not write.shows_zero(each.mean.mean)]
    clear = [each for each in visible if each.mean.clear]
    if not visible:
        return f"None of these levers moves {metric.noun} by an amount that shows"
    if not clear:
        return f"None of these levers clearly moves {metric.noun}"
    most = max(clear, key=lambda each: abs(each.mean.mean))
    word = metric.words[0 if most.mean.mean > 0 else 1]
    size = write.magnitude(most.mean.mean)
    lever = field_label(most.path)
    return f"{lever} moves {metric.noun} most: {size} {word} at {short(most.path, most.value)}"


def _told(found: Found) -> str:
    """Every effect with its value: the rows in words."""
    write = found.metric.format
    effects = [
        f"{field_label(each.path)} {setting(each.path, each.value)} "
        f"{write.difference(each.mean.mean)}"
        for each in found.effects
    ]
    return f"{'; '.join(effects)}."
