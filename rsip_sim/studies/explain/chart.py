"""From one scenario to another, step by step: what each change or mechanism adds on average."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.sheet import MARGIN, KeyEntry, Sheet, line_cm
from rsip_sim.charts.text import fitted, wrapped
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import unit_at
from rsip_sim.measures.runs import RENEWAL_WORDS
from rsip_sim.report.words import listed
from rsip_sim.studies.explain.accounts import Account, Part, together
from rsip_sim.studies.explain.hybrids import BY_LEVER, BY_MECHANISM
from rsip_sim.studies.explain.says import ONE, interval, leaders
from rsip_sim.studies.explain.work import Explained

LABELS_CM = 4.6
ROOM_CM = LABELS_CM - 0.25  # for a label, which keeps clear of the panel
NUMBERS_CM = 1.5
HEADING_CM = 0.62
TICKS_CM = 0.85
BAR_CM = 0.3
HALF = 0.5
MOST_STEPS = 10  # with a row of their own, so that chart and words fit a page of A4
MOST_WORDS = 18  # of a title
HEADINGS = {BY_LEVER: "By change of policy", BY_MECHANISM: "By mechanism"}


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
    metric, panels = shown[0].metric, [_rows(explained, account) for account in shown]
    title = _title(shown[0])
    heights = [sum(_row_cm(row.label) for row in rows) for rows in panels]
    body = sum(height + HEADING_CM + TICKS_CM for height in heights)
    limits = _limits([row for rows in panels for row in rows], metric)
    with style.chart_style():
        sheet = Sheet(title, _subtitle(explained, metric), body, _notes(explained, shown), _key())
        top = body
        for account, rows, height in zip(shown, panels, heights, strict=True):
            top -= HEADING_CM + height
            sheet.text(
                MARGIN, top + height + 0.12, HEADINGS[account.family], fontweight="bold",
                va="bottom", color=style.DARK_BLUE, gid="panel",
            )  # fmt: skip
            sheet.text(
                style.WIDTH_CM - MARGIN, top + height + 0.12, "average", style.NOTE_SIZE,
                ha="right", va="bottom", gid="head",
            )  # fmt: skip
            _panel(sheet, rows, metric, top, height, limits)
            top -= TICKS_CM
    name = f"waterfall_{metric.name}"
    return Chart(name, title, sheet.figure, _data(explained, shown), _alt(explained, shown, title))


@dataclass(frozen=True)
class _Row:
    """One row of a panel: its label in lines, where its bar begins, and the part it draws.

    part  None: the baseline, which has no bar
    """

    label: list[str]
    begin: float
    part: Part | None

    @property
    def end(self) -> float:
        """Where the bar ends, in the unit of the metric."""
        return self.begin + (self.part.mean if self.part else 0.0)


def _rows(explained: Explained, account: Account) -> list[_Row]:
    """Baseline, steps from the largest, everything else where there is any, and the scenario."""
    write, n = account.metric.format, account.total.numbers
    rows = [_Row(_with_level(explained.baseline.title, write.level(n.baseline)), 0.0, None)]
    for part in _drawn(account):
        label = fitted(part.step.label, style.NOTE_SIZE, ROOM_CM, most=2)
        rows.append(_Row(label, rows[-1].end, part))
    last = _with_level(explained.scenario.title, write.level(n.level))
    return [*rows, _Row(last, 0.0, account.total)]


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


def _row_cm(label: Sequence[str]) -> float:
    return 0.48 if len(label) == 1 else 2 * line_cm(style.NOTE_SIZE) + 0.1


def _panel(
    sheet: Sheet,
    rows: Sequence[_Row],
    metric: Metric,
    bottom: float,
    height: float,
    limits: tuple[float, float],
) -> None:
    left = MARGIN + LABELS_CM
    width = style.WIDTH_CM - left - MARGIN - NUMBERS_CM
    axes = sheet.axes(left, bottom, width, height)
    axes.set_ylim(0, height)
    axes.set_xlim(*limits)
    axes.set_yticks([])
    axes.grid(True, axis="x")
    axes.axvline(0, color=style.BLACK, linewidth=0.9, zorder=1.5)
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(lambda value, _: common.signed_tick(value))
    top = height
    for i, row in enumerate(rows):
        high = _row_cm(row.label)
        middle = top - high / 2
        for k, line in enumerate(row.label):
            sheet.text(
                left - 0.2,
                bottom + middle + (len(row.label) - 1 - 2 * k) / 2 * line_cm(style.NOTE_SIZE),
                line, style.NOTE_SIZE, ha="right", va="center", gid="row",
            )  # fmt: skip
        if row.part is not None:
            sheet.text(
                left + width + NUMBERS_CM, bottom + middle,
                metric.format.short_difference(row.part.mean), style.NOTE_SIZE, ha="right",
                va="center", gid="number",
            )  # fmt: skip
            _bar(axes, row, row.part, metric, middle)
        if i + 1 < len(rows):
            # the level reached goes on to the next bar
            reached = row.end / metric.format.divisor
            after = top - high - _row_cm(rows[i + 1].label) / 2
            axes.plot([reached] * 2, [middle, after], color=style.DARK_GREY, linewidth=0.6,
                      zorder=2)  # fmt: skip
        top -= high


def _bar(axes: Axes, row: _Row, part: Part, metric: Metric, middle: float) -> None:
    divisor, n = metric.format.divisor, part.numbers
    colour = _TOTAL if part.kind == "total" else _COLOURS[part.mean > 0]
    falling = part.kind != "total" and part.mean < 0
    axes.barh(
        middle, part.mean / divisor, BAR_CM, left=row.begin / divisor, zorder=3,
        facecolor=colour if part.clear else style.WHITE,
        # a filled bar is hatched in the colour of its edge
        edgecolor=style.WHITE if part.clear else colour,
        linewidth=0.0 if part.clear else 1.0,
        hatch=_FALLING if falling and part.clear else None,
    )  # fmt: skip
    if not np.isnan(n.ci_low):
        ends = [(row.begin + n.ci_low) / divisor, (row.begin + n.ci_high) / divisor]
        axes.plot(ends, [middle, middle], color=style.BLACK, linewidth=1.0, marker="|",
                  markersize=5, zorder=4)  # fmt: skip


_COLOURS = {True: style.MID_BLUE, False: style.ORANGE}
_TOTAL = style.DARK_GREY
_FALLING = "////"


def _limits(rows: Sequence[_Row], metric: Metric) -> tuple[float, float]:
    """The same scale in every panel, with nought on it."""
    numbers = [0.0]
    for row in rows:
        numbers.append(row.end)
        if row.part is not None and not np.isnan(row.part.numbers.ci_low):
            numbers += [row.begin + row.part.numbers.ci_low, row.begin + row.part.numbers.ci_high]
    write = metric.format
    low, high = min(numbers) / write.divisor, max(numbers) / write.divisor
    smallest = 2 * 10.0**-write.difference_decimals
    if high - low < smallest:
        low, high = min(low, -smallest), max(high, smallest)
    edge = 0.04 * (high - low)
    return low - edge, high + edge


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


def _subtitle(explained: Explained, metric: Metric) -> str:
    return (
        f"From '{explained.baseline.title}' to '{explained.scenario.title}' "
        f"({_unit(metric, explained)}), {explained.moment.label}, renewal "
        f"{RENEWAL_WORDS[explained.question.renewal]}; {common.place(explained.baseline)}"
    )


def _unit(metric: Metric, explained: Explained) -> str:
    if metric.format.difference_suffix == " points":
        return "percentage points"
    return unit_at(metric, explained.moment)


def _key() -> list[KeyEntry]:
    return [
        KeyEntry("raises it", "area", _COLOURS[True], _COLOURS[True]),
        KeyEntry("lowers it", "area", _COLOURS[False], style.WHITE, hatch=_FALLING),
        KeyEntry("not clear or too small", "area", style.WHITE, style.DARK_GREY),
        KeyEntry("95% interval", "line", style.BLACK, width=1.0),
    ]


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
    return [*notes, common.source_line(explained.replications, pair)]


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


def _alt(explained: Explained, accounts: Sequence[Account], title: str) -> str:
    metric, total = accounts[0].metric, accounts[0].total
    write, n = metric.format, total.numbers
    said = [
        f"{title}. Waterfall chart from '{explained.baseline.title}' ({write.level(n.baseline)}) "
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
    return ". ".join(said) + ". The numbers are in the table beside this chart."
