"""A report as JSON, and back: so that a paper can take in what a study told, block by block."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

from rsip_sim.report import blocks, quoted
from rsip_sim.report.blocks import Report
from rsip_sim.report.quoted import Said

VERSION = 2
_KINDS: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        Report, blocks.Part, blocks.Heading, blocks.Paragraph, blocks.Points, blocks.Table,
        blocks.Column, blocks.Picture, blocks.Gap, quoted.Quote, quoted.Cell, quoted.Derived,
        quoted.Given, quoted.InStudy,
    )
}  # fmt: skip
_SAID, _KIND = "said", "is"


class ReportError(ValueError):
    """A text that is no stored report."""


def stored(report: Report) -> str:
    """The report as JSON text; `read` gives the same report back."""
    content = {"version": VERSION, "report": _packed(report)}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def read(text: str) -> Report:
    """The report of a JSON text; ReportError if it holds none of this version."""
    try:
        content = json.loads(text)
        if content["version"] != VERSION:
            raise ReportError(f"a report of version {content['version']}, not {VERSION}")
        report = _unpacked(content["report"])
    except ReportError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ReportError(f"no report can be read from it ({error})") from error
    if not isinstance(report, Report):
        raise ReportError("it holds no report")
    return report


def _packed(value: Any) -> Any:
    """Blocks and quotes as dictionaries with their kind; of their fields those that say more."""
    if isinstance(value, Said):
        return {_SAID: [_packed(part) for part in value.parts]} if value.quotes else str(value)
    if isinstance(value, tuple):
        return [_packed(each) for each in value]
    if is_dataclass(value):
        said = {
            each.name: _packed(getattr(value, each.name))
            for each in fields(value)
            if getattr(value, each.name) != each.default
        }
        return {_KIND: type(value).__name__, **said}
    return value.item() if hasattr(value, "item") else value


def _unpacked(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_unpacked(each) for each in value)
    if isinstance(value, dict) and _SAID in value:
        return Said(*(_unpacked(part) for part in value[_SAID]))
    if isinstance(value, dict):
        kind = _KINDS[value[_KIND]]
        return kind(**{name: _unpacked(each) for name, each in value.items() if name != _KIND})
    return value
