"""The guide for another council is run as it is written: its files, its commands, in its order."""

from __future__ import annotations

import shutil
from pathlib import Path

import docx
import pytest
from guides import page, steps, walk
from typer.testing import CliRunner

from rsip_sim import load_scenario
from rsip_sim.cli.app import app
from tests.fakes.places import ROOT

GUIDE = page("another_council")
EXTRACT = ROOT / "tests" / "evidence" / "gias_extract.csv"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The folder after the whole guide, and what each command of it printed, by command."""
    folder = tmp_path_factory.mktemp("council")
    shutil.copy(EXTRACT, folder / "edubasealldata.csv")
    return folder, walk(GUIDE, folder)


def printed(said: dict[str, str], command: str) -> str:
    return next(text for line, text in said.items() if line.startswith(f"rsip {command}"))


def test_every_file_of_the_guide_has_a_name_and_every_block_is_run() -> None:
    kinds = [step["kind"] for step in steps(GUIDE)]
    assert set(kinds) == {"yaml", "bash"}
    assert all(step["file"] for step in steps(GUIDE) if step["kind"] == "yaml")
    assert GUIDE.count("```") == 2 * len(kinds)


def test_the_schools_are_the_councils_and_the_first_line_finds_the_schema(done) -> None:
    folder, said = done
    assert "15 schools of Fenmoor" in printed(said, "roster")
    scenario = load_scenario(folder / "fenmoor/two_year.yaml")
    assert len(scenario.roster) == 15
    assert (folder / "fenmoor/scenario.schema.json").is_file()


def test_the_money_is_the_councils_own_and_all_else_the_shipped_base(done) -> None:
    folder, said = done
    ours = load_scenario(folder / "fenmoor/two_year.yaml").policy.levers.funding
    base = load_scenario("rsip:base").policy.levers.funding
    assert (ours.dsg_gbp_per_pupil, ours.earmark_gbp_per_year) == (4850, 90_000)
    assert ours.ses_gbp_per_year == 240_000
    assert ours.service_money == base.service_money
    theirs = printed(said, "check")
    assert "£18.78 a pupil" in theirs
    # the yardstick the guide gives is Rotherham's
    told = CliRunner().invoke(app, ["check", "rsip:two_year"]).stdout
    for figure in ("£16.51", "£48.56"):
        assert figure in told
        assert figure in GUIDE


def test_the_answer_is_about_the_council_and_names_the_price(done) -> None:
    _, said = done
    screen = printed(said, "compare")
    assert "15 schools of Fenmoor" in screen
    assert "£000 a year" in screen
    assert "Rotherham" not in screen
    assert "2011-12" in printed(said, "show results/fenmoor price")


def test_the_paper_is_the_councils(done) -> None:
    folder, _ = done
    paper = docx.Document(str(folder / "results/fenmoor/paper/paper.docx"))
    words = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert "Fenmoor" in words
    assert "Rotherham" not in words
