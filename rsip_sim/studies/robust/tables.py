"""The tables of the study of robustness, tidy, one row a scenario and case."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from rsip_sim.evidence.register import load_register
from rsip_sim.studies.robust.regret import Regret
from rsip_sim.studies.robust.work import Objective, Robustness

REGRET = [
    "scenario",
    "title",
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
    """Tables by name: regret, pareto, and climates and knowing where there are any."""
    tables = {"regret": pd.DataFrame(_stored(found), columns=REGRET), "pareto": _pareto(found)}
    if found.knowing:
        tables["knowing"] = pd.DataFrame(_knowing(found))
    if found.climates:
        tables["climates"] = pd.DataFrame(_climates(found), columns=REGRET)
    return tables


def _stored(found: Robustness) -> Iterator[tuple[object, ...]]:
    for each in found.objectives:
        yield from _rows(found, each, AS_COMPARED, found.regrets[each.metric.name])


def _climates(found: Robustness) -> Iterator[tuple[object, ...]]:
    objectives = {each.metric.name: each for each in found.objectives}
    for (name, climate), regret in found.climates.items():
        yield from _rows(found, objectives[name], climate, regret)


def _rows(
    found: Robustness, each: Objective, climate: str, regret: Regret
) -> Iterator[tuple[object, ...]]:
    for i, scenario in enumerate(found.scenarios):
        yield (
            scenario.name, scenario.title, climate, each.metric.name,
            each.metric.label, each.unit, each.moment.name, regret.level[i], regret.mean[i],
            regret.ci_low[i], regret.ci_high[i], regret.p95[i], regret.worst[i], regret.best[i],
            regret.alone[i], regret.tied, bool(regret.rival[i]), regret.futures,
        )  # fmt: skip


def _pareto(found: Robustness) -> pd.DataFrame:
    names = [scenario.name for scenario in found.scenarios]
    return pd.DataFrame(
        {
            "scenario": names[i],
            "title": found.scenarios[i].title,
            **{each.metric.name: found.averages[j, i] for j, each in enumerate(found.together)},
            "in_pareto_set": not standing.dominated_by,
            "dominated_by": " ".join(names[j] for j in standing.dominated_by),
            "clearly_dominated_by": " ".join(names[j] for j in standing.clearly),
            "share_of_futures_undominated": standing.undominated,
            "futures": found.replications,
        }
        for i, standing in enumerate(found.standings)
    )


def _knowing(found: Robustness) -> Iterator[dict[str, object]]:
    register = load_register()
    for each in found.objectives:
        information = found.knowing.get(each.metric.name)
        for name, worth in information.things if information else ():
            yield {
                "known": name,
                "label": register[name].label if name in register else name,
                "objective": each.metric.name,
                "date": each.moment.name,
                "unit": each.unit,
                "worth": worth.mean,
                "ci_low": worth.low,
                "ci_high": worth.high,
                "standard_error": worth.error,
                "choice_changes_in": worth.changes,
                "gain_of_rule_learnt": worth.rule,
                "judged_by_itself": worth.fitted,
            }
