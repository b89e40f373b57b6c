"""The live answer: what one policy changes against another, again at every turn of a lever.

The futures of both are kept, so that a change of one policy simulates that one alone, and more
futures are only added. Future k depends on the seed and k alone: the numbers are those of
``rsip compare`` with as many futures, to the last digit.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from rsip_sim.charts.chart import Chart
from rsip_sim.experiment.design import design
from rsip_sim.experiment.errors import DesignError
from rsip_sim.measures.moments import lengths_differ
from rsip_sim.measures.runs import ComparisonError
from rsip_sim.page.futures import Futures, FuturesKept, world_of
from rsip_sim.report.blocks import Part, Report
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.field_types import LONGEST_SHORT, LONGEST_TITLE
from rsip_sim.scenario.loading import LONGEST_NAME
from rsip_sim.scenario.together import alike
from rsip_sim.studies.compare.alternatives import AlternativeRow, alternatives
from rsip_sim.studies.compare.headline_chart import headline
from rsip_sim.studies.compare.no_evidence import unevidenced
from rsip_sim.studies.compare.report import comparison_report
from rsip_sim.studies.compare.unknown_report import unknown_part
from rsip_sim.studies.compare.work import compare_results

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
