"""What `rsip verify` and `rsip diff` answer: text on stdout, and the exit code says it too."""

from __future__ import annotations

from pathlib import Path

import pytest

from rsip_sim.measures.statistics import FEWEST_FOR_CURVES
from tests.fakes import papers


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("records")
    made = papers.scenarios(folder / "scenarios")
    return papers.kept_paper(folder / "paper", made, replications=6)


def test_verify_exits_with_0_where_all_is_equal(rsip, paper):
    done = rsip("verify", paper, "--all", "--workers", 1)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Nothing differs" in done.stdout


def test_verify_works_out_also_the_tables_that_need_many_futures(rsip, tmp_path):
    made = papers.scenarios(tmp_path / "scenarios")
    kept = papers.kept_paper(tmp_path / "paper", made, replications=FEWEST_FOR_CURVES)
    assert (kept / "tables" / "unevidenced.csv").is_file()
    done = rsip("verify", kept, "--blocks", 0, "--full", "--quiet")
    assert (done.exit_code, done.stderr) == (0, ""), done.stdout
    papers.replaced(kept / "tables" / "unevidenced.csv", ",", ", ")
    papers.covered_up(kept, "tables/unevidenced.csv")
    done = rsip("verify", kept, "--blocks", 0, "--quiet", "--full")
    assert done.exit_code == 3
    assert "unevidenced.csv" in done.stdout


def test_verify_exits_with_3_where_something_differs_and_still_tells_all(rsip, paper, tmp_path):
    copy = papers.copied(paper, tmp_path / "copy")
    papers.replaced(copy / "summary.txt", "futures", "fortunes")
    done = rsip("verify", copy, "--blocks", 0, "--quiet", "--full")
    assert (done.exit_code, done.stderr) == (3, "")
    assert "Something differs: files and tables." in done.stdout
    assert "record              as kept" in done.stdout


def test_a_verification_is_told_and_kept_nowhere(rsip, paper):
    before = {path for path in paper.rglob("*")}
    assert rsip("verify", paper, "--blocks", 0).exit_code == 0
    assert set(paper.rglob("*")) == before
    assert "--out" not in rsip("verify", "--help").stdout


def test_diff_explains_and_exits_with_0(rsip, paper, tmp_path):
    done = rsip("diff", paper, paper, "--metric", "members", "--quiet")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Nothing differs" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("verify", "nowhere"), "rsip: nowhere is no folder"),
        (("verify", "{paper}", "--blocks", "-1"), "--blocks"),
        (("diff", "{paper}", "nowhere"), "rsip: nowhere is no folder"),
        (("diff", "{paper}"), "DIR2"),
        (("diff", "{paper}", "{paper}", "--metric", "membrs"), "did you mean 'members'?"),
    ],
)
def test_wrong_input_exits_with_2_and_says_what_is_wrong(rsip, folder, paper, words, said):
    done = rsip(*(word.format(paper=paper) for word in words))
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_scenario_that_is_none_any_more_is_told_with_its_line(rsip, paper, tmp_path):
    copy = papers.copied(paper, tmp_path / "copy")
    papers.replaced(copy / "scenarios" / "one_year.resolved.yaml", "quorum: 0.5", "quorum: half")
    done = rsip("diff", paper, copy)
    assert done.exit_code == 2
    assert "one_year.resolved.yaml:" in done.stderr
    assert "quorum" in done.stderr


READING = ("paper {copy}", "risks {copy}", "diff {paper} {copy}")


@pytest.mark.parametrize("command", READING)
def test_a_flipped_bit_in_a_block_stops_every_command_that_reads_it(rsip, paper, tmp_path, command):
    copy = papers.copied(paper, tmp_path / "copy")
    block = copy / "data" / "two_year" / "0000000.parquet"
    content = bytearray(block.read_bytes())
    content[len(content) // 3] ^= 1
    block.write_bytes(content)
    done = rsip(*command.format(paper=paper, copy=copy).split())
    assert (done.exit_code, done.stdout) == (2, "")
    said = " ".join(done.stderr.split())
    assert str(block) in said
    assert "rsip compare no_agreement.yaml one_year.yaml two_year.yaml --replications 6" in said


@pytest.mark.parametrize("command", [*READING, "verify {copy}"])
def test_a_run_of_the_first_edition_is_refused_in_a_sentence(rsip, paper, tmp_path, command):
    copy = papers.copied(paper, tmp_path / "copy")
    for name in ("run.json", "manifest.json"):
        papers.replaced(copy / name, '"edition": 2,', "")
    done = rsip(*command.format(paper=paper, copy=copy).split())
    assert (done.exit_code, done.stdout) == (2, "")
    assert "made by the first edition of the model" in " ".join(done.stderr.split())
