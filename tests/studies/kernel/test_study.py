"""One function runs every study: it checks once, tells once and keeps what it told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import pytest

from rsip_sim.charts.frame import Chart
from rsip_sim.experiment.errors import StoreError
from rsip_sim.report.blocks import Paragraph, Report
from rsip_sim.studies.kernel.asking import AskedError, Faults, Question
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import Study, run_and_keep


class HowMany(Question):
    """How many of something."""

    number: int = 3
    """How many."""


class Counting(Study[HowMany, int, list[int]]):
    """Counts."""

    name = "counting"
    question = HowMany
    told: ClassVar[list[str]] = []

    def check(self, asked: HowMany, ground: Ground) -> int:
        self.told.append("checked")
        faults = Faults()
        if asked.number < 1:
            faults.add("number", "is nothing to count")
        faults.stop()
        return asked.number

    def facts(self, ready: int) -> dict[str, Any]:
        return {"number": ready}

    def work(self, ready: int, means: Means) -> list[int]:
        self.told.append("worked")
        return list(range(ready))

    def tables(self, result: list[int]) -> Mapping[str, pd.DataFrame]:
        return {"counted": pd.DataFrame({"number": result})}

    def report(self, result: list[int]) -> Report:
        self.told.append("reported")
        return Report("Counted", (Paragraph(f"There are {len(result)}."),))

    def charts(self, result: list[int]) -> Iterable[Chart]:
        return ()

    def failures(self, result: list[int]) -> int:
        return result.count(13)


@pytest.fixture
def counting() -> Counting:
    Counting.told.clear()
    return Counting()


def test_a_study_is_checked_worked_out_and_told_once_and_what_is_kept_is_what_was_told(
    counting: Counting, tmp_path: Path
) -> None:
    kept = run_and_keep(counting, HowMany(), Ground(named={"comparison": "abc"}), tmp_path / "out")
    assert counting.told == ["checked", "worked", "reported"]
    assert (tmp_path / "out" / "summary.txt").read_text("utf-8") == kept.text
    assert "There are 3." in kept.text
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    facts = {"study": "counting", "comparison": "abc", "number": 3}
    assert facts.items() <= manifest.items()
    assert pd.read_csv(tmp_path / "out/tables/counted.csv")["number"].tolist() == [0, 1, 2]


def test_without_a_folder_nothing_is_kept(counting: Counting) -> None:
    assert run_and_keep(counting, HowMany(), Ground()).folder is None


def test_beside_a_comparison_a_study_has_a_folder_of_its_own(
    counting: Counting, tmp_path: Path
) -> None:
    kept = run_and_keep(counting, HowMany(), Ground(folder=tmp_path))
    assert kept.folder == tmp_path / "studies" / "counting"


def test_a_fault_of_the_question_stops_before_any_work(counting: Counting, tmp_path: Path) -> None:
    with pytest.raises(AskedError, match="number: is nothing to count"):
        run_and_keep(counting, HowMany(number=0), Ground(), tmp_path / "out")
    assert counting.told == ["checked"]
    assert not (tmp_path / "out").exists()


def test_another_question_is_never_written_over_and_nothing_is_worked_out_for_it(
    counting: Counting, tmp_path: Path
) -> None:
    run_and_keep(counting, HowMany(), Ground(), tmp_path / "out")
    counting.told.clear()
    with pytest.raises(StoreError, match="differs in: number"):
        run_and_keep(counting, HowMany(number=4), Ground(), tmp_path / "out")
    assert counting.told == ["checked"]


def test_where_a_piece_of_the_work_failed_there_is_no_manifest_yet(
    counting: Counting, tmp_path: Path
) -> None:
    kept = run_and_keep(counting, HowMany(number=14), Ground(), tmp_path / "out")
    assert kept.failed == 1
    assert (tmp_path / "out" / "summary.txt").is_file()
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_the_title_of_a_file_stands_for_the_question_of_its_study(counting: Counting) -> None:
    kept = run_and_keep(counting, HowMany(), Ground(), head=Report("Sheep", ()))
    assert kept.text.index("SHEEP") < kept.text.index("There are 3.")
    assert "COUNTED" not in kept.text
