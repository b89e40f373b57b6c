"""MODEL.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from rsip_sim.analysis.model_description import DOCUMENT, in_step

PACKAGE = Path(DOCUMENT).parent


def test_generated_tables_of_the_model_description_are_in_step_with_register_and_code() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert in_step(text) == text, "run python -m rsip_sim.analysis.model_description"


def test_a_changed_table_is_noticed() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert in_step(text.replace("`b_secure`", "`b_safe`")) == text


def test_every_name_in_the_table_of_the_2010_report_exists_in_the_model() -> None:
    section = DOCUMENT.read_text(encoding="utf-8").split("## 9.")[1]
    names = set(re.findall(r"`(\w+)`", section))
    sources = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("register.yaml")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    missing = {name for name in names if not re.search(rf"\b{name}", code)}
    assert names
    assert not missing
