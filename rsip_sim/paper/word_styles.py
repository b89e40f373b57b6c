"""The styles of a Word paper: our own on A4, or those of a council's own file."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.parts.numbering import NumberingPart
from docx.shared import Cm, Length, Pt, RGBColor
from docx.text.parfmt import ParagraphFormat

FONT = "Arial"
LANGUAGE = "en-GB"
MARGIN_CM = 1.9
BODY, SMALL = 11.0, 9.0  # points
GAP, NOTE, LEAD, HEAD, CELL = "Gap", "Table Note", "Lead", "Table Head", "Table Cell"
_BULLETS, _NUMBERS = "List Bullet", "List Number"
_BUILT_IN = {  # name: size, bold, space before and after, in points
    "Title": (17.0, True, 0.0, 2.0),
    "Subtitle": (12.0, False, 0.0, 6.0),
    "Heading 1": (14.0, True, 10.0, 4.0),
    "Heading 2": (11.5, True, 8.0, 3.0),
    "Heading 3": (BODY, True, 6.0, 2.0),
    "Caption": (10.0, True, 6.0, 2.0),
    _BULLETS: (BODY, False, 0.0, 3.0),
    _NUMBERS: (BODY, False, 0.0, 3.0),
    "TOC 1": (BODY, False, 0.0, 3.0),
}
_OWN = {
    LEAD: (BODY, False, 0.0, 8.0),
    NOTE: (SMALL, False, 3.0, 6.0),
    GAP: (10.0, False, 3.0, 4.0),
    HEAD: (SMALL, True, 1.0, 1.0),
    CELL: (SMALL, False, 1.0, 1.0),
}
_BOX = (
    f"<w:pBdr {nsdecls('w')}>"
    + "".join(
        f'<w:{side} w:val="dashed" w:sz="8" w:space="4" w:color="3D3D3D"/>'
        for side in ("top", "left", "bottom", "right")
    )
    + "</w:pBdr>"
)


def new_document(style: bytes | None) -> WordDocument:
    """An empty document on A4 in our styles, or in those of a council's own file."""
    styles = {**_BUILT_IN, **_OWN}
    if style is None:
        document = docx.Document()
        _a4(document)
        _plain_fonts(document)
        for name, (size, bold, before, after) in styles.items():
            _set(_style(document, name), size, bold, before, after)
        document.styles["Normal"].font.size = Pt(BODY)
        _format(document.styles["Normal"]).space_after = Pt(6)
    else:
        document = docx.Document(io.BytesIO(style))
        _emptied(document)
        if not len(document.sections):
            document.element.body.append(OxmlElement("w:sectPr"))
            _a4(document)
        styles = {"Normal": (BODY, False, 0.0, 6.0), **styles}
        _of_other_kind_renamed(document, styles)
        for name, (size, bold, before, after) in styles.items():
            if name not in document.styles:
                _set(_style(document, name), size, bold, before, after)
    _boxed(document)
    _lists(document)
    _language(document)
    _modern(document)
    for name in ("Heading 1", "Heading 2", "Heading 3", "Caption"):
        _format(document.styles[name]).keep_with_next = True
    return document


def _of_other_kind_renamed(document: WordDocument, names: Iterable[str]) -> None:
    """Give way to styles of paragraphs where a file has other ones of the same names."""
    for name in names:
        style = next((each for each in document.styles if each.name == name), None)
        if style is not None and style.type != WD_STYLE_TYPE.PARAGRAPH:
            style.element.name_val = f"{name} ({style.style_id})"


def text_width_cm(document: WordDocument) -> float:
    """Width between the margins."""
    page = document.sections[0]
    return _between(page.page_width, page.left_margin, page.right_margin, 21.0)


def text_height_cm(document: WordDocument) -> float:
    """Height between the margins."""
    page = document.sections[0]
    return _between(page.page_height, page.top_margin, page.bottom_margin, 29.7)


def _between(
    page: Length | None, before: Length | None, after: Length | None, usual: float
) -> float:
    """Centimetres between two margins; A4 and 2.5 cm where a file does not say."""
    sides = [2.5 if side is None else side.cm for side in (before, after)]
    return float(usual if page is None else page.cm) - sum(sides)


def _a4(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(MARGIN_CM))


def _emptied(document: WordDocument) -> None:
    """Take out what the file says, and keep its pages, headers, footers and styles."""
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)


def _style(document: WordDocument, name: str) -> Any:
    if name in document.styles:
        return document.styles[name]
    taken = {each.style_id for each in document.styles}
    style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    while style.style_id in taken:
        style.element.styleId += "1"
    if name != "Normal" and "Normal" in document.styles:
        style.base_style = document.styles["Normal"]
    return style


def _set(style: Any, size: float, bold: bool, before: float, after: float) -> None:
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    form = _format(style)
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.widow_control = True
    for name in ("w:pBdr", "w:contextualSpacing"):
        for old in style.element.findall(f".//{qn(name)}"):
            old.getparent().remove(old)
    for spacing in style.element.findall(f".//{qn('w:rPr')}/{qn('w:spacing')}"):
        spacing.getparent().remove(spacing)


def _format(style: Any) -> ParagraphFormat:
    form: ParagraphFormat = style.paragraph_format
    return form


def _plain_fonts(document: WordDocument) -> None:
    """Arial by name in every style, instead of the fonts of a theme."""
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        for name in list(fonts.attrib):
            del fonts.attrib[name]
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), FONT)
    for colour in document.styles.element.iter(qn("w:color")):
        for name in ("themeColor", "themeTint", "themeShade"):
            colour.attrib.pop(qn(f"w:{name}"), None)


def _boxed(document: WordDocument) -> None:
    """A dashed box around gaps, so that they are seen without colour."""
    _format(document.styles[GAP]).left_indent = Pt(6)
    _format(document.styles[GAP]).right_indent = Pt(6)
    style = document.styles[GAP].element
    properties = style.get_or_add_pPr()
    if properties.find(qn("w:pBdr")) is None:
        following = properties.find(qn("w:spacing"))
        box = parse_xml(_BOX)
        if following is not None:
            following.addprevious(box)
        else:
            properties.append(box)


def _lists(document: WordDocument) -> None:
    """Bullets and numbers that belong to the list styles, whatever the file brought."""
    numbering = _numbering(document)
    taken = [int(each.get(qn("w:abstractNumId"))) for each in
             numbering.findall(qn("w:abstractNum"))]  # fmt: skip
    first = max(taken, default=0) + 1
    for place, (name, kind, text) in enumerate(
        ((_BULLETS, "bullet", "\N{BULLET}"), (_NUMBERS, "decimal", "%1."))
    ):
        abstract = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{first + place}">'
            '<w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            f'<w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
            '<w:pPr><w:ind w:left="425" w:hanging="425"/></w:pPr></w:lvl></w:abstractNum>'
        )
        nums = numbering.findall(qn("w:num"))
        if nums:
            nums[0].addprevious(abstract)
        else:
            numbering.append(abstract)
        number = numbering.add_num(first + place)
        properties = document.styles[name].element.get_or_add_pPr()
        for old in properties.findall(qn("w:numPr")):
            properties.remove(old)
        own = properties.get_or_add_numPr()
        own.get_or_add_numId().val = number.numId
        for old in properties.findall(qn("w:ind")):
            properties.remove(old)


def _numbering(document: WordDocument) -> Any:
    """The file's own definitions of lists, or new ones where it has none."""
    part = document.part
    if not any(each.reltype == RELATIONSHIP_TYPE.NUMBERING for each in part.rels.values()):
        element = parse_xml(f"<w:numbering {nsdecls('w')}/>")
        name = PackURI("/word/numbering.xml")
        made = NumberingPart(name, CONTENT_TYPE.WML_NUMBERING, element, part.package)
        part.relate_to(made, RELATIONSHIP_TYPE.NUMBERING)
    return part.numbering_part.element


def _language(document: WordDocument) -> None:
    """British English as the language of everything that is written."""
    styles = document.styles.element
    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is not None and defaults.find(qn("w:lang")) is None:
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), LANGUAGE)
        defaults.append(language)


def _modern(document: WordDocument) -> None:
    """Spare the reader the words "compatibility mode"."""
    settings = document.settings.element
    for name in ("w:compat", "w:themeFontLang"):
        for old in settings.findall(qn(name)):
            settings.remove(old)
    compat = parse_xml(
        f'<w:compat {nsdecls("w")}><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    )
    later = [settings.find(qn(name)) for name in (
        "w:rsids", "m:mathPr", "w:clrSchemeMapping", "w:shapeDefaults", "w:decimalSymbol",
    )]  # fmt: skip
    following = next((each for each in later if each is not None), None)
    if following is not None:
        following.addprevious(compat)
    else:
        settings.append(compat)
