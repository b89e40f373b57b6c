"""One fault in a file a person wrote: where it is, what is wrong and what to write instead.

And the characters that no title, name or cell may hold, since no page, chart or screen can show
them: control characters, halves of surrogate pairs, the code points that XML 1.0 forbids (section
2.2) and characters that are there without being seen (zero-width spaces, marks of direction).
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

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
    found = next((one for one in text if one not in allowed and is_unfit(one)), "")
    return found and f"holds {name_of(found)}"


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
        one if one.isprintable() or one in "\n\t" else one.encode("unicode_escape").decode()
        for one in text
    )


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


@dataclass(frozen=True)
class Fault:
    """A fault at a place in a file; lines and columns count from 1, and 0 means not known.

    file        the file as the reader named it, or '' where the fault is in no file
    field       the column or key at fault, or '' for the file as a whole
    message     what is wrong
    allowed     what may stand there, or ''
    suggestion  the nearest legal text, or ''
    """

    file: str
    line: int
    column: int
    field: str
    message: str
    allowed: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        """``file:line:column: field: what is wrong; what is allowed; did you mean 'x'?``."""
        place = [self.file] if self.file else []
        if self.line:
            place.append(str(self.line))
            if self.column:
                place.append(str(self.column))
        parts = [self.message]
        if self.allowed:
            parts.append(self.allowed)
        if self.suggestion:
            parts.append(f"did you mean '{self.suggestion}'?")
        field = f"{self.field}: " if self.field else ""
        where = f"{':'.join(place)}: " if place else ""
        return printable(f"{where}{field}{'; '.join(parts)}")


def nearest(text: str, names: Iterable[str]) -> str:
    """The name most like the text, or '' when none is near; upper and lower case count alike.

    Where none is like the whole of it, the shortest that begins with its three letters or more:
    ``two`` for two_year.
    """
    by_folded = {name.casefold(): name for name in names}
    folded = text.casefold()
    found = difflib.get_close_matches(folded, list(by_folded), n=1, cutoff=0.6)
    if not found and len(folded) > 2:
        found = sorted((name for name in by_folded if name.startswith(folded)), key=len)
    return by_folded[found[0]] if found else ""


def did_you_mean(text: str, names: Iterable[str]) -> str:
    """``; did you mean 'two_year'?``, to end a message with, or '' where no name is near."""
    near = nearest(text, names)
    return f"; did you mean '{near}'?" if near else ""


class FaultyError(ValueError):
    """A file that cannot be used; `faults` holds every fault found in it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults; the message is one line a fault."""
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
