"""What makes generic authorities reproduce the national openings of each school year.

Only the `observed` climate uses it; every other climate has a ratio of 1 throughout, that is the
kappa and the order rates of the register. A normalisation to the national series, not a fit to any
authority.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

_FILE = Path(__file__).parent / "data" / "normalisation.yaml"


@lru_cache(maxsize=2)
def _table(name: str) -> dict[int, tuple[float, ...]]:
    content = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {int(year): tuple(map(float, row)) for year, row in content[name].items()}


def _of_year(name: str, school_year: int) -> NDArray[np.float64]:
    table = _table(name)
    return np.array(table[min(max(school_year, min(table)), max(table))])


def relative_kappa(school_year: int) -> NDArray[np.float64]:
    """Kappa of a school year ÷ that of 2011-13, by phase (3,); the nearest year's outside."""
    return _of_year("relative_kappa", school_year)


def relative_orders(school_year: int) -> NDArray[np.float64]:
    """Orders that open in a school year ÷ those the register's rates give, by phase (3,).

    1 to the school year 2012, to whose openings the rates themselves are fitted; the nearest
    year's outside the table.
    """
    return _of_year("relative_orders", school_year)
