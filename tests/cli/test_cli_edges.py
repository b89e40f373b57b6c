"""The command at the edge of the machine: streams, full disks, other programs' settings, Ctrl-C."""

from __future__ import annotations

import codecs
import errno
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import typer

from rsip_sim.cli.answers import answered, say, stand_in
from tests.cli.conftest import Rsip
from tests.fakes.places import ROOT

RSIP = f'"{sys.executable}" -m rsip_sim'
WITHOUT_CHARTS = f'"{sys.executable}" -m tests.fakes.without_charts'
RUN = "run two_year.yaml --replications 5 -q --out o"


def shell(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a shell makes of a command."""
    kept = {name: value for name, value in os.environ.items() if name != "RSIP_DEBUG"}
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env={**kept, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True, encoding="utf-8", errors="replace", timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize(
    "gone",
    ["<&- >&- 2>&-",
     *(pytest.param(each, marks=pytest.mark.slow)
       for each in ("2>/dev/full", "2>&-", ">&-", ">&- 2>&-"))],
)  # fmt: skip
def test_without_streams_a_run_is_kept_all_the_same(folder: Path, gone: str) -> None:
    """Under cron with 2>&- nothing was simulated; messages came out on stdout."""
    done = shell(f"{WITHOUT_CHARTS} run two_year.yaml --replications 5 --out o {gone}", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (folder / "o" / "manifest.json").is_file()
    assert "The results are in" not in done.stdout


def test_without_an_error_stream_wrong_input_is_still_wrong_input(folder: Path) -> None:
    done = shell(f"{RSIP} check nothere.yaml 2>&-", folder)
    assert (done.returncode, done.stdout) == (2, "")


def test_an_output_that_is_full_is_said_with_where_the_results_are(folder: Path) -> None:
    done = shell(f"{WITHOUT_CHARTS} {RUN} >/dev/full", folder)
    assert done.returncode == 2
    assert "could not be written" in done.stderr
    assert "the results are in o" in done.stderr
    assert "fault of the programme" not in done.stderr
    assert (folder / "o" / "manifest.json").is_file()


@pytest.mark.parametrize(
    "words",
    ["--help", "--version", "check two_year.yaml", pytest.param("schema", marks=pytest.mark.slow)],
)
def test_no_command_fails_over_a_full_output_with_a_traceback(folder: Path, words: str) -> None:
    done = shell(f"{RSIP} {words} >/dev/full", folder)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert "could not be written" in done.stderr


def test_neither_an_emoji_in_a_title_nor_settings_for_other_programs_change_anything(
    folder: Path, rsip: Rsip
) -> None:
    """Libraries read them too: warnings as errors, a backend that is not there, odd widths.

    Compared with the same run in this process, where nothing of the kind is set.
    """
    text = (folder / "two_year.yaml").read_text()
    lines = [
        "title: Two years \N{SCHOOL}" if x.startswith("title:") else x for x in text.split("\n")
    ]
    (folder / "two_year.yaml").write_text("\n".join(lines))
    with warnings.catch_warnings():  # a letter that a font lacks puts no library on the screen
        warnings.simplefilter("error", UserWarning)
        plain = rsip(*RUN.split())
    assert (plain.exit_code, plain.stderr) == (0, "")
    (folder / "o").rename(folder / "plain")
    (folder / "matplotlibrc").write_text("font.size: 30\n")
    other = shell(
        f"{RSIP} {RUN}", folder, PYTHONWARNINGS="error::DeprecationWarning",
        MPLBACKEND="module://nothing", TERMINAL_WIDTH="wide", COLUMNS="none", NO_COLOR="1",
        MATPLOTLIBRC="/nowhere", LC_ALL="xx_YY.bad", LANG="xx", OMP_NUM_THREADS="many",
    )  # fmt: skip
    assert other.returncode == 0, other.stderr
    assert other.stdout == plain.stdout
    assert other.stderr == ""
    for chart in (folder / "plain" / "charts").iterdir():
        assert (folder / "o" / "charts" / chart.name).read_bytes() == chart.read_bytes()


def test_letters_that_a_code_page_lacks_have_stand_ins() -> None:
    """In Windows' 1252 a minus sign was lost, and with it the direction of a change."""
    codecs.register_error("stand_in", stand_in)
    assert "−0.1 – £5 → ‘a’".encode("ascii", "stand_in") == b"-0.1 - GBP 5 -> 'a'"
    assert "−0.1 £".encode("cp1252", "stand_in") == b"-0.1 \xa3"
    assert "Łódź é 🏫".encode("ascii", "stand_in") == b"?odz e ?"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_no_fault_of_the_programme(
    capsys: pytest.CaptureFixture[str], code: int
) -> None:
    error = OSError(code, os.strerror(code), "o/data/a.parquet")
    with pytest.raises(typer.Exit) as ended, answered():
        raise error
    said = capsys.readouterr().err
    assert ended.value.exit_code == 2
    assert "o/data/a.parquet cannot be used" in said
    assert "Make room" in said


def test_a_full_disk_that_names_no_file_is_told_with_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As libraries raise it whose files have no name."""
    with pytest.raises(typer.Exit) as ended, answered(tmp_path):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert ended.value.exit_code == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_a_file_that_is_open_elsewhere_is_told_to_be_closed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = tmp_path / "paper.docx"
    held.write_text("open in Word")
    with pytest.raises(typer.Exit), answered():
        raise PermissionError(errno.EACCES, "Permission denied", ".x.tmp", None, str(held))
    said = capsys.readouterr().err
    assert f"{held} cannot be used" in said
    assert "Close it in Word" in said


def test_an_error_that_is_no_disks_is_still_the_programmes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(typer.Exit) as ended, answered():
        raise KeyError("mean")
    assert ended.value.exit_code == 1
    assert "fault of the programme" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("typer", 130),
        ("pydantic", 130),
        ("rsip_sim.model.simulation", 130),
        ("the end", 0),
    ],
)
def test_ctrl_c_at_any_moment_prints_no_traceback(folder: Path, moment: str, code: int) -> None:
    """In its imports, before it simulates, at its end."""
    words = "check two_year.yaml" if moment == "the end" else RUN
    done = shell(f'"{sys.executable}" -m tests.fakes.stopped "{moment}" {words}', folder)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("Stopped") == (code == 130)


def test_a_home_folder_is_meant_by_a_tilde(
    folder: Path, monkeypatch: pytest.MonkeyPatch, rsip, without_charts
) -> None:
    """No shell expands ~ after '=': half a run was written into a folder of that name."""
    home = folder / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    done = rsip("run", "two_year.yaml", "--replications", 5, "-q", "--out=~/res")
    assert done.exit_code == 0, done.stderr
    assert (home / "res" / "manifest.json").is_file()
    assert not (folder / "~").exists()


EXTRACT = ROOT / "tests" / "evidence" / "gias_extract.csv"
WRITERS = {
    "run": "run two_year.yaml --replications 5 -q --out={}",
    "roster": f"roster {EXTRACT} --la Fenmoor --as-at 2011-04 --out={{}}",
    "schema": "schema --out={}",
    "init": "init {}",
}


@pytest.mark.parametrize("command", WRITERS)
def test_what_no_command_can_write_to_is_refused_before_anything_is_written(
    folder: Path, rsip: Rsip, command: str
) -> None:
    """Nobody of that name has a home; a name that is no text; an address that holds no files."""
    before = sorted(folder.rglob("*"))
    refused = {"~nobody-here/x.csv": "write the path out", "x\udce9.csv": "U+DCE9"}
    if command != "run":
        refused["s3://bucket/x.csv"] = "s3://bucket/x.csv is an address"
    for out, words in refused.items():
        done = rsip(*WRITERS[command].format(out).split())
        assert done.exit_code == 2, done.stderr
        assert words in done.stderr
        assert "Traceback" not in done.stderr
        assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("command", ["roster", "schema", "init"])
def test_a_tilde_is_the_home_folder_for_every_command_that_writes(
    folder: Path, rsip: Rsip, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    home = folder / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    done = rsip(*WRITERS[command].format("~/x.csv").split())
    assert done.exit_code == 0, done.stderr
    assert (home / "x.csv").exists()
    assert not (folder / "~").exists()
    assert "~" not in done.stdout, "it is told where it is"


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("command", ["roster", "schema"])
def test_a_pipe_is_no_place_for_a_file(folder: Path, rsip: Rsip, command: str) -> None:
    os.mkfifo(folder / "pipe.csv")
    done = rsip(*WRITERS[command].format("pipe.csv").split())
    assert done.exit_code == 2
    assert "pipe.csv is no ordinary file" in done.stderr


def test_a_roster_that_no_scenario_could_name_is_not_made(folder: Path, rsip: Rsip) -> None:
    """A scenario's roster is a CSV file beside it."""
    for name in ("ours", "ours.txt"):
        done = rsip(*WRITERS["roster"].format(name).split())
        assert done.exit_code == 2
        assert "give it a name such as ours.csv" in done.stderr
        assert not (folder / name).exists()


@pytest.mark.parametrize("words", ["--help", "--version", "check two_year.yaml"])
def test_a_reader_who_has_seen_enough_is_no_fault_of_the_programme(
    folder: Path, words: str
) -> None:
    done = shell(f"{{ {RSIP} {words}; echo $? >code; }} | true", folder)
    assert done.stderr == ""
    assert (folder / "code").read_text() == "0\n"


def test_a_message_for_nobody_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def write(self, _text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def flush(self) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        def fileno(self) -> int:
            raise ValueError("no number")

    monkeypatch.setattr(sys, "stderr", Full())
    say("nobody hears this")
