"""The tables of the study of robustness, tidy, one row a scenario and case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from rsip_sim.evidence.register import load_register
from rsip_sim.studies.robust.work import Regrets, Robustness

AS_COMPARED = "as compared"


def robust_tables(found: Robustness) -> dict[str, pd.DataFrame]:
    """Tables by name: regret, pareto, and climates and knowing where there are any.

    Of regret, ``ci_low`` to ``ci_high`` is the 95% interval of the mean; ``share_best`` divides a
    future among the scenarios that tie in it.
    """
    tables = {"regret": _regret(found, {AS_COMPARED: found.regrets}), "pareto": _pareto(found)}
    if found.knowing:
        tables["knowing"] = pd.DataFrame(_knowing(found))
    if found.climates:
        tables["climates"] = _regret(found, found.climates)
    return tables


def _regret(found: Robustness, cases: Mapping[str, Regrets]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "scenario": scenario.name,
            "title": scenario.title,
            "climate": climate,
            "objective": each.metric.name,
            "label": each.metric.label,
            "unit": each.unit,
            "date": each.moment.name,
            "average": regret.level[i],
            "mean_regret": regret.mean[i],
            "ci_low": regret.ci_low[i],
            "ci_high": regret.ci_high[i],
            "p95_regret": regret.p95[i],
            "worst_regret": regret.worst[i],
            "share_best": regret.best[i],
            "smallest_or_not_clearly_larger": bool(regret.rival[i]),
            "futures": regret.futures,
        }
        for climate, regrets in cases.items()
        for each, regret in regrets.items()
        for i, scenario in enumerate(found.scenarios)
    )


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
    for each, information in found.knowing.items():
        for name, worth in information.things:
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
                "judged_by_itself": worth.fitted,
            }
