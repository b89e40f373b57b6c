"""The tables of a grid, tidy."""

from __future__ import annotations

import pandas as pd

from rsip_sim.measures.moments import unit_at
from rsip_sim.measures.statistics import estimates
from rsip_sim.studies.grid.effects import from_base
from rsip_sim.studies.grid.work import GridResult


def grid_tables(result: GridResult) -> dict[str, pd.DataFrame]:
    """Tables by name: results, effects, cells."""
    return {
        "results": _results(result),
        "effects": effects_table(result),
        "cells": result.cells.table(result.failures),
    }


def _results(result: GridResult) -> pd.DataFrame:
    """One row a cell, metric and moment."""
    rows = []
    for metric in result.measured_metrics:
        for moment in result.moments(metric):
            values = result.measured.of(metric.name, moment)
            levels, paired = estimates(values), estimates(from_base(result.cells, values))
            for cell, level, own in zip(result.cells.cells, levels, paired, strict=True):
                rows.append(
                    {
                        "cell": cell.number,
                        **result.cells.named(cell.values, cell.condition),
                        "metric": metric.name,
                        "label": metric.label,
                        "unit": unit_at(metric, moment, files=True),
                        "date": moment.name,
                        "mean": level.mean,
                        "mean_ci_low": level.ci_low,
                        "mean_ci_high": level.ci_high,
                        "p05": level.p05,
                        "p95": level.p95,
                        "difference": own.mean,
                        "ci_low": own.ci_low,
                        "ci_high": own.ci_high,
                        "replications": result.replications,
                    }
                )
    return pd.DataFrame(rows)


def effects_table(result: GridResult) -> pd.DataFrame:
    """One row a metric, condition, lever and value, at the moment of the findings."""
    rows = [
        {
            "metric": each.metric.name,
            "label": each.metric.label,
            "unit": unit_at(each.metric, each.moment, files=True),
            "date": each.moment.name,
            **dict(zip(result.cells.conditions, each.condition, strict=True)),
            "lever": effect.path,
            "from": dict(zip(result.cells.levers, result.cells.base, strict=True))[effect.path],
            "to": effect.value,
            "effect": effect.mean.mean,
            "ci_low": effect.mean.ci_low,
            "ci_high": effect.mean.ci_high,
            "smallest": effect.lowest,
            "largest": effect.highest,
            "settings": effect.settings,
        }
        for each in result.found
        for effect in each.effects
    ]
    return pd.DataFrame(rows)
