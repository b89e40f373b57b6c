"""Why two papers differ, as a study: asked, worked out and told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.record import file_digest, source_digest
from rsip_sim.experiment.store import MANIFEST
from rsip_sim.measures.metrics import HEADLINES, Metric, metrics_named
from rsip_sim.report.blocks import Report
from rsip_sim.studies.diff.report import diff_report
from rsip_sim.studies.diff.work import Diff, diff_tables, explain_diff, shared_roles
from rsip_sim.studies.diff.worlds import Paper, open_paper
from rsip_sim.studies.kernel.asking import (
    AskedError,
    Faults,
    Question,
    metric_fault,
    refusal,
    shown,
)
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import Study


class DiffQuestion(Question):
    """Which differences from the baseline are to be explained."""

    metrics: list[str] = shown(factory=list, metavar="NAME", flag="--metric")
    """A metric to explain, any number of times; otherwise the headlines."""


@dataclass(frozen=True)
class Asked:
    """Two papers and the metrics of which the difference is explained.

    folders  as they were named
    """

    folders: tuple[Path, ...]
    metrics: tuple[Metric, ...]
    papers: tuple[Paper, Paper]


class DiffStudy(Study[DiffQuestion, Asked, Diff]):
    """Explain why two comparisons, or papers made from them, differ, and by how much each cause.

    Causes are data, assumptions, scenarios, code version and luck, each a step measured by itself.
    """

    name = "diff"
    question = DiffQuestion
    stands_on = "two folders"

    def check(self, asked: DiffQuestion, ground: Ground) -> Asked:
        """Both papers and the metrics.

        Raises AskedError, and StoreError or ScenarioError where a folder is not what it should be.
        """
        faults = Faults()
        faults.each("metrics", asked.metrics, metric_fault)
        try:
            one, other = (open_paper(folder) for folder in ground.folders)
        except (AskedError, StoreError) as error:
            raise faults.beside(error) from error
        if len(shared_roles(one, other)) < 2:
            names = [", ".join(each for each in paper.roles if each) for paper in (one, other)]
            message = f"the papers compare no scenario of the same name: {'; '.join(names)}"
            raise faults.beside(refusal(message))
        faults.stop()
        metrics = metrics_named(tuple(dict.fromkeys(asked.metrics or HEADLINES)))
        return Asked(ground.folders, metrics, (one, other))

    def facts(self, ready: Asked) -> dict[str, Any]:
        """Both papers by their manifests, the metrics, and the model that simulates the steps."""
        manifests = [folder / MANIFEST for folder in ready.folders]
        digests = [file_digest(each) if each.is_file() else None for each in manifests]
        return {
            "papers": dict(zip(("first", "second"), digests, strict=True)),
            "metrics": [metric.name for metric in ready.metrics],
            "model_sha256": source_digest(),
        }

    def work(self, ready: Asked, means: Means) -> Diff:
        """The steps, each measured by itself."""
        return explain_diff(*ready.papers, ready.metrics, means.workers, means.progress)

    def tables(self, result: Diff) -> Mapping[str, pd.DataFrame]:
        """What moved, and step by step."""
        return diff_tables(result)

    def report(self, result: Diff) -> Report:
        """The causes and what each moves."""
        return diff_report(result)
