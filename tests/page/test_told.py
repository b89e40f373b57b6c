"""What the buttons give: a file that is the policy, and commands that give the page's numbers."""

from __future__ import annotations

import contextlib
import io
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import rsip_sim.studies.compare.charts
from rsip_sim.cli.app import app
from rsip_sim.page.live import Live
from rsip_sim.page.told import command_for, python_for, scenario_text
from rsip_sim.report.text import first_screen
from rsip_sim.scenario import Scenario, load_scenario, resolved_yaml
from rsip_sim.scenario.loading import with_values_from

LENGTH, EARMARK = "agreement.length_months", "funding.earmark_gbp_per_year"
TABLE = {phase: [0.1, 0.25] for phase in ("primary", "secondary", "special")}
CHANGES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "levers": {LENGTH: 36, EARMARK: 512_345.5, "partnership": False},
    "no length": {LENGTH: 0},
    "words": {"climate.conversion": "surge", "funding.service_money": 300,
              "external.market_quality": 0.4, "funding.forum_delegates_from": "2012-04"},
    "a table": {"climate.conversion": "table", "climate.opening_pct_per_month": TABLE},
    "parameters": {"parameters.b_secure": 0.5, "parameters.forum": "deaf"},
    "cohesion": {"cohesion.associate_weight": 0.5},
}  # fmt: skip
PARENT = """\
title: Parent
short: first
description: Of the parent.
author: Ann
extends: rsip:two_year
agreement: {quorum: 0.6, length_months: 12}
timeline: [{from: 2012-04, set: {funding.earmark_gbp_per_year: 500_000}}]
parameters: {b_peer: 0.6}
why: {agreement.quorum: Half is too few, agreement.length_months: A year to begin with}
"""


@pytest.fixture
def parent(tmp_path: Path) -> Scenario:
    (tmp_path / "parent.yaml").write_text(PARENT, "utf-8")
    return load_scenario(tmp_path / "parent.yaml")


def written(text: str, folder: Path) -> Scenario:
    (folder / "own.yaml").write_text(text, "utf-8")
    return load_scenario(folder / "own.yaml")


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("changes", CHANGES.values(), ids=list(CHANGES))
@pytest.mark.parametrize("shipped", [True, False])
def test_the_file_of_a_policy_loads_to_the_policy_with_its_reasons(
    changes: dict[str, Any], shipped: bool, whole: bool, parent: Scenario, tmp_path: Path
) -> None:
    base = load_scenario("rsip:subscription_funded") if shipped else parent
    policy = base.changed(changes, title="My own")
    reasons = {path: f"of '{path}': so" for path in changes}
    text = scenario_text(policy, reasons, None if whole else base, tmp_path)
    read = written(text, tmp_path)
    assert (read.policy, read.title, read.run) == (policy.policy, "My own", policy.run)
    assert read.reasons == {**policy.reasons, **reasons}
    assert ("extends:" in text) is not whole


def test_only_what_differs_is_written_and_words_of_the_parent_are_not(
    parent: Scenario, tmp_path: Path
) -> None:
    policy = parent.changed({LENGTH: 24}, title="My own")
    text = scenario_text(policy, {LENGTH: "as resolved", EARMARK: " "}, parent, tmp_path)
    assert text == (
        'title: "My own"\nextends: "parent.yaml"\nagreement:\n  length_months: 24\n'
        'why:\n  agreement.length_months: "as resolved"\n'
    )


def test_a_later_change_is_written_as_a_timeline(parent: Scenario, tmp_path: Path) -> None:
    policy = with_values_from(parent.changed({}, "My own"), 2012 * 12 + 6, {EARMARK: 1000})
    text = scenario_text(policy, {}, parent, tmp_path)
    assert written(text, tmp_path).policy == policy.policy
    assert "agreement" not in text


def test_where_the_parent_cannot_be_extended_everything_is_written(
    parent: Scenario, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    fewer = load_scenario("rsip:two_year").changed({EARMARK: 5}, title="My own")
    for policy, folder in ((parent, elsewhere), (fewer, tmp_path)):
        text = scenario_text(policy, {}, parent, folder)
        assert "extends" not in text
        assert written(text, folder).policy == policy.policy


@pytest.mark.parametrize("name", ["two years.yaml", "it's.yaml", "-x.yaml", "rsip:two_year"])
def test_a_shell_reads_the_command_as_it_is_meant(name: str) -> None:
    words = shlex.split(command_for(["rsip:base", name], 1000, 7))
    assert words[:3] == ["rsip", "compare", "rsip:base"]
    assert words[3].removeprefix("./") == name
    assert not words[3].startswith("-")
    assert words[4:] == ["--replications", "1000", "--seed", "7"]


def test_command_and_python_print_the_screen_of_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("run_charts", "comparison_charts"):  # a second each
        monkeypatch.setattr(rsip_sim.studies.compare.charts, name, lambda *_: {})
    rows = [f"{1000 + n},School {n},primary,200" for n in range(5)]
    Path("own.csv").write_text("\n".join(["urn,school,phase,pupils", *rows]), "utf-8")
    Path("our base.yaml").write_text(
        "extends: rsip:two_year\nhorizon_months: 18\nroster: own.csv\nrun: {seed: 5}\n", "utf-8"
    )
    base = load_scenario("our base.yaml")
    policy = base.changed({"partnership": False}, title="None")
    Path("none.yaml").write_text(scenario_text(policy, {}, base, Path()), "utf-8")
    asked = (base, load_scenario("none.yaml"))

    live = Live()
    live.hangs_on(*asked, 12)
    shown = " ".join(line.text for line in first_screen(live.answer(*asked, 12).report)).split()
    given = (["our base.yaml", "none.yaml"], 12, base.run.seed)
    done = CliRunner().invoke(app, shlex.split(command_for(*given))[1:])
    assert done.stdout.split()[: len(shown)] == shown
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(python_for(*given), {})
    assert printed.getvalue().split() == shown


def test_the_whole_file_is_the_resolved_one_but_for_what_is_empty(parent: Scenario) -> None:
    lines = scenario_text(parent).splitlines()
    assert [line for line in lines if line not in resolved_yaml(parent).splitlines()] == []
