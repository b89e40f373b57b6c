"""What a study of each kind must be, beside the scenarios it speaks of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rsip_sim.evidence.faults import nearest
from rsip_sim.evidence.months import month_text, parse_month
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.changing import value_of
from rsip_sim.scenario.problems import Problem
from rsip_sim.scenario.ranges import number_text
from rsip_sim.scenario.reading import KeyPath
from rsip_sim.scenario.wording import value_text
from rsip_sim.studies.files.context import Context
from rsip_sim.studies.kernel.asking import Faults
from rsip_sim.studies.solve.question import LeverRange, check_parts

MOST_TOGETHER = 3
SETS_WORDS = "write sets in the study, such as sets: 2048"


def check_kind(kind: str, study: Context) -> list[Scenario]:
    """The scenarios of a study; every fault of a study of this kind is noted in it."""
    return _CHECKS[kind](study)


def _grid(study: Context) -> list[Scenario]:
    scenario = study.scenario(("scenario",), study.value("scenario"))
    levers = study.values_of("levers", scenario)
    conditions = study.values_of("conditions", scenario, at_least=1)
    for path in levers.keys() & conditions.keys():
        study.problem(
            ("conditions", path), "is a lever of this study too", "write it once", at_key=True
        )
    if scenario is not None:
        for path, values in levers.items():
            _check_base(study, scenario, path, values)
    study.not_too_many("levers", (levers, conditions))
    study.metrics("metrics")
    study.no_repetition("at")
    for at, name in study.texts("at"):
        study.moment(at, name, scenario)
    return [scenario] if scenario else []


def _check_base(study: Context, scenario: Scenario, path: str, values: list[Any]) -> None:
    """The scenario itself must be one of the cells, since all are compared with it."""
    at: KeyPath = ("levers", path)
    if any(path in entry["set"] for entry in scenario.resolved["timeline"]):
        allowed = "vary what it holds throughout, or take another scenario"
        study.problem(at, f"{scenario.path.name} changes it during the run", allowed, at_key=True)
        return
    own = value_of(scenario, path)
    if own is None and path.startswith("parameters."):
        allowed = f"write it under parameters in {scenario.path.name}, or under conditions here"
        study.problem(at, "is drawn anew in each future by the scenario", allowed, at_key=True)
    elif own not in values:
        written = value_text(path, own) if "parameters." not in path else number_text(own)
        study.problem(
            at, f"does not hold the scenario's own value ({written}), with which the others are "
            "compared", "add it to the values", at_key=True,
        )  # fmt: skip


def _review(study: Context) -> list[Scenario]:
    scenario = study.scenario(("scenario",), study.value("scenario"))
    levers = study.values_of("levers", scenario, only_levers=True)
    study.not_too_many("levers", (levers,))
    _check_month(study, scenario)
    study.metrics("sees")
    study.objectives("objectives", [scenario] if scenario else [])
    seen = [name for _, name in study.texts("sees")]
    for path, name in study.texts("together"):
        if name not in seen:
            allowed = f"one of {', '.join(seen)}" if seen else ""
            study.problem(path, f"'{name}' is not under sees", allowed, nearest(name, seen))
    study.no_repetition("together")
    if len(list(study.texts("together"))) > MOST_TOGETHER:
        study.problem(("together",), "is too long", f"at most {MOST_TOGETHER} together")
    _check_worth(study)
    return [scenario] if scenario else []


def _check_month(study: Context, scenario: Scenario | None) -> None:
    try:
        month = parse_month(study.value("review"))
    except (TypeError, ValueError):
        return  # found by the schema
    if scenario is None:
        return
    start, end = scenario.policy.start, scenario.policy.start + scenario.policy.horizon_months
    if not start < month < end:
        allowed = f"after {month_text(start)} and at the latest {month_text(end - 1)}"
        study.problem(("review",), f"{month_text(month)} is outside the run", allowed)


def _check_worth(study: Context) -> None:
    worth = study.value("worth_gbp")
    names = [name for _, name in study.texts("objectives")]
    for name in worth if isinstance(worth, dict) else ():
        if name not in names:
            allowed = f"one of {', '.join(names)}" if names else ""
            study.problem(
                ("worth_gbp", name), "is no objective of this study", allowed,
                nearest(name, names), at_key=True,
            )  # fmt: skip


def _robustness(study: Context) -> list[Scenario]:
    found = [study.scenario(path, name) for path, name in study.texts("scenarios")]
    scenarios = [each for each in found if each is not None]
    study.no_repetition("scenarios")
    study.objectives("objectives", scenarios)
    study.no_repetition("climates")
    study.moment(("at",), study.value("at"), scenarios[0] if scenarios else None)
    return scenarios


def _sensitivity(study: Context) -> list[Scenario]:
    names = ("baseline", "scenario")
    found = [study.scenario((name,), study.value(name)) for name in names]
    sound = [each for each in found if each is not None]
    study.metrics("metrics", sound)
    study.moment(("at",), study.value("at"), found[0])
    if len({each.name for each in sound}) == 1 < len(sound):
        study.problem(("scenario",), "is the baseline itself", "name another scenario")
    run = study.value("run")
    if isinstance(run, dict) and "replications" in run:
        message = "this study counts parameter sets, not futures"
        study.problem(("run", "replications"), message, SETS_WORDS, at_key=True)
    return sound


def _tipping(study: Context) -> list[Scenario]:
    scenario = study.scenario(("scenario",), study.value("scenario"))
    target = study.value("target")
    faults = Faults()
    check_parts(
        scenario,
        asked_range(study.value("search")),
        target if isinstance(target, str) else None,
        asked_range(study.value("across")),
        faults,
    )
    study.problems += [each for each in faults.found if isinstance(each, Problem)]
    return [scenario] if scenario else []


def asked_range(given: Any) -> LeverRange | None:
    """A lever and its ends as a search takes them; None, or an end left out, where not sound."""
    if not isinstance(given, dict) or not isinstance(given.get("lever"), str):
        return None
    ends = (given.get("lowest"), given.get("highest"))
    low, high = (
        end if isinstance(end, int | float) and not isinstance(end, bool) else None for end in ends
    )
    return LeverRange(lever=given["lever"], lowest=low, highest=high)


_CHECKS: dict[str, Callable[[Context], list[Scenario]]] = {
    "grid": _grid,
    "review": _review,
    "robustness": _robustness,
    "sensitivity": _sensitivity,
    "tipping": _tipping,
}
