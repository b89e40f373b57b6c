"""The diagram shows the table of turns: nothing is left out, and nothing stands outside."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

from rsip_sim.describe.who_acts_on_whom import KEY, diagram, in_words
from rsip_sim.model.calendar import ACTS, STATE

SVG = "{http://www.w3.org/2000/svg}"


def told(drawing: str) -> list[str]:
    """What each mark says of itself."""
    return re.findall(r"<title>([^<]*)</title></rect>", drawing)


def test_every_cell_of_the_table_has_its_mark() -> None:
    """One mark for each thing changed or looked at; what is changed is not told twice."""
    cells = sum(len({*act.reads, *act.writes}) for act in ACTS)
    assert len(told(diagram())) == cells + len(KEY)


def test_a_changed_table_gives_another_drawing() -> None:
    budgets = next(act for act in ACTS if act.process == "council_budgets")
    blind = [replace(act, reads=()) if act is budgets else act for act in ACTS]
    assert "council looks at endowment" in told(diagram())
    assert "council looks at endowment" not in told(diagram(blind))


def test_all_words_stand_inside_the_drawing_and_every_state_and_institution_has_one() -> None:
    root = ET.fromstring(diagram())
    _, _, width, height = (float(each) for each in root.attrib["viewBox"].split())
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert {*STATE, *(act.institution for act in ACTS)} <= set(words)
    for mark in root.iter(f"{SVG}rect"):
        x, y = float(mark.get("x", 0)), float(mark.get("y", 0))
        assert 0 <= x <= width - float(mark.attrib["width"])
        assert 0 <= y <= height - float(mark.attrib["height"])


def test_who_cannot_see_it_is_told_what_everybody_changes() -> None:
    assert "Ofsted (inspections) changes grades" in in_words()
    assert "accounts (accounts) changes nothing" in in_words()
