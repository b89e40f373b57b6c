"""Why something befell a school in one life and not in the other: what it did not decide."""

from __future__ import annotations

import numpy as np

from rsip_sim.evidence.months import month_name, month_of_year
from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.report.words import listed
from rsip_sim.studies.story.causes import MOST_NAMED
from rsip_sim.studies.story.life import Life
from rsip_sim.studies.story.terms import Titles
from rsip_sim.studies.story.turning_point import COMPANY, DISSOLUTION, OPENING, ORDER, TurningPoint

APRIL = 4


def befallen(point: TurningPoint, ours: Life, theirs: Life, titles: Titles) -> str:
    """Why it differs, where it is no decision of the school; '' where the words say it already."""
    if point.kind == ORDER:
        return _order(ours, theirs, point.month, titles)
    if point.kind == COMPANY:
        return _company(point, ours, theirs, titles)
    if point.kind == DISSOLUTION:
        return _dissolution(theirs if point.ours else ours, point.month)
    if point.kind == OPENING:
        return (
            "Most members stay when they become academies, where academies may; what differs is "
            "that rule, or a commitment that ties it."
        )
    return ""


def _order(ours: Life, theirs: Life, month: int, titles: Titles) -> str:
    """What brought an academy order in one life alone: orders come to schools below good."""
    behind = []
    grades = [life.months["grade"][: month + 1] for life in (ours, theirs)]
    apart = np.flatnonzero(grades[0] != grades[1])
    if len(apart):
        first = int(apart[0])
        behind.append(
            f"its Ofsted grade differed in {month_name(ours.start + first)}: {grades[0][first]} "
            f"under '{titles[0]}' and {grades[1][first]} under '{titles[1]}'"
        )
    courted = [int(life.months["approached"][: month + 1].max()) for life in (ours, theirs)]
    if courted[0] != courted[1]:
        under = titles[0] if courted[0] > courted[1] else titles[1]
        behind.append(f"a national chain approached it under '{under}'")
    if ours.scenario.policy.levers.climate != theirs.scenario.policy.levers.climate:
        behind.append("the national climate, which orders follow too, is not the same")
    if not behind:
        behind.append("a rate of orders that differed for a time was enough")
    return f"Academy orders come to schools below good, and {listed(behind)}."


def _dissolution(life: Life, month: int) -> str:
    """Why the partnership dissolved in one life."""
    fund = life.panel["fund_pence_per_year"]
    if month_of_year(life.start + month) == APRIL and fund[month - 1] == 0:
        return "It dissolves because its fund is empty at two budgets running."
    share = float(life.panel["participation"][month - 1])
    quorum = life.scenario.policy.levers.agreement.quorum
    before = f": {share:.0%} in the month before" if share < quorum else ""
    return (
        f"It dissolves because at two reviews running fewer than {quorum:.0%} of all pupils were "
        f"in it{before}."
    )


def _company(point: TurningPoint, ours: Life, theirs: Life, titles: Titles) -> str:
    """Which schools took it along, as far as their openings tell."""
    base = (
        "Schools of one diocese or learning community that are near an application go together "
        "with the first that applies."
    )
    roster = ours.scenario.roster
    told = []
    for title, life, other in ((titles[0], ours, theirs), (titles[1], theirs, ours)):
        due = int(life.months["opening_due"][point.month])
        if due == NEVER:
            continue
        openings, elsewhere = (each.schools["opening_month"] for each in (life, other))
        family = roster.diocese if roster.diocese[life.row] >= 0 else roster.community
        mates = (family == family[life.row]) & (roster.phase == roster.phase[life.row])
        mates &= (openings == due) & (elsewhere != due)
        mates[life.row] = False
        names = [roster.school[row] for row in np.flatnonzero(mates)]
        if names:
            who = listed(names, most=MOST_NAMED)
            told.append(f"Under '{title}' alone {who} opened at the same time.")
    return " ".join([base, *told])
