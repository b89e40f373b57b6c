"""The charts of a comparison and of a single run; each returns figure, data and words."""

from __future__ import annotations

from collections.abc import Sequence

from rsip_sim.charts.chart import Chart
from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.runs import PanelSource
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.headline_chart import headline
from rsip_sim.studies.compare.over_time import metric_fan
from rsip_sim.studies.compare.status_chart import school_status
from rsip_sim.studies.compare.work import ComparisonTables


def comparison_charts(
    results: PanelSource,
    tables: ComparisonTables,
    baseline: Scenario,
    others: Sequence[Scenario],
) -> dict[str, Chart]:
    """The charts of a comparison by file name, in the order of their importance."""
    over_time = run_charts(results, baseline, others)
    return {chart.name: chart for chart in (headline(tables), *over_time.values())}


def run_charts(
    results: PanelSource, scenario: Scenario, others: Sequence[Scenario] = ()
) -> dict[str, Chart]:
    """The charts of one scenario, or of several over time, by file name."""
    scenarios = [scenario, *others]
    charts = (
        metric_fan(results, scenarios, METRICS["erosion"]),
        school_status(results, scenarios),
        metric_fan(results, scenarios, METRICS["cohesion"]),
    )
    return {chart.name: chart for chart in charts}
