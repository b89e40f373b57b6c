"""The reference is a second telling: it may share inputs with the model, and no rule."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TELLING = sorted(
    path
    for path in HERE.glob("*.py")
    if not path.name.startswith(("test_", "__")) and path.name != "compare.py"
)
# the scenario object, the register's values as they are drawn, the table of keyed draws, the names
# of the panel's columns, and the derived constants that both are fed
SHARED = {
    "rsip_sim.model.policy": None,
    "rsip_sim.model.parameters": None,
    "rsip_sim.model.draws": None,
    "rsip_sim.model.panel": {"PHASES", "LEGAL_STATUSES", "RELATIONS"},
    "rsip_sim.model.simulation": {"choice_constants"},
}


@pytest.mark.parametrize("path", TELLING, ids=lambda path: path.stem)
def test_the_reference_takes_nothing_from_the_model_but_its_inputs(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            assert not any(each.name.startswith("rsip_sim") for each in node.names)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rsip_sim.model"):
            assert node.module in SHARED, node.module
            allowed = SHARED[node.module]
            assert allowed is None or {each.name for each in node.names} <= allowed, node.module


def test_every_part_of_the_reference_is_looked_at() -> None:
    parts = {"world", "schools", "council", "partnership", "institutions", "support", "accounts"}
    assert parts <= {p.stem for p in TELLING}
