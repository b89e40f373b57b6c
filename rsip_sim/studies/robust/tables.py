"""The tables of the study of robustness, tidy, one row a scenario and case."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from rsip_sim.measures.runs import RENEWAL_WORDS
from rsip_sim.studies.robust.regret import Regret
from rsip_sim.studies.robust.work import Objective, Robustness

REGRET = [
    "scenario",
    "title",
    "renewal",
    "climate",
    "objective",
    "label",
    "unit",
    "date",
    "average",
    "mean_regret",
    "ci_low",
    "ci_high",
    "p95_regret",
    "worst_regret",
    "share_best",
    "share_best_alone",
    "share_tied",
    "smallest_or_not_clearly_larger",
    "futures",
]
"""Columns of the tables of regret: ``ci_low`` to ``ci_high`` is the 95% interval of the mean
regret; ``share_best`` divides a future among the scenarios that tie in it."""

AS_COMPARED = "as compared"


def robust_tables(found: Robustness) -> dict[str, pd.DataFrame]:
    """Tables by name: regret, climates where tried, pareto, weights."""
    tables = {
        "regret": pd.DataFrame(_stored(found), columns=REGRET),
        "pareto": _pareto(found),
        "weights": _weights(found),
    }
    if found.climates:
        tables["climates"] = pd.DataFrame(_climates(found), columns=REGRET)
    return tables


def _stored(found: Robustness) -> Iterator[tuple[object, ...]]:
    for each in found.objectives:
        for renewal in found.renewals:
            regret = found.regrets[each.metric.name, renewal]
            yield from _rows(found, each, renewal, AS_COMPARED, regret)


def _climates(found: Robustness) -> Iterator[tuple[object, ...]]:
    objectives = {each.metric.name: each for each in found.objectives}
    for (name, renewal, climate), regret in found.climates.items():
        yield from _rows(found, objectives[name], renewal, climate, regret)


def _rows(
    found: Robustness, each: Objective, renewal: str, climate: str, regret: Regret
) -> Iterator[tuple[object, ...]]:
    for i, scenario in enumerate(found.scenarios):
        yield (
            scenario.name, scenario.title, RENEWAL_WORDS[renewal], climate, each.metric.name,
            each.metric.label, each.unit, each.moment.name, regret.level[i], regret.mean[i],
            regret.ci_low[i], regret.ci_high[i], regret.p95[i], regret.worst[i], regret.best[i],
            regret.alone[i], regret.tied, bool(regret.rival[i]), regret.futures,
        )  # fmt: skip


def _pareto(found: Robustness) -> pd.DataFrame:
    rows = []
    names = [scenario.name for scenario in found.scenarios]
    for renewal in found.renewals:
        for i, standing in enumerate(found.standings[renewal]):
            rows.append(
                {
                    "scenario": names[i],
                    "title": found.scenarios[i].title,
                    "renewal": RENEWAL_WORDS[renewal],
                    **{
                        each.metric.name: found.averages[renewal][j, i]
                        for j, each in enumerate(found.together)
                    },
                    "in_pareto_set": not standing.dominated_by,
                    "dominated_by": " ".join(names[j] for j in standing.dominated_by),
                    "clearly_dominated_by": " ".join(names[j] for j in standing.clearly),
                    "share_of_futures_undominated": standing.undominated,
                    "futures": found.replications,
                }
            )
    return pd.DataFrame(rows)


def _weights(found: Robustness) -> pd.DataFrame:
    columns = ["renewal", "parts", "order", "share_order_changes", "share_first_changes",
               "weightings"]  # fmt: skip
    rows = [
        (
            RENEWAL_WORDS[renewal], " ".join(each.parts), " ".join(each.order),
            each.order_changes, each.first_changes, each.weightings,
        )
        for renewal in found.renewals
        for each in found.rankings[renewal]
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
