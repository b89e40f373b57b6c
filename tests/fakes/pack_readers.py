"""What stands in the finished files of a pack, read again from their bytes."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NUMBER = re.compile(
    r"\d+|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|hundreds?|"
    r"thousands?|millions?)\b",
    re.IGNORECASE,
)
_PART = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")


def word_part(docx: bytes, name: str = "word/document.xml") -> ElementTree.Element:
    return ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(docx)).read(name))


def word_texts(docx: bytes) -> list[str]:
    """Every text of a Word file: paragraphs, alternatives, tables' words for ears, properties."""
    archive = zipfile.ZipFile(io.BytesIO(docx))
    told = []
    for name in archive.namelist():
        if not _PART.fullmatch(name):
            continue
        for each in ElementTree.fromstring(archive.read(name)).iter():
            if each.tag == f"{W}p":
                told.append("".join(text.text or "" for text in each.iter(f"{W}t")))
            elif each.tag in (f"{W}tblCaption", f"{W}tblDescription"):
                told.append(each.attrib[f"{W}val"])
            elif each.tag.endswith("}docPr"):
                told += [each.attrib[key] for key in ("descr", "title") if key in each.attrib]
    core = ElementTree.fromstring(archive.read("docProps/core.xml"))
    told += [each.text or "" for each in core if not each.tag.endswith("}language")]
    return [text for text in told if text.strip()]


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.words)


class Page(HTMLParser):
    """The elements of an HTML file in order, each with the text inside it."""

    EMPTY = frozenset({"meta", "img", "br", "hr", "link"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in self.EMPTY:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        closed = self._open.pop()
        assert closed.tag == tag, f"<{closed.tag}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.words.append(data)

    def all(self, *tags: str) -> list[Element]:
        return [each for each in self.elements if each.tag in tags]


def html_texts(html: bytes) -> list[str]:
    """Every text of an HTML file: what is shown, and what is read out instead of pictures."""
    page = Page(html.decode())
    shown = page.all("title", "h1", "h2", "h3", "p", "li", "th", "td", "figcaption")
    told = [each.text for each in shown]
    for each in page.elements:
        told += [each.attributes[name] for name in ("alt", "title", "aria-label")
                 if name in each.attributes]  # fmt: skip
    return [text for text in told if text.strip()]


@dataclass(frozen=True)
class Loose:
    """A number in a finished file that no entry of the ledger accounts for."""

    number: str
    text: str


def loose_numbers(texts: Sequence[str], findings: Mapping[str, Any]) -> Iterator[Loose]:
    """Numbers and number words that stand in no passage of the ledger as one of its entries."""
    displays = {entry["id"]: entry["display"] for entry in findings["entries"]}
    passages: dict[str, list[list[str]]] = {}
    for passage in findings["passages"]:
        told = [displays[name] for name in passage["entries"]]
        passages.setdefault(passage["text"].strip(), []).append(told)
    for text in texts:
        known = passages.get(text.strip(), [[]])
        rests = [_without(text, quoted) for quoted in known]
        found = [match.group() for match in _NUMBER.finditer(min(rests, key=len))]
        yield from (Loose(number, text) for number in found)


def _without(text: str, quoted: Sequence[str]) -> str:
    """The text without what is quoted, each quotation taken out once and in order."""
    rest, place = "", 0
    for display in quoted:
        at = text.index(display, place)
        rest += text[place:at] + " "
        place = at + len(display)
    return rest + text[place:]


def findings_of(files: Mapping[str, bytes]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files["findings.json"])
    return found
