"""The commands on what is not known: what a planner types, and what comes back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import rsip_sim
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.studies.assumptions import study, work
from rsip_sim.studies.sensitivity import work as sensitivity
from tests.fakes.places import SCENARIOS

FILES = ("no_agreement", "one_year", "two_year")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison of three scenarios, simulated once for all commands."""
    folder = tmp_path_factory.mktemp("uncertainty") / "run"
    loaded = [rsip_sim.load_scenario(SCENARIOS / f"{name}.yaml") for name in FILES]
    run_scenarios(loaded, None, 100, folder, workers=1)
    return folder


@pytest.fixture
def few_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two parameters of their own, so that little is simulated."""
    monkeypatch.setattr(sensitivity, "OWN", 2)


def test_sensitivity_then_assumptions_of_a_comparison_are_printed_and_kept(
    rsip, kept, few_parameters
):
    before = rsip("assumptions", kept, "--quiet")
    assert before.exit_code == 0, before.stderr
    assert f"not known yet: 'rsip sensitivity {kept}'" in " ".join(before.stdout.split())

    words = ("--baseline", "one_year", "--scenario", "two_year", "--metric", "members")
    done = rsip("sensitivity", kept, *words, "--sets", 64, "--workers", 1)
    assert done.exit_code == 0, done.stderr
    assert "'Two-year agreement' less 'One-year agreement'" in done.stdout
    folder = kept / "studies" / "sensitivity_two_year_against_one_year_members_64_sets"
    assert f"are in {folder}" in done.stderr
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["study"], manifest["sets"]) == ("sensitivity", 64)
    assert manifest["comparison"] == json.loads((kept / "run.json").read_text())["digest"]
    assert {"tables/indices.csv", "charts/sensitivity_tornado.svg", "summary.txt"} <= set(
        manifest["files"]
    )

    after = rsip("assumptions", kept, "--out", kept / "log")
    assert after.exit_code == 0, after.stderr
    assert "Known for two_year against one_year alone" in " ".join(after.stdout.split())
    assert (kept / "log" / "tables" / "assumptions.csv").is_file()


def test_the_assumptions_kept_with_the_package_need_no_comparison(rsip):
    done = rsip("assumptions")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "WHAT DOES THE ANSWER ASSUME" in done.stdout
    assert "These are kept with the package" in done.stdout


@pytest.mark.parametrize(
    ("words", "messages"),
    [
        (
            ("sensitivity", "{kept}"),
            ["--scenario: 2 scenarios stand beside", "name one of one_year, two_year"],
        ),
        (
            ("sensitivity", "{kept}", "--scenario", "two_yeer"),
            ["no scenario here is named 'two_yeer'", "did you mean 'two_year'?"],
        ),
        (
            ("sensitivity", "{kept}", "--scenario", "two_year", "--sets", 100, "--metric", "membrs",
             "--at", "mea"),
            ["a power of two", "did you mean 'members'?", "named 'mea'"],
        ),
        (
            ("sensitivity", "{kept}", "--baseline", "no_", "--scenario", "two",
             "--metric", "erosn"),
            ["did you mean 'no_agreement'?", "did you mean 'two_year'?", "did you mean 'erosion'?"],
        ),
        (
            ("sensitivity", "{kept}", "--scenario", "no_agreement"),
            ["'no_agreement' is the baseline itself"],
        ),
        (("sensitivity", "{kept}/nowhere", "--scenario", "a"), ["is no folder"]),
        (
            ("robust", "{kept}", "--objective", "fund", "--at", "nd"),
            ["neither more nor less of it is better", "named 'nd'"],
        ),
        (
            ("robust", "{kept}", "--no-climates", "--out", "{kept}"),
            ["holds a run of rsip; nothing was changed"],
        ),
        (("assumptions", "{kept}", "--store"), ["leave DIR out, or --store"]),
        (("assumptions", "{kept}/studies"), ["holds no run of rsip"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_once_without_a_traceback(rsip, kept, words, messages):
    (kept / "studies").mkdir(exist_ok=True)
    done = rsip(*(str(word).format(kept=kept) for word in words))
    assert done.exit_code == 2, done.stdout + done.stderr
    for message in messages:
        assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_storing_simulates_anew_and_says_what_to_do_next(rsip, monkeypatch):
    workers, stored = [], []

    def simulated(means):
        workers.append(means.workers)
        return work.Simulated(work.kept_impacts(), None, 64)

    monkeypatch.setattr(work, "simulated_impacts", simulated)
    monkeypatch.setattr(study, "store_impacts", stored.append)
    done = rsip("assumptions", "--store", "--workers", 2)
    assert done.exit_code == 0, done.stderr
    assert (workers, [each.sets for each in stored]) == ([2], [64])
    assert "python -m rsip_sim.describe" in done.stderr
    assert rsip("assumptions").exit_code == 0
    assert len(stored) == 1, "only --store changes the package"
