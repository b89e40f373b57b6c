"""The explanation of two papers, run and kept in a folder if one is named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rsip_sim.evidence.faults import Fault
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.record import SHORT, file_digest, source_digest
from rsip_sim.experiment.results import open_results, stored_scenarios
from rsip_sim.experiment.store import MANIFEST, read_record
from rsip_sim.studies.diff.paper_record import PaperRecord, without_futures
from rsip_sim.studies.diff.papers import Paper, paper_of
from rsip_sim.studies.diff.records import RecordsReport
from rsip_sim.studies.diff.report import DiffReport
from rsip_sim.studies.diff.work import DiffError, check_metrics, explain_diff
from rsip_sim.studies.kernel.keeping import check_place, keep
from rsip_sim.studies.kernel.manifests import comparison_around, read_study


class NotAtHandError(StoreError):
    """The comparison from which a study was made is not in the folders around it."""


def diff(
    first: Path,
    second: Path,
    metrics: Sequence[str] | None = None,
    workers: int | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
) -> DiffReport | RecordsReport:
    """Explain why two stored comparisons differ, or two papers made from such.

    Of papers whose futures are not at hand only the records can be compared.

    metrics  names from METRICS; None: the headlines
    out      folder for text, tables and chart

    Raises DiffError, StoreError or ScenarioError where a folder, a metric or a scenario is not
    what it should be.
    """
    chosen = check_metrics(metrics)
    facts: dict[str, Any] = {
        "study": "diff",
        "papers": {
            name: file_digest(folder / MANIFEST) if (folder / MANIFEST).is_file() else None
            for name, folder in (("first", first), ("second", second))
        },
        "metrics": [metric.name for metric in chosen],
        "model_sha256": source_digest(),
    }
    opened = [_opened(folder) for folder in (first, second)]
    if out is not None:
        check_place(out, facts)
    report = _explained(first, second, opened, facts["metrics"], workers, progress)
    if out is not None:
        from rsip_sim.studies.diff.chart import diff_charts

        charts = diff_charts(report.diff) if isinstance(report, DiffReport) else {}
        keep(out, report, charts, facts)
    return report


def _explained(
    first: Path,
    second: Path,
    opened: Sequence[Paper | PaperRecord],
    metrics: Sequence[str],
    workers: int | None,
    progress: Progress | None,
) -> DiffReport | RecordsReport:
    """The steps measured where both papers have their futures, otherwise the records compared."""
    one, other = opened
    if isinstance(one, Paper) and isinstance(other, Paper):
        return DiffReport(explain_diff(one, other, metrics, workers, progress))
    old, new = (
        without_futures(folder, StoreError(f"{folder} holds no record of a run"))
        for folder in (first, second)
    )
    missing = tuple(str(each.folder) for each in opened if isinstance(each, PaperRecord))
    return RecordsReport(old, new, missing)


def _opened(folder: Path) -> Paper | PaperRecord:
    """A paper with its futures, or the record of one that was sent without them."""
    try:
        return open_paper(folder)
    except NotAtHandError as reason:
        return without_futures(folder, reason)


def open_paper(folder: Path) -> Paper:
    """A stored comparison as a paper, or that from which the study or paper kept here was made.

    Raises DiffError where the folder holds a single scenario, NotAtHandError or another StoreError
    where the comparison is not at hand or its record is damaged.
    """
    place = _comparison_of(folder)
    try:
        results = open_results(place)
        scenarios = stored_scenarios(results)
        if len(scenarios) < 2:
            message = f"{folder} holds one scenario; 'rsip compare' compares several"
            raise DiffError([Fault("", 0, 0, "", message)])
        return paper_of(results, scenarios)
    except (KeyError, TypeError) as error:
        raise StoreError(
            f"the record of {place} is damaged; 'rsip verify {place}' says where"
        ) from error


def _comparison_of(folder: Path) -> Path:
    """The folder itself, or that of the comparison from which a study in it was made."""
    study = read_study(folder)
    if study is None:
        return folder
    digest = study.get("comparison")
    place = comparison_around(folder, digest) if isinstance(digest, str) else None
    what = f"{folder} holds a study ({study['study']})"
    if place is None:
        known = f" {digest[:SHORT]}…" if isinstance(digest, str) else ""
        raise NotAtHandError(
            f"{what}, and no folder around it the comparison{known} on which that rests; "
            "name the folder of the comparison"
        )
    now = read_record(place / MANIFEST)["replications"]
    if study.get("replications", now) != now:
        raise StoreError(
            f"{what} of {study['replications']:,} futures, and {place} now holds {now:,}; "
            "make the study again, or name the folder of the comparison"
        )
    return place
