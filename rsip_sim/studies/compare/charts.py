"""The charts of a comparison and of a single run; each returns figure, data and words."""

from __future__ import annotations

from collections.abc import Sequence

from rsip_sim.charts.chart import Chart
from rsip_sim.measures.runs import PanelSource
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.cohesion_chart import cohesion_parts
from rsip_sim.studies.compare.differences_chart import paired_differences
from rsip_sim.studies.compare.erosion_chart import erosion_fan
from rsip_sim.studies.compare.status_chart import school_status
from rsip_sim.studies.compare.work import ComparisonTables


def comparison_charts(
    results: PanelSource,
    tables: ComparisonTables,
    baseline: Scenario,
    others: Sequence[Scenario],
) -> dict[str, Chart]:
    """The charts of a comparison by file name, in the order of their importance."""
    scenarios = [baseline, *others]
    charts = (
        paired_differences(results, tables, baseline, others),
        erosion_fan(results, scenarios),
        school_status(results, scenarios),
        cohesion_parts(results, scenarios),
    )
    return {chart.name: chart for chart in charts}


def run_charts(results: PanelSource, scenario: Scenario) -> dict[str, Chart]:
    """The charts of one scenario by file name."""
    charts = (
        erosion_fan(results, [scenario]),
        school_status(results, [scenario]),
        cohesion_parts(results, [scenario]),
    )
    return {chart.name: chart for chart in charts}
