"""What the pages of the site say to do works as it is written, in an empty folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from guides import PAGES, StepError, page, quoted, spoken, steps, walk

FEW = 24  # futures: enough for every command to have something to say
FEWER = {"start": 12}  # whose seven policies are told under each of the other rules as well
BEFORE = {"worked_question": ["rsip init"], "two_year_review": ["rsip init"]}
"""What a page asks to have been done; another council has a test of its own."""


LONGEST = "worked_question"  # whose commands the other pages run in other words


@pytest.mark.parametrize(
    "name",
    [pytest.param(each, marks=pytest.mark.slow if each == LONGEST else ())
     for each in PAGES if each != "another_council"],
)  # fmt: skip
def test_every_example_of_a_page_works_and_what_it_shows_is_there(
    name, tmp_path, monkeypatch, request
):
    monkeypatch.chdir(tmp_path)
    if name == "python":  # where nothing is shown of what other rules would give
        request.getfixturevalue("no_other_rules")
    for line in BEFORE.get(name, ()):
        spoken(line)
    said = walk(page(name), tmp_path, FEWER.get(name, FEW))
    assert all(said.values()), "a command has nothing to say"
    for command, _ in quoted(page(name)):
        assert command
        assert spoken(command).strip(), command


def test_no_example_of_a_page_is_passed_over():
    for name in PAGES:
        done = {step["kind"] for step in steps(page(name))}
        fences = sum(line.startswith("```") and line != "```" for line in page(name).splitlines())
        shown = page(name).count("```text") + page(name).count("```console")
        shown += page(name).count("```{")
        assert done, name
        assert fences == len(list(steps(page(name)))) + shown, name


def test_a_command_that_fails_stops_the_page(tmp_path: Path):
    with pytest.raises(StepError, match="rsip show nowhere"):
        walk("```bash\nrsip show nowhere\n```\n", tmp_path)
    with pytest.raises(StepError, match="no rsip command"):
        walk("```bash\nrm -r results\n```\n", tmp_path)
