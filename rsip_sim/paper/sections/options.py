"""The options side by side, one by one in words, and every headline measure in full."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rsip_sim.measures.metrics import HEADLINES, METRICS, Metric
from rsip_sim.measures.moments import unit_at
from rsip_sim.paper.case import Case
from rsip_sim.report.blocks import Block, Heading, Paragraph, Points, Table, columns
from rsip_sim.report.findings import Row, scenario_findings
from rsip_sim.report.quoted import Quote, Said, given, say, titled
from rsip_sim.report.verdicts import INTERVAL, SPREAD
from rsip_sim.report.words import NOBREAK, per_cent
from rsip_sim.scenario import Scenario

COLUMNS = 4
"""Options side by side in one table; more make further tables."""

_TOLD = ("difference", "also", "unclear")
_WORDS = {
    "equal": "the same",
    "negligible": "practically the same",
    "no clear difference": "no clear difference",
    "too uncertain": "too few futures",
    "not defined": "not defined",
}


def options(case: Case) -> list[Block]:
    """The comparison at a glance, and each option in words."""
    blocks: list[Block] = []
    for first in range(0, len(case.others), COLUMNS):
        blocks.append(_side_by_side(case, case.others[first : first + COLUMNS], first))
    blocks.append(Paragraph(_how_to_read(), "note"))
    opening = say("What was found of each option, most important first, {when}.", when=case.when())
    blocks.append(Paragraph(opening))
    for scenario in case.others:
        blocks += in_words(case, scenario)
    return blocks


def in_words(case: Case, scenario: Scenario) -> list[Block]:
    """What was found of one option, most important first."""
    rows = case.headlines(scenario)
    when = case.moment.when
    found = [each.sentence.without(when) for each in scenario_findings(rows) if each.kind in _TOLD]
    heading = say("{title} against {base}", title=titled(scenario.title), base=case.base)
    return [Heading(heading), Points(tuple(found))]


def measures(case: Case) -> list[Block]:
    """One table for each headline measure: average, precision and spread."""
    blocks: list[Block] = [Paragraph(_how_to_read_in_full(case))]
    for name in HEADLINES:
        table = _in_full(case, name)
        if table is not None:
            blocks.append(table)
        else:
            told = say("{label}: not defined under {base}, so it is not compared.",
                       label=METRICS[name].label, base=case.base)  # fmt: skip
            blocks.append(Paragraph(told))
    return blocks


def _side_by_side(case: Case, scenarios: Sequence[Scenario], first: int) -> Table:
    rows = []
    for name in HEADLINES:
        found = [case.row(scenario, name) for scenario in scenarios]
        known = next((row for row in found if row is not None), None)
        if known is not None:
            metric = known.metric
            cells = [Said("not defined") if row is None else at_a_glance(row) for row in found]
            rows.append((label_of(metric, known), _baseline(known), *cells))
    titles = [given(scenario.title, "title of a scenario") for scenario in scenarios]
    base = given(case.baseline.title, "title of a scenario")
    return Table(
        name=f"options_{first // COLUMNS + 1}",
        caption=say("The options compared with {base}, {when}", base=case.base, when=case.when()),
        description=say(
            "One row a headline measure. The first column of numbers is the average under {base}; "
            "the others hold each option's average difference from it and the share of futures in "
            "which it is better or worse.",
            base=case.base,
        ),
        columns=columns(
            ("Measure", say("{title} (average)", title=base), *titles),
            (4.2, 2.1, *[2.6] * len(scenarios)),
        ),
        rows=tuple(rows),
    )


def label_of(metric: Metric, row: Row) -> Said:
    """The measure, its unit, and which direction is better."""
    unit = given(unit_at(metric, row.moment), "unit")
    better = {"higher": "; higher is better", "lower": "; lower is better", "neither": ""}
    return say("{label} ({unit}{better})", label=metric.label, unit=unit,
               better=better[metric.better])  # fmt: skip


def at_a_glance(row: Row) -> Said:
    """One difference and how sure it is: ``+10 (better in 98%)``."""
    if row.verdict in _WORDS:
        return Said(_WORDS[row.verdict])
    figures, metric = row.figures, row.metric
    write = figures.difference if metric.format.difference_suffix else figures.short
    mean = write("difference")
    if metric.better == "neither" or metric.kind in ("chance", "risk"):
        return say("{mean} ({verdict})", mean=mean, verdict=row.verdict)
    better, worse = ("higher", "lower") if metric.better == "higher" else ("lower", "higher")
    chosen, other = (better, worse) if row.verdict == "better" else (worse, better)
    told = say("{verdict}{nb}in{nb}{share}", verdict=row.verdict, nb=NOBREAK,
               share=_all_or_none(row, chosen))  # fmt: skip
    if figures.value(chosen) <= 0.5:
        opposite = "worse" if row.verdict == "better" else "better"
        told = say("{told}, {opposite}{nb}in{nb}{share}", told=told, opposite=opposite, nb=NOBREAK,
                   share=_all_or_none(row, other))  # fmt: skip
    return say("{mean} ({told})", mean=mean, told=told)


def share_of_futures(row: Row, statistic: str) -> Quote:
    """A share of futures in per cent, never rounded to none or all."""
    return Quote(per_cent(row.figures.value(statistic)), row.cell(statistic))


def _all_or_none(row: Row, statistic: str) -> Quote:
    """The same, ``all`` and ``none`` in words."""
    word = {1.0: "all", 0.0: "none"}.get(row.figures.value(statistic))
    return Quote(word, row.cell(statistic)) if word else share_of_futures(row, statistic)


def _baseline(row: Row) -> Said:
    if math.isnan(row.numbers.baseline):
        return Said("not defined")
    return Said(row.figures.level("baseline"))


def _how_to_read() -> Said:
    return say(
        "How to read it: each number is the average difference from the baseline in the same "
        "future, and 'better in' the share of futures in which the option does better. 'No clear "
        "difference': the {interval} of the average includes zero.",
        interval=INTERVAL,
    )


def _how_to_read_in_full(case: Case) -> Said:
    return say(
        "Each table compares the options with {base} in one headline measure, {when}.",
        base=case.base, when=case.when(),
    )  # fmt: skip


def _in_full(case: Case, name: str) -> Table | None:
    found = [(scenario, case.row(scenario, name)) for scenario in case.others]
    known = [(scenario, row) for scenario, row in found if row is not None]
    if all(row.verdict == "not defined" for _, row in known):
        return None
    metric, first = known[0][1].metric, known[0][1]
    chance = metric.kind in ("chance", "risk")
    header = [
        Said("Option"),
        Said("Average difference"),
        say("{interval} of the average", interval=INTERVAL),
        *([] if chance else [Said(SPREAD), Said("Better in")]),
    ]
    widths = (4.0, 2.2, 3.2) if chance else (4.0, 2.1, 3.4, 3.5, 1.5)
    rows = [
        (given(scenario.title, "title of a scenario"), *_cells(row, chance))
        for scenario, row in known
    ]
    ranged = Said()
    if not chance:
        ranged = say(", {range} in {spread}", range=_range_of_baseline(first), spread=SPREAD)
    return Table(
        name=f"measure_{name}",
        caption=say(
            "{label}: difference from {base} (average there {level}{range})",
            label=label_of(metric, first), base=case.base, level=_baseline(first), range=ranged,
        ),
        description=say("One row an option, compared with {base}.", base=case.base),
        columns=columns(header, widths),
        rows=tuple(rows),
    )  # fmt: skip


def _cells(row: Row, chance: bool) -> list[Said]:
    """Average, its interval, and unless it is a chance the spread and the share better."""
    figures = row.figures
    undefined = row.verdict == "not defined"
    interval = Said("not defined") if math.isnan(row.numbers.ci_low) else _between(row, "ci")
    cells = [_mean(row), interval]
    if chance:
        return cells
    spread = Said("not defined") if undefined else _between(row, "p")
    side = {"higher": "higher", "lower": "lower"}.get(row.metric.better)
    share = Said("no direction") if side is None else Said(share_of_futures(row, side))
    if undefined or math.isnan(figures.value(side or "higher")):
        share = Said("not defined")
    return [*cells, spread, share]


def _mean(row: Row) -> Said:
    return Said(row.figures.plain("difference"))


def _between(row: Row, kind: str) -> Said:
    low, high = {"ci": ("ci_low", "ci_high"), "p": ("p05", "p95")}[kind]
    return say("{low}{nb}to {high}", low=row.figures.plain(low), nb=NOBREAK,
               high=row.figures.plain(high))  # fmt: skip


def _range_of_baseline(row: Row) -> Said:
    write = row.metric.format.level
    if write(row.baseline_p05) == write(row.baseline_p95):
        return Said("the same")
    quote = row.figures.quote
    return say(
        "{low} to {high}",
        low=quote(write(row.baseline_p05), "baseline_p05"),
        high=quote(write(row.baseline_p95), "baseline_p95"),
    )
