"""Quotation marks as a printer sets them; what is quoted from others stays as they wrote it."""

from __future__ import annotations

import re

from rsip_sim.report.quoted import Part, Said

OPENING, CLOSING = "\N{LEFT SINGLE QUOTATION MARK}", "\N{RIGHT SINGLE QUOTATION MARK}"
_OPENS = re.compile(r"(?:^|(?<=[\s(\[]))'")


def curled(said: Said) -> Said:
    """The same text, its straight quotation marks turned to ‘ and ’ in the words between quotes."""
    parts: list[Part] = []
    for place, part in enumerate(said.parts):
        if isinstance(part, str):
            words = part
            if place and words.startswith("'"):  # it closes what was quoted before it
                words = CLOSING + words[1:]
            part = _OPENS.sub(OPENING, words).replace("'", CLOSING)
        parts.append(part)
    return Said(*parts)
