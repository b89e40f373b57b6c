"""A choice at a review: options that act from its month on, judged by what the review can see.

Until the review every option is the same scenario on the same futures, so all of them show the
review the same things. What follows differs with the option alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rsip_sim.evidence.months import parse_month
from rsip_sim.measures.formats import NumberFormat
from rsip_sim.measures.metrics import METRICS, MONTHS, PRICE_COUNCIL, PRICE_SCHOOLS, Metric
from rsip_sim.measures.moments import END, Moment, last_day, moments_of, unit_at
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import Estimate, estimates, mean_of_defined
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.settings import value_of
from rsip_sim.studies.grid.learning import (
    FEWEST_TO_LEARN,
    Learnt,
    best_option,
    cuts_of,
    hindsight,
    learnt,
)
from rsip_sim.studies.grid.question import ReviewQuestion
from rsip_sim.studies.grid.work import OfCells, Ready
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
class Aim:
    """What the choice is to bring about after the review.

    worth_gbp  what a unit of the metric is worth a year, with the cost to the council set against
               it; None: the metric by itself
    """

    metric: Metric
    moment: Moment
    worth_gbp: float | None = None

    @property
    def name(self) -> str:
        """As files name it."""
        worth = "" if self.worth_gbp is None else f"_at_{self.worth_gbp:.12g}"
        return f"{self.metric.name}{worth}"

    @property
    def label(self) -> str:
        """``Schools in the partnership, at £20,000 each``."""
        worth = "" if self.worth_gbp is None else f", at {POUNDS.level(self.worth_gbp)} each"
        return f"{self.metric.label}{worth}"

    @property
    def format(self) -> NumberFormat:
        """Of a gain."""
        return self.metric.format if self.worth_gbp is None else POUNDS

    def unit(self, files: bool = False) -> str:
        """Of a gain; files: as files have it, in pounds where £m are shown."""
        return unit_at(self.metric, self.moment, files) if self.worth_gbp is None else "£ a year"


@dataclass(frozen=True)
class Judged:
    """What was found for one aim.

    fixed      the one best option, by place among the options simulated
    levels     mean of the aim under each option, as it is shown
    behind     mean loss of each option against the fixed one, with interval
    futures    in which the aim, under every option, and all that is seen are defined
    learnt     by what is looked at: the names of the signals, joined by a space; empty where the
               futures are too few to learn from
    hindsight  what knowing the whole future would add
    """

    aim: Aim
    fixed: int
    levels: FloatArray
    behind: tuple[Estimate, ...]
    futures: int
    learnt: Mapping[str, Learnt]
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
    def best(self) -> Learnt:
        """What that is worth."""
        return self.learnt[self.best_look]

    @property
    def worth_looking(self) -> bool:
        """Whether it is clearly worth anything to look first at what it is worth most to see."""
        return self.worked_out and self.best.value.ci_low > 0


@dataclass(frozen=True)
class ReviewResult(OfCells):
    """What the study of a review came to.

    options   values of the levers of each option that was simulated
    review    month from which they act
    cuts      between low and high, by the metric that the review sees
    prices    what each option costs after the review, pounds a year: (lines, options), the lines
              in the order of `PRICE_LINES`
    """

    options: tuple[Values, ...]
    review: int
    cuts: Mapping[str, float]
    prices: FloatArray
    judged: tuple[Judged, ...]

    @property
    def worked_out(self) -> tuple[Judged, ...]:
        """The aims for which it could be told what looking is worth."""
        return tuple(one for one in self.judged if one.worked_out)


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


def run_review(ready: Ready[ReviewQuestion], means: Means) -> ReviewResult:
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
    return ReviewResult(
        cells,
        measured,
        ready.replications,
        tuple(cell.values for cell in done),
        review,
        dict(zip(asked.sees, map(float, cuts_of(signals)), strict=True)),
        np.stack([cost.mean(axis=1) for cost in costs]),
        tuple(_judge(aim, kept, council, signals, asked) for aim in _aims(asked, after, end)),
    )


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
        worths = [None, *asked.worth_gbp.get(name, ())]
        aims += [Aim(metric, moment, worth) for worth in worths]
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
    levels = mean_of_defined(own if aim.worth_gbp is None else gains)
    fixed, futures = best_option(gains), gains.shape[1]
    found = {}
    looks = [[name] for name in asked.sees] + [asked.together] * bool(asked.together)
    for names in looks if futures >= FEWEST_TO_LEARN else []:
        chosen = signals[[asked.sees.index(name) for name in names]]
        found[" ".join(names)] = learnt(gains, chosen)
    behind = tuple(estimates(gains - gains[fixed]))
    known = hindsight(gains) if found else np.nan
    return Judged(aim, fixed, levels, behind, futures, found, known)


def review_tables(result: ReviewResult) -> dict[str, pd.DataFrame]:
    """Options and cells, and, where futures were enough to learn from, value."""
    return {
        "options": _options(result),
        "cells": result.cells.table(result.failures).drop(columns="cell"),
        **({"value": _value(result)} if result.worked_out else {}),
    }


def _value(result: ReviewResult) -> pd.DataFrame:
    """One row an aim and way of looking."""
    rows = [
        {
            **_of_aim(one.aim),
            "looks_at": looks,
            "value": found.value.mean,
            "ci_low": found.value.ci_low,
            "ci_high": found.value.ci_high,
            "apparent_value": found.apparent,
            "share_decided_otherwise": found.changes,
            "hindsight_value": one.hindsight,
            "replications": result.replications,
        }
        for one in result.judged
        for looks, found in one.learnt.items()
    ]
    return pd.DataFrame(rows)


def _options(result: ReviewResult) -> pd.DataFrame:
    """One row an aim and option."""
    rows = [
        {
            **_of_aim(one.aim),
            "option": option,
            **result.cells.named(values, ()),
            "level": one.levels[option],
            "gain_over_the_best": one.behind[option].mean,
            "ci_low": one.behind[option].ci_low,
            "ci_high": one.behind[option].ci_high,
            "best": option == one.fixed,
        }
        for one in result.judged
        for option, values in enumerate(result.options)
    ]
    return pd.DataFrame(rows)


def _of_aim(aim: Aim) -> dict[str, str]:
    """The columns that say which aim a row is of."""
    return {"aim": aim.name, "label": aim.label, "unit": aim.unit(files=True)}
