"""The paired comparison of scenarios: every headline by how much, and how sure.

All scenarios are simulated on the same futures, so each future is compared with itself. One
scenario by itself has its headlines alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from rsip_sim.measures.metrics import CORE_PARTS, HEADLINES, METRICS, PARTS, Metric, metrics_named
from rsip_sim.measures.moments import (
    FIRST_YEAR,
    Moment,
    main_moment,
    moments_of,
    unit_at,
)
from rsip_sim.measures.panels import Panel
from rsip_sim.measures.runs import ComparisonError, FloatArray, PanelSource
from rsip_sim.measures.statistics import paired_differences, spread_across_futures
from rsip_sim.report.verdicts import Difference, Row, verdict
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.price import PriceRow, price
from rsip_sim.studies.compare.ranking import RankingStability, mean_log, ranking_stability

_MOST_VALUES = 1_000_000
"""Numbers of a scenario compared at once: metrics take turns where futures are many."""


@dataclass(frozen=True)
class ComparisonTables:
    """A comparison: the table of differences, and what follows from it.

    baseline     the scenario compared with; others: those compared with it
    differences  one row a scenario, metric and date; see `differences_frame`
    rankings     stability of the ranking by cohesion
    rows         the same as ``differences``, as plain data
    price        what each scenario costs, the baseline first
    main_moment  the moment on which the findings stand
    """

    baseline: Scenario
    others: tuple[Scenario, ...]
    differences: pd.DataFrame
    rankings: tuple[RankingStability, ...]
    rows: tuple[Row, ...]
    price: tuple[PriceRow, ...]
    moments: Mapping[str, Moment]
    main_moment: str
    replications: int

    def row(self, scenario: str, metric: str, moment: str) -> Row | None:
        """One compared number, or None where it does not exist."""
        asked = (scenario, metric, moment)
        for row in self.rows:
            if (row.scenario.name, row.metric.name, row.moment.name) == asked:
                return row
        return None


def compare_results(
    results: PanelSource,
    baseline: Scenario,
    others: Sequence[Scenario],
    metrics: Sequence[str] | None = None,
) -> ComparisonTables:
    """Compare every other scenario with the baseline, future by future.

    metrics : names from ``METRICS``, all of them by default; the headlines are always included.
    Raises ComparisonError where start or horizon differ, KeyError for an unknown metric.
    """
    _refuse_unlike(baseline, others)
    names = tuple(METRICS) if metrics is None else tuple(dict.fromkeys([*HEADLINES, *metrics]))
    chosen = metrics_named(names)
    base = Panel(results, baseline)
    moments = moments_of(baseline.policy, base.months)
    at_once = max(1, _MOST_VALUES // (len(moments) * results.replications))
    compared: dict[str, list[Row]] = {scenario.name: [] for scenario in others}
    for first in range(0, len(chosen), at_once):
        some = chosen[first : first + at_once]
        base_levels = base.at(some, moments)
        for scenario in others:
            panel = Panel(results, scenario)
            compared[scenario.name] += _compared(panel, some, moments, base_levels)
    rows = [row for found in compared.values() for row in found]
    return ComparisonTables(
        baseline=baseline,
        others=tuple(others),
        differences=differences_frame(rows),
        rankings=cohesion_rankings(results, [baseline, *others]),
        rows=tuple(rows),
        price=price(results, baseline, others),
        moments=moments,
        main_moment=main_moment(moments),
        replications=results.replications,
    )


def _refuse_unlike(baseline: Scenario, others: Sequence[Scenario]) -> None:
    for scenario in others:
        for what in ("start", "horizon_months"):
            if getattr(scenario.policy, what) != getattr(baseline.policy, what):
                raise ComparisonError(
                    f"'{scenario.title}' cannot be compared with '{baseline.title}': their "
                    f"{what} differs, so their months do not correspond"
                )


def _compared(
    panel: Panel,
    metrics: tuple[Metric, ...],
    base_moments: Mapping[str, Moment],
    base_levels: FloatArray,
) -> list[Row]:
    """All rows of one scenario, metric by metric."""
    own = moments_of(panel.scenario.policy, panel.months)
    moments = {name: own[name] for name in base_moments if name in own}
    keys = list(product(metrics, moments.values()))
    position = [list(base_moments).index(name) for name in moments]
    levels = panel.at(metrics, moments).reshape(len(keys), -1)
    baseline = base_levels[:, position].reshape(levels.shape)
    paired = paired_differences(levels, baseline)
    mean_level, base = spread_across_futures(levels).mean, spread_across_futures(baseline)
    spread = paired.spread
    numbers = [
        base.mean, mean_level, spread.mean, paired.ci_low, paired.ci_high, spread.p05, spread.p95,
        paired.higher, paired.lower, paired.equal,
    ]  # fmt: skip
    by_row = [
        [*row, int(count)]
        for row, count in zip(np.stack(numbers, axis=1).tolist(), spread.count, strict=True)
    ]
    ranges = np.stack([spread.p50, paired.variance_ratio, base.p05, base.p95], axis=1).tolist()
    rows = []
    for i, (metric, moment) in enumerate(keys):
        found = Difference(*by_row[i])
        p50, ratio, low, high = ranges[i]
        said = verdict(metric, found)
        rows.append(Row(panel.scenario, metric, moment, found, p50, ratio, low, high, said))
    return rows


def differences_frame(rows: Sequence[Row]) -> pd.DataFrame:
    """The rows as a table.

    Shares of better and worse are NaN where neither direction is good, and ``ci_low`` to
    ``ci_high`` is the 95% interval of the mean difference.
    """
    return pd.DataFrame(_record(row) for row in rows)


def _record(row: Row) -> dict[str, object]:
    n, metric = row.numbers, row.metric
    better, worse = {
        "higher": (n.higher, n.lower),
        "lower": (n.lower, n.higher),
        "neither": (np.nan, np.nan),
    }[metric.better]
    return {
        "scenario": row.scenario.name,
        **_of_metric(metric, row.moment),
        **{name: getattr(n, name) for name in ("baseline", "level", "difference")},
        **{name: getattr(n, name) for name in ("ci_low", "ci_high", "p05")},
        "p50": row.p50,
        "p95": n.p95,
        "share_better": better,
        "share_equal": n.equal,
        "share_worse": worse,
        "share_higher": n.higher,
        "share_lower": n.lower,
        "replications": n.replications,
        "variance_ratio": row.variance_ratio,
        "baseline_p05": row.baseline_p05,
        "baseline_p95": row.baseline_p95,
        "verdict": row.verdict,
    }


def _of_metric(metric: Metric, moment: Moment) -> dict[str, str]:
    """The columns that say which metric a row is of, and when it was read."""
    return {
        "metric": metric.name,
        "label": metric.label,
        "unit": unit_at(metric, moment, files=True),
        "better": metric.better,
        "date": moment.name,
        "date_label": moment.label,
    }


def cohesion_rankings(
    results: PanelSource, scenarios: Sequence[Scenario]
) -> tuple[RankingStability, ...]:
    """Of the scenarios by cohesion, from the three parts of which it is made; () of one alone."""
    if len(scenarios) < 2:
        return ()
    first = FIRST_YEAR if scenarios[0].policy.horizon_months > FIRST_YEAR else 0
    weights = dict(zip(PARTS, scenarios[0].policy.cohesion.weights, strict=True))
    components = {}
    for scenario in scenarios:
        components[scenario.name] = Panel(results, scenario).reduced(
            CORE_PARTS,
            lambda block: np.stack([mean_log(block[name][first:]) for name in CORE_PARTS]),
        )
    chosen = tuple(weights[part] for part in CORE_PARTS)
    return (ranking_stability(components, CORE_PARTS, chosen),)


def headline_table(
    results: PanelSource,
    scenario: Scenario,
    metrics: Sequence[str] = HEADLINES,
) -> pd.DataFrame:
    """Mean, median and 5–95% range across futures of each metric at each moment.

    ``p05`` to ``p95`` is the range of nine futures in ten, not the precision of the mean.
    """
    chosen = metrics_named(tuple(metrics))
    panel = Panel(results, scenario)
    moments = moments_of(scenario.policy, panel.months)
    levels = panel.at(chosen, moments)
    spread = spread_across_futures(levels.reshape(-1, results.replications))
    keys = [(metric, moment) for metric in chosen for moment in moments.values()]
    return pd.DataFrame(
        {
            "scenario": scenario.name,
            **_of_metric(metric, moment),
            "mean": spread.mean[i],
            "median": spread.p50[i],
            "p05": spread.p05[i],
            "p95": spread.p95[i],
            "replications": int(spread.count[i]),
        }
        for i, (metric, moment) in enumerate(keys)
    )
