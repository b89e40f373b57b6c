"""Why two scenarios differ, told: the answer and its shares, and behind it every account."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

import numpy as np

from rsip_sim.evidence.register import load_register
from rsip_sim.measures.formats import MINUS
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import unit_at
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Part, Points, Report, Table
from rsip_sim.report.blocks import Row as Cells
from rsip_sim.report.verdicts import relative
from rsip_sim.report.words import NOTHING, authority, listed, of_futures, period
from rsip_sim.studies.compare.report import standing
from rsip_sim.studies.explain.accounts import HALF, HEADINGS, Account, precise, shown
from rsip_sim.studies.explain.accounts import Part as Share
from rsip_sim.studies.explain.hybrids import BY_LEVER, BY_MECHANISM
from rsip_sim.studies.explain.shapley import EXACT_STEPS
from rsip_sim.studies.explain.work import Explained
from rsip_sim.studies.kernel.precision import FIRST_LOOK

ONE = {BY_LEVER: "change", BY_MECHANISM: "mechanism"}
MOST_ACROSS = 4
"""Measures side by side on the first screen."""

MOST_STEPS = 7
"""Steps with a row of their own on the first screen; where both families stand there, half each."""

_MOST_LEVERS = 2  # told in the opening
_VERBS = ("are", "is", "have", "has")


def explain_report(explained: Explained) -> Report:
    """The answer and the shares on the first screen, every account in the parts."""
    first = explained.baseline
    scope = f"{len(first.roster.urn)} schools of {authority(first)}, {period(first)}"
    if not explained.accounts:
        same = (
            f"'{explained.scenario.title}' and '{first.title}' do not differ in anything that the "
            "model reads: every difference is exactly nought, and there is nothing to explain."
        )
        title = f"Why '{explained.scenario.title}' differs from '{first.title}'"
        return Report(title, (Paragraph(same),), scope)
    families = [accounts[:MOST_ACROSS] for accounts in explained.families()]
    lead = families[-1][0]
    said = [_answer(each[0]) for each in families]
    told = [each.metric for each in families[-1]]
    rest = [each.noun for each in explained.metrics if each not in told]
    more = f" Also explained, in the parts: {listed(rest)}." if rest else ""
    screen = (
        Paragraph(_opening(explained)),
        Paragraph(" ".join(said), apart=True),
        _headline(explained, families),
        Paragraph(f"( ) not clear, or too small to notice.{more}", "note"),
        Heading("How sure"),
        Points(tuple(_sure(explained, lead)), plain=True),
    )
    parts = (
        Part("levers", "By change of policy", tuple(_levers(explained))),
        Part("mechanisms", "By mechanism", tuple(_mechanisms(explained))),
        Part("interactions", "What steps do together", (_interactions(explained),)),
        Part("method", "How to read this", tuple(_method(explained))),
    )
    return Report(_question(explained, lead), screen, scope, parts=parts)


def _question(explained: Explained, lead: Account) -> str:
    """``Why are 3.4 more schools in the partnership under '2 years' than under 'later'?``."""
    metric, whole = lead.metric, lead.total
    ours, theirs = explained.scenario.brief, explained.baseline.brief
    if whole.verdict == "too uncertain":
        return f"How do '{ours}' and '{theirs}' differ in {metric.noun}?"
    if not whole.clear:
        return f"Why do '{ours}' and '{theirs}' hardly differ in {metric.noun}?"
    size, clause = relative(metric, whole.mean), metric.clause
    told = clause.format(size) if "{}" in clause else f"the chance that {clause} is {size}"
    pair = f"under '{ours}' than under '{theirs}'?"
    verbs = [verb for verb in _VERBS if f" {verb} " in told]
    if not verbs:
        return f"Why do {told} {pair}"
    subject, _, rest = told.rpartition(f" {verbs[0]} ")
    return f"Why {verbs[0]} {subject} {rest} {pair}"


def _opening(explained: Explained) -> str:
    levers = explained.levers
    told = [_dated(explained, step.words, step.month) for step in levers]
    if len(levers) == 1:
        what = f"One thing differs: {told[0]}."
    elif len(levers) <= _MOST_LEVERS:
        what = f"{len(levers)} things differ: {'; '.join(told)}."
    else:
        what = f"{len(levers)} things differ, which the part 'levers' lists."
    futures = f"{explained.replications:,} simulated futures, each compared with itself"
    if explained.taken < explained.replications:
        futures += f", the first {explained.taken:,} of them taken apart"
    return f"{futures}. {what}"


def _dated(explained: Explained, words: str, month: int) -> str:
    late = " (too late for these numbers)" if month > explained.moment.last else ""
    return f"{words}{late}"


def _answer(account: Account) -> str:
    """Which step explains most; no share of a whole that is not clear itself."""
    by, write, whole = HEADINGS[account.family], account.metric.format, account.total
    clear = [part for part in account.ranked() if part.clear]
    if whole.verdict == "too uncertain":
        return f"{by}: {whole.numbers.replications} futures are too few to tell."

    def sizes(parts: Sequence[Share]) -> str:
        return listed([f"{each.step.label} {write.difference(each.mean)}" for each in parts])

    if whole.clear:
        if not (leaders := account.leaders()):
            return f"{by}: no single {ONE[account.family]} can be told apart from nought in it."
        share = leaders[0].mean / whole.mean
        most = ("more than all of it" if share > 1 else "most of it" if share > HALF else
                "the largest part")  # fmt: skip
        then = f"; then {sizes(leaders[1:2])}" if leaders[1:] else ""
        part = write.short_difference(leaders[0].mean)
        of = write.difference(whole.mean)
        return f"{by}: {leaders[0].step.label} is {most}, {part} of {of}{then}."
    up, down = ([part for part in clear if (part.mean > 0) == way] for way in (True, False))
    if up and down:
        return f"{by}: it is pulled both ways, {sizes(up[:1])} against {sizes(down[:1])}."
    if clear:
        return f"{by}: {sizes(clear[:1])} is clear by itself, though the whole is not."
    return f"{by}: nothing moves it by an amount that shows."


def _headline(explained: Explained, families: Sequence[Sequence[Account]]) -> Table:
    """Steps down, measures across; the interval of the lead, and what is known of each step."""
    accounts = families[-1]
    metrics = [each.metric for each in accounts]
    rows: list[Cells | str] = [_line([each.total for each in accounts], metrics)]
    for each in families:
        if len(families) > 1:
            rows.append(HEADINGS[each[0].family])
        rows += [_line(parts, metrics) for parts in shown(each, MOST_STEPS // len(families))]
    heads = [
        each.label if (unit := unit_at(each, explained.moment)) == "schools"
        else f"{each.label}, {unit}"
        for each in metrics
    ]  # fmt: skip
    label = explained.moment.label
    longest = max(len(row[2]) for row in rows if not isinstance(row, str))
    columns = (
        Column(label[0].upper() + label[1:], 27, words=True, hang=1), _column(heads[0]),
        Column("95% interval", max(longest, 12) + 1), *map(_column, heads[1:]),
        Column("evidence", 9),
    )  # fmt: skip
    return Table(
        "shares", f"What explains the difference, {label}",
        "One row a step: its share of the difference in each measure. A share in brackets is not "
        "clear, or too small to notice.",
        columns, tuple(rows), quiet=True, apart=True,
    )  # fmt: skip


def _column(head: str) -> Column:
    """As narrow as a heading of four lines allows."""
    least = max(10, *(len(word) + 1 for word in head.split()))
    widths = (width for width in range(least, 30) if len(textwrap.wrap(head, width - 1)) <= 4)
    return Column(head, next(widths, 30))


def _line(parts: Sequence[Share], metrics: Sequence[Metric]) -> Cells:
    """One row: the share in the lead with its interval, in the other measures, and what is known.

    What is known is the grade of the evidence on a mechanism.
    """
    first, *others = [_cell(part, metric) for part, metric in zip(parts, metrics, strict=True)]
    step = parts[0].step
    rule = load_register().structures.get(step.name)
    grade = rule.grade if rule is not None else ""
    return step.label, first, _interval(parts[0], metrics[0]), *others, grade


def _cell(part: Share, metric: Metric) -> str:
    if part.verdict == "not defined":
        return NOTHING
    if part.verdict == "equal":
        return "0"
    text = metric.format.brief_difference(part.mean)
    return text if part.noticed(metric) else f"({text})"


def _interval(part: Share, metric: Metric) -> str:
    n, write = part.numbers, metric.format
    if part.verdict == "equal" or np.isnan(n.ci_low):
        return NOTHING
    return f"{write.brief_difference(n.ci_low)} to {write.brief_difference(n.ci_high)}"


def _sure(explained: Explained, lead: Account) -> Iterator[str]:
    whole, both = lead.total, lead.alone[-1]
    write, n = lead.metric.format, whole.numbers
    if n.replications and np.isfinite(n.ci_low):
        same = of_futures(n.higher if whole.mean > 0 else n.lower, n.replications)
        yield (
            f"In the model: {write.difference(whole.mean)} ± "
            f"{write.brief((n.ci_high - n.ci_low) / 2)} (95% interval); {same} "
            f"{'goes' if same == 'every future' else 'go'} that way."
        )
    if explained.taken >= FIRST_LOOK and (asked := explained.question.precision):
        reached = precise(explained.accounts, asked)
        yield (
            f"Every share is known to {asked:g} times that interval or what nobody would notice, "
            f"as asked, from {explained.taken:,} futures."
            if reached else
            f"Not every share is known to {asked:g} times that interval, as asked: all futures "
            "are too few."
        )  # fmt: skip
    if both.clear:
        alone = write.brief_difference(whole.mean - lead.rest.mean - both.mean)
        yield (
            f"Each by itself the mechanisms come to {alone}; {write.brief_difference(both.mean)} "
            "comes only of several at work together."
        )
    first = {each.leaders()[0].step.name for each in explained.accounts
             if each.family == BY_MECHANISM and each.leaders()}  # fmt: skip
    rules = [rule for rule in load_register().mechanisms() if rule.name in first]
    said = []
    for grade, words in (("none", "no evidence bears"), ("weak", "only weak evidence bears")):
        if names := [rule.mechanism for rule in rules if rule.grade == grade]:
            said.append(f"{words} on {listed(names, most=1)}")
    if said:
        yield f"In truth: {', '.join(said)}."
    yield (
        "How a difference comes about is a fact about the model, and no evidence that schools "
        "behave so."
    )


def _levers(explained: Explained) -> Iterator[Block]:
    yield Points(tuple(_dated(explained, step.words, step.month) for step in explained.levers))
    if len(explained.levers) == 1:
        yield Paragraph("All of every difference is due to it.")
    yield from _tables(explained, BY_LEVER)


def _mechanisms(explained: Explained) -> Iterator[Block]:
    yield from _tables(explained, BY_MECHANISM)
    accounts = [each for each in explained.accounts if each.family == BY_MECHANISM]
    at_work = {part.step.name for part in accounts[0].shares}
    meanings = [
        f"{rule.mechanism}: {rule.meaning} Off: {rule.alternatives[rule.switched_off]} "
        f"[parameters.{rule.name}: {rule.switched_off}] Evidence: {rule.grade}."
        for rule in load_register().mechanisms()
        if rule.name in at_work
    ]
    rest = accounts[0].rest.step
    idle = [f"Switched off in both scenarios: {listed([s.label for s in accounts[0].idle])}."
            ] if accounts[0].idle else []  # fmt: skip
    yield Points((*meanings, f"{rest.label}: {rest.words}.", *idle), apart=True)


def _tables(explained: Explained, family: str) -> Iterator[Table]:
    """The shares of every measure, each with its precision, its spread and its verdict."""
    columns = (
        Column("step", 26, words=True, hang=1), Column("share", 9), Column("95% interval", 16),
        Column("of the whole", 7), Column("90% of futures", 16),
        Column("verdict", 22, words=True),
    )  # fmt: skip
    for account in explained.accounts:
        if account.family != family or not account.shared_out:
            continue
        metric, whole, write = account.metric, account.total, account.metric.format
        rest = [account.rest] if family == BY_MECHANISM else []
        yield Table(
            f"{metric.name}_{family}",
            f"{metric.label} ({unit_at(metric, explained.moment)}; {explained.moment.label})",
            "One row a step: its share of the difference; the shares add up to the whole.",
            columns,
            tuple(
                (part.step.label, write.plain_difference(part.mean),
                 _range(metric, part, "ci_low", "ci_high"),
                 _of_whole(part.mean / whole.mean) if whole.clear else NOTHING,
                 _range(metric, part, "p05", "p95"), part.verdict)
                for part in (*account.ranked(), *rest, whole)
            ),
            apart=True,
        )  # fmt: skip


def _of_whole(share: float) -> str:
    return f"{share:.0%}".replace("-0%", "0%").replace("-", MINUS)


def _interactions(explained: Explained) -> Table:
    """What the steps come to one at a time, and what is left of the whole."""
    columns = (
        Column("measure", 32, words=True, hang=1), Column("whole", 8),
        Column("each by itself", 9), Column("more together", 10), Column("95% interval", 15),
        Column("verdict", 22, words=True),
    )  # fmt: skip
    rows = [
        (f"{account.metric.label}, {HEADINGS[account.family].lower()}",
         account.metric.format.plain_difference(account.total.mean),
         account.metric.format.plain_difference(account.total.mean - account.alone[-1].mean),
         account.metric.format.plain_difference(account.alone[-1].mean),
         _range(account.metric, account.alone[-1], "ci_low", "ci_high"),
         account.alone[-1].verdict)
        for account in explained.accounts if account.shared_out
    ]  # fmt: skip
    return Table(
        "interactions", "What the whole has beyond its steps one at a time",
        "One row a measure: the whole difference, what its steps come to each by itself, with "
        "everything else, and what the whole has beyond that.",
        columns, tuple(rows),
    )  # fmt: skip


def _range(metric: Metric, part: Share, low: str, high: str) -> str:
    ends = [float(getattr(part.numbers, each)) for each in (low, high)]
    if part.verdict == "equal" or np.isnan(ends).any():
        return NOTHING
    return " to ".join(metric.format.plain_difference(each) for each in ends)


def _method(explained: Explained) -> Iterator[Block]:
    sampled = () if all(each.exact for each in explained.accounts) else (
        f"With more than {EXACT_STEPS} steps not every future takes every order: each takes one "
        "and its reverse, and the next another, evenly chosen and always the same. Every future "
        "still adds up, and the intervals of shares include what other orders might change.",
    )  # fmt: skip
    yield Points((
        "Share (Shapley's): what a step adds, averaged over every order in which the steps can be "
        "taken. The shares, with everything else, add up to the whole difference in every future.",
        "By itself: of changes of policy, only this one is made; of mechanisms, only this one is "
        "at work. What these leave of the whole comes of several together: the interaction.",
        "The 95% interval says how precisely these futures fix the average; about one such "
        "interval in twenty misses; – is nought in every future.",
        "A mechanism is a rule that neither law nor evidence settles, and can be set so in a "
        "scenario. At work throughout: the days of support that money buys, what schools want "
        "besides length, votes and reviews, inspections, and what the measures count.",
        *sampled,
        *standing([explained.baseline, explained.scenario]),
    ))  # fmt: skip
