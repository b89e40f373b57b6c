"""Every study as a Python function, with the arguments that its question has."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import numpy as np

from rsip_sim.experiment.design import whole_number
from rsip_sim.experiment.elsewhere import simulated_on
from rsip_sim.experiment.places import here
from rsip_sim.experiment.progress import Progress
from rsip_sim.scenario import Scenario, ScenarioError, load_scenario
from rsip_sim.studies.kernel.asking import AskedError, Question, parameters_of, values_of
from rsip_sim.studies.kernel.ground import (
    GROUNDS,
    Ground,
    Means,
    comparison_ground,
    scenario_ground,
)
from rsip_sim.studies.kernel.study import Kept, Study, asked_of, run_and_keep
from rsip_sim.studies.registry import study_named

_COMMON: dict[str, tuple[Any, str]] = {
    "workers": (int | None, "processes; 1: this one; None: as many as useful"),
    "executor": (Executor | None, "where to simulate instead, no folder being shared with it"),
    "out": (str | Path | None, "folder to keep it in; None: the usual one, if there is one"),
    "progress": (Progress | None, "told how far it has come"),
}
"""What every study takes beside its question, and what it is; each may be left out."""


@functools.cache
def function_of(name: str) -> Callable[..., Kept[Any]]:
    """The function of a study: ``robust(comparison, objectives=["members"])``.

    Its first arguments are what the study stands on: a comparison or its folder, a scenario or its
    file, one folder or two; a study of the evidence has none. The others are the fields of the
    question, by their own names or by those of the command's options, and what all have in common:
    workers, executor, out and progress.

    Raises AskedError with every fault of what is asked, StoreError where a folder holds
    something else. KeyError if no study has that name.
    """
    study = study_named(name)

    def ask(*on: Any, **given: Any) -> Kept[Any]:
        bound = signature.bind(*on, **{options.get(name, name): v for name, v in given.items()})
        bound.apply_defaults()
        values = dict(bound.arguments)
        places = [values.pop(each) for each in GROUNDS[study.stands_on]]
        workers, executor, out, progress = (values.pop(each, None) for each in _COMMON)
        means = Means(whole_number("workers", workers, 1), progress)
        with simulated_on(executor):
            return answer(study, places, _given(study, values), out, means)

    signature, options = _signature(study), _options(study)
    ask.__name__ = ask.__qualname__ = study.name
    ask.__doc__ = inspect.cleandoc(type(study).__doc__ or "") + "\n" + _arguments(study)
    ask.__signature__ = signature  # type: ignore[attr-defined]
    return ask


def _options(study: Study[Any, Any, Any]) -> dict[str, str]:
    """Arguments by the name that they have as options of the command, where it is another."""
    named = {
        each.flag.removeprefix("--").replace("-", "_"): each.name
        for each in parameters_of(study.question)
    }
    return {option: name for option, name in named.items() if option != name}


def _given(study: Study[Any, Any, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as a question takes them.

    A number stands for its text, such as a school's URN, and one text for a list of it.
    """
    plain = {name: _plain(value) for name, value in values.items()}
    for each in parameters_of(study.question):
        value, kinds = plain.get(each.name), (each.kind, *typing.get_args(each.kind))
        if typing.get_origin(each.kind) is list and isinstance(value, str):
            plain[each.name] = [value]
        elif type(value) is int and str in kinds and int not in kinds:
            plain[each.name] = str(value)
    return plain


def _plain(value: Any) -> Any:
    """Values as Python has them: numbers and arrays of numpy too are what a notebook gives."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.tolist() if isinstance(value, np.generic | np.ndarray) else value


def _signature(study: Study[Any, Any, Any]) -> inspect.Signature:
    keyword, empty = inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.empty
    given = [
        inspect.Parameter(
            each.name, keyword, annotation=each.kind,
            default=empty if each.required else each.default,
        )
        for each in parameters_of(study.question)
    ]  # fmt: skip
    given += [
        inspect.Parameter(name, keyword, default=None, annotation=kind)
        for name, (kind, _) in _COMMON.items()
        if study.keeps or name != "out"
    ]
    needed = None if study.stands_on == "optional comparison" else empty
    on = [
        inspect.Parameter(each, inspect.Parameter.POSITIONAL_ONLY, default=needed)
        for each in GROUNDS[study.stands_on]
    ]
    return inspect.Signature([*on, *given], return_annotation=Kept)


def _folder(on: Any) -> Path:
    """The folder of a run, or of a comparison that is at hand."""
    return here(on.results.folder if hasattr(on, "results") else on)


_ON = {
    "comparison": "on: a comparison, or its folder",
    "optional comparison": "on: a comparison, or its folder; None: the evidence alone",
    "scenario": "on: a scenario, its file, or a shipped one's name such as rsip:two_year",
    "folder": "on: a folder of a finished run, study or paper, or a comparison",
    "two folders": "first, second: folders of comparisons or papers, or comparisons",
    "evidence": "",
}
_RETURNS = """
Returns what was found, with report, text, result and, where it is kept, folder. Raises AskedError
with every fault of what is asked, StoreError where a folder holds something else."""


def _arguments(study: Study[Any, Any, Any]) -> str:
    lines, options = [_ON[study.stands_on]], {name: o for o, name in _options(study).items()}
    for each in parameters_of(study.question):
        either = f" or {options[each.name]}" if each.name in options else ""
        lines.append(f"{each.name}{either}: {each.help}")
    for name, (_, words) in _COMMON.items():
        lines += [f"{name}: {words}"] if study.keeps or name != "out" else []
    return "\n".join(["", *filter(None, lines), _RETURNS])


def answer(
    study: Study[Any, Any, Any],
    on: Sequence[Any],
    given: Mapping[str, Any],
    out: str | Path | None,
    means: Means,
) -> Kept[Any]:
    """Ask a study of what it stands on, with the fields of its question by name, and keep it.

    on   as many as the ground has, each as `function_of` takes it
    out  folder or address; None: the usual one, if there is one
    Raises AskedError, StoreError as `run_and_keep` does.
    """
    values = values_of(study.question, given)
    asked, ground = asked_of(study, values, lambda some: _ground(study, some, on))
    return run_and_keep(study, asked, ground, None if out is None else here(out), means)


def _ground(study: Study[Any, Any, Any], asked: Question, on: Sequence[Any]) -> Ground:
    if len(on) != 1 or study.stands_on == "folder":
        return Ground(folders=tuple(map(_folder, on)))
    (one,) = on
    if one is None:
        return Ground()
    if isinstance(one, Ground):
        return one
    if study.stands_on != "scenario":
        return one.ground if hasattr(one, "ground") else comparison_ground(one)
    try:
        return scenario_ground((one if isinstance(one, Scenario) else load_scenario(one),))
    except ScenarioError as error:
        raise AskedError([*error.faults, *study.faults(asked)]) from None
