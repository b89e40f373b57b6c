"""The tables of England, tidy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from rsip_sim.measures.statistics import Estimate
from rsip_sim.scenario import Scenario
from rsip_sim.studies.england.rates import Rate
from rsip_sim.studies.england.work import EnglandFound


def england_tables(found: EnglandFound) -> dict[str, pd.DataFrame]:
    """Tables by name: groups (England, regions and kinds) and authorities."""
    return {
        "groups": pd.DataFrame(_groups(found)),
        "authorities": pd.DataFrame(_authorities(found)),
    }


def _groups(found: EnglandFound) -> Iterator[dict[str, Any]]:
    """One row a group, option and measure; the range is of the means of its authorities."""
    for group in found.groups:
        for option, rate in _pairs(found):
            yield {
                "kind": group.kind,
                "group": group.name,
                "span": group.span,
                "authorities": len(group.rows),
                "schools": sum(found.places[row].schools for row in group.rows),
                "pupils": sum(found.places[row].pupils for row in group.rows),
                **_measured(found, option, rate, found.level(found.baseline, rate, group),
                            found.change(option, rate, group)),
            }  # fmt: skip


def _authorities(found: EnglandFound) -> Iterator[dict[str, Any]]:
    """One row an authority, option and measure; the range is of its futures."""
    ranks = {(option.name, rate.name): found.ranks(option, rate) for option, rate in _pairs(found)}
    for row, place in enumerate(found.places):
        for option, rate in _pairs(found):
            own = ranks[option.name, rate.name]
            level = float(found.levels[row, 0, found.rates.index(rate)])
            yield {
                "authority": place.name,
                "region": place.region,
                "schools": place.schools,
                "pupils": place.pupils,
                "academies_share": place.academies,
                "below_good_share": place.below_good,
                **_measured(found, option, rate, level, found.of_place(option, rate, row)),
                "rank": int(own.rank[row]),
                "rank_best": int(own.best[row]),
                "rank_worst": int(own.worst[row]),
            }


def _pairs(found: EnglandFound) -> list[tuple[Scenario, Rate]]:
    return [(option, rate) for option in found.options for rate in found.rates]


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
