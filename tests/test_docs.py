"""The site builds without a warning and asks nobody for anything; README and pages keep step."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from generated import GENERATED, command_tables, listed
from guides import DOCS, PAGES, README, page, quoted, steps

from rsip_sim import __version__
from tests.fakes.places import ROOT

LINK = re.compile(r"\]\(([^)#\s]+)")
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[!c]*.yml"))
LONGEST, WIDEST = 34, 96  # lines of a first screen with its fence, columns


class Asked(HTMLParser):
    """What a page makes a browser fetch, and the places it links to."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.images: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "img":
            self.images.append(given)
        wanted = given.get("href") if tag == "link" else given.get("src")
        if wanted:
            self.fetched.append(wanted)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site. Strict: a broken link or an unknown page is an error."""
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-E"]
    done = subprocess.run(
        [*command, "-d", out / "trees", DOCS, out / "html"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return out / "html"


def test_every_page_is_built_and_asks_nobody_for_anything(site) -> None:
    pages = {path.relative_to(site).with_suffix("") for path in site.rglob("*.html")}
    assert {path.relative_to(DOCS).with_suffix("") for path in DOCS.rglob("*.md")} <= pages
    for path in site.rglob("*.html"):
        asked = Asked()
        asked.feed(path.read_text("utf-8"))
        assert not [each for each in asked.fetched if re.match(r"(https?:)?//", each)], path
        assert all(image.get("alt") for image in asked.images), path
    for style in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)[^;)]*//", style.read_text("utf-8")), style


def test_the_reference_has_what_the_code_has_and_no_mark_is_left(site) -> None:
    def said(name: str) -> str:
        return (site / name).read_text("utf-8")

    assert "generated:" not in said("reference/levers.html")
    for name, word in (
        ("reference/commands.html", "Compare scenarios with a baseline"),
        ("reference/levers.html", "agreement.length_months"),
        ("reference/scenarios.html", "funding.earmark_gbp_per_year"),
        ("reference/metrics.html", "unmet_days"),
        ("reference/studies.html", "two_year_review"),
        ("reference/model_description.html", "membership_multiplier"),
        ("python.html", "rsip_sim.robust"),
    ):
        assert word in said(name), name
    marks = {mark for path in DOCS.rglob("*.md") for mark in _marks(path)}
    assert marks == set(GENERATED)


def _marks(path: Path) -> list[str]:
    return re.findall(r"<!-- generated: ([\w ]+) -->", path.read_text("utf-8"))


def test_the_readme_is_short_and_every_file_it_links_to_is_there() -> None:
    text = README.read_text("utf-8")
    assert len(text.splitlines()) <= 160
    for link in LINK.findall(text):
        assert (ROOT / link).exists(), link


def test_the_commands_of_the_readme_are_those_there_are() -> None:
    (table,) = [text for command, text in quoted(README.read_text("utf-8")) if command is None]
    assert table == command_tables(), "run python docs/fill.py"


def test_what_is_cited_is_this_version() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert cited["version"] == __version__


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_asks_questions_that_have_names_of_their_own(path) -> None:
    form = yaml.safe_load(path.read_text("utf-8"))
    names = [field["id"] for field in form["body"]]
    assert form["name"]
    assert form["description"]
    assert len(set(names)) == len(names) > 1


def test_the_readme_opens_with_a_first_screen_that_says_price_and_how_sure() -> None:
    (screen,) = [text for command, text in quoted(README.read_text("utf-8")) if command]
    lines = screen.splitlines()
    assert len(lines) <= LONGEST
    assert max(map(len, lines)) <= WIDEST
    for words in ("£000 a year", "HOW SURE", "MORE"):
        assert words in screen


def test_pages_hold_first_screens_of_what_they_do() -> None:
    for name in PAGES:
        text = page(name)
        typed = "\n".join(step["text"] for step in steps(text))
        for command, screen in quoted(text):
            assert command, name
            assert command.split()[2] in typed, f"{name} shows results it does not make"
            assert screen, f"{command}: run python docs/fill.py"
            assert len(screen.splitlines()) <= LONGEST, command
            assert max(map(len, screen.splitlines())) <= WIDEST, command


def test_arguments_in_a_docstring_become_a_list_and_prose_stays() -> None:
    lines = ["Simulate.", "", "seed   of the draws;", "       None: the file's", "out  folder", ""]
    assert listed([*lines, "Raises ScenarioError: every fault of", "every file."]) == [
        "Simulate.", "", "* **seed**: of the draws; None: the file's", "* **out**: folder", "",
        "Raises ScenarioError: every fault of", "every file.", "",
    ]  # fmt: skip
