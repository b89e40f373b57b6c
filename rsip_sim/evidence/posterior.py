"""The calibrated parameter sets: what the uncertain parameters may be, given the openings to 2013.

`data/posterior.csv` holds one set a row and one parameter a column, all sets equally credible;
`data/posterior.yaml` says what it was made from. `rsip calibrate` writes both.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from rsip_sim.evidence.register import Parameter, Register

DATA = Path(__file__).parent / "data"
VALUES, RECORD = "posterior.csv", "posterior.yaml"


class PosteriorError(ValueError):
    """A stored sample that does not fit its record; the message says how."""


@dataclass(frozen=True, eq=False)
class Posterior:
    """Equally credible parameter sets.

    names     register names of the calibrated parameters
    values    float (sets, names), read-only
    digest    sha256 of the values as stored: part of the identity of every result that uses them
    evidence  sha256 of what they were fitted to
    prior     sha256 of the ranges they were fitted from, as `prior_digest` gives it
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    digest: str
    evidence: str
    prior: str

    @property
    def sets(self) -> int:
        """Number of parameter sets."""
        return len(self.values)

    def rows(self, uniform: NDArray[np.float64]) -> NDArray[np.int64]:
        """The set that each uniform draw picks (0 < uniform < 1)."""
        return np.minimum((uniform * self.sets).astype(np.int64), self.sets - 1)

    def column(self, name: str) -> NDArray[np.float64]:
        """Values of one parameter (sets,); ValueError if it was not calibrated."""
        return np.asarray(self.values[:, self.names.index(name)])

    def is_current(self, register: Register) -> bool:
        """Whether the register still has the ranges the sample was fitted from."""
        known = all(name in register for name in self.names)
        return known and prior_digest(register[name] for name in self.names) == self.prior


def prior_digest(parameters: Iterable[Parameter]) -> str:
    """Sha256 of the ranges of some parameters; words and sources do not enter."""
    facts = [
        (p.name, p.value, p.low, p.high, p.distribution, p.minimum, p.maximum) for p in parameters
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


@cache
def load_posterior() -> Posterior | None:
    """The sample of the package, read once; None if there is none."""
    return read_posterior(DATA)


def calibrated_sets(register: Register) -> Posterior | None:
    """The sample of the package; PosteriorError if it was fitted to other ranges than these."""
    posterior = load_posterior()
    if posterior is not None and not posterior.is_current(register):
        raise PosteriorError(
            "the parameter register has changed since the parameters were calibrated; "
            "run 'rsip calibrate'"
        )
    return posterior


def read_posterior(folder: Path) -> Posterior | None:
    """The sample stored in a folder, None if there is none; PosteriorError if it is damaged."""
    values_path, record_path = folder / VALUES, folder / RECORD
    if not values_path.exists() or not record_path.exists():
        return None
    data = values_path.read_bytes()
    record = yaml.safe_load(record_path.read_text(encoding="utf-8"))
    digest = hashlib.sha256(data).hexdigest()
    if digest != record["values_sha256"]:
        raise PosteriorError(f"{VALUES} is not the file that {RECORD} describes")
    header, _, body = data.decode("utf-8").partition("\n")
    names = tuple(header.split(","))
    values = np.array([line.split(",") for line in body.split()], dtype=np.float64)
    if values.ndim != 2 or values.shape[1] != len(names):
        raise PosteriorError(f"{VALUES} does not have one value for each of its {len(names)} names")
    values.setflags(write=False)
    return Posterior(names, values, digest, record["evidence_sha256"], record["prior_sha256"])


def write_posterior(
    folder: Path, names: tuple[str, ...], values: NDArray[np.float64], record: dict[str, object]
) -> None:
    """Store a sample; record must hold evidence_sha256 and prior_sha256.

    Five significant digits are kept. Each file is written under another name first.
    """
    buffer = io.StringIO()
    np.savetxt(buffer, values, "%.5g", delimiter=",", header=",".join(names), comments="")
    data = buffer.getvalue().encode()
    whole = {"values_sha256": hashlib.sha256(data).hexdigest(), "sets": len(values), **record}
    text = yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=100)
    for name, content in ((VALUES, data), (RECORD, text.encode())):
        draft = folder / f".{name}.{os.getpid()}.part"
        try:
            draft.write_bytes(content)
            os.replace(draft, folder / name)
        finally:
            draft.unlink(missing_ok=True)
