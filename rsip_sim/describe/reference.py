"""Tables and numbers that are written from the code: of reference, and those of MODEL.md.

The tables of fields and columns stand in `scenarios/README.md`; the site in `docs` has those of
levers and metrics too. MODEL.md has its own from register, code and stored studies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from rsip_sim.evidence.national import PHASES
from rsip_sim.evidence.register import load_register
from rsip_sim.evidence.roster_columns import COLUMNS
from rsip_sim.experiment import worker
from rsip_sim.experiment.authorities import authority_names
from rsip_sim.measures.metrics import HEADLINES, METRICS
from rsip_sim.model import calendar, national, panel
from rsip_sim.model.calendar import ACTS, STATE, Turn
from rsip_sim.model.rules import agreement, choice, climate, cohesion, inspection, money, support
from rsip_sim.report.blocks import Table
from rsip_sim.scenario.levers import LEVERS
from rsip_sim.scenario.ranges import bound_words, number_text, range_of
from rsip_sim.scenario.schema import MODELS, MONTH_FIELDS
from rsip_sim.studies.assumptions import work as assumptions
from rsip_sim.studies.assumptions.report import drawn_from, grid_told, sources_words, swing_words
from rsip_sim.studies.assumptions.work import kept_impacts
from rsip_sim.studies.backtest.cases import ORIGINS
from rsip_sim.studies.backtest.report import (
    horizons_told,
    rotherham_told,
    scores_told,
    verdicts_told,
)
from rsip_sim.studies.backtest.work import TOGETHER, Backtest
from rsip_sim.studies.calibrate.report import parameters_told, patterns_told
from rsip_sim.studies.kernel.keeping import stored_table

_MARKED = re.compile(r"(<!-- (fields|roster) -->\n).*?(<!-- end -->)", re.DOTALL)


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
    return _MARKED.sub(lambda found: f"{found[1]}{tables[found[2]]()}{found[3]}", text)


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


_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_INLINE = re.compile(r"(<!--=(\w+)\.(\w+)-->)[^<]*(<!--/-->)")
_MODULES = (
    agreement, calendar, choice, climate, cohesion, inspection, money, national, support, worker,
)  # fmt: skip
_HOMES = {each.__name__.rpartition(".")[2]: each for each in _MODULES} | {
    "assumptions": assumptions
}
"""Modules whose constants stand in the equations, by the name they have there."""


def _told(table: Table) -> str:
    return markdown_table(table.header, table.cells)


def _turns() -> str:
    places = {turn: str(place) for place, turn in enumerate(Turn, start=1)}
    rows = (
        (places[a.turn], a.turn.name.lower(), a.institution, a.what, ", ".join(a.reads))
        for a in ACTS
    )
    return markdown_table(("", "turn", "who", "what happens", "looks at"), rows)


def _states() -> str:
    def changed_by(state: str) -> str:
        return ", ".join(dict.fromkeys(a.institution for a in ACTS if state in a.writes))

    rows = (
        (name, entry.meaning, changed_by(name), ", ".join(f"`{each}`" for each in entry.names))
        for name, entry in STATE.items()
    )
    return markdown_table(("state", "meaning", "changed by", "kept as"), rows)


def _structures() -> str:
    rows = (
        (
            f"`{name}`",
            each.label,
            each.value.replace("_", " "),
            " ".join(f"`{value}`: {words}" for value, words in each.alternatives.items()),
            each.grade,
        )
        for name, each in load_register().structures.items()
    )
    return markdown_table(
        ("name", "rule", "the model's own", "had it been otherwise", "evidence"), rows
    )


def _flat_levers() -> str:
    rows = ((f"`{row.path}`", row.label, row.flat) for row in LEVERS.values() if row.flat)
    return markdown_table(("lever", "what it is", "why it moves no headline"), rows)


def _number(value: float | tuple[float, ...] | None) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(f"{part:g}" for part in value)
    return f"{value:,g}" if abs(value) < 1e5 else f"{value:,.0f}"


def _parameters() -> str:
    rows = (
        (
            f"`{each.name}`",
            each.label,
            _number(each.value),
            f"{_number(each.low)} – {_number(each.high)}" if each.low is not None else "",
            each.unit,
            each.kind,
            each.grade,
        )
        for each in load_register()
    )
    heads = ("name", "meaning", "value", "5% – 95%", "unit", "kind", "evidence")
    return markdown_table(heads, rows)


def _assumptions() -> str:
    log = assumptions.assumption_log(kept_impacts())
    rows = (
        (
            each.rating,
            f"`{each.parameter.name}`",
            each.parameter.grade,
            drawn_from(each),
            swing_words(each),
            f"{each.impact.share:.0%}" if each.impact else "",
            sources_words(each.parameter),
        )
        for each in log.assumptions
    )
    heads = ("rating", "parameter", "evidence", "drawn from", "largest swing", "share", "sources")
    return _told(grid_told(log)) + "\n" + markdown_table(heads, rows)


def _columns() -> str:
    rows = ((f"`{c.name}`", c.meaning, c.unit) for c in panel.COLUMNS)
    return markdown_table(("column of the monthly panel", "meaning", "unit"), rows)


def _calibration() -> str:
    table = stored_table("calibration", "parameters").sort_values(
        ["learnt", "parameter"], ascending=[False, True]
    )
    words = (
        "*Learnt* is the fall of the variance, in standard scores of the range; *weight* the "
        "share of what the ranges explain of Rotherham's openings in two years.\n"
    )
    return _told(parameters_told("parameters", table.to_dict("records"))) + "\n" + words


def _patterns() -> str:
    return _told(patterns_told(stored_table("calibration", "patterns")))


def _backtested() -> Backtest:
    """The back-test as it is kept with the package."""
    names = ("scores", "horizons", "verdicts", "rotherham")
    tables = {name: stored_table("backtest", name) for name in names}
    return Backtest(tables, ORIGINS, scored=0, until=0, replications=0)


def _backtest() -> str:
    found = _backtested()
    return _told(verdicts_told(found, (TOGETHER, *PHASES))) + "\n" + _told(scores_told(found))


def _value(home: str, name: str) -> str:
    """A number of the equations: from the register, from a module, or counted."""
    if (home, name) == ("calibration", "authorities"):
        return str(len(authority_names()))
    value = load_register()[name].value if home == "register" else getattr(_HOMES[home], name)
    if isinstance(value, tuple) and home != "register":
        return f"{', '.join(f'{each:,g}' for each in value[:-1])} and {value[-1]:,g}"
    return _number(value)


_WRITERS: dict[str, Callable[[], str]] = {
    "turns": _turns,
    "states": _states,
    "structures": _structures,
    "flat_levers": _flat_levers,
    "parameters": _parameters,
    "assumptions": _assumptions,
    "columns": _columns,
    "calibration": _calibration,
    "patterns": _patterns,
    "backtest": _backtest,
    "horizons": lambda: _told(horizons_told(_backtested())),
    "rotherham": lambda: _told(rotherham_told(_backtested())),
}


def in_step(text: str) -> str:
    """The document with every generated block and number as code and studies have it now."""
    text = _BLOCK.sub(lambda block: block[1] + _WRITERS[block[2]]() + block[3], text)
    return _INLINE.sub(lambda each: f"{each[1]}{_value(each[2], each[3])}{each[4]}", text)
