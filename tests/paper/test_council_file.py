"""A council's own Word file may be anything: what can be used is used, the rest is told."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Cm

from rsip_sim.paper import make
from rsip_sim.paper.assemble import Template, TemplateError, load_template
from rsip_sim.paper.make import pack_files
from rsip_sim.paper.word_styles import MOST_UNPACKED
from tests.fakes.pack_cases import fake_case
from tests.fakes.panels import NO_AGREEMENT, TWO_YEAR


@pytest.fixture(autouse=True)
def without_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "comparison_charts", lambda *_: {})


def written(template: Template) -> Document:
    """The paper set by a template, every part of its file well-formed."""
    from xml.dom.minidom import parseString

    content = pack_files(fake_case((NO_AGREEMENT, TWO_YEAR)), template)["paper.docx"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                parseString(archive.read(name))
    return docx.Document(io.BytesIO(content))


def saved(path: Path, change: Callable[[Document], object] = lambda _: None) -> Path:
    document = docx.Document()
    change(document)
    document.save(str(path))
    return path


def edited(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The file with one of its parts changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for each, content in parts.items():
            archive.writestr(each, change(content) if each == name else content)
    return path


def character_styles(*names: str) -> Callable[[Document], object]:
    def change(document: Document) -> None:
        for name in names:
            if name in document.styles:
                document.styles[name].delete()
            document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)

    return change


def without_styles(document: Document) -> None:
    for style in list(document.styles):
        style.delete()


@pytest.mark.parametrize(
    "names", [["Lead"], ["Lead", "Caption", "Gap", "Table Cell", "List Bullet", "Title"]]
)
def test_a_style_of_another_kind_gives_way(tmp_path: Path, names: list[str]) -> None:
    """A character style named Lead, as councils have, is no style of a paragraph."""
    made = written(load_template(str(saved(tmp_path / "own.docx", character_styles(*names)))))
    for name in names:
        assert made.styles[name].type == WD_STYLE_TYPE.PARAGRAPH
    ids = [style.style_id for style in made.styles]
    assert len(ids) == len(set(ids))


def test_a_file_without_styles_is_given_those_that_a_paper_needs(tmp_path: Path) -> None:
    made = written(load_template(str(saved(tmp_path / "own.docx", without_styles))))
    assert made.paragraphs[0].style is not None
    assert made.paragraphs[0].style.name == "Title"


def test_a_file_without_a_page_is_given_a4(tmp_path: Path) -> None:
    path = edited(
        saved(tmp_path / "own.docx"), "word/document.xml",
        lambda text: re.sub(rb"<w:sectPr.*?</w:sectPr>", b"", text, flags=re.S),
    )  # fmt: skip
    page = written(load_template(str(path))).sections[0]
    assert page.page_width is not None
    assert page.page_width.cm == pytest.approx(21.0, abs=0.1)


def test_a_word_template_is_taken_as_a_document(tmp_path: Path) -> None:
    """It was let through by its ending, and always refused with 'save it as .docx'."""
    path = edited(
        saved(tmp_path / "own.dotx"), "[Content_Types].xml",
        lambda text: text.replace(b"document.main+xml", b"template.main+xml"),
    )  # fmt: skip
    assert written(load_template(str(path))).paragraphs


def narrow(document: Document) -> None:
    document.sections[0].left_margin = document.sections[0].right_margin = Cm(12)


def low(document: Document) -> None:
    document.sections[0].page_height = Cm(6)


def packed(path: Path, kind: int, damage: bytes) -> None:
    """The same archive packed in this way, and its first part damaged."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", kind) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        first = archive.infolist()[0]
    content, at = path.read_bytes(), first.header_offset + 30 + len(first.filename) + 20
    path.write_bytes(content[:at] + damage + content[at + len(damage) :])


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "margins": (lambda path: saved(path, narrow), "cm wide between its margins"),
    "no height": (lambda path: saved(path, low), "cm tall between its margins"),
    "damaged styles": (
        lambda path: edited(saved(path), "word/styles.xml", lambda text: text[: len(text) // 2]),
        "word/styles.xml",
    ),
    "lists": (
        lambda path: edited(
            saved(path), "word/numbering.xml",
            lambda text: text.replace(b'w:abstractNumId="', b'w:xbstractNumId="'),
        ),
        "open it in Word and save it again",
    ),
    "an entity": (
        lambda path: edited(
            saved(path), "word/styles.xml",
            lambda text: b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
            + re.sub(rb"^<\?xml.*?\?>\s*", b"", text),
        ),
        "document type",
    ),
    "a damaged archive": (
        lambda path: packed(saved(path), zipfile.ZIP_DEFLATED, b"\x07" * 40), "save it as .docx"
    ),
    "another damaged archive": (
        lambda path: packed(saved(path), zipfile.ZIP_LZMA, b"\xff" * 40), "save it as .docx"
    ),
    "a third damaged archive": (
        lambda path: packed(saved(path), zipfile.ZIP_BZIP2, b"\xff" * 40), "save it as .docx"
    ),
    "text": (lambda path: path.write_text("no Word file"), "save it as .docx"),
    "an empty archive": (lambda path: zipfile.ZipFile(path, "w").close(), "save it as .docx"),
    "a folder": (lambda path: path.mkdir(), "is no file"),
    "a pipe": (lambda path: os.mkfifo(path), "is no file"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "is no file"),
    "nothing": (lambda path: None, "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_used_is_refused_in_a_sentence(tmp_path: Path, what: str) -> None:
    spoil, told = REFUSED[what]
    path = tmp_path / "own.docx"
    spoil(path)
    with pytest.raises(TemplateError, match=re.escape(told)) as error:
        load_template(str(path))
    assert str(error.value).startswith(str(path))


def test_an_archive_that_unpacks_to_very_much_is_not_unpacked(tmp_path: Path) -> None:
    """650 kB whose styles were 600 MB filled the memory."""
    path = saved(tmp_path / "own.docx")
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/media/large.bin", "w") as part,
    ):
        for _ in range(1 + MOST_UNPACKED // (1 << 20)):
            part.write(bytes(1 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(TemplateError, match="more than any Word file needs"):
        load_template(str(path))
