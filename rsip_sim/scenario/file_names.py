"""The name of a scenario, which is that of its file: what it may be, since results stand under it.

Folders, tables and commands are named after scenarios, two of them at once where a study compares.
"""

from __future__ import annotations

from pathlib import Path

from rsip_sim.evidence.characters import unfit

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
