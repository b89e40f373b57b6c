"""Policy simulation of a local school improvement partnership and its agreement with the council.

The names below are the public face; each is fetched from `rsip_sim.face` when first used, so
that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from rsip_sim.version import __version__

if TYPE_CHECKING:
    from rsip_sim.face import (
        Comparison,
        Run,
        ScenarioError,
        check,
        compare,
        json_schema,
        load_roster,
        load_scenario,
        open_comparison,
        run,
    )

__all__ = [
    "Comparison",
    "Run",
    "ScenarioError",
    "__version__",
    "check",
    "compare",
    "json_schema",
    "load_roster",
    "load_scenario",
    "open_comparison",
    "run",
]


def __getattr__(name: str) -> Any:
    if name.startswith("_") or name not in __all__:
        raise AttributeError(f"module 'rsip_sim' has no attribute '{name}'")
    return getattr(importlib.import_module("rsip_sim.face"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
