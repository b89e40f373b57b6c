"""What the package tells is what it told: every table, finding and sentence of every study.

The record is no argument that a number is right; it shows that moving code moves no number and no
word. What is meant to change is written anew, and the change is read in the diff:

    python -m pytest -n 0 tests/golden --regenerate
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from rsip_sim.studies.registry import STUDIES
from tests.charts.family import TOLD
from tests.golden import record
from tests.golden.cases_fakes import FAKES
from tests.golden.cases_town import TOWN

CASES = (*FAKES, *TOWN)


@pytest.mark.parametrize("case", CASES)
def test_everything_is_told_as_recorded(
    case: str, tmp_path: Path, pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]
) -> None:
    regenerate, anew = (
        pytestconfig.getoption(name, False) for name in ("regenerate", "simulate_anew")
    )
    before = record.stored(case)
    # a case of which the charts were looked at in this process is not made a second time
    if not regenerate and before and case in TOLD and not record.differences(before, TOLD[case]):
        return
    now = TOWN[case](tmp_path, regenerate and anew) if case in TOWN else FAKES[case](tmp_path)
    found = record.differences(before, now)
    if regenerate:
        if found:  # what agrees to the tolerance stays as it was, to the last bit
            record.write(case, now)
        with capsys.disabled():
            print(f"\n{case}:", *(found or ["as recorded"]), sep="\n  ")
        return
    assert before, f"{case} was never recorded: python -m pytest -n 0 tests/golden --regenerate"
    assert not found, "\n".join([f"{case} is not told as recorded", *found])


def test_every_study_is_recorded() -> None:
    recorded = {word for case in CASES for word in case.split("_")}
    assert not set(STUDIES) - recorded


def test_every_recorded_case_is_still_made(pytestconfig: pytest.Config) -> None:
    gone = {path.name for path in record.RECORD.iterdir()} - set(CASES)
    if pytestconfig.getoption("regenerate", False):
        for case in gone:
            record.write(case, {})
        return
    assert not gone


def test_no_table_that_is_kept_calls_pounds_millions() -> None:
    """Files hold the numbers themselves: £m beside 9048279.04 is a million times too much."""
    tables = sorted(record.RECORD.rglob("*.csv"))
    wrong = {
        f"{path.parent.parent.name}/{path.name}: {unit}"
        for path in tables
        for row in csv.DictReader(path.read_text("utf-8-sig").splitlines())
        for name, unit in row.items()
        if "unit" in str(name) and re.search("£(m|000)", str(unit))
    }
    assert len(tables) > 100
    assert not wrong
