"""What stands around a picture, put together once: title, place, source, key, words and data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from rsip_sim.charts.chart import Chart
from rsip_sim.charts.sheet import KeyEntry, Sheet
from rsip_sim.charts.style import chart_style
from rsip_sim.evidence.months import month_text
from rsip_sim.report.quoted import Cell, Quote, say
from rsip_sim.scenario import Scenario
from rsip_sim.version import __version__

SPREAD_NOTE = (
    "Range drawn: 90% of futures, from the 5th to the 95th percentile. It is the spread of "
    "outcomes, not the precision of an average."
)
IN_TABLE = "The numbers are in the table beside this chart."
IN_CELLS = "The numbers are in the cells."


class Body(Protocol):
    """The picture itself, of a height that is known before it is drawn."""

    @property
    def height_cm(self) -> float:
        """Height in centimetres."""

    @property
    def draw(self) -> Callable[[Sheet], None]:
        """Draws it into the body of a sheet."""


@dataclass(frozen=True)
class Drawing:
    """A picture of its own kind: its height, and what draws it."""

    height_cm: float
    draw: Callable[[Sheet], None]


def framed(
    name: str,
    title: str,
    body: Body,
    *,
    subtitle: str,
    notes: Sequence[str],
    told: str,
    data: pd.DataFrame,
    key: Sequence[KeyEntry] = (),
    keys: Sequence[str] = (),
    numbers: str = IN_TABLE,
) -> Chart:
    """The chart of a picture, with its words and its data.

    name      file name without ending;  title: the message
    subtitle  measure, unit, place and period
    notes     paragraphs below the picture, the source last
    told      what the picture shows, in whole sentences; follows the title in the alternative
    data      the numbers plotted;  keys: its columns that together name a row
    numbers   the last sentence of the alternative: where the numbers are
    """
    with chart_style():
        sheet = Sheet(title, subtitle, body.height_cm, notes, key)
        body.draw(sheet)
    alternative = say("{title}. {told}", title=title, told=told)
    if numbers:
        alternative = say("{told} {numbers}", told=alternative, numbers=numbers)
    return Chart(name, title, sheet.figure, data, alternative, tuple(keys))


def source_line(
    replications: int, scenarios: Sequence[Scenario], climates: Sequence[str] = ()
) -> str:
    """What the numbers are: so many futures, and the climate they stand on.

    climates  where they are not the scenarios' own
    """
    own = sorted({scenario.policy.levers.climate.conversion for scenario in scenarios})
    futures = "future" if replications == 1 else "futures"
    return (
        f"Source: simulation with rsip_sim, {replications:,} {futures}; national climate: "
        f"{', '.join(climates or own)}. Cash, not real terms; pupil rolls as in the roster "
        "throughout."
    )


class Record(Protocol):
    """What a picture says of the run it was drawn from."""

    @property
    def digest(self) -> str:
        """Sha256 of what the run is."""

    @property
    def replications(self) -> int:
        """Simulated futures."""


def provenance(results: Record, scenarios: Sequence[Scenario]) -> dict[str, str]:
    """What every picture says of where it comes from."""
    return {
        "Programme": f"rsip_sim {__version__}",
        "Run": results.digest,
        "Futures": str(results.replications),
        "Scenarios": ", ".join(scenario.name for scenario in scenarios),
    }


def quoted(text: str, chart: str, key: Sequence[str], column: str, unit: float = 1.0) -> Quote:
    """A figure quoted from the table of a chart; key: the values that name its row.

    unit  what the text counts in: 1e6 where pounds are quoted in millions
    """
    return Quote(text, Cell(table_name(chart), tuple(key), column, unit))


def table_name(chart: str) -> str:
    """The name of the table of a chart among those that are quoted from."""
    return f"charts/{chart}"


def month_labels(scenario: Scenario) -> list[str]:
    """Every month simulated as in a scenario file: ``2011-04`` …"""
    policy = scenario.policy
    return [month_text(policy.start + month) for month in range(policy.horizon_months)]
