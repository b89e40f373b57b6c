"""Smooth curves over one input, as columns of a regression.

Restricted cubic splines (Harrell, Regression Modeling Strategies, 2015, chapter 2): cubic between
knots at quantiles of the input, straight beyond the outer ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rsip_sim.measures.runs import FloatArray

KNOTS = (0.05, 0.35, 0.65, 0.95)
_STRAIGHT = 2  # columns of a straight line


@dataclass(frozen=True)
class Basis:
    """The columns of a spline, for inputs measured from `centre` in units of `scale`."""

    centre: float
    scale: float
    knots: FloatArray

    @classmethod
    def of(cls, values: FloatArray) -> Basis:
        """For the values seen (futures,); a straight line where too few of them differ."""
        scale = float(values.std()) or 1.0
        centre = float(values.mean())
        knots = np.unique(np.quantile((values - centre) / scale, KNOTS))
        return cls(centre, scale, knots)

    def columns(self, values: FloatArray) -> FloatArray:
        """The columns at these values, the constant first: (values, columns)."""
        x = (values - self.centre) / self.scale
        made = [np.ones_like(x), x]
        knots = self.knots
        if len(knots) > _STRAIGHT:
            last, before = knots[-1], knots[-2]
            for knot in knots[:-2]:
                cubes = [np.maximum(x - each, 0.0) ** 3 for each in (knot, before, last)]
                bend = (last - knot) * cubes[1] - (before - knot) * cubes[2]
                made.append((cubes[0] - bend / (last - before)) / (last - knots[0]) ** 2)
        return np.stack(made, axis=1)
