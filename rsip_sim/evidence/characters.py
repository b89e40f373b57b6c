"""Characters that no title, name or cell may hold, since no page, chart or screen can show them.

One rule for scenario files, rosters and names of files: control characters, halves of surrogate
pairs, the code points that XML 1.0 forbids (section 2.2) and characters that are there without
being seen (zero-width spaces, marks of direction).
"""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"[^\S\x0b\x0c\x1c-\x1f\x85]+")  # what separates words, without controls
_INVISIBLE = ("Cc", "Cs", "Cf", "Zl", "Zp")
_SHOWN = {0x00A0: "a non-breaking space", 0x2013: "a dash"}
_JOINERS = "\u200c\u200d"  # parts of some scripts and of composed emoji


def tidy(text: str) -> str:
    """The text without white space around it, and with single spaces in it."""
    return _SPACE.sub(" ", text).strip(" ")


def unfit(text: str, allowed: str = "") -> str:
    """Words for the first character that cannot be shown, or '' where all can.

    allowed  control characters that may stand here, such as a line break
    """
    for character in text:
        if character in allowed or not is_unfit(character):
            continue
        return f"holds {name_of(character)}"
    return ""


def is_unfit(character: str) -> bool:
    """Whether a character is one of those that no page, chart or screen can show."""
    if character in _JOINERS:
        return False
    code = ord(character)
    return (
        unicodedata.category(character) in _INVISIBLE
        or code & 0xFFFE == 0xFFFE
        or (0xFDD0 <= code <= 0xFDEF)
    )


def name_of(character: str) -> str:
    """A character in words: ``a zero width space (U+200B)``."""
    code = f"(U+{ord(character):04X})"
    name = _SHOWN.get(ord(character)) or unicodedata.name(character, "").lower()
    if not name:
        return f"a character that cannot be printed {code}"
    article = "" if name.startswith(("a ", "an ")) else "an " if name[0] in "aeiou" else "a "
    return f"{article}{name} {code}"


def printable(text: str) -> str:
    """The text with what cannot be shown written as its escape: ``\\x1b``, ``\\udce9``."""
    return "".join(
        character if character.isprintable() or character in "\n\t" else _escape(character)
        for character in text
    )


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def look_alike(text: str) -> str:
    """The first character of a text that only looks as if it belonged, in words, or ''.

    A space that does not break, a curly quotation mark, a minus sign, a Cyrillic letter: what a
    word processor or a copied page puts into a file whose words and numbers are plain.
    """
    return next((name_of(character) for character in text if _is_look_alike(character)), "")


def _is_look_alike(character: str) -> bool:
    if character.isascii():
        return False
    kind, name = unicodedata.category(character), unicodedata.name(character, "")
    if kind.startswith("L"):
        return name.startswith(("CYRILLIC", "GREEK", "FULLWIDTH"))
    return character == "\u2212" or not kind.startswith(("S", "M"))
