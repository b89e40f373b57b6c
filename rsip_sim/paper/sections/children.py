"""What the options mean for children in schools that need support."""

from __future__ import annotations

from rsip_sim.paper.case import Case
from rsip_sim.report.blocks import Block, Paragraph, Points
from rsip_sim.report.quoted import say, titled

MEASURE = "vulnerable_pupils"


def children(case: Case) -> list[Block]:
    """Pupils of schools below good without the support their school needs, option by option."""
    rows = [row for scenario in case.others if (row := case.row(scenario, MEASURE)) is not None]
    opening = say(
        "The model counts pupils in schools below good as going without, to the extent that the "
        "support their school needs is not given; it knows nothing of single children. Under "
        "{base}, {when}, {level} pupils go without. Compared with that:",
        when=case.when(), level=rows[0].figures.level("baseline"), base=case.base,
    )  # fmt: skip
    items = (
        say("{title}. {told}", title=titled(row.scenario.title),
            told=row.sentence.without(case.moment.when))
        for row in rows
    )  # fmt: skip
    return [Paragraph(opening), Points(tuple(items))]
