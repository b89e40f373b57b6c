"""The studies of a grid, and of a choice among its cells: asked, worked out, told and drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pandas as pd

from rsip_sim.charts.chart import Chart
from rsip_sim.evidence.faults import Fault
from rsip_sim.experiment.tasks import TaskFailed
from rsip_sim.report.blocks import Report
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.problems import Problem
from rsip_sim.studies.grid.question import GridQuestion, grid_faults
from rsip_sim.studies.grid.report import grid_report
from rsip_sim.studies.grid.review import Review, ReviewResult, review_cells, run_review
from rsip_sim.studies.grid.review_question import ReviewQuestion, review_faults
from rsip_sim.studies.grid.review_report import review_report
from rsip_sim.studies.grid.review_tables import review_tables
from rsip_sim.studies.grid.tables import grid_tables
from rsip_sim.studies.grid.work import Grid, GridResult, grid_cells, run_grid
from rsip_sim.studies.kernel.cells import cell_files
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import Asked, Ready, Study


class _Cells(Protocol):
    """What a study of cells came to."""

    @property
    def failures(self) -> Mapping[int, TaskFailed]:
        """What failed, by number of the cell."""


Found = TypeVar("Found", bound=_Cells)


class _OfCells(Study[Asked, Ready, Found]):
    """A study of one scenario whose cells are kept as they are measured."""

    stands_on = "scenario"
    work_kept = True

    def failures(self, result: Found) -> int:
        """Cells that failed."""
        return len(result.failures)

    def work_files(self, folder: Path) -> Sequence[Path]:
        """What was measured of each cell."""
        return cell_files(folder)


class GridStudy(_OfCells[GridQuestion, Grid, GridResult]):
    """Every combination of some values of some levers, on the same futures."""

    name = "grid"
    question = GridQuestion

    def check(self, asked: GridQuestion, ground: Ground) -> Grid:
        """Every combination, made into a scenario. Raises AskedError."""
        grid_faults(asked, ground.baseline).stop()
        cells = grid_cells(ground.baseline, asked)
        return Grid(cells, tuple(asked.metrics), tuple(asked.at), ground.replications, ground.seed)

    def faults(
        self, asked: GridQuestion, scenarios: Sequence[Scenario] = ()
    ) -> Sequence[Problem | Fault]:
        """What is wrong with levers, values and metrics."""
        return grid_faults(asked, next(iter(scenarios), None)).found

    def facts(self, ready: Grid) -> dict[str, Any]:
        """What the cells simulate, and what is read of them when."""
        return {
            "cells": ready.cells.digest,
            "metrics": list(ready.metrics),
            "at": list(ready.at),
        }

    def work(self, ready: Grid, means: Means) -> GridResult:
        """Simulate the cells that are missing."""
        return run_grid(ready, means)

    def tables(self, result: GridResult) -> Mapping[str, pd.DataFrame]:
        """Results, effects and cells."""
        return grid_tables(result)

    def report(self, result: GridResult) -> Report:
        """What was done, what each metric says, and what each lever does by itself."""
        return grid_report(result)

    def charts(self, result: GridResult) -> Iterable[Chart]:
        """Every cell: one chart for each metric in each condition."""
        from rsip_sim.studies.grid.heat_chart import study_heat

        for metric in result.metrics:
            for condition in result.cells.in_conditions:
                yield study_heat(result, metric, condition)


class ReviewStudy(_OfCells[ReviewQuestion, Review, ReviewResult]):
    """A choice made at a review, in the light of what was seen until then."""

    name = "review"
    question = ReviewQuestion

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
        """What to settle for each aim, and what looking first is worth."""
        return review_report(result)

    def charts(self, result: ReviewResult) -> Iterable[Chart]:
        """What looking is worth, for every aim."""
        from rsip_sim.studies.grid.review_chart import review_value

        if result.worked_out:
            yield review_value(result)
