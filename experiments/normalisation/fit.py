"""Fit kappa: with it the generic authorities together open as many academies as England did.

    python experiments/normalisation/fit.py [--parameters uncertain] [--replications 128]

Two steps, both under the observed climate and without a partnership:

1. kappa by phase, from the openings of September 2011 to March 2013. What opened from April to
   August 2011 was applied for in the winter before, when only some schools were eligible; it gets
   a kappa of its own, the ratio of the school year 2010. Nothing later than March 2013 is used.
   Special schools began to open in September 2011; their year 2010 is not fitted.
2. kappa by school year, 2010 to 2015, as a ratio to that of step 1: a normalisation to the
   national series, year by year. Only the observed climate reads it.

Writes rsip_sim/evidence/data/normalisation.yaml and prints kappa for register.yaml, which a
person must copy. Takes about twenty minutes on one processor.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from rsip_sim.analysis.england import TWO_YEARS, national_policy, simulate_england
from rsip_sim.evidence import normalisation
from rsip_sim.evidence.months import parse_month, school_year
from rsip_sim.evidence.national import PHASES, opening_hazard
from rsip_sim.evidence.register import load_register

Array = NDArray[np.float64]
TARGET = Path(normalisation.__file__).parent / "data" / "normalisation.yaml"
START = parse_month("2011-04")
FIRST_YEAR, LAST_YEAR = 2010, 2015
LONG = parse_month("2016-09") - START
SPECIAL = PHASES.index("special")
_COMMENT = """\
# Kappa of a school year (of the opening) divided by kappa of 2011-13, which is in register.yaml.
# Columns: primary, secondary, special. Made by experiments/normalisation/fit.py with {parameters}
# parameters, seed {seed}; {first} replications of 149 generic authorities to March 2013, {second}
# to August 2016. Kappa it belongs to: {kappa}.
# Converters of the generic authorities, and of England, by school year (2010 from April 2011):
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
    """Runs of all generic authorities with trial values of kappa, always with the same luck."""

    def __init__(self, parameters: str, seed: int) -> None:
        """Start from the kappa that the register holds."""
        register = load_register()
        start = [float(register[f"kappa_{phase}"].value) for phase in PHASES]  # type: ignore[arg-type]
        self.parameters = parameters
        self.seed = seed
        self.kappa = np.array(start)

    def openings(self, months: int, replications: int, by_year: Array) -> Array:
        """Mean number of converters, (phases, months); by_year (years, phases) is kappa."""

        def relative(year: int) -> Array:
            place = min(max(year, FIRST_YEAR), LAST_YEAR) - FIRST_YEAR
            return np.asarray(by_year[min(place, len(by_year) - 1)])

        overrides = tuple((f"kappa_{phase}", 1.0) for phase in PHASES)
        policy = national_policy(self.parameters, months, overrides=overrides)
        with mock.patch("rsip_sim.model.national.relative_kappa", relative):
            england = simulate_england(policy, self.seed, replications)
        return np.asarray(england.openings[:, 0].sum(axis=0).mean(axis=2))

    def fit_kappa(self, steps: int, replications: int) -> Array:
        """Step 1: kappa of the year 2010 and of 2011-13, (2, phases)."""
        targets = _targets(_observed(TWO_YEARS), [0, 5, TWO_YEARS])
        search = Search(np.stack([self.kappa * [1.5, 2.0, 1.0], self.kappa]))
        for _ in range(steps):
            found = self.openings(TWO_YEARS, replications, search.values)
            counts = np.stack([found[:, :5].sum(axis=1), found[:, 5:].sum(axis=1)])
            print(np.round(search.values, 3).tolist(), counts.round(1).tolist(), flush=True)
            search.step(counts, targets)
            search.values[0, SPECIAL] = search.values[1, SPECIAL]
        self.kappa = search.values[1]
        return search.values

    def fit_years(self, start: Array, steps: int, replications: int) -> tuple[Array, Array]:
        """Step 2: kappa by school year and the last run's converters, (years, phases) each."""
        bounds = _years()
        targets = _targets(_observed(LONG), bounds)
        search = Search(np.concatenate([start[:1], np.repeat(start[1:], 5, axis=0)]))
        for step in range(steps + 1):
            found = self.openings(LONG, replications, search.values)
            counts = _targets(found, bounds)
            print(np.round(search.values / self.kappa, 3).tolist(), flush=True)
            if step < steps:
                search.step(counts, targets)
                search.values[0, SPECIAL] = self.kappa[SPECIAL]
        return search.values, counts


def _years() -> list[int]:
    """Model months at which school years begin, and the end."""
    years = [school_year(START + month) for month in range(LONG)]
    return [years.index(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)] + [LONG]


def _observed(months: int) -> Array:
    series = opening_hazard()
    first = START - series.first
    return series.openings[0, :, first : first + months].astype(np.float64)


def _targets(converters: Array, bounds: list[int]) -> Array:
    """Sums over the spans between the bounds, (spans, phases)."""
    return np.add.reduceat(converters, bounds[:-1], axis=1).T


def _text(study: Study, ratios: Array, counts: Array, first: int, second: int) -> str:
    lines = []
    for place, (model, england) in enumerate(
        zip(counts, _targets(_observed(LONG), _years()), strict=True)
    ):
        pairs = ", ".join(f"{a:.0f} of {b:.0f}" for a, b in zip(model, england, strict=True))
        lines.append(f"#   {FIRST_YEAR + place}: {pairs}")
    comment = _COMMENT.format(
        parameters=study.parameters,
        seed=study.seed,
        first=first,
        second=second,
        kappa=", ".join(f"{value:.3f}" for value in study.kappa),
        counts="\n".join(lines),
    )
    rows = [
        f"  {FIRST_YEAR + place}: [{', '.join(f'{value:.3f}' for value in row)}]"
        for place, row in enumerate(ratios)
    ]
    return comment + "relative_kappa:\n" + "\n".join(rows) + "\n"


def main() -> None:
    """Fit, write and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--parameters", choices=("central", "uncertain"), default="uncertain")
    options.add_argument("--seed", type=int, default=20110401)
    options.add_argument("--replications", type=int, default=128)
    options.add_argument("--steps", type=int, default=5)
    options.add_argument("--dry-run", action="store_true", help="print the file, do not write it")
    chosen = options.parse_args()
    study = Study(chosen.parameters, chosen.seed)
    start = study.fit_kappa(chosen.steps, chosen.replications)
    second = max(chosen.replications // 2, 1)
    by_year, counts = study.fit_years(start, chosen.steps, second)
    text = _text(study, by_year / study.kappa, counts, chosen.replications, second)
    print(text)
    if not chosen.dry_run:
        TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
