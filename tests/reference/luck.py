"""The keyed draws of one replication, one number at a time, and its parameters as plain numbers."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
from scipy.special import ndtri

from rsip_sim.evidence.register import load_register
from rsip_sim.model.draws import Draws, Purpose, mix
from rsip_sim.model.parameters import Parameters, draw_parameters
from rsip_sim.model.policy import Policy


class Luck:
    """Draws of one replication; each is worked out once, for it depends on its key alone."""

    def __init__(self, seed: int, replication: int) -> None:
        self.draws = Draws(seed, np.array([replication]))
        self.uniform, self.normal = cache(self._uniform), cache(self._normal)

    def _uniform(self, purpose: Purpose, entity: int = 0, occasion: int = 0) -> float:
        entities = np.array([entity], dtype=np.uint64)
        return float(self.draws.uniform(entities, purpose, occasion)[0, 0])

    def _normal(self, purpose: Purpose, entity: int = 0, occasion: int = 0) -> float:
        return float(ndtri(self.uniform(purpose, entity, occasion)))

    def exponential(self, purpose: Purpose, entity: int = 0, occasion: int = 0) -> float:
        return float(-np.log(self.uniform(purpose, entity, occasion)))


@lru_cache(maxsize=16)
def luck_of(seed: int, replication: int) -> Luck:
    """The draws of a replication, kept for the next scenario that is told of it."""
    return Luck(seed, replication)


class Numbers:
    """The parameters of one replication: `numbers.b_price` is a float, `table` gives the lists."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters

    def __getattr__(self, name: str) -> float:
        number = self.__dict__[name] = float(getattr(self._parameters, name)[0])
        return number

    def lever(self, path: str) -> float:
        """A lever that the planner leaves open, by its path in a scenario."""
        return float(self._parameters.by((path,))[0][0])

    def table(self, name: str) -> list[float]:
        return [float(value) for value in self._parameters.table(name)]


# how a rule that neither law nor evidence settles may be otherwise
ALTERNATIVES = {
    "security": ("unheeded",),  # what schools make of the months still to run
    "forum": ("bound", "deaf"),  # what the Forum makes of an agreement
    "ending": ("never_for_money",),
    "guarantee": ("none",),
    "later_offers": ("none",),
    "ses_size": ("kept", "wholly"),  # how it follows the pupils who leave
    "brake": ("off", "constant"),
    "delegated_money": ("buys_nothing",),
    "rebound": ("none", "threefold"),
    "rebound_after": ("lapse",),
    "renewal": ("certain",),
}
USUAL = "usual"


def rules_of(policy: Policy) -> dict[str, str]:
    """Every rule by name, as this scenario has it."""
    chosen = dict(policy.structure)
    return {rule: chosen.get(rule, USUAL) for rule in ALTERNATIVES}


def parameters_of(policy: Policy, luck: Luck) -> Parameters:
    fixed = dict(policy.overrides)
    if rules_of(policy)["security"] == "unheeded":
        fixed["b_secure"] = 0.0
    return draw_parameters(load_register(), fixed, policy.parameters, luck.draws)


def meeting_month_of_four(urn: int) -> int:
    """The remainder by four of the month numbers in which a school's governors meet."""
    return int(mix(np.array([urn], dtype=np.uint64))[0] % np.uint64(4))
