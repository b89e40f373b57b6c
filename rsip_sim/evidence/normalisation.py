"""Kappa by school year: makes generic authorities reproduce the national openings of each year.

Only the `observed` climate uses it; every other climate uses the value of 2011-13, which is the
register's. A normalisation to the national series, not a fit to any authority.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

_FILE = Path(__file__).parent / "data" / "normalisation.yaml"


@lru_cache(maxsize=1)
def _table() -> dict[int, tuple[float, ...]]:
    content = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {int(year): tuple(map(float, row)) for year, row in content["relative_kappa"].items()}


def relative_kappa(school_year: int) -> NDArray[np.float64]:
    """Kappa of a school year ÷ that of 2011-13, by phase (3,); the nearest year's outside."""
    table = _table()
    return np.array(table[min(max(school_year, min(table)), max(table))])
