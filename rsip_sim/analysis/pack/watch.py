"""Schools and learning communities to watch, by name: only where the officer asks for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rsip_sim.analysis import period
from rsip_sim.analysis.pack.case import Case
from rsip_sim.analysis.pack.document import Block, Heading, Paragraph, Table
from rsip_sim.analysis.pack.further import pictures
from rsip_sim.analysis.pack.ledger import LedgerTable
from rsip_sim.analysis.pack.numbers import share_text
from rsip_sim.analysis.pack.school_tables import SCHOOLS
from rsip_sim.analysis.said import Cell, Given, Quote, Said, given, say, titled
from rsip_sim.evidence.rosters import Roster
from rsip_sim.scenario import Scenario

LONGEST = 10
"""Schools listed in the paper; the workbook lists all."""
MOST_COMMUNITIES = 20
_HALF = Quote("half", Given("convention: when a learning community holds together"))


def schools_to_watch(case: Case) -> list[Block]:
    """Both lists, or nothing where single schools may not be named."""
    if not case.with_schools:
        return []
    founded = [scenario for scenario in case.scenarios if scenario.policy.partnership]
    note = say(
        "This part names schools; consider who should see it. These are chances in a model that "
        "knows a school by its phase, size, grade, diocese and neighbours, and not by its head or "
        "governors: they say where to look first, and forecast nothing of a named school."
    )
    blocks: list[Block] = [Paragraph(note)]
    if not founded:
        return [*blocks, Paragraph(Said("None of the policies has a partnership to leave."))]
    shown = [founded[0], *founded[-1:]] if len(founded) > 1 else founded
    blocks += [Heading(Said("Schools")), _school_list(case, shown)]
    if case.baseline.roster.communities:
        blocks += [Heading(Said("Learning communities")), _community_list(case, shown)]
    return [*blocks, *pictures(case, "risks", "story")]


def _school_list(case: Case, shown: Sequence[Scenario]) -> Table:
    roster = shown[0].roster
    frame = case.schools.frame
    ours = frame[frame["scenario"] == shown[0].name].reset_index(drop=True)
    weight = (ours["outside"] * ours["pupils"]).to_numpy()
    rows = [_school_row(case, roster, int(i), shown)
            for i in np.lexsort((roster.urn, -weight))[:LONGEST]]  # fmt: skip
    return Table(
        name="schools_to_watch",
        caption=say(
            "Schools with the most pupils likely to be outside the partnership in {end}: share of "
            "futures, renewal as written",
            end=given(period.last_month(case.baseline), "date"),
        ),
        description=say("One row a school, those with the most pupils at risk first; the workbook "
                        "lists every school in the sheet '{sheet}'.", sheet=SCHOOLS),
        header=(Said("School"), Said("Learning community"), Said("Pupils"),
                *(_outside_under(scenario) for scenario in shown), Said("An academy by the end")),
        rows=tuple(rows),
        widths=(4.4, 3.0, 1.7, *[2.6] * len(shown), 2.0),
        words=frozenset({1}),
    )  # fmt: skip


def _school_row(
    case: Case, roster: Roster, row: int, shown: Sequence[Scenario]
) -> tuple[Said, ...]:
    urn, community = str(roster.urn[row]), roster.community[row]
    name = roster.communities[community] if community >= 0 else "none"
    return (
        given(str(roster.school[row]), "roster: name of a school"),
        given(name, "roster: learning community"),
        given(f"{roster.pupils[row]:,}", "roster: pupils"),
        *(Said(_chance(case.schools, scenario, urn, "outside")) for scenario in shown),
        Said(_chance(case.schools, shown[0], urn, "academy")),
    )


def _community_list(case: Case, shown: Sequence[Scenario]) -> Table:
    first = shown[0]

    def of_first(name: str, column: str) -> float:
        return case.communities.value((first.name, name), column)

    order = sorted(first.roster.communities, key=lambda name: of_first(name, "holds"))
    rows = tuple(
        (
            given(name, "roster: learning community"),
            given(f"{of_first(name, 'pupils'):,.0f}", "roster: pupils"),
            *(Said(_chance(case.communities, scenario, name, "holds")) for scenario in shown),
        )
        for name in order[:MOST_COMMUNITIES]
    )
    return Table(
        name="communities_to_watch",
        caption=say(
            "Chance that a learning community holds together: share of futures in which more than "
            "{half} of its pupils are in the partnership in {end}, renewal as written",
            half=_HALF, end=given(period.last_month(case.baseline), "date"),
        ),
        description=say("One row a learning community, the least likely to hold together first."),
        header=(Said("Learning community"), Said("Pupils"),
                *(_under(scenario) for scenario in shown)),
        rows=rows,
        widths=(5.0, 2.0, *[4.0] * len(shown)),
    )  # fmt: skip


def _under(scenario: Scenario) -> Said:
    return say("Under {title}", title=titled(scenario.title))


def _outside_under(scenario: Scenario) -> Said:
    return say("Outside, under {title}", title=titled(scenario.title))


def _chance(table: LedgerTable, scenario: Scenario, key: str, column: str) -> Quote:
    value = table.value((scenario.name, key), column)
    return Quote(share_text(value), Cell(table.name, (scenario.name, key), column))
