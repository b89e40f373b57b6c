"""Office files are zip archives: the same content gives the same bytes, without clock or user."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

_BEGINNING = (1980, 1, 1, 0, 0, 0)  # of the time that zip archives know
_CORE = "docProps/core.xml"


def settled(archive: bytes, title: str, subject: str) -> bytes:
    """The archive with every member dated alike, and no properties but these."""
    core = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:subject>{escape(subject)}</dc:subject>"
        "<dc:language>en-GB</dc:language></cp:coreProperties>"
    )
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as before,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in dict.fromkeys([*before.namelist(), _CORE]):
            member = zipfile.ZipInfo(name, _BEGINNING)
            member.create_system = 3
            member.external_attr = 0o600 << 16
            content = core.encode() if name == _CORE else before.read(name)
            after.writestr(member, content, zipfile.ZIP_DEFLATED, 6)
    return buffer.getvalue()
