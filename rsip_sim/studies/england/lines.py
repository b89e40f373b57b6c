"""Lines of tables: a row an option, region or kind, a column a measure or line of the price."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

from rsip_sim.measures.statistics import Estimate
from rsip_sim.report.blocks import Column, Row
from rsip_sim.scenario import Scenario
from rsip_sim.studies.england.places import Group
from rsip_sim.studies.england.rates import Rate
from rsip_sim.studies.england.work import EnglandFound

MOST_MEASURES = 5
_FIRST, _WIDTH = 27, 8
_WIDTHS = {"erosion": 10, "cohesion": 9, "conversions": 10}
_HEADS = {
    "erosion": "DSG\nerosion %", "cohesion": "cohesion\nof 100", "conversions": "new\nacademies",
    "members": "schools\nin it", "unmet_days": "days\nmissed", "price_schools": "schools\npay",
    "price_council": "council\npays", "service": "service\nlost",
}  # fmt: skip
_ROOM = 45  # for all measures together
_MOST_LINES = 3

_GENERIC = (
    "The schools are generic: an authority has its own number of schools and academies by phase, "
    "all else in national proportions. Compare kinds; quote no figure or rank as an authority's."
)
_REGISTER = (
    "Schools are the register's; money is the scenarios' by pupils; councils, Forums and "
    "governors are alike everywhere. Compare kinds; quote no rank as an authority's own."
)


def reading_of(found: EnglandFound) -> str:
    """What may be said of authorities and what not."""
    return _GENERIC if found.asked.generic else _REGISTER


def columns_of(rates: Sequence[Rate], first: str) -> tuple[Column, ...]:
    """One column a rate below what it is a rate of, after that of the names."""
    room = _ROOM // max(sum(not rate.is_price for rate in rates), 1)
    numbers = [_column(rate, min(room, 2 * _WIDTH)) for rate in rates]
    return (Column(first, _FIRST, words=True, hang=1), *numbers)


def _column(rate: Rate, room: int) -> Column:
    over = "of 100 schools" if rate.per == "schools" else rate.unit if rate.per else ""
    if rate.name in _HEADS:
        return Column(_HEADS[rate.name], _WIDTHS.get(rate.name, _WIDTH), over=over)
    head = textwrap.wrap(rate.metric.label, room - 1, max_lines=_MOST_LINES, placeholder="…")
    return Column("\n".join(head), room, over=over)


def told_rates(found: EnglandFound) -> list[Rate]:
    """The measures that have room, those of one kind together, and the price."""
    order = ("", "schools", "pupils")
    measures = sorted(found.measures[:MOST_MEASURES], key=lambda rate: order.index(rate.per))
    return [*measures, *(rate for rate in found.rates if rate.is_price)]


def level_row(found: EnglandFound, rates: Sequence[Rate], label: str) -> Row:
    """The baseline's level, all together."""
    return (
        label,
        *(
            "–" if rate.lost
            else rate.written(found.level(found.baseline, rate, found.england), change=False)
            for rate in rates
        ),
    )  # fmt: skip


def change_row(
    found: EnglandFound, option: Scenario, rates: Sequence[Rate], group: Group, label: str
) -> Row:
    """The change under an option in a group."""
    return (label, *(change_cell(found, rate, found.change(option, rate, group)) for rate in rates))


def change_cell(found: EnglandFound, rate: Rate, change: Estimate) -> str:
    """A change in three figures or so, in brackets where it is not told."""
    if math.isnan(change.mean):
        return "–"
    text = rate.written(change.mean)
    return text if found.told(rate, change) else f"({text})"
