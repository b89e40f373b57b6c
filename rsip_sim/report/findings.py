"""The findings of a comparison, most important first, each with its number and interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rsip_sim.measures.metrics import HEADLINES, MOVE_TOGETHER, Metric
from rsip_sim.measures.moments import Moment
from rsip_sim.report.quoted import Cell, Derived, Quote, Said, given, joined, say, titled
from rsip_sim.report.verdicts import CLEAR, SPREAD, Difference, Figures, Verdict
from rsip_sim.scenario import Scenario

FIRST = ("erosion", "cohesion")
"""What was asked in 2010: told of every scenario, whatever the size of the difference."""

MOST_FURTHER = 3

TABLE = "differences"
"""The table in which every compared number stands; its keys: scenario, metric, date."""

COLUMN_OF = {"higher": "share_higher", "lower": "share_lower", "equal": "share_equal"}
"""Columns of that table, where they are not called as the field of Difference is."""


def cell_of(scenario: str, metric: str, moment: str, statistic: str) -> Cell:
    """Where a number of one comparison stands."""
    return Cell(TABLE, (scenario, metric, moment), COLUMN_OF.get(statistic, statistic))


@dataclass(frozen=True)
class Row:
    """One compared number: a metric of one scenario at one moment, against the baseline.

    p50, variance_ratio          of the paired differences
    baseline_p05, baseline_p95   5–95% range of the baseline's own level across futures
    """

    scenario: Scenario
    metric: Metric
    moment: Moment
    numbers: Difference
    p50: float
    variance_ratio: float
    baseline_p05: float
    baseline_p95: float
    verdict: Verdict
    sentence: Said

    def cell(self, statistic: str) -> Cell:
        """Where a number of this row stands."""
        return cell_of(self.scenario.name, self.metric.name, self.moment.name, statistic)

    @property
    def figures(self) -> Figures:
        """The numbers as they are written, each quoted with its cell."""
        return Figures(self.metric, self.numbers, self.cell)

    @property
    def when(self) -> Said:
        """The moment as it stands in a sentence."""
        return given(self.moment.phrase(self.metric), "date")

    def baseline_range(self) -> Said:
        """The 5–95% range of the baseline's own level: ``15.9% and 41.5%``, with ``and``."""
        write = self.metric.format.level
        low, high = write(self.baseline_p05), write(self.baseline_p95)
        return say(
            "{low} and {high}",
            low=self.figures.quote(low, "baseline_p05"),
            high=self.figures.quote(high, "baseline_p95"),
        )

    @property
    def leverage(self) -> float:
        """Mean difference ÷ the baseline's range across futures; NaN where that is none."""
        spread = self.baseline_p95 - self.baseline_p05
        if not spread > 0 or self.metric.kind in ("chance", "risk"):
            return math.nan
        return abs(self.numbers.difference) / spread


@dataclass(frozen=True)
class Finding:
    """One thing found: number, interval and sentence; fields of the number NaN where it has none.

    scenario   name of the scenario, or "" where the finding is about all of them
    metric     name of the metric, or "" where it is about several
    """

    kind: str  # "leverage", "difference", "unclear", "ranking"
    scenario: str
    metric: str
    date: str
    sentence: Said
    difference: float = math.nan
    ci_low: float = math.nan
    ci_high: float = math.nan
    p05: float = math.nan
    p95: float = math.nan
    replications: int = 0


def finding_of(row: Row) -> Finding:
    """The finding that one row holds by itself."""
    n = row.numbers
    return Finding(
        "difference", row.scenario.name, row.metric.name, row.moment.name, row.sentence,
        n.difference, n.ci_low, n.ci_high, n.p05, n.p95, n.replications,
    )  # fmt: skip


def leverage_findings(rows: Sequence[Row], baseline: Scenario) -> list[Finding]:
    """How much the choice of scenario matters beside what nobody chooses.

    rows : headline metrics at one moment.
    """
    known = [row for row in rows if not math.isnan(row.leverage)]
    strongest = {row.metric.name: row for row in sorted(known, key=lambda row: row.leverage)}
    found = []
    if "erosion" in strongest:
        found.append(_beside_luck(strongest["erosion"], baseline))
    clear = [row for row in strongest.values() if row.verdict in CLEAR]
    most = sorted(clear, key=lambda row: -row.leverage)[:MOST_FURTHER]
    if most:
        found.append(_matters_most(most))
    return found


def _beside_luck(row: Row, baseline: Scenario) -> Finding:
    metric = row.metric
    sentence = say(
        "Beside what nobody here chooses: under {baseline} {noun}, {when}, lies between {range} "
        "in {spread}, which differ in {causes}. ",
        baseline=titled(baseline.title), noun=metric.noun, when=row.when,
        range=row.baseline_range(), spread=SPREAD, causes=_what_differs(baseline),
    )  # fmt: skip
    if row.verdict in CLEAR:
        rest = say(
            "The scenarios compared move its average by at most {size} ({scenario}), {part}.",
            size=row.figures.magnitude("difference"), scenario=titled(row.scenario.title),
            part=part_of_range(row),
        )  # fmt: skip
    else:
        rest = say("None of the scenarios compared moves its average by an amount that shows.")
    n = row.numbers
    return Finding(
        "leverage", row.scenario.name, metric.name, row.moment.name, Said(sentence, rest),
        n.difference, n.ci_low, n.ci_high, n.p05, n.p95, n.replications,
    )  # fmt: skip


def _matters_most(most: Sequence[Row]) -> Finding:
    said = joined(
        "; ",
        (
            say(
                "{noun} ({size} under {scenario}, {part})",
                noun=row.metric.noun,
                size=row.figures.relative(),
                scenario=titled(row.scenario.title),
                part=part_of_range(row),
            )
            for row in most
        ),
    )
    sentence = say("The choice matters most for {said}.", said=said)
    return Finding("leverage", "", "", most[0].moment.name, sentence)


def _what_differs(baseline: Scenario) -> str:
    parts = ["the authority's own luck"]
    if baseline.policy.levers.climate.conversion == "uncertain":
        parts.insert(0, "the national climate")
    if baseline.policy.parameters == "uncertain":
        parts.append("what is not known about how schools respond")
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def part_of_range(row: Row) -> Said:
    """The mean difference beside the baseline's range across futures, in words."""
    leverage = row.leverage
    if leverage < 0.01:
        text = "less than 1%"
    elif leverage > 1.5:
        text = f"{leverage:.1f} times"
    else:
        text = f"{100 * leverage:.0f}%"
    what = (
        f"mean difference ÷ 90% range of the baseline: {row.metric.name}, {row.scenario.name}, "
        f"{row.moment.name}"
    )
    part = Quote(text, Derived(what, leverage))
    words = {True: "{part} the range across futures", False: "{part} of the range across futures"}
    if leverage < 0.01:
        return say("{part} of that range across futures", part=part)
    return say(words[leverage > 1.5], part=part)


def scenario_findings(rows: Sequence[Row]) -> list[Finding]:
    """Findings about one scenario: headline metrics at one moment."""
    first = [row for row in rows if row.metric.name in FIRST]
    told = {row.metric.name for row in rows if row.verdict != "not defined"}
    rest = [
        row
        for row in rows
        if row.metric.name not in FIRST and MOVE_TOGETHER.get(row.metric.name) not in told
    ]
    clear = sorted((row for row in rest if row.verdict in CLEAR), key=importance)
    found = [finding_of(row) for row in [*first, *clear[:MOST_FURTHER]]]
    if others := clear[MOST_FURTHER:]:
        said = joined(
            "; ",
            (
                say("{noun} {size}", noun=row.metric.noun, size=row.figures.relative())
                for row in others
            ),
        )
        sentence = say("Also clear, on average: {said}.", said=said)
        found.append(_about(rows[0], "also", "", sentence))
    if unclear := [row for row in rest if row.verdict not in CLEAR]:
        found.append(_about(rows[0], "unclear", "", Said(_unclear_sentence(unclear))))
    return found


def _about(row: Row, kind: str, metric: str, sentence: Said) -> Finding:
    return Finding(kind, row.scenario.name, metric, row.moment.name, sentence)


def gain_of_pairing(rows: Sequence[Row]) -> float:
    """With how many times as many futures unpaired averages would be as precise, in the median.

    Over the headline differences; 0 where it is less than half as many again.
    """
    ratios = [
        row.variance_ratio
        for row in rows
        if row.metric.name in HEADLINES and np.isfinite(row.variance_ratio)
    ]
    times = float(np.median(ratios)) if ratios else 0.0
    return times if times >= 1.5 else 0.0


def importance(row: Row) -> float:
    """Sort key, most important first: size beside the futures' own range, chances by points."""
    if math.isnan(row.leverage):
        return -abs(row.numbers.difference) / 100 if row.metric.unit.startswith("%") else 0.0
    return -row.leverage


def _unclear_sentence(rows: Sequence[Row]) -> str:
    undefined = [row.metric.noun for row in rows if row.verdict == "not defined"]
    uncertain = [row.metric.noun for row in rows if row.verdict == "too uncertain"]
    unclear = [row.metric.noun for row in rows if row.verdict == "no clear difference"]
    none = [row.metric.noun for row in rows if row.verdict in ("equal", "negligible")]
    parts = [
        f"{start} {', '.join(names)}."
        for start, names in (
            ("No clear difference in", unclear),
            ("None, or none that shows, in", none),
            ("Too few futures to compare", uncertain),
            ("Not defined in one of them:", undefined),
        )
        if names
    ]
    return " ".join(parts)
