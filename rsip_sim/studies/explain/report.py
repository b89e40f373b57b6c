"""Why two scenarios differ, told: the answer and its shares, and behind it every account."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import labelled
from rsip_sim.report.blocks import (
    Block,
    Column,
    Heading,
    Paragraph,
    Part,
    Points,
    Report,
    Row,
    Table,
)
from rsip_sim.report.words import NOTHING, listed, of_futures
from rsip_sim.studies.compare.report import standing
from rsip_sim.studies.explain.accounts import HEADINGS, Account, precise, shown
from rsip_sim.studies.explain.accounts import Part as Share
from rsip_sim.studies.explain.hybrids import BY_LEVER, BY_MECHANISM
from rsip_sim.studies.explain.work import Explained
from rsip_sim.studies.kernel.choice_words import asked_about

MOST_ACROSS = 4
"""Measures side by side on the first screen."""

MOST_STEPS = 7
"""Steps with a row of their own on the first screen; where both families stand there, half each."""

NAMED = 2
"""Changes of policy that the opening names; the part 'levers' lists them all."""

_SHARES = (
    Column("step", 24, words=True, hang=1),
    Column("share", 9),
    Column("95% interval", 16),
    Column("90% of futures", 16),
    Column("verdict", 22, words=True),
)


def explain_report(explained: Explained) -> Report:
    """The answer and the shares on the first screen, every account in the parts."""
    asked = explained.question
    pair = f"'{asked.scenario.brief}' and '{asked.baseline.brief}'"
    scope = asked_about(asked.baseline)
    if not explained.accounts:
        same = (
            f"{pair} do not differ in anything that the model reads: every difference is exactly "
            "nought, and there is nothing to explain."
        )
        return Report(f"Why do {pair} differ?", (Paragraph(same),), scope)
    families = [accounts[:MOST_ACROSS] for accounts in explained.families()]
    lead = families[-1][0]
    told = [each.metric for each in families[-1]]
    rest = [each.noun for each in explained.metrics if each not in told]
    more = f" Also explained, in the parts: {listed(rest)}." if rest else ""
    screen = (
        Paragraph(_opening(explained)),
        Paragraph(" ".join(_answer(accounts[0]) for accounts in families), apart=True),
        _headline(explained, families),
        Paragraph(f"( ) not clear, or too small to notice.{more}", "note"),
        Heading("How sure"),
        Points(tuple(_sure(explained, lead)), plain=True),
    )
    parts = (
        Part("levers", HEADINGS[BY_LEVER], tuple(_levers(explained))),
        Part("mechanisms", HEADINGS[BY_MECHANISM], tuple(_mechanisms(explained))),
        Part("method", "How to read this", (Points(tuple(_method(explained))),)),
    )
    return Report(f"Why do {pair} differ in {lead.metric.noun}?", screen, scope, parts=parts)


def _opening(explained: Explained) -> str:
    changes = _changes(explained)
    more = [f"{len(changes) - NAMED} more"] if len(changes) > NAMED else []
    futures = f"{explained.replications:,} simulated futures, each compared with itself"
    if explained.taken < explained.replications:
        futures += f", the first {explained.taken:,} of them taken apart"
    return f"{futures}. What differs: {'; '.join([*changes[:NAMED], *more])}."


def _changes(explained: Explained) -> tuple[str, ...]:
    """What the scenarios differ in; what comes too late for the numbers is said to."""
    late = " (too late for these numbers)"
    return tuple(
        f"{step.words}{late if step.month > explained.moment.last else ''}"
        for step in explained.levers
    )


def _answer(account: Account) -> str:
    """Which step explains most; no share of a whole that is not clear itself."""
    by, write, whole = HEADINGS[account.family], account.metric.format, account.total
    if whole.verdict == "too uncertain":
        return f"{by}: {whole.numbers.replications} futures are too few to tell."
    if not (leaders := account.leaders()):
        return f"{by}: no single step explains a difference that is clear."
    part, of = write.short_difference(leaders[0].mean), write.difference(whole.mean)
    return f"{by}: {leaders[0].step.label} is the largest part, {part} of {of}."


def _headline(explained: Explained, families: Sequence[Sequence[Account]]) -> Table:
    """Steps down, measures across; the interval of the lead, and what is known of each step."""
    accounts = families[-1]
    metrics = [each.metric for each in accounts]
    rows: list[Row | str] = [_line([each.total for each in accounts], metrics)]
    for each in families:
        rows.append(HEADINGS[each[0].family])
        rows += [_line(parts, metrics) for parts in shown(each, MOST_STEPS // len(families))]
    heads = [_column(labelled(each, explained.moment)) for each in metrics]
    label = explained.moment.label
    columns = (
        Column(label[0].upper() + label[1:], 27, words=True, hang=1),
        heads[0],
        Column("95% interval", 17),
        *heads[1:],
        Column("evidence", 9),
    )
    return Table(
        "shares",
        f"What explains the difference, {label}",
        "One row a step: its shares; in brackets what is not clear, or too small to notice.",
        columns,
        tuple(rows),
        quiet=True,
        apart=True,
    )


def _column(head: str) -> Column:
    """As narrow as its words allow."""
    return Column(head, max(11, *(len(word) + 1 for word in head.split())))


def _line(parts: Sequence[Share], metrics: Sequence[Metric]) -> Row:
    """One row: the share in the lead with its interval, in the other measures, and what is known.

    What is known is the grade of the evidence on a mechanism.
    """
    first, *others = [_cell(part, metric) for part, metric in zip(parts, metrics, strict=True)]
    step = parts[0].step
    rule = load_register().structures.get(step.name)
    interval = _range(parts[0], "ci_low", "ci_high", metrics[0].format.brief_difference)
    return step.label, first, interval, *others, rule.grade if rule else ""


def _cell(part: Share, metric: Metric) -> str:
    if part.verdict == "not defined":
        return NOTHING
    if part.verdict == "equal":
        return "0"
    text = metric.format.brief_difference(part.mean)
    return text if part.noticed(metric) else f"({text})"


def _sure(explained: Explained, lead: Account) -> Iterator[str]:
    whole, write = lead.total, lead.metric.format
    n, asked = whole.numbers, explained.question.precision
    if n.replications and np.isfinite(n.ci_low):
        same = of_futures(n.higher if whole.mean > 0 else n.lower, n.replications)
        half = write.brief((n.ci_high - n.ci_low) / 2)
        yield (
            f"In the model: {write.difference(whole.mean)} ± {half} (95% interval); the same way "
            f"in {same}."
        )
    if asked:
        reached = "Every" if precise(explained.accounts, asked) else "Not every"
        yield (
            f"{reached} share is known to {asked:g} times that interval or what nobody would "
            f"notice, as asked, from {explained.taken:,} futures."
        )
    yield (
        "How a difference comes about is a fact about the model, and no evidence that schools "
        "behave so."
    )


def _levers(explained: Explained) -> Iterator[Block]:
    yield Points(_changes(explained))
    yield from _tables(explained, BY_LEVER)


def _mechanisms(explained: Explained) -> Iterator[Block]:
    yield from _tables(explained, BY_MECHANISM)
    account = explained.families()[-1][0]
    at_work = {part.step.name for part in account.shares}
    meanings = [
        f"{rule.mechanism}: {rule.meaning} Off: {rule.alternatives[rule.switched_off]} "
        f"[parameters.{rule.name}: {rule.switched_off}] Evidence: {rule.grade}."
        for rule in load_register().mechanisms()
        if rule.name in at_work
    ]
    rest = account.rest.step
    yield Points((*meanings, f"{rest.label}: {rest.words}."), apart=True)


def _tables(explained: Explained, family: str) -> Iterator[Table]:
    """The parts of every measure, which add up to the whole."""
    for account in explained.accounts:
        if account.family == family:
            yield Table(
                f"{account.metric.name}_{family}",
                f"{labelled(account.metric, explained.moment)}; {explained.moment.label}",
                "One row a step; the shares add up to the whole.",
                _SHARES,
                tuple(_rows_of(account)),
                apart=True,
            )


def _rows_of(account: Account) -> Iterator[Row]:
    """The shares, everything else, and the whole."""
    write = account.metric.format.plain_difference
    rest = [account.rest] if account.family == BY_MECHANISM else []
    for part in (*account.ranked(), *rest, account.total):
        yield (
            part.step.label,
            write(part.mean),
            _range(part, "ci_low", "ci_high", write),
            _range(part, "p05", "p95", write),
            part.verdict,
        )


def _range(part: Share, low: str, high: str, write: Callable[[float], str]) -> str:
    ends = [float(getattr(part.numbers, each)) for each in (low, high)]
    if part.verdict == "equal" or np.isnan(ends).any():
        return NOTHING
    return " to ".join(map(write, ends))


def _method(explained: Explained) -> Iterator[str]:
    yield (
        "Share (Shapley's): what a step adds, averaged over every order in which the steps can be "
        "taken. The shares, with everything else, add up to the whole difference in every future."
    )
    if any(each.orders > 1 for each in explained.accounts):
        yield (
            "Of many steps not every future takes every order: each takes one and its reverse, and "
            "the next another. Every future still adds up, and the intervals of shares include "
            "what other orders might change."
        )
    yield (
        "A mechanism is a rule that neither law nor evidence settles, and can be set so in a "
        "scenario. At work throughout: the days of support that money buys, what schools want "
        "besides length, votes and reviews, inspections, and what the measures count."
    )
    yield from standing([explained.question.baseline, explained.question.scenario])
