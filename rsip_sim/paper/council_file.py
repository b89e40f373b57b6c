"""A council's own Word file, looked at before its styles are used: it may be anything.

It is a zip archive from a stranger: bounded before it is unpacked, without document types and
entities, with a page that has room, and with styles of the kinds that a paper needs.
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from pathlib import Path

from lxml import etree  # type: ignore[import-untyped]

from rsip_sim.paper.word_styles import new_document, text_height_cm, text_width_cm

MOST_BYTES = 32 << 20  # of the file as it is kept
MOST_UNPACKED = 128 << 20  # of all its parts together
MOST_PARTS = 2000
LEAST_CM = 8.0
"""Between margins: less holds no table of a paper."""

_DAMAGED = (
    zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError,
    zlib.error, lzma.LZMAError, OSError,
)  # fmt: skip
"""What comes of an archive that is none, or of a part of it, by the way in which it is packed."""

_TYPES = "[Content_Types].xml"
_TEMPLATE = b"wordprocessingml.template.main+xml"
_DOCUMENT = b"wordprocessingml.document.main+xml"


class CouncilFileError(ValueError):
    """A Word file whose styles cannot be used; the message says why and what to do."""


def read_council_file(path: Path) -> bytes:
    """The bytes of a Word document in whose styles a paper can be set; of a template likewise.

    Raises CouncilFileError, OSError.
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
    for cm, what in ((text_width_cm(document), "wide"), (text_height_cm(document), "tall")):
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
