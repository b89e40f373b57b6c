"""What a Cabinet may choose among: one item a scenario, offered and never recommended."""

from __future__ import annotations

from rsip_sim.paper.case import Case, changes_of, effect
from rsip_sim.paper.sections.summary import TOLD_BEFORE
from rsip_sim.report.blocks import Block, Gap, Paragraph, Points
from rsip_sim.report.findings import importance
from rsip_sim.report.quoted import Said, joined, listed, say, titled
from rsip_sim.scenario import Scenario

MOST_TOLD = 2


def recommendations(case: Case) -> list[Block]:
    """The options in their order, the baseline first, and a gap for what officers recommend."""
    keep = say("considers whether to keep to {base}, with which the others are compared",
               base=case.base)  # fmt: skip
    offers = [keep, *(_offer(case, scenario) for scenario in case.others)]
    ended = (Said(offer, ";") for offer in offers[:-1])
    return [
        Paragraph(Said("That Cabinet, choosing one of these options:")),
        Points((*ended, Said(offers[-1], ".")), numbered=True),
        Gap(
            Said("Recommendation, and the reasons for it"),
            Said("the report author; the model compares options and recommends none"),
        ),
    ]


def _offer(case: Case, scenario: Scenario) -> Said:
    changes = changes_of(case, scenario)
    return say(
        "considers whether to adopt {title}{changes}, under which {consequence}",
        title=titled(scenario.title),
        changes=say(" ({changes})", changes=joined("; ", changes)) if changes else "",
        consequence=_consequence(case, scenario),
    )


def _consequence(case: Case, scenario: Scenario) -> Said:
    if not case.enough:
        return say("nothing can be said yet, for too few futures were simulated")
    rows = [row for row in case.headlines(scenario) if row.metric.name not in TOLD_BEFORE]
    better = sorted((row for row in rows if row.verdict == "better"), key=importance)[:MOST_TOLD]
    worse = sorted((row for row in rows if row.verdict == "worse"), key=importance)[:MOST_TOLD]
    gains = listed([effect(row) for row in better])
    costs = listed([effect(row) for row in worse])
    if better and worse:
        return say("on average {gains}, but {costs}", gains=gains, costs=costs)
    if better:
        return say("on average {gains}, and nothing clearly gets worse", gains=gains)
    if worse:
        return say("on average {costs}, and nothing clearly gets better", costs=costs)
    return say("no other headline measure differs clearly from {base}", base=case.base)
