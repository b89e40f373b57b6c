"""What explains a difference: the shares of the first screen as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rsip_sim.charts import style
from rsip_sim.charts.frame import Chart, framed, source_line
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows, numbers_in
from rsip_sim.charts.scales import Scale, difference_unit, ends_around, least_shown
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.report.words import listed, place
from rsip_sim.studies.explain.accounts import HEADINGS, Account, Part, shown
from rsip_sim.studies.explain.report import MOST_STEPS
from rsip_sim.studies.explain.work import Explained, step_table

NAME = "shares"
ACROSS = 2  # measures side by side
RAISES = KeyEntry("raises it", "area", style.MID_BLUE, style.MID_BLUE)
# a filled bar is hatched in the colour of its edge
LOWERS = KeyEntry("lowers it", "area", style.ORANGE, style.WHITE, hatch="////")
UNCLEAR = KeyEntry("( ) not clear, or too small to notice", "area", style.WHITE, style.DARK_GREY)
INTERVAL = KeyEntry("95% interval", "line", style.BLACK, width=1.0, caps=True)
TOTAL = KeyEntry("", "area", style.DARK_GREY, style.DARK_GREY)


def shares_chart(explained: Explained) -> Chart:
    """Steps down, measures across, two by two; each bar is what a step adds on average."""
    blocks = []
    families = explained.families()
    for accounts in families:
        some = shown(accounts, MOST_STEPS // len(families))
        rows = [tuple(each.total for each in accounts), *some]
        for first in range(0, len(accounts), ACROSS):
            beside = slice(first, first + ACROSS)
            blocks.append(_block(accounts[beside], [parts[beside] for parts in rows]))
    data = step_table(explained.accounts)
    pair = f"'{explained.question.scenario.title}' against '{explained.question.baseline.title}'"
    units = dict.fromkeys(difference_unit(each.metric, each.moment) for each in families[0])
    return framed(
        NAME,
        _title(families[-1][0]),
        Rows(blocks, labels_cm=4.6, numbers_cm=1.4, own=True),
        subtitle=f"{pair}, {explained.moment.label}, in {listed(list(units))}; "
        f"{place(explained.question.baseline)}",
        notes=[
            "A share is what a step adds, averaged over every order of the steps (Shapley's); the "
            "shares add up to the whole. The 95% interval is the precision of the average, and "
            "not the spread of futures.",
            source_line(
                explained.replications, [explained.question.baseline, explained.question.scenario]
            ),
        ],
        key=[RAISES, LOWERS, UNCLEAR, INTERVAL],
        told=f"{pair}. {' '.join(map(_told, explained.accounts))}",
        data=data,
        keys=("metric", "family", "kind", "step"),
    )


def _block(accounts: Sequence[Account], rows: Sequence[Sequence[Part]]) -> Block:
    panels = map(_panel, accounts, zip(*rows, strict=True))
    labels = [parts[0].step.label for parts in rows]
    return Block(labels, list(panels), HEADINGS[accounts[0].family], strong=[0])


def _panel(account: Account, parts: Sequence[Part]) -> Panel:
    metric = account.metric
    rows = [_row(account, part) for part in parts]
    ends = ends_around(numbers_in(rows), least_shown(metric.format), 0.04)
    unit = difference_unit(metric, account.moment)
    return Panel(rows, Scale(unit, *ends, most=3), head=metric.label)


def _row(account: Account, part: Part) -> Row:
    """The bar of a part from nought; a part that nobody would notice is grey and in brackets."""
    write, n = account.metric.format, part.numbers
    look = TOTAL if part.kind == "total" else RAISES if part.mean > 0 else LOWERS
    number = write.brief_difference(part.mean)
    if part.verdict == "equal":
        return Row(number="0")
    if not part.noticed(account.metric):
        look, number = replace(UNCLEAR, edge=style.DARK_GREY), f"({number})"
    bar = Mark(look, 0.0, part.mean / write.divisor)
    return Row([bar, Mark(INTERVAL, n.ci_low / write.divisor, n.ci_high / write.divisor)], number)


def _title(lead: Account) -> str:
    """Which step explains most, or that there is nothing clear to explain."""
    noun, whole, leaders = lead.metric.noun, lead.total, lead.leaders()
    if whole.verdict == "equal":
        return f"No difference at all in {noun}"
    if not whole.clear:
        return f"No clear difference in {noun}"
    if leaders and leaders[0].mean / whole.mean > 0.5:
        return f"{leaders[0].step.label} explains most of the difference in {noun}"
    return f"No single step explains most of the difference in {noun}"


def _told(account: Account) -> str:
    """Every part of a difference with its average in words."""
    parts = (*account.parts, account.total)
    write, by = account.metric.format.difference, HEADINGS[account.family].lower()
    steps = [f"{part.step.label} {write(part.mean)}" for part in parts]
    return f"{account.metric.label}, {by}: {', '.join(steps)}."
