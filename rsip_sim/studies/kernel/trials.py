"""Policies tried out in memory: a few outcomes in many futures, with nothing stored.

Decision analyses simulate hundreds of policies, or one policy at thousands of parameter sets, and
need a number or two of each. Luck and parameters can be varied apart: `replications` say which
luck, `held` says which parameter values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator

from rsip_sim.evidence.register import Parameter, load_register
from rsip_sim.evidence.rosters import Roster
from rsip_sim.experiment.pool import number_of_workers
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.tasks import filled, run_tasks
from rsip_sim.experiment.worker import BLOCK
from rsip_sim.measures.metrics import metrics_named
from rsip_sim.measures.moments import Moment, read_metrics
from rsip_sim.measures.runs import FloatArray
from rsip_sim.model.draws import Draws
from rsip_sim.model.parameters import draw_parameters
from rsip_sim.model.policy import UNCERTAIN, Policy
from rsip_sim.model.simulation import Portion, simulate_together
from rsip_sim.scenario.ranges import number_text, planner_error


@dataclass(frozen=True)
class Trial:
    """One policy in some futures, and what is read of them.

    replications  int (replications,): which luck, and where not held, which parameters
    metrics       names from METRICS;  moments: when they are read
    held          parameter values by register name, (replications,) each
    """

    policy: Policy
    roster: Roster
    seed: int
    replications: NDArray[np.int64]
    metrics: tuple[str, ...]
    moments: tuple[Moment, ...]
    held: Mapping[str, FloatArray] = field(default_factory=dict)


def measure(trial: Trial) -> FloatArray:
    """Each metric at each moment in every future: (metrics, moments, replications).

    All futures are simulated together: `measure_all` keeps them to blocks.
    """
    return measure_together([trial])[0]


def measure_together(
    trials: Sequence[Trial], each_month: Callable[[], object] | None = None
) -> list[FloatArray]:
    """What `measure` gives for each of some trials of one roster, seed and calendar."""
    portions = [Portion(each.policy, each.replications, each.held) for each in trials]
    outcomes = simulate_together(portions, trials[0].roster, trials[0].seed, each_month=each_month)
    return [
        read_metrics(
            outcome.panel, metrics_named(trial.metrics), trial.moments, trial.policy.partnership
        )
        for trial, outcome in zip(trials, outcomes, strict=True)
    ]


def measure_all(
    trials: Sequence[Trial],
    workers: int | None = None,
    progress: Progress | None = None,
    each_month: Callable[[], object] | None = None,
) -> list[FloatArray]:
    """What `measure` gives for each trial, over processes, in blocks as full as they can be.

    each_month  called as each month of a block begins, in the process that simulates it; what it
                raises ends the work
    """
    pieces = [(i, piece) for i, trial in enumerate(trials) for piece in _blocks_of(trial)]
    work = sum(len(piece.replications) for _, piece in pieces)
    blocks = list(_filled(pieces, number_of_workers(workers, len(pieces), work)))
    measured = run_tasks(
        partial(measure_together, each_month=each_month) if each_month else measure_together,
        [[piece for _, piece in block] for block in blocks],
        [sum(len(piece.replications) for _, piece in block) for block in blocks],
        workers,
        progress,
    )
    found: dict[int, list[FloatArray]] = {i: [] for i in range(len(trials))}
    for block, parts in zip(blocks, measured, strict=True):
        for (i, _), part in zip(block, parts, strict=True):
            found[i].append(part)
    return [np.concatenate(parts, axis=2) for parts in found.values()]


def _filled(
    pieces: Sequence[tuple[int, Trial]], processes: int
) -> Iterator[list[tuple[int, Trial]]]:
    """The pieces in blocks: those of one roster, seed and calendar share them.

    A block costs about as much as some hundred replications whatever its size, so few full ones
    are cheap; but pieces are spread over the processes where all would fit into fewer blocks.
    """
    alike: dict[object, list[tuple[int, Trial]]] = {}
    for i, piece in pieces:
        policy = piece.policy
        shared = piece.roster.digest, piece.seed, policy.start, policy.horizon_months
        alike.setdefault(shared, []).append((i, piece))
    work = sum(len(piece.replications) for _, piece in pieces)
    room = min(BLOCK, -(-work // processes))
    for group in alike.values():
        for block in filled([len(piece.replications) for _, piece in group], room):
            yield [group[place] for place in block]


def _blocks_of(trial: Trial) -> list[Trial]:
    pieces = []
    for first in range(0, len(trial.replications), BLOCK):
        block = slice(first, first + BLOCK)
        held = {name: values[block] for name, values in trial.held.items()}
        pieces.append(replace(trial, replications=trial.replications[block], held=held))
    return pieces


def drawn_under(policy: Policy) -> tuple[Parameter, ...]:
    """The uncertain parameters and levers that this policy does not hold at values of its own.

    A lever is one of what nobody local chooses, and the policy says of it, at the start or by its
    timeline, that it is uncertain.
    """
    register, held = load_register(), dict(policy.overrides)
    in_force = [policy.levers, *(levers for _, levers in policy.changes)]
    return (
        *(each for each in register.uncertain() if each.name not in held),
        *(
            each
            for each in register.drawn_levers()
            if any(attrgetter(each.name)(levers) == UNCERTAIN for levers in in_force)
        ),
    )


def parameter_values(
    policy: Policy, seed: int, replications: NDArray[np.int64]
) -> dict[str, FloatArray]:
    """What these futures drew of `drawn_under` the policy, by register name, (replications,) each.

    Draws are keyed, so they need not have been stored: the same seed gives them again.
    """
    held, draws = dict(policy.overrides), Draws(seed, replications)
    drawn = draw_parameters(load_register(), held, policy.parameters, draws)
    return {each.name: drawn.by((each.name,))[0] for each in drawn_under(policy)}


def parameters_shared(
    policies: Sequence[Policy], seed: int, replications: NDArray[np.int64]
) -> dict[str, FloatArray]:
    """What the futures drew of what varies under every one of these policies.

    A future has the same value of them under each policy, so differences can be set against them.
    """
    drawn = [parameter_values(policy, seed, replications) for policy in policies]
    first, *others = drawn
    return {
        name: values
        for name, values in first.items()
        if np.ptp(values) > 0 and all(np.array_equal(each.get(name, 0), values) for each in others)
    }


def register_range(parameter: Parameter) -> tuple[float, float, float]:
    """Low end, central value and high end in the register; TypeError where there is no range."""
    low, value, high = parameter.low, parameter.value, parameter.high
    if low is None or high is None or isinstance(value, tuple):
        raise TypeError(f"'{parameter.name}' is not drawn from a range")
    return low, value, high


FIRST_LOOK = 256


def looks(most: int, precision: float, first: int = FIRST_LOOK) -> tuple[int, ...]:
    """How many futures there are at each look: the first number, its doubles, all of them last.

    precision  0: there is nothing to look for before all are simulated
    """
    found = []
    while precision > 0 and first < most:
        found.append(first)
        first *= 2
    return (*found, most)


def _not_negative(value: float) -> float:
    if value < 0:
        raise planner_error(f"{number_text(value)} will not do", "0 or more")
    return value


Precision = Annotated[float, AfterValidator(_not_negative)]
"""How wide an interval may be; 0: no interval is narrow enough, and all futures are simulated."""


class Whole(Progress):
    """One count of progress over several runs of tasks."""

    def __init__(self, told: Progress | None, most: int) -> None:
        """Begin a whole of so many replications at most."""
        self._told: Progress = told or Progress()
        self._told.begin(most, 0)

    def begin(self, total: int, already: int) -> None:
        """Part of a whole that has begun."""

    def advance(self, replications: int) -> None:
        """So many more are done."""
        self._told.advance(replications)

    def end(self) -> None:
        """Only a part has ended."""

    def finish(self) -> None:
        """The whole is done."""
        self._told.end()
