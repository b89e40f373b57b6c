"""Further analyses: what is stored of them, and the command that would add what is not."""

from __future__ import annotations

from rsip_sim.paper.case import Case
from rsip_sim.report.blocks import Block, Heading, Paragraph, Picture, Points
from rsip_sim.report.findings import leverage_findings
from rsip_sim.report.quoted import given, say

ELSEWHERE = ("sensitivity", "assumptions", "backtest", "risks", "story", "paper", "diff")
"""Studies that other parts of the paper take in."""

WHAT = {
    "explain": "Why the options differ",
    "solve": "Where the answer tips",
    "robust": "Which option holds up in most futures, and what it is worth to know more",
}
"""Studies of a comparison, and the question each answers."""

OFFERED = ("explain", "solve", "robust")
"""Those that a paper points to where they are not there."""

KEY_CHARTS = (
    "paired_differences",
    "erosion_fan",
    "school_status",
    "cohesion_parts",
)
"""In the order of their importance; one that the comparison does not have is left out."""


def further(case: Case) -> list[Block]:
    """What every stored study tells that no other part shows, and what could be added."""
    blocks: list[Block] = []
    for study in case.studies.found:
        if study.kind in ELSEWHERE or not (study.charts or study.report):
            continue
        heading = WHAT.get(study.kind, study.kind.replace("_", " ").capitalize())
        blocks.append(Heading(given(heading, f"study: {study.name}")))
        blocks += study.blocks
        blocks += [Picture(chart.name, study.name) for chart in study.charts]
    stored = {study.kind for study in case.studies.found}
    blocks += [missing(WHAT[kind], f"rsip {kind}") for kind in OFFERED if kind not in stored]
    return blocks


def missing(what: str, command: str) -> Paragraph:
    """What a further study would add, and the command that adds it."""
    return Paragraph(
        say(
            "{what} has not been worked out for this comparison. The command '{command}' does so, "
            "and the next paper takes it in.",
            what=what, command=command,
        ),
        "note",
    )  # fmt: skip


def pictures(case: Case, *kinds: str) -> list[Block]:
    """The charts of the stored studies of these kinds."""
    return [
        Picture(chart.name, study.name)
        for study in case.studies.of(*kinds)
        for chart in study.charts
    ]


def key_charts(case: Case) -> list[Block]:
    """The charts of the comparison itself."""
    rows = [row for scenario in case.others for row in case.headlines(scenario)]
    leading = tuple(each.sentence for each in leverage_findings(rows, case.baseline))
    blocks: list[Block] = [Points(leading)] if leading else []
    return [*blocks, *(Picture(name) for name in KEY_CHARTS)]
