"""Every chart that the package draws, from the cases whose words and numbers are recorded.

A function that returns a chart and that none of these cases reaches is missing from the family.
"""

from __future__ import annotations

import ast
import functools
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import rsip_sim
from rsip_sim.charts.frame import Chart
from rsip_sim.scenario import Scenario
from tests.golden.cases_fakes import FAKES
from tests.golden.cases_town import TOWN

CASES = (
    "run_two_year", "paper_rotherham", "solve_average", "explain_interaction_and_levers",
    "england", "grid", "town_sensitivity", "town_risks",
)  # fmt: skip
PACKAGE = Path(rsip_sim.__file__).parent
TOLD: dict[str, dict[str, str]] = {}
"""What each case told as its charts were drawn, for the golden record to look at."""


@dataclass(frozen=True)
class Made:
    """A chart, the case that it comes from, and the functions that were at work on it."""

    case: str
    chart: Chart
    by: frozenset[str]


def chart_functions() -> set[str]:
    """Every function of the package that is said to return a chart, outside the kit."""
    return {
        f"{path.relative_to(PACKAGE.parent).with_suffix('').as_posix()}:{node.name}"
        for path in PACKAGE.rglob("*.py")
        if path.parent.name != "charts" or path.parent.parent != PACKAGE
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        and node.returns is not None
        and ast.unparse(node.returns).strip("'\"") == "Chart"
    }


@functools.cache
def family(titled: Callable[[str], str] | None = None) -> tuple[Made, ...]:
    """All charts of all cases; titled: what every scenario is called instead, by its title."""
    if titled is None:
        return _drawn()
    title = property(lambda self: titled(vars(self)["title"]), _set_title)
    short = property(lambda _: "", lambda self, _: None)
    with (
        patch.object(Scenario, "title", title, create=True),
        patch.object(Scenario, "short", short),
    ):
        return _drawn()


def _set_title(scenario: Scenario, title: str) -> None:
    vars(scenario)["title"] = title


def _drawn() -> tuple[Made, ...]:
    found: list[Made] = []
    begun = Chart.__init__

    def kept(chart: Chart, *args: Any, **named: Any) -> None:
        begun(chart, *args, **named)
        found.append(Made(case, chart, frozenset(_at_work())))

    with patch.object(Chart, "__init__", kept), tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            place = Path(folder) / case
            place.mkdir()
            TOLD[case] = TOWN[case](place, False) if case in TOWN else FAKES[case](place)
    return tuple(found)


def _at_work() -> Iterator[str]:
    """The functions of the package that wait for the one that calls this."""
    frame = sys._getframe(2)
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if PACKAGE in path.parents:
            name = path.relative_to(PACKAGE.parent).with_suffix("").as_posix()
            yield f"{name}:{frame.f_code.co_name}"
        frame = frame.f_back  # type: ignore[assignment]
