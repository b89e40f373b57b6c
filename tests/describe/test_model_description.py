"""MODEL.md says what the code does."""

from __future__ import annotations

import re

import pytest

from rsip_sim.describe.__main__ import PACKAGE
from rsip_sim.describe.reference import in_step
from rsip_sim.model.panel import COLUMN_NAMES
from rsip_sim.studies.kernel.keeping import is_current

DOCUMENT = PACKAGE / "MODEL.md"


def test_a_changed_table_is_noticed() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert in_step(text.replace("| `b_secure` |", "| `b_safe` |")) == text


def test_every_name_in_the_table_of_the_2010_report_exists_in_the_model() -> None:
    section = DOCUMENT.read_text(encoding="utf-8").split("## 15.")[1]
    names = set(re.findall(r"`(\w+)`", section))
    sources = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("register.yaml")]
    code = "\n".join([*COLUMN_NAMES, *(path.read_text(encoding="utf-8") for path in sources)])
    missing = {name for name in names if not re.search(rf"\b{name}", code)}
    assert names
    assert not missing


def test_a_changed_number_of_an_equation_is_noticed() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    mark = "<!--=choice.SECURE_MONTHS-->24<!--/-->"
    assert mark in text
    assert in_step(text.replace(mark, mark.replace("24", "36"))) == text


@pytest.mark.parametrize("study", ["calibration", "backtest"])
def test_the_studies_shown_belong_to_the_calibrated_sample(study: str) -> None:
    assert is_current(study), f"run rsip {study.replace('calibration', 'calibrate')} again"
