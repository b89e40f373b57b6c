"""Every chart that the package draws, from the cases whose words and numbers are recorded.

A function that returns a chart and that none of these cases reaches is missing from the family.
"""

from __future__ import annotations

import ast
import functools

from tests.golden.drawn import PACKAGE, Drawn, made_with_charts

CASES = (
    "run_two_year", "paper_rotherham", "robust_of_luck", "town_robust_climates",
    "solve_map", "solve_average", "explain_interaction_and_levers", "england", "grid",
    "review_turning", "town_sensitivity", "town_story_secondary", "town_risks", "backtest",
)  # fmt: skip


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
def family() -> tuple[Drawn, ...]:
    """All charts of all cases."""
    return tuple(drawn for case in CASES for drawn in made_with_charts(case)[1])
