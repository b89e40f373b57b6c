"""The parameters of one block: one set a replication, from the register or a planner's override."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rsip_sim.evidence.register import Register
from rsip_sim.model.arrays import FloatArray
from rsip_sim.model.draws import Draws, Purpose, key_of


class Parameters:
    """Values by register name: `parameters.b_price` is an array (replications,).

    Constants that are lists (need by grade, say) are read with `table`.
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


def draw_parameters(
    register: Register, overrides: Mapping[str, float], uncertain: bool, draws: Draws
) -> Parameters:
    """The parameter sets of a block.

    uncertain  True: each uncertain parameter is drawn from its range, one value a replication,
               independently of the others; False: all at their central values
    overrides  values the planner has fixed; they hold in every replication
    """
    values: dict[str, FloatArray] = {}
    tables: dict[str, FloatArray] = {}
    for parameter in register:
        if parameter.kind == "lever":
            continue
        if isinstance(parameter.value, tuple):
            tables[parameter.name] = np.array(parameter.value, dtype=np.float64)
        elif parameter.name in overrides:
            values[parameter.name] = np.full(draws.size, float(overrides[parameter.name]))
        elif uncertain and parameter.kind == "uncertainty":
            uniform = draws.one(Purpose.PARAMETER, entity=key_of(parameter.name))
            values[parameter.name] = parameter.quantile(uniform)
        else:
            values[parameter.name] = np.full(draws.size, float(parameter.value))
    return Parameters(values, tables)
