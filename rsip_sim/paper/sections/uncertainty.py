"""What the answer hangs on, and the risks that the report of 2010 named."""

from __future__ import annotations

from dataclasses import replace

from rsip_sim.measures.formats import CHANCE
from rsip_sim.paper.case import Case
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.paper.seed_risks import SEED_RISKS, SeedRisk
from rsip_sim.paper.told import COMPARISON
from rsip_sim.report.blocks import Block, Paragraph, Table, columns
from rsip_sim.report.quoted import Quote, Said, given, joined, say, titled
from rsip_sim.report.verdicts import INTERVAL
from rsip_sim.report.words import NOTHING, last_month, per_cent

MOST_RULES, MOST_OPTIONS = 3, 3
ALTERNATIVES = f"{COMPARISON}_alternatives_"
"""Begins the names of the tables of the comparison with what follows from other rules."""


def uncertainty(case: Case) -> list[Block]:
    """What each option would change under the rules on which most hangs."""
    part = case.report.part("unknown")
    told = case.comparison(part.blocks) if part else []
    tables = (each for each in told if isinstance(each, Table))
    table = next((each for each in tables if each.name.startswith(ALTERNATIVES)), None)
    if table is None:
        return [Paragraph("No rule of the model was tried otherwise.")]
    note = say(
        "± half of the {interval}; * the conclusion turns: a clear difference is gone or "
        "reversed, or an unclear one is clear. The annex has every rule tried, and the parameters "
        "that nothing is known of.",
        interval=INTERVAL,
    )
    return [replace(table, rows=table.rows[: 1 + MOST_RULES]), Paragraph(note, "note")]


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
