"""The uncertain inputs of a model run, each by itself, and the swing of an outcome with one.

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
from rsip_sim.evidence.register import NORMAL_95, Parameter, load_register
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import POINTS, mean_of_defined, standard_error, t_quantile
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


@dataclass(frozen=True)
class Swings:
    """What each parameter does between its 5% and its 95% point, arrays (outcomes, parameters).

    at_low, at_high  mean outcome with the parameter there
    swing            at_high − at_low;  low, high: its 95% interval
    error            standard error of the swing
    """

    at_low: FloatArray
    at_high: FloatArray
    swing: FloatArray
    low: FloatArray
    high: FloatArray
    error: FloatArray

    def share(self, variance: FloatArray) -> FloatArray:
        """Share of a variance (outcomes,) that each parameter makes alone, (outcomes, parameters).

        For an outcome that rises or falls evenly with the parameter's normal score; the noise of
        the swing is taken off. NaN where the outcome does not vary.
        """
        made = np.maximum(self.swing**2 - self.error**2, 0.0) / (2 * NORMAL_95) ** 2
        share: FloatArray = np.full(made.shape, np.nan)
        whole = np.broadcast_to(variance[:, None], made.shape)
        return np.divide(made, whole, out=share, where=whole > 0)


def swings(values: FloatArray) -> Swings:
    """Swings of paired runs: values (outcomes, parameters, 2, futures), low end first.

    The same futures at both ends, so that their luck cancels. A future in which either is not
    defined is left out.
    """
    change = values[:, :, 1] - values[:, :, 0]
    defined = ~np.isnan(change)
    ends = mean_of_defined(np.where(defined[:, :, None], values, np.nan))
    swing, error = ends[..., 1] - ends[..., 0], standard_error(change)
    half = t_quantile(defined.sum(axis=-1)) * error
    return Swings(ends[..., 0], ends[..., 1], swing, swing - half, swing + half, error)
