"""The command that writes a Cabinet pack: what it keeps, and what it says of a wrong request."""

from __future__ import annotations

import shutil
from pathlib import Path

import docx
import pytest
from docx.shared import Cm

import rsip_sim
from rsip_sim.report.stored import read
from tests.cli.conftest import SCENARIOS, Rsip

FILES = {
    "paper.docx", "paper.html", "annex.docx", "annex.html", "tables.xlsx", "findings.json",
    "summary.txt",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small comparison, simulated once."""
    out = tmp_path_factory.mktemp("made") / "c"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rsip_sim.studies.compare.charts.comparison_charts", lambda *_: {})
        names = [SCENARIOS / "no_agreement.yaml", SCENARIOS / "two_year.yaml"]
        rsip_sim.compare(names, replications=12, workers=1, out=out)
    return out


@pytest.fixture
def kept(made: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it in the current folder; charts have tests of their own."""
    monkeypatch.setattr("rsip_sim.paper.make.comparison_charts", lambda *_: {})
    return Path(shutil.copytree(made, folder / "c"))


def test_the_pack_is_kept_beside_the_comparison_and_written_again(rsip: Rsip, kept: Path) -> None:
    done = rsip("paper", kept)
    assert done.exit_code == 0
    assert done.stdout.strip() == str(kept / "paper/paper.docx")
    assert {path.name for path in (kept / "paper").iterdir()} >= FILES
    before = {path.name: path.read_bytes() for path in (kept / "paper").glob("*.*")}
    assert rsip("paper", kept).exit_code == 0
    after = {path.name: path.read_bytes() for path in (kept / "paper").glob("*.*")}
    assert after == before


def test_a_study_made_since_is_taken_in_when_the_paper_is_written_again(
    rsip: Rsip, kept: Path
) -> None:
    assert rsip("paper", kept).exit_code == 0
    assert rsip("robust", kept, "-q").exit_code == 0
    assert rsip("paper", kept).exit_code == 0
    title = read((kept / "studies/robust/report.json").read_text("utf-8")).title
    assert title in (kept / "paper/annex.html").read_text("utf-8")


def test_a_paper_that_officers_worked_on_is_never_overwritten(rsip: Rsip, kept: Path) -> None:
    assert rsip("paper", kept).exit_code == 0
    paper = kept / "paper/paper.docx"
    document = docx.Document(str(paper))
    document.add_paragraph("What the director wrote.")
    document.save(str(paper))
    again = rsip("paper", kept)
    assert again.exit_code == 2
    assert "changed after it was made" in again.stderr
    assert "--out" in again.stderr
    assert document.paragraphs[-1].text == docx.Document(str(paper)).paragraphs[-1].text
    assert rsip("paper", kept, "--out", kept / "paper2").exit_code == 0


def test_schools_are_named_only_with_the_option_and_elsewhere(rsip: Rsip, kept: Path) -> None:
    assert rsip("paper", kept).exit_code == 0
    other = rsip("paper", kept, "--with-schools")
    assert other.exit_code == 2
    assert "differs in: with schools" in other.stderr
    assert rsip("paper", kept, "--with-schools", "--out", kept / "named").exit_code == 0
    silent, named = ((kept / name / "annex.html").read_text("utf-8") for name in ("paper", "named"))
    assert "no forecast of a named school" in named
    assert "no forecast of a named school" not in silent


def test_a_councils_own_word_file_lends_its_styles(rsip: Rsip, kept: Path, tmp_path: Path) -> None:
    own = docx.Document()
    own.add_paragraph("Their text, which is not ours.")
    own.styles["Heading 1"].font.name = "Georgia"  # type: ignore[attr-defined]
    own.sections[0].left_margin = Cm(4)
    own.save(str(tmp_path / "council.docx"))
    done = rsip("paper", kept, "--template", tmp_path / "council.docx")
    assert done.exit_code == 0, done.stderr
    made = docx.Document(str(kept / "paper/paper.docx"))
    assert made.styles["Heading 1"].font.name == "Georgia"  # type: ignore[attr-defined]
    assert made.sections[0].left_margin == pytest.approx(Cm(4), rel=1e-3)
    told = [paragraph.text for paragraph in made.paragraphs]
    assert "Summary" in told
    assert not any("Their text" in text for text in told)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("c", "--template", "rotheram"), "did you mean 'rotherham'?"),
        (("c", "--template", "nowhere.docx"), "nowhere.docx cannot be read"),
        (("c", "--template", "base.docx"), "save it as .docx"),
        (("nowhere",), "nowhere"),
        (("c", "--out", "base.yaml"), "is a file, not a folder"),
        (("c", "--out", "."), "holds files that are no study"),
    ],
)
def test_a_wrong_request_says_what_is_wrong(
    rsip: Rsip, kept: Path, words: tuple[str, ...], told: str
) -> None:
    (kept.parent / "base.docx").write_text("no Word file")
    done = rsip("paper", *words)
    assert done.exit_code == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not (kept / "paper").exists()


def test_one_scenario_is_no_comparison(rsip: Rsip, folder: Path, without_charts: None) -> None:
    assert rsip("run", "base.yaml", "--replications", 2, "--out", "r", "-q").exit_code == 0
    done = rsip("paper", "r")
    assert done.exit_code == 2
    assert "one scenario" in done.stderr
