"""From simulated authorities to the parameter sets that England's openings leave credible.

Each simulated authority is one noisy look at what its parameter set predicts. A quadratic in the
parameters' normal scores, fitted to all looks together, averages the luck away and stands in for
the model; the scatter about it is the luck, which the comparison with England needs as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri
from scipy.stats import qmc

from rsip_sim.model.arrays import FloatArray, IntArray

LogLikelihood = Callable[[FloatArray], FloatArray]

INTERACTING = 8
"""How many of the parameters that matter most to a quantity also act jointly on it."""


@dataclass(frozen=True)
class Emulator:
    """Quadratics, one a quantity: constant + linear·z + z·quadratic·z.

    constant    (quantities,)
    linear      (quantities, parameters)
    quadratic   (quantities, parameters, parameters), upper triangles
    luck        (quantities, quantities): covariance of one authority's luck
    doubt       (quantities,): mean variance of the fitted curve itself
    explained   (quantities,): variance of the fitted curve over the prior
    """

    constant: FloatArray
    linear: FloatArray
    quadratic: FloatArray
    luck: FloatArray
    doubt: FloatArray
    explained: FloatArray

    def predict(self, scores: FloatArray) -> FloatArray:
        """Expected quantities of parameter sets (sets, parameters): (sets, quantities)."""
        one, other = np.triu_indices(scores.shape[1])
        curved = (scores[:, one] * scores[:, other]) @ self.quadratic[:, one, other].T
        return np.asarray(self.constant + scores @ self.linear.T + curved)

    def linear_share(self) -> FloatArray:
        """Share of each quantity's explained variance by parameter: (quantities, parameters)."""
        own = self.linear**2
        return np.asarray(own / np.maximum(own.sum(axis=1, keepdims=True), 1e-300))


class Fit:
    """Least squares gathered group by group, so that only sums are ever held.

    A group is one authority: its own mean is taken out, so that differences between authorities
    do not count as luck, and the authorities' mean is put back as the constant.
    """

    def __init__(self, parameters: int, quantities: int) -> None:
        """Nothing seen yet."""
        self._parameters = parameters
        self._one, self._other = np.triu_indices(parameters)
        features = parameters + len(self._one)
        self._products = np.zeros((features, features))
        self._with = np.zeros((features, quantities))
        self._total = np.zeros((quantities, quantities))
        self._means: list[tuple[FloatArray, FloatArray]] = []
        self._looks = 0

    def add(self, scores: FloatArray, values: FloatArray) -> None:
        """One authority: parameter scores (sets, parameters) and quantities (sets, quantities)."""
        features = self._features(scores)
        feature_mean, value_mean = features.mean(axis=0), values.mean(axis=0)
        features, centred = features - feature_mean, values - value_mean
        self._products += features.T @ features
        self._with += features.T @ centred
        self._total += centred.T @ centred
        self._means.append((feature_mean, value_mean))
        self._looks += len(scores) - 1

    def _features(self, scores: FloatArray) -> FloatArray:
        return np.concatenate([scores, scores[:, self._one] * scores[:, self._other]], axis=1)

    def emulator(self) -> Emulator:
        """The fitted curves; each uses only the terms that may matter to its quantity."""
        quantities = self._with.shape[1]
        coefficients = np.zeros((self._products.shape[0], quantities))
        doubt = np.zeros(quantities)
        for quantity in range(quantities):
            terms = self._terms(quantity)
            solved = self._solve(terms, quantity)
            coefficients[terms, quantity] = solved
            left = self._total[quantity, quantity] - self._with[terms, quantity] @ solved
            doubt[quantity] = left / self._looks * len(terms) / self._looks
        fitted = coefficients.T @ self._with
        cross = coefficients.T @ self._products @ coefficients
        luck = (self._total - fitted - fitted.T + cross) / self._looks
        features, values = (np.mean(each, axis=0) for each in zip(*self._means, strict=True))
        size = self._parameters
        quadratic = np.zeros((quantities, size, size))
        quadratic[:, self._one, self._other] = coefficients[size:].T
        constant, linear = values - features @ coefficients, coefficients[:size].T.copy()
        return Emulator(constant, linear, quadratic, luck, doubt, np.diag(cross) / self._looks)

    def _solve(self, terms: IntArray, quantity: int) -> FloatArray:
        return np.linalg.solve(self._products[np.ix_(terms, terms)], self._with[terms, quantity])

    def _terms(self, quantity: int) -> IntArray:
        """All linear and square terms, and products of the parameters that matter most."""
        size = self._parameters
        plain = np.concatenate([np.arange(size), size + np.flatnonzero(self._one == self._other)])
        effect = np.abs(self._solve(plain, quantity)[:size])
        strongest = np.argsort(effect)[-INTERACTING:]
        joint = np.isin(self._one, strongest) & np.isin(self._other, strongest)
        joint &= self._one != self._other
        return np.sort(np.concatenate([plain, size + np.flatnonzero(joint)]))


CANDIDATES = 4096
STEPS = 150


def gaussian(predicted: FloatArray, seen: FloatArray, covariance: FloatArray) -> FloatArray:
    """Log likelihood of predictions (sets, quantities), up to a constant: (sets,).

    covariance  (quantities, quantities), of all that may set them apart from what was seen
    """
    standard = np.linalg.solve(np.linalg.cholesky(covariance), (predicted - seen).T)
    return np.asarray(-0.5 * (standard**2).sum(axis=0))


def posterior_scores(
    log_likelihood: LogLikelihood, parameters: int, sets: int, seed: int
) -> FloatArray:
    """Sets of normal scores that follow prior × likelihood: (sets, parameters).

    The prior of the scores is standard normal. Quasi-random candidates are resampled by their
    likelihood, then each moves by elliptical slice sampling, which leaves the posterior as it is
    and separates the copies (Murray, Adams and MacKay 2010, AISTATS 9).
    """
    rng = np.random.default_rng(seed)
    design = qmc.Sobol(parameters, rng=rng).random_base2(int(np.log2(CANDIDATES)))
    candidates = ndtri(np.clip(design, 1e-9, 1 - 1e-9))
    likelihood = log_likelihood(candidates)
    weight = _flattened(likelihood, sets)
    chosen = rng.choice(len(candidates), sets, p=weight / weight.sum())
    current, value = candidates[chosen], likelihood[chosen]
    for _ in range(STEPS):
        current, value = _slice_step(log_likelihood, current, value, rng)
    return np.asarray(current)


def _flattened(likelihood: FloatArray, sets: int) -> FloatArray:
    """Weights flat enough that the first choice is not a handful of sets."""
    enough = min(sets / 8, len(likelihood) / 4)
    temper, centred = 1.0, likelihood - likelihood.max()
    weight = np.exp(centred)
    while weight.sum() ** 2 / (weight**2).sum() < enough and temper < 1e6:
        temper *= 1.5
        weight = np.exp(centred / temper)
    return np.asarray(weight)


def _slice_step(
    log_likelihood: LogLikelihood,
    current: FloatArray,
    value: FloatArray,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """One elliptical slice move of every set at once."""
    sets = len(current)
    ellipse = rng.standard_normal(current.shape)
    level = value + np.log(rng.random(sets))
    angle = rng.random(sets) * 2 * np.pi
    low, high = angle - 2 * np.pi, angle.copy()
    moved, moved_value = current.copy(), value.copy()
    open_sets = np.arange(sets)
    while len(open_sets):
        at = angle[open_sets, None]
        proposal = current[open_sets] * np.cos(at) + ellipse[open_sets] * np.sin(at)
        found = log_likelihood(proposal)
        accepted = found > level[open_sets]
        taken = open_sets[accepted]
        moved[taken], moved_value[taken] = proposal[accepted], found[accepted]
        open_sets = open_sets[~accepted]
        below = angle[open_sets] < 0
        low[open_sets[below]] = angle[open_sets[below]]
        high[open_sets[~below]] = angle[open_sets[~below]]
        angle[open_sets] = low[open_sets] + rng.random(len(open_sets)) * (
            high[open_sets] - low[open_sets]
        )
    return moved, moved_value
