"""The accounts of a difference as a text of 100 columns and as tidy tables."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rsip_sim.evidence.months import month_name
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import unit_at
from rsip_sim.measures.runs import RENEWAL_WORDS
from rsip_sim.report.findings import Finding
from rsip_sim.report.text import heading, paragraph
from rsip_sim.studies.compare.report import plain, plain_range, standing
from rsip_sim.studies.explain.accounts import Account, Part
from rsip_sim.studies.explain.hybrids import BY_LEVER, BY_MECHANISM
from rsip_sim.studies.explain.mechanisms import MECHANISMS, Mechanism
from rsip_sim.studies.explain.says import BY, findings_about, findings_of, whole_sentence
from rsip_sim.studies.explain.shapley import CIRCLES, EXACT_STEPS
from rsip_sim.studies.explain.work import Explained

NAME_WIDTH = 25
COLUMNS = (7, 18)
"""Widths of an average and its 95% interval, three times over."""

GENERAL = ("levers", "idle", "substitute", "evidence")
"""Kinds of findings that are about no single metric."""

WAYS = {"share": "share", "alone": "by itself", "removed": "lost without it"}


@dataclass(frozen=True)
class ExplainReport:
    """What `rsip explain` shows and keeps."""

    explained: Explained

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, each with its number and sentence."""
        return findings_of(self.explained)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Findings, and two tables for each family of steps: one at a time, and shares."""
        made = {"findings": pd.DataFrame(self.findings)}
        for family, name in ((BY_LEVER, "levers"), (BY_MECHANISM, "mechanisms")):
            accounts = [each for each in self.explained.accounts if each.family == family]
            made[f"{name}_one_at_a_time"] = step_table(accounts, ("alone", "removed"))
            made[f"{name}_shares"] = step_table(accounts, ("share",))
        return made

    def text(self) -> str:
        """The findings in sentences, then the tables, then how to read them."""
        return render(self.explained)


TABLE = [
    "metric", "label", "unit", "date", "way", "kind", "step", "step_label", "step_words", "mean",
    "ci_low", "ci_high", "p05", "p95", "share_higher", "share_lower", "share_equal",
    "part_of_whole", "order_error", "verdict", "replications",
]  # fmt: skip
"""Columns of `step_table`. ``way``: share, alone or removed. ``kind``: step, rest, interaction
or total; the rows of one metric and way before the total add up to it. ``order_error``: standard
error of a share from the choice of orders, 0 where all orders count."""


def step_table(accounts: Sequence[Account], ways: Sequence[str]) -> pd.DataFrame:
    """One row a metric, way of sharing out and part."""
    rows = []
    for account in accounts:
        for way, parts in account.ways():
            if way in ways:
                rows += [_record(account, way, part) for part in (*parts, account.total)]
    return pd.DataFrame(rows, columns=TABLE)


def render(explained: Explained) -> str:
    """Everything as text."""
    lines = [*_opening(explained), ""]
    for metric in explained.metrics:
        if found := findings_about(explained, metric):
            first = next(each for each in explained.accounts if each.metric is metric)
            lines += paragraph(whole_sentence(explained, first, dated=False))
            lines += [
                line for each in found[1:] for line in paragraph(each.sentence, "  - ", "    ")
            ]
            lines.append("")
    for account in explained.accounts:
        if account.family == BY_MECHANISM or len(account.shares) > 1:
            lines += [*_table(account), ""]
    if explained.accounts:
        lines += _reading(explained)
    return "\n".join(lines).rstrip("\n") + "\n"


def _opening(explained: Explained) -> list[str]:
    policy, question = explained.baseline.policy, explained.question
    end = month_name(policy.start + policy.horizon_months - 1)
    lines = [
        *heading(f"Why '{explained.scenario.title}' differs from '{explained.baseline.title}'"),
        *paragraph(
            f"{explained.replications:,} simulated futures of each, {month_name(policy.start)} to "
            f"{end}; roster {explained.baseline.roster.name}. Each future is compared with itself. "
            f"Numbers: {explained.moment.label}, renewal {RENEWAL_WORDS[question.renewal]}."
        ),
        "",
    ]
    general = [each for each in findings_of(explained) if each.kind in GENERAL]
    if len(explained.levers) > 1:
        lines.append(f"They differ in {len(explained.levers)} things:")
        for step in explained.levers:
            late = " (too late for these numbers)" if step.month > explained.moment.last else ""
            lines += paragraph(f"{step.words}{late}", "  - ", "    ")
        general = general[1:]
    for finding in general:
        lines += paragraph(finding.sentence)
    return lines


def _table(account: Account) -> Iterator[str]:
    """The parts of one account, three ways side by side."""
    metric = account.metric
    yield from heading(f"{metric.label}, {BY[account.family].lower()}")
    unit = f"{unit_at(metric, account.moment)}; {account.moment.label}"
    yield from paragraph(unit[0].upper() + unit[1:])
    span = sum(COLUMNS)
    yield f"{'':{NAME_WIDTH}}" + "".join(f"{WAYS[way]:>{span}}" for way in WAYS)
    yield f"{'':{NAME_WIDTH}}" + "".join(
        f"{text:>{width}}"
        for _ in WAYS
        for text, width in zip(("mean", "95% interval"), COLUMNS, strict=True)
    )
    ways = {way: {part.step.name: part for part in parts} for way, parts in account.ways()}
    order = [part.step for part in account.ranked()]
    order += [part.step for part in ways["alone"].values() if part.kind != "step"]
    for step in order:
        yield from _line(step.label, [ways[way].get(step.name) for way in WAYS], metric)
    yield from _line(account.total.step.label, [account.total] * len(WAYS), metric)


def _line(label: str, parts: Sequence[Part | None], metric: Metric) -> Iterator[str]:
    names = textwrap.wrap(label, NAME_WIDTH - 1, break_on_hyphens=False)
    yield f"{names[0]:{NAME_WIDTH}}" + "".join(_cells(part, metric) for part in parts)
    yield from (f"  {name}" for name in names[1:])


def _cells(part: Part | None, metric: Metric) -> str:
    mean, span = "", "–"
    if part is None:
        mean, span = "–", ""
    elif part.verdict == "equal":
        mean, span = plain(metric, 0.0), "–"
    elif not np.isnan(part.mean):
        n = part.numbers
        mean, span = plain(metric, n.difference), plain_range(metric, n.ci_low, n.ci_high)
    return f"{mean:>{COLUMNS[0]}}{span:>{COLUMNS[1]}}"


def _reading(explained: Explained) -> list[str]:
    """What each number is, what each mechanism is, and what the numbers stand on."""
    notes = [
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
    ]
    lines = heading("How to read this")
    for note in notes:
        lines += paragraph(note, "- ", "  ")
    lines += ["", *heading("What each mechanism is, and what holds when it is off")]
    at_work = {part.step.name for each in explained.accounts for part in each.shares}
    for mechanism in MECHANISMS:
        if mechanism.name in at_work:
            lines += paragraph(
                f"{mechanism.label}: {mechanism.meaning} Off: {mechanism.off} "
                f"[{_held(mechanism)}] Evidence for its strength: {mechanism.evidence}.",
                "- ", "  ",
            )  # fmt: skip
    rest = explained.accounts[-1].rest.step
    lines += paragraph(f"{rest.label}: {rest.words}.", "- ", "  ")
    lines += paragraph(
        "At work throughout, and counted with the step that sets it off: the days of support that "
        "money buys, votes and reviews, inspections, and what the measures count.",
        "- ", "  ",
    )  # fmt: skip
    lines.append("")
    for note in standing([explained.baseline, explained.scenario]):
        lines += paragraph(note, "- ", "  ")
    return lines


def _sampling(explained: Explained) -> list[str]:
    sampled = [each for each in explained.accounts if not each.exact]
    if not sampled:
        return []
    steps = len(sampled[0].shares)
    return [
        f"With more than {EXACT_STEPS} steps the shares are averages over {2 * CIRCLES * steps} "
        "orders, evenly chosen and always the same, not over all; their intervals include what "
        "another choice of orders might change."
    ]


def _held(mechanism: Mechanism) -> str:
    """The fields of a mechanism with their values when it is off, those of one value together."""
    by_value: dict[str, list[str]] = {}
    for path, value in mechanism.held.items():
        text = f"{value:g}" if isinstance(value, int | float) else str(value)
        by_value.setdefault("never" if value is None else text, []).append(
            path.removeprefix("parameters.")
        )
    return "; ".join(f"{', '.join(paths)}: {text}" for text, paths in by_value.items())


def _record(account: Account, way: str, part: Part) -> tuple[object, ...]:
    metric, n, total = account.metric, part.numbers, account.total
    share = n.difference / total.mean if total.clear else np.nan
    return (
        metric.name, metric.label, unit_at(metric, account.moment), account.moment.label, way,
        part.kind, part.step.name, part.step.label, part.step.words, n.difference, n.ci_low,
        n.ci_high, n.p05, n.p95, n.higher, n.lower, n.equal, share, part.design_error,
        part.verdict, n.replications,
    )  # fmt: skip
