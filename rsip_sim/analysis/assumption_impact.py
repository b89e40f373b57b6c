"""The impact of each assumption as it is kept with the package, and whether it is still right.

`python -m rsip_sim.analysis.assumption_impact`, run in a checkout, simulates the shipped scenarios
of PAIRS anew and writes `results/assumptions*`: two minutes on two cores. Then
`python -m rsip_sim.analysis.model_description` brings MODEL.md in step.

What is kept is right as long as two digests have not changed. One covers the numbers of the
register and the calibrated sample. The other covers what the model does rather than how it is
written: the outcomes of a few futures of each scenario, every column of the panel. A change of
names, comments or structure that leaves the outcomes alone leaves it alone too; one that moves any
outcome changes it. Grades, labels and sources are read from the register when they are shown.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from rsip_sim.analysis.assumptions import impact_table
from rsip_sim.analysis.sensitivity import SETS, sensitivity
from rsip_sim.analysis.stored import store_results, stored_record, stored_table
from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.evidence.register import load_register
from rsip_sim.experiment.progress import progress_on
from rsip_sim.model.simulation import simulate_block
from rsip_sim.scenario import Scenario, load_scenario

STUDY, TABLE = "assumptions", "impact"
PAIRS = (("no_agreement", "two_year"), ("two_year", "three_year"))
"""(baseline, scenario): what a two-year agreement changes, and what a third year adds."""

SCENARIOS = Path(__file__).parents[2] / "scenarios"
COMMAND = "python -m rsip_sim.analysis.assumption_impact"
_FUTURES = 16


def kept_impacts() -> pd.DataFrame:
    """The impacts of the package; columns as rsip_sim.analysis.assumptions.IMPACT_COLUMNS."""
    return stored_table(STUDY, TABLE)


def numbers_digest() -> str:
    """Sha256 of the numbers of the register (levers apart) and of the calibrated sample."""
    posterior = load_posterior()
    facts = [
        (p.name, p.value, p.low, p.high, p.distribution, p.minimum, p.maximum, p.kind)
        for p in load_register()
        if p.kind != "lever"
    ]
    return _digest(repr((facts, posterior.digest if posterior else None)).encode())


def behaviour_digest(scenarios: Sequence[Scenario]) -> str:
    """Sha256 of what the model makes of a few futures of these scenarios.

    Counts and money enter to the last digit; the others rounded, so that another processor's last
    bits do not count.
    """
    total = hashlib.sha256()
    for each in scenarios:
        outcome = simulate_block(each.policy, each.roster, each.run.seed, np.arange(_FUTURES))
        for name, values in sorted(outcome.panel.items()):
            total.update(name.encode())
            if np.issubdtype(values.dtype, np.integer):
                total.update(np.ascontiguousarray(values, dtype=np.int64).tobytes())
            else:
                total.update(f"{np.nansum(values):.6g}".encode())
    return total.hexdigest()


def is_current(scenarios: Mapping[str, Scenario]) -> bool:
    """Whether the impacts kept are those that this model and register would give.

    scenarios  those of PAIRS by name
    """
    record = stored_record(STUDY)
    return record["numbers_sha256"] == numbers_digest() and record[
        "behaviour_sha256"
    ] == behaviour_digest([scenarios[name] for name in _names()])


def _names() -> list[str]:
    return sorted({name for pair in PAIRS for name in pair})


def shipped_scenarios() -> dict[str, Scenario]:
    """The scenarios of PAIRS, from the folder of the checkout."""
    return {name: load_scenario(SCENARIOS / f"{name}.yaml") for name in _names()}


def main() -> None:
    """Simulate the pairs anew and keep their impacts with the package."""
    scenarios = shipped_scenarios()
    tables = []
    for baseline, scenario in PAIRS:
        seed = scenarios[baseline].run.seed
        found = sensitivity(
            scenarios[baseline], scenarios[scenario], seed, progress=progress_on(sys.stderr)
        )
        tables.append(impact_table(found.tables))
    record: dict[str, object] = {
        "pairs": [" against ".join(reversed(pair)) for pair in PAIRS],
        "sets": SETS,
        "numbers_sha256": numbers_digest(),
        "behaviour_sha256": behaviour_digest([scenarios[name] for name in _names()]),
        "made_by": COMMAND,
    }
    store_results(STUDY, {TABLE: pd.concat(tables, ignore_index=True)}, record)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    main()
