"""Programmes of this machine that read what is written here: a browser, an office."""

from __future__ import annotations

import os
import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def program(*names: str) -> str:
    """Path of the first of these that is installed; else the test is skipped.

    With RSIP_NEEDS_PROGRAMS=1 it fails instead.
    """
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        told = f"none of {', '.join(names)} is installed"
        if os.environ.get("RSIP_NEEDS_PROGRAMS") == "1":
            pytest.fail(told)
        pytest.skip(told)
    return found
