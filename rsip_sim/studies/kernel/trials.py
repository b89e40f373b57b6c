"""Policies tried out in memory: a few outcomes in many futures, with nothing stored.

Decision analyses simulate hundreds of policies, or one policy at thousands of parameter sets, and
need a number or two of each. Luck and parameters can be varied apart: `replications` say which
luck, `held` says which parameter values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from rsip_sim.evidence.register import Parameter, load_register
from rsip_sim.evidence.rosters import Roster
from rsip_sim.experiment.pool import number_of_workers
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.tasks import run_tasks
from rsip_sim.experiment.worker import BLOCK
from rsip_sim.measures.metrics import METRICS, Metric, metrics_named
from rsip_sim.measures.moments import Moment, main_moment, moments_of, unit_at
from rsip_sim.measures.metrics import metrics_named
from rsip_sim.measures.moments import Moment
from rsip_sim.measures.panels import read_metrics
from rsip_sim.measures.runs import FloatArray
from rsip_sim.model.draws import Draws
from rsip_sim.model.parameters import draw_parameters
from rsip_sim.model.policy import Policy
from rsip_sim.model.simulation import simulate_block, simulate_policies
from rsip_sim.scenario import Scenario, with_values
from rsip_sim.studies.kernel.asking import AskedError, metric_fault, moment_fault

LEVEL, DIFFERENCE = 0, 1
KINDS = ("level", "difference")
"""What is read of a pair: the scenario's own outcome, and that less the baseline's."""


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
    panel = simulate_block(
        trial.policy, trial.roster, trial.seed, trial.replications, trial.held
    ).panel
    chosen = metrics_named(trial.metrics)
    return read_metrics(panel, chosen, trial.moments, trial.policy.partnership)


def measure_together(trials: Sequence[Trial]) -> list[FloatArray]:
    """What `measure` gives for each of some trials that may share a block."""
    if len(trials) == 1:
        return [measure(trials[0])]
    first = trials[0]
    policies = [trial.policy for trial in trials]
    outcomes = simulate_policies(policies, first.roster, first.seed, first.replications, first.held)
    return [
        read_metrics(
            outcome.panel, metrics_named(trial.metrics), trial.moments, trial.policy.partnership
        )
        for trial, outcome in zip(trials, outcomes, strict=True)
    ]


def measure_all(
    trials: Sequence[Trial], workers: int | None = None, progress: Progress | None = None
) -> list[FloatArray]:
    """What `measure` gives for each trial, over processes, in blocks as full as they can be."""
    pieces = [(i, piece) for i, trial in enumerate(trials) for piece in _blocks_of(trial)]
    work = sum(len(piece.replications) for _, piece in pieces)
    blocks = list(_filled(pieces, number_of_workers(workers, len(pieces), work)))
    measured = run_tasks(
        measure_together,
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
    """The pieces in blocks: those of one roster, calendar and futures share them.

    A block costs about as much as some hundred replications whatever its size, so few full ones
    are cheap; but every process is given one where there are as many pieces.
    """
    alike: dict[object, list[tuple[int, Trial]]] = {}
    for i, piece in pieces:
        alike.setdefault(_shared(piece), []).append((i, piece))
    for group in alike.values():
        room = BLOCK // max(len(group[0][1].replications), 1)
        size = max(1, min(room, -(-len(group) // processes)))
        for first in range(0, len(group), size):
            yield group[first : first + size]


def _shared(trial: Trial) -> object:
    """What trials must have in common to share a block."""
    held = tuple((name, values.tobytes()) for name, values in trial.held.items())
    policy = trial.policy
    return (
        trial.roster.digest, trial.seed, policy.start, policy.horizon_months,
        trial.replications.tobytes(), held,
    )  # fmt: skip


def _blocks_of(trial: Trial) -> list[Trial]:
    pieces = []
    for first in range(0, len(trial.replications), BLOCK):
        block = slice(first, first + BLOCK)
        held = {name: values[block] for name, values in trial.held.items()}
        pieces.append(replace(trial, replications=trial.replications[block], held=held))
    return pieces


def parameter_values(
    policy: Policy, seed: int, replications: NDArray[np.int64]
) -> dict[str, FloatArray]:
    """The uncertain parameters that these futures drew, by register name, (replications,) each.

    Draws are keyed, so they need not have been stored: the same seed gives them again.
    Parameters that the scenario holds at a value of its own are left out.
    """
    held = dict(policy.overrides)
    register = load_register()
    drawn = draw_parameters(register, held, policy.parameters, Draws(seed, replications))
    return {p.name: getattr(drawn, p.name) for p in register.uncertain() if p.name not in held}


def parameters_shared(
    policies: Sequence[Policy], seed: int, replications: NDArray[np.int64]
) -> dict[str, FloatArray]:
    """What the futures drew of the parameters that vary under every one of these policies.

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


@dataclass(frozen=True)
class Pair:
    """A scenario, its baseline, and the outcomes that are read of both.

    seed     of the luck, which both share
    metrics  what is read, by name;  moments: when, under the baseline and under the scenario
    """

    baseline: Scenario
    scenario: Scenario
    seed: int
    metrics: tuple[str, ...]
    moments: tuple[Moment, Moment]

    @property
    def moment(self) -> Moment:
        """When the scenario is read."""
        return self.moments[1]

    def read(self) -> tuple[Metric, ...]:
        """The metrics themselves."""
        return metrics_named(self.metrics)

    def unit(self, metric: Metric) -> str:
        """Unit of a metric at this moment."""
        return unit_at(metric, self.moment)

    def trials(
        self,
        luck: NDArray[np.int64],
        held: Mapping[str, FloatArray] | None = None,
        levers: Mapping[str, object] | None = None,
    ) -> list[Trial]:
        """Both policies in these futures; `outcomes` reads what comes of them.

        luck    int (futures,): which replications' luck
        held    parameter values by register name, (futures,) each
        levers  values of fields that both scenarios take, by dotted path
        """
        return [
            Trial(
                (with_values(each, levers) if levers else each).policy,
                each.roster,
                self.seed,
                luck,
                self.metrics,
                (moment,),
                held or {},
            )
            for each, moment in zip((self.baseline, self.scenario), self.moments, strict=True)
        ]


def outcomes(measured: Sequence[FloatArray]) -> FloatArray:
    """Level and difference (2, metrics, futures) of what both trials of a pair measured."""
    baseline, level = (each[:, 0] for each in measured)
    return np.stack([level, paired(level, baseline)])


def pair_of(
    baseline: Scenario,
    scenario: Scenario,
    seed: int,
    metrics: Sequence[str],
    at: str | None,
    also: Fault | None = None,
) -> Pair:
    """The pair to ask about.

    at    name of a moment; None: the one on which a comparison of the two would stand
    also  another fault of what was asked, to be told with these
    AskedError with every fault: an unknown metric or moment, one that is not defined here.
    """
    pair = (baseline, scenario)
    before, after = (moments_of(each.policy, each.policy.horizon_months) for each in pair)
    chosen = at or main_moment(after)
    faults = [_same_fault(pair), *(_metric_fault(name, pair) for name in metrics)]
    faults += [moment_fault(chosen, [name for name in before if name in after]), also]
    if found := [fault for fault in faults if fault]:
        raise AskedError(found)
    names = tuple(dict.fromkeys(metrics))
    return Pair(baseline, scenario, seed, names, (before[chosen], after[chosen]))


def defined_in(metric: Metric, scenarios: Sequence[Scenario]) -> bool:
    """Whether a metric exists in all of these scenarios."""
    return not metric.membership or all(each.policy.partnership for each in scenarios)


def _same_fault(pair: tuple[Scenario, Scenario]) -> Fault | None:
    if pair[0].name != pair[1].name:
        return None
    message = f"'{pair[0].name}' cannot be compared with itself"
    return Fault("", 0, 0, "", message, "name another with --scenario or --baseline")


def _metric_fault(name: str, scenarios: Sequence[Scenario]) -> Fault | None:
    fault = metric_fault(name)
    if fault or defined_in(METRICS[name], scenarios):
        return fault
    without = next(each.title for each in scenarios if not each.policy.partnership)
    message = f"{METRICS[name].noun} is not defined without a partnership ('{without}')"
    return Fault("", 0, 0, "", message, "use cohesion" if name == "cohesion_all" else "")
