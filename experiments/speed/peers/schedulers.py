"""The same lives of schools and institutions, woken by SimPy, by Mesa and by salabim.

Each class stands where the reference implementation makes its SimPy environment: a life is a
generator that yields how many ticks it waits, and what wakes in one tick wakes in the order in
which it went to sleep.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

import mesa
import salabim
from mesa.experimental.devs import DEVSimulator
from simpy import Environment

Life = Generator[float, None, None]


class Sleeper(mesa.Agent):  # type: ignore[misc]
    """A life as an agent of Mesa, which its simulator wakes."""

    def __init__(self, model: mesa.Model, life: Life, simulator: DEVSimulator) -> None:
        """Keep the life and who wakes it."""
        super().__init__(model)
        self.life, self.simulator = life, simulator

    def wake(self) -> None:
        """Live on to the next wait."""
        ticks = next(self.life, None)
        if ticks is not None:
            self.simulator.schedule_event_relative(self.wake, ticks)


class MesaEnvironment:
    """Mesa's event scheduler."""

    def __init__(self, initial_time: int) -> None:
        """Start the clock, which counts from 0 here."""
        self.model = mesa.Model(seed=1)
        self.simulator = DEVSimulator()
        self.simulator.setup(self.model)
        self.start = initial_time

    @property
    def now(self) -> float:
        """The tick."""
        return self.start + float(self.simulator.time)

    def timeout(self, ticks: float) -> float:
        """What a life yields to wait."""
        return ticks

    def process(self, life: Life) -> None:
        """Begin a life now."""
        self.simulator.schedule_event_now(Sleeper(self.model, life, self.simulator).wake)

    def run(self, until: int) -> None:
        """Live up to this tick, and not in it."""
        self.simulator.run_until(until - self.start - 0.5)


class Component(salabim.Component):  # type: ignore[misc]
    """A life as a component of salabim, which holds between its acts."""

    def setup(self, life: Life) -> None:
        """Keep the life."""
        self.life = life

    def process(self) -> Generator[None, None, None]:
        """Live, holding as long as the life waits."""
        for ticks in self.life:
            yield self.hold(ticks)


class SalabimEnvironment:
    """Salabim's event loop."""

    def __init__(self, initial_time: int) -> None:
        """Start the clock, which counts from 0 here."""
        self.environment = salabim.Environment(
            yieldless=False, trace=False, random_seed="*", do_reset=True
        )
        self.start = initial_time

    @property
    def now(self) -> float:
        """The tick."""
        return self.start + float(self.environment.now())

    def timeout(self, ticks: float) -> float:
        """What a life yields to wait."""
        return ticks

    def process(self, life: Life) -> None:
        """Begin a life now."""
        Component(life=life, env=self.environment)

    def run(self, until: int) -> None:
        """Live up to this tick, and not in it."""
        self.environment.run(till=until - self.start - 0.5)


SCHEDULERS: dict[str, Callable[..., object]] = {
    "SimPy": Environment,
    "Mesa": MesaEnvironment,
    "salabim": SalabimEnvironment,
}
