"""From a study file to a study that can be run, or to every fault of the file and its scenarios."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from rsip_sim.evidence.faults import Fault, nearest
from rsip_sim.experiment.design import design
from rsip_sim.experiment.errors import DesignError
from rsip_sim.experiment.places import here
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.record import identity
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.report.blocks import Paragraph, Part, Report
from rsip_sim.scenario import Scenario, ScenarioError, load_scenario
from rsip_sim.scenario.extending import near_file
from rsip_sim.scenario.file_names import is_shipped_name, shipped_file, unknown_shipped
from rsip_sim.scenario.names import lever_paths, near
from rsip_sim.scenario.problems import (
    Problem,
    Vocabulary,
    anywhere,
    in_order,
    meant_otherwise,
    problems_of,
)
from rsip_sim.scenario.reading import Document, FileKind, KeyPath, read_document, visible
from rsip_sim.scenario.schema import ScenarioFile
from rsip_sim.studies.files.schema import KINDS, Kind, StudyFile, file_class
from rsip_sim.studies.kernel.asking import AskedError, Question, group_of
from rsip_sim.studies.kernel.ground import Ground, Means, model_facts, scenario_ground
from rsip_sim.studies.kernel.keeping import begun
from rsip_sim.studies.kernel.study import Kept, facts_of, run_and_keep

Model = TypeVar("Model", bound=BaseModel)
_COMMON = ("title", "description", "author", "run")
_OF_SCENARIOS = {"extends", *ScenarioFile.model_fields} - set(StudyFile.model_fields)
COMPARISON = "comparison"  # folder of the runs that a study of robustness reads

STUDY = FileKind(
    "study",
    "write title, kind, and what a study of that kind needs; the folder experiments holds examples",
    "write the value out",
)

_MISSING = {
    "title": "a few words that name the study, such as title: Length of the agreement",
    "kind": f"one of {', '.join(KINDS)}",
    "scenario": "a scenario file, such as scenario: ../scenarios/two_year.yaml",
    "baseline": "a scenario file, such as baseline: ../scenarios/no_agreement.yaml",
    "scenarios": "two or more scenario files, as a list",
    "levers": "what is varied, such as levers: {agreement.length_months: [12, 24, 36]}",
    "review": "the month from which the choice acts, such as review: 2013-04",
    "sees": "what the review sees, such as sees: [participation, conversions]",
    "objectives": "what is to be had, such as objectives: [members]",
    "metrics": "what is looked at, such as metrics: [members, erosion]",
    "search": "the lever that is moved, such as search: {lever: funding.earmark_gbp_per_year}",
    "search.lever": "a field of a scenario, such as lever: funding.earmark_gbp_per_year",
    "target": "what should hold, such as target: members at end at least 80 with probability 0.8",
}
_ITEMS = {
    "authorities": "[Rotherham, Leeds]",
    "metrics": "[members, erosion]",
    "objectives": "[members, erosion]",
    "sees": "[participation, conversions]",
    "together": "[participation, conversions]",
    "at": "[mean, end]",
    "scenarios": "[../scenarios/one_year.yaml, ../scenarios/two_year.yaml]",
    "climates": "[flat, surge]",
}


@dataclass(frozen=True)
class LoadedStudy:
    """One checked study file.

    path      the file as it was named
    settings  what it says, one of the classes of the schema
    question  what it asks of the study of its kind;  ground: the scenarios it names
    """

    path: Path
    settings: StudyFile
    question: Question
    ground: Ground

    @property
    def kind(self) -> Kind:
        """The kind of study."""
        return KINDS[self.settings.kind]


def load_study(
    path: str | Path, replications: int | None = None, seed: int | None = None
) -> LoadedStudy:
    """Read and check one study file.

    replications, seed  None: as the study says, or else its scenario
    Raises AskedError with all faults of the file and of the scenarios it names, DesignError for
    scenarios that cannot be compared.
    """
    path = Path(path)
    document = read_document(path, str(path), STUDY)
    if not path.is_file():
        raise AskedError([_missing_file(path, document.faults[0])])
    found = _Found(document, list(meant_otherwise(document, anywhere)), list(document.faults))
    settings, name = _settings(found), document.values.get("kind")
    if not isinstance(name, str) or name not in KINDS:
        raise found.error(path)
    kind = KINDS[name]
    _check_futures(kind, replications, found)
    named = _scenarios(kind, path.parent, found)
    scenarios = tuple(each for each in named if each is not None)
    whole = len(scenarios) == len(named) > 0
    if settings is None:  # what the file asks, as far as it is sound
        given = {each: document.values[each] for each in kind.asked() if each in document.values}
        faulty = {each.path for each in found.problems}
        asked = _sound_part(kind.made().question, given, faulty)
    else:
        asked = kind.question_of(settings, path.parent)
    if settings is None or not whole:
        found.add(kind.made().faults(asked, scenarios if whole else ()))
        raise found.error(path)
    run = settings.run
    ground = scenario_ground(
        scenarios, run.seed if seed is None else seed, replications or run.replications
    )
    ground = replace(ground, file=path.stem)
    try:
        kind.made().check(asked, ground)
    except AskedError as error:
        found.add(error.problems)
    except DesignError:  # the scenarios do not fit together: told when the file itself is sound
        if not found.any:
            raise
    if found.any:
        raise found.error(path)
    facts = _facts(kind, f"{name} {path.stem}", ground)
    return LoadedStudy(path, settings, asked, replace(ground, named=facts))


@dataclass
class _Found:
    """A study file as it was read, and what is wrong with it and with its scenarios."""

    document: Document
    problems: list[Problem]
    faults: list[Fault]

    @property
    def any(self) -> bool:
        return bool(self.problems or self.faults)

    def add(self, more: Sequence[Problem | Fault]) -> None:
        """Note more, except what speaks of a field with which something is wrong already."""
        known = [each.path for each in self.problems]
        for each in more:
            if isinstance(each, Fault):
                each = Problem((), each.message, each.allowed, each.suggestion)
            if not any(each.path[: len(path)] == path for path in known):
                self.problems.append(each)

    def error(self, path: Path) -> AskedError:
        """All of it, each fault with its line and column."""
        faults = self.faults + [each.fault(self.document) for each in self.problems]
        files = [str(path), *(fault.file for fault in self.faults)]
        return AskedError(in_order(faults, list(dict.fromkeys(files))))


def _missing_file(path: Path, fault: Fault) -> Fault:
    stems = sorted(each.stem for each in path.parent.glob("*.yaml"))
    near = nearest(path.stem, stems)
    beside = (path.parent / f"{near}.yaml").as_posix() if near else ""
    return Fault(fault.file, 0, 0, "", fault.message, fault.allowed, beside)


def _settings(found: _Found) -> StudyFile | None:
    """The file's values checked by the class of its kind; what is wrong is noted."""
    document = found.document
    kind = document.values.get("kind")
    if isinstance(kind, str) and kind in KINDS:
        return _validated(file_class(kind), document.values, kind, found)
    if document.complete or "kind" in document.values:
        found.problems.append(_kind_problem(kind, document))
    # the kind decides which fields there are; what every study has is looked at all the same
    common = {name: document.values[name] for name in _COMMON if name in document.values}
    _validated(StudyFile, {**common, "kind": ""}, "grid", found)
    return None


def _validated(
    model: type[StudyFile], values: dict[str, Any], kind: str, found: _Found
) -> StudyFile | None:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        names = Vocabulary(partial(_unknown, kind), _MISSING, _ITEMS)
        problems = problems_of(error, found.document, names=names)
        whole = found.document.complete
        found.add([each for each in problems if whole or each.message != "is missing"])
        return None


def _kind_problem(kind: Any, document: Document) -> Problem:
    allowed, missing = f"one of {', '.join(KINDS)}", "kind" not in document.values
    if missing and document.values.keys() & _OF_SCENARIOS:
        message = "is missing, and this looks like a scenario"
        return Problem(("kind",), message, "'rsip run' and 'rsip compare' simulate those")
    if kind is None:
        return Problem(("kind",), "is missing" if missing else "has no value", f"write {allowed}")
    if not isinstance(kind, str):
        return Problem(("kind",), "is not the name of a kind of study", allowed)
    message = f"no kind of study is named '{visible(kind)}'"
    return Problem(("kind",), message, allowed, nearest(kind, KINDS))


def _sound_part(
    model: type[Model], values: Mapping[str, Any], faulty: Set[KeyPath], at: KeyPath = ()
) -> Model:
    """The values without those at fault, as the class has them; nothing is checked again.

    faulty  paths of the faults of the values
    at      path of the values themselves
    A field at fault has its default. One that must be given is empty, or None where it is neither
    list nor mapping. A list with a fault is empty, since it may be of any length; a group of
    fields that lacks what it needs is left out.
    """
    made: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        path, group = (*at, name), group_of(field.annotation)
        sound = name in values and path not in faulty
        if sound and group is not None and isinstance(values[name], dict):
            part = _sound_part(group, values[name], faulty, path)
            needed = (each for each, inner in group.model_fields.items() if inner.is_required())
            made[name] = None if any(getattr(part, each) is None for each in needed) else part
        elif sound:
            made[name] = _sound(values[name], path, faulty)
        elif field.is_required():
            empty = typing.get_origin(field.annotation)
            made[name] = empty() if empty in (dict, list) else None
    return model.model_construct(**made)


def _sound(value: Any, path: KeyPath, faulty: Set[KeyPath]) -> Any:
    if isinstance(value, dict):
        inner = {name: (*path, name) for name in value}
        return {
            name: _sound(each, inner[name], faulty)
            for name, each in value.items()
            if inner[name] not in faulty
        }
    inside = any(len(each) > len(path) and each[: len(path)] == path for each in faulty)
    return [] if isinstance(value, list) and inside else value


def _check_futures(kind: Kind, replications: int | None, found: _Found) -> None:
    """A study that counts no futures is asked for no number of them."""
    if kind.futures:
        return
    message = "this study counts parameter sets, not futures"
    advice = "write sets in the study, such as sets: 2048"
    if replications is not None:
        found.faults.append(Fault("", 0, 0, "--replications", message, advice))
    run = found.document.values.get("run")
    if isinstance(run, dict) and "replications" in run:
        found.problems.append(Problem(("run", "replications"), message, advice, at_key=True))


def _scenarios(kind: Kind, folder: Path, found: _Found) -> list[Scenario | None]:
    """The scenarios that the file names; None for one with faults, which are noted."""
    scenarios: list[Scenario | None] = []
    names: list[str] = []
    for path, name in _scenario_names(kind, found.document):
        if name and name in names:
            first = next(iter(kind.ground.model_fields))
            found.problems.append(
                Problem(path, f"'{visible(name)}' stands twice", "delete one of them")
                if len(path) > 1
                else Problem(path, f"is the {first} itself", "name another scenario")
            )
        names.append(name)
        scenarios.append(_scenario(folder, path, name, found))
    return scenarios


def _scenario_names(kind: Kind, document: Document) -> Iterator[tuple[KeyPath, str]]:
    """The names of scenario files with their paths; '' for what is a fault found elsewhere."""
    for field in kind.ground.model_fields:
        given = document.values.get(field)
        several = isinstance(given, list)
        for place, name in enumerate(given if isinstance(given, list) else [given]):
            yield (field, place) if several else (field,), name if isinstance(name, str) else ""


def _scenario(folder: Path, path: KeyPath, name: str, found: _Found) -> Scenario | None:
    shipped = is_shipped_name(name)
    file = Path(name) if shipped else folder / name
    if not name:
        return None
    if shipped and shipped_file(name) is None:
        found.problems.append(Problem(path, *unknown_shipped(name)))
    elif not shipped and not file.is_file():
        near, message = near_file(folder, name, ".yaml"), f"there is no file '{visible(name)}'"
        found.problems.append(Problem(path, message, "a scenario file", near))
    else:
        try:
            return load_scenario(file)
        except ScenarioError as error:
            found.faults += error.faults
    return None


def _facts(kind: Kind, name: str, ground: Ground) -> dict[str, Any]:
    """What makes the work of a study this study's; its title and words do not."""
    facts = {
        "study": name,
        "replications": ground.replications,
        "seed": ground.seed,
        "roster": ground.baseline.roster.digest,
        **model_facts(),
    }
    if kind.compares:
        plan = design(ground.scenarios, ground.seed, ground.replications)
        facts["comparison"] = identity(plan)["digest"]
    return facts


def _fields_of(kind: str, section: str) -> tuple[str, ...]:
    """The fields of a kind of study, or of one group of them."""
    fields = file_class(kind).model_fields
    if section:
        group = group_of(fields[section].annotation) if section in fields else None
        fields = {} if group is None else group.model_fields
    return tuple(fields)


def _unknown(kind: str, path: str) -> tuple[str, str, str]:
    """Message, what is allowed and the nearest name for a path that does not exist."""
    if path in lever_paths():
        return "a field of scenarios stands here", "write it under levers, with its values", ""
    section, _, name = path.rpartition(".")
    known = _fields_of(kind, section)
    suggestion = near(name, known)
    elsewhere = next((other for other in KINDS if name in _fields_of(other, "")), "")
    if elsewhere and not section and not suggestion:
        return f"is no field of a study of kind {kind}", f"it belongs to {elsewhere}", ""
    return "unknown field", "" if suggestion else f"one of {', '.join(known)}", suggestion


def run_study(
    study: LoadedStudy,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Kept[Any]:
    """Run a study, or carry on where it was stopped, and keep it.

    out  folder or address; None: one in runs, the same for the same study and for no other
    Raises ExperimentError where it cannot be run, RunInterrupted on Ctrl-C.
    """
    means, ground, made = Means(workers, progress), study.ground, study.kind.made()
    folder = here(out) if out else None
    if study.kind.compares:  # the scenarios are simulated there first, as a comparison
        facts = facts_of(made, made.check(study.question, ground), ground)
        folder = folder or ground.place(made.name, facts)
        assert folder is not None  # a study file always has one
        with begun(folder, facts):
            results = run_scenarios(
                ground.scenarios, ground.seed, ground.replications, folder / COMPARISON, None,
                workers, progress=progress,
            )  # fmt: skip
        ground = replace(ground, results=results)
    return run_and_keep(made, study.question, ground, folder, means, head_of(study))


def head_of(study: LoadedStudy) -> Report:
    """The title of the file, under which the answer stands, and its question as a part."""
    words = study.settings.description
    asked = (Part("asked", "What was asked", (Paragraph(words),)),) if words else ()
    return Report(study.settings.title, (), parts=asked)
