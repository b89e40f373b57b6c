"""Names a planner gives on the command line or in a study: metrics, moments, and what they may be.

Each check returns a fault with the nearest name, or None; where it stands in a file is for the
caller to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rsip_sim.evidence.faults import Fault
from rsip_sim.experiment.errors import ExperimentError
from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.moments import OWN_AGREEMENT
from rsip_sim.scenario.names import near


class AskedError(ExperimentError):
    """What was asked for cannot be worked out; `faults` says all of why, a line each."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults; the message is one line a fault."""
        self.faults = [str(fault) for fault in faults]
        super().__init__("\n".join(self.faults))


def metric_fault(name: str, without_partnership: Iterable[str] = ()) -> Fault | None:
    """The fault of a name that is no metric, or of one that is not defined in some scenarios.

    without_partnership  titles of scenarios that have none
    """
    if name not in METRICS:
        guess = near(name, METRICS)
        allowed = "" if guess else f"one of {', '.join(METRICS)}"
        return _fault(f"no metric is named '{name}'", allowed, guess)
    metric = METRICS[name]
    missing = [f"'{title}'" for title in dict.fromkeys(without_partnership)]
    if metric.membership and missing:
        message = f"{metric.noun} is not defined without a partnership ({', '.join(missing)})"
        return _fault(message, "use cohesion_core" if name == "cohesion" else "leave it out")
    return None


def objective_fault(name: str, without_partnership: Iterable[str] = ()) -> Fault | None:
    """The fault of a metric that cannot be an objective.

    without_partnership  titles of scenarios that have none
    """
    fault = metric_fault(name)
    if fault:
        return fault
    if METRICS[name].better == "neither":
        message = f"'{name}' is no objective: neither more nor less of it is better"
        return _fault(message, "choose what is to be had, such as members, cohesion or erosion")
    return metric_fault(name, without_partnership)


def moment_fault(name: str, known: Iterable[str]) -> Fault | None:
    """The fault of a moment at which scenarios cannot be compared.

    known  the moments of the run
    """
    common = [each for each in known if each != OWN_AGREEMENT]
    if name in common:
        return None
    allowed = f"one of {', '.join(common)}"
    if name == OWN_AGREEMENT:
        return _fault(f"{name} is another stretch of months for each scenario", allowed)
    return _fault(f"no moment of this run is named '{name}'", allowed, near(name, common))


def _fault(message: str, allowed: str = "", suggestion: str = "") -> Fault:
    return Fault("", 0, 0, "", message, allowed, suggestion)
