"""Why two papers differ, in tidy tables."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from rsip_sim.measures.moments import unit_at
from rsip_sim.studies.diff.records import Records
from rsip_sim.studies.diff.report import whose
from rsip_sim.studies.diff.work import Diff

PAPERS = [
    "scenario", "title", "metric", "label", "unit", "better", "date", "date_label", "first",
    "second", "change", "ci_low", "ci_high", "clear", "verdict_first", "verdict_second", "futures",
]  # fmt: skip
"""One row a scenario and metric; ``ci_low`` to ``ci_high`` is the 95% interval of the change."""

STEPS = [
    "scenario", "metric", "unit", "step", "kind", "what", "change", "ci_low", "ci_high", "clear",
]  # fmt: skip
"""One row a scenario, metric and step; the changes of a scenario and metric add up to the whole.
``clear``: the interval holds no zero, and the change is not written as zero."""

CAUSES = ["kind", "what"]
"""One row for each thing that the records do not have alike."""

FIGURES = ["metric", "statistic", "scenario", "date", "first", "second"]
"""One row for each figure that both papers give and do not write alike."""


def diff_tables(diff: Diff) -> Mapping[str, pd.DataFrame]:
    """``papers`` and ``steps``; columns are PAPERS and STEPS."""
    papers, steps = [], []
    for row in diff.moved:
        metric, moment, whole = row.metric, diff.moment, row.whole
        unit = unit_at(metric, moment, files=True)
        papers.append((
            row.role, row.title, metric.name, metric.label, unit, metric.better, moment.name,
            moment.label, row.first, row.second, whole.change, whole.ci_low, whole.ci_high,
            row.clear(whole), *row.verdicts, row.futures,
        ))  # fmt: skip
        steps += [
            (
                row.role, metric.name, unit, place, part.step.kind,
                f"{part.step.words}{whose(diff, part.step)}", part.change, part.ci_low,
                part.ci_high, row.clear(part),
            )
            for place, part in enumerate(row.parts, start=1)
        ]  # fmt: skip
    return {
        "papers": pd.DataFrame(papers, columns=PAPERS),
        "steps": pd.DataFrame(steps, columns=STEPS),
    }


def records_tables(records: Records) -> Mapping[str, pd.DataFrame]:
    """``causes`` and ``figures``; columns are CAUSES and FIGURES."""
    figures = [(*name, first, second) for name, first, second in records.figures]
    return {
        "causes": pd.DataFrame(records.causes, columns=CAUSES),
        "figures": pd.DataFrame(figures, columns=FIGURES),
    }
