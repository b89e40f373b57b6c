"""What the options mean for children in schools that need support."""

from __future__ import annotations

from rsip_sim.analysis.pack.case import Case
from rsip_sim.analysis.pack.document import Block, Paragraph, Points
from rsip_sim.analysis.said import Said, say, titled

MEASURES = ("vulnerable_pupils", "unmet_days")


def children(case: Case) -> list[Block]:
    """Pupils of schools below good without the support their school needs, option by option."""
    opening = say(
        "The model counts pupils in schools below good as going without to the extent that the "
        "support their school needs is not given. It knows nothing of single children. "
        "{when}, and compared with {base}:",
        when=case.when().capitalised(), base=case.base,
    )  # fmt: skip
    items: list[Said] = []
    for scenario in case.others:
        rows = [case.row(scenario, name) for name in MEASURES]
        told = [row.sentence.without(case.moment.when) for row in rows if row is not None]
        items += [say("{title}. {told}", title=titled(scenario.title), told=each) for each in told]
    return [Paragraph(opening), Points(tuple(items))]
