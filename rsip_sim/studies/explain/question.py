"""What is asked of an explanation: which two scenarios, which metrics, when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rsip_sim.measures.moments import MOMENTS, main_moment, moments_of
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.asking import (
    AskedError,
    Faults,
    Question,
    metric_fault,
    moment_fault,
    shown,
    two_scenarios,
)
from rsip_sim.studies.kernel.trials import Precision

HEADLINES = ("members", "cohesion", "erosion", "unmet_days")
"""Explained unless others are named: what Cabinet asks of schools, the whole, money and support."""


PRECISION = 2.0
"""How wide the interval of a share may be, beside that of the whole difference."""


class ExplainQuestion(Question):
    """Why two scenarios differ."""

    baseline: str | None = shown(None, metavar="NAME")
    """Scenario to start from; otherwise the comparison's."""
    scenario: str | None = shown(None, metavar="NAME")
    """Scenario to explain; otherwise the only other one."""
    metrics: list[str] = shown(factory=list, metavar="NAME", flag="--metric")
    """Metric to explain, as in the table of differences; more than once for several. Otherwise
    members, cohesion, erosion and unmet_days."""
    at: str | None = shown(None, metavar="MOMENT")
    """mean, march_2013, own_agreement or end; otherwise the one on which the comparison's
    findings stand."""
    precision: Precision = shown(PRECISION, metavar="X")
    """Take futures apart, 256, 512 and so on, until no share is known less than X times as
    precisely as the whole difference, or not noticeably so; 0: all futures of the comparison."""


@dataclass(frozen=True)
class Difference:
    """Two scenarios, metrics and a moment, all of them known to exist.

    moment       name from MOMENTS
    precision    how wide the interval of a share may be, beside that of the whole difference
    """

    baseline: Scenario
    scenario: Scenario
    metrics: tuple[str, ...]
    moment: str
    precision: float = PRECISION


def difference(asked: ExplainQuestion, scenarios: Sequence[Scenario]) -> Difference:
    """What is asked about scenarios of a comparison, its baseline first among them.

    Raises AskedError with every fault.
    """
    faults = Faults()
    pair = two_scenarios(scenarios, asked.baseline, asked.scenario, faults)
    without = [each.title for each in pair or () if not each.policy.partnership]
    faults.each("metrics", asked.metrics, lambda name: metric_fault(name, without))
    known = {each.name: moments_of(each.policy, each.policy.horizon_months) for each in scenarios}
    moment = asked.at or main_moment(known[scenarios[0].name])
    shared = [name for name in MOMENTS if all(name in known[each.name] for each in pair or ())]
    faults.at("at", moment_fault(moment, shared, own=True))
    if faults.found or pair is None:
        raise AskedError(faults.found)
    metrics = tuple(dict.fromkeys(asked.metrics)) or HEADLINES
    return Difference(*pair, metrics, moment, asked.precision)
