"""The study of a grid: asked, worked out, told and drawn."""

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
from rsip_sim.studies.grid.question import GridQuestion, grid_faults
from rsip_sim.studies.grid.report import grid_report
from rsip_sim.studies.grid.tables import grid_tables
from rsip_sim.studies.grid.work import Grid, GridResult, grid_cells, run_grid
from rsip_sim.studies.kernel.cells import cell_files
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import Study


class GridStudy(Study[GridQuestion, Grid, GridResult]):
    """Every combination of some values of some levers, on the same futures."""

    name = "grid"
    question = GridQuestion
    stands_on = "scenario"
    work_kept = True

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
        """Effects of each lever on each metric, and, with two levers or more, every cell."""
        from rsip_sim.studies.grid.effects_chart import study_effects
        from rsip_sim.studies.grid.heat_chart import study_heat

        for metric in result.metrics:
            yield study_effects(result, metric)
            if len(result.cells.levers) > 1:
                for condition in result.cells.in_conditions:
                    yield study_heat(result, metric, condition)

    def failures(self, result: GridResult) -> int:
        """Cells that failed."""
        return len(result.failures)

    def work_files(self, folder: Path) -> Sequence[Path]:
        """What was measured of each cell."""
        return cell_files(folder)
