"""What is asked of a search, and the checks of it as a whole, so that all faults are told at once.

Each fault stands at the path of its field: ``("search", "lever")``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from rsip_sim.measures.moments import OWN_AGREEMENT, Moment
from rsip_sim.scenario import ChangeError, Scenario, with_values
from rsip_sim.scenario.field_types import Line
from rsip_sim.scenario.reading import KeyPath
from rsip_sim.scenario.schema import Closed
from rsip_sim.studies.kernel.asking import AskedError, Faults, Question, refusal, shown
from rsip_sim.studies.kernel.ground import Ground
from rsip_sim.studies.solve.grammar import read_target
from rsip_sim.studies.solve.lever import Lever, check_lever, lever_of
from rsip_sim.studies.solve.target import Target, moment_of

LENGTH = "agreement.length_months"


class LeverRange(Closed):
    """A lever and the range in which to search."""

    section: ClassVar[str] = "search"

    lever: str = shown(metavar="PATH")
    """Path of a number, such as funding.earmark_gbp_per_year or parameters.b_secure."""
    lowest: float | None = shown(None, metavar="X")
    """Lowest value tried; else as far as the evidence goes."""
    highest: float | None = shown(None, metavar="Y")
    """Highest value tried; else as far as the evidence goes."""


class SolveQuestion(Question):
    """From which value of a lever on, or up to which, a target holds."""

    section: ClassVar[str] = "run"  # where the ranges of replications and seed stand

    search: LeverRange = shown(
        flags={"lever": "--lever", "lowest": "--from", "highest": "--to"},
    )
    """The lever whose value is sought."""
    target: Line = shown(metavar="TEXT")
    """What should hold: OUTCOME WHEN COMPARISON NUMBER, perhaps with probability P. OUTCOME:
    members, erosion, breakdown and so on. WHEN: at end, mean, over own agreement, by 2016-03.
    COMPARISON: at least, at most, above, below. NUMBER: 10%, £0.6m, 80. What happens or not, such
    as breakdown, is a share of futures; all else an average, or, with probability P, in a share
    of futures."""
    across: LeverRange | None = shown(
        None, flags={"lever": "--map", "lowest": "--from2", "highest": "--to2"}
    )
    """A second lever, for a map of both."""
    replications: int | None = shown(None, metavar="N")
    """Simulated futures of each value; else what the file says."""
    seed: int | None = shown(None, metavar="N")
    """Of the random draws; otherwise what the file says."""


@dataclass(frozen=True)
class Search:
    """A checked question: for which values of a lever does a target hold in a scenario?

    second        the other lever of a map, or None
    replications  simulated futures at every value, the same ones; seed: of their draws
    """

    scenario: Scenario
    target: Target
    moment: Moment
    lever: Lever
    second: Lever | None
    replications: int
    seed: int

    @property
    def levers(self) -> tuple[Lever, ...]:
        """The lever, and the second one if there is a map."""
        return (self.lever,) if self.second is None else (self.lever, self.second)


def checked(asked: SolveQuestion, ground: Ground, faults: Faults) -> Search | None:
    """The search that is asked for; None with what is wrong with any part of it noted.

    Where the ground has no scenario, since that is faulty or not known, the parts are looked at
    all the same. What is missing of a question is told elsewhere.
    """
    scenario, target, moment = next(iter(ground.scenarios), None), None, None
    if asked.target is not None:
        target, found = read_target(asked.target)
        for fault in found:
            faults.at("target", fault)
    paths = [each.lever for each in (asked.search, asked.across) if each is not None]
    if target is not None and scenario is not None:
        with _noting(faults, ("target",)):
            _check_defined(target, scenario, paths)
            moment = moment_of(target, scenario.policy)
    lever, second = _lever(scenario, "search", asked.search, faults), None
    if len(set(paths)) < len(paths):
        faults.add(("across", "lever"), "is the lever of the search itself", "name another one")
    else:
        second = _lever(scenario, "across", asked.across, faults)
    if faults.found or scenario is None or target is None or moment is None or lever is None:
        return None
    return Search(
        scenario,
        target,
        moment,
        lever,
        second,
        ground.replications if asked.replications is None else asked.replications,
        ground.seed if asked.seed is None else asked.seed,
    )


def _lever(
    scenario: Scenario | None, name: str, asked: LeverRange | None, faults: Faults
) -> Lever | None:
    """The lever, or None with its faults noted at it and at the ends of its range."""
    if asked is None:
        return None
    before = len(faults.found)
    with _noting(faults, (name, "lever")):
        check_lever(asked.lever)
        for end in ("lowest", "highest"):
            value = getattr(asked, end)
            if value is not None and scenario is not None:
                with _noting(faults, (name, end)):
                    with_values(scenario, {asked.lever: value})
        if scenario is not None and len(faults.found) == before:
            return lever_of(scenario, asked.lever, asked.lowest, asked.highest)
    return None


@contextmanager
def _noting(faults: Faults, path: KeyPath) -> Iterator[None]:
    """Take down what is wrong with a part of the question instead of stopping at it."""
    try:
        yield
    except AskedError as error:
        for each in error.problems:
            faults.add(path, each.message, each.allowed, each.suggestion)
    except ChangeError as error:
        for fault in error.given:
            message = f"{fault.field}: {fault.message}" if fault.field else fault.message
            faults.add(path, message, fault.allowed, fault.suggestion)


def _check_defined(target: Target, scenario: Scenario, levers: list[str]) -> None:
    if target.of.membership and not scenario.policy.partnership:
        raise refusal(f"{target.metric} is not defined in a scenario without a partnership")
    if target.moment == OWN_AGREEMENT and LENGTH in levers:
        raise refusal(
            "the agreement's own months change with its length, so that every value would be "
            "read over other months",
            "name a month, 'mean' or 'at end'",
        )
