"""The impact of each assumption as it is kept with the package, and whether it is still right.

`rsip assumptions --store`, run in a checkout, simulates the shipped scenarios of PAIRS anew and
writes `results/assumptions*`: some four minutes on two cores. Then
`python -m rsip_sim.describe` brings MODEL.md in step.

What is kept is right as long as two things have not changed: the numbers of the register with the
calibrated sample, of which a digest is kept, and what the model makes of a few futures, of which
the averages are kept. A change of names, comments or structure leaves both alone. Grades, labels
and sources are read from the register when they are shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.evidence.register import load_register
from rsip_sim.experiment.progress import Progress
from rsip_sim.measures.moments import MEAN, moments_of
from rsip_sim.measures.statistics import mean_of_defined
from rsip_sim.scenario import Scenario, load_scenario
from rsip_sim.studies.assumptions.log import COUNTED, impact_table
from rsip_sim.studies.kernel.kept import is_current, store_results, stored_record, stored_table
from rsip_sim.studies.kernel.trials import Trial, measure
from rsip_sim.studies.sensitivity.tables import sensitivity_tables
from rsip_sim.studies.sensitivity.work import SETS, sensitivity

STUDY, TABLE, OUTCOMES = "assumptions", "impact", "outcomes"
PAIRS = (("no_agreement", "two_year"), ("two_year", "three_year"))
"""(baseline, scenario): what a two-year agreement changes, and what a third year adds."""

SCENARIOS = Path(__file__).parents[3] / "scenarios"
FUTURES = 32
TOLERANCE = 1e-3
"""Relative; another processor's last digits do not count, a change of the model does."""


def kept_impacts() -> pd.DataFrame:
    """The impacts of the package; columns as rsip_sim.studies.assumptions.log.IMPACT_COLUMNS."""
    return stored_table(STUDY, TABLE)


def numbers_digest() -> str:
    """Sha256 of the numbers of the register (levers apart) and of the calibrated sample."""
    posterior = load_posterior()
    facts = [
        (p.name, p.value, p.low, p.high, p.distribution, p.minimum, p.maximum, p.kind)
        for p in load_register()
        if p.kind != "lever"
    ]
    text = repr((facts, posterior.digest if posterior else None))
    return hashlib.sha256(text.encode()).hexdigest()


def outcomes_table(scenarios: Mapping[str, Scenario]) -> pd.DataFrame:
    """Averages of the counted metrics over FUTURES futures: one row a scenario and metric."""
    rows = []
    for name, each in sorted(scenarios.items()):
        moment = moments_of(each.policy, each.policy.horizon_months)[MEAN]
        trial = Trial(
            each.policy, each.roster, each.run.seed, np.arange(FUTURES), COUNTED, (moment,)
        )
        averages = mean_of_defined(measure(trial)[:, 0])
        rows += [(name, metric, value) for metric, value in zip(COUNTED, averages, strict=True)]
    return pd.DataFrame(rows, columns=["scenario", "metric", "average"])


def impacts_are_current(scenarios: Mapping[str, Scenario]) -> bool:
    """Whether the impacts kept are those that this model and register would give.

    scenarios  those of PAIRS by name
    """
    if not is_current(STUDY) or stored_record(STUDY)["numbers_sha256"] != numbers_digest():
        return False
    now, before = outcomes_table(scenarios), stored_table(STUDY, OUTCOMES)
    return bool(
        now[["scenario", "metric"]].equals(before[["scenario", "metric"]])
        and np.allclose(now["average"], before["average"], rtol=TOLERANCE, atol=0)
    )


def shipped_scenarios() -> dict[str, Scenario]:
    """The scenarios of PAIRS by name, from the folder of the checkout; ScenarioError without."""
    names = sorted({name for pair in PAIRS for name in pair})
    return {name: load_scenario(SCENARIOS / f"{name}.yaml") for name in names}


def store_impacts(workers: int | None = None, progress: Progress | None = None) -> None:
    """Simulate the pairs anew and keep their impacts with the package."""
    scenarios = shipped_scenarios()
    tables = []
    for baseline, scenario in PAIRS:
        pair = scenarios[baseline], scenarios[scenario]
        found = sensitivity(*pair, pair[0].run.seed, workers=workers, progress=progress)
        tables.append(impact_table(sensitivity_tables(found)))
    record: dict[str, object] = {
        "pairs": [" against ".join(reversed(pair)) for pair in PAIRS],
        "sets": SETS,
        "numbers_sha256": numbers_digest(),
        "made_by": "rsip assumptions --store",
    }
    kept = {TABLE: pd.concat(tables, ignore_index=True), OUTCOMES: outcomes_table(scenarios)}
    store_results(STUDY, kept, record)
