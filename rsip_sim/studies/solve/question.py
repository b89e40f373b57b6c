"""What is asked of a search: checked as a whole, so that all faults are told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rsip_sim.evidence.faults import Fault
from rsip_sim.experiment.errors import ExperimentError
from rsip_sim.experiment.progress import Progress
from rsip_sim.measures.moments import OWN_AGREEMENT, Moment
from rsip_sim.measures.runs import FloatArray
from rsip_sim.scenario import ChangeError, Scenario, ScenarioError, load_scenario, with_values
from rsip_sim.studies.kernel.trials import Trial, measure_all
from rsip_sim.studies.solve.grammar import read_target
from rsip_sim.studies.solve.lever import Lever, LeverError, check_lever, lever_of, varied
from rsip_sim.studies.solve.target import Target, TargetError, moment_of

LENGTH = "agreement.length_months"


class QuestionError(ExperimentError):
    """A question that cannot be asked; `faults` holds every fault of it, a line each."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults; the message is one line a fault."""
        self.faults = [str(fault) for fault in faults]
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True)
class Names:
    """What the parts of a question are called where it is asked.

    lever, second  the lever, and the lower and the upper end of its range
    """

    target: str
    lever: tuple[str, str, str]
    second: tuple[str, str, str]


OPTIONS = Names("--target", ("--lever", "--from", "--to"), ("--map", "--from2", "--to2"))
"""The names on the command line."""


@dataclass(frozen=True)
class Range:
    """A lever as it was asked for: its path, and the ends of its range where they were given."""

    path: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Question:
    """For which values of a lever does a target hold in a scenario?

    second        the other lever of a map, or None
    replications  simulated futures at every value, the same ones; seed: of their draws
    names         what the reader of the answer calls the parts of the question
    """

    scenario: Scenario
    target: Target
    moment: Moment
    lever: Lever
    second: Lever | None
    replications: int
    seed: int
    names: Names = OPTIONS

    @property
    def levers(self) -> tuple[Lever, ...]:
        """The lever, and the second one if there is a map."""
        return (self.lever,) if self.second is None else (self.lever, self.second)


@dataclass(frozen=True)
class Checked:
    """The parts of a question as far as they are sound; `faults` says what is wrong with others."""

    target: Target | None
    moment: Moment | None
    lever: Lever | None
    second: Lever | None
    faults: tuple[Fault, ...]


def question(
    file: str | Path | Scenario,
    lever: Range,
    target: str,
    second: Range | None = None,
    replications: int | None = None,
    seed: int | None = None,
    names: Names = OPTIONS,
) -> Question:
    """The question, checked; replications and seed None: what the scenario says.

    Raises QuestionError with all faults of scenario, target and levers.
    """
    faults: list[Fault] = []
    scenario = _scenario(file, faults)
    parts = check_parts(scenario, lever, target, second, names)
    aim, moment, first = parts.target, parts.moment, parts.lever
    faults += parts.faults
    if faults or scenario is None or aim is None or moment is None or first is None:
        raise QuestionError(faults)
    run = scenario.run
    return Question(
        scenario, aim, moment, first, parts.second,
        run.replications if replications is None else replications,
        run.seed if seed is None else seed, names,
    )  # fmt: skip


def check_parts(
    scenario: Scenario | None,
    lever: Range | None,
    target: str | None,
    second: Range | None,
    names: Names,
) -> Checked:
    """Check every part of a question that there is.

    scenario  None where it is faulty; lever, target None where they are missing, which is told
              elsewhere
    """
    faults: list[Fault] = []
    aim = None
    if target is not None:
        aim, found = read_target(target)
        faults += [replace(fault, field=names.target) for fault in found]
    if second is not None and not second.path:
        ends, message = ", ".join(names.second[1:]), "a range of a second lever without the lever"
        faults.append(Fault("", 0, 0, ends, message, f"name it with {names.second[0]}"))
        second = None
    if second is not None and lever is not None and second.path == lever.path:
        message = f"is the lever of {names.lever[0]}"
        faults.append(Fault("", 0, 0, names.second[0], message, "name another one"))
        second = None
    asked = [(lever, names.lever), (second, names.second)]
    first, other = (
        None if each is None else _lever(faults, scenario, each, called) for each, called in asked
    )
    moment = None
    if scenario is not None and aim is not None:
        with _noting(faults, names.target):
            _check_defined(aim, scenario, [each for each, _ in asked if each is not None])
            moment = moment_of(aim, scenario.policy)
    return Checked(aim, moment, first, other, tuple(faults))


def simulated(
    asked: Question, workers: int | None = None, progress: Progress | None = None
) -> Callable[[Sequence[tuple[float, ...]]], list[FloatArray]]:
    """What measures the outcome in every future at some values of the levers.

    The function takes one tuple of values, of the first lever or of both, for each row wanted and
    gives the outcome in every future, (replications,) each, in the same futures whatever the
    values. Raises ChangeError where the scenario cannot have the values together.
    """
    futures = np.arange(asked.replications)

    def measured(values: Sequence[tuple[float, ...]]) -> list[FloatArray]:
        policies = [
            varied(asked.scenario, asked.levers[: len(each)], each).policy for each in values
        ]
        trials = [
            Trial(
                policy, asked.scenario.roster, asked.seed, futures, (asked.target.metric,),
                (asked.moment,),
            )
            for policy in policies
        ]  # fmt: skip
        return [found[0, 0] for found in measure_all(trials, workers, progress)]

    return measured


def _scenario(file: str | Path | Scenario, faults: list[Fault]) -> Scenario | None:
    if isinstance(file, Scenario):
        return file
    try:
        return load_scenario(file)
    except ScenarioError as error:
        faults += error.faults
        return None


def _lever(
    faults: list[Fault], scenario: Scenario | None, asked: Range, names: tuple[str, str, str]
) -> Lever | None:
    """The lever, or None with its faults noted under the names of it and its ends."""
    before = len(faults)
    with _noting(faults, names[0]):
        check_lever(asked.path)
        for end, name in zip((asked.low, asked.high), names[1:], strict=True):
            if end is not None and scenario is not None:
                with _noting(faults, name):
                    with_values(scenario, {asked.path: end})
        if scenario is not None and len(faults) == before:
            return lever_of(scenario, asked.path, asked.low, asked.high)
    return None


@contextmanager
def _noting(faults: list[Fault], name: str) -> Iterator[None]:
    """Take down what is wrong with a part of the question instead of stopping at it."""
    try:
        yield
    except LeverError as error:
        faults.append(Fault("", 0, 0, name, error.message, error.allowed, error.suggestion))
    except TargetError as error:
        faults.append(Fault("", 0, 0, name, error.message, error.allowed))
    except ChangeError as error:
        for fault in error.given:
            message = f"{fault.field}: {fault.message}" if fault.field else fault.message
            faults.append(replace(fault, field=name, message=message))


def _check_defined(target: Target, scenario: Scenario, levers: Sequence[Range]) -> None:
    if target.of.membership and not scenario.policy.partnership:
        raise TargetError(f"{target.metric} is not defined in a scenario without a partnership")
    if target.moment == OWN_AGREEMENT and any(lever.path == LENGTH for lever in levers):
        raise TargetError(
            "the agreement's own months change with its length, so that every value would be "
            "read over other months",
            "name a month, 'mean' or 'at end'",
        )
