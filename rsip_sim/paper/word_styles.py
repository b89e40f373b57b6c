"""The styles of a Word paper: our own on A4, or those of a council's own file.

Ours are those of templates/styles.docx, which Word or LibreOffice can change. Of a council's file
nothing is believed: it may be large, damaged, or have no room for a table.
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from copy import deepcopy
from pathlib import Path
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.parts.numbering import NumberingPart
from lxml import etree  # type: ignore[import-untyped]

OURS = Path(__file__).parent / "templates" / "styles.docx"
GAP, NOTE, LEAD, HEAD, CELL = "Gap", "Table Note", "Lead", "Table Head", "Table Cell"
_LISTS = ("List Bullet", "List Number")
_STYLES = (
    "Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Caption", "TOC 1",
    LEAD, NOTE, GAP, HEAD, CELL, *_LISTS,
)  # fmt: skip

# of a council's Word file: as it is kept, all its parts together, and between its margins
MOST_BYTES, MOST_UNPACKED, MOST_PARTS, LEAST_CM = 32 << 20, 128 << 20, 2000, 8.0
_TYPES = "[Content_Types].xml"
_TEMPLATE = b"wordprocessingml.template.main+xml"
_DOCUMENT = b"wordprocessingml.document.main+xml"


class CouncilFileError(ValueError):
    """A Word file whose styles cannot be used; the message, after its path, says what to do."""


def new_document(style: bytes | None) -> WordDocument:
    """An empty document in our styles, or in a council's own file, which ours complete."""
    ours = docx.Document(str(OURS))
    if style is None:
        return ours
    document = docx.Document(io.BytesIO(style))
    body = document.element.body
    for child in list(body):  # its pages, headers, footers and styles stay
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    for kind in _numbering(document).findall(qn("w:abstractNum")):
        int(kind.get(qn("w:abstractNumId")))  # lists that Word could not read are found now
    if not len(document.sections):
        body.append(deepcopy(ours.sections[0]._sectPr))
    for name in ("Normal", *_STYLES):
        same = next((each for each in document.styles if each.name == name), None)
        if same is not None and same.type != WD_STYLE_TYPE.PARAGRAPH:  # it gives way
            same.element.name_val = f"{name} ({same.style_id})"
        if name not in document.styles:
            taken = {each.style_id for each in document.styles}
            ours_of_it: Any = deepcopy(ours.styles[name].element)
            while ours_of_it.styleId in taken:
                ours_of_it.styleId += "1"
            document.styles.element.append(ours_of_it)
            if name in _LISTS:
                _number(document, name, ours)
    return document


def text_size_cm(document: WordDocument) -> tuple[float, float]:
    """Width and height between the margins; of A4 and 2.5 cm where the file does not say."""
    page = document.sections[0]
    across = (page.page_width, page.left_margin, page.right_margin)
    down = (page.page_height, page.top_margin, page.bottom_margin)
    width, height = (
        [usual if each is None else each.cm for each, usual in zip(sides, usuals, strict=True)]
        for sides, usuals in ((across, (21.0, 2.5, 2.5)), (down, (29.7, 2.5, 2.5)))
    )
    return width[0] - width[1] - width[2], height[0] - height[1] - height[2]


def _number(document: WordDocument, name: str, ours: WordDocument) -> None:
    """Take our bullets or numbers along with the style of a list."""
    wanted = ours.styles[name].element.pPr.numPr.numId.val
    kinds = ours.part.numbering_part.element
    of_ours = next(each.abstractNumId.val for each in kinds.num_lst if each.numId == wanted)
    identifier = qn("w:abstractNumId")
    abstract = next(deepcopy(each) for each in kinds.findall(qn("w:abstractNum"))
                    if each.get(identifier) == str(of_ours))  # fmt: skip
    numbering = _numbering(document)
    taken = [int(each.get(identifier)) for each in numbering.findall(qn("w:abstractNum"))]
    abstract.set(identifier, str(max(taken, default=0) + 1))
    numbering.insert(0, abstract)
    number = numbering.add_num(max(taken, default=0) + 1)
    document.styles[name].element.pPr.numPr.numId.val = number.numId


def _numbering(document: WordDocument) -> Any:
    """The file's own definitions of lists, or new ones where it has none."""
    part = document.part
    if not any(each.reltype == RELATIONSHIP_TYPE.NUMBERING for each in part.rels.values()):
        element = parse_xml(f"<w:numbering {nsdecls('w')}/>")
        name = PackURI("/word/numbering.xml")
        made = NumberingPart(name, CONTENT_TYPE.WML_NUMBERING, element, part.package)
        part.relate_to(made, RELATIONSHIP_TYPE.NUMBERING)
    return part.numbering_part.element


_DAMAGED = (
    zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError,
    zlib.error, lzma.LZMAError, OSError,
)  # fmt: skip
"""What comes of an archive that is none, or of a part of it, by the way in which it is packed."""


def council_file(path: Path) -> bytes:
    """The bytes of a Word document in whose styles a paper can be set; of a template likewise.

    Raises CouncilFileError, and OSError where the file cannot be read.
    """
    if path.exists() and not path.is_file():
        raise CouncilFileError("is no file")
    if path.stat().st_size > MOST_BYTES:
        raise CouncilFileError(f"is larger than {MOST_BYTES >> 20} MB; take its pictures out")
    content = _as_document(path.read_bytes())
    try:
        document = new_document(content)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise CouncilFileError(
            "has styles, lists or pages that cannot be read; open it in Word and save it again"
        ) from error
    for cm, what in zip(text_size_cm(document), ("wide", "tall"), strict=True):
        if cm < LEAST_CM:
            raise CouncilFileError(
                f"leaves a text {max(cm, 0):.1f} cm {what} between its margins, where at least "
                f"{LEAST_CM:g} cm are needed"
            )
    return content


def _as_document(content: bytes) -> bytes:
    """The archive with every part seen to be sound; a template (.dotx) made a document."""
    made = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w") as after:
            parts = before.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
                raise CouncilFileError(
                    f"unpacks to {unpacked / (1 << 20):,.0f} MB in {len(parts):,} parts, more than "
                    f"any Word file needs"
                )
            for part in parts:
                text = before.read(part)
                if part.filename.endswith((".xml", ".rels")):
                    _refuse_unsound(part.filename, text)
                if part.filename == _TYPES:
                    text = text.replace(_TEMPLATE, _DOCUMENT)
                after.writestr(part.filename, text)
    except _DAMAGED:
        raise CouncilFileError(
            "cannot be read as a Word file; save it as .docx, without a password"
        ) from None
    if _TYPES not in zipfile.ZipFile(made).namelist():
        raise CouncilFileError("cannot be read as a Word file; save it as .docx")
    return made.getvalue()


def _refuse_unsound(name: str, text: bytes) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        tree = etree.fromstring(text, parser)
    except etree.XMLSyntaxError:
        raise CouncilFileError(
            f"has a part that is damaged ({name}); open it in Word and save it again"
        ) from None
    if tree.getroottree().docinfo.doctype:
        raise CouncilFileError(f"has a part that Word does not write ({name} has a document type)")
