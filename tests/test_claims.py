"""The table of claims names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
CLAIMS = [
    [cell.strip() for cell in line.strip("| ").rsplit("|", 1)]
    for line in (TESTS / "README.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and re.search(r"`[\w/]+\.py`", line)
]
FILE, NAME = re.compile(r"\w+(?:/\w+)+\.py"), re.compile(r"`(\w+)`")


@pytest.mark.parametrize("where", [where for _, where in CLAIMS], ids=[what for what, _ in CLAIMS])
def test_the_tests_of_a_claim_exist(where: str) -> None:
    parts = re.split(r"`([\w/]+\.py)`", where)[1:]
    assert parts
    for file, names in zip(parts[::2], parts[1::2], strict=True):
        code = (TESTS / file).read_text("utf-8")
        defined = re.findall(r"^def (\w+)", code, re.MULTILINE)
        assert any(name.startswith("test_") for name in defined) or file.endswith("checks.py")
        for name in NAME.findall(names):
            assert any(name in each for each in defined), f"{file} has no test of {name}"


def test_every_folder_of_tests_of_the_model_bears_a_claim() -> None:
    bearing = {file.split("/")[0] for _, where in CLAIMS for file in FILE.findall(where)}
    assert {"reference", "same_world", "invariants", "behaviour", "model", "studies"} <= bearing
