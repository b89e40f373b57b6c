"""From what parameter sets predict to those that England's openings leave credible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import qmc

FloatArray = NDArray[np.float64]

CANDIDATES = 4096
STEPS = 150

LogLikelihood = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True)
class Comparison:
    """Predictions against what was seen, with everything that may set them apart.

    seen        (quantities,)
    covariance  (quantities, quantities): luck, the doubt of the emulator and the tolerance
    """

    seen: FloatArray
    covariance: FloatArray

    def log_likelihood(self, predicted: FloatArray) -> FloatArray:
        """Of predictions (sets, quantities), up to a constant: (sets,)."""
        factor = np.linalg.cholesky(self.covariance)
        standard = np.linalg.solve(factor, (predicted - self.seen).T)
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
    weight = np.exp((likelihood - likelihood.max()) / _temper(likelihood, sets))
    chosen = rng.choice(len(candidates), sets, p=weight / weight.sum())
    current, value = candidates[chosen], likelihood[chosen]
    for _ in range(STEPS):
        current, value = _slice_step(log_likelihood, current, value, rng)
    return np.asarray(current)


def _temper(likelihood: FloatArray, sets: int) -> float:
    """How far to flatten the likelihood so that the first choice is not a handful of sets."""
    centred = likelihood - likelihood.max()
    temper = 1.0
    while temper < 1e6:
        weight = np.exp(centred / temper)
        if weight.sum() ** 2 / (weight**2).sum() >= min(sets / 8, len(likelihood) / 4):
            break
        temper *= 1.5
    return temper


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
