"""Reference tables from the code: fields, roster columns, levers and metrics.

Those of fields and columns stand in `scenarios/README.md`; the site in `docs` has all four.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from rsip_sim.evidence.roster_columns import COLUMNS
from rsip_sim.measures.metrics import HEADLINES, METRICS
from rsip_sim.scenario.levers import LEVERS
from rsip_sim.scenario.ranges import bound_words, number_text, range_of
from rsip_sim.scenario.schema import MODELS, MONTH_FIELDS

_BLOCK = re.compile(r"(<!-- (fields|roster) -->\n).*?(<!-- end -->)", re.DOTALL)


def field_table() -> str:
    """A Markdown table of every field: what it is, its unit, accepted range and evidence range."""
    head = ["field", "what it is", "unit", "accepted", "met in evidence", "if not given"]
    return markdown_table(head, _field_rows())


def roster_table() -> str:
    """A Markdown table of the columns of a roster file."""
    rows = (
        (f"`{each.name}`", "yes" if each.required else "", each.meaning, each.allowed)
        for each in COLUMNS
    )
    return markdown_table(["column", "required", "what it says", "allowed"], rows)


def lever_table() -> str:
    """A Markdown table of every lever: who sets it, and what a rise of it does."""
    rows = (
        (
            f"`{row.path}`",
            row.label,
            "the council" if row.chosen else "nobody here",
            "; ".join(
                f"{METRICS[each.metric].label} {'↑' if each.sign > 0 else '↓'} ({each.because})"
                for each in row.directions
            ),
        )
        for row in LEVERS.values()
    )
    return markdown_table(["lever", "what it is", "who sets it", "where it is raised"], rows)


def metric_table() -> str:
    """A Markdown table of every metric: label, unit, which way is good and what is noticed."""
    good = {"higher": "more", "lower": "less", "neither": "neither"}
    rows = (
        (
            f"`{each.name}`",
            each.label,
            each.unit,
            good[each.better],
            each.format.prefix + number_text(each.format.notice) if each.format.notice else "",
            "yes" if each.name in HEADLINES else "",
        )
        for each in METRICS.values()
    )
    head = ["metric", "what it is", "unit", "better", "smallest change noticed", "headline"]
    return markdown_table(head, rows)


def with_tables(text: str) -> str:
    """A text whose marked places hold the tables as they are now."""
    tables = {"fields": field_table, "roster": roster_table}
    return _BLOCK.sub(lambda found: f"{found[1]}{tables[found[2]]()}{found[3]}", text)


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; what would end a cell becomes a stroke."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)


def _field_rows() -> Iterator[tuple[str, ...]]:
    for section, model in MODELS.items():
        for name, field in model.model_fields.items():
            path = f"{section}.{field.alias or name}".lstrip(".")
            if path not in MODELS:
                yield _field_row(path, field)


def _field_row(path: str, field: FieldInfo) -> tuple[str, ...]:
    limits = range_of(path)
    evidence = ""
    if limits and limits.low is not None:
        evidence = bound_words(limits.low, limits.high).removeprefix("from ")
    accepted = [_words(field.annotation)] + ["a month"] * (path in MONTH_FIELDS)
    if limits:
        accepted.append(bound_words(limits.minimum, limits.maximum).removeprefix("from "))
    default = "must be given" if field.is_required() else _default(field.default)
    meaning = " ".join((field.description or "").split())
    unit = limits.unit if limits else ""
    return f"`{path}`", meaning, unit, " or ".join(filter(None, accepted)), evidence, default


def _words(annotation: Any) -> str:
    """The words a field accepts: those of its Literal, true and false, or a month."""
    if get_origin(annotation) is Literal:
        return ", ".join(str(each) for each in get_args(annotation))
    if annotation is bool:
        return "true, false"
    return next(filter(None, (_words(each) for each in get_args(annotation))), "")


def _default(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return number_text(value)
    if value is None:
        return "null"
    return str(value) if value not in ("", {}, []) else ""
