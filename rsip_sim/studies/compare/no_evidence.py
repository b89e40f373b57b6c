"""What findings owe to a parameter that nothing is known of, and where they would turn.

Some parameters have no evidence and could not be calibrated: they are drawn over their whole range
because nobody knows better. A finding that leans on one of them is reported over that whole range:
the expected difference at its low end, its central value and its high end, and the value at which
the conclusion turns. Nothing is simulated: the differences of a comparison are set against what
each future drew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.evidence.register import Parameter, load_register
from rsip_sim.measures.metrics import HEADLINES, Metric, metrics_named
from rsip_sim.measures.moments import Moment, main_moment, moments_of, unit_at
from rsip_sim.measures.panels import Panel
from rsip_sim.measures.runs import FloatArray, PanelSource, SeededRun
from rsip_sim.measures.statistics import FEWEST_FOR_CURVES, paired, paired_differences
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.curves import fit_curves
from rsip_sim.studies.kernel.trials import parameters_shared, register_range

BINS = 5
CERTAIN_ERRORS = 3.29
"""Standard errors beyond which a change over the range is certain: once in a thousand by chance,
since many differences are set against many parameters."""

LARGE = 0.5
"""Part of the average difference from which a change over the range is large beside it."""

_GRID = 61
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Leaning:
    """One difference over the whole range of one parameter.

    values         low end, central value and high end of the parameter
    expected       difference to be expected there;  low, high: 95% interval; arrays (3,)
    average        over all futures;  average_clear: whether its 95% interval does not hold 0
    leans          whether the change from low to high end is certain, and large beside the average
    explained      share of the difference's variance that the parameter explains
    turns          values at which the curve falls short of the smallest difference worth telling
                   of, in the direction of the average, or reaches it again
    clear          (from, to): stretches on which the 95% interval of the curve does not hold 0
    bins           mean value and mean difference in BINS equal parts of the futures, (2, BINS)
    """

    parameter: Parameter
    values: FloatArray
    expected: FloatArray
    low: FloatArray
    high: FloatArray
    average: float
    average_clear: bool
    leans: bool
    explained: float
    turns: tuple[float, ...]
    clear: tuple[tuple[float, float], ...]
    bins: FloatArray

    @property
    def hangs(self) -> bool:
        """Whether it leans on the parameter and there is a conclusion that turns in the range."""
        return self.leans and self.average_clear and bool(self.turns)

    @property
    def throughout(self) -> bool:
        """Whether the conclusion is clear and the same over the whole range."""
        whole = (float(self.values[0]), float(self.values[-1]))
        return not self.turns and self.clear == (whole,)


@dataclass(frozen=True)
class LeaningRow:
    """One headline difference and how it leans on one parameter."""

    scenario: Scenario
    metric: Metric
    moment: Moment
    leaning: Leaning


def unevidenced(
    results: SeededRun, baseline: Scenario, others: Sequence[Scenario]
) -> tuple[LeaningRow, ...]:
    """How each headline difference leans on each parameter without evidence.

    At the moment on which the comparison stands; a difference that is not defined or is the same
    in every future is left out. None in fewer than FEWEST_FOR_CURVES futures.
    """
    scenarios = [baseline, *others]
    futures = np.arange(results.replications)
    if len(futures) < FEWEST_FOR_CURVES:
        return ()
    drawn = parameters_shared([each.policy for each in scenarios], results.seed, futures)
    unknown = without_evidence(drawn)
    if not unknown:
        return ()
    keys, differences = headline_differences(results, baseline, others)
    metrics = [metric for _, metric, _ in keys]
    register = load_register()
    return tuple(
        LeaningRow(*key, leaning)
        for name, values in unknown.items()
        for key, leaning in zip(
            keys, leanings(register[name], values, metrics, differences), strict=True
        )
        if leaning is not None
    )


Key = tuple[Scenario, Metric, Moment]


def headline_differences(
    results: PanelSource, baseline: Scenario, others: Sequence[Scenario]
) -> tuple[list[Key], FloatArray]:
    """The headline differences (rows, futures), and what each row is of."""
    metrics = metrics_named(HEADLINES)
    moments = moments_of(baseline.policy, baseline.policy.horizon_months)
    main = main_moment(moments)
    keys: list[Key] = []
    rows = []
    base = Panel(results, baseline).at(metrics, {main: moments[main]})[:, 0]
    for scenario in others:
        levels = Panel(results, scenario).at(metrics, {main: moments[main]})[:, 0]
        rows.append(paired(levels, base))
        keys += [(scenario, metric, moments[main]) for metric in metrics]
    return keys, np.concatenate(rows)


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
    parameter: Parameter, values: FloatArray, metrics: Sequence[Metric], differences: FloatArray
) -> list[Leaning | None]:
    """How each difference leans on a parameter; None where it cannot be told.

    values       what each future drew, (futures,)
    differences  (rows, futures), each of the metric at its place; NaN where not defined
    """
    found: list[Leaning | None] = [None] * len(differences)
    told = np.flatnonzero(tellable(differences))
    if len(values) < FEWEST_FOR_CURVES or not told.size:
        return found
    points, grid = _points(parameter), _grid(parameter)
    curves = fit_curves(values, differences[told])
    expected, whole = np.stack(curves.at(points), axis=1), np.stack(curves.at(grid), axis=1)
    change, error = curves.change(points[0], points[-1])
    summed = paired_differences(differences[told], np.zeros_like(differences[told]))
    average = summed.spread.mean
    clear = (summed.ci_low > 0) | (summed.ci_high < 0)
    large = ~clear | (np.abs(change) >= LARGE * np.abs(average))
    leans = large & (np.abs(change) > CERTAIN_ERRORS * error)
    bins = _bins(values, differences[told])
    for place, row in enumerate(told):
        curve, below, above = whole[place]
        sign = np.sign(average[place]) or 1.0
        found[row] = Leaning(
            parameter=parameter,
            values=points,
            expected=expected[place, 0],
            low=expected[place, 1],
            high=expected[place, 2],
            average=float(average[place]),
            average_clear=bool(clear[place]),
            leans=bool(leans[place]),
            explained=float(curves.explained[place]),
            turns=_crossings(grid, sign * curve - worth_telling(metrics[int(row)], average[place])),
            clear=_stretches(grid, (below > 0) | (above < 0)),
            bins=bins[[0, 1 + place]],
        )
    return found


def worth_telling(metric: Metric, average: float) -> float:
    """The smallest difference worth telling of: the smallest that is written as more than none.

    0 where the average itself is hardly more than that.
    """
    smallest = metric.format.divisor * 10.0**-metric.format.difference_decimals
    return smallest if abs(average) >= 2 * smallest else 0.0


def _points(parameter: Parameter) -> FloatArray:
    """Low end, central value and high end."""
    return np.array(register_range(parameter), dtype=np.float64)


def _grid(parameter: Parameter) -> FloatArray:
    low, _, high = _points(parameter)
    return np.linspace(low, high, _GRID)


def tellable(differences: FloatArray) -> BoolArray:
    """The differences (rows, futures) that are defined everywhere and not the same everywhere."""
    return np.asarray(np.ptp(differences, axis=1) > 0)  # and NaN is not


def _bins(values: FloatArray, differences: FloatArray) -> FloatArray:
    """Means in equal parts of the futures by value: (1 + rows, BINS), the values first."""
    parts = np.array_split(np.argsort(values, kind="stable"), BINS)
    rows = np.concatenate([values[None], differences])
    return np.stack([rows[:, part].mean(axis=1) for part in parts], axis=1)


def _crossings(grid: FloatArray, curve: FloatArray) -> tuple[float, ...]:
    """Where a curve crosses zero, between grid points by a straight line."""
    at = np.flatnonzero((curve[:-1] < 0) != (curve[1:] < 0))
    step = curve[at] / (curve[at] - curve[at + 1])
    return tuple(float(each) for each in grid[at] + step * (grid[at + 1] - grid[at]))


def _stretches(grid: FloatArray, holds: BoolArray) -> tuple[tuple[float, float], ...]:
    """The stretches of a grid on which something holds."""
    edges = np.diff(np.concatenate([[0], holds.astype(np.int8), [0]]))
    starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    return tuple(
        (float(grid[start]), float(grid[stop])) for start, stop in zip(starts, stops, strict=True)
    )


def unevidenced_table(rows: Sequence[LeaningRow]) -> pd.DataFrame:
    """One row a parameter, scenario and headline metric."""
    return pd.DataFrame([_record(row) for row in rows], columns=[*_COLUMNS])


_PLACES = tuple(
    f"{place}{end}"
    for place in ("at_low", "at_central", "at_high")
    for end in ("", "_ci_low", "_ci_high")
)
_BINS = tuple(f"{what}_{part}" for part in range(1, BINS + 1) for what in ("value", "difference"))
_COLUMNS = (
    "parameter", "parameter_label", "parameter_unit", "scenario", "metric", "label",
    "unit", "date", "average", "average_clear", "low_value", "central_value", "high_value",
    *_PLACES, "leans", "explained", "turns_at", "clear_from_to", *_BINS,
)  # fmt: skip


def _record(row: LeaningRow) -> tuple[object, ...]:
    each = row.leaning
    return (
        each.parameter.name, each.parameter.label, each.parameter.unit, row.scenario.name,
        row.metric.name, row.metric.label,
        unit_at(row.metric, row.moment, files=True), row.moment.name,
        each.average, each.average_clear,
        *each.values, *np.stack([each.expected, each.low, each.high], axis=1).ravel(), each.leans,
        each.explained, "; ".join(f"{value:.4g}" for value in each.turns),
        "; ".join(f"{start:.4g} to {stop:.4g}" for start, stop in each.clear),
        *each.bins.T.ravel(),
    )  # fmt: skip
