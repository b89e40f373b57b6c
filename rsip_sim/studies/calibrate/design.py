"""The simulations behind calibration: which sets, which authorities, and what was seen of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.special import ndtri

from rsip_sim.evidence.faults import nearest
from rsip_sim.evidence.register import load_register
from rsip_sim.experiment.authority_runs import (
    KNOWN,
    ROTHERHAM,
    START,
    Job,
    Openings,
    policy_for,
    roster_of,
    seed_of,
)
from rsip_sim.experiment.errors import ExperimentError
from rsip_sim.model.draws import Draws, Purpose, key_of
from rsip_sim.model.parameters import PRIOR
from rsip_sim.studies.calibrate.patterns import CATALOGUE

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

HORIZON = KNOWN - START + 1


class TargetsError(ExperimentError):
    """A targets file that cannot be used; the message says why."""


@dataclass(frozen=True)
class Target:
    """One quantity and how near to England's the model should come, beyond luck."""

    name: str
    tolerance: float
    relative: bool


@dataclass(frozen=True)
class Targets:
    """A targets file.

    everywhere, partnership  parameters fitted: in every authority, or only with a partnership
    founding, exits          (value, tolerance) of membership in Rotherham's runs
    digest_source            the bytes of the file
    """

    targets: tuple[Target, ...]
    everywhere: tuple[str, ...]
    partnership: tuple[str, ...]
    rotherham_width: float
    founding: tuple[float, float]
    exits: tuple[float, float]
    seed: int
    replications: int
    rotherham_replications: int
    sets_kept: int
    digest_source: bytes

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the quantities."""
        return tuple(target.name for target in self.targets)

    @property
    def parameters(self) -> tuple[str, ...]:
        """All fitted parameters, those of every authority first."""
        return self.everywhere + self.partnership

    def tolerances(self, seen: FloatArray) -> FloatArray:
        """Standard deviations allowed to the model: (quantities,)."""
        return np.array(
            [
                target.tolerance * (abs(value) if target.relative else 1.0)
                for target, value in zip(self.targets, seen, strict=True)
            ]
        )


def load_targets(path: Path) -> Targets:
    """Read a targets file; TargetsError names what is wrong with it."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        words = "run it in the folder of the clone, or name another file with --targets"
        raise TargetsError(f"{path}: there is no such file; {words}") from error
    except OSError as error:
        raise TargetsError(f"{path}: {error.strerror or error}") from error
    try:
        content = yaml.safe_load(data)
        targets = tuple(_target(entry) for entry in content["targets"])
        names = content["parameters"]
        membership = content["membership"]
        loaded = Targets(
            targets,
            tuple(names["everywhere"]),
            tuple(names["partnership"]),
            float(content["rotherham"]["width"]),
            _pair(membership["founding"]),
            _pair(membership["exits"]),
            int(content["seed"]),
            int(content["replications"]),
            int(content["rotherham_replications"]),
            int(content["sets_kept"]),
            data,
        )
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise TargetsError(f"{path}: {error}") from error
    _check(path, loaded)
    return loaded


def _target(entry: Mapping[str, Any]) -> Target:
    return Target(entry["name"], float(entry["tolerance"]), bool(entry.get("relative", False)))


def _pair(entry: Mapping[str, Any]) -> tuple[float, float]:
    return float(entry["value"]), float(entry["tolerance"])


def _check(path: Path, targets: Targets) -> None:
    for name in targets.names:
        if name not in CATALOGUE:
            raise TargetsError(
                f"{path}: no quantity is named '{name}'; nearest: '{nearest(name, CATALOGUE)}'"
            )
    drawn = [parameter.name for parameter in load_register().uncertain()]
    for name in targets.parameters:
        if name not in drawn:
            raise TargetsError(
                f"{path}: '{name}' is not an uncertain parameter; nearest: '{nearest(name, drawn)}'"
            )


def prior_scores(seed: int, replications: IntArray, names: Sequence[str]) -> FloatArray:
    """Normal scores of the parameters that the model draws from the prior: (sets, names)."""
    draws = Draws(seed, replications)
    uniform = [draws.one(Purpose.PARAMETER, entity=key_of(name)) for name in names]
    return np.asarray(ndtri(np.stack(uniform, axis=1)))


def values_of(scores: FloatArray, names: Sequence[str]) -> FloatArray:
    """Parameter values of normal scores: (sets, names)."""
    from scipy.special import ndtr

    register = load_register()
    uniform = ndtr(scores)
    columns = [register[name].quantile(uniform[:, i]) for i, name in enumerate(names)]
    return np.stack(columns, axis=1)


def job_of(authority: str, seed: int, replications: IntArray, parameters: str = PRIOR) -> Job:
    """The two years of one authority, every replication with its own parameter set."""
    policy = policy_for(authority, HORIZON, parameters)
    return Job(authority, policy, seed_of(seed, authority), replications)


def at_start(authority: str) -> tuple[FloatArray, FloatArray]:
    """Academies (2 routes, 3 phases) and schools (3 phases) of an authority's roster."""
    roster = roster_of(authority)
    academies = np.zeros((2, 3))
    schools = np.zeros(3)
    for phase in range(3):
        here = roster.phase == phase
        schools[phase] = here.sum()
        for route in range(2):
            academies[route, phase] = (
                here & (roster.route == route + 1) & (roster.legal_status == 1)
            ).sum()
    return academies, schools


def rotherham_quantities(outcome: Openings, seen: IntArray, width: float) -> FloatArray:
    """Likeness to Rotherham's two years, founding share, yearly exits, openings: (replications, 4).

    seen  (2 routes, 3 phases) openings of May 2011 to April 2013
    """
    if outcome.authority != ROTHERHAM:
        raise ValueError("only Rotherham's own runs can be compared with Rotherham")
    gained = outcome.openings[1 : KNOWN - START + 1].sum(axis=0, dtype=np.int64)
    distance = (np.sqrt(gained) - np.sqrt(seen)) / width
    like = np.exp(-0.5 * (distance**2).sum(axis=(1, 2)))
    total = gained.sum(axis=(1, 2)).astype(np.float64)
    return np.stack([like, outcome.founding, outcome.exits, total], axis=1)
