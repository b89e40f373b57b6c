"""Cases to write papers about: fakes in memory with any outcome, and a small real comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rsip_sim.measures.metrics import HEADLINES
from rsip_sim.measures.moments import END
from rsip_sim.paper.case import Case
from rsip_sim.report.verdicts import Difference, differences_of
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.report import comparison_report
from rsip_sim.studies.compare.screen import SHOWN
from rsip_sim.studies.compare.work import ComparisonTables, compare_results
from tests.fakes.panels import FakeResults, fake_results

RECORD = {
    "inputs": {"roster": "0" * 64, "model": "1" * 64, "evidence": "2" * 64},
    "made_with": {
        "rsip_sim": "0.1.0",
        "git": {"commit": "3" * 40, "changed": True},
        "python": "3.11.7",
        "libraries": {"numpy": "2.4.6"},
    },
    "files": {"data/two_year/0000000.parquet": "4" * 64, "summary.txt": "5" * 64},
}


class PackResults(FakeResults):
    """Fake panels with all that a paper asks of a run."""

    digest = "d" * 64
    seed = 20110401

    def __init__(self, fakes: FakeResults, scenarios: Sequence[Scenario]) -> None:
        super().__init__(fakes.panels)
        self._sizes = {scenario.name: len(scenario.roster) for scenario in scenarios}

    @property
    def months(self) -> int:
        return len(next(iter(self.panels.values()))["participation"])

    def schools(self, scenario: str, columns: Sequence[str]) -> pd.DataFrame:
        count = self._sizes[scenario] * self.replications
        luck = np.random.default_rng(3)
        made = {
            "opening_month": luck.choice([-2, -1, 12], count),
            "route": luck.integers(0, 3, count),
            "trust": np.full(count, -1),
            "first_month_alone": luck.choice([-1, 12, 30], count),
            "member_at_end": luck.integers(0, 2, count),
            "months_unmet": luck.integers(0, 40, count),
        }
        return pd.DataFrame({name: made[name] for name in columns})


_MADE: dict[tuple[object, ...], Case] = {}


def fake_case(
    scenarios: Sequence[Scenario],
    replications: int = 40,
    with_schools: bool = False,
) -> Case:
    """The comparison of fake panels, made once; the first scenario is the baseline."""
    key = (tuple(scenario.name for scenario in scenarios), replications)
    if key not in _MADE:
        _MADE[key] = _made(scenarios, replications)
    return replace(_MADE[key], with_schools=with_schools)


def _made(scenarios: Sequence[Scenario], replications: int) -> Case:
    results = PackResults(fake_results(scenarios, replications), scenarios)
    tables = compare_results(results, scenarios[0], scenarios[1:])
    return Case(tables, results, comparison_report(tables), RECORD)


@dataclass(frozen=True)
class Outcome:
    """Levels of a scenario and of the baseline, future by future."""

    levels: tuple[float, ...]
    baseline: tuple[float, ...]

    def numbers(self) -> Difference:
        """The difference."""
        return differences_of(np.array([self.levels]), np.array([self.baseline]))[0]


TOLD = (*HEADLINES, *SHOWN, "vulnerable_pupils")
"""The measures of which a paper speaks."""


def with_outcomes(case: Case, outcomes: Sequence[Outcome]) -> Case:
    """The case with these outcomes in place of its own, dealt to its rows in turn."""
    numbers = [outcome.numbers() for outcome in outcomes]
    moments = {case.tables.main_moment, END}
    kept = [row for row in case.tables.rows
            if row.metric.name in TOLD and row.moment.name in moments]  # fmt: skip
    rows = [replace(row, numbers=numbers[i % len(numbers)]) for i, row in enumerate(kept)]
    futures = len(outcomes[0].levels)
    tables: ComparisonTables = replace(case.tables, rows=tuple(rows), replications=futures)
    made = replace(case, tables=tables, report=comparison_report(tables))
    for name in ("risks", "schools"):  # which are of the panels, and stay
        made.__dict__[name] = getattr(case, name)
    return made
