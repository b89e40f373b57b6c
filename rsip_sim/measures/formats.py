"""How the number of a metric is written: levels, differences and ranges.

Every format works on numbers in the unit of the metric (per cent as 12.3, money in pounds).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

MINUS = "\N{MINUS SIGN}"
NOT_DEFINED = "not defined"


@dataclass(frozen=True)
class NumberFormat:
    """Rules for writing one kind of number.

    decimals             of a level
    difference_decimals  of a difference
    divisor              the number is divided by this before it is written
    prefix, suffix       around a level: ``£`` and ``m``, or ``%``
    difference_suffix    after a difference where it differs: `` points``
    trim                 whole numbers are written without decimals in sentences
    notice               the smallest difference that a councillor would notice, in the unit of
                         the metric
    """

    decimals: int
    difference_decimals: int
    divisor: float = 1.0
    prefix: str = ""
    suffix: str = ""
    difference_suffix: str | None = None
    trim: bool = False
    notice: float = 0.0

    def _size(self, value: float) -> float:
        return abs(value) / self.divisor

    def _digits(self, value: float, decimals: int) -> str:
        text = f"{self._size(value):,.{decimals}f}"
        if self.trim and decimals and text.endswith("." + "0" * decimals):
            return text[: -decimals - 1]
        return text

    def _is_zero(self, value: float, decimals: int) -> bool:
        return float(f"{self._size(value):.{decimals}f}") == 0.0

    def level(self, value: float) -> str:
        """A level with its unit: ``£1.2m``, ``12.3%``, ``12``."""
        if math.isnan(value):
            return NOT_DEFINED
        sign = MINUS if value < 0 and not self._is_zero(value, self.decimals) else ""
        return f"{sign}{self.prefix}{self._digits(value, self.decimals)}{self.suffix}"

    def magnitude(self, value: float) -> str:
        """Size of a difference without its sign: ``£1.2m``, ``0.4 points``, ``9``."""
        if math.isnan(value):
            return NOT_DEFINED
        suffix = self.suffix if self.difference_suffix is None else self.difference_suffix
        return f"{self.prefix}{self._digits(value, self.difference_decimals)}{suffix}"

    def magnitudes(self, low: float, high: float) -> str:
        """A range of sizes: ``2 to 9``, ``0.1 to 0.4 points``, ``£0.1m to £0.3m``."""
        first, last = self.magnitude(low), self.magnitude(high)
        if first == last:
            return last
        if self.difference_suffix:
            first = first.removesuffix(self.difference_suffix)
        return f"{first} to {last}"

    def difference(self, value: float) -> str:
        """A difference with sign and unit: ``+£1.2m``, ``−0.4 points``, ``0.0 points``."""
        return f"{self._sign(value)}{self.magnitude(value)}"

    def brief(self, value: float) -> str:
        """A level in three figures or so, without its unit, which the row of a table says."""
        return self._three_figures(value, "")

    def brief_difference(self, value: float) -> str:
        """A difference likewise, with its sign: ``+3.4``, ``−108``, ``0.0``."""
        return self._three_figures(value, "+")

    def brief_magnitude(self, value: float) -> str:
        """Size of a difference in three figures or so, with its unit: ``1.9 points``, ``£0.1m``."""
        suffix = self.suffix if self.difference_suffix is None else self.difference_suffix
        text = self._three_figures(abs(value), "")
        return f"{self.prefix}{text.removesuffix('.0') if self.trim else text}{suffix}"

    def brief_level(self, value: float) -> str:
        """A level in three figures or so, with its unit: ``25.5%``, ``£1.2m``."""
        return f"{self.prefix}{self._three_figures(value, '')}{self.suffix}"

    def _three_figures(self, value: float, plus: str) -> str:
        if math.isnan(value):
            return "–"
        size = abs(value) / self.divisor
        text = f"{size:,.0f}" if size >= 99.95 or not self.decimals else f"{size:.1f}"
        nothing = float(text.replace(",", "")) == 0.0
        return text if nothing else f"{MINUS if value < 0 else plus}{text}"

    def short_difference(self, value: float) -> str:
        """A difference with sign for a column whose heading carries the unit."""
        if math.isnan(value):
            return NOT_DEFINED
        scaled = f"{self._size(value):,.{self.difference_decimals}f}"
        money = self.suffix if self.prefix else ""
        return f"{self._sign(value)}{self.prefix}{scaled}{money}"

    def plain_difference(self, value: float) -> str:
        """The same without unit or currency, which the heading of a table says: ``+1.2``."""
        text = self.short_difference(value).replace(self.prefix, "")
        return text.removesuffix(self.suffix) if self.prefix else text

    def shows_zero(self, value: float) -> bool:
        """Whether a difference is written as zero."""
        return self._is_zero(value, self.difference_decimals)

    def _sign(self, value: float) -> str:
        if math.isnan(value) or self.shows_zero(value):
            return ""
        return MINUS if value < 0 else "+"


SCHOOLS = NumberFormat(1, 1, trim=True, notice=0.5)
PUPILS = NumberFormat(0, 0, notice=50)
DAYS = NumberFormat(1, 1, notice=0.5)
MONTHS = NumberFormat(1, 1, difference_suffix=" months", trim=True, notice=0.5)
PER_CENT = NumberFormat(1, 2, suffix="%", difference_suffix=" points", notice=0.3)
CHANCE = NumberFormat(1, 1, suffix="%", difference_suffix=" points", notice=1.0)
INDEX = NumberFormat(1, 1, difference_suffix=" points", notice=1.0)
"""For shares and indices from 0 to 100."""
MILLIONS = NumberFormat(2, 2, divisor=1e6, prefix="£", suffix="m", notice=5000.0)


def inside(label: str) -> str:
    """A label as it stands inside a sentence; ``DSG erosion`` keeps its capitals."""
    return label if label[1:2].isupper() else label[0].lower() + label[1:]
