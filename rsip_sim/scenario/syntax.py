"""Faults of YAML itself, in words a planner knows instead of those of the YAML library."""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from rsip_sim.evidence.faults import Fault, look_alike, name_of

_QUOTE_IT = 'put the text in quotes, as in title: "Two years: the offer"'
_ALIGN = "indent with spaces, and fields of one level by the same number of spaces"
_BACKSLASH = "a backslash has a meaning of its own in double quotes"
_SINGLE_QUOTES = "use single quotes: '…'"
_NO_CHARACTER = re.compile(r"\\U(?!000|0010)")
_SPECIAL = re.compile(r"found character '(.+)' that cannot start any token")


def syntax_fault(error: MarkedYAMLError, text: str, file: str) -> Fault:
    """The fault of a file that is not YAML from some place on."""
    message, allowed, at_context = _words(error, text)
    mark = error.context_mark if at_context and error.context_mark else error.problem_mark
    mark = mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    lines = text.splitlines()
    for at, where in ((line, "on this line"), (line - 1, "on the line above")):
        found = look_alike(lines[at - 1]) if 0 < at <= len(lines) else ""
        if found:
            message += f"; {found} stands {where}"
            break
    return Fault(file, line, column, "", message, allowed)


def reader_fault(error: YAMLError, text: str, file: str) -> Fault:
    """The fault of a file that holds a character YAML does not allow."""
    if not isinstance(error, ReaderError):
        return Fault(file, 0, 0, "", "is not a file of lines name: value", _ALIGN)
    position = next((at for at, one in enumerate(text) if ord(one) == error.character), 0)
    message = f"holds {name_of(chr(error.character))}"
    return Fault(file, *_line_and_column(text, position), "", message, "delete it")


def escape_fault(text: str, file: str) -> Fault:
    """The fault of a backslash escape that names no character, such as one above U+10FFFF."""
    found = _NO_CHARACTER.search(text)
    place = _line_and_column(text, found.start()) if found else (0, 0)
    return Fault(file, *place, "", _BACKSLASH, _SINGLE_QUOTES)


def _line_and_column(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def _words(error: MarkedYAMLError, text: str) -> tuple[str, str, bool]:
    """Message, what to write, and whether the context rather than the problem is the place."""
    problem, context = str(error.problem or ""), str(error.context or "")
    special = _SPECIAL.search(problem)
    if special:
        return _unfit_start(special.group(1))
    if "mapping values are not allowed" in problem:
        return _second_colon(error, text)
    if "anchor" in context or "alias" in context:
        return "a value cannot start with & or *", _QUOTE_IT, True
    if "directive" in context:
        return "a line that starts with % is not read", "delete the line", True
    if "quoted scalar" in context and ("escape" in problem or "hexdecimal" in problem):
        return _BACKSLASH, _SINGLE_QUOTES, False
    if "sequence entries are not allowed" in problem:
        return _unexpected("found '-'")
    if "quoted scalar" in context:
        return "a quotation mark opens here and is never closed", "close it", True
    if "flow" in context:
        return _open_bracket(context, problem)
    if "could not find expected ':'" in problem:
        return "this line has no colon", "write name: value", True
    if "expected the node content" in problem or "document start" in problem:
        return _unexpected(problem)
    if "block scalar" in context:
        return "after | or > only a line break may follow", "write the text on the next lines", True
    if "block end" in problem and "scalar" in problem:
        return "text follows a value that is already complete", _QUOTE_IT, False
    if "block" in context or "block" in problem:
        return "this line does not line up with those above it", _ALIGN, False
    return "this is not a line of the form name: value", _ALIGN, False


def _unfit_start(character: str) -> tuple[str, str, bool]:
    if character in ("\\t", "\t"):
        return "a tab stands here", "indent and separate with spaces", False
    return f"a value cannot start with {character}", _QUOTE_IT, False


def _second_colon(error: MarkedYAMLError, text: str) -> tuple[str, str, bool]:
    mark = error.problem_mark
    lines = text.splitlines()
    before = lines[mark.line][: mark.column] if mark and mark.line < len(lines) else ""
    if re.search(r":\s", before):
        return "a second colon on this line", _QUOTE_IT, False
    return "this line is indented, but the field above it has a value of its own", _ALIGN, False


def _open_bracket(context: str, problem: str) -> tuple[str, str, bool]:
    opening, closing = ("{", "}") if "mapping" in context else ("[", "]")
    message = f"the bracket {opening} that opens here is not closed as it should be"
    advice = f"separate with commas and close with {closing}"
    if "'-'" in problem or "block" in problem:
        advice = f"{advice}, on lines that are indented"
    return message, advice, True


def _unexpected(problem: str) -> tuple[str, str, bool]:
    found = re.search(r"found '?\(?'?([^')]*)", problem)
    token = found.group(1) if found else ""
    if token in ("}", "]", ","):
        return f"{token} stands here without its opening bracket", "delete it", False
    if token == "-":
        return "a list item cannot start here", "write each '- ' on a line of its own", False
    return "this line does not line up with those above it", _ALIGN, False
