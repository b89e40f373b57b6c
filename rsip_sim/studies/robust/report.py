"""Which option is seldom far from the best: one screen, and the tables behind it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from rsip_sim.evidence.register import load_register
from rsip_sim.measures.statistics import FEWEST_TO_COMPARE, FEWEST_TO_VALUE_EVIDENCE
from rsip_sim.report.blocks import (
    Block,
    Column,
    Heading,
    Paragraph,
    Part,
    Points,
    Report,
    Row,
    Table,
)
from rsip_sim.report.text import MOST_ACROSS, options_table
from rsip_sim.report.words import NOTHING, listed, per_cent
from rsip_sim.scenario import differences
from rsip_sim.scenario.levers import is_nobodys_choice
from rsip_sim.studies.compare.price import thousands
from rsip_sim.studies.compare.report import standing
from rsip_sim.studies.compare.screen import PRICES
from rsip_sim.studies.kernel.choice_words import COST_WORDS, asked_about
from rsip_sim.studies.robust.information import CERTAIN_ERRORS, EVERYTHING, Worth
from rsip_sim.studies.robust.regret import Regret
from rsip_sim.studies.robust.work import Objective, Robustness

_THOUSAND = 1000.0


def labelled(each: Objective) -> str:
    """The objective with its unit, as it names a row: money in thousands of pounds."""
    unit = each.unit.replace("£", "£000").replace(" since the start", " in all")
    return each.metric.label if unit == "schools" else f"{each.metric.label}, {unit}"


def told(each: Objective, value: float, finer: bool = False) -> str:
    """An average, a regret or a worth in the unit of tables; never rounded to none if it is some.

    finer  with one more decimal
    """
    if math.isnan(value):
        return NOTHING
    write = each.metric.format
    divisor = _THOUSAND if write.prefix else write.divisor
    places = (0 if write.prefix else min(write.decimals, 1)) + finer
    text = f"{value / divisor:,.{places}f}"
    return f"<{10.0**-places:g}" if value > 0 and float(text.replace(",", "")) == 0 else text


def interval(each: Objective, low: float, high: float, finer: bool = False) -> str:
    """``0.2 to 0.4``, in the unit of tables."""
    if math.isnan(low):
        return NOTHING
    return f"{told(each, max(low, 0.0), finer)} to {told(each, max(high, 0.0), finer)}"


def of_100(share: float) -> str:
    """A share of futures as so many of 100."""
    return per_cent(share, brief=True).removesuffix("%")


NAMED = 3
"""Options that a sentence names; the others are counted."""

KNOWN = 5
"""Single parameters of which the table of knowing tells."""

_NAME = Column("option", 30, words=True, hang=1)
_REGRET = (
    _NAME,
    Column("average", 9),
    Column("mean regret", 9),
    Column("95% interval", 15),
    Column("95% of futures below", 11),
    Column("worst", 9),
    Column("best in, of 100", 8),
)
_KNOWING = (
    Column("if this were known before choosing", 37, words=True, hang=1),
    Column("worth", 13),
    Column("95% interval", 16),
    Column("another choice in, of 100", 9),
    Column("verdict", 21, words=True, hang=0),
)


def robust_report(found: Robustness) -> Report:
    """The whole study."""
    regrets = tuple(_regret_table(found, *each) for each in found.regrets.items())
    climates = tuple(_climate_table(found, each) for each in found.regrets if found.climates)
    parts = (
        Part("regret", "Regret, objective by objective", regrets),
        Part("climates", "Mean regret under each national climate", climates),
        Part("knowing", "What it would be worth to know more before choosing",
             tuple(_knowing(found))),
        Part("method", "How to read this", (Points(tuple(_notes(found))),)),
    )  # fmt: skip
    return Report(
        "Which option is seldom far from the best?",
        tuple(_screen(found)),
        asked_about(found.scenarios[0]),
        parts=tuple(part for part in parts if part.blocks),
    )


def _screen(found: Robustness) -> Iterator[Block]:
    yield Paragraph(
        f"{found.replications:,} simulated futures. The regret of an option in a future is what it "
        "loses there against the best of these options."
    )
    yield Paragraph(" ".join(answer(found)), apart=True)
    yield _headline(found)
    yield Paragraph("* the smallest, or not larger by an amount that is clear and noticed.", "note")
    yield Heading("How sure")
    yield Points(tuple(_sure(found)), plain=True)


def answer(found: Robustness) -> Iterator[str]:
    """Which options lose least in what, and what is no reason to choose."""
    nearest: dict[str, list[str]] = {}
    few, undecided = [], []
    for each, regret in found.regrets.items():
        if not regret.enough:
            few.append(each.metric.noun)
        elif not regret.decided:
            undecided.append(each.metric.noun)
        else:
            options = [_quoted(found, place) for place in np.flatnonzero(regret.near).tolist()]
            nearest.setdefault(listed(options, most=NAMED), []).append(each.metric.noun)
    if few:
        yield (
            f"Too few futures to compare {listed(few)}: at least {FEWEST_TO_COMPARE}, better "
            "1,000, are needed."
        )
    if nearest:
        least = [f"{options} in {listed(nouns)}" for options, nouns in nearest.items()]
        yield f"Smallest mean regret: {'; '.join(least)}."
    if undecided:
        yield f"No option is ahead by an amount that anyone would notice in {listed(undecided)}."
    if nearest:
        yield _dominance(found)


def _quoted(found: Robustness, place: int) -> str:
    return f"'{found.scenarios[place].brief}'"


def _dominance(found: Robustness) -> str:
    standings = enumerate(found.standings)
    beaten = [_quoted(found, place) for place, one in standings if one.dominated_by]
    at_once = f"in {listed([each.metric.noun for each in found.together])} at once"
    if beaten:
        return f"Beaten on average by another {at_once}: {listed(beaten, most=NAMED)}."
    return f"None is beaten {at_once}: which to take is a matter of priorities."


def _headline(found: Robustness) -> Table:
    rows: list[Row | str] = ["Mean regret"]
    for each, regret in found.regrets.items():
        cells = (
            f"{told(each, value)}{'*' if star else ''}"
            for value, star in zip(regret.mean, regret.near & regret.decided, strict=True)
        )
        rows.append((labelled(each), *cells))
    if len(found.scenarios) <= MOST_ACROSS:  # else there is no room; the part regret has them
        rows.append("Best in so many of 100 futures, ties shared")
        for each, regret in found.regrets.items():
            rows.append((each.metric.label, *map(of_100, regret.best)))
    rows.append("Price")
    for line, label in PRICES.items():
        cells = (thousands(row.a_year("mean")) for row in found.prices if row.line == line)
        rows.append((label, *cells))
    return options_table(
        "headline",
        "Averages over futures",
        "A star marks the smallest mean regret, and what is not clearly and noticeably larger.",
        [scenario.brief for scenario in found.scenarios],
        rows,
    )


def _sure(found: Robustness) -> Iterator[str]:
    decided = {each: regret for each, regret in found.regrets.items() if regret.decided}
    behind = []
    for each, regret in decided.items():
        place = int(np.argmin(np.where(regret.near, np.inf, regret.mean)))
        size = interval(each, regret.ci_low[place], regret.ci_high[place])
        behind.append(f"{each.metric.noun} {size} ({_quoted(found, place)})")
    if behind:
        yield f"Mean regret of the nearest option behind, 95% interval: {'; '.join(behind)}."
    under = [regret for regrets in found.climates.values() for regret in regrets.values()]
    if changes := _changed_by_climate(found):
        yield f"The national climate changes which options lose least in {listed(changes)}."
    elif any(regret.decided for regret in under):
        yield "Under every national climate tried the same options lose least."
    yield from _no_choice(found)


def _changed_by_climate(found: Robustness) -> list[str]:
    """Nouns of the objectives in which no option loses least under every climate that decides."""
    changes = []
    for each in found.regrets:
        regrets = found.under_climates(each).values()
        near = [regret.near for regret in regrets if regret.decided]
        if near and not np.all(near, axis=0).any():
            changes.append(each.metric.noun)
    return changes


def _no_choice(found: Robustness) -> Iterator[str]:
    """A warning of each option that differs from the baseline in what nobody chooses."""
    baseline, *others = found.scenarios
    for scenario in others:
        changes = differences(baseline, scenario)
        given = dict.fromkeys(each.label for each in changes if is_nobodys_choice(each.field))
        if given:
            yield (
                f"'{scenario.title}' differs from '{baseline.title}' in what nobody here chooses "
                f"({listed(list(given))}): its regret mixes choice and world."
            )


def _regret_table(found: Robustness, each: Objective, regret: Regret) -> Table:
    rows = tuple(
        (
            scenario.brief,
            told(each, regret.level[i]),
            told(each, regret.mean[i]),
            interval(each, regret.ci_low[i], regret.ci_high[i]),
            told(each, regret.p95[i]),
            told(each, regret.worst[i]),
            of_100(regret.best[i]),
        )
        for i, scenario in enumerate(found.scenarios)
    )
    return Table(
        f"regret_{each.metric.name}",
        f"{labelled(each)}; {each.moment.phrase(each.metric)}",
        "One row an option; a future in which several do best is shared among them.",
        _REGRET,
        rows,
        apart=True,
    )


def _climate_table(found: Robustness, each: Objective) -> Table:
    cases = found.under_climates(each)
    means = np.stack([regret.mean for regret in cases.values()], axis=1)
    means = np.column_stack([means, means.max(axis=1)])
    rows = tuple(
        (scenario.brief, *(told(each, mean) for mean in own))
        for scenario, own in zip(found.scenarios, means, strict=True)
    )
    futures = next(iter(cases.values())).futures
    return Table(
        f"climates_{each.metric.name}",
        f"{labelled(each)}; {futures:,} futures of each climate",
        "One row an option, one column a national climate; the last is its worst of them.",
        (_NAME, *(Column(name, 13) for name in cases), Column("worst climate", 14)),
        rows,
        apart=True,
    )


def _knowing(found: Robustness) -> Iterator[Block]:
    rows: list[Row | str] = []
    for each, information in found.knowing.items():
        everything, *single = information.things
        shown = [thing for thing in single if thing[1].shows][:KNOWN]
        rows.append(f"{labelled(each)}; chosen now: {_quoted(found, information.now)}")
        rows += [_worth_row(each, *thing) for thing in (everything, *shown)]
    if not rows:
        yield Paragraph(
            f"{found.replications:,} futures are too few to tell; compare with at least "
            f"{FEWEST_TO_VALUE_EVIDENCE}, better 1,000 (--replications)."
        )
        return
    yield Table(
        "knowing",
        "Gain on average, if the choice could wait for that knowledge and followed it",
        "One row a thing that may be known; of parameters those whose worth shows.",
        _KNOWING,
        tuple(rows),
    )
    yield Points((
        "What everything is worth is the smallest mean regret. It says nothing of what evidence "
        "would cost or of what waiting loses, and counts one objective at a time.",
        "What a parameter is worth is estimated by regression on what each future drew (Strong, "
        "Oakley and Brennan 2014), each future by a regression on the others, so that noise finds "
        "no value. One of many parameters is worth finding out only beyond "
        f"{CERTAIN_ERRORS:.1f} standard errors.",
    ))  # fmt: skip


def _worth_row(each: Objective, name: str, worth: Worth) -> Row:
    """A thing that may be known, what it is worth, and a verdict."""
    if name == EVERYTHING:
        label, verdict = "everything, luck included", "the most it can be"
    else:
        label = load_register()[name].label
        verdict = "worth finding out" if worth.certain else "not told from none"
    return (
        label,
        told(each, worth.mean, finer=True),
        interval(each, worth.low, worth.high, finer=True),
        of_100(worth.changes),
        verdict,
    )


def _notes(found: Robustness) -> Iterator[str]:
    yield (
        "The 95% interval says how precisely the futures fix a mean regret, and shrinks with more "
        "of them; '95% of futures below' and 'worst' are about single futures. A future in which "
        "several options tie is shared among them."
    )
    yield COST_WORDS
    yield from standing(found.scenarios)
