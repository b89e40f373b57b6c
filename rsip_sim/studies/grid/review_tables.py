"""The tables of a review, tidy."""

from __future__ import annotations

from typing import Any

import pandas as pd

from rsip_sim.studies.grid.learning import group_names
from rsip_sim.studies.grid.review import ReviewResult


def review_tables(result: ReviewResult) -> dict[str, pd.DataFrame]:
    """Options and cells, and, where futures were enough to learn from, value and groups."""
    learnt = {"value": value_table(result), "groups": groups_table(result)}
    return {
        "options": _options(result),
        "cells": result.cells.table(result.failures).drop(columns="cell"),
        **(learnt if result.worked_out else {}),
    }


def _levers(result: ReviewResult, option: int) -> dict[str, Any]:
    return dict(zip(result.cells.levers, result.options[option], strict=True))


def value_table(result: ReviewResult) -> pd.DataFrame:
    """One row an aim and way of looking."""
    rows = [
        {
            "aim": one.aim.name,
            "label": one.aim.label,
            "unit": one.aim.unit_of_values,
            "looks_at": looks,
            "value": found.value.mean,
            "ci_low": found.value.ci_low,
            "ci_high": found.value.ci_high,
            "apparent_value": found.apparent,
            "share_decided_otherwise": found.changes,
            "hindsight_value": one.hindsight,
            "replications": result.replications,
        }
        for one in result.judged
        for looks, found in one.learnt.items()
    ]
    return pd.DataFrame(rows)


def _options(result: ReviewResult) -> pd.DataFrame:
    """One row an aim and option."""
    rows = [
        {
            "aim": one.aim.name,
            "label": one.aim.label,
            "unit": one.aim.unit_of_values,
            "option": option,
            **_levers(result, option),
            "level": one.levels[option],
            "gain_over_the_best": behind.mean,
            "ci_low": behind.ci_low,
            "ci_high": behind.ci_high,
            "best": option == one.fixed,
        }
        for one in result.judged
        for option, behind in enumerate(one.behind)
    ]
    return pd.DataFrame(rows)


def groups_table(result: ReviewResult) -> pd.DataFrame:
    """One row an aim, way of looking, group and option."""
    rows = [
        {
            "aim": one.aim.name,
            "looks_at": looks,
            "group": name,
            "share": found.shares[group],
            "option": option,
            **_levers(result, option),
            "gain_over_the_best_of_all": one.groups[looks][option, group],
            "picked": found.picks[group] == option,
        }
        for one in result.judged
        for looks, found in one.learnt.items()
        for group, name in enumerate(group_names(looks.split()))
        for option in range(len(result.options))
    ]
    return pd.DataFrame(rows)
