"""What the site has from the code: a Sphinx extension that fills a page's marks when it is built.

A page says ``<!-- generated: levers -->`` where the table of levers belongs. Docstrings, whose
arguments stand as ``name  what it is``, reach the pages of the Python API as lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import typer
from sphinx.application import Sphinx

from rsip_sim.cli.app import GROUPS, app
from rsip_sim.describe.reference import lever_table, metric_table
from rsip_sim.studies.registry import STUDIES

_MARK = re.compile(r"<!-- generated: ([\w ]+) -->")
_ARGUMENT = re.compile(r"(?P<names>\w+(?:,? (?:or )?\w+)*)(?: {2,}|: )(?P<words>\S.*)")
_CODE = re.compile(r"(?<![`\w])(rsip(?: [a-z-]+)+ --\S+|'rsip[^']*'|--[a-z-]+)")


def commands() -> Iterator[tuple[str, list[Any]]]:
    """The headings of ``rsip --help``, each with its commands."""
    group = typer.main.get_command(app)
    context = group.make_context("rsip", [], resilient_parsing=True)
    for heading, names in GROUPS.items():
        yield heading, [group.resolve_command(context, [name])[1] for name in names]


def usage(command: Any) -> str:
    """A command as it is typed: its arguments, and the options that must be given."""
    places = [each.metavar for each in command.params if each.param_type_name == "argument"]
    needed = [
        f"{each.opts[0]} {each.metavar}"
        for each in command.params
        if each.param_type_name == "option" and each.required
    ]
    return " ".join(["rsip", command.name, *places, *needed])


def command_tables() -> str:
    """Every command under its heading, with its line of help: the tables of the README."""
    tables = []
    for heading, found in commands():
        rows = "".join(f"| `{usage(each)}` | {_brief(each.help)} |\n" for each in found)
        tables.append(f"| {heading.lower()} | |\n|---|---|\n{rows}")
    return "\n".join(tables)


def _brief(help_: str) -> str:
    return " ".join(help_.split("\n\n")[0].split()).rstrip(".")


def command_pages() -> str:
    """Every command with its help, its arguments and its options."""
    pages = []
    for heading, found in commands():
        pages.append(f"## {heading}\n")
        for command in found:
            words = (_marked(" ".join(part.split())) for part in command.help.split("\n\n"))
            pages.append(f"### rsip {command.name}\n\n```text\n{usage(command)}\n```\n")
            pages.append("\n\n".join([*words, _option_table(command)]))
            if command.epilog:
                first, _, example = command.epilog.partition(": ")
                pages.append(f"{first}:\n\n```text\n{' '.join(example.split())}\n```\n")
    return "\n".join(pages)


def _option_table(command: Any) -> str:
    rows = []
    for each in command.params:
        names = [*each.opts, *each.secondary_opts] if each.opts[0].startswith("-") else []
        name = ", ".join(names) + (f" {each.metavar}" if each.metavar else "")
        words = _marked(each.help or "").replace("|", "\\|")
        rows.append(f"| `{name.strip()}` | {words} | {'yes' if each.required else ''} |\n")
    return "| | what it says | needed |\n|---|---|---|\n" + "".join(rows)


def _marked(words: str) -> str:
    """Words of a help text with what is typed set as code."""
    return _CODE.sub(lambda found: f"`{found[1].strip(chr(39))}`", words)


def study_functions() -> str:
    """Every study as a Python function."""
    functions = "\n".join(f".. autofunction:: rsip_sim.{name}" for name in STUDIES)
    return f"```{{eval-rst}}\n{functions}\n```\n"


GENERATED: Mapping[str, Callable[[], str]] = {
    "commands": command_pages,
    "levers": lever_table,
    "metrics": metric_table,
    "study functions": study_functions,
}
"""What may stand in a mark of a page."""


def filled(text: str) -> str:
    """A page with its marks filled. Raises KeyError for a mark that nobody fills."""
    return _MARK.sub(lambda found: GENERATED[found[1]](), text)


def listed(lines: list[str]) -> list[str]:
    """A docstring with its arguments as a list; all else as it stands."""
    told: list[str] = []
    for paragraph in "\n".join(lines).split("\n\n"):
        rows = re.sub(r"\n\s{2,}", " ", paragraph).split("\n")
        found = [_ARGUMENT.fullmatch(row) for row in rows]
        if all(found):
            told += [f"* **{each['names']}**: {each['words']}" for each in found if each]
        else:
            told += paragraph.split("\n")
        told.append("")
    return told


def setup(app: Sphinx) -> dict[str, Any]:
    """What Sphinx calls."""

    def fill(_app: Sphinx, _page: str, source: list[str]) -> None:
        source[0] = filled(source[0])

    def lay_out(_app: Sphinx, _what: str, _name: str, _of: Any, _opts: Any, doc: list[str]) -> None:
        doc[:] = listed(doc)

    app.connect("source-read", fill)
    app.connect("autodoc-process-docstring", lay_out)
    return {"version": "1", "parallel_read_safe": True}
