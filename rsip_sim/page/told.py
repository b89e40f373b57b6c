"""What the buttons of the page give: the policy as a file, and what asks the same elsewhere."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rsip_sim.scenario import Scenario
from rsip_sim.scenario.extending import reasons_kept
from rsip_sim.scenario.file_names import is_shipped_name
from rsip_sim.scenario.reading import WHY
from rsip_sim.scenario.resolved import yaml_text
from rsip_sim.scenario.schema import OWN_FIELDS


def scenario_text(
    policy: Scenario,
    reasons: Mapping[str, str] | None = None,
    base: Scenario | None = None,
    folder: Path | None = None,
) -> str:
    """The policy as the text of a scenario file, with the reason of each lever.

    reasons  by path of a lever, over those that the policy has; an empty one is none
    base     as it was read from its file: the policy extends it, and only what differs is written,
             where that can be; None: everything is written
    folder   where the file is to stand, which a base that is a file must share; None: beside it.
             Schools of one's own must stand there too
    """
    given = {**policy.reasons, **(reasons or {})}
    values = {**policy.resolved, WHY: {path: why for path, why in given.items() if why.strip()}}
    own = {name: getattr(policy, name) for name in ("title", "short", "description")}
    parent = ""
    if base is not None:
        parent = _parent(base, folder)
        if not parent or base.resolved["parameters"].keys() - values["parameters"]:
            return scenario_text(policy, reasons)  # it has no file there, or more than the policy
        values = _differing(values, {**base.resolved, WHY: reasons_kept(base.resolved, values, {})})
        agreement = values.get("agreement", {})
        if agreement.get("length_months") == 0:  # of which a file says whether one may follow
            agreement["later_offers"] = policy.resolved["agreement"]["later_offers"]
        # its words need not be true of the policy
        own |= {name: "" for name in ("short", "description") if own[name] == getattr(base, name)}
    rest = {name: value for name, value in values.items() if name not in OWN_FIELDS}
    written = {**own, "extends": parent, "author": values.get("author"), **rest}
    return yaml_text({name: each for name, each in written.items() if each not in ("", None, {})})


def _parent(base: Scenario, folder: Path | None) -> str:
    """What a file in the folder writes after `extends:`; '' where it cannot extend the base."""
    if is_shipped_name(base.path) or folder is None:
        return base.path.name if folder is None else str(base.path)
    if base.path.resolve().is_relative_to(folder.resolve()):
        return base.path.resolve().relative_to(folder.resolve()).as_posix()
    return ""


def _differing(values: Mapping[str, Any], inherited: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are not as inherited, in their order, sections field by field."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        before = inherited.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            value = _differing(value, before)
            before = {}
        if value != before:
            found[name] = value
    return found


def command_for(files: Sequence[str | Path], replications: int, seed: int) -> str:
    """The shell command that compares these files, the baseline first."""
    # what begins with a stroke would be read as an option
    named = [f".{os.sep}{each}" if str(each).startswith("-") else str(each) for each in files]
    words = ["rsip", "compare", *named, "--replications", str(replications), "--seed", str(seed)]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def python_for(files: Sequence[str | Path], replications: int, seed: int) -> str:
    """The lines of Python that compare these files, the baseline first, and print the answer."""
    named = [str(each) for each in files]
    return (
        "import rsip_sim\n\n"
        f"comparison = rsip_sim.compare({named!r}, replications={replications}, seed={seed})\n"
        "print(comparison)\n"
    )
