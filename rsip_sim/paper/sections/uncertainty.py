"""What the answer hangs on, how the model fared where it was tried, and the risks of 2010."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rsip_sim.measures.formats import NumberFormat
from rsip_sim.paper.case import Case
from rsip_sim.paper.ledger_tables import ALTERNATIVES, BACKTEST, PHASES, UNEVIDENCED, backtest_table
from rsip_sim.paper.seed_risks import SEED_RISKS, Chance, SeedRisk, chances_of
from rsip_sim.report.blocks import Block, Paragraph, Table, columns
from rsip_sim.report.findings import Row
from rsip_sim.report.quoted import Cell, Quote, Said, given, joined, say, titled
from rsip_sim.report.verdicts import INTERVAL, SPREAD
from rsip_sim.report.words import NOTHING, last_month

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
        size = lead.figures.quote(write.brief_difference(lead.numbers.difference), "difference")
        blocks.append(
            Table(
                "hangs_on",
                say("What the answer hangs on: {noun} under {option}, {size}",
                    noun=lead.metric.noun, option=titled(lead.scenario.brief), size=size),
                "One row a rule that neither law nor evidence settles, or a parameter that "
                "nothing is known of: what the number would be, its interval, and whether the "
                "conclusion holds.",
                columns(("Had this been otherwise", "It would be", INTERVAL_HEAD, "Conclusion"),
                        (7.4, 2.6, 4.0, 3.0), words=(3,)),
                tuple(rows),
            )
        )  # fmt: skip
    else:
        blocks.append(Paragraph("No rule or parameter tried otherwise changes the answer."))
    if case.baseline.roster.name in TRIED:
        blocks.append(_fate())
    return blocks


INTERVAL_HEAD = say("{interval}", interval=INTERVAL)


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
    ours = ours[ours["leans"] | ours["turns_at"].notna()]
    ours = ours.sort_values("explained", ascending=False)
    for record in ours.head(MOST_PARAMETERS).to_dict("records"):
        key = (record["parameter"], lead.scenario.name, lead.metric.name)
        turns = record["turns_at"] == record["turns_at"]
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
                Said("turns in between" if turns else "holds" if record["average_clear"]
                     else "not clear either way"),
            )  # fmt: skip


def _told(lead: Row, table: str, key: tuple[Any, ...], column: str, value: float) -> Quote:
    write: NumberFormat = lead.metric.format
    cell = Cell(table, tuple(map(str, key)), column, write.divisor)
    return Quote(write.brief_difference(value), cell)


def _fate() -> Table:
    """What the model forecast of the place, and what came."""
    table = backtest_table()

    def count(phase: str, column: str) -> Quote:
        value = table.value((phase,), column)
        return Quote(f"{value:.0f}", Cell(BACKTEST, (phase,), column))

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
        columns(("Schools", "Forecast", say("{spread}", spread=SPREAD), "Came", "Forecast's fate"),
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
    chances = chances_of(case.risks, case.scenarios)
    own = [chances[case.baseline.name, risk.name] for risk in SEED_RISKS]
    threshold = given(f"{case.scale.event:g}%", "template: from what a risk counts")
    rows = tuple(_risk_row(case, risk, chance, chances, threshold)
                 for risk, chance in zip(SEED_RISKS, own, strict=True))  # fmt: skip
    return [
        Table(
            "risks",
            say("The risks named in {year}, under {base}, {end}", base=titled(case.baseline.brief),
                year=given("2010", "date"),
                end=given(f"by {last_month(case.baseline)}", "date")),
            "One row a risk: what counts as its happening, the share of futures in which it "
            "happens, how much more is affected than at the start where it does, the score, and "
            "under which options it is clearly likelier or less likely.",
            columns(
                ("Risk: what counts", say("Likelihood ({interval})", interval=INTERVAL),
                 "Effect, points more than at the start", "Score", "Clearly changed under"),
                (5.2, 3.4, 3.4, 2.0, 3.6),
                words=(1, 2, 4),
            ),
            rows,
        ),
        Paragraph(_scale(case), "note"),
    ]  # fmt: skip


def _risk_row(
    case: Case,
    risk: SeedRisk,
    own: Chance,
    chances: dict[tuple[str, str], Chance],
    threshold: Said,
) -> tuple[Said, ...]:
    event = say(risk.event, threshold=threshold)
    label = say("{label}: {event}", label=risk.label, event=event)
    changed = [chances[each.name, risk.name] for each in case.others]
    clear = sorted((each for each in changed if each.defined and each.clear),
                   key=lambda each: -abs(each.numbers["difference"]))[:MOST_OPTIONS]  # fmt: skip
    moved = joined(", ", (
        say("{option} {points}", option=titled(each.scenario.brief),
            points=each.points("difference"))
        for each in clear
    )) or Said(NOTHING)  # fmt: skip
    if not own.defined:
        return (label, Said("not defined"), Said(NOTHING), Said(NOTHING), moved)
    likelihood = say("{chance} ({low} to {high})", chance=own.percent(), low=own.percent("ci_low"),
                     high=own.percent("ci_high"))  # fmt: skip
    if not own.happens:
        return (label, likelihood, Said("in no future"), Said(NOTHING), moved)
    effect = say("{points} {affected}", points=own.points("effect"), affected=risk.affected)
    score = say("{one} × {other} = {score}", one=own.score("likelihood_score"),
                other=own.score("effect_score"), score=own.score("score"))  # fmt: skip
    return (label, likelihood, effect, score, moved)


def _scale(case: Case) -> Said:
    def bounds(values: list[float]) -> Said:
        return given(", ".join(f"{each:g}" for each in values), "template: scale of risks")

    return say(
        "Score: likelihood × effect, each counted up from one at {likelihood}% of futures and at "
        "{effect} points; the scale is the template's, for the council to put its own in its "
        "place. Changes in points of likelihood.",
        likelihood=bounds(case.scale.likelihood), effect=bounds(case.scale.effect),
    )  # fmt: skip
