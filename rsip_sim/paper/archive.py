"""Office files are zip archives: the same content gives the same bytes, without clock or user."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

_BEGINNING = (1980, 1, 1, 0, 0, 0)  # of the time that zip archives know
CORE = "docProps/core.xml"


def settled(archive: bytes, replaced: Mapping[str, str]) -> bytes:
    """The archive with every member dated alike, and some members replaced.

    replaced  new text by name of the member; a name that is not there is added
    """
    buffer = io.BytesIO()
    missing = dict(replaced)
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as before,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            text = missing.pop(name, None)
            _add(after, name, before.read(name) if text is None else text.encode())
        for name, text in missing.items():
            _add(after, name, text.encode())
    return buffer.getvalue()


def core_properties(title: str, subject: str, language: str) -> str:
    """The core properties of an office file: title, subject and language, and nothing else."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:subject>{escape(subject)}</dc:subject>"
        f"<dc:language>{escape(language)}</dc:language></cp:coreProperties>"
    )


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(name, _BEGINNING)
    member.create_system = 3
    member.external_attr = 0o600 << 16
    archive.writestr(member, content, zipfile.ZIP_DEFLATED, 6)
