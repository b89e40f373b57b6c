"""The account of a stored difference adds up to it, in every future and however it is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from rsip_sim.evidence.register import load_register
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.face import Comparison, load_scenarios
from rsip_sim.measures.metrics import METRICS, metrics_named
from rsip_sim.measures.moments import Panel, moments_of
from rsip_sim.report.text import rendered
from rsip_sim.studies.explain import work as explain_work
from rsip_sim.studies.explain.accounts import Account, Part
from rsip_sim.studies.explain.hybrids import BY_LEVER, BY_MECHANISM
from rsip_sim.studies.explain.report import explain_report
from rsip_sim.studies.explain.work import (
    Difference,
    Explained,
    ExplainQuestion,
    difference,
    explain,
    tables,
)
from tests.fakes.panels import row_of
from tests.fakes.scenario_files import SCENARIOS

NAMES = ("members", "cohesion", "erosion", "recouped_new", "breakdown", "joins")
CHOSEN = [load_register().structures[name] for name in ("security", "forum", "guarantee", "ending")]
FUTURES = 30
FILES = {
    "one_year": "agreement: {length_months: 12}",
    "twin": "agreement: {length_months: 12}",
    "two_year": "agreement: {length_months: 24}",
    "paid_for": "agreement: {length_months: 24}\n"
    "timeline: [{from: 2012-01, set: {funding.earmark_gbp_per_year: 300000}},\n"
    "  {from: 2012-04, set: {funding.subscription_gbp_per_pupil: 6}}]",
    "no_partnership": "partnership: false",
}


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = tmp_path_factory.mktemp("explain")
    base = (SCENARIOS / "base.yaml").read_text("utf-8")
    shorter = base.replace("horizon_months: 60", "horizon_months: 27")
    (folder / "base.yaml").write_text(shorter, "utf-8")
    paths = []
    for name, text in FILES.items():
        paths.append(folder / f"{name}.yaml")
        paths[-1].write_text(f"title: {name}\nextends: base.yaml\n{text}\n", "utf-8")
    scenarios = load_scenarios(paths)
    results = run_scenarios(scenarios, None, FUTURES, folder / "run", workers=1)
    return Comparison(scenarios, results)


def explained(comparison, scenario: str, metrics=NAMES, **asked) -> Explained:
    what = asked_of(comparison, scenario=scenario, metrics=[*metrics], **asked)
    return explain(comparison.results, what, workers=1, mechanisms=CHOSEN)


def asked_of(comparison, **asked) -> Difference:
    return difference(ExplainQuestion.of(asked), comparison.scenarios)


def account_of(found: Explained, metric: str, family: str) -> Account:
    (account,) = (a for a in found.accounts if (a.metric.name, a.family) == (metric, family))
    return account


def share_of(account: Account, step: str) -> Part:
    (part,) = (part for part in account.shares if part.step.name == step)
    return part


def text_of(found: Explained) -> str:
    return rendered(explain_report(found))


@pytest.fixture(scope="module")
def paid_for(comparison) -> Explained:
    return explained(comparison, "paid_for")


@pytest.fixture(scope="module")
def two_year(comparison) -> Explained:
    return explained(comparison, "two_year")


def stored_differences(comparison, found: Explained, metric: str) -> np.ndarray:
    moment = {found.moment.name: found.moment}
    levels = [
        Panel(comparison.results, each).at(metrics_named((metric,)), moment)[0, 0]
        for each in (found.question.baseline, found.question.scenario)
    ]
    return levels[1] - levels[0]


def check_sums(comparison, found: Explained) -> None:
    for account in found.accounts:
        whole = stored_differences(comparison, found, account.metric.name)
        scale = max(1.0, np.abs(whole).max())
        np.testing.assert_allclose(account.total.values, whole, rtol=0, atol=1e-12 * scale)
        total = sum(part.values for part in account.parts)
        np.testing.assert_allclose(total, whole, rtol=0, atol=1e-9 * scale)
        means = sum(part.mean for part in account.parts)
        assert means == pytest.approx(whole.mean(), abs=1e-9 * scale)


def test_every_account_adds_up_to_the_stored_difference_in_every_future(
    comparison, paid_for: Explained, two_year: Explained
) -> None:
    assert len(paid_for.accounts) == 2 * len(NAMES)
    check_sums(comparison, paid_for)
    check_sums(comparison, two_year)


def test_of_every_mechanism_of_the_register_the_account_adds_up_too(comparison) -> None:
    """They are too many for every order, so that futures take orders in turn."""
    what = asked_of(comparison, scenario="two_year", metrics=["members", "cohesion"])
    found = explain(comparison.results, what, workers=1)
    account = account_of(found, "members", BY_MECHANISM)
    assert len(account.shares) == len(load_register().mechanisms())
    assert account.orders > 1
    check_sums(comparison, found)
    assert "each takes one and its reverse" in " ".join(text_of(found).split())


def test_the_whole_is_what_the_comparison_reports(comparison, paid_for: Explained) -> None:
    for account in paid_for.accounts:
        row = row_of(comparison.tables, "paid_for", account.metric.name, paid_for.moment.name)
        n, reported = account.total.numbers, row.numbers
        assert (n.difference, n.ci_low, n.ci_high) == pytest.approx(
            (reported.difference, reported.ci_low, reported.ci_high)
        )
        assert (n.baseline, n.level) == pytest.approx((reported.baseline, reported.level))
        assert account.total.verdict == row.verdict


def test_few_futures_taken_apart_add_up_to_the_difference_of_all(
    comparison, two_year: Explained, monkeypatch
) -> None:
    """In each of the few, and on average over all that are stored."""
    monkeypatch.setattr(explain_work, "looks", lambda most, _: (8, 16, most))
    few = explained(comparison, "two_year", ("members", "cohesion"), precision=1000)
    assert (few.taken, few.replications) == (8, FUTURES)
    for account in few.accounts:
        whole = stored_differences(comparison, few, account.metric.name)
        total = sum(part.values for part in account.parts)
        np.testing.assert_allclose(total, whole[:8], atol=1e-9 * max(1.0, np.abs(whole).max()))
        assert sum(part.mean for part in account.parts) == pytest.approx(whole.mean())
        row = row_of(comparison.tables, "two_year", account.metric.name, few.moment.name)
        assert account.total.numbers.difference == pytest.approx(row.numbers.difference)
    text = " ".join(text_of(few).split())
    assert "the first 8 of them taken apart" in text
    assert "Every share is known to 1000 times that interval or what nobody would notice" in text
    none = explained(comparison, "two_year", ("breakdown",), precision=1000)
    assert none.taken > 8, "in the first eight the whole is nought, so that they tell nothing of it"
    far = explained(comparison, "two_year", precision=1e-9)
    assert far.taken == FUTURES
    assert "Not every share is known to 1e-09 times" in " ".join(text_of(far).split())
    for name, table in tables(far).items():  # in three goes as in one
        pd.testing.assert_frame_equal(table, tables(two_year)[name])


def test_of_one_lever_all_is_due_to_it_so_that_nothing_is_shared_out(two_year: Explained) -> None:
    (lever,) = two_year.levers
    assert lever.words == "Agreement length: 12 → 24 months"
    assert {account.family for account in two_year.accounts} == {BY_MECHANISM}


def test_a_step_that_begins_after_the_moment_has_no_part_in_it(comparison) -> None:
    early = explained(comparison, "paid_for", ("members",), at="own_agreement")
    late = {step.label: step.month for step in early.levers}
    assert late["School subscription from April 2012"] == 12 <= early.moment.last
    text = text_of(replace(early, moment=replace(early.moment, last=11)))
    assert "School subscription: £0 → £6 per pupil a year, from April 2012 (too late" in text
    assert "Agreement length: 12 → 24 months (too late" not in text


def test_a_mechanism_that_does_nothing_has_exactly_no_part(comparison) -> None:
    """Conversion rebounds once the line is gone, and on a line that is gone nothing is offered."""
    what = asked_of(comparison, scenario="two_year", metrics=["cover_months"])
    rules = load_register().structures
    chosen = [rules["rebound"], rules["security"]]
    found = explain(comparison.results, what, workers=1, mechanisms=chosen)
    account = account_of(found, "cover_months", BY_MECHANISM)
    rebound = share_of(account, "rebound")
    assert rebound.verdict == "equal"
    assert (rebound.values == 0).all()


def test_security_is_a_part_of_why_length_keeps_schools_and_not_all_of_it(
    two_year: Explained,
) -> None:
    account = account_of(two_year, "members", BY_MECHANISM)
    security = share_of(account, "security")
    assert security.clear
    assert 0.1 * account.total.mean < security.mean < account.total.mean


def test_a_subscription_costs_members_and_the_cut_earmark_support(paid_for: Explained) -> None:
    members = account_of(paid_for, "members", BY_LEVER)
    by_step = {part.step.label: part for part in members.shares}
    assert by_step["School subscription from April 2012"].mean < 0
    assert by_step["Agreement length"].mean > 0


def test_an_agreement_of_ones_own_is_the_moment_of_each_scenario(comparison) -> None:
    own = explained(comparison, "two_year", ("members",), at="own_agreement")
    row = row_of(comparison.tables, "two_year", "members", "own_agreement")
    assert own.accounts[0].total.mean == pytest.approx(row.numbers.difference)
    assert own.moment == moments_of(own.question.scenario.policy, 27)["own_agreement"]


def test_the_end_of_a_partnership_is_explained_in_what_both_have(comparison) -> None:
    found = explained(comparison, "no_partnership", ())
    assert [metric.name for metric in found.metrics] == [
        "members", "cohesion", "erosion", "unmet_days"
    ]  # fmt: skip
    whole = account_of(found, "members", BY_LEVER)
    assert whole.total.mean < -50
    rest = account_of(found, "members", BY_MECHANISM)
    assert rest.rest.mean < -50
    cohesion = account_of(found, "cohesion", BY_LEVER)
    assert np.isfinite(cohesion.total.values).all()
    assert cohesion.total.mean < 0
    assert "not defined" not in text_of(found)


def test_scenarios_that_do_not_differ_have_nothing_to_explain(comparison) -> None:
    found = explained(comparison, "twin")
    assert found.accounts == ()
    assert "do not differ in anything that the model reads" in text_of(found).replace("\n", " ")
    assert tables(found) == {}


def test_futures_that_are_not_the_stored_ones_are_refused(comparison) -> None:
    results = comparison.results
    question = asked_of(comparison, scenario="two_year", metrics=["members"])
    seed = results.seed
    try:
        results.seed = seed + 1
        with pytest.raises(StoreError, match="are not those that the model gives now"):
            explain(results, question, workers=1, mechanisms=CHOSEN[:1])
    finally:
        results.seed = seed


def test_tables_hold_every_part_and_add_up(paid_for: Explained) -> None:
    made = tables(paid_for)
    assert set(made) == {"levers_shares", "mechanisms_shares"}
    for table in made.values():
        for _, rows in table.groupby("metric"):
            parts, total = rows[rows["kind"] != "total"], rows[rows["kind"] == "total"]
            scale = max(1.0, abs(float(total["mean"].iloc[0])))
            assert parts["mean"].sum() == pytest.approx(total["mean"].iloc[0], abs=1e-9 * scale)


def test_the_text_fits_the_terminal_and_names_every_step(paid_for: Explained) -> None:
    text = text_of(paid_for)
    assert max(len(line) for line in text.splitlines()) <= 96
    words = " ".join(text.split())
    for step in paid_for.levers:
        assert step.words in words
    for metric in NAMES:
        assert METRICS[metric].label in words
    for mechanism in CHOSEN[:2]:
        assert mechanism.meaning in words


def test_fewer_futures_than_orders_of_sharing_out_still_add_up(comparison, tmp_path) -> None:
    """Each future takes the steps in an order of its own; what none asks for is not simulated."""
    pair = [each for each in comparison.scenarios if each.name in ("one_year", "two_year")]
    few = Comparison(tuple(pair), run_scenarios(pair, None, 2, tmp_path / "run", workers=1))
    found = explain(few.results, asked_of(few, metrics=["members"]), workers=1)
    for account in found.accounts:
        assert sum(part.mean for part in account.parts) == pytest.approx(account.total.mean)
