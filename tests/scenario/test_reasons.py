"""`why:` is kept with the value it was given for, is checked like the rest, and moves nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rsip_sim.experiment.design import design
from rsip_sim.experiment.record import identity
from rsip_sim.experiment.results import stored_scenarios
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.report.blocks import Report
from rsip_sim.report.text import rendered
from rsip_sim.scenario import (
    ChangeError,
    Scenario,
    check,
    differences,
    load_scenario,
    resolved_yaml,
    with_values,
)
from rsip_sim.scenario.loading import with_reasons, with_values_from
from rsip_sim.studies.compare.report import comparison_report
from rsip_sim.studies.compare.work import compare_results
from tests.fakes.experiment_fakes import FakeOutcome, simulate
from tests.fakes.panels import fake_results
from tests.fakes.scenario_files import BASE, write

LENGTH, QUORUM, EARMARK = (
    "agreement.length_months", "agreement.quorum", "funding.earmark_gbp_per_year",
)  # fmt: skip
GIVEN = f"""\
agreement: {{length_months: 36}}
timeline: [{{from: 2012-04, set: {{{EARMARK}: 500_000}}}}]
why:
  {LENGTH}: Three years, as the Forum asked
  {QUORUM}: Half is what the constitution says
  {EARMARK}: The grant ends
"""
REASONS = {
    LENGTH: "Three years, as the Forum asked",
    QUORUM: "Half is what the constitution says",
    EARMARK: "The grant ends",
}


@pytest.fixture
def reasoned(tmp_path: Path) -> Scenario:
    return load_scenario(write(tmp_path, GIVEN))


def without(*paths: str) -> dict[str, str]:
    return {path: reason for path, reason in REASONS.items() if path not in paths}


def test_reasons_are_kept_in_the_resolved_scenario_and_read_again(
    reasoned: Scenario, tmp_path: Path
) -> None:
    path = tmp_path / "again.yaml"
    path.write_text(resolved_yaml(reasoned), "utf-8")
    assert reasoned.reasons == load_scenario(path).reasons == REASONS
    assert "why" not in load_scenario(write(tmp_path, "")).resolved


@pytest.mark.parametrize(
    ("child", "kept"),
    [
        ("title: The same", REASONS),
        ("agreement: {length_months: 24}", without(LENGTH)),
        ("agreement: {length_months: 36}", REASONS),
        ("timeline: []", without(EARMARK)),
        (f"timeline: [{{from: 2012-05, set: {{{EARMARK}: 500_000}}}}]", without(EARMARK)),
        (f"timeline: [{{from: 2012-04, set: {{funding: {{{EARMARK[8:]}: 500_000}}}}}}]", REASONS),
        (f"agreement: {{length_months: 24}}\nwhy: {{{LENGTH}: Two}}", {**REASONS, LENGTH: "Two"}),
        (f"why: {{{QUORUM}: Because}}", {**REASONS, QUORUM: "Because"}),
    ],
)
def test_a_child_takes_over_the_reasons_of_the_values_it_leaves_alone(
    child: str, kept: dict[str, str], tmp_path: Path
) -> None:
    assert load_scenario(write(tmp_path, child, base=BASE + GIVEN)).reasons == kept


def test_another_value_in_a_script_has_none_of_the_reason_either(reasoned: Scenario) -> None:
    assert with_values(reasoned, {LENGTH: 24}).reasons == without(LENGTH)
    assert with_values(reasoned, {LENGTH: 36}).reasons == REASONS
    assert with_values_from(reasoned, 2012 * 12 + 4, {QUORUM: 0.4}).reasons == without(QUORUM)
    assert reasoned.changed({EARMARK: 1000}).reasons == without(EARMARK)


def test_a_scenario_can_be_given_reasons_which_are_checked(reasoned: Scenario) -> None:
    given = with_reasons(reasoned, {LENGTH: "  as\n resolved "})
    assert (given.reasons, given.title) == ({LENGTH: "as resolved"}, reasoned.title)
    with pytest.raises(ChangeError, match="did you mean"):
        with_reasons(reasoned, {"agreement.length_month": "as resolved"})


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("funding.earmark_gbp_per_yaer: x", f"did you mean '{EARMARK}'?"),
        ("length_months: x", f"did you mean '{LENGTH}'?"),
        ("title: x", "title is a field of the file, and no lever"),
        ("agreement: x", f"is a group of fields; write {LENGTH}: and why"),
        ("parameters: x", "is a group of fields; write parameters."),
        (f"{LENGTH}: 36", "is not text; put it in quotes"),
        (f"{LENGTH}:", "has no value"),
        (f"{LENGTH}: ' '", "is empty; a few words, or delete the line"),
        (f"{LENGTH}: {'x' * 301}", "is too long; at most 300 characters"),
        (f"{LENGTH}: as # resolved", "which is a comment; put the text in quotes"),
        (f"{LENGTH}: {{a: b}}", "a group of fields is not text"),
    ],
)
def test_a_faulty_reason_is_told_with_its_line(line: str, message: str, tmp_path: Path) -> None:
    [fault] = check([write(tmp_path, f"why:\n  {QUORUM}: sound\n  {line}\n")])
    assert message in str(fault)
    assert (fault.line, fault.field.split(".")[0]) == (4, "why")


@pytest.mark.parametrize("path", ["parameters.b_secure", "cohesion.weights", "partnership"])
def test_a_parameter_and_every_lever_may_have_a_reason(path: str, tmp_path: Path) -> None:
    assert load_scenario(write(tmp_path, f"why: {{{path}: so}}")).reasons == {path: "so"}


def test_another_reason_makes_no_other_run_and_no_difference(
    reasoned: Scenario, tmp_path: Path
) -> None:
    other = with_reasons(reasoned, {LENGTH: "For another reason"})
    none = with_reasons(reasoned, {})
    assert other.policy == none.policy == reasoned.policy
    assert len({identity(design([each]))["digest"] for each in (reasoned, other, none)}) == 1
    assert not differences(reasoned, replace(other, name="other"))


def test_a_run_told_with_another_reason_goes_on_from_what_is_stored_and_keeps_the_new_reason(
    reasoned: Scenario, tmp_path: Path
) -> None:
    other = with_reasons(reasoned, {LENGTH: "For another reason"})
    run = {"replications": 2, "out": tmp_path / "run", "workers": 1}
    run_scenarios([reasoned], **run, simulate=simulate)
    stored = stored_scenarios(run_scenarios([other], **run, simulate=never))
    assert [each.reasons for each in stored] == [other.reasons]


def never(*_: object) -> FakeOutcome:
    raise AssertionError("nothing is left to simulate")


def test_what_was_compared_tells_each_reason_beside_its_difference(
    reasoned: Scenario, tmp_path: Path
) -> None:
    base = replace(load_scenario(write(tmp_path, "", "plain")), title="Plain")
    told = {change.field: change.why for change in differences(base, reasoned)}
    assert told == without(QUORUM)
    results = fake_results([base, reasoned], 12)
    part = comparison_report(compare_results(results, base, [reasoned])).part("scenarios")
    assert part is not None
    text = " ".join(rendered(Report("", part.blocks)).split())
    assert "36 months, from April 2011 (why: Three years, as the Forum asked)" in text
    assert "from April 2012 (why: The grant ends)" in text
    assert "constitution" not in text
