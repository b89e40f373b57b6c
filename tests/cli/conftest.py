"""The command line in this process, and scenarios small enough to run in a moment."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rsip_sim.cli.app import app
from tests.fakes.places import SCENARIOS

Rsip = Callable[..., Result]


@pytest.fixture
def rsip(monkeypatch: pytest.MonkeyPatch) -> Rsip:
    """Call the command with these arguments; the result has exit_code, stdout and stderr."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("RSIP_DEBUG", raising=False)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: base, one-year, two-year and no-partnership scenarios are in it."""
    for name in ("base", "one_year", "two_year", "no_partnership"):
        shutil.copy(SCENARIOS / f"{name}.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def without_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts take a second each and have tests of their own."""
    import rsip_sim.studies.compare.charts

    for name in ("run_charts", "comparison_charts"):
        monkeypatch.setattr(rsip_sim.studies.compare.charts, name, lambda *_: {})
