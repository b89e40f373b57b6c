"""Fit kappa: with it the generic authorities together open as many academies as England did.

    python -m experiments.normalisation.fit [--parameters uncertain] [--replications 128]

Two steps, both under the observed climate and without a partnership:

1. kappa by phase, from the openings of September 2011 to March 2013. What opened from April to
   August 2011 was applied for in the winter before, when only some schools were eligible; it gets
   a kappa of its own, the ratio of the school year 2010. Nothing later than March 2013 is used.
   Special schools began to open in September 2011; their year 2010 is not fitted.
2. By school year to 2015, as ratios: kappa to that of step 1, and academy orders to those that the
   register's rates give, which are calibrated to what opened in the school year 2012. A
   normalisation to the national series, year by year. Only the observed climate reads it.

Writes rsip_sim/evidence/data/normalisation.yaml and prints kappa for register.yaml, which a
person must copy. Takes about ten minutes on one processor. Run it before `rsip calibrate`, and
again with the calibrated sample, until neither moves.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from experiments.normalisation.england import TWO_YEARS, national_policy, simulate_england
from rsip_sim.evidence import national
from rsip_sim.evidence.months import parse_month, school_year
from rsip_sim.evidence.national import PHASES, opening_hazard, relative_kappa
from rsip_sim.evidence.register import load_register

Array = NDArray[np.float64]
TARGET = Path(national.__file__).parent / "data" / "normalisation.yaml"
START = parse_month("2011-04")
FIRST_YEAR, LAST_YEAR = 2010, 2015
YEAR_OF_ORDERS = 2012  # to which the order rates of the register are calibrated
FIRST_ORDERED = 2011  # before it nothing ordered had opened
MOST = 10.0  # beyond it a ratio would only exhaust the few schools at risk
LONG = parse_month("2016-09") - START
SPECIAL = PHASES.index("special")
_COMMENT = """\
# By school year of the opening: kappa divided by kappa of 2011-13, and academy orders divided by
# those that the order rates give; both are in register.yaml. Columns: primary, secondary, special.
# Made by experiments/normalisation/fit.py with {parameters} parameters, seed {seed}; {first}
# replications of 149 generic authorities to March 2013, {second} to August 2016. Kappa it belongs
# to: {kappa}.
# Openings in the generic authorities, and in England, by school year (2010 from April 2011):
{counts}
"""


class Search:
    """Finds values whose counts meet their targets, each by a secant on logarithms."""

    def __init__(self, values: Array) -> None:
        """Begin at these values, any shape."""
        self.values = values
        self._before: tuple[Array, Array] | None = None

    def step(self, counts: Array, targets: Array) -> None:
        """Move every value towards its target count; a target of 0 leaves a value alone."""
        x, y = np.log(self.values), np.log(np.maximum(counts, 0.5))
        slope = np.ones_like(x)
        if self._before is not None:
            run = x - self._before[0]
            safe = np.where(np.abs(run) < 0.005, 1.0, run)
            slope = np.where(np.abs(run) < 0.005, 1.0, (y - self._before[1]) / safe)
        self._before = x, y
        goal = np.log(np.maximum(targets, 0.5))
        change = (goal - y) / np.clip(slope, 0.3, 1.5)
        self.values = np.where(targets > 0.0, np.exp(x + np.clip(change, -1.0, 1.0)), self.values)


class Study:
    """Runs of all generic authorities with trial values, always with the same luck."""

    def __init__(self, parameters: str, seed: int) -> None:
        """Start from the kappa that the register holds."""
        register = load_register()
        start = [float(register[f"kappa_{phase}"].value) for phase in PHASES]  # type: ignore[arg-type]
        self.parameters = parameters
        self.seed = seed
        self.kappa = np.array(start)

    def openings(self, months: int, replications: int, by_year: Array, orders: Array) -> Array:
        """Mean number of openings, (routes, phases, months).

        by_year  (years, phases) kappa from the school year 2010
        orders   (years, phases) ratios of orders from the same year
        """
        overrides = tuple((f"kappa_{phase}", 1.0) for phase in PHASES)
        policy = national_policy(self.parameters, months, overrides=overrides)
        with (
            mock.patch("rsip_sim.model.national.relative_kappa", _by_year(by_year)),
            mock.patch("rsip_sim.model.national.relative_orders", _by_year(orders)),
        ):
            england = simulate_england(policy, self.seed, replications)
        return np.asarray(england.openings.sum(axis=0).mean(axis=3))

    def fit_kappa(self, steps: int, replications: int) -> Array:
        """Step 1: kappa of the year 2010 and of 2011-13, (2, phases)."""
        targets = _targets(_observed(TWO_YEARS)[0], [0, 5, TWO_YEARS])
        search = Search(np.stack([self.kappa * relative_kappa(FIRST_YEAR), self.kappa]))
        for _ in range(steps):
            found = self.openings(TWO_YEARS, replications, search.values, np.ones((1, 3)))[0]
            counts = np.stack([found[:, :5].sum(axis=1), found[:, 5:].sum(axis=1)])
            print(np.round(search.values, 3).tolist(), counts.round(1).tolist(), flush=True)
            search.step(counts, targets)
            search.values[0, SPECIAL] = search.values[1, SPECIAL]
        self.kappa = search.values[1]
        return search.values

    def fit_years(self, start: Array, steps: int, replications: int) -> tuple[Array, Array, Array]:
        """Step 2: kappa and orders by school year, (years, phases); openings (routes, years, …)."""
        bounds = _years()
        converted, ordered = (_targets(route, bounds) for route in _observed(LONG))
        years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
        ordered[(years < FIRST_ORDERED) | (years == YEAR_OF_ORDERS)] = 0.0  # left alone
        kappas = Search(np.concatenate([start[:1], np.repeat(start[1:], 5, axis=0)]))
        orders = Search(np.ones_like(ordered))
        for step in range(steps + 1):
            found = self.openings(LONG, replications, kappas.values, orders.values)
            counts = np.stack([_targets(route, bounds) for route in found])
            print(np.round(kappas.values / self.kappa, 3).tolist(), flush=True)
            print(np.round(orders.values, 3).tolist(), flush=True)
            if step < steps:
                kappas.step(counts[0], converted)
                kappas.values[0, SPECIAL] = self.kappa[SPECIAL]
                orders.step(counts[1], ordered)
                orders.values = np.minimum(orders.values, MOST)
        return kappas.values, orders.values, counts


def _by_year(values: Array) -> Callable[[int], Array]:
    def of_year(year: int) -> Array:
        place = min(max(year, FIRST_YEAR), LAST_YEAR) - FIRST_YEAR
        return np.asarray(values[min(place, len(values) - 1)])

    return of_year


def _years() -> list[int]:
    """Model months at which school years begin, and the end."""
    years = [school_year(START + month) for month in range(LONG)]
    return [years.index(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)] + [LONG]


def _observed(months: int) -> Array:
    """England's openings, (routes, phases, months)."""
    series = opening_hazard()
    first = START - series.first
    return series.openings[:, :, first : first + months].astype(np.float64)


def _targets(openings: Array, bounds: list[int]) -> Array:
    """Sums over the spans between the bounds, (spans, phases)."""
    return np.add.reduceat(openings, bounds[:-1], axis=1).T


def _rows(name: str, ratios: Array) -> str:
    lines = [
        f"  {FIRST_YEAR + place}: [{', '.join(f'{value:.3f}' for value in row)}]"
        for place, row in enumerate(ratios)
    ]
    return "\n".join([f"{name}:", *lines]) + "\n"


def _counts(counts: Array) -> str:
    """What the last run opened beside what England opened, as lines of a comment."""
    lines = []
    for route, word in enumerate(("converters", "sponsored")):
        england = _targets(_observed(LONG)[route], _years())
        for place, (model, seen) in enumerate(zip(counts[route], england, strict=True)):
            pairs = ", ".join(f"{a:.0f} of {b:.0f}" for a, b in zip(model, seen, strict=True))
            lines.append(f"#   {word} {FIRST_YEAR + place}: {pairs}")
    return "\n".join(lines)


def main() -> None:
    """Fit, write and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--parameters", choices=("central", "uncertain", "prior"), default="uncertain"
    )
    options.add_argument("--seed", type=int, default=20110401)
    options.add_argument("--replications", type=int, default=128)
    options.add_argument("--steps", type=int, default=5)
    options.add_argument("--dry-run", action="store_true", help="print the file, do not write it")
    chosen = options.parse_args()
    study = Study(chosen.parameters, chosen.seed)
    start = study.fit_kappa(chosen.steps, chosen.replications)
    second = max(chosen.replications // 2, 1)
    by_year, orders, counts = study.fit_years(start, chosen.steps, second)
    comment = _COMMENT.format(
        parameters=study.parameters,
        seed=study.seed,
        first=chosen.replications,
        second=second,
        kappa=", ".join(f"{value:.3f}" for value in study.kappa),
        counts=_counts(counts),
    )
    text = comment + _rows("relative_kappa", by_year / study.kappa)
    text += _rows("relative_orders", orders)
    print(text)
    if not chosen.dry_run:
        TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
