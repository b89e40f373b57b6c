"""What the buttons of the page give: the policy as a file, and what asks the same elsewhere."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from rsip_sim.scenario import Scenario, resolved_yaml


def scenario_text(
    policy: Scenario,
    reasons: Mapping[str, str] | None = None,
    base: Scenario | None = None,
    folder: Path | None = None,
) -> str:
    """The policy as a planner would write it, with the reason of each lever.

    reasons  by dotted path of a lever: why it has its value
    base     the scenario it was made from, of which only what differs is written; None: everything
    folder   where the file will stand: a base that is no shipped one can be named only there
    """
    return resolved_yaml(policy)


def command_for(files: Sequence[str | Path], replications: int, seed: int) -> str:
    """The shell command that compares these files, the baseline first."""
    named = " ".join(shlex.quote(str(each)) for each in files)
    return f"rsip compare {named} --replications {replications} --seed {seed}"


def python_for(files: Sequence[str | Path], replications: int, seed: int) -> str:
    """The lines of Python that compare these files, the baseline first."""
    named = [str(each) for each in files]
    return (
        "import rsip_sim\n\n"
        f"comparison = rsip_sim.compare({named!r}, replications={replications}, seed={seed})\n"
        "print(comparison)\n"
    )
