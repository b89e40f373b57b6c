"""Risks by probability and effect in words and tables."""

from __future__ import annotations

from rsip_sim.paper.case import Case
from rsip_sim.paper.sections.seed_risks import SEED_RISKS, THRESHOLD, Chance, SeedRisk, chances_of
from rsip_sim.report.blocks import Block, Paragraph, Picture, Points, Table, columns
from rsip_sim.report.quoted import Given, Quote, Said, given, joined, listed, say, titled
from rsip_sim.report.verdicts import INTERVAL
from rsip_sim.report.words import last_month

GRID = "risk_grid"
_QUARTER = Quote(f"{THRESHOLD:.0f}%", Given("convention: threshold of the risks"))


def risks(case: Case) -> list[Block]:
    """What each risk is, how likely it is, what it would do, and whether an option changes it."""
    chances = chances_of(case.risks, case.scenarios)
    opening = say(
        "The report of {year} named these risks. Each is read here as an event that a simulated "
        "future holds or does not, {end}; its chance is the share of futures that hold it. "
        "The threshold of {quarter} is a reading aid, not evidence.",
        year=given("2010", "date"), end=given(f"in {last_month(case.baseline)}", "date"),
        quarter=_QUARTER,
    )  # fmt: skip
    told = tuple(_told(case, [chances[s.name, risk.name] for s in case.scenarios], risk)
                 for risk in SEED_RISKS)  # fmt: skip
    return [
        Paragraph(opening),
        _definitions(case, {r.name: chances[case.baseline.name, r.name] for r in SEED_RISKS}),
        Points(told),
        _by_scenario(case, chances),
        Paragraph(_reading(case), "note"),
        Picture(GRID),
    ]


def _told(case: Case, chances: list[Chance], risk: SeedRisk) -> Said:
    """One risk in a sentence or two: under the baseline, and what the options change."""
    base, others = chances[0], [each for each in chances[1:] if each.defined]
    if not base.defined:
        if not others:
            return say("{label}: not defined without a partnership.", label=risk.label)
        likeliest = max(others, key=lambda each: each.numbers["chance"])
        return say(
            "{label}: not defined under {base}, which has no partnership; under {title} {chance}.",
            label=risk.label, base=case.base, title=titled(likeliest.scenario.title),
            chance=_chance(likeliest),
        )  # fmt: skip
    opening = say("{label}: under {base} {chance}", label=risk.label, base=case.base,
                  chance=_chance(base))  # fmt: skip
    if base.happens:
        opening = say("{opening}; where it happens, {effect} {affected} on average",
                      opening=opening, effect=base.effect(), affected=risk.affected)  # fmt: skip
    return say("{opening}. {changes}", opening=opening, changes=_changes(case, others))


def _chance(chance: Chance) -> Said:
    """``unlikely (27% of futures, 95% interval 24% to 30%)``."""
    return say(
        "{word} ({percent} of futures, {interval} {low} to {high})",
        word=chance.word, percent=chance.percent(), interval=INTERVAL,
        low=chance.percent("ci_low"), high=chance.percent("ci_high"),
    )  # fmt: skip


def _changes(case: Case, others: list[Chance]) -> Said:
    if not others:
        return say("None of the options has a partnership, so it is not defined there.")
    if not case.enough:
        return say("Too few futures were simulated to say whether an option changes it.")
    clear = [each for each in others if each.clear]
    if not clear:
        return say("No option changes this clearly.")
    return say("{changes}.", changes=joined("; ", _by_direction(clear)))


def _by_direction(clear: list[Chance]) -> list[Said]:
    """The options that make it less likely, and those that make it more likely."""
    told: list[Said] = []
    for direction, sign in (("less", -1), ("more", 1)):
        ours = [each for each in clear if sign * each.numbers["difference"] > 0]
        if not ours:
            continue
        most = max(ours, key=lambda each: abs(each.numbers["difference"]))
        others = [titled(each.scenario.title) for each in ours if each is not most]
        likely = say(
            "{direction} likely under {title} ({difference}, {interval} {low} to {high})",
            direction=direction if told else direction.capitalize(),
            title=titled(most.scenario.title), difference=most.points(), interval=INTERVAL,
            low=most.points("difference_ci_low", unit=False),
            high=most.points("difference_ci_high"),
        )  # fmt: skip
        if others:
            likely = say("{likely}, and under {others}", likely=likely, others=listed(others))
        told.append(likely)
    return told


def _definitions(case: Case, base: dict[str, Chance]) -> Table:
    rows = []
    for risk in SEED_RISKS:
        chance = base[risk.name]
        event = say(risk.event, threshold=_QUARTER).capitalised()
        if not chance.defined:
            told, effect = Said("not defined"), Said("not defined")
        elif not chance.happens:
            told, effect = _in_words(chance), Said("happened in no future")
        else:
            told = _in_words(chance)
            effect = say("{effect} {affected} ({word})", effect=chance.effect(),
                         affected=risk.affected, word=chance.effect_word)  # fmt: skip
        rows.append((say("{letter}. {label}", letter=risk.letter, label=risk.label), event, told,
                     effect))  # fmt: skip
    return Table(
        name="risks_defined",
        caption=say("The risks, and how they stand under {base}", base=case.base),
        description=say(
            "One row a risk, with the letter by which the risk grid names it, the event that "
            "counts as its happening, its chance, and its effect where it happens."
        ),
        columns=columns(
            ("Risk", "What counts as happening", "Chance", "Effect where it happens"),
            (3.2, 4.2, 3.2, 4.0),
            words=(1, 2, 3),
        ),
        rows=tuple(rows),
    )  # fmt: skip


def _in_words(chance: Chance) -> Said:
    return say("{percent}: {word}", percent=chance.percent(), word=chance.word)


def _by_scenario(case: Case, chances: dict[tuple[str, str], Chance]) -> Table:
    rows = []
    for scenario in case.scenarios:
        cells = [_cell(chances[scenario.name, risk.name], scenario is case.baseline)
                 for risk in SEED_RISKS]  # fmt: skip
        rows.append((given(scenario.title, "title of a scenario"), *cells))
    return Table(
        name="risks_by_policy",
        caption=say("Chance of each risk by policy, % of futures"),
        description=say("One row a policy, one column a risk."),
        columns=columns(
            ("Policy", *(risk.short for risk in SEED_RISKS)),
            (3.9, *[2.5] * len(SEED_RISKS)),
        ),
        rows=tuple(rows),
    )


def _cell(chance: Chance, baseline: bool) -> Said:
    if not chance.defined:
        return Said("not defined")
    if baseline or not chance.clear:
        return Said(chance.percent())
    word = "lower" if chance.numbers["difference"] < 0 else "higher"
    return say("{percent} ({word})", percent=chance.percent(), word=word)


def _reading(case: Case) -> Said:
    return say(
        "'Lower' and 'higher': the chance differs clearly from that under {base}, by a percentage "
        "point or more; where neither is said, no difference is clear. A chance by the end is "
        "larger than the same measure averaged over time in the table of options.",
        base=case.base,
    )
