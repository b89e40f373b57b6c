"""England, its regions and kinds of authority in rows: what each gains, in the measures told."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rsip_sim.charts import style
from rsip_sim.charts.frame import Chart, framed, source_line
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows, numbers_in
from rsip_sim.charts.scales import Scale, ends_around, least_shown
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.report.words import listed, months_in_words
from rsip_sim.studies.england.places import ENGLAND, REGION, Group, Rate
from rsip_sim.studies.england.work import EnglandFound, groups_table

NAME = "england_groups"
CLEAR = KeyEntry("clear, and large enough to notice", "dot", style.DARK_BLUE, width=5)
NOT_CLEAR = KeyEntry("not", "dot", style.WHITE, style.DARK_BLUE, width=5)
PRECISION = KeyEntry("95% interval of the mean", "line", style.MID_BLUE, width=2.5)
_HEADS = {ENGLAND: "", REGION: "Regions, that with most gain first"}


def england_groups(found: EnglandFound) -> Chart:
    """A panel a measure; rows are England, the regions by gain, and thirds by each kind."""
    option, lead = found.shown
    rates = _drawn(found)
    kinds = list(dict.fromkeys(group.kind for group in found.groups))
    when = months_in_words(found.baseline, lead.moment.first, lead.moment.last)
    blocks = [_block(found, kind, rates) for kind in kinds]
    units = listed([f"{rate.metric.noun} ({_scale_unit(rate)})" for rate in rates])
    return framed(
        NAME,
        _title(found),
        Rows(blocks, labels_cm=4.4, numbers_cm=1.2, gap_cm=0.6, row_cm=0.44),
        subtitle=f"Change under '{option.title}' from '{found.baseline.title}', average, {when}: "
        f"{units}",
        notes=[
            "Rows of one kind hold every authority once: all their schools and pupils together. "
            + generic_words(found),
            source_line(found.asked.replications, found.asked.scenarios),
        ],
        key=[CLEAR, NOT_CLEAR, PRECISION],
        told=" ".join(_told(found, kind, rates) for kind in kinds),
        data=groups_table(found, [(option, rate) for rate in rates]),
    )


def generic_words(found: EnglandFound) -> str:
    """What a picture says of its authorities."""
    if found.asked.generic:
        return "Schools are generic: compare kinds, and quote nothing as an authority's own."
    return "Councils and governors are alike everywhere: quote nothing as an authority's own."


def _drawn(found: EnglandFound) -> list[Rate]:
    """The lead, and the line of the price that changes most in England."""
    option, lead = found.shown

    def size(rate: Rate) -> float:
        return abs(found.change(option, rate, found.england).mean)

    return [lead, max((rate for rate in found.rates if rate.is_price), key=size)]


def _groups(found: EnglandFound, kind: str) -> Sequence[Group]:
    """The groups of a kind; regions by what they gain."""
    return found.ranked(kind) if kind == REGION else found.of_kind(kind)


def _block(found: EnglandFound, kind: str, rates: Sequence[Rate]) -> Block:
    groups = _groups(found, kind)
    panels = []
    for rate in rates:
        rows = [_row(found, rate, group) for group in groups]
        every = [_row(found, rate, group) for group in found.groups]
        low, high = ends_around(numbers_in(every), least_shown(rate.metric.format))
        scale = Scale(_scale_unit(rate), low, high, most=3)
        panels.append(Panel(rows, scale, head=rate.metric.label if kind == ENGLAND else ""))
    return Block(
        [group.label for group in groups], panels, _HEADS.get(kind, f"By {kind}"),
        strong=[0] if kind == ENGLAND else (),
    )  # fmt: skip


def _scale_unit(rate: Rate) -> str:
    return "percentage points" if rate.metric.format.suffix == "%" else rate.unit


def _row(found: EnglandFound, rate: Rate, group: Group) -> Row:
    change = found.change(found.shown[0], rate, group)
    if math.isnan(change.mean):
        return Row(instead="not defined")
    look = CLEAR if found.told(rate, change) else NOT_CLEAR
    marks = [Mark(PRECISION, change.ci_low, change.ci_high), Mark(look, change.mean)]
    return Row(marks, rate.written(change.mean))


def _title(found: EnglandFound) -> str:
    option, rate = found.shown
    if found.lead is None:
        return f"No policy changes anything in {found.england.name} that anyone would notice"
    regions = _groups(found, REGION)
    change = found.change(option, rate, found.england)
    size = f"{rate.metric.label}: {rate.written(change.mean)} {rate.unit} in {found.england.name}"
    if len(regions) < 2:
        return size
    first, last = (found.change(option, rate, each).mean for each in (regions[0], regions[-1]))
    return (
        f"{size}, from {rate.written(last)} in {regions[-1].name} to {rate.written(first)} "
        f"in {regions[0].name}"
    )


def _told(found: EnglandFound, kind: str, rates: Sequence[Rate]) -> str:
    cells = [
        f"{group.label} "
        + listed([
            rate.written(found.change(found.shown[0], rate, group).mean)
            for rate in rates
        ])
        for group in _groups(found, kind)
    ]  # fmt: skip
    what = f"{listed([rate.metric.noun for rate in rates])}: {'; '.join(cells)}."
    return f"Change of {what}" if kind == ENGLAND else f"By {kind}, {what}"
