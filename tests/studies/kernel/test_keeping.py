"""Studies are kept whole, and never over anything else."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from rsip_sim.experiment.errors import StoreError
from rsip_sim.report.blocks import Report
from rsip_sim.studies.kernel.keeping import (
    begun,
    check_place,
    keep_files,
    part_or_study,
    refuse_edited,
    told_files,
)

FACTS = {"study": "example", "seed": 1}


def keep(out: Path, words: str = "Found.", seed: int = 1, complete: bool = True) -> None:
    """Keep the example of a study, which comes to one table."""
    tables = {"numbers": pd.DataFrame({"a": [1, 2]})}
    keep_files(out, told_files(words, tables, ()), {**FACTS, "seed": seed}, complete)


def test_text_tables_and_a_manifest_of_their_digests_are_written(tmp_path: Path) -> None:
    keep(tmp_path / "study")
    manifest = json.loads((tmp_path / "study" / "manifest.json").read_text())
    assert manifest["study"] == "example"
    assert set(manifest["files"]) == {"summary.txt", "tables/numbers.csv"}
    assert (tmp_path / "study" / "summary.txt").read_text() == "Found.\n"


def test_the_same_study_may_be_written_again_and_another_may_not(tmp_path: Path) -> None:
    out = tmp_path / "study"
    keep(out)
    keep(out, "Found again.")
    with pytest.raises(StoreError, match=r"another study \(example\), which differs in: seed"):
        keep(out, "Other.", seed=2)
    assert (out / "summary.txt").read_text() == "Found again.\n"


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.docx").write_text("mine")
    with pytest.raises(StoreError, match=r"such as letter\.docx"):
        keep(tmp_path)
    with pytest.raises(StoreError, match="is a file"):
        check_place(tmp_path / "letter.docx", FACTS)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.docx"]


def test_a_study_that_was_stopped_can_be_written_again(tmp_path: Path) -> None:
    out = tmp_path / "study"
    keep(out)
    (out / "manifest.json").unlink()
    keep(out)
    assert (out / "manifest.json").is_file()


def test_a_study_that_keeps_its_work_says_what_it_is_before_it_works(tmp_path: Path) -> None:
    out = tmp_path / "study"
    with begun(out, FACTS):
        assert json.loads((out / "study.json").read_text())["study"] == "example"
        (out / "piece").write_text("done")
    with pytest.raises(StoreError, match=r"holds another study"), begun(out, {**FACTS, "seed": 2}):
        pass
    with begun(out, FACTS):
        assert (out / "piece").read_text() == "done"


def test_two_processes_do_not_work_in_one_folder(tmp_path: Path) -> None:
    with (
        begun(tmp_path, FACTS),
        pytest.raises(StoreError, match="another run"),
        begun(tmp_path, FACTS),
    ):
        pass


def test_a_study_with_something_missing_has_no_manifest(tmp_path: Path) -> None:
    keep(tmp_path / "study")
    keep(tmp_path / "study", "Not all.", complete=False)
    assert not (tmp_path / "study" / "manifest.json").exists()
    assert (tmp_path / "study" / "summary.txt").read_text() == "Not all.\n"


def test_a_file_that_an_officer_has_changed_is_not_written_over(tmp_path: Path) -> None:
    keep_files(tmp_path / "paper", {"summary.txt": b"Found.", "paper.docx": b"text"}, FACTS)
    refuse_edited(tmp_path / "paper")
    (tmp_path / "paper" / "paper.docx").write_bytes(b"text, and legal advice")
    with pytest.raises(StoreError, match=r"paper\.docx was changed after it was made"):
        refuse_edited(tmp_path / "paper")


def test_a_file_that_is_made_no_longer_does_not_stay_behind(tmp_path: Path) -> None:
    keep_files(tmp_path / "paper", {"summary.txt": b"Found.", "charts/old.svg": b"old"}, FACTS)
    keep_files(tmp_path / "paper", {"summary.txt": b"Found."}, FACTS)
    assert not (tmp_path / "paper" / "charts" / "old.svg").exists()


def test_the_name_of_a_study_does_where_only_one_of_it_was_kept(tmp_path: Path) -> None:
    report = Report("Found", ())
    for name in ("explain_a_against_b", "risks_a", "risks_b", "risks"):
        (tmp_path / "studies" / name).mkdir(parents=True)
        (tmp_path / "studies" / name / "report.json").write_text("{}")
    studies = tmp_path / "studies"
    assert part_or_study(tmp_path, report, "explain") == studies / "explain_a_against_b"
    assert part_or_study(tmp_path, report, "risks") == studies / "risks"
    (studies / "risks" / "report.json").unlink()
    with pytest.raises(StoreError, match="has several: risks_a, risks_b; write one"):
        part_or_study(tmp_path, report, "risks")
    with pytest.raises(StoreError, match="no part 'expl'"):
        part_or_study(tmp_path, report, "expl")
