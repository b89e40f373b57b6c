"""The study of a review: asked, worked out, told and drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from rsip_sim.charts.chart import Chart
from rsip_sim.evidence.faults import Fault
from rsip_sim.report.blocks import Report
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.problems import Problem
from rsip_sim.studies.kernel.cells import cell_files
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import Study
from rsip_sim.studies.review.question import ReviewQuestion, review_faults
from rsip_sim.studies.review.report import review_report
from rsip_sim.studies.review.tables import review_tables
from rsip_sim.studies.review.work import Review, ReviewResult, review_cells, run_review


class ReviewStudy(Study[ReviewQuestion, Review, ReviewResult]):
    """A choice made at a review, in the light of what was seen until then."""

    name = "review"
    question = ReviewQuestion
    stands_on = "scenario"
    work_kept = True

    def check(self, asked: ReviewQuestion, ground: Ground) -> Review:
        """Every option, made into a scenario. Raises AskedError."""
        review_faults(asked, ground.baseline).stop()
        cells = review_cells(ground.baseline, asked)
        return Review(asked, cells, ground.replications, ground.seed)

    def faults(
        self, asked: ReviewQuestion, scenarios: Sequence[Scenario] = ()
    ) -> Sequence[Problem | Fault]:
        """What is wrong with month, levers, values and metrics."""
        return review_faults(asked, next(iter(scenarios), None)).found

    def facts(self, ready: Review) -> dict[str, Any]:
        """What the options simulate, and what is read of them."""
        asked = ready.asked
        return {
            "cells": ready.cells.digest,
            "review": asked.review,
            "metrics": [*asked.objectives, *asked.sees],
        }

    def work(self, ready: Review, means: Means) -> ReviewResult:
        """Simulate the options that are missing."""
        return run_review(ready, means)

    def tables(self, result: ReviewResult) -> Mapping[str, pd.DataFrame]:
        """Value, options, groups and cells."""
        return review_tables(result)

    def report(self, result: ReviewResult) -> Report:
        """What was done, what to settle for each aim, and what looking first is worth."""
        return review_report(result)

    def charts(self, result: ReviewResult) -> Iterable[Chart]:
        """What looking is worth, and for each aim that it may change, the options by group."""
        from rsip_sim.studies.review.options_chart import review_options
        from rsip_sim.studies.review.value_chart import review_value

        yield review_value(result)
        for one in result.judged:
            if not one.settled:
                yield review_options(result, one)

    def failures(self, result: ReviewResult) -> int:
        """Options that failed."""
        return len(result.failures)

    def work_files(self, folder: Path) -> Sequence[Path]:
        """What was measured of each option."""
        return cell_files(folder)
