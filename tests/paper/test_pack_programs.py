"""The finished files of a pack in real programmes: a browser, and an office that prints to PDF.

Where a programme is not installed its test is skipped, unless RSIP_NEEDS_PROGRAMS says that it
must be there.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from rsip_sim.charts.frame import Chart
from rsip_sim.paper import make
from rsip_sim.paper.assemble import load_template
from rsip_sim.studies.compare.charts import headline
from rsip_sim.studies.compare.work import ComparisonTables
from tests.fakes.pack_cases import fake_case
from tests.fakes.pack_readers import W, word_part
from tests.fakes.panels import NO_AGREEMENT, TWO_YEAR

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OFFICES = ("soffice", "libreoffice")
TAGGED = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'


@functools.cache
def pack() -> dict[str, bytes]:
    """Both papers with the first chart; the others would be read no differently."""

    def first_chart(_: object, tables: ComparisonTables) -> dict[str, Chart]:
        chart = headline(tables)
        return {chart.name: chart}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make, "comparison_charts", first_chart)
        case = fake_case((NO_AGREEMENT, TWO_YEAR), with_schools=True)
        return make.pack_files(case, load_template())


def program(*names: str) -> str:
    """Path of the first of these that is installed."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        told = f"none of {', '.join(names)} is installed"
        if os.environ.get("RSIP_NEEDS_PROGRAMS") == "1":
            pytest.fail(told)
        pytest.skip(told)
    return found


@pytest.mark.parametrize("name", ["paper", "annex"])
def test_axe_finds_nothing_to_mend_in_the_html_on_a_desk_or_a_phone(
    name: str, tmp_path: Path
) -> None:
    browser_path = program(*BROWSERS)
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    (tmp_path / "page.html").write_bytes(pack()[f"{name}.html"])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for width in (1280, 390):
            # offline, as a paper is read; the paper's own policy would keep axe out
            context = browser.new_context(
                viewport={"width": width, "height": 844}, offline=True, bypass_csp=True
            )
            page = context.new_page()
            page.goto((tmp_path / "page.html").as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
            found = Axe().run(page).response["violations"]
            assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, "the page itself scrolls sideways"
        browser.close()


def test_the_word_file_becomes_a_tagged_pdf_with_its_structure(tmp_path: Path) -> None:
    office, reader = program(*OFFICES), program("pdfinfo")
    (tmp_path / "paper.docx").write_bytes(pack()["paper.docx"])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", TAGGED, "--outdir", str(tmp_path),
         str(tmp_path / "paper.docx")],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    pdf = tmp_path / "paper.pdf"

    def told(*options: str) -> str:
        done = subprocess.run([reader, *options, pdf], check=True, capture_output=True, text=True)
        return done.stdout

    facts = told()
    assert re.search(r"^Tagged: +yes$", facts, re.MULTILINE)
    assert re.search(r"^Title: +What does ", facts, re.MULTILINE)
    pages = re.search(r"^Pages: +(\d+)$", facts, re.MULTILINE)
    assert pages is not None
    assert int(pages[1]) <= 4
    tags = re.findall(r"^ *(H1|H2|Figure|Table|TH|LI)\b", told("-struct"), re.MULTILINE)
    body = word_part(pack()["paper.docx"])
    styles = [each.get(f"{W}val") for each in body.iter(f"{W}pStyle")]
    headers = [row for row in body.iter(f"{W}tr") if row.find(f"{W}trPr/{W}tblHeader") is not None]
    assert tags.count("H1") == styles.count("Heading1") == 7
    assert tags.count("H2") == styles.count("Heading2") > 0
    assert tags.count("Table") == len(headers) > 4
    assert tags.count("TH") == sum(len(row.findall(f"{W}tc")) for row in headers)
    assert tags.count("LI") == sum(name in ("ListBullet", "ListNumber") for name in styles)
    pictures = [each for each in body.iter() if each.tag.endswith("}docPr")]
    assert tags.count("Figure") == len(pictures) == 1
    assert pdf.read_bytes().count(b"/Alt") == len(pictures)
    assert b"/Lang(en-GB)" in pdf.read_bytes()
