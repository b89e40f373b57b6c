"""From a study file to a loaded study, or to every fault of the file and its scenarios at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rsip_sim.evidence.faults import Fault, nearest
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.problems import Problem, in_order, problems_of
from rsip_sim.scenario.reading import Document, read_document, visible
from rsip_sim.scenario.schema import ScenarioFile
from rsip_sim.studies.files.checks import check_kind
from rsip_sim.studies.files.context import Context
from rsip_sim.studies.files.names import STUDY, vocabulary
from rsip_sim.studies.files.schema import KINDS
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.kernel.files import LoadedStudy, StudyFile

_COMMON = ("title", "description", "author", "run")
_OF_SCENARIOS = {"extends", *ScenarioFile.model_fields} - set(StudyFile.model_fields)


def load_study(path: str | Path) -> LoadedStudy:
    """Read and check one study file.

    Raises AskedError with all faults of the file and of the scenarios it names.
    """
    path = Path(path)
    document = read_document(path, str(path), STUDY)
    if not path.is_file():
        raise AskedError([_missing_file(path, document.faults[0])])
    context = Context(document, path.parent)
    settings = _settings(document, context.problems)
    kind = document.values.get("kind")
    scenarios: list[Scenario] = []
    if isinstance(kind, str) and kind in KINDS:
        scenarios = check_kind(kind, context)
    faults = document.faults + [each.fault(document) for each in context.problems]
    faults += context.faults
    if faults or settings is None:
        files = [str(path), *(fault.file for fault in context.faults)]
        raise AskedError(in_order(faults, list(dict.fromkeys(files))))
    return LoadedStudy(path, path.stem, settings, tuple(scenarios))


def _missing_file(path: Path, fault: Fault) -> Fault:
    stems = sorted(each.stem for each in path.parent.glob("*.yaml"))
    near = nearest(path.stem, stems)
    beside = (path.parent / f"{near}.yaml").as_posix() if near else ""
    return Fault(fault.file, 0, 0, "", fault.message, fault.allowed, beside)


def _settings(document: Document, problems: list[Problem]) -> StudyFile | None:
    """The file's values checked by the class of its kind; what is wrong goes into problems."""
    kind = document.values.get("kind")
    if isinstance(kind, str) and kind in KINDS:
        return _validated(KINDS[kind], document.values, kind, document, problems)
    if document.complete or "kind" in document.values:
        problems.append(_kind_problem(kind, document))
    # the kind decides which fields there are; what every study has is looked at all the same
    common = {name: document.values[name] for name in _COMMON if name in document.values}
    _validated(StudyFile, {**common, "kind": ""}, "grid", document, problems)
    return None


def _validated(
    model: type[StudyFile],
    values: dict[str, Any],
    kind: str,
    document: Document,
    problems: list[Problem],
) -> StudyFile | None:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        found = problems_of(error, document, names=vocabulary(kind))
        whole = document.complete
        problems += [each for each in found if whole or each.message != "is missing"]
        return None


def _kind_problem(kind: Any, document: Document) -> Problem:
    allowed = f"one of {', '.join(KINDS)}"
    if "kind" not in document.values:
        if document.values.keys() & _OF_SCENARIOS:
            message = "is missing, and this looks like a scenario"
            return Problem(("kind",), message, "'rsip run' and 'rsip compare' simulate those")
        return Problem(("kind",), "is missing", f"write {allowed}")
    if kind is None:
        return Problem(("kind",), "has no value", f"write {allowed}")
    if not isinstance(kind, str):
        return Problem(("kind",), "is not the name of a kind of study", allowed)
    return Problem(("kind",), f"no kind of study is named '{visible(kind)}'", allowed,
                   nearest(kind, KINDS))  # fmt: skip
