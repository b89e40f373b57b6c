"""The studies of a grid, and of a choice among its cells: asked, worked out, told and drawn."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from rsip_sim.charts.frame import Chart
from rsip_sim.evidence.faults import Fault
from rsip_sim.report.blocks import Report
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.problems import Problem
from rsip_sim.studies.grid.question import (
    GridQuestion,
    ReviewQuestion,
    grid_faults,
    review_faults,
)
from rsip_sim.studies.grid.report import grid_report
from rsip_sim.studies.grid.review import ReviewResult, review_cells, review_tables, run_review
from rsip_sim.studies.grid.review_report import review_report
from rsip_sim.studies.grid.work import (
    Asked,
    GridResult,
    OfCells,
    Ready,
    grid_cells,
    grid_tables,
    run_grid,
)
from rsip_sim.studies.kernel.asking import Faults
from rsip_sim.studies.kernel.cells import Cells, cell_files
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import Study

Found = TypeVar("Found", bound=OfCells)


class _StudyOfCells(Study[Asked, Ready[Asked], Found]):
    """A study of one scenario whose cells are kept as they are measured."""

    stands_on = "scenario"
    work_kept = True

    @staticmethod
    @abstractmethod
    def wrong(asked: Any, scenario: Scenario | None) -> Faults:
        """What is wrong with a question; scenario None: on whatever scenario."""

    @staticmethod
    @abstractmethod
    def cells(scenario: Scenario, asked: Any) -> Cells:
        """What a question asks to simulate. Raises AskedError where that cannot be."""

    def check(self, asked: Asked, ground: Ground) -> Ready[Asked]:
        """Every combination, made into a scenario. Raises AskedError."""
        self.wrong(asked, ground.baseline).stop()
        cells = self.cells(ground.baseline, asked)
        return Ready(asked, cells, ground.replications, ground.seed)

    def faults(self, asked: Asked, scenarios: Sequence[Scenario] = ()) -> Sequence[Problem | Fault]:
        """What is wrong with levers, values and metrics."""
        return self.wrong(asked, next(iter(scenarios), None)).found

    def failures(self, result: Found) -> int:
        """Cells that failed."""
        return len(result.failures)

    def work_files(self, folder: Path) -> Sequence[Path]:
        """What was measured of each cell."""
        return cell_files(folder)


class GridStudy(_StudyOfCells[GridQuestion, GridResult]):
    """Every combination of some values of some levers, on the same futures."""

    name = "grid"
    question = GridQuestion
    wrong = staticmethod(grid_faults)
    cells = staticmethod(grid_cells)

    def facts(self, ready: Ready[GridQuestion]) -> dict[str, Any]:
        """What the cells simulate, and what is read of them when."""
        asked = ready.asked
        return {"cells": ready.cells.digest, "metrics": asked.metrics, "at": asked.at}

    def work(self, ready: Ready[GridQuestion], means: Means) -> GridResult:
        """Simulate the cells that are missing."""
        return run_grid(ready, means)

    def tables(self, result: GridResult) -> Mapping[str, pd.DataFrame]:
        """Results, effects and cells."""
        return grid_tables(result)

    def report(self, result: GridResult) -> Report:
        """What each lever does by itself, at what price, and which combination is best."""
        return grid_report(result)

    def charts(self, result: GridResult) -> Iterable[Chart]:
        """Every cell: one chart for each metric in each condition."""
        from rsip_sim.studies.grid.heat_chart import study_heat

        for metric in result.metrics:
            for condition in result.cells.in_conditions:
                yield study_heat(result, metric, condition)


class ReviewStudy(_StudyOfCells[ReviewQuestion, ReviewResult]):
    """A choice made at a review, in the light of what was seen until then."""

    name = "review"
    question = ReviewQuestion
    wrong = staticmethod(review_faults)
    cells = staticmethod(review_cells)

    def facts(self, ready: Ready[ReviewQuestion]) -> dict[str, Any]:
        """What the options simulate, and what is read of them."""
        asked = ready.asked
        return {
            "cells": ready.cells.digest,
            "review": asked.review,
            "metrics": [*asked.objectives, *asked.sees],
        }

    def work(self, ready: Ready[ReviewQuestion], means: Means) -> ReviewResult:
        """Simulate the options that are missing."""
        return run_review(ready, means)

    def tables(self, result: ReviewResult) -> Mapping[str, pd.DataFrame]:
        """Value, options and cells."""
        return review_tables(result)

    def report(self, result: ReviewResult) -> Report:
        """What to settle for each aim, and what looking first is worth."""
        return review_report(result)
