"""The answer, the options as one table, the picture of what they change, and what is behind."""

from __future__ import annotations

import re
from dataclasses import replace

from rsip_sim.measures.formats import CHANCE
from rsip_sim.paper.case import COMPARISON, Case, traced
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.paper.seed_risks import SEED_RISKS, SeedRisk
from rsip_sim.report.blocks import Block, Paragraph, Points, Table, columns
from rsip_sim.report.quoted import Quote, Said, given, joined, listed, say, titled
from rsip_sim.report.verdicts import INTERVAL, relative
from rsip_sim.report.words import NOTHING, TO_BE_WRITTEN, last_month, per_cent
from rsip_sim.scenario import Scenario, differences
from rsip_sim.studies.compare.price import COUNCIL, LOST, SCHOOLS
from rsip_sim.studies.compare.screen import noticed, written

PAYERS = {SCHOOLS: "Schools pay", COUNCIL: "Council pays", LOST: "Service lost"}
"""Who bears each line of the price, as heads of narrow columns."""

MOST_TOLD = 2
MOST_RULES, MOST_OPTIONS = 3, 3
DIGITS = 16
"""Digits of a digest that are printed; findings.json holds them all."""


def summary(case: Case) -> list[Block]:
    """The first screen of the comparison: the answer, its table with the price, and how sure.

    Its first paragraph says over which months the figures of all the others are read.
    """
    first = tuple(_headed(each) if isinstance(each, Table) else each for each in case.report.blocks)
    about, *rest = traced(first, COMPARISON)
    assert isinstance(about, Paragraph)
    stop = "" if about.words.endswith((".", "!", "?", "…")) else "."
    dated = say(
        "{about}{stop} Figures: {when}, unless another date is said.",
        about=about.words, stop=Said(stop), when=case.dated,
    )  # fmt: skip
    return [replace(about, words=dated), *rest]


def _headed(table: Table) -> Table:
    """The table with each heading in one line: what stands over them the caption says."""
    if not table.columns[1].over:  # options down, measures across
        return table
    name, base, *options = (replace(each, over="") for each in table.columns)
    measure = replace(name, heading="Measure")
    level = replace(base, heading=f"{base.heading} (level)")
    return replace(table, columns=(measure, level, *options))


def recommendations(case: Case) -> list[Block]:
    """The options as one table, and numbered places for what officers recommend."""
    rows = (_row(case, place, scenario) for place, scenario in enumerate(case.scenarios, 1))
    return [
        Paragraph(Said("That Cabinet:")),
        Points(
            (
                Said(
                    f"adopts option …… of the table below, because …… ({TO_BE_WRITTEN.lower()} by "
                    "the report author; the model recommends none);"
                ),
                Said(
                    "notes what that option costs and who bears it, and what the answer hangs on."
                ),
            ),
            numbered=True,
        ),
        Table(
            "options",
            say(
                "The options, the case for each beside {base} ({when}), and its price, {unit} a "
                "year",
                base=titled(case.baseline.brief),
                when=case.dated,
                unit=given("£000", "unit"),
            ),
            "One row an option: what it is, what changes most by an amount that is clear and "
            "would be noticed, and its price a year by who bears it, as a difference.",
            columns(
                ("No.", "Option", "What it is", "What it changes most", *PAYERS.values()),
                (0.8, 1.6, 6.3, 3.6, 1.7, 1.6, 1.6),
                words=(1, 2, 3),
            ),
            tuple(rows),
        ),
    ]


def _row(case: Case, place: int, scenario: Scenario) -> tuple[Said, ...]:
    words = " ".join(scenario.description.split())
    if not words:
        words = "; ".join(change.reasoned for change in differences(case.baseline, scenario))
    own = (
        given(str(place), "number of an option"),
        given(scenario.brief, "title of a scenario"),
        given(words or "as the baseline", "the planner's own words"),
    )
    if scenario is case.baseline:
        return (*own, Said("the others are compared with it"), *(Said(NOTHING) for _ in PAYERS))
    told = case.screen.told([scenario])[:MOST_TOLD]
    changes = joined("; ", (
        say("{noun} {size}", noun=row.metric.noun, size=written(row)) for row in told
    ))  # fmt: skip
    prices = (case.screen.prices[line, scenario.name].written for line in PAYERS)
    return (*own, changes or Said("nothing that is noticed"), *prices)


def proposals(case: Case) -> list[Block]:
    """The picture of what each option changes."""
    return [case.picture(name) for name in list(case.charts)[:1]]


def finance(case: Case) -> list[Block]:
    """The price by financial year as the comparison tells it; no table of a line without any."""
    part = case.report.part("price")
    tables: list[Block] = []
    notes: list[Block] = []
    for each in traced(part.blocks if part else (), COMPARISON):
        if isinstance(each, Paragraph):
            notes.append(replace(each, kind="note"))
        elif isinstance(each, Table) and re.search(
            r"\d", "".join(cell for row in each.cells for cell in row[1:])
        ):
            unit = given("£000", "unit")
            caption = say("{caption}, {unit}", caption=each.caption, unit=unit)
            tables.append(replace(each, caption=caption))
    return [*tables, *notes] if tables else [Paragraph("None of the options has a price.")]


def children(case: Case) -> list[Block]:
    """Pupils of weak schools without the support their school needs."""
    rows = [row for row in case.screen.rows.values() if row.metric.name == "vulnerable_pupils"]
    if not rows:
        return []
    told = sorted(filter(noticed, rows), key=lambda row: -abs(row.numbers.difference))
    level = rows[0].metric.format.level(rows[0].numbers.baseline)
    base = say(
        "Pupils of schools below good whose school gets too little support ({when}): {level} under "
        "{base}",
        when=case.dated, level=rows[0].quote(level, "baseline"), base=titled(case.baseline.brief),
    )  # fmt: skip
    changes = [
        say(
            "{size} under {option}",
            size=row.quote(relative(row.metric, row.numbers.difference), "difference"),
            option=titled(row.scenario.brief),
        )
        for row in told[:MOST_TOLD]
    ]
    rest = listed(changes) if changes else Said("no option changes that by an amount noticed")
    return [Paragraph(say("{base}; {rest}. The model knows nothing of single children.",
                          base=base, rest=rest))]  # fmt: skip


def papers(case: Case) -> list[Block]:
    """The files of the pack, and the run they were made from."""
    annex = Said(
        "Analytical annex (annex.docx, annex.html): the comparison in full, the studies kept with "
        "it, the assumptions and the record of the run."
    )
    tables = Said(
        "Tables (tables.xlsx), and for every figure of both papers its cell (findings.json)."
    )
    run = say(
        "Simulation with rsip_sim {version}, run {digest}, seed {seed}: the command 'rsip verify' "
        "makes it again to the last digit.",
        version=given(str(case.record["made_with"]["rsip_sim"]), "run record"),
        digest=given(case.results.digest[:DIGITS], "run record"),
        seed=given(str(case.results.seed), "run record"),
    )
    return [Points((annex, tables, run))]


def uncertainty(case: Case) -> list[Block]:
    """What each option would change under the rules on which most hangs."""
    part = case.report.part("unknown")
    told = traced(part.blocks, COMPARISON) if part else []
    tables = (each for each in told if isinstance(each, Table))
    table = next((each for each in tables if "_alternatives_" in each.name), None)
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
