"""The uncertain inputs of a model run, each by itself: what studies of sensitivity vary.

A value comes from what the model itself draws under `parameters: uncertain`: for a calibrated
parameter from its column of the posterior sample, for any other from its range in the register.
Each input is drawn by itself here, so that the correlations between calibrated parameters are left
out; the study says how the spread changes where they are drawn together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rsip_sim.evidence.posterior import Posterior, calibrated_sets
from rsip_sim.evidence.register import Parameter, load_register
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import POINTS
from rsip_sim.model.policy import Policy
from rsip_sim.studies.kernel.trials import drawn_under


@dataclass(frozen=True)
class Inputs:
    """Uncertain parameters, and where their values come from.

    parameters  in the order of the register, levers after the others
    posterior   the calibrated sample that the model draws from, or None
    """

    parameters: tuple[Parameter, ...]
    posterior: Posterior | None

    @property
    def names(self) -> tuple[str, ...]:
        """Register names, in order."""
        return tuple(parameter.name for parameter in self.parameters)

    def value(self, parameter: Parameter, probability: FloatArray) -> FloatArray:
        """Values of one parameter at these probabilities, strictly between 0 and 1."""
        if self.posterior is not None and parameter.name in self.posterior.names:
            return np.asarray(np.quantile(self.posterior.column(parameter.name), probability))
        return parameter.quantile(probability)

    def values(self, probabilities: FloatArray) -> dict[str, FloatArray]:
        """Values by register name, (rows,) each; probabilities (rows, parameters)."""
        return {
            parameter.name: self.value(parameter, probabilities[:, at])
            for at, parameter in enumerate(self.parameters)
        }

    def ends(self, parameter: Parameter) -> tuple[float, float]:
        """The 5% and 95% points of what is drawn."""
        low, _, high = self.value(parameter, np.array(POINTS))
        return float(low), float(high)


def inputs_of(policies: Sequence[Policy]) -> Inputs:
    """The parameters and levers that are drawn under at least one of these policies.

    What every policy holds at a value of its own is none. Policies with
    `parameters: prior` have no calibrated values; with `central` they are varied all the same.
    """
    register = load_register()
    drawn = {each.name for policy in policies for each in drawn_under(policy)}
    known = (*register.uncertain(), *register.drawn_levers())
    varied = tuple(each for each in known if each.name in drawn)
    from_ranges = any(policy.parameters == "prior" for policy in policies)
    return Inputs(varied, None if from_ranges else calibrated_sets(register))
