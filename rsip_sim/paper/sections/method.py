"""The method box, what the model must not be used for, and the record of the run."""

from __future__ import annotations

from typing import Any

from rsip_sim.paper.case import Case, futures_of, schools_of
from rsip_sim.report.blocks import Block, Paragraph, Points, Table, columns
from rsip_sim.report.quoted import Said, given, listed, say
from rsip_sim.report.words import period
from rsip_sim.studies.compare.report import CLIMATES

DIGITS = 16
"""Digits of a digest that are printed; findings.json holds them all."""


def method(case: Case) -> list[Block]:
    """What was simulated, and how."""
    policy = case.baseline.policy
    uncertain = policy.parameters == "uncertain"
    climates = dict.fromkeys(s.policy.levers.climate.conversion for s in case.scenarios)
    told = [
        given(CLIMATES.get(name, name).removeprefix("uncertain: "), "scenario file: climate")
        for name in climates
    ]
    return [
        Points(
            (
                say(
                    "What is simulated: {schools}, month by month, {months}. A school may apply to "
                    "become an academy, be ordered to, join the partnership and leave it; the "
                    "council, the Schools Forum, Scrutiny, Ofsted, the Department, dioceses, "
                    "trusts and providers act in their own months.",
                    schools=schools_of(case), months=given(period(case.baseline), "date"),
                ),
                say(
                    "How often: {futures} of each policy. A school's luck belongs to the school, "
                    "the month and the future, so it is the same under every policy, and a "
                    "difference between policies is their own doing.",
                    futures=futures_of(case),
                ),
                say(
                    "What nobody knows: {values}.",
                    values="uncertain values are drawn anew in each future from what the evidence "
                    "leaves open" if uncertain
                    else "uncertain values are held at their central values, so the results show "
                    "less doubt than there is",
                ),
                say("The national climate, how fast schools convert in England: {climate}.",
                    climate=listed(told)),
                say(
                    "A difference: the average over the futures of option less baseline, in the "
                    "same future. Means over time are shown first, because a single date favours "
                    "whichever agreement happens to be young then."
                ),
                say(
                    "How the model was built, fitted and tested is told in rsip_sim/MODEL.md of "
                    "the programme."
                ),
            )
        )
    ]  # fmt: skip


def limits(case: Case) -> list[Block]:
    """What the model must not be used for."""
    items = [
        "forecasting what a named school will do: it knows a school by phase, size, grade, diocese "
        "and neighbours, and not by its head or its governors;",
        "judging whether academies are better or worse schools: it says what they do to the local "
        "system, and nothing about teaching;",
        "High Needs spending, changes in pupil numbers, or money in real terms;",
        "deciding by a difference that is not clear, or by the average alone where futures lie far "
        "apart;",
        "policies outside the range of evidence, where its answer is its own word alone;",
        "legal, human-resources or equalities advice, none of which it drafts.",
    ]
    return [
        Paragraph(Said("The model must not be used for:")),
        Points(tuple(Said(item) for item in items)),
    ]


def run_record(case: Case) -> list[Block]:
    """What the figures stand on, so that anyone can make them again."""
    rows = [(Said(name), given(text, f"run record: {name}")) for name, text in record_items(case)]
    return [
        Paragraph(
            say(
                "With the same programme, the same scenario files and this seed anyone gets the "
                "same figures, to the last digit. Every figure of this paper stands in "
                "findings.json with the cell of the workbook from which it was taken."
            )
        ),
        Table(
            name="run_record",
            caption=Said("Run record"),
            description=Said("One row a fact about the run."),
            columns=columns(("Fact", "Value"), (4.0, 12.0), words=(1,)),
            rows=tuple(rows),
        ),
    ]


def record_items(case: Case) -> list[tuple[str, str]]:
    """Name and text of each fact of the run record."""
    record, made = case.record, case.record["made_with"]
    inputs = record["inputs"]
    items = [
        ("Comparison (digest)", case.results.digest[:DIGITS]),
        ("Seed", str(case.results.seed)),
        ("Futures of each policy", f"{case.tables.replications:,}"),
        ("Policies", ", ".join(scenario.name for scenario in case.scenarios)),
        ("Months", period(case.baseline)),
        ("Schools", f"{case.baseline.roster.name} ({len(case.baseline.roster):,})"),
        ("Roster (digest)", str(inputs["roster"])[:DIGITS]),
        ("Model (digest)", str(inputs["model"])[:DIGITS]),
        ("Evidence (digest)", str(inputs["evidence"])[:DIGITS]),
        ("Programme", f"rsip_sim {made['rsip_sim']}{_commit(made.get('git'))}"),
        ("Python and libraries", _libraries(made)),
    ]
    if case.studies.found:
        told = (f"{study.name} ({study.digest[:DIGITS]})" for study in case.studies.found)
        items.append(("Studies taken in (digest)", ", ".join(told)))
    if case.studies.foreign:
        items.append(("Left aside, of another comparison", ", ".join(case.studies.foreign)))
    return items


def _commit(git: dict[str, Any] | None) -> str:
    if not git:
        return ""
    changed = ", changed since" if git.get("changed") else ""
    return f", commit {str(git.get('commit', ''))[:12]}{changed}"


def _libraries(made: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in made["libraries"].items())
    return f"Python {made['python']}, {versions}"
