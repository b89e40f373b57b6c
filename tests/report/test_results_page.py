"""The page of a results folder: the answer open, the rest folded, and nothing from elsewhere."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from rsip_sim.report.html import results_page
from rsip_sim.studies.compare.charts import comparison_charts
from rsip_sim.studies.compare.report import comparison_report
from rsip_sim.studies.compare.work import compare_results
from rsip_sim.studies.kernel.keeping import PAGE, drawn, told_files
from tests.fakes.panels import FIVE, NO_PARTNERSHIP, fake_results
from tests.fakes.programs import BROWSERS, program
from tests.report.test_report import REPORT

SCENARIOS = (*FIVE, NO_PARTNERSHIP)


@pytest.fixture(scope="module")
def page() -> str:
    results = fake_results(SCENARIOS, 60)
    tables = compare_results(results, FIVE[0], SCENARIOS[1:])
    charts = comparison_charts(results, tables)
    files = told_files("Told.", {}, drawn(charts.values()), comparison_report(tables))
    return files[PAGE].decode()


def test_it_opens_with_the_question_the_answer_a_real_table_and_one_drawing(page: str) -> None:
    opened = page[: page.index("<details>")]
    assert opened.count("<h1>") == 1
    assert "<h1>Which option changes what, and at what price?</h1>" in opened
    assert opened.count("<table") == opened.count("<svg ") == 1
    assert opened.count('<th scope="row">') == 8
    assert "<h2>How sure</h2>" in opened
    assert opened.index("<table") < opened.index("<svg ") < opened.index("How sure")


def test_everything_else_is_folded_with_the_other_charts_last(page: str) -> None:
    heads = re.findall(r"<summary><h2>(.*?)</h2></summary>", page)
    assert heads[0].startswith("The price")
    assert heads[-1] == "Charts"
    last = page[page.rindex("<details>") :]
    assert last.count("<img ") == 3
    assert "<table" not in last


def test_every_drawing_is_told_in_words(page: str) -> None:
    alternatives = re.findall(r'<svg [^>]*aria-label="([^"]*)"', page)
    alternatives += re.findall(r'<img [^>]*alt="([^"]*)"', page)
    assert len(alternatives) == 4
    assert all(150 < len(unescape(each)) < 2500 for each in alternatives)


def test_it_asks_nothing_of_any_other_place_and_runs_nothing(page: str) -> None:
    """Opened from a shared drive it is whole: no script, no request."""
    assert "<script" not in page
    addresses = re.findall(r"""(?:src|href)=["']([^"']*)""", page)
    assert all(each.startswith(("data:", "#")) for each in addresses)
    assert "default-src 'none'" in page
    assert not re.search(r"url\((?!#)", page)


def test_a_report_without_charts_has_its_page_too() -> None:
    page = results_page(REPORT, {})
    assert "<figure" not in page
    assert "<h1>How long?</h1>" in page


def test_axe_finds_nothing_to_mend_on_a_desk_or_a_phone_in_light_or_dark(
    page: str, tmp_path: Path
) -> None:
    browser_path = program(*BROWSERS)
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for width, scheme in ((1280, "light"), (390, "dark")):
            context = browser.new_context(
                viewport={"width": width, "height": 844}, offline=True, bypass_csp=True,
                color_scheme=scheme,
            )  # fmt: skip
            opened = context.new_page()
            opened.goto((tmp_path / "index.html").as_uri())
            opened.eval_on_selector_all("details", "all => all.forEach(each => each.open = true)")
            found = Axe().run(opened).response["violations"]
            assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
            assert opened.evaluate("document.documentElement.scrollWidth") <= width
        browser.close()
