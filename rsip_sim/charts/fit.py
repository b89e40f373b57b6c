"""Text that fits its place on a chart: drawable, measured, wrapped, and kept apart."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections.abc import Iterator, Sequence
from functools import lru_cache

from matplotlib.backends.backend_agg import RendererAgg
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


_SEAM = re.compile(r"(?<=[-/._])(?=.)|(?<=[a-z])(?=[A-Z])")
_WORD_END = re.compile(r"[\s/._-]+|(?<=[a-z])(?=[A-Z])")
_BACK = 12  # letters of a word shown before the one in which two texts differ


@lru_cache
def _renderer(dots: int) -> RendererAgg:
    return RendererAgg(8, 8, dots)  # type: ignore[no-untyped-call]


@lru_cache(maxsize=4096)
def width_cm(text: str, size: float, bold: bool = False) -> float:
    """Width of one line of text in centimetres."""
    font = FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")
    dots = 100 if bold else 72  # an inch: where hinting makes letters widest, of 72 to 720
    width, _, _ = _renderer(dots).get_text_width_height_descent(  # type: ignore[no-untyped-call]
        text, font, False
    )
    return float(width) / dots * 2.54


def wrapped(text: str, size: float, width: float, bold: bool = False) -> list[str]:
    """The text in lines no wider than so many centimetres, as charts draw it.

    A word that is too long is broken after - / . _ or before a capital, else where the line ends.
    """
    lines: list[str] = []
    for word in drawable(text).split():
        for place, part in enumerate(_parts(word, size, width, bold)):
            longer = f"{lines[-1]} {part}" if lines else part
            if lines and not place and width_cm(longer, size, bold) <= width:
                lines[-1] = longer
            else:
                lines.append(part)
    return lines or [""]


def _parts(word: str, size: float, width: float, bold: bool) -> Iterator[str]:
    """A word in parts no wider than so many centimetres."""
    while width_cm(word, size, bold) > width:
        lengths = range(1, len(word))
        most = max(bisect(lengths, width, key=lambda n: width_cm(word[:n], size, bold)), 1)
        seams = [seam.start() for seam in _SEAM.finditer(word, 0, most + 1)]
        end = next((seam for seam in reversed(seams) if most / 3 <= seam <= most), most)
        yield word[:end]
        word = word[end:]
        if not word:
            return
    yield word


def fitted(text: str, size: float, width: float, most: int = 1, bold: bool = False) -> list[str]:
    """The text in at most so many lines; what does not fit gives way to an ellipsis."""
    lines = wrapped(text, size, width, bold)
    if len(lines) <= most:
        return lines
    words = lines[most - 1].split()
    while len(words) > 1 and width_cm(f"{' '.join(words)} …", size, bold) > width:
        words.pop()
    last = " ".join([*words, "…"])
    while len(last) > 1 and width_cm(last, size, bold) > width:
        last = f"{last[:-3]}…" if last.endswith(" …") else f"{last[:-2]}…"
    return [*lines[: most - 1], last]


def fitted_apart(
    texts: Sequence[str], size: float, width: float, most: int = 1, bold: bool = False
) -> list[list[str]]:
    """Each text in at most so many lines; texts that differ are never shown alike.

    Those that would be are cut before the word in which they differ, else numbered.
    """

    def at_the_end(text: str, group: Sequence[str]) -> list[str]:
        return fitted(text, size, width, most, bold)

    def where_they_differ(text: str, group: Sequence[str]) -> list[str]:
        places = enumerate(zip(*group, strict=False))
        same = min(map(len, group))
        differ = next((place for place, letters in places if len({*letters}) > 1), same)
        words = [each.end() for each in _WORD_END.finditer(text, 0, differ)]
        start = next((each for each in reversed(words) if differ - each <= _BACK), differ)
        rest, before = text[start:].strip(), text[:start].split()
        for kept in range(len(before), 0, -1):
            lines = wrapped(f"{' '.join(before[:kept])} … {rest}", size, width, bold)
            if len(lines) <= most:
                return lines
        return fitted(f"…{rest}", size, width, most, bold)

    def numbered(text: str, group: Sequence[str]) -> list[str]:
        return fitted(f"{group.index(text) + 1}. {text}", size, width, most, bold)

    shown: dict[str, list[str]] = {}
    for cut in (at_the_end, where_they_differ, numbered):
        alike: dict[tuple[str, ...], list[str]] = {}
        for text in dict.fromkeys(texts):
            alike.setdefault(tuple(shown.get(text, ())), []).append(text)
        for group in alike.values():
            if len(group) > 1 or not shown:
                shown |= {text: cut(text, group) for text in group}
    return [shown[text] for text in texts]


def spread_apart(wanted: Sequence[float], gap: float, lowest: float, highest: float) -> list[float]:
    """Places for labels as near as possible to those wanted, at least ``gap`` apart.

    Labels that would overlap are pushed apart around their common middle and kept between
    ``lowest`` and ``highest``; the order of the wanted places is kept. Where there is no room for
    the gap the labels share the room evenly.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    if len(order) > 1:
        gap = min(gap, (highest - lowest) / (len(order) - 1))
    groups: list[list[float]] = []  # [sum of wanted bottoms, members]
    for position, i in enumerate(order):
        groups.append([wanted[i] - position * gap, 1.0])
        while len(groups) > 1 and groups[-2][0] / groups[-2][1] > groups[-1][0] / groups[-1][1]:
            total, members = groups.pop()
            groups[-1][0] += total
            groups[-1][1] += members
    bottoms = [total / members for total, members in groups for _ in range(int(members))]
    top = highest - (len(order) - 1) * gap
    places = [0.0] * len(order)
    for position, i in enumerate(order):
        places[i] = min(max(bottoms[position], lowest), top) + position * gap
    return places
