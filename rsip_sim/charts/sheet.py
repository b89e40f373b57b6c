"""The page of a chart: title, subtitle, key, room for the axes, and notes, laid out in centimetres.

The layout is worked out from measured text, not searched for, so it is quick and always the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import Affine2D, Transform

from rsip_sim.charts import style
from rsip_sim.charts.fit import drawable, fitted_apart, width_cm, wrapped
from rsip_sim.charts.style import CM, LINE, NOTE_SIZE, SUBTITLE_SIZE, TEXT_SIZE, TITLE_SIZE

MARGIN = 0.35
KEY_SWATCH = 0.9
KEY_GAP = 0.5


def line_cm(size: float) -> float:
    """Height of one line of text in centimetres."""
    return size * LINE / 72 * 2.54


@dataclass(frozen=True)
class KeyEntry:
    """One entry of the key: how a mark looks, and what it means.

    kind    "line", "band", "area" (outlined fill) or "dot"
    width   of a line, or the size of a dot, in points
    marker  the shape of a dot
    caps    a line that is an interval ends in short strokes
    """

    label: str
    kind: str
    colour: str
    edge: str = ""
    dash: tuple[float, Sequence[float]] | None = None
    width: float = 1.8
    hatch: str | None = None
    marker: str = "o"
    caps: bool = False

    def named(self, label: str) -> KeyEntry:
        """The same mark with another meaning."""
        return replace(self, label=label)


class Sheet:
    """A figure 16 cm wide with its words placed; ``axes`` puts panels into the room left."""

    def __init__(
        self,
        title: str,
        subtitle: str,
        body_cm: float,
        notes: Sequence[str],
        key: Sequence[KeyEntry] = (),
    ) -> None:
        """Lay out the words around a body of the given height."""
        room = style.WIDTH_CM - 2 * MARGIN
        labels = fitted_apart([entry.label for entry in key], TEXT_SIZE, room - KEY_SWATCH - 0.15)
        key = [entry.named(label) for entry, (label,) in zip(key, labels, strict=True)]
        titles = wrapped(title, TITLE_SIZE, room, bold=True)
        subtitles = wrapped(subtitle, SUBTITLE_SIZE, room)
        feet = [line for note in notes for line in wrapped(note, NOTE_SIZE, room)]
        rows = _key_rows(key, room)
        head = (
            MARGIN
            + len(titles) * line_cm(TITLE_SIZE)
            + len(subtitles) * line_cm(SUBTITLE_SIZE)
            + len(rows) * 1.25 * line_cm(TEXT_SIZE)
            + 0.35
        )
        foot = 0.25 + len(feet) * line_cm(NOTE_SIZE) + MARGIN
        self.height_cm = head + body_cm + foot
        self.body_cm = body_cm
        self._bottom = foot
        self.figure = Figure(figsize=(style.WIDTH_CM * CM, self.height_cm * CM))
        top = self.height_cm - MARGIN - foot
        self.lines(MARGIN, top, titles, TITLE_SIZE, fontweight="bold", gid="title")
        top -= len(titles) * line_cm(TITLE_SIZE)
        self.lines(MARGIN, top, subtitles, SUBTITLE_SIZE, gid="subtitle")
        top -= len(subtitles) * line_cm(SUBTITLE_SIZE) + 0.1
        for row in rows:
            self._key_row(row, top)
            top -= 1.25 * line_cm(TEXT_SIZE)
        self.lines(MARGIN, -0.25, feet, NOTE_SIZE, gid="note")

    def axes(self, left: float, bottom: float, width: float, height: float, unit: str = "") -> Axes:
        """Axes at a place in centimetres, counted from the lower left corner of the body.

        unit  what the numbers on its scale are in, as the words around it say; "": it has none
        """
        return self.figure.add_axes(
            (
                left / style.WIDTH_CM,
                (self._bottom + bottom) / self.height_cm,
                width / style.WIDTH_CM,
                height / self.height_cm,
            ),
            label=unit,
        )

    def text(
        self, x: float, y: float, words: str, size: float = TEXT_SIZE, **settings: object
    ) -> None:
        """Words at a place in centimetres, counted from the lower left corner of the body."""
        if words:
            self.figure.text(
                x,
                self._bottom + y,
                drawable(words),
                fontsize=size,
                transform=self._cm,
                **settings,  # type: ignore[arg-type]
            )

    def stroke(self, x: Sequence[float], y: Sequence[float], **settings: object) -> None:
        """A line through places in centimetres, or a mark at one, where axes would be too much."""
        self.figure.add_artist(
            Line2D(x, [self._bottom + each for each in y], transform=self._cm, **settings)  # type: ignore[arg-type]
        )

    def lines(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        size: float = TEXT_SIZE,
        va: str = "top",
        **settings: object,
    ) -> None:
        """Lines below one another; y is the top, the center or the bottom of them all."""
        step, more = line_cm(size), len(lines) - 1
        first = y + {"top": 0.0, "center": more / 2, "bottom": more}[va] * step
        for i, line in enumerate(lines):
            self.text(x, first - i * step, line, size, va=va, **settings)

    @cached_property
    def _cm(self) -> Transform:
        return Affine2D().scale(CM) + self.figure.dpi_scale_trans

    def _key_row(self, row: Sequence[KeyEntry], top: float) -> None:
        left, middle = MARGIN, top - line_cm(TEXT_SIZE) / 2
        for entry in row:
            self._swatch(entry, left, middle)
            self.text(left + KEY_SWATCH + 0.15, middle, entry.label, va="center_baseline",
                      gid="key")  # fmt: skip
            left += _key_width(entry)

    def _swatch(self, entry: KeyEntry, left: float, middle: float) -> None:
        if entry.kind in ("band", "area"):
            self.figure.add_artist(Rectangle(
                (left, self._bottom + middle - 0.13), KEY_SWATCH, 0.26, facecolor=entry.colour,
                edgecolor=entry.edge or style.WHITE, hatch=entry.hatch, linewidth=0.8,
                transform=self._cm,
            ))  # fmt: skip
            return
        dot = entry.kind == "dot"
        places = [left + KEY_SWATCH / 2] if dot else [left, left + KEY_SWATCH]
        self.stroke(
            places, [middle] * len(places), color=entry.colour, linestyle=entry.dash or "-",
            linewidth=entry.width, marker=entry.marker if dot else "", markersize=entry.width,
            markeredgecolor=entry.edge or entry.colour,
        )  # fmt: skip


def _key_width(entry: KeyEntry) -> float:
    return KEY_SWATCH + 0.15 + width_cm(entry.label, TEXT_SIZE) + KEY_GAP


def _key_rows(key: Sequence[KeyEntry], room: float) -> list[list[KeyEntry]]:
    rows: list[list[KeyEntry]] = []
    used = 0.0
    for entry in key:
        width = _key_width(entry)
        if rows and used + width - KEY_GAP <= room:
            rows[-1].append(entry)
            used += width
        else:
            rows.append([entry])
            used = width
    return rows
