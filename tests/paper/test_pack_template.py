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


RISKS = "risks: {event: 1.0, likelihood: [1, 2], effect: [1, 100]}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SOUND.replace("[summary]", "[sumary]"), "4:13: sections.parts: no parts of a paper: "
         "sumary; there are summary, "),
        (SOUND.replace("[summary]", "[summary, summary]"), "4:22: sections.parts: asked for "
         "twice: summary; delete one of them"),
        (SOUND.replace("heading: Summary", "head: Summary"), "3:5: sections.head: unknown field; "
         "one of heading, parts; did you mean 'heading'?"),
        (SOUND.replace("heading: Summary", "head: Summary"), "sections.heading: is missing"),
        (SOUND.replace("heading: Summary", "heading:"), "3:5: sections.heading: has no value"),
        (SOUND + "colour: red\n", "5:1: colour: unknown field; one of title, to, front"),
        (SOUND.replace("[summary]", "[{gap: Legal advice}]"), "4:13: sections.parts.who: is "
         "missing; write who: and its value"),
        (SOUND.replace("[summary]", "[5]"), "4:13: sections.parts: '5' cannot stand here"),
        (SOUND.replace("[summary]", "[]"), "4:12: sections.parts: a list cannot stand here; it "
         "should have at least 1 item"),
        (SOUND + "front: [Meeting]\n", "5:9: front: 'Meeting' cannot stand here; write its "
         "fields: gap, who"),
        ("title: [", "1:9: the bracket [ that opens here is not closed"),
        ("title: &a [*a]\n", "1:8: title: the anchor &a is not read in a template"),
        ("title: " + "{a: " * 2000 + "}" * 2000, "more than 20 levels inside one another"),
        (SOUND + "title: Another\n", "5:1: title: stands twice; the first is on line 1"),
        (SOUND + RISKS.replace("1.0", ".nan"), "5:16: risks.event: '.nan' cannot stand here; it "
         "should be a finite number"),
        (SOUND + RISKS.replace("1, 2", "1, .inf"), "5:37: risks.likelihood: '.inf' cannot"),
        (SOUND + RISKS.replace("100", "101"), "5:53: risks.effect: '101' cannot stand here; it "
         "should be less than or equal to 100"),
        (SOUND + RISKS.replace("1, 2", "2, 1"), "5:8: risks: the bounds of a scale must rise"),
        (SOUND + "first_number: 1000\n", "5:15: first_number: '1000' cannot stand here; it "
         "should be less than or equal to 999"),
        (SOUND.replace("A paper", '"a\\x01b"'), "1:8: title: holds a character that cannot be "
         "printed (U+0001); delete it"),
    ],
)  # fmt: skip
def test_a_faulty_template_says_where_what_is_wrong_and_what_may_stand_there(
    text: str, told: str
) -> None:
    with pytest.raises(TemplateError, match="the template own") as error:
        parse_template(text.encode(), "own")
    assert "own.yaml:" in str(error.value)
    assert told in str(error.value)
    assert "validation" not in str(error.value)


def test_every_fault_of_a_template_is_told_at_once_in_the_order_of_its_lines() -> None:
    faulty = SOUND.replace("parts", "part") + RISKS.replace("1.0", ".nan") + "first_number: 1000\n"
    with pytest.raises(TemplateError) as error:
        parse_template(faulty.encode(), "own")
    lines = [int(line.split("own.yaml:")[1].split(":")[0]) for line in str(error.value).split("\n")]
    assert lines == [3, 4, 5, 6]


def test_a_template_saved_in_another_encoding_is_told_so() -> None:
    """An editor of another system does; it was a fault of the programme."""
    with pytest.raises(TemplateError, match="save the file as UTF-8"):
        parse_template(SOUND.replace("A paper", "£5").encode("cp1252"), "own")


def test_a_sound_template_is_read() -> None:
    assert parse_template(SOUND.encode(), "own").sections[0].parts == ["summary"]


def test_a_template_of_gaps_alone_makes_a_pack_with_no_figure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(make, "comparison_charts", lambda *_: {})
    gaps = {"title": "A", "sections": [{"heading": "H", "parts": [{"gap": "G", "who": "W"}]}]}
    template = Template("own", TemplateFile.model_validate(gaps), "x")
    assert pack_files(fake_case((NO_AGREEMENT, TWO_YEAR)), template)["tables.xlsx"]
