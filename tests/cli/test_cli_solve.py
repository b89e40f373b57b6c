"""`rsip solve`: answers on stdout, faults at once with exit code 2, and a folder kept whole."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.conftest import Rsip
from tests.fakes.curves import EARMARK, LENGTH, TARGET, FakeModel


@pytest.fixture(autouse=True)
def curve(monkeypatch: pytest.MonkeyPatch) -> None:
    """A curve that is known, instead of the model."""

    def simulated(asked, workers, progress, prices):
        progress.advance(1)
        return FakeModel(lambda pounds: 0.4 + 0.5 * pounds / 860_000, asked.replications)

    monkeypatch.setattr("rsip_sim.studies.solve.work.simulated", simulated)


def test_the_answer_stands_first_and_alone_on_stdout(rsip: Rsip, folder: Path) -> None:
    done = rsip("solve", "two_year.yaml", "--lever", EARMARK, "--target", TARGET)
    assert done.exit_code == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0].startswith("WHERE DOES 'TWO-YEAR AGREEMENT' TIP?")
    assert len(lines) <= 32
    assert (
        "The smallest partnership earmark that meets the target is £344,000 a year" in done.stdout
    )
    assert done.stdout.index("The smallest") < done.stdout.index("HOW SURE")
    assert list(folder.glob("*/")) == []  # nothing is written that was not asked for


def test_curve_chart_and_manifest_are_kept(rsip: Rsip, folder: Path) -> None:
    words = ("solve", "two_year.yaml", "--lever", EARMARK, "--target", TARGET,
             "--replications", 500, "--seed", 7, "--out", "study")  # fmt: skip
    done = rsip(*words)
    assert done.exit_code == 0, done.stderr
    assert done.stderr == "The results are in study\n"
    kept = {path.relative_to(folder / "study").as_posix() for path in folder.rglob("study/**/*.*")}
    assert {"summary.txt", "manifest.json", "tables/answer.csv", "tables/curve.csv",
            "charts/tipping_curve.svg", "charts/tipping_curve.png",
            "charts/tipping_curve.alt.txt"} <= kept  # fmt: skip
    manifest = json.loads((folder / "study" / "manifest.json").read_text())
    assert manifest["study"] == "solve"
    assert manifest["target"] == TARGET
    assert manifest["lever"] == {"path": EARMARK, "from": 0, "to": 860_000}
    assert (manifest["replications"], manifest["seed"]) == (500, 7)
    whole = rsip(*words, "--full").stdout
    assert (folder / "study" / "summary.txt").read_text() == whole.rstrip("\n") + "\n"
    table = pd.read_csv(folder / "study" / "tables" / "curve.csv")
    assert next(iter(table)) == EARMARK
    before = {path: path.read_bytes() for path in folder.rglob("study/**/*.*")}
    assert rsip(*words).exit_code == 0
    assert {path: path.read_bytes() for path in folder.rglob("study/**/*.*")} == before


def test_another_question_does_not_replace_what_is_kept(rsip: Rsip, folder: Path) -> None:
    words = ("solve", "two_year.yaml", "--lever", EARMARK, "--out", "study", "--target")
    assert rsip(*words, TARGET).exit_code == 0
    other = rsip(*words, "members at end at least 81 with probability 0.6")
    assert other.exit_code == 2
    assert "study holds another study (solve), which differs in: target" in other.stderr


def test_all_faults_are_told_at_once(rsip: Rsip, folder: Path) -> None:
    done = rsip("solve", "two_yaer.yaml", "--lever", "funding.earmark", "--target",
                "memebrs at edn at least 80")  # fmt: skip
    assert (done.exit_code, done.stdout) == (2, "")
    told = done.stderr.splitlines()
    assert len(told) == 4
    for fault in (
        "did you mean 'members'?",
        "did you mean 'end'?",
        "two_yaer.yaml: there is no such file",
        f"did you mean '{EARMARK}'?",
    ):
        assert any(fault in line for line in told), fault
    assert "Traceback" not in done.stderr


def test_a_fault_is_told_at_the_option_that_has_it(rsip: Rsip, folder: Path) -> None:
    done = rsip("solve", "two_year.yaml", "--lever", LENGTH, "--from", 12.5, "--to", 500,
                "--target", "members at end")  # fmt: skip
    assert done.exit_code == 2
    told = {line.split(": ")[0] for line in done.stderr.splitlines()}
    assert told == {"--from", "--to", "--target"}
    none = rsip("solve", "two_year.yaml", "--lever", LENGTH, "--target", TARGET,
                "--replications", 0)  # fmt: skip
    assert (none.exit_code, none.stderr[:16]) == (2, "--replications: ")


def test_help_says_how_a_target_is_written(rsip: Rsip) -> None:
    done = rsip("solve", "--help")
    assert done.exit_code == 0
    words = " ".join(done.stdout.replace("│", " ").split())
    assert "OUTCOME WHEN COMPARISON NUMBER, perhaps with probability P" in words
    assert TARGET.replace("80", "105").replace("0.6", "0.8") in words
