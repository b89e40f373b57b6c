"""The paired comparison of scenarios: every headline by how much, and how sure.

All scenarios are simulated on the same futures, so each future is compared with itself. One
scenario by itself has its headlines alone.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from rsip_sim.measures.metrics import CORE_PARTS, HEADLINES, METRICS, PARTS, Metric, metrics_named
from rsip_sim.measures.moments import FIRST_YEAR, Moment, Panel, main_moment, moments_of, unit_at
from rsip_sim.measures.runs import ComparisonError, FloatArray, PanelSource
from rsip_sim.measures.statistics import spread_across_futures
from rsip_sim.model.rules.cohesion import FLOOR
from rsip_sim.report.quoted import Derived, Quote, Said, say
from rsip_sim.report.verdicts import Row, differences_of
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.price import PriceRow, price

WEIGHTINGS = 1000
_MOST_VALUES = 1_000_000
"""Numbers of a scenario compared at once: metrics take turns where futures are many."""


@dataclass(frozen=True)
class ComparisonTables:
    """A comparison: what was compared, and what follows from it.

    baseline     the scenario compared with; others: those compared with it
    rows         every compared number, scenario by scenario
    ranking      how much the ranking by cohesion owes to its weights; None of one scenario alone
    price        what each scenario costs, the baseline first
    main_moment  the moment on which the findings stand
    """

    baseline: Scenario
    others: tuple[Scenario, ...]
    rows: tuple[Row, ...]
    ranking: Said | None
    price: tuple[PriceRow, ...]
    moments: Mapping[str, Moment]
    main_moment: str
    replications: int

    @functools.cached_property
    def differences(self) -> pd.DataFrame:
        """One row a scenario, metric and date.

        Shares of better and worse are NaN where neither direction is good, and ``ci_low`` to
        ``ci_high`` is the 95% interval of the mean difference.
        """
        return pd.DataFrame(map(_record, self.rows))


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
    for scenario, what in product(others, ("start", "horizon_months")):
        if getattr(scenario.policy, what) != getattr(baseline.policy, what):
            raise ComparisonError(
                f"'{scenario.title}' cannot be compared with '{baseline.title}': their "
                f"{what} differs, so their months do not correspond"
            )
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
    return ComparisonTables(
        baseline=baseline,
        others=tuple(others),
        rows=tuple(row for found in compared.values() for row in found),
        ranking=_ranking(results, [baseline, *others]) if others else None,
        price=price(results, baseline, others),
        moments=moments,
        main_moment=main_moment(moments),
        replications=results.replications,
    )


def _compared(
    panel: Panel,
    metrics: tuple[Metric, ...],
    base_moments: Mapping[str, Moment],
    base_levels: FloatArray,
) -> list[Row]:
    """All rows of one scenario, metric by metric, at the moments that it has."""
    own = moments_of(panel.scenario.policy, panel.months)
    moments = {name: own[name] for name in base_moments if name in own}
    keys = list(product(metrics, moments.values()))
    levels = panel.at(metrics, moments).reshape(len(keys), -1)
    position = [list(base_moments).index(name) for name in moments]
    numbers = differences_of(levels, base_levels[:, position].reshape(levels.shape))
    return [Row(panel.scenario, *key, each) for key, each in zip(keys, numbers, strict=True)]


def _record(row: Row) -> dict[str, object]:
    n = row.numbers
    better, worse = {
        "higher": (n.higher, n.lower),
        "lower": (n.lower, n.higher),
        "neither": (np.nan, np.nan),
    }[row.metric.better]
    return {
        "scenario": row.scenario.name,
        **_of_metric(row.metric, row.moment),
        **_fields(n, ("baseline", "level", "difference", "ci_low", "ci_high", "p05", "p50", "p95")),
        "share_better": better,
        "share_equal": n.equal,
        "share_worse": worse,
        "share_higher": n.higher,
        "share_lower": n.lower,
        **_fields(n, ("replications", "variance_ratio", "baseline_p05", "baseline_p95")),
        "verdict": row.verdict,
    }


def _fields(numbers: object, names: Iterable[str]) -> dict[str, object]:
    return {name: getattr(numbers, name) for name in names}


def _of_metric(metric: Metric, moment: Moment) -> dict[str, str]:
    return {
        "metric": metric.name,
        "label": metric.label,
        "unit": unit_at(metric, moment, files=True),
        "better": metric.better,
        "date": moment.name,
        "date_label": moment.label,
    }


def _ranking(results: PanelSource, scenarios: Sequence[Scenario]) -> Said:
    """How often other weights of its parts would rank the scenarios otherwise by cohesion."""
    first = FIRST_YEAR if scenarios[0].policy.horizon_months > FIRST_YEAR else 0
    weights = dict(zip(PARTS, scenarios[0].policy.cohesion.weights, strict=True))
    parts = [
        Panel(results, scenario).reduced(
            CORE_PARTS,
            lambda block: np.stack([mean_log(block[name][first:]) for name in CORE_PARTS]),
        )
        for scenario in scenarios
    ]
    return ranking_told(*ranking_changes(parts, [weights[part] for part in CORE_PARTS]))


def mean_log(component: FloatArray) -> FloatArray:
    """Mean over months of the log of a component, with its floor; (months, reps) → (reps,)."""
    return np.asarray(np.log(np.maximum(component, FLOOR)).mean(axis=0))


def ranking_changes(
    components: Sequence[FloatArray], weights: Sequence[float]
) -> tuple[float, float]:
    """Shares of all weightings that give another order than these weights, and another first.

    The weights are a choice, not a finding. Indices that agree to nine digits are ties.

    components  of each scenario the `mean_log` of each part, (parts, replications), so that the
                index is its weighted geometric mean
    weights     one a part; where all are 0 the parts count alike
    """
    chosen = np.asarray(weights) if sum(weights) > 0.0 else np.ones(len(weights))
    tested = np.vstack([chosen / chosen.sum(), even_weightings(len(weights))])
    index = np.array([[np.exp(row @ part).mean() for part in components] for row in tested])
    order = np.argsort(-np.round(index, 9), axis=1, kind="stable")
    changed = order[1:] != order[0]
    return float(changed.any(axis=1).mean()), float(changed[:, 0].mean())


def even_weightings(parts: int, count: int = WEIGHTINGS) -> FloatArray:
    """Weightings spread evenly over all possible ones, (count, parts); each row sums to 1.

    The flat Dirichlet distribution, by steps of the golden ratio's generalisation to so many
    parts, so that nothing is drawn.
    """
    ratio = 2.0
    for _ in range(60):
        ratio = (1 + ratio) ** (1 / (parts + 1))
    steps = ratio ** -np.arange(1.0, parts + 1)
    points = -np.log1p(-((0.5 + np.arange(1, count + 1)[:, None] * steps) % 1.0))
    return np.asarray(points / points.sum(axis=1, keepdims=True))


def ranking_told(order: float, first: float) -> Said:
    """The finding of `ranking_changes` in words."""
    among = ", ".join(part.replace("_", " ") for part in CORE_PARTS)
    if order == 0:
        return say(
            "The ranking by cohesion is the same under every weighting of {among}.", among=among
        )
    shares = {
        name: Quote(
            f"{max(round(100 * share), 1)} of 100" if share else "none",
            Derived(f"share of weightings of {among} that give another {name}", share),
        )
        for name, share in (("order", order), ("first", first))
    }
    return say(
        "The ranking by cohesion depends on its weights: {order} possible weightings of {among} "
        "give another order, and {first} another first.",
        among=among,
        **shares,
    )


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
    spread = spread_across_futures(panel.at(chosen, moments).reshape(-1, results.replications))
    return pd.DataFrame(
        {
            "scenario": scenario.name,
            **_of_metric(*key),
            "mean": spread.mean[i],
            "median": spread.p50[i],
            "p05": spread.p05[i],
            "p95": spread.p95[i],
            "replications": int(spread.count[i]),
        }
        for i, key in enumerate(product(chosen, moments.values()))
    )
