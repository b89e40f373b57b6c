"""How sure the answer is: the model's precision, the world's ignorance, and what rules decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.measures.moments import unit_at
from rsip_sim.measures.statistics import FEWEST_TO_COMPARE
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Part, Table
from rsip_sim.report.blocks import Row as Cells
from rsip_sim.report.quoted import Cell, Derived, Quote, Said, say, titled
from rsip_sim.report.verdicts import SPREAD, Row
from rsip_sim.report.words import counted
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.alternatives import TURNED, AlternativeRow, LeaningRow
from rsip_sim.studies.compare.screen import Screen
from rsip_sim.studies.kernel.keeping import stored_table

SHOWN = ("members", "cohesion", "erosion")
"""Headlines that are always told: what an agreement is for, and what was asked."""

TURNS = "*"
OF_LENGTHS = "b_secure"
"""The parameter through which the length of an agreement acts on schools: always told where
lengths are compared, whatever its part in the differences."""


def unknown_part(
    alternatives: Sequence[AlternativeRow], leaning: Sequence[LeaningRow], lengths: bool
) -> Part:
    """The part `unknown` of a comparison; without blocks where nothing is known of it.

    lengths  whether the scenarios differ in the length of their agreements
    """
    blocks = (*alternatives_blocks(alternatives), *unevidenced_blocks(leaning, lengths))
    return Part("unknown", "What the answer hangs on", blocks)


def alternatives_blocks(rows: Sequence[AlternativeRow]) -> tuple[Block, ...]:
    """A table a headline: one row an alternative, one column an option."""
    if not rows:
        return ()
    tried, futures = len({row.alternative.sentence for row in rows}), f"{rows[0].futures:,}"
    opening = (
        f"Neither law nor evidence settles these rules. Each of {counted(tried, 'alternative')} "
        f"was simulated by itself in {futures} of the same futures: shown is the "
        "difference in all futures plus the change in these, ± half of its 95% interval; "
        f"{TURNS} the conclusion turns: a clear difference is gone or reversed, or an unclear one "
        f"is clear. What fewer than one future in {futures} sees cannot show here."
    )
    known = {row.metric.name for row in rows}
    shown = [METRICS[name] for name in SHOWN if name in known]
    return (Paragraph(opening), *(_of_metric(metric, rows) for metric in shown))


def _of_metric(metric: Metric, rows: Sequence[AlternativeRow]) -> Table:
    own = [row for row in rows if row.metric == metric]
    options = {row.scenario.name: row.scenario.brief for row in own}
    found = {(row.alternative.sentence, row.scenario.name): row for row in own}
    usual = {row.scenario.name: row.average for row in own}
    lines: list[Cells] = [
        ("As the model has it", *(metric.format.brief_difference(usual[name]) for name in options))
    ]
    for rule in dict.fromkeys(row.alternative.sentence for row in own):
        cells = [_number(found.get((rule, name))) for name in options]
        lines.append((rule.rstrip("."), *cells))
    unit = (metric.format.difference_suffix or unit_at(metric, own[0].moment)).strip()
    return Table(
        f"alternatives_{metric.name}",
        f"{metric.label} ({unit}), had a rule been otherwise",
        "One row an alternative: the difference of each option from the baseline that is to be "
        "expected, and whether the conclusion turns.",
        (
            Column("rule", 33, words=True, hang=2, silent=True),
            *(Column(brief, 13) for brief in options.values()),
        ),
        tuple(lines),
        apart=True,
    )


def _number(row: AlternativeRow | None) -> str:
    if row is None:
        return "–"
    return f"{_with_half(row.metric, row.expected, row.low)}{TURNS * row.turned}"


def _with_half(metric: Metric, value: float, low: float) -> str:
    """A difference ± half of the interval that begins at low."""
    return f"{metric.format.brief_difference(value)} ±{metric.format.brief(value - low)}"


def unevidenced_blocks(rows: Sequence[LeaningRow], lengths: bool) -> tuple[Block, ...]:
    """The conclusions that turn over the range of a parameter without evidence, in one table.

    lengths  whether the scenarios differ in the length of their agreements
    """
    always = {(OF_LENGTHS, name) for name in SHOWN if lengths}
    told = [
        row for row in rows
        if row.conclusion in TURNED or (row.parameter.name, row.metric.name) in always
    ]  # fmt: skip
    parameters = {row.parameter.name: row.parameter for row in told}
    lines: list[str | Cells] = []
    for name, each in parameters.items():
        lines.append(f"{each.label} ({name}): {each.low:g} to {each.high:g} {each.unit}")
        for row in told:
            if row.parameter.name == name:
                unit = unit_at(row.metric, row.moment)
                what = f"{row.scenario.brief}: {row.metric.label} ({unit})"
                parts = (_with_half(row.metric, part.mean, part.ci_low) for part in row.parts)
                lines.append((what, *parts, row.conclusion))
    if not told:
        return ()
    return (
        Heading("Parameters that nothing is known of"),
        Paragraph(
            "No evidence bears on these and nothing could be fitted to them, so each is drawn over "
            "all that it might be. Shown is the difference in the fifths of the futures in which "
            "it is lowest, in the middle and highest, ± half of its 95% interval, and what becomes "
            "of the conclusion over that range: all conclusions that turn"
            + (f", and those over {OF_LENGTHS}, through which a length acts." if lengths else ".")
        ),
        Table(
            "unevidenced",
            "Differences over the range of a parameter that nothing is known of",
            "One row a difference: in the fifths of the futures in which the parameter is lowest, "
            "in the middle and highest, and what becomes of the conclusion.",
            (
                Column("difference", 40, words=True, hang=2, silent=True),
                *(Column(fifth, 15) for fifth in ("lowest fifth", "middle fifth", "highest fifth")),
                Column("conclusion", 11),
            ),
            tuple(lines),
            quiet=True,
        ),
    )


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
        row.quote(metric.format.brief_level(getattr(row.numbers, name)), name)
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
