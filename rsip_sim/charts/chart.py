"""A finished chart: figure, the numbers plotted, and its alternative in words."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from rsip_sim.charts.style import FONT, PNG_DPI, SVG_FONT, chart_style
from rsip_sim.measures.csv_files import table_bytes

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
        drawn = buffer.getvalue().decode()
        drawn = _SVG_TITLE.sub("", drawn)
        drawn = drawn.replace(f"'{FONT}'", SVG_FONT.replace('"', "'"))
        opening = re.search(r"<svg [^>]*>", drawn)
        if opening is None:  # pragma: no cover - matplotlib always writes one
            raise ValueError("matplotlib wrote a drawing without an svg element")
        tag = opening.group()[:-1] + f' role="img" aria-label={quoteattr(self.title)}>'
        told = f"\n <title>{escape(self.title)}</title>\n <desc>{escape(self.alt)}</desc>"
        if provenance:
            made = "\n".join(f"{name}: {text}" for name, text in provenance.items())
            told += f'\n <metadata id="provenance">{escape(made)}</metadata>'
        return drawn[: opening.start()] + tag + told + drawn[opening.end() :]
