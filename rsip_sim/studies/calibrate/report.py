"""The calibration told: what was learnt of each parameter, and the patterns before and after."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from rsip_sim.report.blocks import (
    Column,
    Heading,
    Paragraph,
    Part,
    Points,
    Report,
    Row,
    Table,
)
from rsip_sim.report.words import counted, per_cent
from rsip_sim.studies.calibrate.work import Calibration

QUESTION = "What did the openings up to April 2013 teach?"
LITTLE = 0.05
"""Fall of variance up to which the openings are said to teach next to nothing."""

_MOST_SHOWN = 7
_SURE = (
    "Nothing later than 1 April 2013 was used; 'rsip backtest' tells how the forecasts then fared.",
    "A curve fitted to the simulations stands in for the model; its doubt and the luck of "
    "England's authorities are part of what is compared, and of the ranges of patterns.",
)
_NOTE = (
    "Learnt: the fall of a value's variance, in standard scores of its range. Weight: the share of "
    "what the ranges explain of Rotherham's openings in two years."
)

Rows = Sequence[Mapping[Hashable, Any]]


def calibration_report(done: Calibration) -> Report:
    """What was learnt most, and how many patterns are met; behind it all of both."""
    patterns = done.checks()
    rows = done.parameters().sort_values("learnt", ascending=False).to_dict("records")
    whole, met = parameters_told("parameters", rows), patterns_told(patterns)
    first = (
        Paragraph(_answer(rows, patterns)),
        parameters_told("most", rows[:_MOST_SHOWN], apart=True),
        Heading("How sure"),
        Points(_SURE, plain=True),
    )
    parts = (
        Part("parameters", "What was learnt of each value", (whole, Paragraph(_NOTE, "note"))),
        Part("patterns", "Patterns seen, and predicted with 90% ranges", (met,)),
    )
    about = f"{counted(done.fitted.authorities, 'authority', 'authorities')} and Rotherham"
    return Report(QUESTION, first, about, parts=parts)


def _answer(rows: Rows, patterns: pd.DataFrame) -> str:
    best = rows[0]
    little = sum(row["learnt"] < LITTLE for row in rows)
    before, after = (
        patterns["seen"].between(patterns[f"{word}_low"], patterns[f"{word}_high"]).sum()
        for word in ("prior", "posterior")
    )
    return (
        f"Most about '{best['label']}', whose uncertainty fell by {per_cent(best['learnt'])}; next "
        f"to nothing about {little} of {counted(len(rows), 'value')}. Of "
        f"{counted(len(patterns), 'pattern')} of those two years {after} lie within the range then "
        f"predicted, {before} before."
    )


def _before_and_after(row: Mapping[Hashable, Any], middle: str, end: str) -> Row:
    """The middle and the range of both, each written so."""
    return tuple(
        f"{row[word]:{middle}} ({row[f'{word}_low']:{end}} to {row[f'{word}_high']:{end}})"
        for word in ("prior", "posterior")
    )


def parameters_told(name: str, rows: Rows, apart: bool = False) -> Table:
    """What was learnt of values: rows as of `Calibration.parameters`."""
    told = [
        (
            row["label"],
            *_before_and_after(row, ".3g", ".2g"),
            per_cent(row["learnt"], brief=True),
            per_cent(row["influence"], brief=True),
        )
        for row in rows
    ]
    shown = (
        Column("Value", 31, words=True, hang=1),
        Column("before (5% to 95%)", 25),
        Column("after", 26),
        Column("learnt", 7),
        Column("weight", 7),
    )
    caption = "What the openings up to 1 April 2013 taught, most first"
    how = "One row a value: its middle and range before and after, what was learnt, its weight."
    return Table(name, caption, how, shown, tuple(told), quiet=True, apart=apart)


def patterns_told(patterns: pd.DataFrame) -> Table:
    """What was seen and predicted: rows as of `Calibration.checks`."""
    told = [
        (row["label"], f"{row['seen']:.3g}", *_before_and_after(row, ".2f", ".2f"))
        for row in patterns.to_dict("records")
    ]
    shown = (
        Column("Pattern", 48, words=True, hang=1),
        Column("seen", 7),
        Column("before (90%)", 21),
        Column("after (90%)", 20),
    )
    caption = "Patterns seen, and predicted before and after, with 90% ranges"
    how = "One row a pattern: what was seen, and what was predicted."
    return Table("patterns", caption, how, shown, tuple(told), quiet=True)
