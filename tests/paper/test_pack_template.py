"""Templates are checked before anything is written, every fault at once."""

from __future__ import annotations

import pytest

from rsip_sim.paper import make
from rsip_sim.paper.assemble import (
    PARTS,
    Template,
    TemplateError,
    TemplateFile,
    known,
    load_template,
    parse_template,
)
from rsip_sim.paper.make import pack_files
from tests.fakes.pack_cases import fake_case
from tests.fakes.panels import NO_AGREEMENT, TWO_YEAR

SOUND = "title: A paper\nsections:\n  - heading: Summary\n    parts: [summary]\n"


@pytest.mark.parametrize("name", known())
def test_templates_of_the_package_use_every_part_once(name: str) -> None:
    sections = load_template(name).file.sections
    used = [part for section in sections for part in section.parts if isinstance(part, str)]
    assert sorted(used) == sorted(PARTS)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SOUND.replace("[summary]", "[sumary]"), "no parts of a paper: sumary; there are summary"),
        (SOUND.replace("[summary]", "[summary, summary]"), "asked for twice: summary"),
        (SOUND.replace("heading: Summary", "head: Summary"), "heading"),
        (SOUND + "colour: red\n", "colour"),
        (SOUND.replace("[summary]", "[{gap: Legal advice}]"), "who"),
        ("title: [", "expected the node content"),
        ("title: &a [*a]\n", "title"),
        ("title: " + "{a: " * 2000 + "}" * 2000, "recursion"),
        (SOUND + "risks: {event: .nan, likelihood: [1, .inf], effect: [1, 101]}\n", "risks.event"),
        (SOUND + "risks: {event: 1.0, likelihood: [1, 2], effect: [1, 101]}\n", "risks.effect.1"),
        (SOUND + "first_number: 1000\n", "first_number"),
    ],
)
def test_a_faulty_template_says_what_is_wrong(text: str, told: str) -> None:
    with pytest.raises(TemplateError, match="the template own") as error:
        parse_template(text, "own")
    assert told in str(error.value)


def test_a_sound_template_is_read() -> None:
    assert parse_template(SOUND, "own").sections[0].parts == ["summary"]


def test_a_template_of_gaps_alone_makes_a_pack_with_no_figure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(make, "comparison_charts", lambda *_: {})
    gaps = {"title": "A", "sections": [{"heading": "H", "parts": [{"gap": "G", "who": "W"}]}]}
    template = Template("own", TemplateFile.model_validate(gaps), "x")
    assert pack_files(fake_case((NO_AGREEMENT, TWO_YEAR)), template)["tables.xlsx"]
