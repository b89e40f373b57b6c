"""The tables of England, tidy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from rsip_sim.measures.statistics import Estimate
from rsip_sim.scenario import Scenario
from rsip_sim.studies.england.rates import Rate
from rsip_sim.studies.england.work import EnglandFound

Pairs = Sequence[tuple[Scenario, Rate]]


def england_tables(found: EnglandFound) -> dict[str, pd.DataFrame]:
    """Tables by name: groups (England, regions and kinds) and authorities."""
    pairs = [(option, rate) for option in found.options for rate in found.rates]
    return {
        "groups": groups_table(found, pairs),
        "authorities": authorities_table(found, pairs),
    }


def groups_table(found: EnglandFound, pairs: Pairs) -> pd.DataFrame:
    """One row a group, option and measure; the range is of the means of its authorities."""
    return pd.DataFrame(
        {
            "kind": group.kind,
            "group": group.name,
            "span": group.span,
            "authorities": len(group.rows),
            "schools": sum(found.places[row].schools for row in group.rows),
            "pupils": sum(found.places[row].pupils for row in group.rows),
            **_measured(found, option, rate, found.level(found.baseline, rate, group),
                        found.change(option, rate, group)),
        }
        for group in found.groups for option, rate in pairs
    )  # fmt: skip


def authorities_table(found: EnglandFound, pairs: Pairs) -> pd.DataFrame:
    """One row an authority, option and measure; the range is of its futures."""
    ranks = [found.ranks(option, rate) for option, rate in pairs]
    return pd.DataFrame(
        {
            "authority": place.name,
            "region": place.region,
            "schools": place.schools,
            "pupils": place.pupils,
            "academies_share": place.academies,
            "below_good_share": place.below_good,
            **_measured(found, option, rate, float(found.levels[row, 0, found.rates.index(rate)]),
                        found.of_place(option, rate, row)),
            "rank": int(own.rank[row]),
            "rank_best": int(own.best[row]),
            "rank_worst": int(own.worst[row]),
        }
        for row, place in enumerate(found.places)
        for (option, rate), own in zip(pairs, ranks, strict=True)
    )  # fmt: skip


def _measured(
    found: EnglandFound, option: Scenario, rate: Rate, level: float, change: Estimate
) -> dict[str, Any]:
    return {
        "scenario": option.name,
        "metric": rate.name,
        "label": rate.metric.label,
        "unit": rate.unit,
        "date": rate.moment.name,
        "baseline": level,
        "difference": change.mean,
        "ci_low": change.ci_low,
        "ci_high": change.ci_high,
        "p05": change.p05,
        "p95": change.p95,
        "replications": found.asked.replications,
    }
