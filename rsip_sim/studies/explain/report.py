"""The report of why two scenarios differ: sentences first, then every account as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rsip_sim.evidence.months import month_name
from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import unit_at
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Points, Report, Table
from rsip_sim.report.text import INDENT
from rsip_sim.report.words import NOTHING
from rsip_sim.studies.compare.report import plain_range, standing
from rsip_sim.studies.explain.accounts import Account, Part
from rsip_sim.studies.explain.hybrids import BY_MECHANISM
from rsip_sim.studies.explain.says import BY, findings_about, findings_of, whole_sentence
from rsip_sim.studies.explain.shapley import EXACT_STEPS
from rsip_sim.studies.explain.work import Explained

NAME_WIDTH, COLUMNS = 24, ((8, 18), (7, 18), (7, 18))
"""Widths of the names, and of an average and its 95% interval, three times over."""

GENERAL = ("levers", "idle", "substitute", "evidence")
"""Kinds of findings that are about no single metric."""

WAYS = {"share": "share", "alone": "by itself", "removed": "lost without it"}


def explain_report(explained: Explained) -> Report:
    """The findings in sentences, then the tables, then how to read them."""
    blocks = [*_opening(explained)]
    for metric in explained.metrics:
        accounts = [each for each in explained.accounts if each.metric is metric]
        if accounts:
            # the opening says when, so the sentences need not
            whole = whole_sentence(explained, accounts[0], dated=False)
            blocks.append(Paragraph(whole, apart=True))
            _, *others = findings_about(explained, metric)
            if others:
                blocks.append(Points(tuple(each.sentence for each in others), depth=1))
    for account in explained.accounts:
        if account.family == BY_MECHANISM or len(account.shares) > 1:
            blocks += _table(account)
    if explained.accounts:
        blocks += _reading(explained)
    title = f"Why '{explained.scenario.title}' differs from '{explained.baseline.title}'"
    return Report(title, tuple(blocks))


def _opening(explained: Explained) -> Iterator[Block]:
    policy = explained.baseline.policy
    end = month_name(policy.start + policy.horizon_months - 1)
    yield Paragraph(
        f"{explained.replications:,} simulated futures of each, {month_name(policy.start)} to "
        f"{end}; roster {explained.baseline.roster.name}. Each future is compared with itself. "
        f"Numbers: {explained.moment.label}."
    )
    first, *general = [each.sentence for each in findings_of(explained) if each.kind in GENERAL]
    if len(explained.levers) > 1:
        yield Paragraph(f"They differ in {len(explained.levers)} things:", apart=True)
        late = " (too late for these numbers)"
        yield Points(
            tuple(
                f"{step.words}{late if step.month > explained.moment.last else ''}"
                for step in explained.levers
            ),
            depth=1,
        )
    else:
        yield Paragraph(first, apart=True)
    yield from map(Paragraph, general)


def _table(account: Account) -> Iterator[Block]:
    """The parts of one account, three ways side by side."""
    metric = account.metric
    title = f"{metric.label}, {BY[account.family].lower()}"
    unit = f"{unit_at(metric, account.moment)}; {account.moment.label}"
    yield Heading(title)
    yield Paragraph(unit[0].upper() + unit[1:])
    columns = [Column("step", NAME_WIDTH, words=True, hang=INDENT, silent=True)]
    for way, (mean, interval) in zip(WAYS.values(), COLUMNS, strict=True):
        columns += [Column("mean", mean, over=way), Column("95% interval", interval, over=way)]
    ways = {way: {part.step.name: part for part in parts} for way, parts in account.ways()}
    order = [part.step for part in account.ranked()]
    order += [part.step for part in ways["alone"].values() if part.kind != "step"]
    rows = [_row(step.label, [ways[way].get(step.name) for way in WAYS], metric) for step in order]
    total = account.total
    yield Table(
        f"{metric.name}_{account.family}",
        f"{title}: {unit}",
        "One row for each step, with its part by three ways of sharing the difference out.",
        tuple(columns),
        (*rows, _row(total.step.label, [total] * len(WAYS), metric)),
        quiet=True,
    )


def _row(label: str, parts: Sequence[Part | None], metric: Metric) -> tuple[str, ...]:
    return (label, *(cell for part in parts for cell in _cells(part, metric)))


def _cells(part: Part | None, metric: Metric) -> tuple[str, str]:
    if part is None:
        return NOTHING, ""
    if part.verdict == "equal":
        return metric.format.plain_difference(0.0), NOTHING
    if np.isnan(part.mean):
        return "", NOTHING
    n = part.numbers
    return metric.format.plain_difference(n.difference), plain_range(metric, n.ci_low, n.ci_high)


def _reading(explained: Explained) -> Iterator[Block]:
    """What each number is, what each mechanism is, and what the numbers stand on."""
    notes = (
        "Share (Shapley's): what a step adds, averaged over every order in which the steps can be "
        "taken. The shares, with everything else, add up to the whole difference in every future.",
        "By itself: of changes of policy, only this one is made; of mechanisms, only this one is "
        "at work. Lost without it: what the whole difference loses when only this one is taken "
        "back or off. Interaction is what these leave of the whole: steps taken together do more "
        "or less than the sum of each alone.",
        "The 95% interval says how precisely these futures fix the average; about one such "
        "interval in twenty misses; – is nought in every future. How a difference comes about is "
        "a fact about the model, and no evidence that schools behave so.",
        *_sampling(explained),
    )
    yield Heading("How to read this")
    yield Points(notes)
    at_work = {part.step.name for each in explained.accounts for part in each.shares}
    rest = explained.accounts[-1].rest.step
    yield Heading("What each mechanism is, and what holds when it is off")
    yield Points((
        *(
            f"{rule.mechanism}: {rule.meaning} Off: {rule.alternatives[rule.switched_off]} "
            f"[parameters.{rule.name}: {rule.switched_off}] Evidence: {rule.grade}."
            for rule in load_register().mechanisms()
            if rule.name in at_work
        ),
        f"{rest.label}: {rest.words}.",
        "Each is a rule that neither law nor evidence settles, and can be set so in a scenario. At "
        "work throughout: the days of support that money buys, what schools want besides length, "
        "votes and reviews, inspections, and what the measures count.",
    ))  # fmt: skip
    yield Points(standing([explained.baseline, explained.scenario]), apart=True)


def _sampling(explained: Explained) -> list[str]:
    if all(each.exact for each in explained.accounts):
        return []
    return [
        f"With more than {EXACT_STEPS} steps not every future takes every order: each takes one "
        "and its reverse, and the next another, evenly chosen and always the same. Every future "
        "still adds up, and the intervals of shares include what other orders might change."
    ]
