"""The page is on this machine alone, ends with Ctrl-C, and says what is missing or taken."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rsip_sim.cli.app import app
from rsip_sim.page.serve import bound


@pytest.mark.skipif(sys.platform == "win32", reason="sends the signal of Ctrl-C")
def test_ctrl_c_ends_it_with_a_word_while_it_answers(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rsip_sim", "page", "--port", "0"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        try:
            assert run.stdout
            said = run.stdout.readline()
            found = re.fullmatch(r"Open (http://[\d.:]+/) in a browser; Ctrl-C ends it\n", said)
            assert found, said
            with urllib.request.urlopen(f"{found[1]}page.css") as answer:
                assert answer.status == 200
                assert "server" not in answer.headers
            run.send_signal(signal.SIGINT)
            rest, errors = run.communicate(timeout=60)
        finally:
            run.kill()
    assert (run.returncode, rest, errors) == (130, "", "Stopped.\n")
    assert not list(tmp_path.iterdir())


def test_it_listens_on_this_machine_alone() -> None:
    with bound(0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


def test_a_port_in_use_is_told_with_what_to_type(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = CliRunner().invoke(app, ["page", "--port", str(port)])
    assert done.exit_code == 2
    assert done.stderr == (
        f"rsip: port {port} is in use; name another, such as rsip page --port {port + 1}, "
        "or 0 for any that is free\n"
    )


@pytest.mark.parametrize("missing", ["starlette", "uvicorn"])
def test_without_the_extra_it_says_what_installs_it(missing: str, monkeypatch) -> None:
    for name in [each for each in sys.modules if each.startswith("rsip_sim.page.")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [each for each in sys.modules if each.partition(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    done = CliRunner().invoke(app, ["page"])
    assert done.exit_code == 2
    assert f"needs {missing}" in done.stderr
    assert "pip install -c constraints.txt -e '.[page]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_fault_of_the_files_is_told_before_it_is_served(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("title: Wrong\nextends: rsip:base\nagreement: {length_months: 300}\n", "utf-8")
    done = CliRunner().invoke(app, ["page", str(file)])
    assert done.exit_code == 2
    assert "300 is too large; from 0 to 120 months" in done.stderr
