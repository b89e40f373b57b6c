"""National and local counts of schools that became academies, and their ratio to the model.

All dates are firsts of a month, on which academies open; an opening of 1 May belongs to May.
Source of every figure: Department for Education, EduBase / Get Information About Schools
register, Open Government Licence v3.0; see `data/README.md`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from rsip_sim.evidence.months import parse_month

DATA = Path(__file__).parent / "data"
PHASES = ("primary", "secondary", "special")


@dataclass(frozen=True, eq=False)
class NationalSeries:
    """England's openings month by month, September 2010 to September 2016.

    first       month number of the first column
    converter   float (3 phases, months): converters opening in the month ÷ schools maintained
                by councils a month before; phases in the order primary, secondary, special
    sponsored   the same for sponsored academies
    openings    int (2 routes, 3 phases, months): number of openings, converters first
    maintained  int (3 phases, months): schools maintained by councils before the openings
    """

    first: int
    converter: NDArray[np.float64]
    sponsored: NDArray[np.float64]
    openings: NDArray[np.int64]
    maintained: NDArray[np.int64]

    def pooled(self, route: str, phase: str, first: int, last: int) -> float:
        """Openings ÷ school-months maintained over the month numbers first … last, a month."""
        months = slice(first - self.first, last - self.first + 1)
        row = PHASES.index(phase)
        openings = self.openings[("converter", "sponsored").index(route), row, months]
        return float(openings.sum() / self.maintained[row, months].sum())


@dataclass(frozen=True)
class AuthorityCount:
    """Schools of one phase in one authority on the first of a month.

    month is a month number; maintained, converter and sponsored are numbers of schools.
    """

    month: int
    authority: str
    phase: str
    maintained: int
    converter: int
    sponsored: int


@dataclass(frozen=True)
class Opening:
    """One Rotherham school that became an academy; urn is −1 where 2011 has no such school.

    route is converter, sponsored, or merger (closed into an academy that stood already).
    """

    month: int
    urn: int
    school: str
    phase: str
    route: str
    trust: str
    certainty: str


@cache
def opening_hazard() -> NationalSeries:
    """The monthly chance that a maintained school of England opened as an academy."""
    rows = list(_rows("national_openings.csv"))
    first = min(parse_month(row["month"]) for row in rows)
    months = max(parse_month(row["month"]) for row in rows) - first + 1
    openings = np.zeros((2, len(PHASES), months), dtype=np.int64)
    maintained = np.zeros((len(PHASES), months), dtype=np.int64)
    for row in rows:
        phase, month = PHASES.index(row["phase"]), parse_month(row["month"]) - first
        route = ("converter", "sponsored").index(row["route"])
        openings[route, phase, month] = int(row["openings"])
        maintained[phase, month] = int(row["maintained"])
    hazard = openings / maintained
    for array in (openings, maintained, hazard):
        array.setflags(write=False)
    return NationalSeries(first, hazard[0], hazard[1], openings, maintained)


@cache
def authorities() -> tuple[AuthorityCount, ...]:
    """Stocks by authority and phase: all to April 2013, about half to September 2014."""
    return tuple(
        AuthorityCount(
            parse_month(row["month"]),
            row["authority"],
            row["phase"],
            *(int(row[name]) for name in ("maintained", "converter", "sponsored")),
        )
        for row in _rows("authorities.csv")
    )


@cache
def regions() -> dict[str, str]:
    """The region of England in which each authority of `authorities` lies, by its name."""
    return {row["authority"]: row["region"] for row in _rows("authority_regions.csv")}


@cache
def rotherham_openings() -> tuple[Opening, ...]:
    """Rotherham's academies of January 2010 to September 2014, in order of opening."""
    return tuple(
        Opening(
            parse_month(row["month"]),
            int(row["urn"] or -1),
            *(row[name] for name in ("school", "phase", "route", "trust", "certainty")),
        )
        for row in _rows("rotherham_openings.csv")
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def _tables() -> dict[str, dict[int, list[float]]]:
    tables: dict[str, dict[int, list[float]]] = yaml.safe_load(
        (DATA / "normalisation.yaml").read_text(encoding="utf-8")
    )
    return tables


def _of_year(name: str, school_year: int) -> NDArray[np.float64]:
    table = _tables()[name]
    return np.array(table[min(max(school_year, min(table)), max(table))], dtype=np.float64)


def relative_kappa(school_year: int) -> NDArray[np.float64]:
    """Kappa of a school year ÷ that of 2011-13, by phase (3,); the nearest year's outside."""
    return _of_year("relative_kappa", school_year)


def relative_orders(school_year: int) -> NDArray[np.float64]:
    """Orders that open in a school year ÷ those the register's rates give, by phase (3,).

    1 to the school year 2012, to whose openings the rates themselves are fitted; the nearest
    year's outside the table.
    """
    return _of_year("relative_orders", school_year)
