"""What looking before deciding is worth: one panel an aim, one row a thing to look at."""

from __future__ import annotations

from collections.abc import Sequence

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import framed, source_line
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows, numbers_in
from rsip_sim.charts.scales import Scale, ends_around, least_shown, tick
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.evidence.months import month_name
from rsip_sim.report.words import place
from rsip_sim.studies.review.learning import Learnt
from rsip_sim.studies.review.says import signal_words
from rsip_sim.studies.review.tables import value_table
from rsip_sim.studies.review.work import Judged, ReviewResult

NAME = "review_value"
TALLEST_CM = 19.0  # of the panels, so that chart and words fit a page of A4
WORTH = KeyEntry("worth, judged on futures that had no say", "dot", style.DARK_BLUE, width=5)
PRECISION = KeyEntry("precision: 95% interval", "line", style.MID_BLUE, width=5.5)
SEEMS = KeyEntry(
    "what it seems on the futures it was picked on", "dot", style.WHITE, style.DARK_GREY, width=5,
    marker="D",
)  # fmt: skip


def review_value(result: ReviewResult) -> Chart:
    """The aims for which anything seen changes the option; the others are told in the note."""
    open_aims = [one for one in result.judged if not one.settled] or list(result.judged[:1])
    body, places = Rows(
        [_block(one, list(result.judged[0].learnt)) for one in open_aims],
        labels_cm=5.2, right_cm=0.5,
    ).fitting(TALLEST_CM)  # fmt: skip
    return framed(
        NAME,
        _title(result),
        body,
        subtitle=f"Gain of deciding in {month_name(result.review)}, after looking, over the one "
        f"option that is best without; {place(result.cells.scenario)}",
        notes=_notes(result, len(places)),
        key=[WORTH, PRECISION, SEEMS],
        told=_told(result),
        data=value_table(result),
    )


def _block(one: Judged, looks: Sequence[str]) -> Block:
    write = one.aim.format
    rows = [_row(one.learnt[each], write.divisor) for each in looks]
    ends = ends_around(numbers_in(rows), 2 * least_shown(write), 0.06)
    scale = Scale(one.aim.unit, *ends, lambda value: _tick(value, write.prefix))
    return Block([signal_words(each) for each in looks], [Panel(rows, scale)], one.aim.title)


def _row(found: Learnt, divisor: float) -> Row:
    value = found.value
    return Row(
        [
            Mark(PRECISION, value.ci_low / divisor, value.ci_high / divisor),
            Mark(SEEMS, found.apparent / divisor),
            Mark(WORTH, value.mean / divisor),
        ]
    )


def _tick(value: float, prefix: str) -> str:
    if abs(value) < 1e-9:
        return "0"
    sign = "+" if value > 0 else "\N{MINUS SIGN}"
    return f"{sign}{prefix}{tick(abs(value))}"


def _notes(result: ReviewResult, shown: int) -> list[str]:
    settled = sum(one.settled for one in result.judged)
    notes = []
    if settled:
        notes.append(
            f"For {settled} of {len(result.judged)} aims the same option is best whatever is seen, "
            "so looking is worth nothing there."
        )
    if shown < len(result.judged) - settled:
        notes.append("The other aims are in the table.")
    note = " ".join([*notes, "Each panel has its own scale."])
    return [note, source_line(result.replications, [result.cells.scenario])]


def _title(result: ReviewResult) -> str:
    """Whether looking is clearly worth anything, and what."""
    worth = [
        (one, looks)
        for one in result.judged
        for looks, found in one.learnt.items()
        if found.value.ci_low > 0
    ]
    if not worth:
        return "Nothing the review sees is clearly worth waiting for"
    aims = {one.aim.name for one, _ in worth}
    seen = {looks for _, looks in worth}
    what = signal_words(next(iter(seen))) if len(seen) == 1 else f"{len(seen)} ways of looking"
    return (
        f"To look at {what} first is clearly worth something for {len(aims)} of "
        f"{len(result.judged)} aims"
    )


def _told(result: ReviewResult) -> str:
    said = []
    for one in result.judged:
        if one.settled:
            continue
        found, write = one.learnt[one.best_look], one.aim.format
        said.append(
            f"{one.aim.label}: most by looking at {signal_words(one.best_look)}, "
            f"{write.difference(found.value.mean)}, 95% interval "
            f"{write.short_difference(found.value.ci_low)} to "
            f"{write.difference(found.value.ci_high)}."
        )
    settled = sum(one.settled for one in result.judged)
    return (
        f"Dot plot of the worth of looking with its 95% interval, one row for each of "
        f"{len(result.judged[0].learnt)} things to look at. {' '.join(said)} For {settled} of "
        f"{len(result.judged)} aims the same option is best whatever is seen."
    )
