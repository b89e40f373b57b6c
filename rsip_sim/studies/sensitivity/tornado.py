"""Low → high swings: what one parameter at a time does to an outcome, all else as it falls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rsip_sim.evidence.register import NORMAL_95
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import mean_of_defined, standard_error, t_quantile


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
