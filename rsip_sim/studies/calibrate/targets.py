"""What calibration fits to: a file of quantities, tolerances and parameters, read and checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import AfterValidator, Field, ValidationError

from rsip_sim.evidence.faults import Fault
from rsip_sim.evidence.register import load_register
from rsip_sim.measures.runs import FloatArray
from rsip_sim.scenario.names import near
from rsip_sim.scenario.problems import Vocabulary, anywhere, in_order, meant_otherwise, problems_of
from rsip_sim.scenario.ranges import number_text, planner_error, refuse_outside
from rsip_sim.scenario.reading import FileKind, read_document, visible
from rsip_sim.scenario.schema import Closed
from rsip_sim.studies.calibrate.patterns import CATALOGUE
from rsip_sim.studies.kernel.asking import AskedError

TARGETS = Path("experiments/calibration/targets.yaml")
_KIND = FileKind("targets", f"{TARGETS} is an example", "write the value out")


LARGEST = 1_000_000
"""Number, tolerance or quantity; with more, nothing would be fitted."""


def _positive(value: float) -> float:
    if not 0 < value <= LARGEST:
        words = "is not above 0" if value <= 0 else f"{number_text(value)} is too large"
        raise planner_error(words, f"above 0, at most {number_text(LARGEST)}")
    return value


def _seed(value: int) -> int:
    refuse_outside("run.seed", value)
    return value


def _quantity(name: str) -> str:
    return _known(name, CATALOGUE, "quantity")


def _uncertain(name: str) -> str:
    return _known(name, [each.name for each in load_register().uncertain()], "uncertain parameter")


def _known(name: str, names: Collection[str], what: str) -> str:
    if name not in names:
        raise planner_error(f"no {what} is named '{visible(name)}'", suggestion=near(name, names))
    return name


Number = Annotated[int, AfterValidator(_positive)]
Size = Annotated[float, AfterValidator(_positive)]
Names = Annotated[list[Annotated[str, AfterValidator(_uncertain)]], Field(min_length=1)]


class Target(Closed):
    """One quantity and how near to England's the model should come, beyond luck."""

    name: Annotated[str, AfterValidator(_quantity)]
    tolerance: Size
    relative: bool = False


class Measured(Closed):
    """A value that was measured, and how near the model should come."""

    value: Size
    tolerance: Size


class Membership(Closed):
    """Of Rotherham's runs: the share that joins at the founding, and that leaves in a year."""

    founding: Measured
    exits: Measured


class Rotherham(Closed):
    """How near a future must come to Rotherham's two years (square roots of counts)."""

    width: Size


class FittedNames(Closed):
    """Parameters that are fitted in every authority, or only where there is a partnership."""

    everywhere: Names
    partnership: Names


class Targets(Closed):
    """A file of targets."""

    targets: Annotated[list[Target], Field(min_length=1)]
    parameters: FittedNames
    rotherham: Rotherham
    membership: Membership
    seed: Annotated[int, AfterValidator(_seed)]
    replications: Number
    """Parameter sets simulated with each authority."""
    rotherham_replications: Number
    sets_kept: Number
    """Size of the sample."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the quantities."""
        return tuple(target.name for target in self.targets)

    @property
    def fitted(self) -> tuple[str, ...]:
        """All fitted parameters, those of every authority first."""
        return (*self.parameters.everywhere, *self.parameters.partnership)

    def tolerances(self, seen: FloatArray) -> FloatArray:
        """Standard deviations allowed to the model: (quantities,)."""
        return np.array(
            [
                target.tolerance * (abs(value) if target.relative else 1.0)
                for target, value in zip(self.targets, seen, strict=True)
            ]
        )


def load_targets(path: Path) -> Targets:
    """Read a file of targets; AskedError with every fault of it."""
    if not path.exists():
        words = "run it in the folder of the clone, or name another file with --targets"
        raise AskedError([Fault(str(path), 0, 0, "", "there is no such file", words)])
    document = read_document(path, str(path), _KIND)
    meanings = meant_otherwise(document, anywhere)
    faults = [*document.faults, *(each.fault(document) for each in meanings)]
    names = Vocabulary(_unknown, defaultdict(lambda: f"it as in {TARGETS}"))
    try:
        targets = Targets.model_validate(document.values)
    except ValidationError as error:
        faults += [
            each.fault(document)
            for each in problems_of(error, document, names=names)
            if document.complete or each.message != "is missing"
        ]
    if faults:
        raise AskedError(in_order(faults, [str(path)]))
    return targets


def _unknown(path: str) -> tuple[str, str, str]:
    kinds = (Targets, FittedNames, Rotherham, Membership, Measured, Target)
    known = [name for kind in kinds for name in kind.model_fields]
    return "there is no such field", "", near(path.rpartition(".")[2], known)
