"""When a metric is read: at a date, or as a mean over time.

A single date misleads when lengths of agreement are compared, since the cover still to run is a
sawtooth; so means over time stand beside the dates. Panels are read block by block.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rsip_sim.evidence.months import month_name, month_of_year, parse_month
from rsip_sim.measures.metrics import PRICE, Columns, Metric
from rsip_sim.measures.runs import FloatArray, PanelSource
from rsip_sim.measures.statistics import mean_of_defined
from rsip_sim.model.policy import Policy
from rsip_sim.scenario import Scenario

HEADLINE_MONTH = parse_month("2013-03")
FIRST_YEAR = 12  # months left out of the mean over time

MARCH_2013 = "march_2013"
MEAN = "mean"
OWN_AGREEMENT = "own_agreement"
END = "end"
MOMENTS = (MEAN, MARCH_2013, OWN_AGREEMENT, END)
"""Every moment by name, in the order in which they are shown."""


@dataclass(frozen=True)
class Moment:
    """A date or a stretch of months.

    name         one of MOMENTS
    label        as shown in tables: ``31 March 2013``, ``mean of months 13 to 60``
    when         as it stands in a sentence
    first, last  model months, both included; equal for a date
    """

    name: str
    label: str
    when: str
    first: int
    last: int
    over_time: bool

    def phrase(self, metric: Metric) -> str:
        """``by 31 March 2013`` for what adds up, ``on 31 March 2013`` for a state."""
        if self.over_time:
            return self.when
        return f"{'on' if metric.kind in ('level', 'chance') else 'by'} {self.label}"


def last_day(month_number: int) -> str:
    """The last day of a month in words: ``31 March 2013``."""
    days = calendar.monthrange(month_number // 12, month_of_year(month_number))[1]
    return f"{days} {month_name(month_number)}"


def moments_of(policy: Policy, months: int) -> dict[str, Moment]:
    """Moments that exist in a run of so many months under this policy, by name.

    March 2013 is one only where the run holds a year before it: sooner, choices have not told.
    """
    end = last_day(policy.start + months - 1)
    found = {END: Moment(END, end, f"on {end}", months - 1, months - 1, False)}
    headline = HEADLINE_MONTH - policy.start
    if FIRST_YEAR <= headline + 1 <= months:
        label = last_day(HEADLINE_MONTH)
        found[MARCH_2013] = Moment(MARCH_2013, label, f"on {label}", headline, headline, False)
    if months > FIRST_YEAR:
        stretch = f"months {FIRST_YEAR + 1} to {months}"
        found[MEAN] = Moment(
            MEAN, f"mean of {stretch}", f"averaged over {stretch}", FIRST_YEAR, months - 1, True
        )
    length = policy.levers.agreement.length_months if policy.partnership else 0
    if length > 0:
        label, when = "mean over own agreement", "averaged over its own agreement"
        last = min(length, months) - 1
        found[OWN_AGREEMENT] = Moment(OWN_AGREEMENT, label, when, 0, last, True)
    return {name: found[name] for name in MOMENTS if name in found}


def moment_for(metric: Metric, moments: Mapping[str, Moment], name: str) -> Moment:
    """When a metric is read in a study that looks at this moment.

    What is spent over the whole run is read at its end where other metrics are averaged.
    """
    moment = moments[name]
    return moments[END] if metric.name in PRICE and moment.over_time else moment


def lengths_differ(scenarios: Sequence[Scenario]) -> bool:
    """Whether the scenarios differ in the length of the agreement they start with."""
    return len({scenario.policy.levers.agreement.length_months for scenario in scenarios}) > 1


def main_moment(moments: Mapping[str, Moment]) -> str:
    """The moment of the first findings: the mean over time; a date where the run is too short."""
    return next((name for name in (MEAN, MARCH_2013) if name in moments), END)


def unit_at(metric: Metric, moment: Moment, files: bool = False) -> str:
    """Unit of the metric at this moment; a flow is a sum at a date and a rate over time.

    files  of the numbers themselves, as files have them: pounds where £m are shown
    """
    unit = metric.unit_of_values if files else metric.unit
    if metric.kind != "flow":
        return unit
    return f"{unit} a year" if moment.over_time else f"{unit} since the start"


def labelled(metric: Metric, moment: Moment) -> str:
    """Label of the metric with its unit, as a row is named: ``DSG erosion, % of gross DSG``."""
    unit = unit_at(metric, moment)
    return metric.label if unit == "schools" else f"{metric.label}, {unit}"


def read(metric: Metric, values: FloatArray, moment: Moment) -> FloatArray:
    """Value of the metric at this moment in each future.

    values : (months, replications); returns : (replications,), NaN where not defined
    """
    futures = values.shape[1]
    if not moment.over_time:
        if metric.kind == "flow":
            return np.asarray(_in_rows(values[: moment.last + 1]).sum(axis=0)[:futures])
        return np.asarray(values[moment.last])
    stretch = _in_rows(values[moment.first : moment.last + 1])
    mean: FloatArray = stretch.mean(axis=0)
    if np.isnan(mean).any():
        mean = mean_of_defined(stretch, axis=0)
    if metric.kind == "flow":
        mean *= 12
    return mean[:futures]


def _in_rows(values: FloatArray) -> FloatArray:
    """The values so laid out that months are added one after the other; a single future twice.

    Else the last bit would depend on what lies together in memory, and numpy would add up the
    months of one future in another order than those of several.
    """
    return np.ascontiguousarray(np.repeat(values, 2, axis=1) if values.shape[1] == 1 else values)


def values_of(metric: Metric, columns: Columns, partnership: bool) -> FloatArray:
    """A metric in every month and future, (months, replications); NaN where not defined."""
    values = metric.compute(columns)
    if metric.membership and not partnership:
        return np.full(values.shape, np.nan)
    return values


def read_metrics(
    columns: Columns, metrics: Sequence[Metric], moments: Sequence[Moment], partnership: bool
) -> FloatArray:
    """Each metric at each moment in every future: (metrics, moments, replications)."""
    rows = []
    for metric in metrics:
        values = values_of(metric, columns, partnership)
        rows.append(np.stack([read(metric, values, moment) for moment in moments]))
    return np.stack(rows)


class Panel:
    """The panel of one scenario, read block by block: never more than two are held."""

    def __init__(self, results: PanelSource, scenario: Scenario) -> None:
        """Point at one scenario of a run; nothing is read before it is asked for."""
        self.scenario = scenario
        self._results = results

    def reduced(self, columns: Iterable[str], work: Callable[[Columns], FloatArray]) -> FloatArray:
        """What work makes of these columns, block by block; futures along its last axis."""
        found, done = np.empty(0), 0
        for block in self._results.blocks(self.scenario.name, sorted(set(columns))):
            part = work(block)
            if not done:
                found = np.empty((*part.shape[:-1], self._results.replications))
            found[..., done : done + part.shape[-1]] = part
            done += part.shape[-1]
        return found

    @property
    def months(self) -> int:
        """Months simulated."""
        return self.scenario.policy.horizon_months

    def metric(self, metric: Metric) -> FloatArray:
        """A metric in every month and future, (months, replications); NaN where not defined."""
        partnership = self.scenario.policy.partnership
        return self.reduced(metric.columns, lambda block: values_of(metric, block, partnership))

    def at(self, metrics: Sequence[Metric], moments: Mapping[str, Moment]) -> FloatArray:
        """Each metric at each moment in every future: (metrics, moments, replications)."""
        chosen, partnership = tuple(moments.values()), self.scenario.policy.partnership
        return self.reduced(
            (column for metric in metrics for column in metric.columns),
            lambda block: read_metrics(block, metrics, chosen, partnership),
        )
