"""The live answer: what one policy changes against another, again at every turn of a lever.

The futures of both are kept, so that a change of one policy simulates that one alone, and more
futures are only added. Future k depends on the seed and k alone: the numbers are those of
``rsip compare`` with as many futures, to the last digit. One piece of work is done at a time, and
of each window its newest question alone.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from rsip_sim.charts.chart import Chart
from rsip_sim.experiment.design import Design, design
from rsip_sim.experiment.errors import DesignError
from rsip_sim.experiment.worker import BLOCK
from rsip_sim.measures.metrics import HEADLINES, METRICS, PARTS, PRICE
from rsip_sim.measures.moments import lengths_differ
from rsip_sim.measures.runs import ComparisonError
from rsip_sim.model.policy import Policy
from rsip_sim.model.simulation import simulate_policies
from rsip_sim.report.blocks import Part, Report
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.alternatives import AlternativeRow, alternatives
from rsip_sim.studies.compare.headline_chart import headline
from rsip_sim.studies.compare.no_evidence import unevidenced
from rsip_sim.studies.compare.report import comparison_report
from rsip_sim.studies.compare.unknown_report import unknown_part
from rsip_sim.studies.compare.work import compare_results

Done = TypeVar("Done")

_MOST_WAITING = 12
_MOST_WINDOWS = 64
_SECONDS = 0.05  # between two looks whether a question that waits is still the newest

COLUMNS = (*dict.fromkeys(c for n in (*HEADLINES, *PRICE) for c in METRICS[n].columns), *PARTS)
"""The panel columns of which a first screen, its chart and what they hang on are made."""

MOST_KEPT, MOST_BYTES = 8, 50_000_000
"""Of the policies last asked about; those of the question itself are kept, however large."""

World = tuple[Policy, str, int]
"""What the panel of a future follows from: the policy, the digest of the roster, and the seed."""

Columns = dict[str, NDArray[Any]]


@dataclass
class Futures:
    """Panels of some scenarios on the same futures; what a comparison needs of a run.

    panels  columns (months, at least so many replications), by name of the scenario
    """

    panels: Mapping[str, Columns]
    replications: int
    seed: int

    def blocks(self, scenario: str, columns: Sequence[str]) -> Iterator[Columns]:
        """Some panel columns of all futures at once, each of shape (months, replications)."""
        panel = self.panels[scenario]
        yield {name: panel[name][:, : self.replications] for name in columns}


def world_of(scenario: Scenario, seed: int) -> World:
    """What the futures of a scenario follow from."""
    return scenario.policy, scenario.roster.digest, seed


FIRST, REFINED = 256, 1000
"""Futures of the first answer, and while one looks."""

Stop = Callable[[], bool]


class Outdated(Exception):
    """The question is no longer asked, so nobody waits for its answer."""


@dataclass(frozen=True)
class LiveAnswer:
    """What a policy changes against a baseline in so many futures.

    report   its blocks are the first screen of ``rsip compare``
    drawing  the chart as SVG
    hangs    what ``rsip show DIR unknown`` tells, if it was asked; no blocks of too few futures
    """

    replications: int
    report: Report
    chart: Chart
    drawing: str
    hangs: Part | None


class Live:
    """Answers for two policies, one after the other, with what they share kept between them.

    To be used by one thread at a time.
    """

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._panels: OrderedDict[World, Columns] = OrderedDict()  # the last asked about last

    def answer(
        self,
        baseline: Scenario,
        policy: Scenario,
        replications: int = FIRST,
        stop: Stop = lambda: False,
        hangs: bool = False,
    ) -> LiveAnswer:
        """The first screen and the headline chart, with the seed of the baseline.

        stop   looked at in between; when it says so, the answer is given up
        hangs  whether to tell what it hangs on: other rules are simulated in some of the futures

        Raises ComparisonError for policies that cannot be compared, Outdated when stopped.
        """
        with _asked(stop):
            plan = design((baseline, policy), baseline.run.seed, replications)
            futures = self._futures(plan, lambda: _look(stop))
            tried: tuple[AlternativeRow, ...] = ()
            on = None
            if hangs:
                tried = alternatives(futures, baseline, [policy], 1, lambda: _look(stop))
                leaning = unevidenced(futures, baseline, [policy])
                on = unknown_part(tried, leaning, lengths_differ([baseline, policy]))
            tables = compare_results(futures, baseline, [policy], metrics=())
            report = comparison_report(tables, (), tried)
            _look(stop)
            chart = headline(tables)
            return LiveAnswer(replications, report, chart, chart.svg(), on)

    def _futures(self, plan: Design, each_month: Callable[[], object]) -> Futures:
        """The futures of a plan; what is new is simulated, what several lack in one block.

        each_month  called as each month of a simulation begins; what it raises ends it
        """
        worlds = {each.name: world_of(each, plan.seed) for each in plan.scenarios}
        lacking: dict[int, list[World]] = {}
        for world in dict.fromkeys(worlds.values()):
            held = 0
            if world in self._panels:
                self._panels.move_to_end(world)
                held = int(self._panels[world][COLUMNS[0]].shape[1])
            if held < plan.replications:
                lacking.setdefault(held, []).append(world)
        for held, group in lacking.items():
            policies = [policy for policy, _, _ in group]
            for first in range(held, plan.replications, BLOCK):
                futures = range(first, min(first + BLOCK, plan.replications))
                with np.errstate(invalid="raise"):  # as in a run that is stored
                    outcomes = simulate_policies(
                        policies, plan.roster, plan.seed, futures, each_month=each_month
                    )
                for world, outcome in zip(group, outcomes, strict=True):
                    self._add(world, outcome.panel)
        self._let_go(set(worlds.values()))
        panels = {name: self._panels[world] for name, world in worlds.items()}
        return Futures(panels, plan.replications, plan.seed)

    def _add(self, world: World, panel: Columns) -> None:
        before = self._panels.get(world)
        self._panels[world] = {
            name: np.concatenate(
                [panel[name]] if before is None else [before[name], panel[name]], axis=1
            )
            for name in COLUMNS
        }

    def _let_go(self, wanted: set[World]) -> None:
        """Forget what was not asked about for longest, until the rest is few and small."""
        for world in [each for each in self._panels if each not in wanted]:
            sizes = [array.nbytes for panel in self._panels.values() for array in panel.values()]
            if len(self._panels) <= MOST_KEPT and sum(sizes) <= MOST_BYTES:
                return
            del self._panels[world]


def _look(stop: Stop) -> None:
    if stop():
        raise Outdated


@contextmanager
def _asked(stop: Stop) -> Iterator[None]:
    """Whatever is wrong with the policies as a ComparisonError, a failure of the model too."""
    _look(stop)
    try:
        yield
    except (Outdated, ComparisonError):
        raise
    except DesignError as error:
        raise ComparisonError(str(error)) from error
    except Exception as error:
        raise ComparisonError(
            f"the model fails under these policies ({type(error).__name__}: {error}); "
            "'rsip compare' keeps what whoever mends it needs"
        ) from error


class BusyError(Exception):
    """More is waiting already than anybody asks who only looks."""


class Desk:
    """Where whatever simulates, draws or writes waits for its turn."""

    def __init__(self) -> None:
        """Nothing is being done."""
        self._work = threading.Lock()
        self._counts = threading.Lock()
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._waiting = 0
        self.closed = False

    def ask(self, window: str, turn: int, work: Callable[[Stop], Done]) -> Done:
        """Do the work once nothing else is being done.

        window  whose question it is; '' for one that no other question outdates
        turn    its number in that window
        work    is told whether to stop, as often as it asks

        Raises Outdated where the window asks something newer meanwhile or the page ends, and
        BusyError where too much is waiting.
        """
        with self._counts:
            if window:
                self._newest[window] = max(turn, self._newest.pop(window, turn))
                if len(self._newest) > _MOST_WINDOWS:
                    self._newest.popitem(last=False)

        def stop() -> bool:
            return self.closed or bool(window and self._newest.get(window) != turn)

        with self._turn(stop):
            return work(stop)

    @contextmanager
    def _turn(self, stop: Stop) -> Iterator[None]:
        with self._counts:
            if self._waiting >= _MOST_WAITING:
                raise BusyError
            self._waiting += 1
        try:
            while not self._work.acquire(timeout=_SECONDS):
                if stop():
                    raise Outdated
        finally:
            with self._counts:
                self._waiting -= 1
        try:
            if stop():
                raise Outdated
            yield
        finally:
            self._work.release()

    def close(self) -> None:
        """The page ends: whatever waits or asks is told to stop."""
        self.closed = True
