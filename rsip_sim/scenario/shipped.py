"""The files that come with the project: scenarios by the name ``rsip:two_year``, and studies.

They have one home, the folders `scenarios` and `experiments` of the project; building a wheel
copies both to `shipped` inside the package, where an installed package finds them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rsip_sim.evidence.faults import nearest

PREFIX = "rsip:"
_PACKAGE = Path(__file__).parents[1]


@cache
def shipped_folder() -> Path:
    """The folder that holds `scenarios` and `experiments`: of the package, else of the clone."""
    installed = _PACKAGE / "shipped"
    return installed if (installed / "scenarios").is_dir() else _PACKAGE.parent


@cache
def shipped_scenarios() -> tuple[str, ...]:
    """Names of the scenarios that come with the project, without the prefix."""
    return tuple(sorted(path.stem for path in (shipped_folder() / "scenarios").glob("*.yaml")))


def is_shipped_name(name: str | Path) -> bool:
    """Whether it is written as the name of a shipped scenario, known or not."""
    return str(name).startswith(PREFIX)


def shipped_file(name: str | Path) -> Path | None:
    """The file of a shipped scenario's name; None for a name that is none."""
    stem = str(name).removeprefix(PREFIX)
    if not is_shipped_name(name) or stem not in shipped_scenarios():
        return None
    return shipped_folder() / "scenarios" / f"{stem}.yaml"


def unknown_shipped(name: str | Path) -> tuple[str, str, str]:
    """Message, what is allowed and the nearest name for a name that no shipped scenario has."""
    near = nearest(str(name).removeprefix(PREFIX), shipped_scenarios())
    allowed = "" if near else f"one of {', '.join(PREFIX + each for each in shipped_scenarios())}"
    return "no scenario of this name comes with the package", allowed, near and PREFIX + near
