"""What it would be worth to know more before choosing: everything, all parameters, one of them."""

from __future__ import annotations

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import framed, source_line
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows, numbers_in
from rsip_sim.charts.scales import Scale, ends_around, least_shown, tick
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.measures.statistics import STANDARD_ERRORS
from rsip_sim.report.words import place
from rsip_sim.studies.value.information import Worth
from rsip_sim.studies.value.report import NONE_FOUND, amount, known_words
from rsip_sim.studies.value.work import Value, known_things, tables

NAME = "value_of_information"
SINGLE = 5
NOW = KeyEntry("choosing now", "area", style.FOCUS_GREY, style.DARK_GREY, hatch="////")
FIRST = KeyEntry("knowing first", "area", style.MID_BLUE, style.MID_BLUE)
PRECISION = KeyEntry("precision: 95% interval", "line", style.BLACK, width=0.9)


def information_value(value: Value) -> Chart:
    """One bar a thing that may be known, and the gain of choosing now beside them."""
    worths, divisor = _rows(value), value.write.divisor
    looks = [NOW if _has_gain(value) and not k else FIRST for k in range(len(worths))]
    rows = [
        Row(
            [Mark(look, 0.0, worth.mean / divisor),
             Mark(PRECISION, worth.low / divisor, worth.high / divisor)],
            _number(value, worth),
        )
        for look, (_, worth) in zip(looks, worths, strict=True)
    ]  # fmt: skip
    ends = ends_around(numbers_in(rows), least_shown(value.write))
    panel = Panel(rows, Scale(value.unit, *ends, tick, most=4))
    return framed(
        NAME,
        _title(value),
        Rows([Block([label for label, _ in worths], [panel])], labels_cm=5.6, numbers_cm=2.6),
        subtitle=f"Gain on average, {value.metric.noun} in {value.unit}, "
        f"{value.moment.phrase(value.metric)}; {place(value.scenarios[0])}",
        notes=[
            "Knowing everything includes luck, which no study reveals: it is the most that any "
            "evidence can be worth. "
            "What is worth nothing would be ignored, so that no worth is below 0.",
            source_line(value.found.futures, value.scenarios),
        ],
        key=[NOW, FIRST, PRECISION],
        told=_told(value, worths),
        data=tables(value)["worth"],
    )


def _rows(value: Value) -> list[tuple[str, Worth]]:
    things = known_things(value.found)
    single = [each for each in things[2:] if each[1].mean > 0][:SINGLE]
    rows = [(known_words(value.found, name), worth) for name, worth in [*things[:2], *single]]
    rows = [(f"{label[0].upper()}{label[1:]}", worth) for label, worth in rows]
    return [_choosing_now(value), *rows] if _has_gain(value) else rows


def _has_gain(value: Value) -> bool:
    """Whether choosing now gains anything over the baseline."""
    return value.found.now != 0


def _choosing_now(value: Value) -> tuple[str, Worth]:
    """The gain of choosing now over the baseline, for comparison."""
    gain, error = -float(value.found.average[0]), float(value.found.error[0])
    half = STANDARD_ERRORS * error
    worth = Worth(gain, gain - half, gain + half, error, 0.0)
    return f"Choosing now, over '{value.scenarios[0].title}'", worth


def _number(value: Value, worth: Worth) -> str:
    return NONE_FOUND if worth.mean == 0 else value.write.short_difference(worth.mean)


def _title(value: Value) -> str:
    """The message: what knowing everything would be worth beside choosing now."""
    found = value.found
    most = found.everything.mean
    if most == 0:
        return "Knowing more is worth nothing to this choice: one scenario is best in every future"
    worth = amount(value, most)
    if not _has_gain(value):
        return f"Knowing everything, luck included, would be worth {worth}"
    return (
        f"Knowing everything, luck included, would be worth {worth}; choosing now gains "
        f"{amount(value, -float(found.average[0]))}"
    )


def _told(value: Value, worths: list[tuple[str, Worth]]) -> str:
    said = "; ".join(f"{label} {_number(value, worth)}" for label, worth in worths)
    return f"Bars of gains in {value.metric.noun}, {value.unit}: {said}."
