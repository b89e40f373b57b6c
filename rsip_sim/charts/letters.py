"""Characters that the font of the charts lacks, and what is drawn for them instead of a box."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from matplotlib.font_manager import FontProperties, findfont, get_font

from rsip_sim.charts.style import FONT

_FLAG = "REGIONAL INDICATOR SYMBOL LETTER "


def drawable(text: str) -> str:
    """The text with a stand-in for every character that the font lacks: ``[school]``."""
    return text if text.isascii() else "".join(map(_drawn, text))


def stand_ins(text: str) -> dict[str, str]:
    """What is drawn instead, by character that the font lacks; {} where it has them all."""
    if text.isascii():
        return {}
    return {each: drawn for each in text if (drawn := _drawn(each)) not in (each, "")}


@lru_cache(maxsize=4096)
def _drawn(character: str) -> str:
    """What is drawn for a character: itself, its plain form, its name where it is a sign, or its
    code; nothing for what only changes the character before it."""
    if character in "\u200c\u200d\ufe0e\ufe0f":
        return ""
    if _has(character):
        return character
    if unicodedata.category(character) in ("Mn", "Me", "Sk"):
        return ""
    plain = unicodedata.normalize("NFKC", character)
    base = unicodedata.normalize("NFKD", character)[0]
    for form in (plain, base):
        if all(map(_has, form)):
            return form
    name = unicodedata.name(character, "")
    if name.startswith(_FLAG):
        return name.removeprefix(_FLAG)
    if unicodedata.category(character).startswith("S") and name:
        return f"[{name.lower()}]"
    return f"[U+{ord(character):04X}]"


@lru_cache(maxsize=4096)
def _has(character: str) -> bool:
    weights = ("normal", "bold")
    fonts = (get_font(findfont(FontProperties(family=FONT, weight=each))) for each in weights)
    return all(font.get_char_index(ord(character)) for font in fonts)
