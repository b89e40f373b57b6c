"""A difference shared out among the steps that lead to it.

A set of steps (a coalition) is a bit mask: bit i is set where step i is taken. The worth of a
coalition is the paired difference with just these steps taken, in every future. From the worths
follow two accounts of the whole difference:

* one at a time: each step by itself, or each step taken back from the whole, with an explicit
  interaction term, since steps taken together do more or less than the sum of each alone;
* shares without one: Shapley's, the average of what a step adds over every order in which the
  steps can be taken (Shapley 1953, A value for n-person games).

Both add up to the whole difference, in every future. Beyond `EXACT_STEPS` steps the shares come
from a fixed set of orders instead of all; they still add up exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import factorial

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import standard_error

EXACT_STEPS = 8
"""Up to so many steps every coalition is valued (256); beyond, those of a few circles of steps."""

CIRCLES = 4
_CANDIDATES = 64
_DESIGN_SEED = 20110401


@dataclass(frozen=True)
class Attribution:
    """One difference shared out; every array ends in the axes of the worths.

    rest         the worth of no step at all
    total        the worth of all steps: rest + shares, rest + alone + interaction, and so on
    alone        by step: what it adds to none of the others, (steps, …)
    removed      by step: what is lost when only it is taken back, (steps, …)
    shares       by step: Shapley share, (steps, …)
    by_circle    shares by circle of steps, (circles, steps, …), whose spread says how far the
                 choice of orders matters; None where the shares are exact
    """

    rest: FloatArray
    total: FloatArray
    alone: FloatArray
    removed: FloatArray
    shares: FloatArray
    by_circle: FloatArray | None

    @property
    def interaction_alone(self) -> FloatArray:
        """What the whole has beyond the steps each by itself."""
        return np.asarray(self.total - self.rest - self.alone.sum(axis=0))

    @property
    def interaction_removed(self) -> FloatArray:
        """What the whole has beyond the steps each taken back from it."""
        return np.asarray(self.total - self.rest - self.removed.sum(axis=0))


def coalitions(steps: int) -> tuple[int, ...]:
    """The coalitions whose worth `attribute` needs, as bit masks in ascending order."""
    if steps <= EXACT_STEPS:
        return tuple(range(1 << steps))
    found = {0, (1 << steps) - 1}
    for circle in circles(steps):
        found.update(mask for _, before, after in _additions(circle) for mask in (before, after))
    return tuple(sorted(found))


def circles(steps: int) -> tuple[tuple[int, ...], ...]:
    """The circles of steps from which orders are taken where all orders are too many.

    A circle is read from every step onwards, both ways round: 2 × steps orders in which each step
    stands in each place twice and each of two steps comes first as often as the other, at the
    price of steps × (steps − 1) coalitions. Of the ranks of a Sobol design those circles are
    chosen, one by one, that together come nearest to letting each of any three steps be the last
    of them equally often.
    """
    points = qmc.Sobol(steps, rng=_DESIGN_SEED).random(_CANDIDATES)
    orders = np.argsort(points, axis=1)
    uneven = _unevenness(np.argsort(orders, axis=1))
    chosen: list[int] = []
    while len(chosen) < CIRCLES:
        together = uneven[chosen].sum(axis=0) + uneven
        chosen.append(int((together**2).sum(axis=1).argmin()))
    return tuple(tuple(int(step) for step in orders[i]) for i in chosen)


def _unevenness(places: NDArray[np.int64]) -> FloatArray:
    """By circle: how much more often than in a third of its orders a step is the last of three.

    places  of each step in each circle, (circles, steps); returns (circles, steps of all triples)
    """
    steps = places.shape[1]
    triples = places[:, list(combinations(range(steps), 3))]
    # a step is the last of three in the orders that begin between it and the next of them
    onwards = np.roll(triples, -1, axis=2) - triples, np.roll(triples, -2, axis=2) - triples
    after = np.minimum(onwards[0] % steps, onwards[1] % steps)
    before = np.minimum(-onwards[0] % steps, -onwards[1] % steps)
    uneven = (after + before) / (2 * steps) - 1 / 3
    return np.asarray(uneven.reshape(len(places), -1))


def attribute(worths: Mapping[int, FloatArray], steps: int) -> Attribution:
    """Share out the worth of all steps.

    worths  by coalition, for each of `coalitions(steps)`: arrays of one shape, (…, replications)
    """
    whole = (1 << steps) - 1
    rest, total = worths[0], worths[whole]
    shape = (steps, *rest.shape)
    by_circle: FloatArray | None = None
    if steps <= EXACT_STEPS:
        shares = _exact_shares(worths, steps)
    else:
        by_circle = np.stack([_circle_shares(worths, circle) for circle in circles(steps)])
        shares = by_circle.mean(axis=0)
    singles = [(worths[1 << i] - rest, total - worths[whole & ~(1 << i)]) for i in range(steps)]
    return Attribution(
        rest=rest,
        total=total,
        alone=np.array([single for single, _ in singles]).reshape(shape),
        removed=np.array([single for _, single in singles]).reshape(shape),
        shares=shares,
        by_circle=by_circle,
    )


def design_error(attribution: Attribution) -> FloatArray:
    """Standard error of the mean shares from the choice of orders alone, (steps, …) less futures.

    0 where the shares are exact. Futures in which a worth is not defined must be left out before.
    """
    if attribution.by_circle is None:
        return np.zeros(attribution.shares.shape[:-1])
    means = attribution.by_circle.mean(axis=-1)
    return standard_error(means, axis=0)


def _exact_shares(worths: Mapping[int, FloatArray], steps: int) -> FloatArray:
    """Weights by size of coalition: the part of all orders in which just these go before."""
    weights = [
        factorial(size) * factorial(steps - size - 1) / factorial(steps) for size in range(steps)
    ]
    shares = np.zeros((steps, *worths[0].shape))
    for mask in range(1 << steps):
        for step in range(steps):
            if not mask >> step & 1:
                # the differences are weighted, not the worths: a step that changes nothing has 0
                added = worths[mask | 1 << step] - worths[mask]
                shares[step] += weights[mask.bit_count()] * added
    return shares


def _circle_shares(worths: Mapping[int, FloatArray], circle: tuple[int, ...]) -> FloatArray:
    shares = np.zeros((len(circle), *worths[0].shape))
    for step, before, after in _additions(circle):
        shares[step] += worths[after] - worths[before]
    return np.asarray(shares / (2 * len(circle)))


def _additions(circle: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """Every addition of a step to those before it, over all orders read from a circle."""
    found = []
    for way in (circle, circle[::-1]):
        for first in range(len(way)):
            order = (*way[first:], *way[:first])
            masks = [0]
            for step in order:
                masks.append(masks[-1] | 1 << step)
            found += [
                (step, before, after)
                for step, (before, after) in zip(order, pairwise(masks), strict=True)
            ]
    return found
