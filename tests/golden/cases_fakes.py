"""Cases on results that nobody simulated: fakes in memory, the same on every machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from rsip_sim.report.text import rendered
from rsip_sim.scenario import Scenario
from rsip_sim.studies.assumptions.study import AssumptionsStudy
from rsip_sim.studies.assumptions.work import assumption_log, kept_impacts
from rsip_sim.studies.compare.alternatives import unevidenced
from rsip_sim.studies.compare.charts import comparison_charts, run_charts
from rsip_sim.studies.compare.report import comparison_report, comparison_tables, headlines_report
from rsip_sim.studies.compare.work import compare_results, headline_table
from rsip_sim.studies.england.study import EnglandStudy
from rsip_sim.studies.explain.hybrids import BY_LEVER
from rsip_sim.studies.explain.study import ExplainStudy
from rsip_sim.studies.files.loading import LoadedStudy, run_study
from rsip_sim.studies.kernel import cells
from rsip_sim.studies.kernel.ground import Ground
from rsip_sim.studies.kernel.trials import Trial
from rsip_sim.studies.robust.study import RobustStudy
from rsip_sim.studies.solve import work as solve_work
from rsip_sim.studies.solve.lever import Lever, lever_of
from rsip_sim.studies.solve.study import SolveStudy
from tests.fakes import curves
from tests.fakes.curves import TARGET, Chance, earmark, length
from tests.fakes.england import THREE, fake_england
from tests.fakes.explained import fake_account, fake_explained
from tests.fakes.pack_cases import fake_case
from tests.fakes.panels import (
    FIVE,
    FIVE_YEAR,
    NO_AGREEMENT,
    NO_PARTNERSHIP,
    TWO_YEAR,
    FakeResults,
    fake_results,
    twin,
)
from tests.fakes.studies import (
    GRID,
    REVIEW,
    Measure,
    by_formula,
    luck,
    measure_all_by,
    study,
    text_of,
    unlucky,
    worked,
)
from tests.golden.adapters import (
    answered,
    charts_of,
    ended,
    paper_of,
    recorded,
    tables_of,
    told_by,
)

Made = dict[str, str]
FUTURES = 200  # with fewer nothing is said of parameters without evidence


def seeded(scenarios: tuple[Scenario, ...], replications: int = FUTURES) -> FakeResults:
    return fake_results(scenarios, replications)


# comparisons


def compared(*scenarios: Scenario, charts: bool = True, futures: int = FUTURES) -> Made:
    results = fake_results(scenarios, futures)
    tables = compare_results(results, scenarios[0], scenarios[1:])
    leaning = unevidenced(results, scenarios[0], scenarios[1:])
    drawn = comparison_charts(results, tables) if charts else {}
    return {
        **tables_of(comparison_tables(tables, leaning)),
        "summary.txt": ended(rendered(comparison_report(tables, leaning))),
        **charts_of(drawn),
    }


def run_alone(scenario: Scenario) -> Made:
    results = seeded((scenario,))
    table = headline_table(results, scenario)
    return {
        **tables_of({"headlines": table}),
        "summary.txt": ended(rendered(headlines_report(table, scenario))),
        **charts_of(run_charts(results, scenario)),
    }


def papers(*scenarios: Scenario, template: str, with_schools: bool) -> Made:
    return paper_of(fake_case(scenarios, with_schools=with_schools), template)


def without_ledger(made: Made) -> Made:
    """A paper without its ledger, which is long; every figure in HTML names its cell and value."""
    return {name: text for name, text in made.items() if name != "ledger.json"}


# what matters, what it is worth to know, what is robust


def robust_of_luck() -> Made:
    """The second scenario has more cohesion than the first on average, and luck beside it."""
    scenarios = (NO_AGREEMENT, TWO_YEAR)
    results = seeded(scenarios)
    base, other = (results.panels[each.name] for each in scenarios)
    drawn = np.random.default_rng(3).normal(size=FUTURES)
    other["cohesion_core"] = base["cohesion_core"] + 0.01 * (1 + 3 * drawn)
    asked = {"objectives": ["cohesion"], "climates": []}
    return answered(RobustStudy(), asked, Ground(scenarios, results=results))


def robust(*scenarios: Scenario, objectives: tuple[str, ...] = ()) -> Made:
    asked = {"objectives": list(objectives), "climates": []}
    return answered(RobustStudy(), asked, Ground(scenarios, results=fake_results(scenarios, 60)))


def assumptions() -> Made:
    return told_by(AssumptionsStudy(), assumption_log(kept_impacts()))


# where it tips


def solved(lever: Lever, chance: Chance, target: str = TARGET) -> Made:
    return told_by(SolveStudy(), curves.solved(lever, chance, target))


# why two scenarios differ


def explained(*, interaction: float = 0.0, levers: bool = False) -> Made:
    effects = {"security": 4.0, "ties": -1.5, "money": 0.5, "support": 0.0}
    accounts = [
        fake_account(effects, together=interaction, rest=0.05),
        fake_account(
            {"security": -2.0, "ties": 0.0, "money": 0.1, "support": 0.0}, metric="erosion"
        ),
    ]
    if levers:
        named = {"agreement.length_months": 3.0, "funding.earmark_gbp_per_year": 0.0}
        accounts += [
            fake_account(named, family=BY_LEVER, metric=metric) for metric in ("members", "erosion")
        ]
    found = fake_explained(accounts)
    return told_by(ExplainStudy(), found)


# studies from files


def gridded(folder: Path, text: str = GRID, measure: Measure = by_formula) -> Made:
    return filed(study(folder, text, futures=20), folder, measure)


def reviewed(folder: Path, measure: Measure = by_formula, futures: int = 20) -> Made:
    return filed(study(folder, REVIEW, futures=futures), folder, measure)


def filed(made: LoadedStudy, folder: Path, measure: Measure) -> Made:
    with patch.object(cells, "measure_all", measure_all_by(measure)):
        result = worked(made, folder / "out")
    kind = made.kind.made()
    return recorded(kind.tables(result), text_of(made, result), kind.charts(result))


def turning(trial: Trial) -> NDArray[np.float64]:
    """Participation at the review decides which length is better."""
    measured, seen = by_formula(trial), luck(9, len(trial.replications))
    measured[trial.metrics.index("participation")] = seen
    levers = trial.policy.changes[-1][1] if trial.policy.changes else trial.policy.levers
    sign = 1.0 if levers.agreement.length_months == 48 else -1.0
    better = np.where(seen > np.median(seen), 3.0, -3.0)
    measured[trial.metrics.index("members")] = 100 + sign * better
    return measured


TIPPING = """
title: From which earmark on
description: Where the partnership stays large.
kind: tipping
scenario: two_year.yaml
search: {lever: funding.earmark_gbp_per_year, lowest: 0, highest: 1_000_000}
target: members at end at least 104
run: {replications: 12, seed: 5}
"""
ONE_LEVER = """
title: One lever
kind: grid
scenario: two_year.yaml
levers: {agreement.length_months: [0, 12, 24, 36]}
metrics: [members]
"""


def tipping(folder: Path) -> Made:
    """A search told under the title of its study."""
    with patch.object(solve_work, "measure_all", measure_all_by(by_formula)):
        done = run_study(study(folder, TIPPING), workers=1, out=folder / "out")
    return recorded(SolveStudy().tables(done.result), done.text, ())


def kept(folder: Path) -> Made:
    """Which files a kept study has, and what its manifest holds."""
    with patch.object(cells, "measure_all", measure_all_by(by_formula)):
        done = run_study(study(folder, ONE_LEVER, futures=20), workers=1, out=folder / "out")
    files = sorted(path for path in done.folder.rglob("*") if path.is_file())
    names = [path.relative_to(done.folder).as_posix() for path in files]
    manifest = json.loads((done.folder / "manifest.json").read_text("utf-8"))
    return {
        "files.txt": "\n".join([*names, ""]),
        "manifest_keys.txt": "\n".join([*manifest, ""]),
        "summary.txt": (done.folder / "summary.txt").read_text("utf-8"),
    }


LONGER = replace(FIVE_YEAR, title="An agreement of five years, with a title of many words indeed")
CONDITIONS = "conditions: {agreement.renewal: [uncertain, certain]}\n"
ONE_METRIC = GRID.replace("[members, erosion, fund]", "[members]")

FAKES: dict[str, Callable[[Path], Made]] = {
    "compare_lengths": lambda _: compared(NO_AGREEMENT, TWO_YEAR, FIVE_YEAR),
    "compare_without_partnership": lambda _: compared(NO_PARTNERSHIP, TWO_YEAR, charts=False),
    "compare_the_same": lambda _: compared(TWO_YEAR, twin(TWO_YEAR, "again"), charts=False),
    "compare_few_futures": lambda _: compared(NO_AGREEMENT, TWO_YEAR, charts=False, futures=5),
    "run_two_year": lambda _: run_alone(TWO_YEAR),
    "paper_rotherham": lambda _: without_ledger(
        papers(NO_AGREEMENT, TWO_YEAR, FIVE_YEAR, template="rotherham", with_schools=False)
    ),
    "paper_generic_with_schools": lambda _: papers(
        NO_AGREEMENT, TWO_YEAR, template="generic", with_schools=True
    ),
    "robust_of_luck": lambda _: robust_of_luck(),
    "robust_five_lengths": lambda _: robust(*FIVE),
    "robust_many_objectives": lambda _: robust(
        NO_PARTNERSHIP, TWO_YEAR, LONGER, objectives=("members", "overspend", "alone")
    ),
    "assumptions": lambda _: assumptions(),
    "solve_from": lambda _: solved(earmark(), lambda pounds: 0.2 + 0.7 * pounds / 1e6),
    "solve_up_to": lambda _: solved(length(), lambda months: 0.9 - months / 150),
    "solve_everywhere": lambda _: solved(length(), lambda months: 0.8 + months / 1200),
    "solve_no_effect": lambda _: solved(earmark(), lambda _: 1.0),
    "solve_nowhere": lambda _: solved(
        earmark(), lambda pounds: 0.5 + pounds / 2e6, target=TARGET.replace("0.6", "at most 0.001")
    ),
    "solve_within": lambda _: solved(earmark(), lambda pounds: 0.9 - abs(pounds - 5e5) / 6e5),
    "solve_average": lambda _: solved(
        earmark(), lambda pounds: 0.1 + 0.8 * pounds / 1e6, target="members mean above 70"
    ),
    "solve_parameter": lambda _: solved(
        lever_of(TWO_YEAR, "parameters.grade_multiplier_3"), lambda number: 0.9 - number
    ),
    "explain_mechanisms": lambda _: explained(),
    "explain_interaction_and_levers": lambda _: explained(interaction=3.0, levers=True),
    "england": lambda _: told_by(EnglandStudy(), fake_england(THREE)),
    "grid": gridded,
    "grid_conditions": lambda folder: gridded(folder, f"{ONE_METRIC}{CONDITIONS}"),
    "review": reviewed,
    "grid_failed": lambda folder: gridded(folder, ONE_METRIC, unlucky),
    "review_turning": lambda folder: reviewed(folder, turning, 200),
    "study_tipping": tipping,
    "study_kept": kept,
}
