"""What findings owe to a parameter that nothing is known of.

Some parameters have no evidence and could not be calibrated: they are drawn over their whole range
because nobody knows better. A finding that leans on one of them is reported over that range.
Nothing is simulated: the futures of a comparison are set in order by what each of them drew, and
the lowest, the middle and the highest fifth of them are looked at apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.evidence.register import Parameter, load_register
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import Moment, unit_at
from rsip_sim.measures.runs import FloatArray, SeededRun
from rsip_sim.measures.statistics import FEWEST_FOR_CURVES, Estimate, estimates, standard_error
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.alternatives import CERTAIN_ERRORS, Conclusion, headline_differences
from rsip_sim.studies.kernel.trials import parameters_shared

FIFTHS = 5
LARGE = 0.5
"""Part of the average difference from which a change over the range is large beside it."""

_PLACES = ("low", "central", "high")


@dataclass(frozen=True)
class LeaningRow:
    """One headline difference over the range of one parameter.

    values     mean of what the lowest, the middle and the highest fifth of the futures drew
    parts      the difference in each of these fifths;  average: in all futures
    leans      whether the change from the lowest to the highest is certain, and large beside
               the average
    explained  share of the difference's variance that follows the parameter in a straight line
    """

    scenario: Scenario
    metric: Metric
    moment: Moment
    parameter: Parameter
    values: tuple[float, ...]
    parts: tuple[Estimate, ...]
    average: Estimate
    leans: bool
    explained: float

    @property
    def conclusion(self) -> Conclusion:
        """What becomes of the conclusion over the range; it turns only where the number leans."""
        clear = [each for each in self.parts if each.clear]
        if not self.average.clear:
            return "appears" if clear and self.leans else "none"
        same = [(each.mean > 0) == (self.average.mean > 0) for each in clear]
        if all(same) and len(clear) == len(self.parts):
            return "holds"
        if not self.leans:
            return "not told"
        return "is gone" if all(same) else "turns"


def unevidenced(
    results: SeededRun, baseline: Scenario, others: Sequence[Scenario]
) -> tuple[LeaningRow, ...]:
    """How each headline difference leans on each parameter without evidence.

    At the moment on which the comparison stands; a difference that is not defined or is the same
    in every future is left out. None in fewer than FEWEST_FOR_CURVES futures.
    """
    futures = np.arange(results.replications)
    if len(futures) < FEWEST_FOR_CURVES:
        return ()
    policies = [each.policy for each in (baseline, *others)]
    unknown = without_evidence(parameters_shared(policies, results.seed, futures))
    if not unknown:
        return ()
    keys, every = headline_differences(results, baseline, others)
    told = np.flatnonzero(np.ptp(every, axis=1) > 0)  # and NaN is not
    register, rows, differences = load_register(), [], every[told]
    average = estimates(differences)
    for name, values in unknown.items():
        leaning = leanings(values, differences, average)
        rows += [
            LeaningRow(*keys[row], register[name], *each)
            for row, each in zip(told, leaning, strict=True)
        ]
    return tuple(rows)


def without_evidence(drawn: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Of what the futures drew: the parameters without evidence and without calibration."""
    posterior = load_posterior()
    calibrated = posterior.names if posterior else ()
    register = load_register()
    return {
        name: values
        for name, values in drawn.items()
        if register[name].grade == "none" and name not in calibrated and np.ptp(values) > 0
    }


def leanings(
    values: FloatArray, differences: FloatArray, average: Sequence[Estimate]
) -> list[tuple[Any, ...]]:
    """Values, parts, average, leans and explained of each difference; see `LeaningRow`.

    values  what each future drew, (futures,);  differences: (rows, futures)
    """
    fifths = np.array_split(np.argsort(values, kind="stable"), FIFTHS)
    shown = [fifths[place] for place in (0, FIFTHS // 2, -1)]
    means = tuple(float(values[part].mean()) for part in shown)
    parts = list(zip(*(estimates(differences[:, part]) for part in shown), strict=True))
    low, high = (differences[:, part] for part in (fifths[0], fifths[-1]))
    change = np.abs(high.mean(axis=1) - low.mean(axis=1))
    certain = change > CERTAIN_ERRORS * np.hypot(standard_error(low), standard_error(high))
    return [
        (
            means,
            part,
            whole,
            bool(certain[row] and (not whole.clear or change[row] >= LARGE * abs(whole.mean))),
            float(np.corrcoef(values, differences[row])[0, 1] ** 2),
        )
        for row, (part, whole) in enumerate(zip(parts, average, strict=True))
    ]


def unevidenced_table(rows: Sequence[LeaningRow]) -> pd.DataFrame:
    """One row a parameter, scenario and headline metric."""
    return pd.DataFrame(map(_record, rows))


def _record(row: LeaningRow) -> dict[str, object]:
    at = {}
    for place, part in zip(_PLACES, row.parts, strict=True):
        at[f"at_{place}"] = part.mean
        at[f"at_{place}_ci_low"], at[f"at_{place}_ci_high"] = part.ci_low, part.ci_high
    return {
        "parameter": row.parameter.name,
        "parameter_label": row.parameter.label,
        "parameter_unit": row.parameter.unit,
        "scenario": row.scenario.name,
        "metric": row.metric.name,
        "label": row.metric.label,
        "unit": unit_at(row.metric, row.moment, files=True),
        "date": row.moment.name,
        "average": row.average.mean,
        "average_clear": row.average.clear,
        **{f"{place}_value": each for place, each in zip(_PLACES, row.values, strict=True)},
        **at,
        "leans": row.leans,
        "explained": row.explained,
        "conclusion": row.conclusion,
    }
