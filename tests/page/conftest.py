"""A page in a folder of its own with two policies so short that their futures take a moment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rsip_sim.page.app import Page

HOST = "127.0.0.1:8011"
FIRST, REFINED = 20, 40
THEIRS, OURS = "theirs.yaml", "ours.yaml"
_SHORT = "horizon_months: 12\nrun: {replications: 20}\n"


def write_policies(folder: Path) -> None:
    """Two policies of a year and of few futures."""
    for name, parent in ((THEIRS, "agreement_later"), (OURS, "two_year")):
        text = f"title: {name.removesuffix('.yaml').title()}\nextends: rsip:{parent}\n{_SHORT}"
        (folder / name).write_text(text, "utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the page is started, with the two policies in it."""
    write_policies(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def page(folder: Path) -> Iterator[Page]:
    """The page."""
    made = Page(folder, [Path(THEIRS), Path(OURS)], FIRST, REFINED)
    yield made
    made.close()
    made.deeds.wait()


@pytest.fixture
def client(page: Page) -> TestClient:
    """A browser of this machine, as it asks by itself."""
    return TestClient(page.app([HOST]), f"http://{HOST}", follow_redirects=False)


@pytest.fixture
def same_site() -> dict[str, str]:
    """What a browser adds to a form of the page that it sends."""
    return {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
