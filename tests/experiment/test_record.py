"""What makes a run this run, what it was made with, and how a changed file or record is noticed."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import subprocess
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.evidence.rosters import shipped_rosters
from rsip_sim.experiment import record
from rsip_sim.experiment.design import design
from rsip_sim.version import EDITION, __version__
from tests.fakes import experiment_fakes as fakes

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3),
    max_leaves=8,
)
RECORDS = st.dictionaries(st.text().filter(lambda name: name != record.SEAL), PLAIN, max_size=4)

# ---- identity


def test_the_identity_says_all_that_results_depend_on() -> None:
    """And has a digest of itself, so that two runs are compared by one word."""
    twin = fakes.scenario("twin", 24)
    plan = design([fakes.scenario("two_year", 24), twin], seed=7, replications=3)
    identity = record.identity(plan)
    scenarios = identity.pop("scenarios")
    digest = identity.pop("digest")
    assert identity == {
        "edition": EDITION,
        "format": 2,
        "seed": 7,
        "start": "2011-04",
        "months": fakes.MONTHS,
        "schools": 3,
        "roster": plan.roster.digest,
        "model": record.source_digest(),
        "evidence": record.evidence_digest(),
        "cases": [
            {"scenario": "two_year", "folder": "two_year"},
            {"scenario": "twin", "folder": "two_year"},
        ],
    }
    assert list(scenarios) == ["two_year", "twin"]
    assert digest == record.digest({**identity, "scenarios": scenarios})


@pytest.mark.parametrize(
    ("changes", "another"),
    [
        ({"roster": "elsewhere/three.csv"}, False),  # the roster's own digest tells rosters apart
        ({"why": {"agreement.length_months": "the Forum asked"}}, False),
        ({"run": {"replications": 9, "seed": 5, "parameters": "central"}}, False),
        ({"run": {"replications": 20, "seed": 1, "parameters": "uncertain"}}, True),
        ({"title": "Another"}, True),
        ({"agreement": {"length_months": 12, "renewal": "uncertain"}}, True),
    ],
)
def test_a_scenario_is_another_by_what_it_says_and_not_by_what_the_command_gives(
    changes: dict, another: bool
) -> None:
    scenario = fakes.scenario()
    before = json.dumps(scenario.resolved)
    other = replace(scenario, resolved={**scenario.resolved, **changes})
    plans = (design([each], seed=1, replications=20) for each in (scenario, other))
    one, two = (record.identity(plan)["scenarios"]["two_year"] for plan in plans)
    assert (one != two) is another
    assert json.dumps(scenario.resolved) == before


def test_a_scenario_is_kept_as_it_is_run() -> None:
    scenario = fakes.scenario()
    plan = design([scenario], seed=7, replications=3)
    kept = record.resolved(scenario, plan).resolved
    assert kept["run"] == {"replications": 3, "seed": 7, "parameters": "central"}
    assert kept["roster"] == "three_schools"  # made here: nothing but its name is known
    read = replace(plan, roster=replace(plan.roster, source="somewhere/ours.csv"))
    assert record.resolved(scenario, read).resolved["roster"] == "ours.csv"
    rest = {"run", "roster"}
    assert all(kept[name] == scenario.resolved[name] for name in kept if name not in rest)


@pytest.mark.parametrize(
    ("source", "made"),
    [(next(iter(shipped_rosters())), False), ("rosters/ours.csv", False), ("ours.CSV", False),
     ("3_schools", True), ("ours.txt", True)],
)  # fmt: skip
def test_a_roster_is_made_here_unless_it_is_of_the_package_or_of_a_file(
    source: str, made: bool
) -> None:
    assert record.is_made(replace(fakes.roster(), source=source)) is made


# ---- digests


def test_a_digest_is_the_published_hash_of_the_value_in_one_way_of_writing() -> None:
    written = '{"a":[1,2.5,null],"ü":"é"}'
    assert record.digest({"ü": "é", "a": [1, 2.5, None]}) == record.bytes_digest(written.encode())
    assert record.bytes_digest(b"abc") == hashlib.sha256(b"abc").hexdigest()


@given(RECORDS, RECORDS)
def test_a_seal_is_broken_by_any_change_and_by_nothing_else(content: dict, other: dict) -> None:
    kept = json.loads(json.dumps(record.sealed(content)))
    assert not record.seal_is_broken(kept)
    changed = {**other, record.SEAL: kept[record.SEAL]}
    same = json.dumps(other, sort_keys=True) == json.dumps(content, sort_keys=True)
    assert record.seal_is_broken(changed) is not same
    assert not record.seal_is_broken(content)  # which has none


def test_line_ends_of_a_checkout_are_no_other_source_but_its_names_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does the place of the package or the order of its files matter."""

    def package(name: str, files: dict[str, bytes]) -> tuple[str, str]:
        for path, content in files.items():
            (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / path).write_bytes(content)
        monkeypatch.setattr(record, "PACKAGE", tmp_path / name)
        return record.source_digest.__wrapped__(), record.evidence_digest.__wrapped__()

    files = {
        "model/a.py": b"1\n2\n", "model/rules/b.py": b"3\n", "evidence/c.py": b"4\n",
        "evidence/register.yaml": b"5\n", "evidence/data/d.yaml": b"6\n",
        "evidence/data/e.csv": b"7\n",
    }  # fmt: skip
    source, evidence = package("one", files)
    windows = {name: text.replace(b"\n", b"\r\n") for name, text in files.items()}
    assert package("two", dict(sorted(windows.items(), reverse=True))) == (source, evidence)
    for number, name in enumerate(files):
        other = package(f"other{number}", {**files, name: files[name] + b"#\n"})
        code = name.endswith(".py")
        assert [other[0] != source, other[1] != evidence] == [code, not code], name
    moved = {**files, "model/a2.py": files["model/a.py"]}
    del moved["model/a.py"]
    assert package("moved", moved)[0] != source
    roster = next(iter(shipped_rosters()))
    unheeded = {**files, f"evidence/data/{roster}.csv": b"8\n", "evidence/notes.txt": b"9\n"}
    assert package("more", unheeded) == (source, evidence)
    split = {**files, "model/a.py": b"1\n", "model/rules/b.py": b"2\n3\n"}
    assert package("split", split)[0] != source


def test_what_is_not_as_a_manifest_says_is_named_with_what_is_the_matter(tmp_path: Path) -> None:
    run = tmp_path / "run"
    (run / "data").mkdir(parents=True)
    (run / "data" / "a").write_bytes(b"one")
    (tmp_path / "letter").write_bytes(b"one")
    one = record.bytes_digest(b"one")
    assert record.file_digest(run / "data" / "a") == one
    outside = str(tmp_path / "letter")
    assert record.changed_files(
        run, {"data/a": one, "data": one, "b": one, "../letter": one, outside: one}
    ) == {
        "data": "is missing", "b": "is missing", "../letter": "lies outside the folder",
        outside: "lies outside the folder",
    }  # fmt: skip
    assert record.changed_files(run, {"data/a": "0" * 64}) == {"data/a": "has other content"}


# ---- what it was made with


def test_what_a_run_was_made_with_is_said_by_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "git_state", lambda package: {"of": package})
    made = record.environment()
    assert list(record.libraries()) == ["numpy", "scipy", "simpy", "pyarrow"]
    assert made == {
        "rsip_sim": __version__,
        "git": {"of": record.PACKAGE},
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "libraries": {
            name: metadata.version(name)
            for name in ("numpy", "scipy", "simpy", "pyarrow", "pandas", "matplotlib", "pydantic")
        },
    }


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_the_commit_is_that_of_the_checkout_and_only_the_package_counts_as_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "work" / "rsip_sim"
    package.mkdir(parents=True)
    (package / "a.py").write_text("1\n")

    def git(*words: str) -> str:
        named = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
        command = ["git", *named, *words]
        return subprocess.run(
            command, cwd=package.parent, check=True, capture_output=True, text=True
        ).stdout

    assert record.git_state(package) is None
    git("init")
    git("add", ".")
    git("commit", "-m", "first")
    commit = git("rev-parse", "HEAD").strip()
    assert record.git_state(package) == {"commit": commit, "changed": False}
    (package.parent / "notes.txt").write_text("mine")
    assert record.git_state(package) == {"commit": commit, "changed": False}
    (package / "a.py").write_text("2\n")
    assert record.git_state(package) == {"commit": commit, "changed": True}
    assert record.git_state(package / "inside") is None  # whose folder around it is no checkout
    monkeypatch.setenv("PATH", str(tmp_path))
    assert record.git_state(package) is None


@pytest.mark.parametrize(
    "failure",
    [OSError("no such programme"), subprocess.TimeoutExpired("git", 10),
     subprocess.CalledProcessError(128, "git")],
)  # fmt: skip
def test_where_git_is_missing_slow_or_fails_there_is_no_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    (tmp_path / ".git").mkdir()
    asked = {}

    def fail(_command: list[str], **how: object) -> None:
        asked.update(how)
        raise failure

    monkeypatch.setattr(record.subprocess, "run", fail)
    assert record.git_state(tmp_path / "rsip_sim") is None
    assert (asked["check"], asked["timeout"]) == (True, 10)  # seconds, and it may not end


@pytest.mark.parametrize(
    ("git", "words"),
    [
        (None, "no checkout"),
        ({}, "no checkout"),
        ({"commit": "4dc36260fd79a0b1", "changed": False}, "commit 4dc36260fd79"),
        ({"commit": "4dc36260fd79a0b1"}, "commit 4dc36260fd79"),
        ({"commit": "4dc36260fd79a0", "changed": True}, "commit 4dc36260fd79 with changes since"),
    ],
)
def test_a_checkout_is_told_by_its_commit_and_whether_it_was_changed(git, words: str) -> None:
    assert record.commit_text(git) == words


def test_a_roster_is_the_same_under_any_name() -> None:
    """Where it was read from is no part of what was asked of the model."""
    plan = design([fakes.scenario()], replications=3)
    other = replace(plan, roster=replace(plan.roster, source="elsewhere.csv"))
    assert record.identity(other) == record.identity(plan)
