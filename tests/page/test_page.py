"""The page without a browser: the answer with its numbers, faults at fields, files kept."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from rsip_sim import face
from rsip_sim.cli.app import app
from rsip_sim.page import app as pages
from rsip_sim.page.app import Page
from rsip_sim.page.live import Outdated
from tests.page.conftest import FIRST, OURS, REFINED, THEIRS

LENGTH = "agreement.length_months"
TURNED = {LENGTH: "36"}
ASK = {"window": "here", "turn": "1"}


class Cells(HTMLParser):
    """The rows of the first table of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = False
        self.feed(text[text.index("<tbody>") : text.index("</tbody>")])

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self.rows[-1].append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag not in ("th", "td")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data


def told(text: str) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture
def without_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts of a kept run take a second each and have tests of their own."""
    import rsip_sim.studies.compare.charts

    monkeypatch.setattr(rsip_sim.studies.compare.charts, "comparison_charts", lambda *_: {})


def test_without_a_script_the_button_shows_the_whole_answer(client: TestClient) -> None:
    bare = client.get("/").text
    assert "Press “Show the answer”" in bare
    assert "<table" not in bare
    text = client.get("/", params={**TURNED, "show": "first"}).text
    assert f"From {FIRST} simulated futures" in text
    assert len(Cells(text).rows) == 8
    assert re.search(r'<img src="data:image/svg\+xml;base64,[^"]+" alt="[^"]{150,}"', text)
    assert "How sure" in text
    assert f'value="{TURNED[LENGTH]}"' in text


def test_the_script_is_sent_the_answer_and_asks_for_more_futures_next(client: TestClient) -> None:
    first = client.get("/answer", params={**ASK, **TURNED}).json()
    assert (first["futures"], first["next"]) == (FIRST, "refined")
    assert first["said"] in unescape(first["html"])
    refined = client.get("/answer", params={**ASK, **TURNED, "futures": "refined"}).json()
    assert (refined["futures"], refined["next"]) == (REFINED, "")
    marks = first["levers"]["agreement-length-months"]
    assert marks == {"differs": True, "explained": True, "fault": "", "was": "0 months"}
    assert first["address"] == f"baseline={THEIRS}&policy={OURS}&{LENGTH}=36"


def test_the_command_and_the_python_shown_give_the_numbers_of_the_page(
    client: TestClient, same_site: dict[str, str], without_charts: None
) -> None:
    asked = {**TURNED, f"why.{LENGTH}": "Heads asked for it", "climate.conversion": "flat"}
    before = client.get("/answer", params={**ASK, **asked}).json()["html"]
    names = re.findall(r"<code>([\w.]+\.yaml)</code>", before)
    assert "Save first" in before
    assert client.post("/save", data={**asked, "file": names[-1]}, headers=same_site).is_redirect
    html = client.get("/answer", params={**ASK, **asked}).json()["html"]
    assert "Save first" not in html
    told = re.findall(r"<pre.*?><code>(.*?)</code>", html, re.S)
    command, python = map(unescape, told)
    done = CliRunner().invoke(app, [*command.split()[1:], "--format", "csv", "--workers", "1"])
    assert done.exit_code == 0, done.stderr
    _, *rows = csv.reader(io.StringIO(done.stdout))
    assert Cells(html).rows == rows
    names: dict[str, Any] = {}
    exec(python, names)
    comparison = names["comparison"]
    assert [list(row) for row in comparison.report.table.labelled] == rows


def test_what_is_saved_keeps_the_reasons_and_is_offered_from_then_on(
    client: TestClient, folder: Path, same_site: dict[str, str]
) -> None:
    asked = {**TURNED, f"why.{LENGTH}": "Heads asked: £2 a pupil # more", "file": "plan"}
    answer = client.post("/save", data=asked, headers=same_site)
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("#done")
    assert not face.check([folder / "plan.yaml"])
    assert face.load_scenario(folder / "plan.yaml").policy.levers.agreement.length_months == 36
    page = client.get(answer.headers["location"]).text
    assert "Saved plan.yaml" in page
    assert '<option value="plan.yaml">' in page


@pytest.mark.parametrize(
    "name",
    ["../plan.yaml", "/elsewhere/plan.yaml", "a/b.yaml", "", ".yaml", "x\0.yaml", "n.py"],
)
def test_nothing_is_written_outside_the_folder_or_under_a_name_that_will_not_do(
    client: TestClient, folder: Path, same_site: dict[str, str], name: str
) -> None:
    before = sorted(folder.parent.rglob("*"))
    client.post("/save", data={**TURNED, "file": name}, headers=same_site)
    made = set(folder.parent.rglob("*")) - set(before)
    assert made <= {folder / "n.py.yaml"}
    assert made or "Not done" in client.get("/").text


def test_no_file_is_written_over(
    client: TestClient, folder: Path, same_site: dict[str, str]
) -> None:
    text = (folder / OURS).read_text("utf-8")
    client.post("/save", data={**TURNED, "file": OURS}, headers=same_site)
    assert (folder / OURS).read_text("utf-8") == text
    assert "exists already and is left as it is" in client.get("/").text


def test_what_is_at_fault_is_told_at_its_field_and_in_a_list_and_is_not_run(
    client: TestClient, folder: Path, same_site: dict[str, str]
) -> None:
    wrong = {LENGTH: "200", "agreement.quorum": "50%", "show": "first"}
    words = "200 is too large; from 0 to 120 months"
    page = client.get("/", params=wrong).text
    field = re.search(r'<input[^>]*id="agreement-length-months"[^>]*>', page)
    assert field
    assert 'aria-invalid="true"' in field.group()
    assert "agreement-length-months-fault" in field.group()
    at = re.search(r'<p class="fault" id="agreement-length-months-fault">(.*?)</p>', page)
    assert at
    assert at.group(1) == f"Cannot be used: {words}"
    assert f'<a href="#agreement-length-months">Agreement length</a>: {words}' in page
    assert '<details id="rank-2" open>' in page
    assert "<table" not in page
    sent = client.get("/answer", params={**ASK, **wrong}).json()
    assert sent["levers"]["agreement-length-months"]["fault"] == words
    assert sent["faults"] == 2
    assert "html" not in sent
    for place in ("/save", "/keep"):
        assert client.post(place, data={**wrong, "file": "x"}, headers=same_site).status_code == 422
    assert not list(folder.glob("x*"))
    assert not (folder / "runs").exists()


def test_an_outdated_question_is_said_to_be_so(
    page: Page, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def outdated(*_: object) -> None:
        raise Outdated

    monkeypatch.setattr(page.live, "answer", outdated)
    assert client.get("/answer", params=ASK).status_code == 409
    assert client.get("/hangs", params=ASK).status_code == 409
    assert client.get("/answer", params={"window": "here", "turn": "x"}).status_code == 400


def test_a_fault_of_the_programme_is_called_so_and_shows_no_traceback(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr(page.live, "answer", broken)
    client = TestClient(page.app(["here:1"]), "http://here:1", raise_server_exceptions=False)
    answer = client.get("/answer", params=ASK)
    assert answer.status_code == 500
    assert "a fault of the programme" in answer.text
    assert "Traceback" not in answer.text
    assert "content-security-policy" in answer.headers


def test_what_the_answer_hangs_on_comes_with_the_answer_that_says_it(
    page: Page, client: TestClient
) -> None:
    page.refined = 256  # of fewer the rules are not tried
    told_ = client.get("/hangs", params={**ASK, **TURNED}).json()
    assert "rule" in told_["hangs"]
    assert 'id="hangs-table-1"' in told_["hangs"]
    assert "In truth" in told_["html"]


def test_a_run_is_kept_as_the_command_keeps_it_and_its_paper_is_written(
    page: Page, client: TestClient, folder: Path, same_site: dict[str, str],
    monkeypatch: pytest.MonkeyPatch, without_charts: None,
) -> None:  # fmt: skip
    def paper(comparison: face.Comparison) -> Path:
        kept = comparison.results.folder / "paper"
        kept.mkdir()
        (kept / "paper.docx").write_bytes(b"words")
        return kept

    monkeypatch.setattr(face.Comparison, "paper", paper)
    client.post("/keep", data=TURNED, headers=same_site)
    client.post("/keep", data=TURNED, headers=same_site)  # pressed twice it is run once
    page.deeds.wait()
    (run,) = page.deeds.shown()
    assert run.state == "done", run.said
    assert run.folder is not None
    assert run.folder.parent == folder / "runs"
    expected = page._read([*TURNED.items()]).made
    assert expected is not None
    assert run.folder.name == face.default_folder(expected).name
    kept = face.open_comparison(run.folder)
    assert kept.results.replications == 20
    assert kept.differences.equals(face.compare(expected, workers=1).differences)
    shown = client.get("/kept/0/index.html")
    assert "script-src" not in shown.headers["content-security-policy"]
    assert told(shown.text).startswith("What does")
    for name in ("manifest.json", "..%2Fours.yaml", "nothing"):
        assert client.get(f"/kept/0/{name}").status_code == 404
    place = client.post(
        "/paper",
        data={"run": "0"},
        headers={**same_site, "referer": "http://127.0.0.1:8011/?title=x"},
    )
    assert place.headers["location"] == "/?title=x#done"
    page.deeds.wait()
    assert client.get("/kept/1/paper.docx").content == b"words"
    listed = client.get("/done").json()
    assert not listed["running"]
    assert "Write the paper" not in listed["html"]


def test_a_paper_needs_a_run_that_is_kept(client: TestClient, same_site: dict[str, str]) -> None:
    for number in ("0", "-1", "x", "", "9" * 30, "9" * 5000, "²", "１"):
        assert client.post("/paper", data={"run": number}, headers=same_site).status_code == 404


def test_a_run_that_is_stopped_says_so_and_goes_on_from_there(
    page: Page, client: TestClient, same_site: dict[str, str]
) -> None:
    page.close()
    client.post("/keep", data=TURNED, headers=same_site)
    page.deeds.wait()
    assert "stopped before it was done" in page.deeds.shown()[0].said


def test_an_address_that_is_none_says_where_the_page_is(client: TestClient) -> None:
    assert client.get("/nothing").status_code == 404
    assert client.get("/save").status_code == 405
    assert "the page is at /" in client.get("/nothing").text
    assert pages.FIRST == 256
