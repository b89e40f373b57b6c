"""The study that says why two scenarios of a comparison differ, run and kept beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.record import digest
from rsip_sim.experiment.results import Results
from rsip_sim.experiment.store import MANIFEST, read_record
from rsip_sim.measures.runs import AS_WRITTEN, RENEWAL_WORDS
from rsip_sim.scenario import Scenario
from rsip_sim.studies.explain.question import Question, ask
from rsip_sim.studies.explain.report import ExplainReport
from rsip_sim.studies.explain.work import explain
from rsip_sim.studies.kernel.keeping import STUDIES, check_place, keep

STUDY = "explain"


def explain_comparison(
    results: Results,
    scenarios: Sequence[Scenario],
    baseline: str | None = None,
    scenario: str | None = None,
    metrics: Sequence[str] = (),
    moment: str | None = None,
    renewal: str = RENEWAL_WORDS[AS_WRITTEN],
    workers: int | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
) -> tuple[ExplainReport, Path]:
    """Explain a difference of a comparison and keep it; returns the report and its folder.

    Arguments as of rsip_sim.studies.explain.question.ask, and
    out  None: `usual_place`

    Raises ExplainError with every fault of what is asked, StoreError where the comparison was
    simulated by another model or the folder holds something else.
    """
    question = ask(results, scenarios, baseline, scenario, metrics, moment, renewal)
    facts = facts_of(results, question)
    folder = out or usual_place(results, question)
    if out is None:
        _make_way(folder, facts)
    check_place(folder, facts)
    report = ExplainReport(explain(results, question, workers, progress))
    from rsip_sim.studies.explain.chart import waterfalls

    keep(folder, report, waterfalls(report.explained), facts)
    return report, folder


def facts_of(results: Results, question: Question) -> dict[str, Any]:
    """What makes a study of this kind the one it is, as its manifest holds it."""
    return {
        "study": STUDY,
        "comparison": results.digest,
        "replications": results.replications,
        "baseline": question.baseline.name,
        "scenario": question.scenario.name,
        "renewal": question.renewal,
        "moment": question.moment,
        "metrics": list(question.metrics),
    }


def usual_place(results: Results, question: Question) -> Path:
    """Inside the folder of the comparison; what is not usually asked has a folder of its own."""
    name = f"{STUDY}_{question.scenario.name}_against_{question.baseline.name}"
    if not question.usual:
        asked = digest([question.metrics, question.moment, question.renewal])
        name = f"{name}-{asked[:8]}"
    return results.folder / STUDIES / name


def _make_way(folder: Path, facts: Mapping[str, Any]) -> None:
    """The same study of fewer futures gives way to that of the comparison as it has grown."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return
    before = read_record(manifest)
    if all(before.get(name) == value for name, value in facts.items() if name != "replications"):
        manifest.unlink()
