"""Accounts of differences that nobody simulated, to test sentences and charts against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.moments import moments_of
from rsip_sim.model.policy import Policy
from rsip_sim.studies.explain.accounts import Account, account_of
from rsip_sim.studies.explain.hybrids import BY_LEVER, BY_MECHANISM, Hybrids, Step
from rsip_sim.studies.explain.shapley import all_coalitions
from rsip_sim.studies.explain.work import Difference, Explained
from tests.fakes.panels import NO_AGREEMENT, TWO_YEAR

MOMENT = moments_of(TWO_YEAR.policy, 60)["mean"]
LABELS = {mechanism.name: mechanism.mechanism for mechanism in load_register().mechanisms()}
BASE = {"members": 109.0, "cohesion": 0.8, "erosion": 26.0, "unmet_days": 19.0, "breakdown": 20.0}


def fake_account(
    effects: Mapping[str, float],
    *,
    metric: str = "members",
    family: str = BY_MECHANISM,
    together: float = 0.0,
    three: float = 0.0,
    rest: float = 0.0,
    spread: float = 0.1,
    futures: int = 60,
) -> Account:
    """An account of steps that add so much on average, and `together` once all are taken.

    three   what the first three steps add once all three are taken
    spread  standard deviation of each effect across futures, in units of the metric; an effect of
            exactly 0 has none
    """
    names = list(effects)
    luck = np.random.default_rng(11)
    values = [
        np.zeros(futures)
        if effect == 0
        else effect + spread * (noise := luck.normal(size=futures)) - spread * noise.mean()
        for effect in effects.values()
    ]
    whole = (1 << len(names)) - 1
    base = np.full(futures, BASE.get(metric, 10.0))
    levels = {Policy(0): base[None]}
    pairs = {}
    for mask in all_coalitions(len(names)):
        worth = np.full(futures, rest)
        for i, value in enumerate(values):
            worth = worth + (value if mask >> i & 1 else 0.0)
        worth = worth + (together if mask == whole and len(names) > 1 else 0.0)
        worth = worth + (three if mask & 0b111 == 0b111 else 0.0)
        pairs[mask] = (Policy(0), Policy(1 + mask))
        levels[Policy(1 + mask)] = (base + worth)[None]
    steps = tuple(Step(name, LABELS.get(name, name), f"{name}: 1 → 2") for name in names)
    made = Hybrids(family, steps, pairs)
    first, last = (levels[policy][0] for policy in pairs[whole])
    return account_of(made, 0, METRICS[metric], MOMENT, levels, (first, last))


def fake_explained(
    accounts: Sequence[Account],
    titles: tuple[str, str] = (NO_AGREEMENT.title, TWO_YEAR.title),
) -> Explained:
    """Accounts as the answer to a question; its levers are those of the first account by lever."""
    pair = [
        replace(scenario, title=title)
        for scenario, title in zip((NO_AGREEMENT, TWO_YEAR), titles, strict=True)
    ]
    metrics = tuple(dict.fromkeys(account.metric.name for account in accounts))
    by_lever = next((each for each in accounts if each.family == BY_LEVER), None)
    levers = (
        tuple(part.step for part in by_lever.shares)
        if by_lever
        else (Step("agreement.length_months", "Agreement length", "Agreement length: 0 → 24"),)
    )
    return Explained(
        question=Difference(pair[0], pair[1], metrics, MOMENT.name),
        moment=MOMENT,
        metrics=tuple(METRICS[name] for name in metrics),
        replications=accounts[0].total.numbers.replications,
        levers=levers,
        accounts=tuple(accounts),
        taken=accounts[0].rest.values.size,
    )
