"""The tables of a study of sensitivity: shares, indices and swings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pandas as pd

from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.moments import unit_at
from rsip_sim.measures.runs import FloatArray
from rsip_sim.studies.sensitivity.work import KINDS, OTHERS, Sensitivity


def sensitivity_tables(found: Sensitivity) -> dict[str, pd.DataFrame]:
    """Tidy tables by name.

    shares        luck, ignorance and both: one row a kind (level, difference) and metric
    indices       one row a kind, metric and factor
    swings        one row a kind, metric and parameter
    """
    return {"shares": _shares(found), "indices": _indices(found), "swings": _swings(found)}


def factor_label(found: Sensitivity, factor: str) -> str:
    """What a factor is called where people read."""
    register = load_register()
    if factor == OTHERS:
        return f"{len(found.groups[OTHERS])} other parameters together"
    return register[factor].label if factor in register else factor


def _heads(found: Sensitivity) -> Iterator[tuple[int, dict[str, object]]]:
    """Place of each outcome, and the first columns of its rows."""
    pair = found.pair
    for place, (kind, name) in enumerate(product(KINDS, pair.metrics)):
        yield (
            place,
            {
                "baseline": pair.baseline.name,
                "scenario": pair.scenario.name,
                "kind": kind,
                "metric": name,
                "label": METRICS[name].label,
                "unit": unit_at(METRICS[name], pair.moment, files=True),
                "date": pair.moment.name,
            },
        )


def _with_ends(name: str, three: FloatArray) -> dict[str, float]:
    return {name: three[0], f"{name}_low": three[1], f"{name}_high": three[2]}


def _shares(found: Sensitivity) -> pd.DataFrame:
    indices = found.indices
    return pd.DataFrame(
        {
            **head,
            "average": found.average[at],
            "p05": found.spread[0, at],
            "p95": found.spread[1, at],
            "standard_deviation": found.deviation[0, at],
            "standard_deviation_drawn_together": found.together[0, at],
            **_with_ends("luck", indices.apart[at]),
            **_with_ends("ignorance", indices.others[at]),
            **_with_ends("both", indices.both[at]),
            "sets": found.sets,
        }
        for at, head in _heads(found)
    )


def _indices(found: Sensitivity) -> pd.DataFrame:
    return pd.DataFrame(
        {
            **head,
            "factor": factor,
            "factor_label": factor_label(found, factor),
            "parameters": len(found.groups[factor]),
            **_with_ends("first", found.indices.first[at, place]),
            **_with_ends("total", found.indices.total[at, place]),
        }
        for at, head in _heads(found)
        for place, factor in enumerate(found.factors)
    )


def _swings(found: Sensitivity) -> pd.DataFrame:
    swings, shares = found.swings, found.swings.share(found.indices.variance)
    return pd.DataFrame(
        {
            **head,
            "parameter": parameter.name,
            "parameter_label": parameter.label,
            "low_value": found.inputs.ends(parameter)[0],
            "high_value": found.inputs.ends(parameter)[1],
            "parameter_unit": parameter.unit,
            "at_low": swings.at_low[at, place],
            "at_high": swings.at_high[at, place],
            "swing": swings.swing[at, place],
            "swing_low": swings.low[at, place],
            "swing_high": swings.high[at, place],
            "share": shares[at, place],
            "futures": found.futures,
        }
        for at, head in _heads(found)
        for place, parameter in enumerate(found.inputs.parameters)
    )
