"""The headline table of one scenario: level and range across futures at each moment."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from rsip_sim.measures.metrics import HEADLINES, metrics_named
from rsip_sim.measures.moments import moments_of, unit_at
from rsip_sim.measures.panels import Panel
from rsip_sim.measures.runs import AS_WRITTEN, RENEWAL_WORDS, PanelSource
from rsip_sim.measures.statistics import spread_across_futures
from rsip_sim.scenario import Scenario

HEADLINE_COLUMNS = [
    "scenario",
    "renewal",
    "metric",
    "label",
    "unit",
    "better",
    "date",
    "date_label",
    "mean",
    "median",
    "p05",
    "p95",
    "replications",
]
"""``p05`` to ``p95`` is the range of nine futures in ten, not the precision of the mean."""


def headline_table(
    results: PanelSource,
    scenario: Scenario,
    variant: str = AS_WRITTEN,
    metrics: Sequence[str] = HEADLINES,
) -> pd.DataFrame:
    """Mean, median and 5–95% range across futures; columns are HEADLINE_COLUMNS."""
    chosen = metrics_named(tuple(metrics))
    panel = Panel(results, scenario, variant)
    moments = moments_of(scenario.policy, panel.months)
    levels = panel.at(chosen, moments)
    spread = spread_across_futures(levels.reshape(-1, results.replications))
    keys = [(metric, moment) for metric in chosen for moment in moments.values()]
    records = [
        (
            scenario.name, RENEWAL_WORDS[panel.variant], metric.name, metric.label,
            unit_at(metric, moment), metric.better, moment.name, moment.label,
            spread.mean[i], spread.p50[i], spread.p05[i], spread.p95[i], int(spread.count[i]),
        )
        for i, (metric, moment) in enumerate(keys)
    ]  # fmt: skip
    return pd.DataFrame(records, columns=HEADLINE_COLUMNS)
