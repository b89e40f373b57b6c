"""The background of a paper: which policies are compared, in the planner's words and in numbers."""

from __future__ import annotations

from rsip_sim.paper.case import Case, changes_of, counted, schools_of
from rsip_sim.report.blocks import Block, Paragraph, Points
from rsip_sim.report.quoted import Said, given, joined, say, titled
from rsip_sim.report.words import period
from rsip_sim.scenario import Scenario


def background(case: Case) -> list[Block]:
    """What is compared, scenario by scenario; the words are those of the scenario files."""
    opening = say(
        "The policies below were written down as scenarios and simulated for {schools}, month by "
        "month, {months}. The words are those of the scenario files; the differences are read "
        "from their values.",
        schools=schools_of(case), months=given(period(case.baseline), "date"),
    )  # fmt: skip
    items = (_told(case, scenario) for scenario in case.scenarios)
    return [Paragraph(opening), Points(tuple(items))]


def _told(case: Case, scenario: Scenario) -> Said:
    description = " ".join(scenario.description.split())
    title = titled(scenario.title)
    if scenario is case.baseline:
        title = say("{title}, the baseline", title=title)
    words = given(description, "the planner's own words") if description else Said("not described")
    closed = "" if description.endswith((".", "!", "?")) else "."
    told = say("{title}: {words}{closed}", title=title, words=words, closed=closed)
    if scenario is case.baseline:
        return told
    return say("{told} {changes}.", told=told, changes=ways(case, scenario))


def ways(case: Case, scenario: Scenario) -> Said:
    """``It differs from the baseline in two ways: …; …``."""
    changes = changes_of(case, scenario)
    if not changes:
        return say("In nothing that is simulated does it differ from the baseline")
    count = counted(len(changes), f"differences of {scenario.name} from the baseline")
    return say(
        "It differs from the baseline in {count} way{s}: {changes}",
        count=count, s="" if len(changes) == 1 else "s", changes=joined("; ", changes),
    )  # fmt: skip
