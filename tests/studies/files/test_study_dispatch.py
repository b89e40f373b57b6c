"""Studies of analyses with commands of their own: the same answer, under the study's title."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from rsip_sim.experiment.errors import DesignError
from rsip_sim.experiment.results import open_results
from rsip_sim.studies.files.loading import run_study
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.kernel.ground import Means, scenario_ground
from rsip_sim.studies.kernel.study import run_and_keep
from rsip_sim.studies.robust.report import robust_report
from rsip_sim.studies.robust.study import RobustStudy
from rsip_sim.studies.sensitivity import work as analysis
from rsip_sim.studies.sensitivity.report import sensitivity_report
from rsip_sim.studies.sensitivity.study import PRECISION, SensitivityStudy
from rsip_sim.studies.sensitivity.tables import sensitivity_tables
from rsip_sim.studies.sensitivity.work import pair_of
from rsip_sim.studies.solve import work as solve_work
from rsip_sim.studies.solve.question import SolveQuestion
from rsip_sim.studies.solve.study import SolveStudy
from tests.fakes.studies import by_formula, measure_all_by, study

TIPPING = """
title: From which earmark on
description: Where the partnership stays large.
kind: tipping
scenario: two_year.yaml
search: {lever: funding.earmark_gbp_per_year, lowest: 0, highest: 1_000_000}
target: members at end at least 104
run: {replications: 12, seed: 5}
"""

SENSITIVITY = """
title: What it depends on
description: Longer by a year.
kind: sensitivity
baseline: base.yaml
scenario: two_year.yaml
metrics: [members]
sets: 64
run: {seed: 5}
"""

ROBUSTNESS = """
title: Which is robust
kind: robustness
scenarios: [base.yaml, two_year.yaml]
objectives: [erosion, members]
climates: []
run: {replications: 4}
"""


@pytest.fixture
def formula(monkeypatch) -> None:
    monkeypatch.setattr(analysis, "measure_all", measure_all_by(by_formula))
    monkeypatch.setattr(SensitivityStudy, "charts", lambda *_: ())
    monkeypatch.setattr(solve_work, "measure_all", measure_all_by(by_formula))
    monkeypatch.setattr(SolveStudy, "charts", lambda *_: ())


def test_a_study_of_tipping_is_the_search_that_rsip_solve_makes(tmp_path, formula) -> None:
    made = study(tmp_path, TIPPING)
    done = run_study(made, workers=1, out=tmp_path / "out")
    search = SolveStudy()
    asked = SolveQuestion.of({
        "search": {"lever": "funding.earmark_gbp_per_year", "lowest": 0, "highest": 1_000_000},
        "target": "members at end at least 104",
        "replications": 12,
        "seed": 5,
    })  # fmt: skip
    expected = run_and_keep(
        search, asked, scenario_ground(made.ground.scenarios), means=Means(workers=1)
    )
    assert expected.result.value == pytest.approx(500_000)  # 100 + 24 / 12 + 4 × earmark in £m
    tables = search.tables(done.result)
    assert set(tables) == {"answer", "curve"}
    for name, table in search.tables(expected.result).items():
        pd.testing.assert_frame_equal(tables[name], table)
    assert done.report.blocks == expected.report.blocks
    facts = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert (facts["seed"], facts["replications"]) == (5, 12)


def test_a_search_is_kept_under_the_title_of_its_study_and_told_again(tmp_path, formula) -> None:
    made = study(tmp_path, TIPPING)
    first = run_study(made, workers=1, out=tmp_path / "out").text
    assert first.startswith("FROM WHICH EARMARK ON")
    assert "Where the partnership stays large." in first
    assert (tmp_path / "out" / "summary.txt").read_text("utf-8") == first
    assert (tmp_path / "out" / "manifest.json").is_file()
    assert run_study(made, workers=1, out=tmp_path / "out").text == first


def test_a_search_out_of_reach_speaks_of_no_option_of_the_command(tmp_path, formula) -> None:
    text = TIPPING.replace("at least 104", "at least 120")
    told = run_study(study(tmp_path, text), workers=1, out=tmp_path / "out").text
    words = " ".join(told.split())
    assert "meets the target; the best is" in words
    assert "--" not in words


def test_a_target_that_needs_a_partnership_is_refused_where_there_is_none(tmp_path) -> None:
    text = TIPPING.replace("two_year.yaml", "no_partnership.yaml")
    text = text.replace("members at end at least 104", "cohesion_all at end at least 50")
    with pytest.raises(AskedError, match=r"study.yaml:7:9: target: cohesion_all is not defined"):
        study(tmp_path, text, "no_partnership")


def test_a_study_of_sensitivity_is_the_analysis_that_rsip_sensitivity_makes(
    tmp_path, formula
) -> None:
    made = study(tmp_path, SENSITIVITY)
    done = run_study(made, workers=1, out=tmp_path / "out")
    pair = pair_of(*made.ground.scenarios, 5, ["members"], None)
    expected = analysis.sensitivity(pair, ["members"], 64, PRECISION / 100, Means(1))
    assert done.text.startswith("WHAT IT DEPENDS ON")
    assert done.report.blocks == sensitivity_report(expected).blocks
    tables = SensitivityStudy().tables(done.result)
    known = sensitivity_tables(expected)
    assert set(tables) == set(known)
    for name, table in known.items():
        pd.testing.assert_frame_equal(tables[name], table)
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_a_study_of_sensitivity_has_no_use_for_a_number_of_futures(tmp_path) -> None:
    with pytest.raises(AskedError, match=r"--replications: .* counts parameter sets, not futures"):
        study(tmp_path, SENSITIVITY, futures=500)


def test_scenarios_that_do_not_fit_together_are_refused_before_anything_is_run(tmp_path) -> None:
    (tmp_path / "shorter.yaml").write_text(
        "title: Shorter\nextends: base.yaml\nhorizon_months: 48\n", encoding="utf-8"
    )
    with pytest.raises(DesignError, match="share their horizon"):
        study(tmp_path, SENSITIVITY.replace("base.yaml", "shorter.yaml"))


def test_a_study_of_robustness_stands_on_a_comparison_kept_in_its_own_folder(
    tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(RobustStudy, "charts", lambda *_: ())
    made = study(tmp_path, ROBUSTNESS)
    done = run_study(made, workers=1, out=tmp_path / "out")
    compared = open_results(tmp_path / "out" / "comparison")
    facts = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert facts["comparison"] == compared.digest
    assert (facts["study"], facts["climate_replications"]) == ("robustness study", 250)
    ground = replace(made.ground, results=compared)
    expected = RobustStudy().work(RobustStudy().check(made.question, ground), Means(workers=1))
    assert done.report.blocks == robust_report(expected).blocks
    assert run_study(made, workers=1, out=tmp_path / "out").text == done.text
