"""What an account says, in sentences: which step explains most, what interacts, what is unclear.

No step is claimed where its 95% interval holds nought, and no share of a whole that is not clear
itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import Metric
from rsip_sim.report.findings import Finding
from rsip_sim.report.quoted import Said
from rsip_sim.report.words import listed
from rsip_sim.studies.explain.accounts import Account, Part
from rsip_sim.studies.explain.hybrids import BY_LEVER, BY_MECHANISM
from rsip_sim.studies.explain.work import Explained

MOST_NAMED = 3
HALF = 0.5
BY = {BY_LEVER: "By change of policy", BY_MECHANISM: "By mechanism"}
ONE = {BY_LEVER: "change", BY_MECHANISM: "mechanism"}
TOGETHER = {BY_LEVER: "made together", BY_MECHANISM: "at work together"}


def findings_of(explained: Explained) -> tuple[Finding, ...]:
    """Everything found, in the order in which it is told; ``kind`` says what each is about.

    kinds  levers (what differs), whole (the difference), lever and mechanism (which step explains
           most), rest, interaction, unclear (what cannot be told apart from nought), idle,
           evidence
    """
    found = [_about(explained, "levers", "", levers_sentence(explained))]
    for metric in explained.metrics:
        found += findings_about(explained, metric)
    idle = explained.accounts[-1].idle if explained.accounts else ()
    if idle:
        names = listed([step.label for step in idle])
        found.append(_about(explained, "idle", "", f"Switched off in both scenarios: {names}."))
    if sentence := evidence_sentence(explained):
        found.append(_about(explained, "evidence", "", sentence))
    return tuple(found)


def findings_about(explained: Explained, metric: Metric) -> list[Finding]:
    """What was found about one metric: the whole difference first."""
    accounts = [each for each in explained.accounts if each.metric is metric]
    if not accounts:
        return []
    total = accounts[0].total
    found = [_of(explained, "whole", total, metric, whole_sentence(explained, accounts[0]))]
    if total.numbers.replications == 0:
        return found
    for account in accounts:
        if account.family == BY_LEVER and len(account.shares) == 1:
            continue  # which has all of it, as the first finding says
        found += _account_findings(explained, account)
    return found


def levers_sentence(explained: Explained) -> str:
    """In what the scenarios differ."""
    levers = explained.levers
    if not levers:
        return (
            f"'{explained.scenario.title}' and '{explained.baseline.title}' do not differ in "
            "anything that the model reads: every difference is exactly nought, and there is "
            "nothing to explain."
        )
    if len(levers) == 1:
        return f"They differ in one thing, to which all of it is due: {levers[0].words}."
    return f"They differ in {len(levers)} things: {'; '.join(step.words for step in levers)}."


def whole_sentence(explained: Explained, account: Account, dated: bool = True) -> str:
    """The difference itself: both levels, their difference and its interval.

    dated  whether it says when; not where that has been said before
    """
    metric, total = account.metric, account.total
    write, n = metric.format, total.numbers
    about = f"{metric.label} {account.moment.phrase(metric)}" if dated else metric.label
    if total.verdict == "not defined":
        return f"{about}: not defined in any future."
    if total.verdict == "equal":
        return f"{about}: no difference at all, in any future."
    words = (
        f"{write.level(n.level)} under '{explained.scenario.title}' and {write.level(n.baseline)} "
        f"under '{explained.baseline.title}', {write.difference(n.difference)} on average "
        f"({interval(metric, total)})."
    )
    unclear = "" if total.clear else "no clear difference, "
    return f"{about}: {unclear}{words}"


def main_sentence(account: Account) -> str:
    """Which step explains most of the whole, what follows, and what pulls the other way."""
    by, write = BY[account.family], account.metric.format
    clear = [part for part in account.ranked() if part.clear]
    if not account.total.clear:
        return _without_clear_whole(account, clear)
    along = leaders(account)
    against = [part for part in clear if part not in along]
    if not along:
        said = f"{by}: no single {ONE[account.family]} can be told apart from nought in it."
    else:
        first, others = along[0], along[1 : 1 + MOST_NAMED]
        said = (
            f"{by}: {_weight(first, account.total)}, "
            f"{write.difference(first.mean)} ({interval(account.metric, first)})"
        )
        if others:
            said += f"; then {_with_sizes(account, others)}"
        if more := len(along) - 1 - len(others):
            said += f"; {more} more add{'s' if more == 1 else ''} less"
        said += "."
    if against:
        said += f" The other way: {_with_sizes(account, against[:MOST_NAMED])}."
    return said


def evidence_sentence(explained: Explained) -> str:
    """Which of the mechanisms that lead an account rest on no evidence, or on little."""
    by_mechanism = [each for each in explained.accounts if each.family == BY_MECHANISM]
    first = {part.step.name for each in by_mechanism for part in leaders(each)[:1]}
    said = []
    for grade, words in (("none", "No evidence bears"), ("weak", "Only weak evidence bears")):
        rules = [rule for rule in load_register().mechanisms() if rule.name in first]
        names = [rule.mechanism for rule in rules if rule.grade == grade]
        if names:
            lead = "which lead" if len(names) > 1 else "which leads"
            said.append(f"{words} on {listed(names)}, {lead} an account below.")
    return " ".join(said)


def leaders(account: Account) -> list[Part]:
    """The clear shares that go the way of a clear whole, largest first."""
    total = account.total
    if not total.clear:
        return []
    return [part for part in account.ranked() if part.clear and part.mean * total.mean > 0]


def interaction_sentence(account: Account) -> str:
    """What the steps do together beyond what each does by itself."""
    together, total, metric = account.alone[-1], account.total, account.metric
    write = metric.format
    each = write.difference(total.mean - together.mean)
    size = f"{write.difference(together.mean)} ({interval(metric, together)})"
    by = BY[account.family]
    if together.verdict == "equal":
        return f"{by}, interaction: none; each by itself, they add up to the whole."
    if not together.clear:
        return f"{by}, interaction: not told apart from nought, {size}."
    if together.mean * total.mean > 0 and total.clear:
        return (
            f"{by}, interaction: each by itself they come to {each}; the other {size} comes only "
            f"of several {TOGETHER[account.family]}."
        )
    return (
        f"{by}, interaction: each by itself they come to {each}; {TOGETHER[account.family]} they "
        f"overlap or cancel, which makes {size}."
    )


def unclear_sentence(account: Account) -> str:
    """The steps of which nothing may be claimed; empty if there is none."""
    groups = (
        ("not told apart from nought", ("no clear difference",)),
        ("too few futures to tell", ("too uncertain",)),
        ("too small to show", ("negligible",)),
        ("no part in it at all", ("equal",)),
    )
    said = []
    for words, verdicts in groups:
        names = [part.step.label for part in account.ranked() if part.verdict in verdicts]
        if names:
            said.append(f"{words}: {listed(names)}")
    return f"{BY[account.family]}, {'; '.join(said)}." if said else ""


def interval(metric: Metric, part: Part) -> str:
    """``95% interval +5.5 to +6.7``."""
    write, n = metric.format, part.numbers
    return f"95% interval {write.short_difference(n.ci_low)} to {write.difference(n.ci_high)}"


def _weight(first: Part, total: Part) -> str:
    share = first.mean / total.mean
    if share > 1:
        return f"{first.step.label} explains more than all of it"
    most = "explains most of it" if share > HALF else "has the largest part"
    return f"{first.step.label} {most}, {100 * share:.0f}%"


def _with_sizes(account: Account, parts: Sequence[Part]) -> str:
    write = account.metric.format
    return listed([f"{part.step.label} {write.difference(part.mean)}" for part in parts])


def _without_clear_whole(account: Account, clear: Sequence[Part]) -> str:
    by = BY[account.family]
    if not clear:
        return f"{by}: nothing moves it by an amount that shows."
    up = [part for part in clear if part.mean > 0]
    down = [part for part in clear if part.mean < 0]
    if up and down:
        return (
            f"{by}: they pull against each other, {_with_sizes(account, down)} against "
            f"{_with_sizes(account, up)}."
        )
    return f"{by}: clear by itself, though the whole is not: {_with_sizes(account, clear)}."


def _rest_sentence(account: Account) -> str:
    rest, write = account.rest, account.metric.format
    said = f"Everything else, with all mechanisms off: {write.difference(rest.mean)}"
    clear = "" if rest.clear else ", not told apart from nought"
    return f"{said} ({interval(account.metric, rest)}){clear}."


def _account_findings(explained: Explained, account: Account) -> list[Finding]:
    metric = account.metric
    found = [
        _of(explained, account.family, account.ranked()[0], metric, main_sentence(account)),
        _of(explained, "interaction", account.alone[-1], metric, interaction_sentence(account)),
    ]
    if account.family == BY_MECHANISM and account.rest.verdict != "equal":
        found.append(_of(explained, "rest", account.rest, metric, _rest_sentence(account)))
    if sentence := unclear_sentence(account):
        found.append(_about(explained, "unclear", metric.name, sentence))
    return found


def _of(explained: Explained, kind: str, part: Part, metric: Metric, sentence: str) -> Finding:
    n = part.numbers
    return Finding(
        kind, explained.scenario.name, metric.name, explained.moment.name, Said(sentence),
        n.difference, n.ci_low, n.ci_high, n.p05, n.p95, n.replications,
    )  # fmt: skip


def _about(explained: Explained, kind: str, metric: str, sentence: str) -> Finding:
    return Finding(kind, explained.scenario.name, metric, explained.moment.name, Said(sentence))
