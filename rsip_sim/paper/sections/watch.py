"""Schools and learning communities to watch, by name: only where the officer asks for it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from rsip_sim.paper.case import Case
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.paper.sections.further import pictures
from rsip_sim.paper.sections.school_tables import SCHOOLS
from rsip_sim.report.blocks import Block, Heading, Paragraph, Picture, Table, columns
from rsip_sim.report.quoted import Cell, Given, Quote, Said, given, say, titled
from rsip_sim.report.words import last_month, per_cent
from rsip_sim.scenario import Scenario

LONGEST = 10
"""Schools listed in the paper; the workbook lists all."""

MOST_COMMUNITIES = 20
TILES = "community_tiles"
_HALF = Quote("half", Given("convention: when a learning community holds together"))


def schools_to_watch(case: Case) -> list[Block]:
    """Both lists, or nothing where single schools may not be named."""
    if not case.with_schools:
        return []
    note = say(
        "This part names schools; consider who should see it. These are chances in a model that "
        "knows a school by its phase, size, grade, diocese and neighbours, and not by its head or "
        "governors: they say where to look first, and forecast nothing of a named school."
    )
    blocks: list[Block] = [Paragraph(note)]
    if not case.watched:
        return [*blocks, Paragraph(Said("None of the policies has a partnership to leave."))]
    blocks += [Heading(Said("Schools")), _school_list(case), Paragraph(_leaving(), "note")]
    if len(case.communities.frame):
        blocks += [Heading(Said("Learning communities")), _community_list(case)]
        blocks += [Picture(tiles_of(scenario)) for scenario in case.watched]
    return [*blocks, *pictures(case, "story")]


def tiles_of(scenario: Scenario) -> str:
    """Name of the chart of a policy's learning communities."""
    return f"{TILES}_{scenario.name}"


def _leaving() -> Said:
    return say(
        "'Leaves': the school is outside at least once after having been in, of its own accord, at "
        "conversion or because the partnership ends; many return."
    )


def _school_list(case: Case) -> Table:
    shown = case.watched
    ranked = case.registers[shown[0].name].schools
    rows = tuple(_school_row(case, row, shown) for row in ranked.head(LONGEST).to_dict("records"))
    return Table(
        name="schools_to_watch",
        caption=say(
            "Schools with the most pupils at risk of leaving the partnership by {end}: share of "
            "futures",
            end=given(last_month(case.baseline), "date"),
        ),
        description=say("One row a school, those with the most pupils at risk under {title} first; "
                        "the workbook lists every school in the sheet '{sheet}'.",
                        title=titled(shown[0].title), sheet=SCHOOLS),
        columns=columns(
            ("School", "Learning community", "Pupils",
             *(say("Leaves, under {title}", title=titled(each.title)) for each in shown),
             "Becomes an academy"),
            (4.4, 3.0, 1.7, *[2.6] * len(shown), 2.0),
            words=(1,),
        ),
        rows=rows,
    )  # fmt: skip


def _school_row(
    case: Case, row: Mapping[Hashable, Any], shown: Sequence[Scenario]
) -> tuple[Said, ...]:
    urn = str(row["urn"])
    return (
        given(str(row["school"]), "roster: name of a school"),
        given(str(row["learning_community"]) or "none", "roster: learning community"),
        given(f"{row['pupils']:,}", "roster: pupils"),
        *(_chance(case.schools, scenario, urn, "leaves") for scenario in shown),
        _chance(case.schools, shown[0], urn, "academy", undefined="is one already"),
    )


def _community_list(case: Case) -> Table:
    shown = case.watched
    of_first = case.registers[shown[0].name].communities.sort_values("holds", kind="stable")
    rows = tuple(
        (
            given(str(row["learning_community"]), "roster: learning community"),
            given(f"{row['pupils']:,}", "roster: pupils"),
            *(_chance(case.communities, scenario, str(row["learning_community"]), "holds")
              for scenario in shown),
        )
        for row in of_first.head(MOST_COMMUNITIES).to_dict("records")
    )  # fmt: skip
    return Table(
        name="communities_to_watch",
        caption=say(
            "Chance that a learning community holds together: share of futures in which more than "
            "{half} of its pupils are in the partnership in {end}",
            half=_HALF, end=given(last_month(case.baseline), "date"),
        ),
        description=say("One row a learning community, the least likely to hold together first."),
        columns=columns(
            ("Learning community", "Pupils",
             *(say("Under {title}", title=titled(each.title)) for each in shown)),
            (5.0, 2.0, *[4.0] * len(shown)),
        ),
        rows=rows,
    )  # fmt: skip


def _chance(
    table: LedgerTable, scenario: Scenario, key: str, column: str, undefined: str = "not defined"
) -> Said:
    value = table.value((scenario.name, key), column)
    if value != value:
        return Said(undefined)
    return Said(Quote(per_cent(value), Cell(table.name, (scenario.name, key), column)))
