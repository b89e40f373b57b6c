"""What `rsip check` says of characters that charts cannot draw."""

from __future__ import annotations

from pathlib import Path

import pytest

from rsip_sim import notices


@pytest.mark.parametrize(
    ("letter", "told"),
    [
        ("\U0001f393", "a graduation cap (U+1F393) as [graduation cap]"),
        ("学", "a cjk unified ideograph-5b66 (U+5B66) as [U+5B66]"),
    ],
)
def test_a_letter_that_charts_lack_is_named_with_what_they_show(
    tmp_path: Path, letter: str, told: str
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(f"title: Plan {letter}\nextends: rsip:base\n", "utf-8")
    (note,) = (line for line in notices([file]) if "font" in line)
    assert note.startswith(f"{file}: title: 'Plan {letter}' ")
    assert told in note


def test_of_letters_that_charts_have_nothing_is_said(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("title: Café – £5 ≥ ½\nextends: rsip:base\n", "utf-8")
    assert not [line for line in notices([file, tmp_path / "none.yaml"]) if "font" in line]
