"""What a planner types, and what comes back: results on stdout, the rest on stderr."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import rsip_sim
from rsip_sim.cli.app import GROUPS
from rsip_sim.experiment.errors import BlockFailure, BlocksFailed, RunInterrupted

GIAS = Path(__file__).parents[1] / "evidence" / "gias_extract.csv"
FEW = ("--replications", 8, "--workers", 1)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_check_counts_the_files_that_are_right(rsip, folder):
    done = rsip("check", "one_year.yaml", "two_year.yaml")
    assert (done.exit_code, done.stderr) == (0, "")
    *money, last = done.stdout.splitlines()
    assert last == "No faults in 2 files"
    # beside the count only what the money comes to a pupil, a line a file
    assert [line.partition(": the earmark is £")[0] for line in money] == [
        "one_year.yaml",
        "two_year.yaml",
    ]


def test_check_lists_every_fault_of_every_file_and_exits_with_2(rsip, folder):
    (folder / "first.yaml").write_text("extends: base.yaml\nagreement: {lenght_months: 24}\n")
    (folder / "second.yaml").write_text("extends: base.yaml\nfunding: {ses_gbp_per_year: lots}\n")
    done = rsip("check", "first.yaml", "second.yaml", "third.yaml", "two_year.yaml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert re.search(r"^first\.yaml:2:13: .*length_months", done.stderr, re.MULTILINE)
    assert re.search(r"^second\.yaml:2:\d+: .*ses_gbp_per_year", done.stderr, re.MULTILINE)
    assert "third.yaml: there is no such file" in done.stderr


def test_schema_is_json_and_may_go_to_a_file(rsip, folder):
    printed = rsip("schema")
    assert json.loads(printed.stdout)["title"] == "Scenario of rsip_sim"
    done = rsip("schema", "--out", "scenario.schema.json")
    assert (done.exit_code, done.stdout) == (0, "")
    assert (folder / "scenario.schema.json").read_text(encoding="utf-8") == printed.stdout


def test_a_file_that_says_something_else_is_not_replaced(rsip, folder):
    (folder / "letter.txt").write_text("Dear Cabinet Member")
    done = rsip("schema", "--out", "letter.txt")
    assert done.exit_code == 2
    assert "letter.txt exists already" in done.stderr
    assert (folder / "letter.txt").read_text() == "Dear Cabinet Member"


def test_roster_is_made_from_the_national_register(rsip, folder):
    done = rsip("roster", GIAS, "--la", "Fenmoor", "--as-at", "2011-04", "--out", "ours.csv")
    assert (done.exit_code, done.stdout) == (0, "ours.csv\n")
    assert "schools of Fenmoor on the first of April 2011" in done.stderr
    assert len(rsip_sim.load_roster(folder / "ours.csv")) > 0


@pytest.mark.parametrize(
    ("la", "month", "said"),
    [
        ("Fenmor", "2011-04", "did you mean 'Fenmoor'?"),
        ("Fenmoor", "4/2011", "is not a month"),
        ("Fenmoor", "0000-01", "0000-01 is too far away; from 1000-01 to 2100-12"),
        ("Fenmoor", "9999-12", "9999-12 is too far away; from 1000-01 to 2100-12"),
    ],
)
def test_a_roster_that_cannot_be_made_is_a_wrong_input(rsip, folder, la, month, said):
    done = rsip("roster", GIAS, "--la", la, "--as-at", month, "--out", "ours.csv")
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (folder / "ours.csv").exists()


@pytest.mark.usefixtures("without_charts")
def test_run_prints_headlines_and_keeps_everything_in_the_folder(rsip, folder):
    done = rsip("run", "two_year.yaml", *FEW, "--out", "results/two")
    assert done.exit_code == 0, done.stderr
    assert "two-year agreement" in done.stdout.casefold()
    assert "are in results" in done.stderr
    kept = tree(folder / "results/two")
    assert {"summary.txt", "tables/headlines.csv", "manifest.json"} <= set(kept)
    assert rsip("show", "results/two").stdout == done.stdout


@pytest.mark.usefixtures("without_charts")
def test_compare_prints_differences_and_says_where_they_are_kept(rsip, folder):
    done = rsip("compare", "no_partnership.yaml", "two_year.yaml", *FEW, "--out", "here")
    assert done.exit_code == 0, done.stderr
    assert len(done.stdout.splitlines()) <= 32
    assert "The council pays, £000 a year" in done.stdout
    assert "rsip paper here" in done.stdout
    assert "are in here" in done.stderr
    kept = tree(folder / "here")
    assert b"two_year" in kept["tables/differences.csv"]
    assert json.loads(kept["manifest.json"])["replications"] == 8


@pytest.mark.usefixtures("without_charts", "no_other_rules")
def test_without_a_folder_the_run_has_a_name_of_its_own(rsip, folder):
    words = ("compare", "no_partnership.yaml", "two_year.yaml", *FEW, "--quiet")
    assert rsip(*words).stderr == ""
    (kept,) = (folder / "runs").iterdir()
    assert re.fullmatch(r"no_partnership_and_1_more-[0-9a-f]{12}", kept.name)
    before = tree(kept)
    assert rsip(*words).exit_code == 0
    assert tree(kept) == before
    assert rsip(*words, "--seed", 5).exit_code == 0
    assert len(list((folder / "runs").iterdir())) == 2


@pytest.mark.usefixtures("without_charts")
def test_a_folder_with_another_run_is_refused(rsip, folder):
    assert rsip("run", "two_year.yaml", *FEW, "--out", "here").exit_code == 0
    before = tree(folder / "here")
    done = rsip("run", "one_year.yaml", *FEW, "--out", "here")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "holds another run" in done.stderr
    assert tree(folder / "here") == before


@pytest.mark.parametrize(
    "words",
    [
        ("compare", "two_year.yaml"),
        ("compare", "two_year.yaml", "two_year.yaml"),
        ("run", "two_year.yaml", "--replications", "0"),
        ("run", "two_year.yaml", "--workers", "many"),
        ("run", "two_yaer.yaml"),
        ("rnu", "two_year.yaml"),
        ("run", "two_year.yaml", "--replicatons", "5"),
    ],
)
def test_wrong_input_exits_with_2_and_a_message_on_stderr(rsip, folder, words):
    done = rsip(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "runs").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "two_year.yaml", "--replications", "1.000"), "write 1 or 1000"),
        (("experiment", "study.yaml", "--replications", "0"), "0 is too small; at least 1"),
        (("run", "two_year.yaml", "--seed", "1_0"), "not grouped by thousands; write 10"),
        (("solve", "two_year.yaml", "--from", "22,5"), "has a decimal comma; write 22.5"),
        (("solve", "two_year.yaml", "--from", "750.000"), "write 750 or 750_000"),
    ],
)
def test_a_number_of_an_option_has_one_meaning(rsip, folder, words, said):
    done = rsip(*words, *(("--lever", "l", "--target", "t") if "solve" in words else ()))
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.replace("│", " ").split())


def test_scenarios_that_do_not_fit_together_are_refused(rsip, folder):
    (folder / "longer.yaml").write_text("extends: base.yaml\nhorizon_months: 72\n")
    done = rsip("compare", "two_year.yaml", "longer.yaml")
    assert done.exit_code == 2
    assert "share their horizon: two_year.yaml has 60 months, longer.yaml has 72" in done.stderr


def fail_with(error: BaseException):
    def simulate(*_: object, **__: object) -> None:
        raise error

    return simulate


def test_a_failing_block_exits_with_3_and_says_which(rsip, folder, monkeypatch):
    failure = BlockFailure("two_year", 512, 999, "simulate", "ValueError", "no schools")
    error = BlocksFailed([failure] * 7, folder)
    monkeypatch.setattr("rsip_sim.face.run_scenarios", fail_with(error))
    done = rsip("run", "two_year.yaml")
    assert done.exit_code == 3
    assert done.stderr.count("two_year, replications 512–999: simulate failed") == 5
    assert "and 2 more" in done.stderr
    assert "failures.log" in done.stderr


def test_ctrl_c_says_what_is_kept_and_how_to_go_on(rsip, folder, monkeypatch):
    stopped = RunInterrupted(7, 20, Path("results/here"))
    monkeypatch.setattr("rsip_sim.face.run_scenarios", fail_with(stopped))
    done = rsip("run", "two_year.yaml")
    assert done.exit_code == 130
    assert "7 of 20 blocks are stored in" in done.stderr
    assert "the same command carries on" in done.stderr


def test_a_fault_of_the_programme_is_one_line_and_the_traceback_goes_to_a_file(
    rsip, folder, monkeypatch
):
    (folder / "here").mkdir()
    monkeypatch.setattr("rsip_sim.face.run_scenarios", fail_with(ZeroDivisionError("by nought")))
    done = rsip("run", "two_year.yaml", "--out", "here")
    assert done.exit_code == 1
    assert (
        "a fault of the programme, not of your files: ZeroDivisionError: by nought" in done.stderr
    )
    assert "Traceback" not in done.stderr
    assert "Traceback" in (folder / "here/error.log").read_text(encoding="utf-8")
    monkeypatch.setenv("RSIP_DEBUG", "1")
    assert "Traceback" in rsip("run", "two_year.yaml").stderr


def test_help_names_every_command_and_option(rsip):
    words = rsip("--help").stdout
    assert all(name in words for name in ("check", "schema", "roster", "run", "compare"))
    words = rsip("compare", "--help").stdout
    for name in ("BASELINE", "FILE", "--replications", "--seed", "--workers", "--out", "--quiet"):
        assert name in words


def test_help_says_where_to_begin_and_what_an_exit_code_means(rsip):
    words = " ".join(rsip("--help").stdout.split())
    assert "rsip init" in words
    for code in ("0 done", "2 wrong input", "3 ran but a check failed", "130 stopped", "1 a fault"):
        assert code in words


@pytest.mark.parametrize("name", [name for names in GROUPS.values() for name in names])
def test_the_help_of_a_command_fits_on_a_screen_and_says_where_results_go(rsip, monkeypatch, name):
    monkeypatch.setenv("COLUMNS", "96")
    help_ = rsip(name, "--help").stdout
    assert len(help_.splitlines()) <= (32 if name != "solve" else 46), (
        "solve: two levers and a target"
    )
    if "--out" in help_:
        assert re.search(r"otherwise|write it there|file to write", help_, re.IGNORECASE)


def test_help_imports_no_library_of_the_model():
    code = "import sys, rsip_sim.cli.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "pandas", "pydantic", "matplotlib"} & set(done.stdout.split())


def test_version(rsip):
    assert rsip("--version").stdout == f"rsip_sim {rsip_sim.__version__}\n"


def test_the_whole_command_with_processes_and_charts(folder):
    words = ["compare", "no_partnership.yaml", "two_year.yaml", "--replications", "6"]
    done = subprocess.run(
        [sys.executable, "-m", "rsip_sim", *words, "--workers", "2", "--out", "here"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr
    summary = (folder / "here/summary.txt").read_text(encoding="utf-8").splitlines()
    screen = done.stdout.splitlines()
    assert screen[: screen.index("HOW SURE")] == summary[: summary.index("HOW SURE")]
    charts = {path.suffix for path in (folder / "here/charts").iterdir()}
    assert {".svg", ".png", ".csv"} <= charts
    listed = json.loads((folder / "here/manifest.json").read_text(encoding="utf-8"))["files"]
    kept = {path.replace(os.sep, "/") for path in tree(folder / "here")}
    assert set(listed) == kept - {"manifest.json"}
