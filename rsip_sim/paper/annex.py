"""The analytical annex: what the comparison and its studies told, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rsip_sim.paper.case import Case
from rsip_sim.paper.sections.options import DIGITS
from rsip_sim.paper.told import COMPARISON, Told, traced_part
from rsip_sim.report.blocks import Block, Paragraph, Part, Picture, Points, Table, columns
from rsip_sim.report.quoted import Said, given, say
from rsip_sim.studies.assumptions.report import assumptions_report
from rsip_sim.studies.risks.report import risks_report

WARNING = "Chances in a model, no forecast of a named school"
"""Stands with every table and chart that names schools, so that none is passed on without it."""

SHOWN_IN_PAPER = ("price",)
"""Parts of a comparison that the report has in its own tables."""

LIMITS = (
    "forecasting what a named school will do: it knows a school by phase, size, grade, diocese "
    "and neighbours, and not by its head or its governors;",
    "judging whether academies are better or worse schools: it says what they do to the local "
    "system, and nothing about teaching;",
    "High Needs spending, changes in pupil numbers, or money in real terms;",
    "deciding by a difference that is not clear, or by the average alone where futures lie far "
    "apart;",
    "policies outside the range of evidence, where its answer is its own word alone;",
    "legal, human-resources or equalities advice, none of which it drafts.",
)


def made_for_paper(case: Case) -> Iterator[Told]:
    """The reports that the annex has whether or not a study was kept: assumptions, and schools."""
    kept = {each.kind for each in case.told}
    if "assumptions" not in kept:
        report = assumptions_report(case.log)
        yield Told("assumptions", "assumptions", report, "reports/assumptions.json")
    if "risks" not in kept and case.with_schools and case.schools is not None:
        yield Told("risks", "schools", risks_report(case.schools), "reports/schools.json")


def annex_parts(case: Case) -> Iterator[Part]:
    """The parts of the annex in order; no chart that the report has."""
    left = tuple(Picture(name) for name in case.charts if name != case.headline)
    if left:
        yield Part("charts", "Charts of the comparison", left)
    for part in case.report.parts:
        if part.name not in SHOWN_IN_PAPER:
            yield traced_part(part, COMPARISON)
    for told in case.told:
        yield _warned(told.part) if told.names_schools else told.part
    limits = Points(tuple(Said(limit) for limit in LIMITS))
    yield Part("limits", "What the model must not be used for", (limits,))
    yield Part("record", "Record of the run", (_record(case),))


def _warned(part: Part) -> Part:
    """A part that names schools, with the warning first and in every caption."""
    warning = Paragraph(Said(f"{WARNING}; consider who should see it."), "lead")
    return replace(part, blocks=(warning, *map(_captioned, part.blocks)))


def _captioned(block: Block) -> Block:
    if isinstance(block, Table):
        caption = say("{caption}. {warning}", caption=block.caption, warning=WARNING)
        return replace(block, caption=caption)
    return replace(block, caption=Said(WARNING)) if isinstance(block, Picture) else block


def _record(case: Case) -> Table:
    rows = [(Said(name), given(text, f"run record: {name}")) for name, text in _facts(case)]
    return Table(
        "run_record",
        "Record of the run: with the same programme, files and seed anyone gets the same figures",
        "One row a fact about the run.",
        columns(("Fact", "Value"), (4.0, 12.0), words=(1,)),
        tuple(rows),
    )


def _facts(case: Case) -> Iterator[tuple[str, str]]:
    made = case.record["made_with"]
    yield "Comparison (digest)", case.results.digest[:DIGITS]
    yield "Seed", str(case.results.seed)
    yield "Futures of each option", f"{case.tables.replications:,}"
    yield "Options", ", ".join(scenario.name for scenario in case.scenarios)
    for name in ("roster", "model", "evidence"):
        yield f"{name.capitalize()} (digest)", str(case.record["inputs"][name])[:DIGITS]
    yield "Programme", f"rsip_sim {made['rsip_sim']}{_commit(made.get('git'))}"
    versions = ", ".join(f"{name} {version}" for name, version in made["libraries"].items())
    yield "Python and libraries", f"Python {made['python']}, {versions}"
    if studies := [f"{each.name} ({each.digest[:DIGITS]})" for each in case.told if each.digest]:
        yield "Studies taken in (digest)", ", ".join(studies)
    if case.left_out:
        yield "Studies left out", ", ".join(case.left_out)


def _commit(git: dict[str, Any] | None) -> str:
    if not git:
        return ""
    changed = ", changed since" if git.get("changed") else ""
    return f", commit {str(git.get('commit', ''))[:12]}{changed}"
