"""A finished chart, and what stands around its picture: title, place, source, key, words, data."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from rsip_sim.charts.sheet import KeyEntry, Sheet
from rsip_sim.charts.style import FONT, PNG_DPI, SVG_FONT, chart_style
from rsip_sim.evidence.months import month_text
from rsip_sim.measures.csv_files import table_bytes
from rsip_sim.report.quoted import Cell, Quote, say
from rsip_sim.scenario import Scenario
from rsip_sim.version import __version__

SOFTWARE = "rsip_sim"
_SVG_TITLE = re.compile(r"^ <title>.*?</title>\n", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Chart:
    """One chart with its text alternative and its data.

    name    file name without ending
    title   the message, in words
    figure  matplotlib figure, 16 cm wide
    data    the numbers plotted, one row a mark
    alt     what a reader who cannot see the chart needs to know
    keys    the columns of data that together name a row; () where none is quoted from
    """

    name: str
    title: str
    figure: Figure
    data: pd.DataFrame
    alt: str
    keys: tuple[str, ...] = ()

    def files(self, provenance: Mapping[str, str] | None = None) -> dict[str, bytes]:
        """SVG, PNG, CSV and the text alternative, by file name; the same chart, the same bytes.

        provenance  what the chart was made from, kept in the pictures beside title and alternative
        """
        contents = {
            ".svg": self.svg(provenance).encode(),
            ".png": self.png(provenance),
            ".csv": table_bytes(self.data),
            ".alt.txt": f"{self.alt}\n".encode(),
        }
        return {f"{self.name}{end}": data for end, data in contents.items()}

    def png(self, provenance: Mapping[str, str] | None = None) -> bytes:
        """The chart as a picture, 200 dots an inch, without transparency."""
        with chart_style():
            canvas = FigureCanvasAgg(self.figure)
            size, self.figure.dpi = self.figure.dpi, PNG_DPI
            try:
                canvas.draw()  # type: ignore[no-untyped-call]
                pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
            finally:
                self.figure.dpi = size
        picture = Image.fromarray(pixels[..., :3])
        words = PngInfo()
        for name, text in (
            ("Software", SOFTWARE),
            ("Title", self.title),
            ("Description", self.alt),
            *(provenance or {}).items(),
        ):
            words.add_itxt(name, text)
        buffer = io.BytesIO()
        picture.save(buffer, "png", pnginfo=words, dpi=(PNG_DPI, PNG_DPI), compress_level=3)
        return buffer.getvalue()

    def _repr_html_(self) -> str:
        """The picture with its alternative in words, for a notebook."""
        data = base64.b64encode(self.png()).decode()
        width = f"{self.figure.get_figwidth():g}in"
        return (
            f'<img src="data:image/png;base64,{data}" style="width: {width}" '
            f"alt={quoteattr(self.alt)}>"
        )

    def svg(self, provenance: Mapping[str, str] | None = None) -> str:
        """The chart as a drawing whose text stays text, with its alternative as description."""
        buffer = io.BytesIO()
        with chart_style():
            self.figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": SOFTWARE})
        drawn = _SVG_TITLE.sub("", buffer.getvalue().decode()).replace(f"'{FONT}'", SVG_FONT)
        told = f"\n <title>{escape(self.title)}</title>\n <desc>{escape(self.alt)}</desc>"
        if provenance:
            made = "\n".join(f"{name}: {text}" for name, text in provenance.items())
            told += f'\n <metadata id="provenance">{escape(made)}</metadata>'
        before, opening, rest = drawn.partition("<svg ")
        tag, _, picture = rest.partition(">")
        named = f' role="img" aria-label={quoteattr(self.title)}>'
        return before + opening + tag + named + told + picture


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

    def draw(self, sheet: Sheet) -> None:
        """Draw it into the body of a sheet."""


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


def provenance(run: str, replications: int, scenarios: Sequence[Scenario]) -> dict[str, str]:
    """What every picture says of where it comes from; run: the digest of what was run."""
    return {
        "Programme": f"rsip_sim {__version__}",
        "Run": run,
        "Futures": str(replications),
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
