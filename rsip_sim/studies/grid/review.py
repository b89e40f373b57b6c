"""A choice at a review: options that act from its month on, judged by what the review can see.

Until the review every option is the same scenario on the same futures, so all of them show the
review the same things. What follows differs with the option alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from rsip_sim.evidence.months import parse_month
from rsip_sim.experiment.tasks import TaskFailed
from rsip_sim.measures.formats import NumberFormat
from rsip_sim.measures.metrics import METRICS, MONTHS, PRICE_COUNCIL, PRICE_SCHOOLS, Metric
from rsip_sim.measures.moments import END, Moment, last_day, moments_of, unit_at
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import Estimate, estimates, mean_of_defined
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.changing import value_of
from rsip_sim.studies.grid.learning import (
    FEWEST_TO_LEARN,
    Learnt,
    best_option,
    cuts_of,
    group_means,
    hindsight,
    learnt,
)
from rsip_sim.studies.grid.review_question import ReviewQuestion
from rsip_sim.studies.kernel.cells import (
    Cells,
    Measured,
    Values,
    all_cells,
    measure_cells,
    plain_values,
)
from rsip_sim.studies.kernel.ground import Means

POUNDS = NumberFormat(0, 0, prefix="£")
PRICE_LINES = (PRICE_SCHOOLS, PRICE_COUNCIL)
AT_REVIEW, AFTER = "at_review", "after_review"


@dataclass(frozen=True)
class Review:
    """A checked review.

    cells         the options
    replications  simulated futures of each, the same ones;  seed: of their draws
    """

    asked: ReviewQuestion
    cells: Cells
    replications: int
    seed: int


@dataclass(frozen=True)
class Aim:
    """What the choice is to bring about after the review.

    name, label, unit  as it is told
    format             of a gain
    worth_gbp          what a unit of the metric is worth a year, with the cost set against it;
                       None: the metric by itself
    """

    name: str
    label: str
    unit: str
    format: NumberFormat
    metric: Metric
    moment: Moment
    worth_gbp: float | None

    @property
    def unit_of_values(self) -> str:
        """The unit of the numbers themselves, as files have them: pounds where £m are shown."""
        return self.unit.replace("£m", "£")

    @property
    def title(self) -> str:
        """The aim with its time and unit."""
        when = f"{self.metric.label} {self.moment.phrase(self.metric)}"
        worth = "" if self.worth_gbp is None else f", {worth_words(self.worth_gbp)}"
        return f"{when}{worth} ({self.unit})"


def worth_words(worth: float) -> str:
    """What a unit is worth: ``at £20,000 a year each, less the cost``."""
    return f"at {POUNDS.level(worth)} a year each, less the cost"


@dataclass(frozen=True)
class Judged:
    """What was found for one aim.

    fixed      the one best option, by place among the options simulated
    levels     mean of the aim under each option, as it is shown
    behind     mean loss of each option against the fixed one, with interval
    futures    in which the aim, under every option, and all that is seen are defined
    learnt     by what is looked at: the names of the signals, joined by a space; empty where the
               futures are too few to learn from
    groups     likewise: mean gain of each option over the fixed one, (options, groups)
    hindsight  what knowing the whole future would add
    """

    aim: Aim
    fixed: int
    levels: FloatArray
    behind: tuple[Estimate, ...]
    futures: int
    learnt: Mapping[str, Learnt]
    groups: Mapping[str, FloatArray]
    hindsight: float

    @property
    def worked_out(self) -> bool:
        """Whether the futures were enough to learn from."""
        return bool(self.learnt)

    @property
    def best_look(self) -> str:
        """What it is worth most to look at, where anything was learnt."""
        return max(self.learnt, key=lambda looks: self.learnt[looks].value.mean)

    @property
    def worth_looking(self) -> bool:
        """Whether it is clearly worth anything to look first at what it is worth most to see."""
        return self.worked_out and self.learnt[self.best_look].value.ci_low > 0

    @property
    def settled(self) -> bool:
        """Whether the same option is best whatever is seen."""
        return self.worked_out and all(
            set(one.picks) == {self.fixed} for one in self.learnt.values()
        )


@dataclass(frozen=True)
class ReviewResult:
    """What the study of a review came to.

    options   values of the levers of each option that was simulated
    seen      metrics that the review sees, and their cuts between low and high
    prices    what each option costs after the review, pounds a year: (lines, options), the lines
              in the order of `PRICE_LINES`
    """

    cells: Cells
    options: tuple[Values, ...]
    measured: Measured
    replications: int
    review: int
    seen: tuple[Metric, ...]
    cuts: FloatArray
    prices: FloatArray
    judged: tuple[Judged, ...]

    @property
    def worked_out(self) -> tuple[Judged, ...]:
        """The aims for which it could be told what looking is worth."""
        return tuple(one for one in self.judged if one.worked_out)

    @property
    def failures(self) -> Mapping[int, TaskFailed]:
        """What failed, by number of the option."""
        return self.measured.failures


def review_cells(scenario: Scenario, asked: ReviewQuestion) -> Cells:
    """The options of a review: the levers act from its month on.

    The base is the first option that leaves every lever as it is, or the first of all.
    Raises AskedError where that cannot be.
    """
    levers = plain_values(asked.levers)
    own = tuple(value_of(scenario, path) for path in levers)
    options = list(itertools.product(*levers.values()))
    base = own if own in options else options[0]
    return all_cells(scenario, levers, {}, base, parse_month(asked.review))


def run_review(ready: Review, means: Means) -> ReviewResult:
    """Simulate the options of a review, and work out what it is worth to decide there.

    Raises RunInterrupted.
    """
    cells, asked = ready.cells, ready.asked
    policy, review = cells.scenario.policy, parse_month(asked.review)
    before, after = _moments(review, policy.start, policy.horizon_months)
    end = moments_of(policy, policy.horizon_months)[END]
    names = tuple(dict.fromkeys([*asked.objectives, *asked.sees, *PRICE_LINES]))
    measured = measure_cells(
        cells, names, (before, after, end), ready.replications, ready.seed, means
    )
    done = [cell for cell in cells.cells if cell.number not in measured.failures]
    kept = replace(measured, values=measured.values[[cell.number for cell in done]])
    signals = np.stack([kept.of(name, before)[0] for name in asked.sees])
    years = (policy.horizon_months - after.first) / MONTHS
    costs = [(kept.of(line, end) - kept.of(line, before)) / years for line in PRICE_LINES]
    council = costs[PRICE_LINES.index(PRICE_COUNCIL)]
    judged = [_judge(aim, kept, council, signals, asked) for aim in _aims(asked, after, end)]
    return ReviewResult(
        cells, tuple(cell.values for cell in done), measured, ready.replications, review,
        tuple(METRICS[name] for name in asked.sees), cuts_of(signals),
        np.stack([cost.mean(axis=1) for cost in costs]), tuple(judged),
    )  # fmt: skip


def _moments(review: int, start: int, months: int) -> tuple[Moment, Moment]:
    """The end of the month before the review, and all months from it on."""
    first = review - start
    label = last_day(review - 1)
    before = Moment(AT_REVIEW, label, f"on {label}", first - 1, first - 1, False)
    stretch = f"months {first + 1} to {months}"
    after = Moment(AFTER, f"mean of {stretch}", f"averaged over {stretch}", first, months - 1, True)
    return before, after


def _aims(asked: ReviewQuestion, after: Moment, end: Moment) -> list[Aim]:
    aims = []
    for name in asked.objectives:
        metric = METRICS[name]
        # what adds up, or cannot be undone, is told at the end
        moment = end if metric.kind in ("cumulative", "risk") else after
        unit = unit_at(metric, moment)
        aims.append(Aim(name, metric.label, unit, metric.format, metric, moment, None))
        for worth in asked.worth_gbp.get(name, ()):
            label = f"{metric.label}, {worth_words(worth)}"
            key = f"{name}_at_{worth:.12g}"
            aims.append(Aim(key, label, "£ a year", POUNDS, metric, moment, worth))
    return aims


def _judge(
    aim: Aim, measured: Measured, cost: FloatArray, signals: FloatArray, asked: ReviewQuestion
) -> Judged:
    own = measured.of(aim.metric.name, aim.moment)
    gains = own if aim.metric.better == "higher" else -own
    if aim.worth_gbp is not None:
        gains = aim.worth_gbp * gains - cost
    defined = np.isfinite(np.concatenate([gains, signals])).all(axis=0)
    gains, signals = gains[:, defined], signals[:, defined]
    fixed, sees, futures = best_option(gains), list(asked.sees), gains.shape[1]
    over = gains - gains[fixed]
    found, groups = {}, {}
    looks = [[name] for name in sees] + [asked.together] * bool(asked.together)
    for names in looks if futures >= FEWEST_TO_LEARN else []:
        chosen = signals[[sees.index(name) for name in names]]
        found[" ".join(names)] = learnt(gains, chosen)
        groups[" ".join(names)] = group_means(over, chosen)
    levels = mean_of_defined(own) if aim.worth_gbp is None else mean_of_defined(gains)
    behind = tuple(estimates(over))
    known = hindsight(gains) if found else np.nan
    return Judged(aim, fixed, levels, behind, futures, found, groups, known)
