"""The name of a scenario, which is that of its file: what it may be, and which are shipped.

Folders, tables and commands are named after scenarios, two of them at once where a study compares.
The files that come with the project, scenarios by the name ``rsip:two_year`` and studies, have one
home: its folders `scenarios` and `experiments`. Building a wheel copies both to `shipped` inside
the package, where an installed package finds them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rsip_sim.evidence.faults import nearest, unfit

LONGEST_NAME = 100  # bytes; two such names fit into the name of one folder of a study
STORED = ".resolved"  # ending of the name of a scenario kept with its results
_TAKEN = ("manifest.json", "run.json")  # what results have there themselves


def is_stored(path: Path) -> bool:
    """Whether a file is named as those that a run writes: ``two_year.resolved.yaml``."""
    return path.stem.endswith(STORED)


def name_problem(path: Path) -> tuple[str, str]:
    """What is wrong with the name of a scenario's file, and what is allowed; two '' for nothing."""
    name = path.stem.removesuffix(STORED)
    words = unfit(name)
    if words:
        return f"the file's name {words}", "give the file another name"
    if not name.strip("."):
        return "the file's name is of dots alone", "a name such as two_year.yaml"
    size = len(name.encode())
    if size > LONGEST_NAME:
        message = f"the file's name has {size} bytes, too many for results to stand under it"
        return message, f"at most {LONGEST_NAME}, and title: for what is shown"
    if name.casefold() in _TAKEN:
        return f"results have a {name} of their own", "give the file another name"
    return "", ""


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
