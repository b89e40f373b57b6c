"""The answer, the options as one table, and the picture of what they change."""

from __future__ import annotations

from dataclasses import replace

from rsip_sim.paper.case import Case, brief
from rsip_sim.report.blocks import Block, Gap, Paragraph, Picture, Points, Table, columns
from rsip_sim.report.findings import Row
from rsip_sim.report.quoted import Quote, Said, given, joined, listed, say
from rsip_sim.scenario import Scenario, differences
from rsip_sim.studies.compare.price import COUNCIL, LOST, SCHOOLS, WHOLE, PriceRow, yearly_cell
from rsip_sim.studies.compare.screen import NOTICED_PRICE, noticed, per_year, priced

PAYERS = {SCHOOLS: "schools", COUNCIL: "council", LOST: "service lost"}
"""Who bears each line of the price, in a word."""

MOST_TOLD = 2


def summary(case: Case) -> list[Block]:
    """The first screen of the comparison: the answer, its table with the price, and how sure."""
    first = tuple(_headed(each) if isinstance(each, Table) else each for each in case.report.blocks)
    return case.comparison(first)


def _headed(table: Table) -> Table:
    """The table with each heading in one line: the caption says what the options' columns are."""
    found = []
    for column in table.columns:
        level = column.over == "level"
        heading = f"{column.heading} (level)" if level else column.heading
        found.append(replace(column, heading=heading, over=""))
    return replace(table, columns=tuple(found))


def recommendations(case: Case) -> list[Block]:
    """The options as one table, and numbered places for what officers recommend."""
    rows = [
        _row(case, place, scenario) for place, scenario in enumerate(case.scenarios, 1)
    ]  # fmt: skip
    return [
        Paragraph(Said("That Cabinet:")),
        Points(
            (
                Said("adopts option …… of the table below;"),
                Said("notes what that option costs, and who bears it;"),
                Said("notes what the answer hangs on, and who will watch it."),
            ),
            numbered=True,
        ),
        Gap(
            Said("Number of the option recommended, and the reasons for it"),
            Said("the report author; the model recommends none"),
        ),
        Table(
            "options",
            say("The options, and the case for each beside {base}", base=brief(case.baseline)),
            "One row an option: what it is, what changes most by an amount that is clear and "
            "would be noticed, and its price a year where that would be noticed.",
            columns(
                ("No.", "Option", "What it is", "What it changes most", "Price a year, £"),
                (1.0, 2.6, 5.6, 4.4, 3.2),
                words=(1, 2, 3, 4),
            ),
            tuple(rows),
        ),
    ]


def _row(case: Case, place: int, scenario: Scenario) -> tuple[Said, ...]:
    words = " ".join(scenario.description.split())
    if not words:
        words = "; ".join(change.sentence for change in differences(case.baseline, scenario))
    own = (
        given(str(place), "number of an option"),
        given(scenario.title, "title of a scenario"),
        given(words or "as the baseline", "the planner's own words"),
    )
    if scenario is case.baseline:
        return (*own, Said("the others are compared with it"), Said("the others add to its price"))
    told = case.screen.told([scenario])[:MOST_TOLD]
    changes = joined("; ", (_change(row) for row in told)) or Said("nothing that is noticed")
    return (*own, changes, _price(case, scenario) or Said("none that is noticed"))


def _change(row: Row) -> Said:
    return say("{noun} {size}", noun=row.metric.noun, size=row.figures.relative())


def _price(case: Case, scenario: Scenario) -> Said:
    """``19,000 schools; 42,000 council``."""
    found = [
        say("{size} {payer}", size=_yearly(row), payer=PAYERS[row.line])
        for row in case.tables.price
        if row.scenario is scenario and row.line in PAYERS and row.year == WHOLE and priced(row)
    ]
    return joined("; ", found)


def _yearly(row: PriceRow) -> Quote:
    pounds = per_year(row, row.difference)
    sign = "+" if pounds > 0 else "\N{MINUS SIGN}"
    text = f"{sign}{round(abs(pounds), -3):,.0f}"
    return Quote(text, yearly_cell(row, "difference", 1.0, 1000.0))


def proposals(case: Case) -> list[Block]:
    """The picture of what each option changes, and what stands behind it."""
    note = say(
        "A difference is clear where its interval does not hold nought; a price is noticed from "
        "{least} a year. The annex has every measure with its interval, and the workbook every "
        "number.",
        least=given(f"£{NOTICED_PRICE:,.0f}", "convention: smallest price noticed"),
    )  # fmt: skip
    pictures = [Picture(case.headline)] if case.headline else []
    return [*pictures, Paragraph(note, "note")]


def children(case: Case) -> list[Block]:
    """Pupils of weak schools without the support their school needs."""
    rows = [
        row for row in case.tables.rows
        if row.metric.name == "vulnerable_pupils" and row.moment.name == case.tables.main_moment
    ]  # fmt: skip
    defined = [row for row in rows if row.numbers.replications]
    if not defined:
        return []
    told = [row for row in defined if noticed(row)]
    base = say(
        "Pupils of schools below good whose school gets too little support: {level} on average "
        "under {base}",
        level=defined[0].figures.level("baseline"), base=brief(case.baseline),
    )  # fmt: skip
    changes = [
        say("{size} under {option}", size=row.figures.relative(), option=brief(row.scenario))
        for row in sorted(told, key=lambda row: -abs(row.numbers.difference))[:MOST_TOLD]
    ]
    rest = listed(changes) if changes else Said("no option changes that by an amount noticed")
    return [Paragraph(say("{base}; {rest}. The model knows nothing of single children.",
                          base=base, rest=rest))]  # fmt: skip
