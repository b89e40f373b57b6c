"""The calibration told: what was learnt of each parameter, and the patterns before and after."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from rsip_sim.report.blocks import (
    Block,
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
from rsip_sim.studies.calibrate.work import Calibration, inside

QUESTION = "What did the openings up to April 2013 teach?"
LITTLE = 0.05
"""Fall of variance up to which the openings are said to teach next to nothing."""

_MOST_SHOWN = 7
_PARAMETERS = (
    Column("Value", 31, words=True, hang=1), Column("before (5% to 95%)", 25),
    Column("after", 26), Column("learnt", 7), Column("weight", 7),
)  # fmt: skip
_PATTERNS = (
    Column("Pattern", 48, words=True, hang=1), Column("seen", 7), Column("before (90%)", 21),
    Column("after (90%)", 20),
)  # fmt: skip
_SURE = (
    "Nothing later than 1 April 2013 was used; 'rsip backtest' tells how the forecasts then fared.",
    "A curve fitted to the simulations stands in for the model; its doubt and the luck of "
    "England's authorities are part of what is compared.",
)
_NOTES = (
    "Learnt: the fall of a value's variance, in standard scores of its range. Weight: the share of "
    "what the ranges explain of Rotherham's openings in two years.",
    "Ranges of patterns are 90% of predictions, with the luck of England's authorities.",
)

Rows = Sequence[Mapping[Hashable, Any]]


def calibration_report(done: Calibration) -> Report:
    """What was learnt most, and how many patterns are met; behind it all of both."""
    parameters = done.parameters().sort_values("learnt", ascending=False)
    patterns = done.checks()
    rows = parameters.to_dict("records")
    first: list[Block] = [
        Paragraph(_answer(rows, patterns)),
        parameters_told("most", rows[:_MOST_SHOWN], apart=True),
        Heading("How sure"),
        Points(_SURE, plain=True),
    ]
    parts = (
        Part("parameters", "What was learnt of each value", (parameters_told("parameters", rows),)),
        Part(
            "patterns", "Patterns seen, and predicted before and after", (patterns_told(patterns),)
        ),
        Part("method", "How to read this", (Points(_NOTES),)),
    )
    about = f"{counted(done.fitted.authorities, 'authority', 'authorities')} and Rotherham"
    return Report(QUESTION, tuple(first), about, parts=parts)


def _answer(rows: Rows, patterns: pd.DataFrame) -> str:
    best = rows[0]
    little = sum(row["learnt"] < LITTLE for row in rows)
    return (
        f"Most about '{best['label']}', whose uncertainty fell by {per_cent(best['learnt'])}; next "
        f"to nothing about {little} of {counted(len(rows), 'value')}. Of "
        f"{counted(len(patterns), 'pattern')} of those two years {inside(patterns, 'posterior')} "
        f"lie within the range then predicted, {inside(patterns, 'prior')} before."
    )


def parameters_told(name: str, rows: Rows, apart: bool = False) -> Table:
    """What was learnt of values: rows as of `Calibration.parameters`."""

    def cells(row: Mapping[Hashable, Any]) -> Row:
        before, after = (
            f"{row[word]:.3g} ({row[f'{word}_low']:.2g} to {row[f'{word}_high']:.2g})"
            for word in ("prior", "posterior")
        )
        shares = (per_cent(row[name], brief=True) for name in ("learnt", "influence"))
        return row["label"], before, after, *shares

    return Table(
        name, "What the openings up to 1 April 2013 taught, most first",
        "One row a value: its middle and range before and after, the fall of its variance, and "
        "its share of what the ranges explain of Rotherham's openings.",
        _PARAMETERS, tuple(map(cells, rows)), quiet=True, apart=apart,
    )  # fmt: skip


def patterns_told(patterns: pd.DataFrame) -> Table:
    """What was seen and predicted: rows as of `Calibration.checks`."""

    def cells(row: Mapping[Hashable, Any]) -> Row:
        ranges = (
            f"{row[word]:.2f} ({row[f'{word}_low']:.2f} to {row[f'{word}_high']:.2f})"
            for word in ("prior", "posterior")
        )
        return row["label"], f"{row['seen']:.3g}", *ranges

    return Table(
        "patterns", "Patterns seen, and predicted before and after, with 90% ranges",
        "One row a pattern: what was seen, and what was predicted.",
        _PATTERNS, tuple(map(cells, patterns.to_dict("records"))), quiet=True,
    )  # fmt: skip
