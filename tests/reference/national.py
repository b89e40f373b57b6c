"""What comes from outside: the national hazard, service money, and the authority's own temper."""

from __future__ import annotations

import math

import numpy as np

from rsip_sim.evidence.months import parse_month, school_year
from rsip_sim.evidence.national import opening_hazard, relative_kappa, relative_orders
from rsip_sim.model.draws import Purpose
from rsip_sim.model.policy import Climate

from .clock import HISTORY
from .luck import Luck, Numbers

PHASES = ("primary", "secondary", "special", "other")
COMMON = 9  # entity of the part of the authority's temper that all phases share
LEAD = range(6, 10)  # applications of a month open about six to nine months later


def _held(values: list[float], index: int) -> float:
    """A series by index; beyond its end its last twelve months' mean."""
    if index >= len(values):
        last = values[-12:]
        return sum(last) / len(last)
    return values[index]


class NationalClimate:
    """Openings a month as a share of maintained schools, and the applications they call for."""

    def __init__(self, start: int, numbers: Numbers, luck: Luck) -> None:
        self.start, self.numbers, self.luck = start, numbers, luck
        self.series = opening_hazard()
        self.path = {0: 0.0}

    def applications(self, climate: Climate, phase: int, month: int) -> float:
        """g: chance of an application at a meeting of that model month."""
        p = self.numbers
        kappa = (p.kappa_primary, p.kappa_secondary, p.kappa_special)[phase]
        if climate.conversion == "observed":
            kappa *= float(relative_kappa(school_year(self.start + month + LEAD[0]))[phase])
        mean = sum(self.hazard(climate, phase, month + lead) for lead in LEAD) / len(LEAD)
        return kappa * mean * 4 / (1 - p.withdrawal_share)

    def order_factor(self, climate: Climate, phase: int, month: int) -> float:
        """Orders of a month to those of the plain rates.

        Observed ones are known by the openings about ten months later; under an uncertain climate
        orders move with the drift of their own month, and its mean is the plain rate.
        """
        if climate.conversion == "observed":
            return float(relative_orders(school_year(self.start + month + 10))[phase])
        if climate.conversion == "uncertain" and month > 0:
            sd, rho = self.numbers.climate_sd, self.persistence()
            variance = sd**2 * (1 - rho ** (2 * month))
            return float(np.exp(sd * self.drift(month) - variance / 2))
        return 1.0

    def hazard(self, climate: Climate, phase: int, month: int) -> float:
        kind = climate.conversion
        if kind == "observed":
            index = self.start + month - self.series.first
            return _held(list(map(float, self.series.converter[phase])), index) if index >= 0 else 0
        if kind == "table":
            table = dict(climate.opening_pct_per_month)
            rates = list(table[PHASES[phase]])
            return _held(rates, month) / 100 if month >= 0 else self.flat(phase)
        flat = self.flat(phase)
        if kind == "surge":
            return flat * 3 if 6 <= month < 18 else flat
        if kind == "uncertain" and month > 0:
            return flat * float(np.exp(self.numbers.climate_sd * self.drift(month)))
        return flat

    def flat(self, phase: int) -> float:
        """Mean of the seven months September 2010 to March 2011."""
        first = parse_month("2010-09") - self.series.first
        mean = float(sum(self.series.converter[phase][first : first + 7]) / 7)
        return mean if mean > 0 else self.flat(0)

    def persistence(self) -> float:
        return float(np.exp(-1 / self.numbers.climate_months))

    def drift(self, month: int) -> float:
        if month not in self.path:
            rho = self.persistence()
            shock = self.luck.normal(Purpose.CLIMATE_PATH, 0, self.start + month)
            self.path[month] = rho * self.drift(month - 1) + math.sqrt(1 - rho**2) * shock
        return self.path[month]


class Temper:
    """The authority's own effect on conversions and orders."""

    def __init__(self, start: int, numbers: Numbers, luck: Luck) -> None:
        self.start, self.numbers, self.luck = start, numbers, luck
        self.path: dict[tuple[int, int], float] = {}

    def _score(self, purpose: Purpose, phase: int, occasion: int) -> float:
        share = self.numbers.eta_phase_correlation
        common = self.luck.normal(purpose, COMMON, occasion)
        own = self.luck.normal(purpose, phase, occasion)
        return math.sqrt(share) * common + math.sqrt(1 - share) * own

    def fixed(self, phase: int) -> float:
        return self._score(Purpose.AUTHORITY_FIXED, phase, 0)

    def wandering(self, phase: int, month: int) -> float:
        if (phase, month) not in self.path:
            shock = self._score(Purpose.AUTHORITY_PATH, phase, self.start + month)
            if month == -HISTORY:
                self.path[phase, month] = shock
            else:
                rho = float(np.exp(-1 / self.numbers.eta_months))
                before = self.wandering(phase, month - 1)
                self.path[phase, month] = rho * before + math.sqrt(1 - rho**2) * shock
        return self.path[phase, month]

    def eta(self, phase: int, month: int) -> float:
        p = self.numbers
        sd = (p.eta_sd_primary, p.eta_sd_secondary, p.eta_sd_special)[phase]
        fixed = math.sqrt(p.eta_fixed_share) * self.fixed(phase)
        moving = math.sqrt(1 - p.eta_fixed_share) * self.wandering(phase, month)
        return sd * (fixed + moving) - sd**2 / 2

    def order_effect(self, phase: int) -> float:
        p = self.numbers
        own = math.sqrt(1 - p.order_correlation**2) * self.luck.normal(Purpose.ORDER_EFFECT)
        score = p.order_correlation * self.fixed(phase) + own
        return float(np.exp(p.order_effect_sd * score - p.order_effect_sd**2 / 2))

    def fall_effect(self) -> float:
        sd = self.numbers.fall_effect_sd
        return float(np.exp(sd * self.luck.normal(Purpose.FALL_EFFECT) - sd**2 / 2))


def service_money_of_an_academy(number: int, phase: int) -> float:
    """Pounds a pupil on the national path, by month number; what ended in 2017 is held."""
    at_first = 318.0 if phase == 1 else 302.0
    if number < parse_month("2012-09"):
        return at_first
    if number < parse_month("2013-09"):
        return at_first * 0.925
    return {2013: 150.0, 2014: 140.0, 2015: 87.0}.get(school_year(number), 77.0)
