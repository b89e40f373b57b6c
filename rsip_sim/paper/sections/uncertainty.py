"""What the answer hangs on, how the model fared where it was tried, and the risks of 2010."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rsip_sim.measures.formats import CHANCE, NumberFormat
from rsip_sim.paper.case import Case
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.paper.ledger_tables import ALTERNATIVES, PHASES, UNEVIDENCED, backtest_table
from rsip_sim.paper.seed_risks import SEED_RISKS, SeedRisk
from rsip_sim.report.blocks import Block, Paragraph, Table, columns
from rsip_sim.report.findings import Row
from rsip_sim.report.quoted import Cell, Quote, Said, given, joined, say, titled
from rsip_sim.report.verdicts import INTERVAL, SPREAD
from rsip_sim.report.words import NOTHING, last_month, per_cent

MOST_RULES, MOST_PARAMETERS, MOST_OPTIONS = 5, 3, 3
CONCLUSIONS = {
    "holds": "holds", "turns": "turns round", "is gone": "is gone", "appears": "becomes clear",
    "none": "not clear either way", "not told": "too few futures to tell",
}  # fmt: skip
TRIED = ("rotherham_2011",)
"""Rosters of the place in which the model's forecasts were tried."""


def uncertainty(case: Case) -> list[Block]:
    """The number of the answer under other rules and at the ends of what nobody knows."""
    lead = case.screen.middle
    rows = [] if lead is None else [*_rules(case, lead), *_parameters(case, lead)]
    blocks: list[Block] = []
    if lead is not None and rows:
        write = lead.metric.format
        size = lead.quote(write.brief_difference(lead.numbers.difference), "difference")
        blocks.append(
            Table(
                "hangs_on",
                say("What the answer hangs on: {noun} under {option}, {size}",
                    noun=lead.metric.noun, option=titled(lead.scenario.brief), size=size),
                "One row a rule that neither law nor evidence settles, or a parameter that "
                "nothing is known of: what the number would be, its interval, and whether the "
                "conclusion holds.",
                columns(("Had this been otherwise", "It would be", Said(INTERVAL), "Conclusion"),
                        (7.4, 2.6, 4.0, 3.0), words=(3,)),
                tuple(rows),
            )
        )  # fmt: skip
    else:
        blocks.append(Paragraph("No rule or parameter tried otherwise changes the answer."))
    if case.baseline.roster.name in TRIED:
        blocks.append(_fate())
    return blocks


def _rules(case: Case, lead: Row) -> Iterator[tuple[Said, ...]]:
    """The alternatives that change the number most, by an amount that is noticed."""
    frame = case.kept.get(ALTERNATIVES)
    if frame is None:
        return
    ours = frame[(frame["scenario"] == lead.scenario.name) & (frame["metric"] == lead.metric.name)]
    ours = ours[(ours["change"].abs() >= lead.metric.format.notice)]
    ours = ours.reindex(ours["change"].abs().sort_values(ascending=False).index)
    for record in ours.head(MOST_RULES).to_dict("records"):
        key = (record["rule"], record["alternative"], lead.scenario.name, lead.metric.name)
        low, high = (_told(lead, ALTERNATIVES, key, name, record[name])
                     for name in ("ci_low", "ci_high"))  # fmt: skip
        yield (
            given(str(record["says"]).rstrip("."), "register: an alternative"),
            Said(_told(lead, ALTERNATIVES, key, "expected", record["expected"])),
            say("{low} to {high}", low=low, high=high),
            Said(CONCLUSIONS.get(str(record["conclusion"]), str(record["conclusion"]))),
        )


def _parameters(case: Case, lead: Row) -> Iterator[tuple[Said, ...]]:
    """What nothing is known of, at both ends of its range, where the number leans on it."""
    frame = case.kept.get(UNEVIDENCED)
    if frame is None:
        return
    ours = frame[(frame["scenario"] == lead.scenario.name) & (frame["metric"] == lead.metric.name)]
    ours = ours[ours["leans"]].sort_values("explained", ascending=False)
    for record in ours.head(MOST_PARAMETERS).to_dict("records"):
        key = (record["parameter"], lead.scenario.name, lead.metric.name)
        for end, words in (("low", "lowest"), ("high", "highest")):
            middle, low, high = (_told(lead, UNEVIDENCED, key, name, record[name])
                                 for name in (f"at_{end}", f"at_{end}_ci_low",
                                              f"at_{end}_ci_high"))  # fmt: skip
            value = Quote(f"{record[f'{end}_value']:g}", Cell(UNEVIDENCED, key, f"{end}_value"))
            yield (
                say("{label}: at its {words}, {value}", value=value, words=words,
                    label=given(str(record["parameter_label"]), "register: a parameter")),
                Said(middle),
                say("{low} to {high}", low=low, high=high),
                Said(CONCLUSIONS[str(record["conclusion"])]),
            )  # fmt: skip


def _told(lead: Row, table: str, key: tuple[Any, ...], column: str, value: float) -> Quote:
    write: NumberFormat = lead.metric.format
    cell = Cell(table, tuple(map(str, key)), column, write.divisor)
    return Quote(write.brief_difference(value), cell)


def _fate() -> Table:
    """What the model forecast of the place, and what came."""
    table = backtest_table()

    def count(phase: str, column: str) -> Quote:
        return table.quote(f"{table.value((phase,), column):.0f}", (phase,), column)

    def fate(phase: str) -> str:
        came, low, high = (table.value((phase,), name) for name in ("observed", "p05", "p95"))
        return "held" if low <= came <= high else "missed: more came" if came > high else (
            "missed: fewer came"
        )  # fmt: skip

    return Table(
        "fate",
        say("Where the model was tried: academies opened in Rotherham after {when}",
            when=given("April 2013", "date")),
        "One row a phase: the median forecast, its range, what came, and whether the range held.",
        columns(("Schools", "Forecast", Said(SPREAD), "Came", "Forecast's fate"),
                (3.0, 2.2, 3.4, 2.0, 4.4), words=(4,)),
        tuple(
            (Said(phase.capitalize()), Said(count(phase, "p50")),
             say("{low} to {high}", low=count(phase, "p05"), high=count(phase, "p95")),
             Said(count(phase, "observed")), Said(fate(phase)))
            for phase in PHASES
        ),
    )  # fmt: skip


def risks(case: Case) -> list[Block]:
    """The risks that the report of 2010 named, scored on the scale of the template."""
    return [
        Table(
            "risks",
            say("The risks named in {year}, under {base}, {end}", year=given("2010", "date"),
                base=titled(case.baseline.brief),
                end=given(f"by {last_month(case.baseline)}", "date")),
            "One row a risk: what counts as its happening, the share of futures in which it "
            "happens, how much more is affected than at the start where it does, the score, and "
            "under which options it is clearly likelier or less likely.",
            columns(
                ("Risk: what counts", say("Likelihood ({interval})", interval=INTERVAL),
                 "Effect, points more than at the start", "Score", "Clearly changed under"),
                (6.4, 3.3, 3.6, 1.8, 2.9),
                words=(1, 2, 4),
            ),
            tuple(_risk_row(case, risk) for risk in SEED_RISKS),
        ),
        Paragraph(_scale(case), "note"),
    ]  # fmt: skip


def _risk_row(case: Case, risk: SeedRisk) -> tuple[Said, ...]:
    table, key = case.risks, (case.baseline.name, risk.name)
    threshold = given(f"{case.scale.event:g}%", "template: from what a risk counts")
    label = say("{label}: {event}", label=risk.label, event=say(risk.event, threshold=threshold))
    moved = _moved(case, risk) or Said(NOTHING)
    chance, effect = table.value(key, "chance"), table.value(key, "effect")
    if chance != chance:
        return (label, Said("not defined"), Said(NOTHING), Said(NOTHING), moved)
    shares = {name: table.quote(per_cent(table.value(key, name)), key, name)
              for name in ("chance", "ci_low", "ci_high")}  # fmt: skip
    likelihood = say("{chance} ({ci_low} to {ci_high})", **shares)
    if effect != effect:
        return (label, likelihood, Said("in no future"), Said(NOTHING), moved)
    scores = {name: table.quote(f"{table.value(key, name):.0f}", key, name)
              for name in ("likelihood_score", "effect_score", "score")}  # fmt: skip
    size = say("{points} {affected}", points=_points(table, key, "effect"), affected=risk.affected)
    return (
        label, likelihood, size, say("{likelihood_score} × {effect_score} = {score}", **scores),
        moved,
    )  # fmt: skip


def _moved(case: Case, risk: SeedRisk) -> Said:
    """The options under which a risk is clearly likelier or less likely, the largest first."""
    found = [each for each in case.others if case.risks.value((each.name, risk.name), "clear")]
    sizes = {each.name: case.risks.value((each.name, risk.name), "difference") for each in found}
    largest = sorted(found, key=lambda each: -abs(sizes[each.name]))[:MOST_OPTIONS]
    return joined(", ", (
        say("{option} {points}", option=titled(each.brief),
            points=_points(case.risks, (each.name, risk.name), "difference"))
        for each in largest
    ))  # fmt: skip


def _points(table: LedgerTable, key: tuple[str, ...], column: str) -> Quote:
    """``−1.2``, with its sign."""
    return table.quote(CHANCE.short_difference(table.value(key, column)), key, column)


def _scale(case: Case) -> Said:
    def bounds(values: list[float]) -> Said:
        return given(", ".join(f"{each:g}" for each in values), "template: scale of risks")

    return say(
        "Score: likelihood × effect, each counted up from one at {likelihood}% of futures and at "
        "{effect} points; the scale is the template's, for the council to put its own in its "
        "place. Changes in points of likelihood.",
        likelihood=bounds(case.scale.likelihood), effect=bounds(case.scale.effect),
    )  # fmt: skip
