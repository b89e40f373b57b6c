"""A case made once, with the charts drawn on the way, for all the tests that look at it."""

from __future__ import annotations

import functools
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import rsip_sim
from rsip_sim.charts.chart import Chart
from tests.golden.cases_fakes import FAKES, Made
from tests.golden.cases_town import TOWN

PACKAGE = Path(rsip_sim.__file__).parent
CASES = (*FAKES, *TOWN)


@dataclass(frozen=True)
class Drawn:
    """A chart, the case that it comes from, and the functions that were at work on it."""

    case: str
    chart: Chart
    by: frozenset[str]


def made(case: str, folder: Path, anew: bool = False) -> Made:
    """What a case tells; for `anew` the runs of the town are simulated again."""
    return TOWN[case](folder, anew) if case in TOWN else FAKES[case](folder)


@functools.cache
def made_with_charts(case: str) -> tuple[Made, tuple[Drawn, ...]]:
    """What a case tells and the charts that it draws, which are all kept."""
    found: list[Drawn] = []
    begun = Chart.__init__

    def kept(chart: Chart, *args: Any, **named: Any) -> None:
        begun(chart, *args, **named)
        found.append(Drawn(case, chart, frozenset(_at_work())))

    with patch.object(Chart, "__init__", kept), tempfile.TemporaryDirectory() as folder:
        told = made(case, Path(folder))
    return told, tuple(found)


def _at_work() -> Iterator[str]:
    """The functions of the package that wait for the one that calls this."""
    frame = sys._getframe(2)
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if PACKAGE in path.parents:
            name = path.relative_to(PACKAGE.parent).with_suffix("").as_posix()
            yield f"{name}:{frame.f_code.co_name}"
        frame = frame.f_back  # type: ignore[assignment]
