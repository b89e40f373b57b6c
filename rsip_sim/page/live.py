"""The live answer: what one policy changes against another, again at every turn of a lever.

The futures of both are kept, so that a change of one policy simulates that one alone, and more
futures are only added. Future k depends on the seed and k alone: the numbers are those of
``rsip compare`` with as many futures, to the last digit.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rsip_sim.charts.frame import Chart
from rsip_sim.experiment.design import design
from rsip_sim.experiment.errors import DesignError
from rsip_sim.experiment.worker import BLOCK
from rsip_sim.measures.metrics import HEADLINES, METRICS, PARTS, PRICE
from rsip_sim.measures.moments import lengths_differ
from rsip_sim.measures.runs import ComparisonError
from rsip_sim.model.policy import Policy
from rsip_sim.model.simulation import simulate_policies
from rsip_sim.report.blocks import Part, Report
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.loading import LONGEST_NAME
from rsip_sim.scenario.ranges import LONGEST_SHORT, LONGEST_TITLE
from rsip_sim.scenario.together import alike
from rsip_sim.studies.compare.alternatives import AlternativeRow, alternatives, unevidenced
from rsip_sim.studies.compare.charts import headline
from rsip_sim.studies.compare.report import comparison_report
from rsip_sim.studies.compare.sureness import unknown_part
from rsip_sim.studies.compare.work import compare_results

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


class FuturesKept:
    """The futures of the policies last asked about, the latest last."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._panels: OrderedDict[World, Columns] = OrderedDict()

    def of(
        self,
        scenarios: Sequence[Scenario],
        seed: int,
        replications: int,
        each_month: Callable[[], object],
    ) -> Futures:
        """The first futures of scenarios that share schools and calendar; what is new is simulated.

        Futures that several scenarios lack are simulated in one block.
        each_month  called as each month of a simulation begins; what it raises ends it
        """
        worlds = {each.name: world_of(each, seed) for each in scenarios}
        lacking: dict[int, list[World]] = {}
        for world in dict.fromkeys(worlds.values()):
            held = self._held(world)
            if held < replications:
                lacking.setdefault(held, []).append(world)
        roster = scenarios[0].roster
        for held, group in lacking.items():
            policies = [policy for policy, _, _ in group]
            for first in range(held, replications, BLOCK):
                futures = range(first, min(first + BLOCK, replications))
                with np.errstate(invalid="raise"):  # as in a run that is stored
                    outcomes = simulate_policies(
                        policies, roster, seed, futures, each_month=each_month
                    )
                for world, outcome in zip(group, outcomes, strict=True):
                    self._add(world, outcome.panel)
        self._let_go(set(worlds.values()))
        panels = {name: self._panels[world] for name, world in worlds.items()}
        return Futures(panels, replications, seed)

    def _held(self, world: World) -> int:
        """How many futures of it are kept."""
        if world not in self._panels:
            return 0
        self._panels.move_to_end(world)
        return int(self._panels[world][COLUMNS[0]].shape[1])

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


def world_of(scenario: Scenario, seed: int) -> World:
    """What the futures of a scenario follow from."""
    return scenario.policy, scenario.roster.digest, seed


FIRST, REFINED = 256, 1000
"""Futures of the first answer, and while one looks."""

MOST_TRIED = 8  # questions of which it is kept what their answer hangs on

Stop = Callable[[], bool]


class Outdated(Exception):
    """The question is no longer asked, so nobody waits for its answer."""


@dataclass(frozen=True)
class LiveAnswer:
    """What a policy changes against a baseline in so many futures.

    policy   as asked about; under other names where it could not be told from the baseline
    report   its blocks are the first screen of ``rsip compare``
    seconds  from the question to the drawing
    drawing  the chart as SVG
    """

    baseline: Scenario
    policy: Scenario
    replications: int
    report: Report
    chart: Chart
    seconds: float
    drawing: str = ""


class Live:
    """Answers for two policies, one after the other, with what they share kept between them.

    To be used by one thread at a time.
    """

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._kept = FuturesKept()
        self._tried: OrderedDict[object, tuple[AlternativeRow, ...]] = OrderedDict()

    def answer(
        self,
        baseline: Scenario,
        policy: Scenario,
        replications: int = FIRST,
        stop: Stop = lambda: False,
    ) -> LiveAnswer:
        """The first screen and the headline chart, with the seed of the baseline.

        It tells what would be under other rules where `hangs_on` has tried them for this question.

        stop  looked at in between; when it says so, the answer is given up

        Raises ComparisonError for policies that cannot be compared, Outdated when stopped.
        """
        begun = time.perf_counter()
        with _asked(stop):
            policy, futures = self._futures(baseline, policy, replications, stop)
            tables = compare_results(futures, baseline, [policy], metrics=())
            tried = self._tried.get(_question(baseline, policy, futures), ())
            report = comparison_report(tables, (), tried)
            _look(stop)
            chart = headline(tables)
            drawing = chart.svg()
        seconds = time.perf_counter() - begun
        return LiveAnswer(baseline, policy, replications, report, chart, seconds, drawing)

    def hangs_on(
        self,
        baseline: Scenario,
        policy: Scenario,
        replications: int = FIRST,
        stop: Stop = lambda: False,
    ) -> Part:
        """What ``rsip show DIR unknown`` tells of this comparison; as `answer` in all else.

        Every other rule is simulated in some of the futures; no blocks where these are too few.
        """
        with _asked(stop):
            policy, futures = self._futures(baseline, policy, replications, stop)
            tried = alternatives(futures, baseline, [policy], 1, lambda: _look(stop))
            leaning = unevidenced(futures, baseline, [policy])
        self._tried[_question(baseline, policy, futures)] = tried
        if len(self._tried) > MOST_TRIED:
            self._tried.popitem(last=False)
        return unknown_part(tried, leaning, lengths_differ([baseline, policy]))

    def _futures(
        self, baseline: Scenario, policy: Scenario, replications: int, stop: Stop
    ) -> tuple[Scenario, Futures]:
        """The policy under a name of its own, and the futures of both."""
        policy = told_apart(baseline, policy)
        plan = design((baseline, policy), baseline.run.seed, replications)
        futures = self._kept.of(plan.scenarios, plan.seed, plan.replications, lambda: _look(stop))
        return policy, futures


def told_apart(baseline: Scenario, policy: Scenario) -> Scenario:
    """The policy, with another name, title or short title where the baseline has the same."""

    def other(own: str, taken: str, ending: str, longest: int) -> str:
        return f"{own[: longest - len(ending)]}{ending}" if alike(own) == alike(taken) else own

    title = other(policy.title, baseline.title, " (2)", LONGEST_TITLE)
    brief = policy.short or title
    short = other(brief, baseline.brief, " (2)", LONGEST_SHORT)
    return replace(
        policy,
        name=other(policy.name, baseline.name, "_2", LONGEST_NAME),
        title=title,
        short=policy.short if short == brief else short,
    )


def _question(baseline: Scenario, policy: Scenario, futures: Futures) -> object:
    """What an answer follows from."""
    worlds = (world_of(each, futures.seed) for each in (baseline, policy))
    return (*worlds, policy.name, futures.replications)


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
