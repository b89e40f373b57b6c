"""From one scenario to another, step by step: what each change or mechanism adds on average."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fit import fitted, wrapped
from rsip_sim.charts.frame import framed, source_line
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows, numbers_in
from rsip_sim.charts.scales import Scale, difference_unit, ends_around, least_shown
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.measures.metrics import Metric
from rsip_sim.report.words import listed, place
from rsip_sim.studies.explain.accounts import Account, Part, together
from rsip_sim.studies.explain.hybrids import BY_LEVER, BY_MECHANISM
from rsip_sim.studies.explain.says import ONE, interval, leaders
from rsip_sim.studies.explain.work import Explained

LABELS_CM = 4.6
ROOM_CM = LABELS_CM - 0.25  # for a label, which keeps clear of the panel
HALF = 0.5
MOST_STEPS = 10  # with a row of their own, so that chart and words fit a page of A4
MOST_WORDS = 18  # of a title
HEADINGS = {BY_LEVER: "By change of policy", BY_MECHANISM: "By mechanism"}
RAISES = KeyEntry("raises it", "area", style.MID_BLUE, style.MID_BLUE)
# a filled bar is hatched in the colour of its edge
LOWERS = KeyEntry("lowers it", "area", style.ORANGE, style.WHITE, hatch="////")
UNCLEAR = KeyEntry("not clear or too small", "area", style.WHITE, style.DARK_GREY)
INTERVAL = KeyEntry("95% interval", "line", style.BLACK, width=1.0, caps=True)
TOTAL = KeyEntry("", "area", style.DARK_GREY)


def waterfalls(explained: Explained) -> dict[str, Chart]:
    """One chart a metric by file name; none where the scenarios do not differ."""
    charts = []
    for metric in explained.metrics:
        accounts = [each for each in explained.accounts if each.metric is metric]
        if accounts and accounts[0].total.numbers.replications:
            charts.append(waterfall(explained, accounts))
    return {chart.name: chart for chart in charts}


def waterfall(explained: Explained, accounts: Sequence[Account]) -> Chart:
    """The accounts of one metric below one another; a single change needs no account of its own."""
    shown = [
        each for each in accounts if each.family == BY_MECHANISM or len(each.shares) > 1
    ] or list(accounts)  # fmt: skip
    metric, rows = shown[0].metric, [_rows(account) for account in shown]
    ends = ends_around(
        (number for panel in rows for number in numbers_in(panel)), least_shown(metric.format), 0.04
    )
    scale = Scale(difference_unit(metric, explained.moment), *ends, most=6)
    blocks = [
        Block(
            _labels(explained, account),
            [Panel(panel, scale, number_head="average")],
            HEADINGS[account.family],
        )
        for account, panel in zip(shown, rows, strict=True)
    ]
    return framed(
        f"waterfall_{metric.name}",
        _title(shown[0]),
        Rows(blocks, LABELS_CM, numbers_cm=1.5, own=True),
        subtitle=f"From '{explained.baseline.title}' to '{explained.scenario.title}' "
        f"({scale.unit}), {explained.moment.label}; "
        f"{place(explained.baseline)}",
        notes=_notes(explained, shown),
        key=[RAISES, LOWERS, UNCLEAR, INTERVAL],
        told=_told(explained, shown),
        data=_data(explained, shown),
    )


def _rows(account: Account) -> list[Row]:
    """Baseline, steps from the largest, everything else where there is any, and the scenario."""
    rows, reached = [Row(link=0.0)], 0.0
    for part in _drawn(account):
        rows.append(_row(account.metric, part, reached))
        reached += part.mean
    return [*rows, replace(_row(account.metric, account.total, 0.0), link=None)]


def _row(metric: Metric, part: Part, begin: float) -> Row:
    """The bar of a part from where the last one ended; its end leads on to the next."""
    divisor, n = metric.format.divisor, part.numbers
    look = TOTAL if part.kind == "total" else RAISES if part.mean > 0 else LOWERS
    if not part.clear:
        look = replace(UNCLEAR, edge=look.colour)
    end = (begin + part.mean) / divisor
    return Row(
        [
            Mark(look, begin / divisor, end),
            Mark(INTERVAL, (begin + n.ci_low) / divisor, (begin + n.ci_high) / divisor),
        ],
        metric.format.short_difference(part.mean),
        link=end,
    )


def _labels(explained: Explained, account: Account) -> list[list[str]]:
    write, n = account.metric.format, account.total.numbers
    return [
        _with_level(explained.baseline.title, write.level(n.baseline)),
        *(fitted(part.step.label, style.NOTE_SIZE, ROOM_CM, most=2) for part in _drawn(account)),
        _with_level(explained.scenario.title, write.level(n.level)),
    ]


def _drawn(account: Account) -> list[Part]:
    """The parts with a bar: those that are not nought in every future; the smallest as one."""
    parts = [part for part in account.ranked() if part.verdict != "equal"]
    if len(parts) > MOST_STEPS:
        parts[MOST_STEPS - 1 :] = [together(account, parts[MOST_STEPS - 1 :])]
    return [*parts, *([account.rest] if account.rest.verdict != "equal" else [])]


def _with_level(title: str, level: str) -> list[str]:
    """A scenario's title and level in at most two lines; the level is never left out."""
    lines = wrapped(f"{title}: {level}", style.NOTE_SIZE, ROOM_CM)
    if len(lines) <= 2:
        return lines
    return [*fitted(title, style.NOTE_SIZE, ROOM_CM), level]


def _title(account: Account) -> str:
    """The message: which step explains most, or that there is nothing clear to explain."""
    metric, total, one = account.metric, account.total, ONE[account.family]
    if total.verdict == "equal":
        return f"No difference at all in {metric.noun}"
    if not total.clear:
        return f"No clear difference in {metric.noun}, {_why_unclear(account)}"
    difference = f"difference in {metric.noun} ({metric.format.difference(total.mean)})"
    along = leaders(account)
    if not along:
        return f"No single {one} explains the {difference}"
    first, *others = (part.mean / total.mean for part in along)
    name = along[0].step.label
    if first > 1:
        return f"{name} explains more than the whole {difference}"
    if first > HALF:
        return f"{name} explains most of the {difference}"
    if not others or first + others[0] <= HALF:
        return f"No one or two {one}s explain most of the {difference}"
    title = f"{name} and {along[1].step.label} explain most of the {difference}"
    if len(title.split()) > MOST_WORDS:
        return f"Two {one}s explain most of the {difference}"
    return title


def _why_unclear(account: Account) -> str:
    ways = {part.mean > 0 for part in account.shares if part.clear}
    if not ways:
        return "and no step moves it clearly"
    return "since what moves it pulls both ways" if len(ways) == 2 else "as a whole"


def _notes(explained: Explained, accounts: Sequence[Account]) -> list[str]:
    notes = [
        "Share: what a step adds, averaged over every order in which the steps can be taken "
        "(Shapley's). The 95% interval says how precisely the simulated futures fix the average, "
        "and not how far they lie apart (5th to 95th percentile: in the table beside this chart)."
    ]
    for account in accounts:
        none = [part.step.label for part in account.shares if part.verdict == "equal"]
        none += [step.label for step in account.idle]
        if none:
            notes.append(f"{HEADINGS[account.family]}, without any effect: {listed(none)}.")
    pair = [explained.baseline, explained.scenario]
    return [*notes, source_line(explained.replications, pair)]


def _data(explained: Explained, accounts: Sequence[Account]) -> pd.DataFrame:
    records = []
    for account in accounts:
        reached = 0.0
        none = [part for part in account.shares if part.verdict == "equal"]
        for part in (*_drawn(account), *none, account.total):
            begin = 0.0 if part.kind == "total" else reached
            reached = begin + part.mean
            n = part.numbers
            records.append(
                (account.metric.name, explained.scenario.name, explained.baseline.name,
                 account.family, part.kind, part.step.label, begin, reached, part.mean, n.ci_low,
                 n.ci_high, n.p05, n.p95, part.verdict)
            )  # fmt: skip
    return pd.DataFrame(
        records,
        columns=[
            "metric", "scenario", "baseline", "family", "kind", "step", "from", "to", "share",
            "ci_low", "ci_high", "p05", "p95", "verdict",
        ],
    )  # fmt: skip


def _told(explained: Explained, accounts: Sequence[Account]) -> str:
    metric, total = accounts[0].metric, accounts[0].total
    write, n = metric.format, total.numbers
    said = [
        f"Waterfall chart from '{explained.baseline.title}' ({write.level(n.baseline)}) "
        f"to '{explained.scenario.title}' ({write.level(n.level)}): "
        f"{write.difference(total.mean)} on average ({interval(metric, total)})"
    ]
    for account in accounts:
        parts = _drawn(account)
        clear = [
            f"{part.step.label} {write.difference(part.mean)} ({interval(metric, part)})"
            for part in parts if part.clear
        ]  # fmt: skip
        unclear = [part.step.label for part in parts if not part.clear]
        words = listed(clear) if clear else "no step that is clearly different from 0"
        more = f"; not clear or too small to show: {listed(unclear)}" if unclear else ""
        said.append(f"{HEADINGS[account.family]}: {words}{more}")
    return ". ".join(said) + "."
