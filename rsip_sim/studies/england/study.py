"""England as a study: asked, worked out, told and drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from pydantic import AfterValidator

from rsip_sim.charts.frame import Chart
from rsip_sim.evidence.faults import Fault
from rsip_sim.evidence.months import month_name
from rsip_sim.evidence.rosters import RosterError
from rsip_sim.experiment.authorities import START
from rsip_sim.experiment.design import design
from rsip_sim.experiment.record import digest, identity
from rsip_sim.measures.moments import main_moment, moments_of
from rsip_sim.report.blocks import Report
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.names import near
from rsip_sim.scenario.problems import Problem
from rsip_sim.scenario.ranges import number_text, planner_error
from rsip_sim.scenario.reading import visible
from rsip_sim.studies.compare.screen import SHOWN
from rsip_sim.studies.england.places import Place, register_places, shipped_places
from rsip_sim.studies.england.report import england_report
from rsip_sim.studies.england.runs import kept_files
from rsip_sim.studies.england.work import England, EnglandFound, england, england_tables
from rsip_sim.studies.kernel.asking import (
    AskedError,
    Faults,
    File,
    Question,
    metric_fault,
    shown,
)
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import Study

FUTURES = 100
MOST_FUTURES = 100_000


def too_many(futures: int) -> tuple[str, str]:
    """What is wrong with so many futures of each authority, and what is allowed."""
    allowed = f"from 1 to {number_text(MOST_FUTURES)} futures of each authority"
    return f"{number_text(futures)} is out of range", allowed


def _futures(value: int) -> int:
    if not 1 <= value <= MOST_FUTURES:
        raise planner_error(*too_many(value))
    return value


class EnglandQuestion(Question):
    """What policies change in every authority of England, in which kinds and regions most."""

    metrics: list[str] = shown(factory=list, metavar="METRIC", flag="--metric")
    """What is looked at; else what a comparison's first screen shows. The price always is."""
    at: str | None = shown(None, metavar="MOMENT")
    """When it is read: mean, march_2013 or end; else as in a comparison."""
    authorities: list[str] = shown(factory=list, metavar="NAME", flag="--authority")
    """Which authorities; else all. The futures of one do not depend on which others are asked."""
    extract: File | None = shown(None, metavar="FILE")
    """Full extract of the national register, for the schools as they stood when the scenarios
    begin; otherwise generic schools, in the numbers that each authority had in April 2011."""
    replications: Annotated[int, AfterValidator(_futures)] | None = shown(None, metavar="N")
    """Futures of each authority; otherwise 100."""


def england_faults(asked: EnglandQuestion, scenarios: Sequence[Scenario]) -> Faults:
    """What is wrong with metrics and moment for some scenarios; none: whichever they are."""
    faults = Faults()
    faults.measures("metrics", asked.metrics, scenarios, metric_fault)
    faults.once("authorities", asked.authorities)
    faults.moment(asked.at, scenarios)
    return faults


def check_names(faults: Faults, asked: EnglandQuestion, known: Sequence[str]) -> None:
    """Note each authority that is asked for and not known."""
    for place, name in enumerate(asked.authorities):
        if name not in known:
            guess = near(name, known)
            allowed = "" if guess else "a name as the table or the register has it"
            message = f"no authority is named '{visible(name)}'"
            faults.add(("authorities", place), message, allowed, guess)


@dataclass(frozen=True)
class Nation:
    """A checked question.

    comparison  by which the scenarios are known where they stand in no stored comparison
    """

    asked: EnglandQuestion
    england: England
    comparison: Mapping[str, Any]


class EnglandStudy(Study[EnglandQuestion, Nation, EnglandFound]):
    """What policies change in all England, by region and kind of authority: a CPU minute."""

    name = "england"
    question = EnglandQuestion
    work_kept = True
    example = "For example: rsip england results/agreement_length --metric members"

    def check(self, asked: EnglandQuestion, ground: Ground) -> Nation:
        """Scenarios, measures and authorities. Raises AskedError, DesignError."""
        faults = england_faults(asked, ground.scenarios)
        places: tuple[Place, ...] = ()
        try:
            places = _places(asked, ground.baseline.policy.start)
            check_names(faults, asked, [place.name for place in places])
        except RosterError as error:
            raise faults.beside(AskedError(error.faults)) from None
        futures = asked.replications or (ground.replications if ground.file else FUTURES)
        if futures > MOST_FUTURES:  # what a study file or its scenarios say
            faults.add(("replications",), *too_many(futures))
        faults.stop()
        policy = ground.baseline.policy
        known = (
            {} if ground.results
            else {"comparison": identity(design(ground.scenarios, ground.seed, 1))["digest"]}
        )  # fmt: skip
        england = England(
            ground.scenarios,
            tuple(
                each for each in places
                if not asked.authorities or each.name in asked.authorities
            ),
            tuple(asked.metrics) or SHOWN,
            asked.at or main_moment(moments_of(policy, policy.horizon_months)),
            futures,
            ground.seed,
            asked.extract is None,
        )  # fmt: skip
        return Nation(asked, england, known)

    def faults(
        self, asked: EnglandQuestion, scenarios: Sequence[Scenario] = ()
    ) -> Sequence[Problem | Fault]:
        """What is wrong with metrics, moment and names of authorities."""
        return england_faults(asked, scenarios).found

    def facts(self, ready: Nation) -> dict[str, Any]:
        """Scenarios, measures, futures and the schools of every authority."""
        england = ready.england
        return {
            **ready.comparison,
            "metrics": list(england.metrics),
            "at": england.at,
            "futures": england.replications,
            "authorities": list(ready.asked.authorities),
            "schools": digest([[each.name, each.roster.digest] for each in england.places]),
        }

    def folder_name(self, ready: Nation) -> str:
        """What is not usually asked."""
        asked, futures = ready.asked, ready.england.replications
        parts = [self.name, *asked.metrics, *([f"at_{asked.at}"] if asked.at else [])]
        parts += ["register"] if asked.extract else []
        parts += [f"{len(asked.authorities)}_authorities"] if asked.authorities else []
        return "_".join([*parts, *([f"{futures}_futures"] if futures != FUTURES else [])])

    def notes(self, ready: Nation) -> Sequence[str]:
        """Generic schools are those of one day, whenever the scenarios begin."""
        start = ready.england.scenarios[0].policy.start
        if start == START or not ready.england.generic:
            return ()
        return (
            f"The scenarios begin in {month_name(start)}, and generic schools are those of "
            f"{month_name(START)}; --extract FILE takes those of the month.",
        )

    def work(self, ready: Nation, means: Means) -> EnglandFound:
        """Simulate the authorities that are missing."""
        return england(ready.england, means)

    def work_files(self, folder: Path) -> Sequence[Path]:
        """What was measured of each authority."""
        return kept_files(folder)

    def tables(self, result: EnglandFound) -> Mapping[str, pd.DataFrame]:
        """Groups and authorities."""
        return england_tables(result)

    def report(self, result: EnglandFound) -> Report:
        """What changes in England and its regions, at what price, and how sure."""
        return england_report(result)

    def charts(self, result: EnglandFound) -> Iterable[Chart]:
        """Regions and kinds in rows, and every authority in the order of what it gains."""
        from rsip_sim.studies.england.authorities_chart import england_authorities
        from rsip_sim.studies.england.groups_chart import england_groups

        yield england_groups(result)
        yield england_authorities(result)


def _places(asked: EnglandQuestion, start: int) -> tuple[Place, ...]:
    return shipped_places() if asked.extract is None else register_places(asked.extract, start)
