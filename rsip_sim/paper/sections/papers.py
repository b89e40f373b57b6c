"""The background papers: what stands behind the report, and how to make it again."""

from __future__ import annotations

from rsip_sim.paper.case import Case
from rsip_sim.report.blocks import Block, Points
from rsip_sim.report.quoted import Said, given, say

DIGITS = 16
"""Digits of a digest that are printed; findings.json holds them all."""


def papers(case: Case) -> list[Block]:
    """The files of the pack, and the run they were made from."""
    return [
        Points(
            (
                Said("Analytical annex (annex.docx, annex.html): the comparison in full, the "
                     "studies kept with it, the assumptions and the record of the run."),
                Said("Tables (tables.xlsx), and for every figure of both papers its cell "
                     "(findings.json)."),
                say("Simulation with rsip_sim {version}, run {digest}, seed {seed}: the command "
                    "'rsip verify' makes it again to the last digit.",
                    version=given(str(case.record["made_with"]["rsip_sim"]), "run record"),
                    digest=given(case.results.digest[:DIGITS], "run record"),
                    seed=given(str(case.results.seed), "run record")),
            )
        )
    ]  # fmt: skip
