"""The findings of a comparison, most important first, each with its number and interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rsip_sim.analysis.metrics import Metric
from rsip_sim.analysis.moments import Moment
from rsip_sim.analysis.sentences import CLEAR, Difference, Verdict, relative
from rsip_sim.analysis.source import AS_WRITTEN, CERTAIN
from rsip_sim.scenario import Scenario

FIRST = ("conversions", "erosion")
"""What Cabinet asks first: told of every scenario, whatever the size of the difference."""

MOST_FURTHER = 3


@dataclass(frozen=True)
class Row:
    """One compared number: a metric of one scenario at one moment, against the baseline.

    p50, variance_ratio          of the paired differences
    baseline_p05, baseline_p95   5–95 % range of the baseline's own level across futures
    """

    scenario: Scenario
    renewal: str
    metric: Metric
    moment: Moment
    numbers: Difference
    p50: float
    variance_ratio: float
    baseline_p05: float
    baseline_p95: float
    verdict: Verdict
    sentence: str

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

    kind: str  # "leverage", "difference", "unclear", "renewal", "ranking"
    scenario: str
    metric: str
    date: str
    sentence: str
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

    rows : headline metrics at one moment, as written.
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
    metric, write = row.metric, row.metric.format
    sentence = (
        f"Beside what nobody here chooses: under '{baseline.title}' {metric.noun}, "
        f"{row.moment.phrase(metric)}, lies between {write.level(row.baseline_p05)} and "
        f"{write.level(row.baseline_p95)} in 90% of futures, which differ in "
        f"{_what_differs(baseline)}. "
    )
    if row.verdict in CLEAR:
        sentence += (
            f"The scenarios compared move its average by at most "
            f"{write.magnitude(row.numbers.difference)} ('{row.scenario.title}'), "
            f"{_part_of_range(row.leverage)}."
        )
    else:
        sentence += "None of the scenarios compared moves its average by an amount that shows."
    n = row.numbers
    return Finding(
        "leverage", row.scenario.name, metric.name, row.moment.name, sentence, n.difference,
        n.ci_low, n.ci_high, n.p05, n.p95, n.replications,
    )  # fmt: skip


def _matters_most(most: Sequence[Row]) -> Finding:
    said = "; ".join(
        f"{row.metric.noun} ({relative(row.metric, row.numbers.difference)} under "
        f"'{row.scenario.title}', {_part_of_range(row.leverage)})"
        for row in most
    )
    return Finding("leverage", "", "", most[0].moment.name, f"The choice matters most for {said}.")


def _what_differs(baseline: Scenario) -> str:
    parts = ["the authority's own luck"]
    if baseline.policy.levers.climate.conversion == "uncertain":
        parts.insert(0, "the national climate")
    if baseline.policy.parameters == "uncertain":
        parts.append("what is not known about how schools respond")
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def _part_of_range(leverage: float) -> str:
    if leverage < 0.01:
        return "less than 1% of that range across futures"
    if leverage > 1.5:
        return f"{leverage:.1f} times the range across futures"
    return f"{100 * leverage:.0f}% of the range across futures"


def scenario_findings(rows: Sequence[Row]) -> list[Finding]:
    """Findings about one scenario: headline metrics at one moment, all renewal variants."""
    written = [row for row in rows if row.renewal == AS_WRITTEN]
    first = [row for row in written if row.metric.name in FIRST]
    rest = [row for row in written if row.metric.name not in FIRST]
    clear = sorted((row for row in rest if row.verdict in CLEAR), key=_importance)
    found = [finding_of(row) for row in [*first, *clear[:MOST_FURTHER]]]
    if others := clear[MOST_FURTHER:]:
        said = "; ".join(
            f"{row.metric.noun} {row.metric.format.difference(row.numbers.difference)}"
            for row in others
        )
        found.append(_about(written[0], "also", "", f"Also clear, on average: {said}."))
    if unclear := [row for row in rest if row.verdict not in CLEAR]:
        found.append(_about(written[0], "unclear", "", _unclear_sentence(unclear)))
    certain = {row.metric.name: row for row in rows if row.renewal == CERTAIN}
    if certain and written:
        sentence = _renewal_sentence([(row, certain[row.metric.name]) for row in written])
        found.append(_about(written[0], "renewal", "", sentence))
    return found


def _about(row: Row, kind: str, metric: str, sentence: str) -> Finding:
    return Finding(kind, row.scenario.name, metric, row.moment.name, sentence)


def _importance(row: Row) -> float:
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
            ("Not defined in one of the two:", undefined),
        )
        if names
    ]
    return " ".join(parts)


def _renewal_sentence(pairs: Sequence[tuple[Row, Row]]) -> str:
    """What remains of the differences once every agreement is sure to be renewed."""
    groups: dict[str, list[str]] = {"holds": [], "changes": [], "vanishes": [], "appears": []}
    for written, certain in pairs:
        if kind := _renewal_effect(written, certain):
            groups[kind].append(_renewal_item(kind, written, certain))
    parts = [
        start + ", ".join(groups[kind])
        for kind, start in (
            ("vanishes", "no clear difference is left in "),
            ("changes", "the size changes for "),
            ("appears", "only then clear: "),
        )
        if groups[kind]
    ]
    if groups["holds"]:
        parts.append("the other clear differences stay" if parts else "all clear differences stay")
    if not parts:
        return "With renewal certain: no clear difference either."
    return f"With renewal certain: {'; '.join(parts)}."


def _renewal_effect(written: Row, certain: Row) -> str:
    if written.verdict not in CLEAR:
        return "appears" if certain.verdict in CLEAR else ""
    if certain.verdict not in CLEAR:
        return "vanishes"
    before, after = written.numbers.difference, certain.numbers.difference
    write = written.metric.format
    same = write.difference(before) == write.difference(after)
    return "holds" if same or 0.5 <= after / before <= 2 else "changes"


def _renewal_item(kind: str, written: Row, certain: Row) -> str:
    write = written.metric.format
    before = write.difference(written.numbers.difference)
    after = write.difference(certain.numbers.difference)
    shown = {
        "holds": "",
        "changes": f" ({after} instead of {before})",
        "vanishes": f" (was {before})",
        "appears": f" ({after})",
    }
    return written.metric.noun + shown[kind]
