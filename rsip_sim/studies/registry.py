"""Every study by name: where its class stands, and its line of help. Importing this is cheap."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rsip_sim.studies.kernel.study import Study


@dataclass(frozen=True)
class Entry:
    """A study that can be asked for.

    place    module and class;  help: one line, the first of the docstring of the class
    command  whether it has one of its own; else it is asked for in a study file alone
    """

    place: str
    help: str
    command: bool = True


STUDIES = {
    "assumptions": Entry(
        "rsip_sim.studies.assumptions.study:AssumptionsStudy",
        "Every assumption: how well it is known, and what hangs on it; the weak ones first.",
    ),
    "backtest": Entry(
        "rsip_sim.studies.backtest.study:BacktestStudy",
        "Forecast what followed April 2013, and score it against two simple rivals: some minutes.",
    ),
    "calibrate": Entry(
        "rsip_sim.studies.calibrate.study:CalibrationStudy",
        "Fit the uncertain parameters to the openings up to 1 April 2013: half a minute.",
    ),
    "diff": Entry(
        "rsip_sim.studies.diff.study:DiffStudy",
        "Explain why two comparisons, or papers made from them, differ, and by how much each "
        "cause.",
    ),
    "england": Entry(
        "rsip_sim.studies.england.study:EnglandStudy",
        "What policies change in all England, by region and kind of authority: a CPU minute.",
    ),
    "explain": Entry(
        "rsip_sim.studies.explain.study:ExplainStudy",
        "Say why two scenarios differ, by lever and mechanism: a quarter of a CPU minute, or one.",
    ),
    "grid": Entry(
        "rsip_sim.studies.grid.study:GridStudy",
        "Every combination of some values of some levers, on the same futures.",
        command=False,
    ),
    "review": Entry(
        "rsip_sim.studies.grid.study:ReviewStudy",
        "A choice made at a review, in the light of what was seen until then.",
        command=False,
    ),
    "risks": Entry(
        "rsip_sim.studies.risks.study:RisksStudy",
        "How many schools and communities are at which risk under each option; lists in its parts.",
    ),
    "robust": Entry(
        "rsip_sim.studies.robust.study:RobustStudy",
        "Which option is seldom far from the best, and what it would be worth to know more.",
    ),
    "sensitivity": Entry(
        "rsip_sim.studies.sensitivity.study:SensitivityStudy",
        "Which inputs matter, and how much is luck: one CPU minute or two.",
    ),
    "solve": Entry(
        "rsip_sim.studies.solve.study:SolveStudy",
        "Find from which value of a lever on, or up to which, a target holds, and how sure it is.",
    ),
    "story": Entry(
        "rsip_sim.studies.story.study:StoryStudy",
        "Tell one school's life under two scenarios: the first decision that differs, and why.",
    ),
    "verify": Entry(
        "rsip_sim.studies.verify.study:VerifyStudy",
        "Check that what is stored is whole and unchanged, and that the model still gives the "
        "same.",
    ),
}


def study_named(name: str) -> Study[Any, Any, Any]:
    """The study of that name; KeyError for one that is none."""
    module, _, cls = STUDIES[name].place.partition(":")
    made: Study[Any, Any, Any] = getattr(importlib.import_module(module), cls)()
    return made
