"""Options of the golden record."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("golden", "the golden record")
    group.addoption(
        "--regenerate", action="store_true", help="write the golden record anew, and say what moved"
    )
    group.addoption(
        "--simulate-anew", action="store_true",
        help="with --regenerate: also simulate the stored runs of the town anew",
    )  # fmt: skip
