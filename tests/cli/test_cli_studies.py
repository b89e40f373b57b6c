"""The commands of the two studies of evidence answer wrong input at once, with exit code 2."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from rsip_sim.cli.app import app


def test_a_faulty_file_of_observations_is_answered_with_its_faults(tmp_path: Path) -> None:
    file = tmp_path / "later.csv"
    file.write_text(
        "date,local_authority,phase,la_maintained,converter,sponsored\n"
        "2014-09-01,Barnett,primary,10,5,1\n"
    )
    asked = ["backtest", "--observed", str(file), "--replications", "9"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 2
    assert "--replications: 9 is out of range; from 256" in done.stderr
    assert "later.csv:2:12: local_authority: 'Barnett' is not known" in done.stderr
    assert "did you mean 'Barnet'?" in done.stderr
    assert done.stdout == ""


def test_targets_that_are_not_there_are_wrong_input(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["calibrate", "--targets", str(tmp_path / "none.yaml")])
    assert done.exit_code == 2
    assert "none.yaml" in done.stderr
