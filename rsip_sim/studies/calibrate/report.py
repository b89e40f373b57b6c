"""The calibration told: what was learnt of each parameter, and the patterns before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rsip_sim.report.blocks import Column, Heading, Report, Table
from rsip_sim.studies.calibrate.work import Calibration

_PARAMETERS = (
    Column("parameter", 30, words=True), Column("prior (5% to 95%)", 27), Column("posterior", 30),
    Column("learnt", 8), Column("influence", 11),
)  # fmt: skip
_PATTERNS = (
    Column("pattern", 61, words=True, hang=0, silent=True), Column("seen", 8, silent=True),
    Column("before", 24, silent=True), Column("after", 24, silent=True),
)  # fmt: skip


def calibration_report(done: Calibration) -> Report:
    """Parameters, most learnt first, and patterns."""
    learnt = "What the openings to 1 April 2013 taught (most first)"
    patterns = "Patterns: seen, and predicted before and after (90% ranges)"
    parameters = done.parameters().sort_values("learnt", ascending=False).to_dict("records")
    return Report("", (
        Heading(learnt, 3),
        Table(
            "parameters", learnt,
            "One row a parameter: its middle and range before and after, the fall of its variance, "
            "and its share of what the ranges explain of Rotherham's openings.",
            _PARAMETERS, tuple(map(_parameter, parameters)), quiet=True, apart=True,
        ),
        Heading(patterns, 3),
        Table(
            "patterns", patterns, "One row a pattern: what was seen, and what was predicted.",
            _PATTERNS, tuple(map(_pattern, done.checks().to_dict("records"))), quiet=True,
            apart=True,
        ),
    ))  # fmt: skip


def _parameter(row: Mapping[Any, Any]) -> tuple[str, ...]:
    before, after = (
        f"{row[word]:.3g} ({row[f'{word}_low']:.3g} to {row[f'{word}_high']:.3g})"
        for word in ("prior", "posterior")
    )
    return row["parameter"], before, after, f"{row['learnt']:.0%}", f"{row['influence']:.0%}"


def _pattern(row: Mapping[Any, Any]) -> tuple[str, ...]:
    ranges = (
        f"{row[word]:.2f} ({row[f'{word}_low']:.2f} to {row[f'{word}_high']:.2f})"
        for word in ("prior", "posterior")
    )
    return row["label"], f"{row['seen']:.3g}", *ranges
