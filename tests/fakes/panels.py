"""Plausible panels of a run that was never simulated, to test analysis and charts against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rsip_sim.model.panel import COLUMNS
from rsip_sim.model.policy import Policy
from rsip_sim.report.verdicts import Row
from rsip_sim.scenario import Scenario, load_scenario
from rsip_sim.studies.compare.work import ComparisonTables
from tests.fakes.places import SCENARIOS

SCHOOLS = {"primary": 101, "secondary": 16, "special": 6, "other": 4}
START_ACADEMIES = {"primary": 0, "secondary": 3, "special": 0, "other": 0}
PUPILS = {"primary": 230, "secondary": 1150, "special": 110, "other": 60}
UNIT = {"primary": 4130, "secondary": 5530, "special": 12000, "other": 6000}


FOLDER = SCENARIOS
NO_AGREEMENT, ONE_YEAR, TWO_YEAR, THREE_YEAR, FIVE_YEAR, NO_PARTNERSHIP = (
    load_scenario(FOLDER / f"{name}.yaml")
    for name in (
        "no_agreement", "one_year", "two_year", "three_year", "five_year", "no_partnership"
    )
)  # fmt: skip
FIVE = (NO_AGREEMENT, ONE_YEAR, TWO_YEAR, THREE_YEAR, FIVE_YEAR)


def twin(scenario: Scenario, name: str, **policy: Any) -> Scenario:
    """The same scenario under another name, with fields of its policy replaced."""
    return replace(scenario, name=name, policy=replace(scenario.policy, **policy))


class FakeResults:
    """Results in memory: panels by scenario, and the seed their futures drew from."""

    def __init__(self, panels: dict[str, dict[str, NDArray[Any]]], seed: int = 20110401) -> None:
        self.panels, self.seed = panels, seed
        self.reads: list[tuple[str, str]] = []

    @property
    def replications(self) -> int:
        panel = next(iter(self.panels.values()))
        return int(panel["participation"].shape[1])

    def arrays(self, scenario: str, columns: Sequence[str]) -> dict[str, NDArray[Any]]:
        self.reads += [(scenario, column) for column in columns]
        return {column: self.panels[scenario][column] for column in columns}

    def blocks(self, scenario: str, columns: Sequence[str]) -> Iterator[dict[str, NDArray[Any]]]:
        yield self.arrays(scenario, columns)


def fake_results(scenarios: Sequence[Scenario], replications: int = 120) -> FakeResults:
    return FakeResults({each.name: fake_panel(each.policy, replications) for each in scenarios})


def fake_panel(policy: Policy, replications: int) -> dict[str, NDArray[Any]]:
    """One panel; the same luck in every scenario, so that differences are paired."""
    months, length = policy.horizon_months, policy.levers.agreement.length_months
    luck = np.random.default_rng(7)
    speed = np.exp(luck.normal(0, 0.8, replications))
    when = luck.uniform(size=(200, replications))
    renewal = luck.uniform(size=replications)
    security = length / 60 if policy.partnership else 0.0
    lapse = np.full(replications, 10_000)
    if length < months:
        lapse[renewal < 0.35] = max(length, 12)
    month = np.arange(months)[:, None]
    alive = (month < lapse) if policy.partnership else np.zeros((months, replications), bool)
    panel: dict[str, NDArray[Any]] = {}
    money = dict.fromkeys(("gross", "recouped", "recouped_new"), np.zeros((months, replications)))
    for phase, total in SCHOOLS.items():
        start = START_ACADEMIES[phase]
        rate = {"primary": 0.0025, "secondary": 0.015, "special": 0.004, "other": 0.0}[phase]
        offset = list(SCHOOLS).index(phase) * 40
        clock = -np.log(when[offset : offset + min(total, 40)])
        due = clock / (rate * speed * (1 - 0.06 * security) + 1e-12)
        scale = (total - start) / len(clock)
        new = np.rint((due[:, None, :] < month + 1).sum(axis=0) * scale).astype(np.int64)
        academies = start + new
        share = np.clip(0.93 - 0.002 * month * (1 - 0.5 * security), 0, 1) * np.where(
            alive, 1.0, 0.0
        )
        for what, unit in (("schools", 1), ("pupils", PUPILS[phase])):
            inside = np.rint((total - academies) * share).astype(np.int64)
            associates = np.rint(academies * share * 0.75).astype(np.int64)
            for legal, relation, number in (
                ("maintained", "member", inside),
                ("maintained", "alone", total - academies - inside),
                ("academy", "member", associates),
                ("academy", "alone", academies - associates),
            ):
                panel[f"{what}_{phase}_{legal}_{relation}"] = number * unit
        if phase != "other":
            opened = np.diff(new, axis=0, prepend=np.zeros((1, replications), np.int64))
            panel[f"openings_converter_{phase}"] = opened.astype(np.int16)
            panel[f"openings_sponsored_{phase}"] = np.zeros_like(opened, np.int16)
        worth = PUPILS[phase] * UNIT[phase] * 100
        money["gross"] = money["gross"] + total * worth
        money["recouped"] = money["recouped"] + academies * worth
        money["recouped_new"] = money["recouped_new"] + new * worth
    for name, pence in money.items():
        panel[f"{name}_pence_per_year"] = pence.astype(np.int64)
        panel[f"{name}_cumulative_pence"] = np.cumsum(pence / 12, axis=0).astype(np.int64)
    fraction = np.where(alive, 0.85 + 0.05 * security, 0.02)
    for name, value in {
        "participation": fraction,
        "connectedness": 0.75 - 0.2 * panel["recouped_pence_per_year"] / money["gross"],
        "integrity": 1 - panel["recouped_pence_per_year"] / money["gross"],
        "mutual_support": np.where(alive, 0.88, 0.7) + 0 * fraction,
        "stability": np.where(alive, 0.95, 0.5),
        "adequacy": np.where(alive, 0.9, np.nan),
        "confidence": np.where(alive, 0.65, 0.4),
        "lead_offer_share": np.where(alive, 0.4, 0.3),
    }.items():
        panel[name] = value.astype(np.float64)
    parts = [
        panel[name]
        for name in ("participation", "connectedness", "integrity", "mutual_support", "stability")
    ]
    weights = np.array(policy.cohesion.weights)
    logs = np.log(np.maximum(np.stack(parts), 0.02))
    panel["cohesion"] = np.exp(np.tensordot(weights, logs, 1))
    panel["cohesion_core"] = np.exp(np.tensordot(weights[1:4] / weights[1:4].sum(), logs[1:4], 1))
    panel["unmet_days_below_good"] = np.where(alive, 12.0, 30.0) * np.sqrt(speed)
    panel["vulnerable_pupils"] = panel["unmet_days_below_good"] * 40
    panel["academies_alone"] = np.rint(
        np.where(alive, 0.2, 0.9) * panel["schools_secondary_academy_alone"]
    ).astype(np.int64)
    panel["served_days"] = np.full((months, replications), 100.0)
    panel["bought_by_schools_days"] = np.where(alive, 4.0, 30.0) * np.minimum(speed, 2)
    panel["partnership_ended"] = (month >= lapse + 6).astype(np.int8)
    panel["lapsed"] = (month >= lapse).astype(np.int8)
    panel["agreement_in_force"] = alive.astype(np.int8)
    panel["ses_path_pence_per_year"] = np.full((months, replications), 180_000_000)
    guarantee = np.where(alive, 8_000_000 * security, 0).astype(np.int64)
    panel["guarantee_pence_per_year"] = guarantee
    panel["overspend_pence_per_year"] = np.where(alive, 5_000_000 * security, 0).astype(np.int64)
    for column in COLUMNS:
        if column.name not in panel:
            panel[column.name] = np.zeros((months, replications), column.dtype)
    return panel


def row_of(tables: ComparisonTables, scenario: str, metric: str, moment: str) -> Row:
    """One compared number."""
    asked = (scenario, metric, moment)
    return next(
        row for row in tables.rows
        if (row.scenario.name, row.metric.name, row.moment.name) == asked
    )  # fmt: skip
