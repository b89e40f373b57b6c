"""What no school decides: the national climate, this authority's temper, the mood of its bodies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
from scipy.special import ndtr

from rsip_sim.evidence.months import school_year
from rsip_sim.evidence.national import NationalSeries, relative_kappa, relative_orders
from rsip_sim.model.arrays import FloatArray
from rsip_sim.model.calendar import HISTORY_MONTHS, Calendar
from rsip_sim.model.draws import Draws, Purpose, normal
from rsip_sim.model.parameters import Parameters
from rsip_sim.model.policy import UNCERTAIN, Climate, Group
from rsip_sim.model.rules import climate as rules
from rsip_sim.model.world import World

COMMON = 9  # entity of the draws shared by all phases
ORDER_LEAD_MONTHS = 10  # an order opens 9 to 12 months later
WINTER = (2010 * 12 + 8, 2011 * 12 + 2)  # September 2010 to March 2011
_KAPPAS = ("kappa_primary", "kappa_secondary", "kappa_special")
_DEVIATIONS = ("eta_sd_primary", "eta_sd_secondary", "eta_sd_special")


class NationalClimate:
    """Application rates under each policy's climate: `rates(month)`, (3 phases, replications)."""

    def __init__(
        self,
        groups: Sequence[Group],
        calendar: Calendar,
        series: NationalSeries,
        parameters: Parameters,
        draws: Draws,
    ) -> None:
        """Draw the path of an uncertain climate; it starts from what was known."""
        self._groups = groups
        self._start = calendar.start
        self._series = series
        self._kappa = parameters.by(_KAPPAS)
        self._withdrawal = parameters.withdrawal_share
        self._flat = rules.flat_hazard(series.converter, series.first, WINTER)
        self._size = draws.size
        self._sd = parameters.climate_sd
        self._memory = rules.autoregression(parameters.climate_months)
        self._path = self._draw_path(calendar, draws)
        self._factors = [np.exp(self._sd * path) for path in self._path]

    def _draw_path(self, calendar: Calendar, draws: Draws) -> list[FloatArray]:
        """N ÷ its sd for model months 1 … horizon + 9; N starts from 0 at the start."""
        months = np.arange(1, calendar.horizon_months + rules.LEAD_MONTHS[-1] + 1)
        entities = np.zeros(len(months), dtype=np.uint64)
        uniform = draws.uniform(entities, Purpose.CLIMATE_PATH, calendar.start + months)
        return rules.paths(np.zeros(self._size), normal(uniform), self._memory)[1:]

    def rates(self, month: int) -> FloatArray:
        """g at a model month: applications per meeting, (3, replications)."""
        window = np.empty((len(rules.LEAD_MONTHS), len(_KAPPAS), self._size))
        normalisation = np.empty((len(_KAPPAS), self._size))
        for climate, columns in self._climates():
            for row, lead in enumerate(rules.LEAD_MONTHS):
                window[row][:, columns] = self._hazard(month + lead, climate, columns)
            normalisation[:, columns] = self._normalisation(month, climate, columns)
        return rules.application_rate(window, normalisation, self._withdrawal)

    def order_factor(self, month: int) -> FloatArray:
        """Orders of a month ÷ those of the register's rates, (3 phases, replications).

        Under the observed climate as they were; under the uncertain one they move with it.
        """
        factor = np.ones((len(_KAPPAS), self._size))
        year = school_year(self._start + month + ORDER_LEAD_MONTHS)
        for climate, columns in self._climates():
            if climate.conversion == "observed":
                factor[:, columns] = relative_orders(year)[:, None]
            elif climate.conversion == UNCERTAIN and month > 0:
                factor[:, columns] = rules.order_climate(
                    self._path[month - 1], self._sd, self._memory, month
                )[columns]
        return factor

    def _climates(self) -> Iterator[tuple[Climate, slice]]:
        """The climates now in force, and their columns: groups side by side may share one."""
        for climate, sharing in groupby(self._groups, key=lambda group: group.levers.climate):
            columns = [group.columns for group in sharing]
            yield climate, slice(columns[0].start, columns[-1].stop)

    def _hazard(self, month: int, climate: Climate, columns: slice) -> FloatArray:
        """Opening hazard a month in some columns, (3, 1) or (3, columns)."""
        if climate.conversion == "observed":
            hazard = rules.series_at(
                self._series.converter, self._series.first, self._start + month
            )
        elif climate.conversion == "table":
            hazard = self._from_table(month, climate)
        else:
            hazard = self._flat
        if climate.conversion == "surge":
            hazard = hazard * rules.surge_factor(month)
        if climate.conversion == UNCERTAIN and month > 0:
            return np.asarray(hazard[:, None] * self._factors[month - 1][columns])
        return hazard[:, None]

    def _from_table(self, month: int, climate: Climate) -> FloatArray:
        """A planner's own table, from the scenario's start; the flat rate before it."""
        if month < 0:
            return self._flat
        table = dict(climate.opening_pct_per_month)
        rows = [
            rules.series_at(np.array([table[phase]]) / 100.0, 0, month)[0]
            for phase in ("primary", "secondary", "special")
        ]
        return np.array(rows)

    def _normalisation(self, month: int, climate: Climate, columns: slice) -> FloatArray:
        """Kappa: by school year of the opening under the observed climate, else that of 2011-13."""
        kappa = self._kappa[:, columns]
        if climate.conversion != "observed":
            return kappa
        year = school_year(self._start + month + rules.LEAD_MONTHS[0])
        return np.asarray(kappa * relative_kappa(year)[:, None])


class AuthorityTemper:
    """How this authority differs from the nation: `effect(month)`, log rate (3, replications)."""

    def __init__(self, calendar: Calendar, parameters: Parameters, draws: Draws) -> None:
        """Draw the lasting part and the path of the drifting part of each phase."""
        self._first = -HISTORY_MONTHS
        correlation = np.clip(parameters.eta_phase_correlation, 0.0, 1.0)
        self._shared, self._single = np.sqrt(correlation), np.sqrt(1.0 - correlation)
        self.fixed = self._by_phase(
            [draws.normal(Purpose.AUTHORITY_FIXED, 0, e) for e in _ENTITIES]
        )
        self._deviation = parameters.by(_DEVIATIONS)
        self._fixed_share = parameters.eta_fixed_share
        self._paths = self._draw_paths(calendar, parameters, draws)

    def _by_phase(self, normals: list[FloatArray]) -> FloatArray:
        common = normals[-1]
        return np.stack([self._shared * common + self._single * own for own in normals[:-1]])

    def _draw_paths(
        self, calendar: Calendar, parameters: Parameters, draws: Draws
    ) -> list[FloatArray]:
        memory = rules.autoregression(parameters.eta_months)
        numbers = calendar.start + np.arange(self._first, calendar.horizon_months)
        shocks = [
            normal(draws.uniform(np.full(len(numbers), entity), Purpose.AUTHORITY_PATH, numbers))
            for entity in _ENTITIES
        ]
        paths = [rules.paths(shock[0], shock[1:], memory) for shock in shocks]
        return [self._by_phase(list(each)) for each in zip(*paths, strict=True)]

    def effect(self, month: int) -> FloatArray:
        """eta at a model month, (3, replications)."""
        path = self._paths[month - self._first]
        return rules.authority_effect(self._deviation, self._fixed_share, self.fixed, path)


_ENTITIES = (0, 1, 2, COMMON)


class Disposition:
    """A normal score a year, correlated, whose uniform is compared with a probability.

    One fixed score would make new offers dead letters, a fresh one each year a toss of a coin.
    """

    def __init__(self, world: World, purpose: Purpose) -> None:
        """Begin with the calendar year of the start."""
        self._world = world
        self._purpose = purpose
        self._year = world.calendar.start // 12
        self._score = world.draws.normal(purpose, self._year)

    def uniform(self, year: int) -> FloatArray:
        """The uniform of a calendar year, (replications,); years must not go backwards."""
        while self._year < year:
            self._year += 1
            self._score = rules.next_path(
                self._score,
                self._world.draws.normal(self._purpose, self._year),
                self._world.parameters.disposition_correlation,
            )
        return np.asarray(ndtr(self._score))
