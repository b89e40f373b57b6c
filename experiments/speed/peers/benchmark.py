"""The block engine beside the same rules, one replication at a time, on SimPy, Mesa and salabim.

    pip install -e '.[test,peers]' && python experiments/speed/peers/benchmark.py

The rules are those of the reference implementation of the tests, which tells every month of every
school in plain Python. So that its rivals are not slow by clumsiness, what never changes within a
replication (draws, parameters, dates) is remembered. First every one must come to the same
outcome, then seconds of processor time are counted in turn; only ratios of one run mean anything.
Takes about a minute.
"""

from __future__ import annotations

import contextlib
import functools
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

from scipy.special import ndtri

CHECKOUT = Path(__file__).parents[3]
sys.path[:0] = [str(CHECKOUT), str(Path(__file__).parent)]

from schedulers import SCHEDULERS  # noqa: E402

from rsip_sim.evidence.months import parse_month  # noqa: E402
from rsip_sim.model.draws import Purpose  # noqa: E402
from rsip_sim.model.simulation import simulate_block  # noqa: E402
from rsip_sim.scenario import Scenario, load_scenario  # noqa: E402
from tests.reference import conversion, council, national, schools, world  # noqa: E402
from tests.reference.compare import compare  # noqa: E402
from tests.reference.luck import Luck, Numbers  # noqa: E402
from tests.reference.national import Temper  # noqa: E402

SEED = 1
BLOCK = 1024
ROUNDS = 5  # of which the middle one counts
GOLDEN, FIRST, SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
WORD = 2**64 - 1


def main() -> None:
    """Check that all agree, then print seconds a replication and ratios to the engine."""
    scenario = load_scenario(CHECKOUT / "scenarios" / "two_year.yaml")
    plain = world.simulate(scenario.policy, scenario.roster, SEED, 0)
    found = compare(scenario.policy, scenario.roster, SEED, [0])
    if found.differences:
        sys.exit(f"the engine tells another world: {found.differences[0]}")
    seconds: dict[str, list[float]] = {"this engine": [], **{name: [] for name in SCHEDULERS}}
    with remembered():
        for name in SCHEDULERS:
            if one(scenario, name, 0) != plain:
                sys.exit(f"{name} tells another world than the reference")
        for turn in range(ROUNDS):
            seconds["this engine"].append(spent(lambda: block(scenario)) / BLOCK)
            for name in SCHEDULERS:
                seconds[name].append(spent(lambda n=name, t=turn: one(scenario, n, t)))
    middle = {name: sorted(each)[ROUNDS // 2] for name, each in seconds.items()}
    engine = middle["this engine"]
    print(f"{len(scenario.roster)} schools, {scenario.policy.horizon_months} months, one outcome")
    for name, each in middle.items():
        print(f"  {name:>12}   {1000 * each:8.2f} ms a replication   × {each / engine:6.0f}")


def block(scenario: Scenario) -> object:
    """A block of the engine."""
    return simulate_block(scenario.policy, scenario.roster, SEED, range(BLOCK))


def one(scenario: Scenario, scheduler: str, replication: int) -> world.Outcome:
    """One replication of the reference, woken by this scheduler."""
    with mock.patch.object(world, "Environment", SCHEDULERS[scheduler]):
        return world.simulate(scenario.policy, scenario.roster, SEED, replication)


def spent(task: Callable[[], object]) -> float:
    """Seconds of processor time."""
    begun = time.process_time()
    task()
    return time.process_time() - begun


def mix(key: int) -> int:
    """`rsip_sim.model.draws.mix` in whole numbers of Python."""
    key ^= key >> 30
    key = key * FIRST & WORD
    key ^= key >> 27
    key = key * SECOND & WORD
    return key ^ key >> 31


@functools.cache
def entity_key(purpose: int, entity: int) -> int:
    """The key of an entity for one purpose."""
    return mix(mix(entity + GOLDEN & WORD) + purpose * GOLDEN & WORD)


def uniform(self: Luck, purpose: Purpose, entity: int = 0, occasion: int = 0) -> float:
    """`Luck.uniform` without arrays, remembered."""
    drawn: dict[tuple[int, int, int], float] = self.__dict__.setdefault("drawn", {})
    key = (int(purpose), int(entity), int(occasion))
    if key not in drawn:
        own = mix(entity_key(*key[:2]) + key[2] * GOLDEN & WORD)
        mixed = mix(own + int(self.draws._replication_keys[0]) & WORD)
        drawn[key] = ((mixed >> 12) + 0.5) * 2.0**-52
    return drawn[key]


def normal(self: Luck, purpose: Purpose, entity: int = 0, occasion: int = 0) -> float:
    """`Luck.normal`, remembered."""
    drawn: dict[tuple[int, int, int], float] = self.__dict__.setdefault("normals", {})
    key = (int(purpose), int(entity), int(occasion))
    if key not in drawn:
        drawn[key] = float(ndtri(self.uniform(purpose, entity, occasion)))
    return drawn[key]


def number(self: Numbers, name: str) -> float:
    """`Numbers.name`, remembered."""
    value = float(getattr(self.__dict__["_parameters"], name)[0])
    self.__dict__[name] = value
    return value


@contextlib.contextmanager
def remembered() -> Iterator[None]:
    """What never changes within a replication is worked out once."""
    with contextlib.ExitStack() as stack:
        known = functools.cache(parse_month)
        for module in (conversion, council, national, schools):
            stack.enter_context(mock.patch.object(module, "parse_month", known))
        for owner, name, quick in (
            (Luck, "uniform", uniform),
            (Luck, "normal", normal),
            (Numbers, "__getattr__", number),
            (Temper, "fixed", once(Temper.fixed)),
            (Temper, "order_effect", once(Temper.order_effect)),
        ):
            stack.enter_context(mock.patch.object(owner, name, quick))
        yield


def once(method: Callable[[Temper, int], float]) -> Callable[[Temper, int], float]:
    """A method of a phase, remembered by its object."""

    def told(self: Temper, phase: int) -> float:
        known = self.__dict__.setdefault(method.__name__ + " of phases", {})
        if phase not in known:
            known[phase] = method(self, phase)
        return float(known[phase])

    return told


if __name__ == "__main__":
    main()
