"""Papers whose futures are not at hand: what their records tell, and no more than they tell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rsip_sim.experiment.errors import StoreError
from rsip_sim.report.text import rendered
from rsip_sim.studies.diff.records import (
    CAUSES,
    FIGURES,
    Records,
    records_report,
    records_tables,
)
from rsip_sim.studies.functions import function_of
from rsip_sim.version import EDITION

RUN: dict[str, Any] = {
    "digest": "a" * 64,
    "seed": 3,
    "replications": 24,
    "scenarios": {"no_agreement": "No agreement", "two_year": "Two years"},
    "inputs": {"roster": "r", "model": "m", "evidence": "e", "scenarios": {"two_year": "t"}},
    "made_with": {"rsip_sim": "0.1.0", "libraries": {"numpy": "2.0"}},
}
FIGURE = {
    "metric": "members", "what": "mean", "scenario": "two_year", "date": "2016-03", "display": "90",
}  # fmt: skip


def pack(folder: Path, entries: list[dict[str, Any]] | None = None, **run: Any) -> Path:
    """A paper as it is sent: its manifest, and findings with the record of its run."""
    folder.mkdir(parents=True)
    record = {**RUN, **run}
    findings = {"runs": {record["digest"]: record}, "entries": entries or [FIGURE]}
    (folder / "findings.json").write_text(json.dumps(findings))
    manifest = {
        "edition": EDITION, "study": "paper", "comparison": record["digest"], "files": {},
        "made_with": {},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def compared(one: Path, other: Path) -> Records:
    done = function_of("diff")(one, other)
    assert isinstance(done.result, Records)
    assert all(len(line) <= 100 or str(one.parent) in line for line in done.text.splitlines())
    return done.result


def said(records: Records) -> str:
    return " ".join(rendered(records_report(records)).split())


def test_the_same_record_twice_is_the_same_run(tmp_path: Path) -> None:
    report = compared(pack(tmp_path / "one"), pack(tmp_path / "other"))
    assert report.causes == []
    assert "By their records the papers differ in nothing." in said(report)
    assert "0 of 1 figure that both give read otherwise." in said(report)
    assert "cannot be measured" not in said(report)


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"seed": 4}, ("luck", "seed 3 → 4")),
        ({"replications": 48}, ("luck", "futures: 24 → 48")),
        (
            {"inputs": {**RUN["inputs"], "roster": "R"}},
            ("data", "the roster; in which schools, the records do not say"),
        ),
        ({"inputs": {**RUN["inputs"], "model": "M"}}, ("code version", "the model's source")),
        (
            {"made_with": {"libraries": {"numpy": "2.1"}}},
            ("code version", "numpy 2.0 → 2.1"),
        ),
        (
            {"inputs": {**RUN["inputs"], "scenarios": {"two_year": "T"}}},
            (
                "scenario",
                "two_year: its levers, parameters or words; which, the records do not say",
            ),
        ),
        (
            {"scenarios": {"no_agreement": "No agreement", "two_year": "A bargain"}},
            ("scenario", "title of two_year: 'Two years' → 'A bargain'"),
        ),
    ],
)
def test_each_cause_is_named_by_the_records(
    tmp_path: Path, changed: dict[str, Any], cause: tuple[str, str]
) -> None:
    report = compared(pack(tmp_path / "one"), pack(tmp_path / "other", **changed))
    assert report.causes == [cause]
    assert f"differ in {cause[0]}." in said(report)
    assert "cannot be measured" in said(report)


def test_scenarios_of_one_paper_alone_are_named(tmp_path: Path) -> None:
    more = {**RUN["scenarios"], "five_year": "Five years"}
    report = compared(pack(tmp_path / "one"), pack(tmp_path / "other", scenarios=more))
    assert report.causes == [("scenario", "only in the second: five_year")]


def test_figures_are_compared_as_they_are_written_and_only_where_their_names_tell_them_apart(
    tmp_path: Path,
) -> None:
    other = [
        {**FIGURE, "display": "91"},
        {**FIGURE, "what": "median", "display": "88"},
        {**FIGURE, "what": "median", "display": "89"},  # as ambiguous as it looks
        {"display": "Four", "what": "number of options"},
    ]
    mine = [FIGURE, {**FIGURE, "what": "median", "display": "1"}]
    report = compared(pack(tmp_path / "one", mine), pack(tmp_path / "other", other, seed=4))
    assert [(first, second) for _, first, second in report.figures] == [("90", "91")]
    assert "1 of 1 figure that both give read otherwise." in said(report)
    assert "Schools in the partnership, mean (two_year, 2016-03) 90 91" in said(report)


def test_the_comparison_of_records_is_kept_as_tables(tmp_path: Path) -> None:
    one, other = pack(tmp_path / "one"), pack(tmp_path / "other", seed=4)
    done = function_of("diff")(one, other, out=tmp_path / "why")
    assert {name: list(table.columns) for name, table in records_tables(done.result).items()} == {
        "causes": CAUSES,
        "figures": FIGURES,
    }
    assert (tmp_path / "why" / "tables" / "causes.csv").is_file()


@pytest.mark.parametrize("findings", ["{", "[]", '{"runs": {}}', '{"runs": [1]}'])
def test_a_paper_without_a_readable_record_is_refused_with_what_to_name_instead(
    tmp_path: Path, findings: str
) -> None:
    one = pack(tmp_path / "one")
    (one / "findings.json").write_text(findings)
    with pytest.raises(StoreError, match="name the folder of the comparison"):
        function_of("diff")(one, pack(tmp_path / "other"))
