"""Cases on a town of thirty schools whose runs are stored, and one that is simulated each time."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd

from rsip_sim.evidence.months import month_text
from rsip_sim.evidence.national import PHASES
from rsip_sim.evidence.register import load_register
from rsip_sim.experiment.authorities import Job, policy_for, simulate
from rsip_sim.experiment.errors import ExperimentError
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.face import Comparison
from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.moments import moments_of
from rsip_sim.measures.runs import read_schools
from rsip_sim.model.simulation import simulate_block
from rsip_sim.report.text import rendered
from rsip_sim.scenario import Scenario, load_scenario, with_values
from rsip_sim.scenario.loading import scenario_of
from rsip_sim.scenario.reading import Document
from rsip_sim.studies.backtest.cases import cases
from rsip_sim.studies.backtest.study import BacktestStudy
from rsip_sim.studies.backtest.work import backtest
from rsip_sim.studies.calibrate.study import CalibrationStudy
from rsip_sim.studies.calibrate.targets import load_targets
from rsip_sim.studies.calibrate.work import Calibration, fit
from rsip_sim.studies.check import work as guard
from rsip_sim.studies.check.work import check_deep
from rsip_sim.studies.diff.study import DiffStudy
from rsip_sim.studies.explain.study import ExplainStudy
from rsip_sim.studies.explain.work import explain
from rsip_sim.studies.kernel.ground import Ground, scenario_ground
from rsip_sim.studies.kernel.study import asked_of
from rsip_sim.studies.kernel.trials import Trial, measure_all
from rsip_sim.studies.risks.study import RisksQuestion, RisksStudy
from rsip_sim.studies.robust.study import RobustStudy
from rsip_sim.studies.sensitivity.study import SensitivityStudy
from rsip_sim.studies.solve.study import SolveStudy
from rsip_sim.studies.story.study import StoryQuestion, StoryStudy
from rsip_sim.studies.story.work import tell
from rsip_sim.studies.verify.report import verify_report
from rsip_sim.studies.verify.work import verify
from tests.fakes import papers
from tests.fakes.few_cases import some_cases
from tests.fakes.panels import NO_AGREEMENT, TWO_YEAR
from tests.fakes.worlds import town
from tests.golden.adapters import (
    answered,
    charts_of,
    csv_of,
    deep_check_of,
    ended,
    one_machine,
    tables_of,
    told_by,
)
from tests.golden.tape import played

Made = dict[str, str]
FUTURES, MONTHS, SEED = 128, 36, 20110401
MONEY = {"funding.ses_gbp_per_year": 300_000, "funding.earmark_gbp_per_year": 120_000}
EARMARK = "funding.earmark_gbp_per_year"
TOLD = ("members", "cohesion", "erosion", "breakdown")
FEW_MECHANISMS = ("security", "forum", "guarantee", "ending")
TARGETS = Path(__file__).parents[2] / "experiments" / "calibration" / "targets.yaml"


def in_town(scenario: Scenario, **values: object) -> Scenario:
    """The scenario with a few schools instead of Rotherham's, and money in proportion."""
    resolved = {**scenario.resolved, "horizon_months": MONTHS}
    made = replace(scenario_of(Document(resolved), scenario.path, town()), name=scenario.name)
    return with_values(made, {**MONEY, **values})


@functools.cache
def three() -> tuple[Scenario, ...]:
    """No agreement, two years, and two years with ties, more money and a subscription."""
    paid = in_town(
        TWO_YEAR,
        **{EARMARK: 180_000, "agreement.school_commitment_months": 24,
           "funding.subscription_gbp_per_pupil": 6},
    )  # fmt: skip
    return (
        in_town(NO_AGREEMENT),
        in_town(TWO_YEAR),
        replace(paid, name="paid_for", title="Two years, tied and paid for", short="paid for"),
    )


@functools.cache
def comparison(anew: bool) -> Comparison:
    """The three on the same futures."""
    with played("town", anew):
        results = run_scenarios(three(), SEED, FUTURES, workers=1)
    return Comparison(three(), results)


def compared(_: Path, anew: bool) -> Made:
    made = comparison(anew)
    return {
        **tables_of(made.files()),
        "summary.txt": ended(made.text()),
        **charts_of(made.charts()),
    }


def schools(_: Path, anew: bool) -> Made:
    """The table of schools, averaged over futures."""
    made, rows = comparison(anew), []
    for scenario in made.scenarios:
        table = read_schools(made.results, scenario.name)
        means = {
            name: array.mean(axis=1)
            for name, array in vars(table).items()
            if isinstance(array, np.ndarray) and array.ndim == 2
        }
        shares = {"leaves": table.leaves.mean(axis=1), "dropped": table.dropped.mean(axis=1)}
        named = {"scenario": scenario.name, "urn": scenario.roster.urn}
        rows.append(pd.DataFrame({**named, **means, **shares}))
    return {"tables/schools.csv": csv_of(pd.concat(rows))}


def robust(_: Path, anew: bool) -> Made:
    made = comparison(anew)
    with played("robust", anew):
        asked = {"objectives": ["members", "erosion"], "climate_replications": 64}
        return answered(RobustStudy(), asked, Ground(made.scenarios, results=made.results))


def explained(anew: bool, scenario: str, tape: str) -> Made:
    made = comparison(anew)
    study, asked = ExplainStudy(), {"scenario": scenario, "metrics": [*TOLD]}
    ready = study.check(study.question.of(asked), Ground(made.scenarios, results=made.results))
    chosen = [each for each in load_register().mechanisms() if each.name in FEW_MECHANISMS]
    with played(tape, anew):
        found = explain(made.results, ready.difference, workers=1, mechanisms=chosen)
    return told_by(study, found)


def sensed(_: Path, anew: bool) -> Made:
    pair = three()[:2]
    with played("sensitivity", anew):
        asked = {"metrics": ["members", "erosion"], "sets": 64}
        return answered(SensitivityStudy(), asked, Ground(pair, SEED))


def solved(_: Path, anew: bool) -> Made:
    asked = {
        "search": {"lever": EARMARK, "lowest": 0, "highest": 240_000},
        "target": "members at end at least 27 with probability 0.6",
        "replications": 64,
        "seed": SEED,
    }
    with played("solve", anew):
        return answered(SolveStudy(), asked, scenario_ground(three()[1:2]))


def story(anew: bool, row: int, scenario: int = 1, baseline: int = 0) -> Made:
    made = comparison(anew)
    pair = made.scenarios[scenario], made.scenarios[baseline]
    return told_by(StoryStudy(), tell(made.results, SEED, *pair, row))


def risks(anew: bool, scenario: int, baseline: int | None, by: int | None = None) -> Made:
    made = comparison(anew)
    chosen = made.scenarios[scenario]
    order = (chosen,) if baseline is None else (made.scenarios[baseline], chosen)
    asked = {
        "scenario": chosen.name,
        "by": None if by is None else month_text(chosen.policy.start + by),
    }
    return answered(RisksStudy(), asked, Ground(order, results=made.results))


# the evidence


def backtested(_: Path, anew: bool) -> Made:
    with played("backtest", anew):
        found = backtest(some_cases(cases(), 44), replications=128, workers=1)
    return told_by(BacktestStudy(), found)


def calibrated(_: Path, anew: bool) -> Made:
    few = {"replications": 300, "rotherham_replications": 600, "sets_kept": 40}
    wanted = load_targets(TARGETS).model_copy(update=few)
    places = ("Barnet", "Bath and North East Somerset", "Derby")
    with played("calibrate", anew):
        fitted = fit(wanted, places, workers=1)
    scores = np.random.default_rng(6).standard_normal((40, len(wanted.fitted)))
    done = Calibration(fitted, scores)
    made = told_by(CalibrationStudy(), done)
    likelihood = pd.DataFrame({"log_likelihood": fitted.log_likelihood(scores)})
    return {**made, "tables/log_likelihood.csv": csv_of(likelihood)}


# stored papers


def _paper(
    name: str, anew: bool, values: Mapping[str, Mapping[str, object]] | None = None,
    leave_out: int = 0, horizon: int = 18, **settings: object,
) -> Path:  # fmt: skip
    """A stored comparison in the present folder, which a text names by a short name."""
    made = papers.scenarios(Path(f"{name}_scenarios"), values, leave_out, horizon)
    with played(f"papers_{name}", anew):
        return papers.kept_paper(Path(name), made, **settings)


def verified(folder: Path, anew: bool, tampered: bool = False) -> Made:
    with contextlib.chdir(folder), one_machine():
        place = _paper("first", anew)
        if tampered:
            papers.replaced(place / "tables" / "differences.csv", "members", "membres")
            (place / "stranger.txt").write_text("left here\n", "utf-8")
        with played("papers_first", False):
            done = verify(place, 2, workers=1)
    rows = [
        {"name": each.name, "verdict": each.verdict, "details": len(each.details)}
        for each in done.checks
    ]
    return {
        "findings.csv": csv_of(pd.DataFrame(rows)),
        "summary.txt": ended(rendered(verify_report(done))),
    }


def compared_papers(folder: Path, anew: bool) -> Made:
    values = {"two_year": {"agreement.length_months": 36, EARMARK: 90_000}}
    with contextlib.chdir(folder), one_machine():
        first, second = _paper("first", anew), _paper("second", anew, values, seed=4)
        with played("diff", anew):
            return answered(DiffStudy(), {}, Ground(folders=(first, second)))


def other_schools(folder: Path, anew: bool) -> Made:
    """Two schools fewer, and two months more."""
    with contextlib.chdir(folder), one_machine():
        first = _paper("first", False)
        second = _paper("fewer_schools", anew, leave_out=2, horizon=20)
        with played("diff_schools", anew):
            asked = {"metrics": ["members", "cohesion"]}
            return answered(DiffStudy(), asked, Ground(folders=(first, second)))


def refused(folder: Path, anew: bool) -> Made:
    """What is said of questions that make no sense, every fault of each."""
    made = comparison(anew)
    results, scenarios = made.results, made.scenarios

    def explain_asked(**asked: object) -> object:
        study = ExplainStudy()
        return study.check(study.question.of(asked), Ground(scenarios, results=results))

    def solve_asked(**asked: object) -> object:
        study = SolveStudy()
        return study.check(study.question.of(asked), scenario_ground(scenarios[1:2]))

    def story_asked(**asked: object) -> object:
        ground = Ground(scenarios[:2], results=results)
        return StoryStudy().check(StoryQuestion.of(asked), ground)

    asking: dict[str, Callable[[], object]] = {
        "explain": lambda: explain_asked(
            baseline="no_agrement", scenario="two_yer", metrics=["membrs"], at="march_2014"
        ),
        "explain itself": lambda: explain_asked(baseline="two_year", scenario="two_year"),
        "explain which": explain_asked,
        "robust": lambda: asked_of(
            RobustStudy(),
            {"objectives": ["erosin", "members"], "at": "ends", "climates": ["cold"]},
            lambda _: Ground(scenarios, results=results),
        ),
        "sensitivity": lambda: asked_of(
            SensitivityStudy(),
            {"metrics": ["membrs"], "at": "ends", "sets": 100},
            lambda _: Ground(scenarios[:2], seed=SEED),
        ),
        "solve": lambda: solve_asked(
            search={"lever": "agreement.lenght_months"}, target="membrs at end at least 3"
        ),
        "solve ranges": lambda: solve_asked(
            search={"lever": EARMARK, "lowest": 5, "highest": 4},
            target="members at end",
        ),
        "solve replications": lambda: solve_asked(
            search={"lever": EARMARK}, target="members at end at least 3", replications=0
        ),
        "risks": lambda: RisksStudy().check(
            RisksQuestion(by=month_text(scenarios[1].policy.start + MONTHS)),
            Ground(scenarios, results=results),
        ),
        "story": lambda: story_asked(school="School 1000", replication=4_000),
        "diff": lambda: DiffStudy().check(
            DiffStudy.question.of({"metrics": ["membrs"]}), Ground(folders=(Path("a"), Path("b")))
        ),
        "school": lambda: story_asked(school="School 10"),
    }
    said = []
    for name, bad in asking.items():
        try:
            bad()
        except (ValueError, ExperimentError) as error:
            said.append(f"{name}\n{error}\n")
        else:
            said.append(f"{name}\nis not refused\n")
    return {"refusals.txt": "\n".join(said)}


# what is simulated each time


def checked(folder: Path, _: bool, child: str) -> Made:
    """A scenario file checked in depth; its few futures are simulated here and now."""
    rows = ["urn,school,phase,pupils,learning_community"]
    for place, name in enumerate(("Ash", "Birch", "Cedar")):
        rows.append(f"{1000 + place},{name} High,secondary,1000,{name}")
        rows += [f"{2000 + 10 * place + n},{name} {n},primary,200,{name}" for n in range(5)]
    (folder / "town.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (folder / "base.yaml").write_text(
        "title: Small town\nstart: 2011-04\nhorizon_months: 30\nroster: town.csv\n"
        "funding: {earmark_gbp_per_year: 120_000, ses_gbp_per_year: 1_250_000}\n"
        "run: {replications: 1000, seed: 1, parameters: central}\n",
        "utf-8",
    )
    path = folder / "child.yaml"
    path.write_text(f"extends: base.yaml\n{child}\n", "utf-8")
    with patch.object(guard, "_PILOTS", (32,)):
        return deep_check_of(check_deep(load_scenario(path)))


def simulated(_: Path, __: bool) -> Made:
    """Means over futures of every column, in a few months and of every school."""
    scenario = three()[2]
    outcome = simulate_block(scenario.policy, scenario.roster, SEED, np.arange(32))
    months = (0, 11, 23, 35)
    panel = pd.DataFrame(
        [
            {"column": name, **{f"month_{m}": np.nanmean(array[m]) for m in months
                                if not np.isnan(array[m]).all()}}
            for name, array in outcome.panel.items()
        ]
    )  # fmt: skip
    means = {name: array.mean(axis=1) for name, array in outcome.schools.items()}
    table = pd.DataFrame({"urn": scenario.roster.urn, **means})
    return tables_of({"panel": panel, "schools": table, "trial": _trial(scenario)})


def _trial(scenario: Scenario) -> pd.DataFrame:
    """Means over futures of every metric at every moment, one parameter being held."""
    moments = tuple(moments_of(scenario.policy, MONTHS).values())
    asked = Trial(
        scenario.policy, scenario.roster, SEED, np.arange(32), tuple(METRICS), moments,
        {"b_secure": np.linspace(0, 3, 32)},
    )  # fmt: skip
    (measured,) = measure_all([asked], workers=1)
    means = np.nanmean(np.where(np.isnan(measured).all(axis=2)[..., None], 0, measured), axis=2)
    columns = {moment.name: means[:, place] for place, moment in enumerate(moments)}
    return pd.DataFrame({"metric": list(METRICS), **columns})


def authority(_: Path, __: bool) -> Made:
    """Openings in another authority, month by month, over its futures together."""
    job = Job("Barnet", policy_for("Barnet", 25, "prior"), 5, np.arange(32))
    (made,) = simulate([job])
    openings = made.openings.sum(axis=1)
    names = [f"{route}_{phase}" for route in ("converter", "sponsored") for phase in PHASES]
    table = pd.DataFrame(openings.reshape(len(openings), -1), columns=names)
    return tables_of({"openings": table})


TOWN: dict[str, Callable[[Path, bool], Made]] = {
    "town_compare": compared,
    "town_schools": schools,
    "town_robust_climates": robust,
    "town_explain": lambda _, anew: explained(anew, "paid_for", "explain"),
    "town_sensitivity": sensed,
    "town_solve": solved,
    "town_story_secondary": lambda _, anew: story(anew, 0),
    "town_story_primary": lambda _, anew: story(anew, 5),
    "town_story_tied": lambda _, anew: story(anew, 18, scenario=2),
    "town_story_subscription": lambda _, anew: story(anew, 0, scenario=2),
    "town_story_worse": lambda _, anew: story(anew, 9, scenario=0, baseline=1),
    "town_risks": lambda _, anew: risks(anew, 1, 0),
    "town_risks_by_a_month": lambda _, anew: risks(anew, 2, None, 23),
    "backtest": backtested,
    "calibrate": calibrated,
    "verify": verified,
    "verify_tampered": lambda folder, anew: verified(folder, anew, tampered=True),
    "diff": compared_papers,
    "diff_other_schools": other_schools,
    "refusals": refused,
    "check_deep": lambda folder, anew: checked(
        folder,
        anew,
        "agreement: {length_months: 24}\n"
        "timeline: [{from: 2012-04, set: {funding.subscription_gbp_per_pupil: 12}}]",
    ),
    "check_deep_of_nothing": lambda folder, anew: checked(folder, anew, "description: the same"),
    "simulated": simulated,
    "simulated_authority": authority,
}
