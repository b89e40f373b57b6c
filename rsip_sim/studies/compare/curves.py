"""Smooth curves of outcomes over one input: what is to be expected, given its value.

Restricted cubic splines (Harrell, Regression Modeling Strategies, 2015, chapter 2): cubic between
knots at quantiles of the input, straight beyond the outer ones, fitted by least squares. The
intervals hold also where outcomes scatter more at some values than at others (MacKinnon and
White, 1985, HC1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import t_quantile

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

    @property
    def size(self) -> int:
        """Number of columns, the constant among them."""
        return max(len(self.knots), _STRAIGHT)

    def columns(self, values: FloatArray) -> FloatArray:
        """The columns at these values: (values, size)."""
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


@dataclass(frozen=True)
class Curves:
    """Fitted curves of several outcomes over one input.

    coefficients  (outcomes, size);  covariance: (outcomes, size, size)
    explained     share of each outcome's variance, corrected for what chance would explain
    freedom       degrees of freedom left
    """

    basis: Basis
    coefficients: FloatArray
    covariance: FloatArray
    explained: FloatArray
    freedom: int

    def at(self, values: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Expected outcomes with their 95% intervals: three arrays (outcomes, values)."""
        columns = self.basis.columns(values)
        expected = self.coefficients @ columns.T
        variance = np.einsum("vi,oij,vj->ov", columns, self.covariance, columns)
        half = t_quantile(self.freedom + 1) * np.sqrt(np.maximum(variance, 0.0))
        return expected, expected - half, expected + half

    def change(self, start: float, stop: float) -> tuple[FloatArray, FloatArray]:
        """Expected change of each outcome between two values, and its standard error."""
        first, last = self.basis.columns(np.array([start, stop]))
        step = last - first
        variance = np.einsum("i,oij,j->o", step, self.covariance, step)
        return self.coefficients @ step, np.sqrt(np.maximum(variance, 0.0))


def fit_curves(values: FloatArray, outcomes: FloatArray) -> Curves:
    """Curves of outcomes (outcomes, futures) over an input (futures,), none of them NaN."""
    basis = Basis.of(values)
    columns = basis.columns(values)
    futures, size = columns.shape
    inverse = np.linalg.pinv(columns.T @ columns)
    coefficients = outcomes @ columns @ inverse
    left = outcomes - coefficients @ columns.T
    freedom = max(futures - size, 1)
    middle = np.einsum("of,fi,fj->oij", left**2, columns, columns, optimize=True)
    covariance = inverse @ middle @ inverse * futures / freedom
    whole = outcomes.var(axis=1) * futures / max(futures - 1, 1)
    explained: FloatArray = np.zeros(len(outcomes))
    np.divide((left**2).sum(axis=1) / freedom, whole, out=explained, where=whole > 0)
    explained = np.where(whole > 0, 1 - explained, 0.0)
    return Curves(basis, coefficients, covariance, explained, freedom)
