"""From the bytes of one YAML file to plain values, with the place of every key and value.

Only the plain part of YAML 1.2 is read: mappings, lists and scalars. Anchors, aliases, tags,
directives, several documents and deep nesting are faults, since no scenario needs them and each
can make a file mean something its reader does not see.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from rsip_sim.evidence.faults import Fault, is_unfit, unfit
from rsip_sim.evidence.tables import read_bytes, text_of
from rsip_sim.scenario.file_names import is_stored
from rsip_sim.scenario.syntax import escape_fault, reader_fault, syntax_fault

LARGEST_FILE = 256 * 1024
LARGEST_STORED = 64 * LARGEST_FILE  # in full, with its parents: for what a run wrote itself
WHY = "why"  # of a lever's value, in the planner's words
_FREE_TEXT = ("title", "short", "description", "author")
DEEPEST = 20
_AS_UTF_8 = "save it as UTF-8"
KeyPath = tuple[str | int, ...]

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_WHOLE = re.compile(rf"[-+]?{_DIGITS}")
_DECIMAL = re.compile(rf"[-+]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_LONGEST_WHOLE = 300  # digits; beyond, the number is read as a float, which overflows to infinity


@dataclass(frozen=True)
class FileKind:
    """What a file is called in messages, and what to do where it is empty or shares values."""

    name: str
    least: str
    sharing: str


SCENARIO = FileKind(
    "scenario",
    "write at least title: and extends: rsip:base",
    "write the value out, or share it through a parent file with extends:",
)


@dataclass(frozen=True)
class Place:
    """Where a key or value stands; text is the scalar as written, None for mappings and lists."""

    file: str
    line: int
    column: int
    text: str | None = None
    quoted: bool = False


@dataclass
class Document:
    """The values of one file, or of a file and its parents, with the places they came from.

    complete  False where part of the content could not be read, so that what seems to be
              missing may only be unread
    """

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[KeyPath, Place] = field(default_factory=dict)
    keys: dict[KeyPath, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    complete: bool = True

    def place(self, path: KeyPath, at_key: bool = False) -> Place | None:
        """Place of the value (or the key) at a path, or of the nearest thing around it."""
        for length in range(len(path), 0, -1):
            first, second = (self.keys, self.places) if at_key else (self.places, self.keys)
            found = first.get(path[:length]) or second.get(path[:length])
            if found:
                return found
            at_key = True
        return self.places.get(())


def dotted(path: KeyPath) -> str:
    """The path as a planner writes it, `funding.earmark_gbp_per_year`; list positions left out."""
    return ".".join(visible(part) for part in path if isinstance(part, str))


def is_free_text(path: KeyPath) -> bool:
    """Whether a value there is whatever its writer likes to say."""
    return bool(path) and (path[-1] in _FREE_TEXT or path[0] == WHY)


def visible(text: str, longest: int = 60) -> str:
    """The text on one line, without what cannot be printed, shortened: fit for a message."""
    printable = "".join(one if one.isprintable() else " " for one in text)
    return printable if len(printable) <= longest else f"{printable[: longest - 1]}…"


class _Stop(Exception):
    """The rest of the file cannot be read; the fault is already noted."""


def read_document(source: Path | bytes, shown: str, kind: FileKind = SCENARIO) -> Document:
    """Read one file, or its bytes; `shown` is its name in faults. Raises for nothing in it."""
    document = Document(places={(): Place(shown, 1, 1)})
    if isinstance(source, bytes):
        data = source
    else:
        most = LARGEST_STORED if is_stored(source) else LARGEST_FILE
        data, document.faults = read_bytes(source, shown, kind.name, most)
    halves = data[:1000:2], data[1:1000:2]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        document.faults.append(Fault(shown, 0, 0, "", "is saved as UTF-16", _AS_UTF_8))
    elif any(half.count(0) > len(half) // 2 for half in halves if half):
        message = "is saved as UTF-16, without a mark that says so"
        document.faults.append(Fault(shown, 0, 0, "", message, _AS_UTF_8))
    elif not document.faults:
        text, document.faults = text_of(data, shown, "save the file as UTF-8")
        _Reader(text, shown, document, kind).read()
    document.complete = not document.faults
    return document


class _Reader:
    """Walks the events of one file and fills its document."""

    def __init__(self, text: str, shown: str, document: Document, kind: FileKind) -> None:
        self.text = text
        self.shown = shown
        self.document = document
        self.kind = kind
        self.events: Iterator[Event] = iter(())

    def read(self) -> None:
        parser = YAML(typ="safe", pure=True)
        try:
            self.events = parser.parse(io.StringIO(self.text))
            self._documents()
        except _Stop:
            pass
        except MarkedYAMLError as error:
            self.document.faults.append(syntax_fault(error, self.text, self.shown))
        except YAMLError as error:
            self.document.faults.append(reader_fault(error, self.text, self.shown))
        except (ValueError, OverflowError):  # chr() of an escape that names no character
            self.document.faults.append(escape_fault(self.text, self.shown))

    def fault(self, message: str, allowed: str, at: Event, name: str = "") -> None:
        line, column = at.start_mark.line + 1, at.start_mark.column + 1
        self.document.faults.append(Fault(self.shown, line, column, name, message, allowed))

    def _documents(self) -> None:
        seen = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                seen += 1
                if event.version or event.tags:
                    self.fault("a line that starts with % is not read", "delete the line", event)
                if seen > 1:
                    allowed = f"one file holds one {self.kind.name}: delete the line ---"
                    self.fault("a second document starts here", allowed, event)
                    raise _Stop
            elif isinstance(event, StreamEndEvent):
                break
            elif isinstance(event, NodeEvent):
                self._top(event)
        if not seen:
            self.document.faults.append(Fault(self.shown, 1, 1, "", "is empty", self.kind.least))

    def _top(self, event: Event) -> None:
        if isinstance(event, MappingStartEvent):
            self.document.values = self._mapping(event, ())
            return
        what = "a list" if isinstance(event, SequenceStartEvent) else "text without a field name"
        if isinstance(event, ScalarEvent) and event.value in _NULL:
            what = "nothing"
        allowed = f"a {self.kind.name} is lines of the form name: value, without '- '"
        self.fault(f"holds {what}", allowed, event)
        raise _Stop

    def _value(self, event: Event, path: KeyPath) -> Any:
        self._refuse_sharing(event, path)
        if isinstance(event, MappingStartEvent):
            self._note(event, path)
            return self._mapping(event, path)
        if isinstance(event, SequenceStartEvent):
            self._note(event, path)
            self._check_depth(event, path)
            items: list[Any] = []
            while not isinstance(item := next(self.events), SequenceEndEvent):
                items.append(self._value(item, (*path, len(items))))
            return items
        if isinstance(event, ScalarEvent):
            quoted = not event.implicit[0]
            self._note(event, path, event.value, quoted)
            if not event.value and not quoted and path in self.document.keys:
                self.document.places[path] = self.document.keys[path]  # an empty value has no place
            if not self._is_printable(event, path):
                shown = "".join(one for one in event.value if not is_unfit(one))
                return shown if quoted else plain_value(shown)
            if event.style is None and is_free_text(path):
                self._refuse_cut(event, path)
            return event.value if quoted else plain_value(event.value)
        return None

    def _note(
        self, event: Event, path: KeyPath, text: str | None = None, quoted: bool = False
    ) -> None:
        mark = event.start_mark
        place = Place(self.shown, mark.line + 1, mark.column + 1, text, quoted)
        self.document.places[path] = place

    def _refuse_sharing(self, event: Event, path: KeyPath) -> None:
        name = dotted(path)
        use, unread = self.kind.sharing, f"is not read in a {self.kind.name}"
        if isinstance(event, AliasEvent):
            self.fault(f"the alias *{visible(str(event.anchor))} {unread}", use, event, name)
            return
        anchor = getattr(event, "anchor", None)
        if anchor:
            self.fault(f"the anchor &{visible(str(anchor))} {unread}", use, event, name)
        tag = getattr(event, "tag", None)
        if tag:
            short = visible(tag.replace("tag:yaml.org,2002:", "!!"))
            self.fault(f"the tag {short} {unread}", "delete it", event, name)

    def _mapping(self, start: Event, path: KeyPath) -> dict[str, Any]:
        self._check_depth(start, path)
        values: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                break
            here = self._key(event, path, values)
            of_key = next(self.events)
            value = self._value(of_key, here)
            # where the key is at fault its value is read only for its own faults
            if isinstance(here[-1], str) and not isinstance(of_key, AliasEvent):
                values[here[-1]] = value
        return values

    def _key(self, event: Event, path: KeyPath, values: dict[str, Any]) -> KeyPath:
        """The path of a key, ending in −1 where it stands twice or cannot be printed."""
        self._refuse_sharing(event, path)
        if not isinstance(event, ScalarEvent):
            if not isinstance(event, AliasEvent):
                self.fault("a field name must be plain text", "write name: value", event)
            raise _Stop
        here = (*path, str(event.value))
        if not self._is_printable(event, path):
            return (*path, -1)
        if event.value in values:
            message = f"stands twice; the first is on line {self.document.keys[here].line}"
            self.fault(message, "delete one of them", event, dotted(here))
            return (*path, -1)
        mark = event.start_mark
        self.document.keys[here] = Place(self.shown, mark.line + 1, mark.column + 1, event.value)
        return here

    def _check_depth(self, event: Event, path: KeyPath) -> None:
        if len(path) >= DEEPEST:
            allowed = f"a {self.kind.name} needs at most four"
            self.fault(f"more than {DEEPEST} levels inside one another", allowed, event)
            raise _Stop

    def _refuse_cut(self, event: ScalarEvent, path: KeyPath) -> None:
        """A comment behind a text is seldom one: what its writer sees there is not read."""
        mark = event.end_mark
        line = self.text[mark.index :].split("\n", 1)[0]
        if line.lstrip(" \t").startswith("#"):
            message = f"the text ends before '{visible(line.strip(), 20)}', which is a comment"
            self.fault(message, "put the text in quotes", event, dotted(path))

    def _is_printable(self, event: ScalarEvent, path: KeyPath) -> bool:
        words = unfit(event.value, "\n\t")
        if words:
            self.fault(words, "delete it", event, dotted(path))
        return not words


def plain_value(text: str) -> Any:
    """The value of unquoted text by the rules of YAML 1.2: `NO`, `12:30`, `2011-04` stay text."""
    if text in _NULL:
        return None
    if text in _TRUTH:
        return _TRUTH[text]
    if _WHOLE.fullmatch(text) and len(text) <= _LONGEST_WHOLE:
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _SPECIAL.fullmatch(text):
        return float(text.replace(".", ""))
    return text
