"""How sure the answer is: the precision of the model, and apart from it the world's ignorance."""

from __future__ import annotations

from collections.abc import Iterator

from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.statistics import FEWEST_TO_COMPARE
from rsip_sim.report.findings import Row
from rsip_sim.report.quoted import Cell, Derived, Quote, Said, say, titled
from rsip_sim.report.verdicts import SPREAD
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.alternatives import AlternativeRow
from rsip_sim.studies.compare.screen import Screen
from rsip_sim.studies.kernel.keeping import stored_table


def sure(screen: Screen, brief: bool = False) -> Iterator[Said]:
    """At most five lines; brief: without what would be under other rules."""
    lead = screen.middle
    if lead is not None:
        way = "higher" if lead.numbers.difference > 0 else "lower"
        word = lead.metric.words[lead.numbers.difference < 0]
        yield say(
            "In the model: under {option} {clause} in {futures}.",
            option=titled(lead.scenario.brief), clause=lead.metric.clause.format(word),
            futures=lead.futures(way),
        )  # fmt: skip
        if not brief:
            yield from _in_truth(screen, lead)
    yield from _nobody_decides(screen)
    yield from fate(screen.baseline)


def _in_truth(screen: Screen, lead: Row) -> Iterator[Said]:
    """The range of the number over the other rules that were tried, and the rules at its ends."""
    rows = [
        row for row in screen.alternatives
        if (row.scenario.name, row.metric.name) == (lead.scenario.name, lead.metric.name)
    ]  # fmt: skip
    if not rows:
        return
    low, high = (pick(rows, key=lambda row: row.expected) for pick in (min, max))
    gone = sum(row.conclusion in ("is gone", "turns") for row in rows)
    alike = str(_expected(low)) == str(_expected(high))
    yield say(
        "In truth: {low} under each of {tried} other rules tried{gone}." if alike else
        "In truth: {low} if {worst}, to {high} if {best}; {tried} rules tried{gone}.",
        low=_expected(low), worst=_rule(low), high=_expected(high), best=_rule(high),
        tried=Quote(str(len(rows)), Derived("rules tried otherwise", len(rows))),
        gone=say(", under {n} of which it is gone or turns",
                 n=Quote(str(gone), Derived("rules under which it is gone or turns", gone)))
        if gone else "",
    )  # fmt: skip


def _expected(row: AlternativeRow) -> Quote:
    key = (row.alternative.rule.name, row.alternative.value, row.scenario.name, row.metric.name)
    text = row.metric.format.brief_difference(row.expected)
    return Quote(text, Derived(f"expected under {'/'.join(key)}", row.expected))


def _rule(row: AlternativeRow) -> str:
    words = row.alternative.sentence.rstrip(".")
    return words[0].lower() + words[1:]


def _nobody_decides(screen: Screen) -> Iterator[Said]:
    metric = METRICS["erosion"]
    row = next((row for row in screen.rows.values() if row.metric == metric), None)
    if row is None or screen.tables.replications < FEWEST_TO_COMPARE:
        return
    low, high = (
        row.quote(metric.format.brief_level(getattr(row, name)), name)
        for name in ("baseline_p05", "baseline_p95")
    )
    yield say("What nobody here decides: {noun} is {low} to {high} in {spread}.",
              noun=metric.noun, low=low, high=high, spread=SPREAD)  # fmt: skip


def fate(scenario: Scenario) -> Iterator[Said]:
    """How the model's forecast of primaries fared where it was tried, for that place alone."""
    if scenario.roster.name != "rotherham_2011":
        return
    frame = stored_table("backtest", "rotherham")
    wanted = (frame["mode"] == "national series known") & (frame["route"] == "all")
    row = frame[wanted & (frame["phase"] == "primary")].iloc[0]
    low, median, high, came = (float(row[name]) for name in ("p05", "p50", "p95", "observed"))

    def count(column: str, value: float) -> Quote:
        return Quote(f"{value:.0f}", Cell("backtest_rotherham", ("primary",), column))

    yield say(
        "The model {fared} Rotherham after April 2013: {median} primary academies forecast "
        "({low} to {high}), {came} came.",
        fared="held for" if low <= came <= high else "missed", median=count("p50", median),
        low=count("p05", low), high=count("p95", high), came=count("observed", came),
    )  # fmt: skip
