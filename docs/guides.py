"""The pages of the site as something to do: their files written and their commands run, in order.

A block of ``bash`` holds ``rsip`` commands, one of ``yaml`` after a line with a name a file, one of
``python`` a script; blocks of a page share a folder, and its scripts their variables. What is only
shown, such as how to install, is ``console`` or ``text``.

A place between ``<!-- said by: COMMAND -->`` and ``<!-- end -->`` holds what a command prints, and
one after ``<!-- commands -->`` the commands themselves; `fill.py` puts it there.
"""

from __future__ import annotations

import contextlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from typer.testing import CliRunner, Result

from rsip_sim.cli.app import app

DOCS = Path(__file__).parent
README = DOCS.parent / "README.md"
PAGES = ("start", "worked_question", "two_year_review", "python", "another_council")
"""The pages with something to do."""

_STEP = re.compile(
    r"(?:^`(?P<file>\S+)`:\n\n)?^```(?P<kind>yaml|bash|python)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
_SAID = re.compile(r"(<!-- (?:said by: (.+?)|commands) -->\n).*?(<!-- end -->)", re.DOTALL)
_SIMULATE = {"run", "compare", "experiment", "solve"}


class StepError(Exception):
    """A command of a page that did not end well; says which, and what it printed."""


def page(name: str) -> str:
    """The text of a page."""
    return (DOCS / f"{name}.md").read_text("utf-8")


def steps(text: str) -> Iterator[re.Match[str]]:
    """The blocks of a page that do something: file, kind and text."""
    return _STEP.finditer(text)


def walk(text: str, folder: Path, futures: int | None = None) -> dict[str, str]:
    """Do all that a page says in a folder; returns what each command printed, by command.

    futures  replications of what says nothing of them, in this process; None: as many as a
             reader gets
    Raises StepError at the first command that fails.
    """
    said: dict[str, str] = {}
    names: dict[str, object] = {}
    with contextlib.chdir(folder):
        for step in steps(text):
            if step["kind"] == "yaml":
                if step["file"]:
                    Path(step["file"]).write_text(step["text"], "utf-8")
            elif step["kind"] == "python":
                exec(compile(step["text"], "a page", "exec"), names)
            else:
                for line in step["text"].splitlines():
                    answer = _answer(line, futures)
                    said[line] = answer.stdout + answer.stderr
    return said


def spoken(line: str) -> str:
    """What an ``rsip`` command answers; StepError where it fails."""
    return _answer(line).stdout


def _answer(line: str, futures: int | None = None) -> Result:
    first, command, *words = shlex.split(line)
    if first != "rsip":
        raise StepError(f"{line}: no rsip command")
    if futures and command in {*_SIMULATE, "explain"}:
        words += ["--workers", "1"]  # for few futures no other process is worth its start
    if futures and command in _SIMULATE and "--replications" not in words:
        words += ["--replications", str(futures)]
    answer = CliRunner().invoke(app, [command, *words])
    if answer.exit_code:
        raise StepError(f"{line}: {answer.stderr or answer.exception!r}")
    return answer


def quoted(text: str) -> list[tuple[str | None, str]]:
    """The places of a page that are filled: the command, or None for those themselves; its text."""
    return [
        (place[2], place[0].removeprefix(place[1]).removesuffix(place[3]))
        for place in _SAID.finditer(text)
    ]


def with_quotes(text: str, folder: Path) -> tuple[str, list[StepError]]:
    """A page with what its commands print in a folder, and the table of commands.

    A place whose command fails, as for results that are not there, stays as it is; the second
    value says why.
    """
    from generated import command_tables

    left: list[StepError] = []

    def fill(place: re.Match[str]) -> str:
        if place[2] is None:
            return f"{place[1]}{command_tables()}{place[3]}"
        try:
            return f"{place[1]}```text\n{spoken(place[2]).strip()}\n```\n{place[3]}"
        except StepError as error:
            left.append(error)
            return place[0]

    with contextlib.chdir(folder):
        return _SAID.sub(fill, text), left
