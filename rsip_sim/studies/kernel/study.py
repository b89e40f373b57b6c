"""One way to ask, work out, tell and keep, for every study.

A study is a class with four methods, and where it has any its tables and charts; `run_and_keep` is
the only function that runs one. Commands, study files, Python and the paper all call it.
"""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, TypeVar, cast

import pandas as pd

from rsip_sim.charts.frame import Chart
from rsip_sim.evidence.faults import Fault
from rsip_sim.experiment.places import told
from rsip_sim.experiment.results import refuse_other_model
from rsip_sim.experiment.store import MANIFEST, read_record, unfinish
from rsip_sim.report.blocks import Report
from rsip_sim.report.text import rendered
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.problems import Problem
from rsip_sim.studies.kernel.asking import AskedError, Question
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.keeping import begun, check_place, drawn, keep_files, told_files

Asked = TypeVar("Asked", bound=Question)
Ready = TypeVar("Ready")
Result = TypeVar("Result")
StandsOn = Literal[
    "comparison", "optional comparison", "scenario", "folder", "two folders", "evidence"
]


class Study(ABC, Generic[Asked, Ready, Result]):
    """One kind of question about scenarios, and how it is answered.

    The docstring of the class is the help of its command.
    name        in manifests and folder names
    question    the class of what is asked
    stands_on   a stored comparison, which may be optional, a scenario, folders, or the evidence
    ground_help what the command says of that, where the usual words do not say enough
    keeps       whether its answer is kept in a folder
    simulates_much  whether its command offers a cluster to do it
    work_kept   whether it keeps its work as it goes, and carries on where it was stopped
    example     a command line that a planner can copy, shown below the help
    """

    name: ClassVar[str]
    question: ClassVar[type[Question]]
    stands_on: ClassVar[StandsOn] = "comparison"
    ground_help: ClassVar[str] = ""
    keeps: ClassVar[bool] = True
    simulates_much: ClassVar[bool] = False
    work_kept: ClassVar[bool] = False
    example: ClassVar[str] = ""

    @abstractmethod
    def check(self, asked: Asked, ground: Ground) -> Ready:
        """The question made ready to be worked on; AskedError holds every fault."""

    @abstractmethod
    def facts(self, ready: Ready) -> dict[str, Any]:
        """What makes this study the one it is, beside its name and its ground."""

    @abstractmethod
    def work(self, ready: Ready, means: Means) -> Result:
        """Work the answer out: numbers, no words."""

    def tables(self, result: Result) -> Mapping[str, pd.DataFrame]:
        """Tidy tables by name."""
        return {}

    @abstractmethod
    def report(self, result: Result) -> Report:
        """The answer in blocks."""

    def charts(self, result: Result) -> Iterable[Chart]:
        """The charts, in the order of their importance."""
        return ()

    def faults(self, asked: Asked, scenarios: Sequence[Scenario] = ()) -> Sequence[Problem | Fault]:
        """What is wrong with a question, told with what is wrong with its ground or its values.

        asked      what must be given may be missing, which is told elsewhere
        scenarios  on which it stands; none: whichever they are
        """
        return ()

    def folder_name(self, ready: Ready) -> str:
        """Name of the folder inside that of the comparison; by default the study's.

        '': it is kept only where a folder is named.
        """
        return self.name

    def simulates(self, ready: Ready) -> bool:
        """Whether it simulates futures that are set beside stored ones."""
        return True

    def notes(self, ready: Ready) -> Sequence[str]:
        """What a planner should know of how the question was understood."""
        return ()

    def grown(self, before: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
        """Whether what is kept in its usual place is this study of fewer futures, and gives way."""
        return False

    def failures(self, result: Result) -> int:
        """How many pieces of the work failed; the others are kept."""
        return 0

    def work_files(self, folder: Path) -> Sequence[Path]:
        """Files of the folder that were kept as the study went, and on which it stands."""
        return ()

    def finish(self, ready: Ready, result: Result) -> None:
        """What else is stored once the answer stands, such as a sample kept with the package."""


@dataclass(frozen=True)
class Kept(Generic[Result]):
    """A study that was run.

    result, report  what it came to;  text: the report as printed and kept
    folder          where it is kept, or None
    notes           on how the question was understood;  failed: pieces of work that failed
    """

    result: Result
    report: Report
    text: str
    folder: Path | None
    notes: tuple[str, ...] = ()
    failed: int = 0


def asked_of(
    study: Study[Asked, Ready, Result],
    values: Mapping[str, Any],
    ground: Callable[[Asked], Ground],
) -> tuple[Asked, Ground]:
    """The question with these values and what it stands on; AskedError with every fault of both.

    Where some values are faulty, the others are looked at all the same.
    """
    try:
        asked = cast(Asked, study.question.of(values))
    except AskedError as error:
        faulty = {each.path[0] for each in error.problems if isinstance(each, Problem)}
        sound = {name: value for name, value in values.items() if name not in faulty}
        more: list[Problem | Fault] = []
        try:
            rest = cast(Asked, study.question.of(sound))
            study.check(rest, ground(rest))
        except AskedError as further:
            more = [
                each
                for each in further.problems
                if each not in error.problems
                and not (isinstance(each, Problem) and each.path[0] in faulty)
            ]
        raise AskedError([*error.problems, *more]) from None
    return asked, ground(asked)


def run_and_keep(
    study: Study[Asked, Ready, Result],
    asked: Asked,
    ground: Ground,
    out: Path | None = None,
    means: Means | None = None,
    head: Report | None = None,
) -> Kept[Result]:
    """Check a question, work it out, tell the answer once, and keep it.

    out   folder; None: the usual one, and none where the ground has no folder
    head  what stands before the report: title and question of a study file
    Raises AskedError with every fault of the question, StoreError where the folder holds
    anything else or the comparison was simulated by another model.
    """
    ready = study.check(asked, ground)
    facts = facts_of(study, ready, ground)
    folder = out or ground.place(study.folder_name(ready), facts)
    if folder is not None:
        kept = folder / MANIFEST
        if out is None and kept.is_file() and study.grown(read_record(kept), facts):
            unfinish(folder)  # the same study of fewer futures
        check_place(folder, facts)
    if ground.results is not None and study.simulates(ready):
        refuse_other_model(ground.results)
    means = replace(means or Means(), folder=folder)
    with begun(folder, facts) if folder and study.work_kept else contextlib.nullcontext():
        result = study.work(ready, means)
    report = study.report(result)
    report = report if head is None else head.followed_by(report)
    text = rendered(report)
    failed = study.failures(result)
    if folder is not None:
        files = told_files(text, study.tables(result), drawn(study.charts(result)), report)
        keep_files(folder, files, facts, not failed, study.work_files(folder))
    study.finish(ready, result)
    place = None if folder is None else told(folder)
    return Kept(result, report, text, place, tuple(study.notes(ready)), failed)


def facts_of(study: Study[Asked, Ready, Any], ready: Ready, ground: Ground) -> dict[str, Any]:
    """What makes a study the one it is, as its manifest has it."""
    return {"study": study.name, **ground.named, **study.facts(ready)}
