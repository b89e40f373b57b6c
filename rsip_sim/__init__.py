"""Policy simulation of a local school improvement partnership and its agreement with the council.

The names below are the public face, and beside them every study is a function by its name with
the arguments of its command, such as `rsip_sim.explain(comparison)`; `run_study` runs one from a
file. Each is fetched when first used, so that importing the package
costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from rsip_sim.version import __version__

if TYPE_CHECKING:
    from rsip_sim.face import (
        ChangeError,
        Comparison,
        Run,
        Scenario,
        ScenarioError,
        check,
        compare,
        json_schema,
        load_roster,
        load_scenario,
        make_roster,
        notices,
        open_comparison,
        run,
        run_study,
    )

__all__ = [
    "ChangeError",
    "Comparison",
    "Run",
    "Scenario",
    "ScenarioError",
    "__version__",
    "check",
    "compare",
    "json_schema",
    "load_roster",
    "load_scenario",
    "make_roster",
    "notices",
    "open_comparison",
    "run",
    "run_study",
]


def __getattr__(name: str) -> Any:
    from rsip_sim.studies.registry import STUDIES

    if name in STUDIES:
        return importlib.import_module("rsip_sim.studies.functions").function_of(name)
    if name.startswith("_") or name not in __all__:
        raise AttributeError(f"module 'rsip_sim' has no attribute '{name}'")
    return getattr(importlib.import_module("rsip_sim.face"), name)


def __dir__() -> list[str]:
    from rsip_sim.studies.registry import STUDIES

    return sorted([*__all__, *STUDIES])
