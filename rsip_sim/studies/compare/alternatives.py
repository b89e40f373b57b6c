"""What the answer hangs on: every headline difference, had one rule of the model been otherwise.

Some rules are settled by neither law nor evidence; the register names their alternatives. All
scenarios are simulated again under each alternative, one at a time, in the first futures of the
comparison. The difference to be expected is that of all futures plus the change in these few,
each compared with itself. Where the change goes with the difference itself (what vanishes is
largest where there was most), the few are put right by how their own differences lie beside those
of all: the regression estimator of two-phase sampling (Cochran, Sampling Techniques, 1977, 12.6).
And over parameters without evidence, by the fifths of the futures that drew each low or high.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.evidence.register import Parameter, Structure, load_register
from rsip_sim.experiment.pool import SMALL
from rsip_sim.measures.metrics import HEADLINES, Metric, metrics_named
from rsip_sim.measures.moments import Moment, Panel, main_moment, moments_of, unit_at
from rsip_sim.measures.runs import FloatArray, PanelSource, SeededRun
from rsip_sim.measures.statistics import (
    FEWEST_FOR_CURVES,
    FEWEST_TO_COMPARE,
    STANDARD_ERRORS,
    Estimate,
    estimates,
    paired,
    standard_error,
    t_quantile,
)
from rsip_sim.model.policy import Policy
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.trials import Trial, measure_all, parameters_shared

PART = 60
"""One future in so many is simulated again under each alternative, and no fewer than FEW: with
some fourteen alternatives that adds less than a quarter to the time of a comparison."""

FEW = 24

CERTAIN_ERRORS = 3.29
"""Standard errors beyond which a change is certain: once in a thousand by chance, since many
differences are set against many alternatives and parameters."""

Conclusion = Literal["holds", "turns", "is gone", "appears", "none", "not told"]
TURNED: tuple[Conclusion, ...] = ("turns", "is gone", "appears")


@dataclass(frozen=True)
class Alternative:
    """One rule of the register, and another value of it than the scenarios have."""

    rule: Structure
    value: str

    @property
    def sentence(self) -> str:
        """What then holds."""
        usual = f"{self.rule.label}: as the model has it elsewhere."
        return self.rule.alternatives.get(self.value, usual)

    def under(self, policy: Policy) -> Policy:
        """The policy, with the rule otherwise."""
        structure = {**dict(policy.structure), self.rule.name: self.value}
        return replace(policy, structure=tuple(sorted(structure.items())))


@dataclass(frozen=True)
class AlternativeRow:
    """One headline difference under one alternative, in the unit of its metric.

    average     over all futures, as the scenarios have the rule;  clear: whether its 95% interval
                does not hold 0
    change      under the alternative, in the first `futures`;  change_error: its standard error
    expected    average + change;  low, high: its 95% interval
    """

    alternative: Alternative
    scenario: Scenario
    metric: Metric
    moment: Moment
    average: float
    clear: bool
    change: float
    change_error: float
    expected: float
    low: float
    high: float
    futures: int

    @property
    def conclusion(self) -> Conclusion:
        """What becomes of the conclusion; it turns only where the change itself is certain.

        "not told": the interval holds 0, but so few futures could not tell the change from none.
        """
        certain = abs(self.change) > CERTAIN_ERRORS * self.change_error
        clear = self.low > 0 or self.high < 0
        if not self.clear:
            return "appears" if clear and certain else "none"
        if clear and (self.expected > 0) == (self.average > 0):
            return "holds"
        if not certain:
            return "not told"
        return "turns" if clear else "is gone"

    @property
    def turned(self) -> bool:
        """Whether what would be concluded is another thing."""
        return self.conclusion in TURNED


def alternatives_of(scenarios: Sequence[Scenario]) -> tuple[Alternative, ...]:
    """Every other value of every rule; none of a rule in which the scenarios differ."""
    found = []
    for rule in load_register().structures.values():
        own = {dict(each.policy.structure).get(rule.name, rule.value) for each in scenarios}
        if len(own) == 1:
            found += [Alternative(rule, value) for value in rule.values if value not in own]
    return tuple(found)


def futures_tried(replications: int) -> int:
    """In how many futures each alternative is simulated; 0 where too few are compared at all."""
    if replications < FEWEST_TO_COMPARE:
        return 0
    return min(replications, max(FEW, replications // PART))


def alternatives(
    results: SeededRun,
    baseline: Scenario,
    others: Sequence[Scenario],
    workers: int | None = None,
    each_month: Callable[[], object] | None = None,
) -> tuple[AlternativeRow, ...]:
    """Every headline difference under every alternative, at the moment of the findings.

    workers, each_month  as of `measure_all`

    The results must be those that the model gives now. A difference that is not defined in every
    future is left out.
    """
    scenarios, futures = [baseline, *others], futures_tried(results.replications)
    found = alternatives_of(scenarios)
    if not futures or not found or not others:
        return ()
    keys, own = headline_differences(results, baseline, others)
    trials = [
        Trial(
            each.under(scenario.policy), scenario.roster, results.seed, np.arange(futures),
            HEADLINES, (keys[0][2],),
        )
        for each in found
        for scenario in scenarios
    ]  # fmt: skip
    # full blocks are soon done: twice as many futures are no reason to start other processes
    alone = len(trials) * futures <= 2 * SMALL
    measured = iter(measure_all(trials, 1 if alone else workers, None, each_month))
    rows = []
    for alternative in found:
        base, *levels = (next(measured)[:, 0] for _ in scenarios)
        changed = np.concatenate([paired(level, base) for level in levels])
        change = changed - own[:, :futures]
        known = np.flatnonzero(~np.isnan(own).any(axis=1) & ~np.isnan(change).any(axis=1))
        numbers = _numbers(own[known], change[known]).assign(futures=futures)
        rows += [
            AlternativeRow(alternative, *keys[row], *each)
            for row, each in zip(known, numbers.itertuples(index=False), strict=True)
        ]
    return tuple(rows)


Key = tuple[Scenario, Metric, Moment]


def headline_differences(
    results: PanelSource, baseline: Scenario, others: Sequence[Scenario]
) -> tuple[list[Key], FloatArray]:
    """The headline differences (rows, futures), and what each row is of."""
    metrics = metrics_named(HEADLINES)
    moments = moments_of(baseline.policy, baseline.policy.horizon_months)
    main = moments[main_moment(moments)]
    base, *levels = (
        Panel(results, each).at(metrics, {main.name: main})[:, 0] for each in (baseline, *others)
    )
    keys = [(scenario, metric, main) for scenario in others for metric in metrics]
    return keys, np.concatenate([paired(level, base) for level in levels])


def _numbers(own: FloatArray, change: FloatArray) -> pd.DataFrame:
    """What is expected of each difference: own (rows, many), change (rows, few).

    Returns a row a difference; its columns are the fields of AlternativeRow.
    """
    many, few = own.shape[1], change.shape[1]
    average, ours = own.mean(axis=1), own[:, :few]
    apart = ours - ours.mean(axis=1, keepdims=True)
    square = (apart**2).sum(axis=1)
    slope = np.zeros(len(own))
    np.divide((apart * change).sum(axis=1), square, out=slope, where=square > 0)
    left = change - change.mean(axis=1, keepdims=True) - slope[:, None] * apart
    shift = change.mean(axis=1) + slope * (average - ours.mean(axis=1))
    unexplained = (left**2).sum(axis=1) / max(few - 2, 1) / few
    variance = own.var(axis=1, ddof=1) / many
    half = t_quantile(few) * np.sqrt(unexplained + (1.0 + slope) ** 2 * variance)
    return pd.DataFrame(
        {
            "average": average,
            "clear": np.abs(average) > STANDARD_ERRORS * np.sqrt(variance),
            "change": shift,
            "change_error": np.sqrt(unexplained + slope**2 * variance),
            "expected": average + shift,
            "low": average + shift - half,
            "high": average + shift + half,
        }
    )


def alternatives_table(rows: Sequence[AlternativeRow]) -> pd.DataFrame:
    """One row an alternative, scenario and headline metric."""
    return pd.DataFrame(map(_record, rows))


def _record(row: AlternativeRow) -> dict[str, object]:
    rule = row.alternative.rule
    return {
        "rule": rule.name,
        "rule_label": rule.label,
        "alternative": row.alternative.value,
        "says": row.alternative.sentence,
        "grade": rule.grade,
        "scenario": row.scenario.name,
        "metric": row.metric.name,
        "label": row.metric.label,
        "unit": unit_at(row.metric, row.moment, files=True),
        "date": row.moment.name,
        "average": row.average,
        "average_clear": row.clear,
        "change": row.change,
        "change_error": row.change_error,
        "expected": row.expected,
        "ci_low": row.low,
        "ci_high": row.high,
        "conclusion": row.conclusion,
        "futures": row.futures,
    }


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
    return pd.DataFrame(map(_leaning_record, rows))


def _leaning_record(row: LeaningRow) -> dict[str, object]:
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
