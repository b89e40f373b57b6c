"""What the answer hangs on, how the model fared where it was tried, and the risks of 2010."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rsip_sim.measures.formats import CHANCE
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
    found = [each for each in _kept(case, ALTERNATIVES, lead)
             if abs(each["change"]) >= lead.metric.format.notice]  # fmt: skip
    for record in sorted(found, key=lambda each: -abs(each["change"]))[:MOST_RULES]:
        key = _key(lead, record["rule"], record["alternative"])
        said = given(str(record["says"]).rstrip("."), "register: an alternative")
        yield _row(lead, ALTERNATIVES, key, said, record, ("expected", "ci_low", "ci_high"))


def _parameters(case: Case, lead: Row) -> Iterator[tuple[Said, ...]]:
    """What nothing is known of, at both ends of its range, where the number leans on it."""
    found = [each for each in _kept(case, UNEVIDENCED, lead) if each["leans"]]
    for record in sorted(found, key=lambda each: -each["explained"])[:MOST_PARAMETERS]:
        for end, words in (("low", "lowest"), ("high", "highest")):
            label = given(str(record["parameter_label"]), "register: a parameter")
            cell = Cell(UNEVIDENCED, _key(lead, record["parameter"]), f"{end}_value")
            value = Quote(f"{record[f'{end}_value']:g}", cell)
            said = say("{label}: at its {words}, {value}", label=label, words=words, value=value)
            columns = (f"at_{end}", f"at_{end}_ci_low", f"at_{end}_ci_high")
            yield _row(lead, UNEVIDENCED, cell.key, said, record, columns)


def _kept(case: Case, table: str, lead: Row) -> list[dict[Any, Any]]:
    """The rows on this number of a table kept with the comparison; none where it is not kept."""
    records = case.kept[table].to_dict("records") if table in case.kept else []
    ours = (lead.scenario.name, lead.metric.name)
    return [each for each in records if (each["scenario"], each["metric"]) == ours]


def _key(lead: Row, *of_table: Any) -> tuple[str, ...]:
    """The key of a row of these tables on this number."""
    return (*map(str, of_table), lead.scenario.name, lead.metric.name)


def _row(
    lead: Row, table: str, key: tuple[str, ...], said: Said, record: dict[Any, Any],
    columns: tuple[str, str, str],
) -> tuple[Said, ...]:  # fmt: skip
    """What would be otherwise, what the number would be, its interval, and the conclusion."""
    write = lead.metric.format
    middle, low, high = (
        Quote(write.brief_difference(record[name]), Cell(table, key, name, write.divisor))
        for name in columns
    )
    conclusion = Said(CONCLUSIONS[str(record["conclusion"])])
    return said, Said(middle), say("{low} to {high}", low=low, high=high), conclusion


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
    likelihood, effect = (
        given(", ".join(f"{each:g}" for each in bounds), "template: scale of risks")
        for bounds in (case.scale.likelihood, case.scale.effect)
    )
    return say(
        "Score: likelihood × effect, each counted up from one at {likelihood}% of futures and at "
        "{effect} points; the scale is the template's, for the council to put its own in its "
        "place. Changes in points of likelihood.",
        likelihood=likelihood, effect=effect,
    )  # fmt: skip
