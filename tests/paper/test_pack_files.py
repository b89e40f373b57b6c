"""The finished files of a pack: every number has a source, every reader can read them."""

from __future__ import annotations

import functools
import io
import itertools
import re
import zipfile
from dataclasses import replace

import docx
import openpyxl
import pandas as pd
import pytest

from rsip_sim.charts import style
from rsip_sim.paper import make
from rsip_sim.paper.assemble import known, load_template
from rsip_sim.paper.make import pack_files
from rsip_sim.report.blocks import Paragraph
from tests.fakes.pack_cases import fake_case
from tests.fakes.pack_readers import (
    Page,
    W,
    findings_of,
    html_texts,
    loose_numbers,
    word_part,
    word_texts,
)
from tests.fakes.panels import NO_AGREEMENT, TWO_YEAR, twin

PAIR = (NO_AGREEMENT, TWO_YEAR)


@functools.cache
def pack(template: str = "rotherham") -> dict[str, bytes]:
    return pack_files(fake_case(PAIR, with_schools=True), load_template(template))


DOCUMENTS = ("paper", "annex")
each_document = pytest.mark.parametrize("name", DOCUMENTS)


@functools.cache
def page(name: str) -> Page:
    return Page(pack()[f"{name}.html"].decode())


def altered(archive: bytes, before: str, after: str) -> bytes:
    """The Word file with a text of its body replaced, as a slip of the writer would."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                assert before.encode() in content
                content = content.replace(before.encode(), after.encode(), 1)
            new.writestr(name, content)
    return buffer.getvalue()


@each_document
def test_every_number_in_the_files_is_in_the_ledger(name: str) -> None:
    for texts in (word_texts(pack()[f"{name}.docx"]), html_texts(pack()[f"{name}.html"])):
        assert len(texts) > 150
        assert list(loose_numbers(texts, findings_of(pack()))) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("as a difference", "as a difference in 12 futures"),
        ("as a difference", "as a difference in seven futures"),
        ("40 simulated futures", "41 simulated futures"),
    ],
)
def test_a_number_that_slips_into_a_file_is_found(before: str, after: str) -> None:
    slipped = word_texts(altered(pack()["paper.docx"], before, after))
    assert list(loose_numbers(slipped, findings_of(pack())))


@each_document
def test_both_files_say_the_same(name: str) -> None:
    def told(texts: list[str]) -> set[str]:
        return {" ".join(text.split()) for text in texts if not text.startswith("Page ")}

    files = pack()
    ours, theirs = told(word_texts(files[f"{name}.docx"])), told(html_texts(files[f"{name}.html"]))
    only = {text for text in ours ^ theirs if not text.startswith(("Title block", "Contents"))}
    assert only <= {"End of the document."}


def test_no_chart_stands_twice_and_the_report_has_two_at_most() -> None:
    drawn = [each.attributes["src"] for name in DOCUMENTS for each in page(name).all("img")]
    assert len(drawn) == len(set(drawn)) >= 4
    assert 1 <= len(page("paper").all("img")) <= 2


def test_the_ledger_leads_to_cells_that_hold_the_numbers() -> None:
    files = pack()
    book = openpyxl.load_workbook(io.BytesIO(files["tables.xlsx"]))
    charts = {
        name: pd.read_csv(io.BytesIO(content)) for name, content in files.items()
        if name.endswith(".csv")
    }  # fmt: skip
    results = [each for each in findings_of(files)["entries"] if each["kind"] == "result"]
    assert len(results) > 50
    for entry in results:
        if entry["file"] == "tables.xlsx":
            found = book[entry["table"]][entry["cell"]].value
        else:
            letters, row = re.fullmatch(r"([A-Z]+)(\d+)", entry["cell"]).groups()  # type: ignore[union-attr]
            column = openpyxl.utils.column_index_from_string(letters) - 1
            found = charts[entry["file"]].iloc[int(row) - 2, column]
        assert float(found) == pytest.approx(entry["value"], rel=1e-9), entry


def test_the_pack_is_reproducible_to_the_byte() -> None:
    again = pack_files(fake_case(PAIR, with_schools=True), load_template())
    assert [name for name in pack() if pack()[name] != again[name]] == []


def test_pictures_say_what_they_were_made_from() -> None:
    files = pack()
    charts = {name.split(".")[0] for name in files if name.startswith("charts/")}
    assert len(charts) >= 4
    for chart in charts:
        assert {f"{chart}{end}" for end in (".svg", ".png", ".csv", ".alt.txt")} <= set(files)
        assert b'<metadata id="provenance">' in files[f"{chart}.svg"]
        assert fake_case(PAIR).results.digest.encode() in files[f"{chart}.png"]


# What a reader needs who does not see, or sees badly.


@each_document
def test_headings_of_the_word_file_never_skip_a_level(name: str) -> None:
    document = docx.Document(io.BytesIO(pack()[f"{name}.docx"]))
    names = [each.style.name for each in document.paragraphs if each.style is not None]
    levels = [int(name[-1]) for name in names if name.startswith("Heading ")]
    assert levels[0] == 1
    assert all(later <= before + 1 for before, later in itertools.pairwise(levels))
    assert names.count("Title") == 1


@each_document
def test_pictures_of_the_word_file_have_alternatives(name: str) -> None:
    pictures = [each for each in word_part(pack()[f"{name}.docx"]).iter()
                if each.tag.endswith("}docPr")]  # fmt: skip
    assert pictures
    assert all(len(each.get("descr", "")) > 80 for each in pictures)
    assert len({each.get("id") for each in pictures}) == len(pictures)


@each_document
def test_tables_of_the_word_file_have_one_header_row_and_no_merged_cells(name: str) -> None:
    tables = list(word_part(pack()[f"{name}.docx"]).iter(f"{W}tbl"))
    assert len(tables) >= 5
    for table in tables:
        rows = list(table.iter(f"{W}tr"))
        assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows].count(True) == 1
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert not [each for each in table.iter() if each.tag in (f"{W}gridSpan", f"{W}vMerge")]
        assert len({len(row.findall(f"{W}tc")) for row in rows}) == 1
        assert all("".join(cell.itertext()).strip() for cell in table.iter(f"{W}tc"))


def test_the_word_file_is_titled_and_in_british_english() -> None:
    content = pack()["paper.docx"]
    document = docx.Document(io.BytesIO(content))
    assert document.core_properties.title.startswith("What does ")
    assert document.core_properties.language == "en-GB"
    styles = word_part(content, "word/styles.xml")
    languages = {each.get(f"{W}val") for each in styles.iter(f"{W}lang")}
    assert languages == {"en-GB"}


def test_colours_of_the_word_file_pass_contrast() -> None:
    content = pack()["paper.docx"]
    fills = {f"#{each.get(f'{W}fill')}" for each in word_part(content).iter(f"{W}shd")}
    for colour in _used_colours(content):
        assert min(style.contrast(f"#{colour}", fill) for fill in fills | {"#FFFFFF"}) >= 4.5


def _used_colours(content: bytes) -> set[str]:
    """Colours of the styles that the paper uses, and of their parents."""
    styles = {
        each.get(f"{W}styleId"): each
        for each in word_part(content, "word/styles.xml").iter(f"{W}style")
    }
    names = {each.get(f"{W}val") for each in word_part(content).iter(f"{W}pStyle")}
    found, waiting = set(), list(names)
    while waiting:
        each = styles.get(waiting.pop())
        if each is None:
            continue
        found |= {str(colour.get(f"{W}val")) for colour in each.iter(f"{W}color")}
        waiting += [parent.get(f"{W}val") for parent in each.iter(f"{W}basedOn")]
    return found - {"auto"}


@each_document
def test_headings_of_the_html_file_never_skip_a_level(name: str) -> None:
    levels = [int(each.tag[1]) for each in page(name).all("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later <= before + 1 for before, later in itertools.pairwise(levels))


@each_document
def test_the_html_file_needs_no_network_and_no_script(name: str) -> None:
    text = pack()[f"{name}.html"].decode()
    assert not page(name).all("script", "link", "iframe")
    assert all(each.attributes["src"].startswith("data:") for each in page(name).all("img"))
    assert not re.search(r'(?:src|href)="(?!data:|#)|url\(', text)


@each_document
def test_the_html_file_is_marked_and_whole(name: str) -> None:
    (root,) = page(name).all("html")
    assert root.attributes["lang"] == "en-GB"
    names = [each.attributes["id"] for each in page(name).elements if "id" in each.attributes]
    assert len(names) == len(set(names))
    assert all(len(each.attributes["alt"]) > 80 for each in page(name).all("img"))
    assert all("scope" in each.attributes for each in page(name).all("th"))


def test_the_annex_folds_in_the_page_and_has_contents_in_word() -> None:
    folded = [each.text.strip() for each in page("annex").all("summary")]
    body = word_part(pack()["annex.docx"])
    linked = ["".join(each.itertext()) for each in body.iter(f"{W}hyperlink")]
    assert linked == folded
    assert not page("paper").all("details")
    fields = [each.get(f"{W}instr", "") for each in body.iter(f"{W}fldSimple")]
    assert len([each for each in fields if "PAGEREF" in each]) == len(folded)


def test_the_workbook_begins_with_the_answer_and_prints() -> None:
    book = openpyxl.load_workbook(io.BytesIO(pack()["tables.xlsx"]))
    assert book.sheetnames[:2] == ["summary", "contents"]
    report = fake_case(PAIR).report
    assert report.table is not None
    said = str(book["contents"]["B2"].value)
    assert said.startswith(f"{report.title} ")
    before = report.blocks[: report.blocks.index(report.table)]
    assert all(block.words in said for block in before if isinstance(block, Paragraph))
    told = {str(cell.value) for row in book["summary"] for cell in row}
    assert {cell for row in report.table.labelled for cell in row if cell} <= told
    for sheet in book:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.paperSize == int(sheet.PAPERSIZE_A4)
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == "$1:$1"
        assert "&P" in sheet.oddFooter.right.text
    listed = [row[0].value for row in book["contents"].iter_rows(min_row=2)]
    assert listed == [name for name in book.sheetnames if name != "contents"]


def test_a_unit_is_what_its_numbers_are_in() -> None:
    book = openpyxl.load_workbook(io.BytesIO(pack()["tables.xlsx"]))
    for name in ("differences", "price"):
        heads = [cell.value for cell in book[name][1]]
        units = {row[heads.index("unit")].value for row in book[name].iter_rows(min_row=2)}
        assert any(unit.startswith("£") for unit in units)
        assert not any("£m" in unit or "£000" in unit for unit in units)


# Templates.


def test_advice_that_the_tool_never_drafts_is_marked_as_a_gap() -> None:
    for template in known():
        gaps = [text for text in html_texts(make_html(template)) if "o be written" in text]
        told = " ".join(gaps).lower()
        for subject in ("legal", "human resources", "equalities", "financial", "adopts option"):
            assert subject in told, (template, subject)


@functools.cache
def make_html(template: str) -> bytes:
    case = fake_case(PAIR)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make, "comparison_charts", lambda *_: {})
        return pack_files(case, load_template(template))["paper.html"]


def test_a_title_full_of_marks_is_words_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    awkward = replace(
        twin(TWO_YEAR, "awkward"),
        title="<b>5%</b> & \"more\" {than} 'ever'",
        description="=1+1 <i>",
    )
    monkeypatch.setattr(make, "comparison_charts", lambda *_: {})
    files = pack_files(fake_case((NO_AGREEMENT, awkward)), load_template())
    for texts in (word_texts(files["annex.docx"]), html_texts(files["annex.html"])):
        assert any(awkward.title in text for text in texts)
        assert list(loose_numbers(texts, findings_of(files))) == []
    sheet = openpyxl.load_workbook(io.BytesIO(files["tables.xlsx"]))["scenarios"]
    assert ("=1+1 <i>", "s") in {(cell.value, cell.data_type) for row in sheet for cell in row}
