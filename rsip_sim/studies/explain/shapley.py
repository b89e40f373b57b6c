"""A difference shared out among the steps that lead to it.

A set of steps (a coalition) is a bit mask: bit i is set where step i is taken. The worth of a
coalition is the paired difference with just these steps taken, in every future. The share of a step
is Shapley's: what it adds, averaged over every order in which the steps can be taken (Shapley 1953,
A value for n-person games).

The shares and the worth of no step add up to the whole difference, in every future. Beyond
`EXACT_STEPS` steps every future takes them in one order and its reverse, and the next future in
another: each still adds up exactly, and the average over futures is one over orders too (Castro and
others 2009, Polynomial calculation of the Shapley value based on sampling). An order and its
reverse share out exactly what two steps do together; only what three or more do hangs on the
order. How far it does shows between the futures of one order and those of another, which
`half_interval` takes as its sample.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations, pairwise
from math import factorial

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import t_quantile

EXACT_STEPS = 5
"""Up to so many steps every coalition is valued (32) in every future."""

ORDERS = 20
"""Orders that futures take in turn where all are too many, each forwards and backwards."""

_CANDIDATES = 256
_DESIGN_SEED = 20110401


def coalitions(steps: int, order: int = 0) -> tuple[int, ...]:
    """The coalitions whose worth `shares_of` needs in one future, as bit masks in ascending order.

    order  which of the `orders` the future takes; of no account where all coalitions are needed
    """
    if steps <= EXACT_STEPS:
        return tuple(range(1 << steps))
    return tuple(sorted({0, *(after for *_, after in _additions(orders(steps)[order]))}))


def number_of_orders(steps: int) -> int:
    """After how many futures the orders begin again; 1 where every future takes all of them."""
    return 1 if steps <= EXACT_STEPS else ORDERS


def all_coalitions(steps: int) -> tuple[int, ...]:
    """The coalitions whose worth is needed in some future, in ascending order."""
    needed = (coalitions(steps, order) for order in range(number_of_orders(steps)))
    return tuple(sorted(set().union(*needed)))


@cache
def orders(steps: int) -> tuple[tuple[int, ...], ...]:
    """The orders that futures take in turn, each of them forwards and backwards.

    Of two steps each comes first as often as the other. Of the ranks of a Sobol design those
    orders are chosen, one by one, that together come nearest to letting each of any three steps
    be the last of them equally often.
    """
    points = qmc.Sobol(steps, rng=_DESIGN_SEED).random(_CANDIDATES)
    candidates = np.argsort(points, axis=1)
    uneven = _unevenness(np.argsort(candidates, axis=1))
    chosen: list[int] = []
    while len(chosen) < ORDERS:
        together = uneven[chosen].sum(axis=0) + uneven
        chosen.append(int((together**2).sum(axis=1).argmin()))
    return tuple(tuple(int(step) for step in candidates[i]) for i in chosen)


def _unevenness(places: NDArray[np.int64]) -> FloatArray:
    """By order: how much more often than in a third of both ways a step is the last of three.

    places  of each step in each order, (orders, steps); returns (orders, steps of all triples)
    """
    triples = places[:, list(combinations(range(places.shape[1]), 3))]
    ends = [triples == most(triples, axis=2, keepdims=True) for most in (np.max, np.min)]
    uneven = (ends[0].astype(np.float64) + ends[1]) / 2 - 1 / 3
    return np.asarray(uneven.reshape(len(places), -1))


def half_interval(values: FloatArray, orders: int) -> float:
    """Half the 95% interval of the mean of shares whose futures took so many orders in turn.

    values  (futures,), NaN where not defined

    Futures of one order share what is due to it, so the sample is that of the orders, each with a
    cluster of futures. NaN where fewer than two orders were taken.
    """
    known = np.isfinite(values)
    off = np.where(known, values - values[known].mean(), 0.0)
    clusters = [off[place::orders].sum() for place in range(orders) if known[place::orders].any()]
    if len(clusters) < 2:
        return float("nan")
    among = len(clusters) / (len(clusters) - 1)
    error = np.sqrt(among * np.square(clusters).sum()) / known.sum()
    return float(t_quantile(len(clusters)) * error)


def shares_of(worths: Mapping[int, FloatArray], steps: int) -> FloatArray:
    """The worth of all steps less that of none, shared out: (steps, futures).

    worths  by coalition, (futures,) each; future f is read for `coalitions(steps, f modulo
            number_of_orders(steps))` alone
    """
    return (_exact_shares if steps <= EXACT_STEPS else _shares_in_turn)(worths, steps)


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


def _shares_in_turn(worths: Mapping[int, FloatArray], steps: int) -> FloatArray:
    """In every future what a step adds in one order and its reverse, on average."""
    shares = np.zeros((steps, len(worths[0])))
    taken = orders(steps)
    for place, order in enumerate(taken):
        futures = slice(place, None, len(taken))
        for step, before, after in _additions(order):
            shares[step, futures] += (worths[after][futures] - worths[before][futures]) / 2
    return shares


def _additions(order: tuple[int, ...]) -> Iterator[tuple[int, int, int]]:
    """Every addition of a step to those before it, forwards and backwards."""
    for way in (order, order[::-1]):
        masks = [0]
        for step in way:
            masks.append(masks[-1] | 1 << step)
        yield from (
            (step, before, after)
            for step, (before, after) in zip(way, pairwise(masks), strict=True)
        )
