"""How much the ranking of scenarios by cohesion owes to the weights of the index.

The weights are a choice, not a finding. The index is worked out for 1,000 weightings spread
evenly over all possible ones (the flat Dirichlet distribution), and the rankings are counted
that differ from the one under the scenario's own weights. The points come from an additive
recurrence on powers of the generalised golden ratio, so nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rsip_sim.measures.runs import FloatArray
from rsip_sim.model.rules.cohesion import FLOOR
from rsip_sim.report.quoted import Derived, Quote, Said, say

WEIGHTINGS = 1000
DIGITS = 9  # indices that agree to so many digits are ties
_MOST_VALUES = 500_000  # indices worked out at once


@dataclass(frozen=True)
class RankingStability:
    """How often another weighting ranks the scenarios otherwise.

    parts        names of the components weighted
    order        scenarios from most to least cohesive under the chosen weights
    order_changes, first_changes   share of weightings with another order, another first
    """

    parts: tuple[str, ...]
    order: tuple[str, ...]
    order_changes: float
    first_changes: float
    weightings: int = WEIGHTINGS

    @property
    def sentence(self) -> Said:
        """The finding in words."""
        among = ", ".join(part.replace("_", " ") for part in self.parts)
        if self.order_changes == 0:
            return say(
                "The ranking by cohesion is the same under every weighting of {among}.", among=among
            )
        return say(
            "The ranking by cohesion depends on its weights: {order} possible weightings of "
            "{among} give another order, and {first} another first.",
            order=self._of_100(self.order_changes, "another order"), among=among,
            first=self._of_100(self.first_changes, "another first"),
        )  # fmt: skip

    def _of_100(self, share: float, change: str) -> Quote:
        text = f"{max(round(100 * share), 1)} of 100" if share else "none"
        what = f"share of weightings of {', '.join(self.parts)} that give {change}"
        return Quote(text, Derived(what, share))


def even_weightings(parts: int, count: int = WEIGHTINGS) -> FloatArray:
    """Weightings spread evenly over the simplex; array (count, parts), each row sums to 1."""
    ratio = 2.0
    for _ in range(60):
        ratio = (1 + ratio) ** (1 / (parts + 1))
    steps = ratio ** -np.arange(1.0, parts + 1)
    uniform = (0.5 + np.arange(1, count + 1)[:, None] * steps) % 1.0
    exponential = -np.log1p(-uniform)
    return np.asarray(exponential / exponential.sum(axis=1, keepdims=True))


def ranking_stability(
    components: Mapping[str, FloatArray], parts: tuple[str, ...], weights: tuple[float, ...]
) -> RankingStability:
    """Count the weightings that change the ranking of the scenarios.

    components : scenario → (parts, replications), each the `mean_log` of a component, so
                 that the index is its weighted geometric mean
    weights    : the chosen weights, one a part; where all are 0 the parts count alike
    """
    names = tuple(components)
    chosen = np.asarray(weights) if sum(weights) > 0.0 else np.ones(len(parts))
    tested = np.vstack([chosen / chosen.sum(), even_weightings(len(parts))])
    index = np.stack([_indices(tested, components[name]) for name in names], axis=1)
    order = np.argsort(-np.round(index, DIGITS), axis=1, kind="stable")
    changed = (order[1:] != order[0]).any(axis=1)
    return RankingStability(
        parts,
        tuple(names[i] for i in order[0]),
        float(changed.mean()),
        float((order[1:, 0] != order[0, 0]).mean()),
    )


def _indices(weightings: FloatArray, component: FloatArray) -> FloatArray:
    """The mean index under each weighting; a few at a time, for futures may be many."""
    parts = max(1, weightings.shape[0] * component.shape[1] // _MOST_VALUES)
    return np.concatenate([
        np.exp(some @ component).mean(axis=1) for some in np.array_split(weightings, parts)
    ])  # fmt: skip


def mean_log(component: FloatArray) -> FloatArray:
    """Mean over months of the log of a component, with its floor; (months, reps) → (reps,)."""
    return np.asarray(np.log(np.maximum(component, FLOOR)).mean(axis=0))
