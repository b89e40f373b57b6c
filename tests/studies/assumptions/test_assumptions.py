"""The assumption log: all of what is uncertain, weak and influential first, nothing typed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.evidence.register import load_register
from rsip_sim.report.text import rendered
from rsip_sim.studies.assumptions import work
from rsip_sim.studies.assumptions.report import assumptions_report
from rsip_sim.studies.assumptions.work import (
    COUNTED,
    GRID,
    HIGH,
    IMPACT_COLUMNS,
    IMPACTS,
    MEDIUM,
    OUTCOMES,
    RATINGS,
    STUDY,
    assumption_log,
    assumption_table,
    impact_table,
    kept_impacts,
    outcomes_table,
    shipped_scenarios,
)
from rsip_sim.studies.functions import function_of
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.keeping import is_current, stored_record, stored_table
from rsip_sim.studies.sensitivity import work as sensitivity
from rsip_sim.studies.sensitivity.tables import sensitivity_tables
from rsip_sim.studies.sensitivity.work import pair_of
from tests.fakes.panels import NO_AGREEMENT, TWO_YEAR
from tests.fakes.uncertain_studies import in_town, town_study

REGISTER = load_register()


def impacts(**size_of):
    """A table of impacts: a clear swing of members of this size for each parameter named."""
    rows = [
        ("one", "other", "mean", "members", name, 10 * size, 9 * size, 11 * size, size, size / 10)
        for name, size in size_of.items()
    ]
    rows += [
        ("one", "other", "mean", "members", each.name, 0.0, 0.0, 0.0, 0.0, 0.0)
        for each in REGISTER.uncertain()
        if each.name not in size_of
    ]
    return pd.DataFrame(rows, columns=[*IMPACT_COLUMNS])


def first_of(grade):
    return next(each.name for each in REGISTER.uncertain() if each.grade == grade)


def of(log, name):
    return next(each for each in log.assumptions if each.parameter.name == name)


def test_every_uncertain_parameter_is_in_the_log_once_with_what_the_register_says():
    log = assumption_log(kept_impacts())
    names = [each.parameter.name for each in log.assumptions]
    assert sorted(names) == sorted(each.name for each in REGISTER.uncertain())
    table = assumption_table(log).set_index("parameter")
    for name in names:
        assert table.loc[name, "evidence"] == REGISTER[name].grade
        assert table.loc[name, "value"] == REGISTER[name].value
        assert table.loc[name, "sources"] or table.loc[name, "note"]


@pytest.mark.parametrize(
    ("grade", "size", "rating"),
    [
        ("none", HIGH, "red"),
        ("none", MEDIUM, "amber"),
        ("none", MEDIUM / 2, "green"),
        ("weak", HIGH, "red"),
        ("weak", MEDIUM, "amber"),
        ("moderate", HIGH, "amber"),
        ("moderate", MEDIUM, "green"),
        ("strong", 2.0, "green"),
    ],
)
def test_weak_evidence_and_high_impact_together_make_the_rating(grade, size, rating):
    name = first_of(grade)
    assert of(assumption_log(impacts(**{name: size})), name).rating == rating


def test_weak_and_influential_ones_come_first_the_most_influential_of_them_on_top():
    none, weak, strong = (first_of(grade) for grade in ("none", "weak", "strong"))
    second = [each.name for each in REGISTER.uncertain() if each.grade == "none"][1]
    log = assumption_log(impacts(**{none: 0.6, second: 0.9, weak: 1.5, strong: 3.0}))
    names = [each.parameter.name for each in log.assumptions]
    assert names[:3] == [second, none, weak]
    ratings = [RATINGS.index(each.rating) for each in log.assumptions]
    assert ratings == sorted(ratings)


def test_a_swing_that_cannot_be_told_from_none_or_does_not_show_is_no_impact():
    table = impacts(b_secure=1.0)
    unclear = table.assign(swing_low=-1.0)
    assert of(assumption_log(unclear), "b_secure").impact is None
    tiny = table.assign(swing=0.01, swing_low=0.009, swing_high=0.011)
    assert of(assumption_log(tiny), "b_secure").impact is None
    assert of(assumption_log(table), "b_secure").impact is not None


def test_without_any_study_nothing_is_rated_and_the_weakest_evidence_comes_first():
    log = assumption_log(None, "Impact is not known yet.")
    assert {each.rating for each in log.assumptions} == {""}
    assert log.assumptions[0].parameter.grade == "none"
    assert "Impact is not known yet." in rendered(assumptions_report(log))
    assert "low impact" not in rendered(assumptions_report(log))


def test_the_text_shows_the_grid_every_parameter_and_fits_the_terminal():
    log = assumption_log(kept_impacts())
    report = assumptions_report(log)
    text = rendered(report)
    assert max(map(len, text.splitlines())) <= 100
    for grade, *cells in report.part("grid").blocks[0].cells:
        for rank, cell in zip(IMPACTS, cells, strict=True):
            found = [(each.parameter.grade, each.rank) for each in log.assumptions]
            assert cell == f"{found.count((grade, rank))} {GRID.get((grade, rank), 'green')}"
    rows = report.part("log").blocks[0].cells
    assert [row[0] for row in rows] == [each.parameter.name for each in log.assumptions]
    told = [each.parameter.label for each in log.assumptions if each.rating in ("red", "amber")]
    assert told
    assert [row[0] for row in report.part("sources").blocks[0].cells] == told


def test_fitted_parameters_show_the_range_they_were_fitted_to():
    log, posterior = assumption_log(kept_impacts()), load_posterior()
    for each in log.assumptions:
        assert (each.fitted is not None) == (each.parameter.name in posterior.names)


def test_the_impact_table_comes_from_the_differences_of_a_study():
    found = town_study()
    table = impact_table(sensitivity_tables(found))
    assert tuple(table.columns) == IMPACT_COLUMNS
    assert set(table["metric"]) == set(COUNTED)
    assert set(table["parameter"]) == set(found.inputs.names)
    secure = table[(table["parameter"] == "b_secure") & (table["metric"] == "members")].iloc[0]
    shares = (
        sensitivity_tables(found)["shares"]
        .set_index(["kind", "metric"])
        .loc[("difference", "members")]
    )
    typical = (shares["average"] ** 2 + shares["standard_deviation"] ** 2) ** 0.5
    assert secure["size"] == pytest.approx(abs(secure["swing"]) / typical)


def test_impacts_simulated_anew_are_those_of_a_study_of_each_pair(monkeypatch):
    pair = {name: in_town(each) for name, each in
            (("no_agreement", NO_AGREEMENT), ("two_year", TWO_YEAR))}  # fmt: skip
    monkeypatch.setattr(work, "PAIRS", (("no_agreement", "two_year"),))
    monkeypatch.setattr(work, "shipped_scenarios", lambda: pair)
    for module in ("study", "work"):  # whichever of them was imported before
        monkeypatch.setattr(f"rsip_sim.studies.sensitivity.{module}.SETS", 64)
    anew = work.simulated_impacts(Means(workers=1))
    seed = NO_AGREEMENT.run.seed
    two = pair_of(*pair.values(), seed, [], None)
    found = sensitivity.sensitivity(two, sets=64, means=Means(1))
    pd.testing.assert_frame_equal(anew.impacts, impact_table(sensitivity_tables(found)))
    assert set(anew.outcomes["scenario"]) == set(pair)


def test_in_python_the_log_needs_no_comparison_and_keeps_only_the_package_s_impacts(tmp_path):
    log = function_of("assumptions")
    assert log().folder is None
    assert log(out=tmp_path / "log").folder == tmp_path / "log"
    with pytest.raises(AskedError, match="store: is for the impacts kept with the package"):
        log(Ground(results=object()), store=True)


TOLERANCE = 1e-3
"""Relative; another processor's last digits do not count, a change of the model does."""


def impacts_are_current(scenarios):
    """Whether the impacts kept are those that this model and register would give."""
    if not is_current(STUDY) or stored_record(STUDY)["numbers_sha256"] != work.numbers_digest():
        return False
    now, before = outcomes_table(scenarios), stored_table(STUDY, OUTCOMES)
    same = now[["scenario", "metric"]].equals(before[["scenario", "metric"]])
    return same and np.allclose(now["average"], before["average"], rtol=TOLERANCE, atol=0)


def test_the_impacts_kept_with_the_package_are_those_of_this_model():
    assert impacts_are_current(shipped_scenarios()), (
        "run rsip assumptions --store, then python -m rsip_sim.describe"
    )


def test_a_model_that_behaves_otherwise_is_noticed(monkeypatch):
    scenarios = shipped_scenarios()
    monkeypatch.setattr("rsip_sim.studies.assumptions.work.FUTURES", 31)
    assert not impacts_are_current(scenarios)
    monkeypatch.undo()
    monkeypatch.setattr("rsip_sim.studies.assumptions.work.numbers_digest", lambda: "other")
    assert not impacts_are_current(scenarios)
