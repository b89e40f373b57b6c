"""The parameters of one block: one set a replication, from the evidence or held by a planner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from rsip_sim.evidence.posterior import calibrated_sets
from rsip_sim.evidence.register import Register
from rsip_sim.model.arrays import FloatArray, IntArray
from rsip_sim.model.draws import Draws, Purpose, key_of
from rsip_sim.model.policy import Policy


class Parameters:
    """Values by register name: `parameters.b_price` is an array (replications,).

    Constants that are lists (need by grade, say) are read with `table`. What a lever would be
    where a scenario says it is uncertain is kept under its path, for `by`.
    """

    def __init__(self, values: Mapping[str, FloatArray], tables: Mapping[str, FloatArray]) -> None:
        """Hold the drawn values and the constant tables."""
        self._values = dict(values)
        self._tables = dict(tables)

    def __getattr__(self, name: str) -> FloatArray:
        """A parameter by its register name; AttributeError if there is none."""
        try:
            return self.__dict__["_values"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(f"no parameter is named '{name}'") from None

    def table(self, name: str) -> FloatArray:
        """A list-valued constant, shape as in the register."""
        return self._tables[name]

    def by(self, names: tuple[str, ...]) -> FloatArray:
        """Several parameters stacked: shape (names, replications)."""
        return np.stack([self._values[name] for name in names])

    def at(self, columns: IntArray, fixed: Mapping[str, ArrayLike]) -> Parameters:
        """The same for some columns, in any order, with some values held whatever was drawn.

        fixed  by register name: one for all columns, or one a column
        """
        values = {name: drawn[columns] for name, drawn in self._values.items()}
        for name in fixed.keys() & values.keys():
            values[name][:] = fixed[name]
        return Parameters(values, self._tables)

    @classmethod
    def side_by_side(cls, parts: Sequence[Parameters]) -> Parameters:
        """The parameters of several groups of columns, one after the other."""
        if len(parts) == 1:
            return parts[0]
        names = parts[0]._values
        values = {name: np.concatenate([part._values[name] for part in parts]) for name in names}
        return cls(values, parts[0]._tables)


HELD_BY_RULES: Mapping[tuple[str, str], Mapping[str, float]] = {
    # calibration takes it into account too, so that exits stay what they were found to be
    ("security", "unheeded"): {"b_secure": 0.0}
}
"""Rules that are otherwise by holding parameters at a value: (rule, its named value) → values."""

CENTRAL, UNCERTAIN, PRIOR = "central", "uncertain", "prior"


def draw_parameters(
    register: Register, fixed: Mapping[str, ArrayLike], how: str, draws: Draws
) -> Parameters:
    """The parameter sets of a block.

    how    "central": all at their central values. "uncertain": one set a replication, of which
           the calibrated parameters come together from the posterior sample and the others
           from their ranges, each by itself. "prior": all of them from their ranges, calibrated
           or not, as calibration itself needs them
    fixed  values that hold whatever is drawn, by register name: one for all replications, or one
           a replication. What is drawn for the others does not depend on them

    Raises PosteriorError where the posterior sample was fitted to other ranges.
    """
    values: dict[str, FloatArray] = {}
    tables: dict[str, FloatArray] = {}
    calibrated = _calibrated(register, draws) if how == UNCERTAIN else {}
    for parameter in register:
        name = parameter.name
        if parameter.kind == "lever" and parameter.distribution == "fixed":
            continue
        if isinstance(parameter.value, tuple):
            tables[name] = np.array(parameter.value, dtype=np.float64)
        elif name in fixed:
            values[name] = np.full(draws.size, fixed[name], dtype=np.float64)
        elif name in calibrated:
            values[name] = calibrated[name]
        elif how != CENTRAL and parameter.distribution != "fixed":
            uniform = draws.one(Purpose.PARAMETER, entity=key_of(name))
            values[name] = parameter.quantile(uniform)
        else:
            values[name] = np.full(draws.size, float(parameter.value))
    return Parameters(values, tables)


def _calibrated(register: Register, draws: Draws) -> dict[str, FloatArray]:
    """One of the equally credible sets for each replication; nothing without a sample."""
    posterior = calibrated_sets(register)
    if posterior is None:
        return {}
    rows = posterior.rows(draws.one(Purpose.PARAMETER_SET))
    return {name: posterior.values[rows, at] for at, name in enumerate(posterior.names)}


def held_parameters(policy: Policy) -> dict[str, float]:
    """What a policy holds of the parameters: a planner's own values, and those of its rules."""
    held = dict(policy.overrides)
    for rule in policy.structure:
        held |= HELD_BY_RULES.get(rule, {})
    return held
