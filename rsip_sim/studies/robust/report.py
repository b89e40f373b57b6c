"""Which option is seldom far from the best: one screen, and the tables behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import PRICE_COUNCIL
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
from rsip_sim.report.options import MOST_ACROSS, options_table
from rsip_sim.report.words import authority, listed, period
from rsip_sim.scenario import differences
from rsip_sim.scenario.levers import is_nobodys_choice
from rsip_sim.studies.compare.headline_table import thousands
from rsip_sim.studies.compare.report import CLIMATES
from rsip_sim.studies.compare.screen import PRICES, per_year
from rsip_sim.studies.kernel.choice_words import COST_WORDS
from rsip_sim.studies.robust.information import (
    CERTAIN_ERRORS,
    EVERYTHING,
    PARAMETERS,
    Information,
    Worth,
)
from rsip_sim.studies.robust.words import interval, labelled, level, of_100, told
from rsip_sim.studies.robust.work import Objective, Robustness

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
    Column("alone", 7),
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
    first = found.scenarios[0]
    parts = [
        Part("regret", "Regret, objective by objective", tuple(_regret_tables(found))),
        Part("together", "Weighed together", (_together_table(found),)),
        Part("knowing", "What it would be worth to know more before choosing",
             tuple(_knowing(found))),
        Part("method", "How to read this", (Points(tuple(_notes(found))),)),
    ]  # fmt: skip
    if found.climates:
        tables = tuple(_climate_table(found, each) for each in found.objectives)
        parts.insert(1, Part("climates", "Mean regret under each national climate", tables))
    return Report(
        "Which option is seldom far from the best?",
        tuple(_screen(found)),
        f"{len(first.roster.urn)} schools of {authority(first)}, {period(first)}",
        parts=tuple(parts),
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
    nearest: dict[tuple[int, ...], list[str]] = {}
    undecided = []
    for each in found.objectives:
        regret = found.regrets[each.metric.name]
        if regret.futures < FEWEST_TO_COMPARE:
            yield (
                f"Too few futures to compare {each.metric.noun}: {regret.futures}, where at least "
                f"{FEWEST_TO_COMPARE}, better 1,000, are needed."
            )
        elif each.decided(regret):
            near = tuple(np.flatnonzero(each.near(regret)).tolist())
            nearest.setdefault(near, []).append(each.metric.noun)
        else:
            undecided.append(each.metric.noun)
    for near, nouns in nearest.items():
        yield _nearest(found, near, listed(nouns))
    if undecided:
        yield f"No option is ahead by an amount that anyone would notice in {listed(undecided)}."
    if len(undecided) < len(found.objectives):
        yield _dominance(found)


def _nearest(found: Robustness, near: Sequence[int], nouns: str) -> str:
    count = len(found.scenarios)
    if len(near) == 1:
        return f"'{found.scenarios[near[0]].title}' loses least in {nouns}."
    if len(near) > count / 2:
        rest = [_quoted(found, place) for place in range(count) if place not in near]
        return (
            f"In {nouns} only {listed(rest)} {'is' if len(rest) == 1 else 'are'} noticeably behind."
        )
    return f"In {nouns} {listed([_quoted(found, place) for place in near])} lose least."


def _quoted(found: Robustness, place: int) -> str:
    return f"'{found.scenarios[place].brief}'"


def _dominance(found: Robustness) -> str:
    standings = enumerate(found.standings)
    beaten = [_quoted(found, place) for place, one in standings if one.dominated_by]
    nouns = listed([each.metric.noun for each in found.together])
    if not beaten:
        return f"None is beaten in {nouns} at once: which to take is a matter of priorities."
    verb = "is" if len(beaten) == 1 else "are each"
    return f"In {nouns} at once {listed(beaten)} {verb} beaten on average by another."


def _headline(found: Robustness) -> Table:
    rows: list[Row | str] = ["Mean regret"]
    for each in found.objectives:
        regret = found.regrets[each.metric.name]
        stars = each.near(regret) & each.decided(regret)
        cells = (
            f"{told(each, value)}{'*' if star else ''}"
            for value, star in zip(regret.mean.tolist(), stars, strict=True)
        )
        rows.append((labelled(each), *cells))
    if len(found.scenarios) <= MOST_ACROSS:  # else there is no room; the part regret has them
        rows.append("Best in so many of 100 futures, ties shared")
        for each in found.objectives:
            shares = found.regrets[each.metric.name].best.tolist()
            rows.append((each.metric.label, *map(of_100, shares)))
    rows.append("Price")
    prices = {(row.line, row.scenario.name): row for row in found.prices}
    for line, label in PRICES.items():
        lines = [prices[line, scenario.name] for scenario in found.scenarios]
        rows.append((label, *(thousands(per_year(row, row.mean)) for row in lines)))
    return options_table(
        "headline", "Averages over futures",
        "Mean regret, share of futures in which an option does best, and price of each option; a "
        "star marks the smallest mean regret, and what is not clearly and noticeably larger.",
        [scenario.brief for scenario in found.scenarios], rows,
    )  # fmt: skip


def _sure(found: Robustness) -> Iterator[str]:
    decided = [each for each in found.objectives if each.decided(found.regrets[each.metric.name])]
    behind = []
    for each in decided:
        regret = found.regrets[each.metric.name]
        place = int(np.argmin(np.where(each.near(regret), np.inf, regret.mean)))
        size = interval(each, regret.ci_low[place], regret.ci_high[place])
        behind.append(f"{each.metric.noun} {size} ({_quoted(found, place)})")
    if behind:
        yield f"Mean regret of the nearest option behind, 95% interval: {'; '.join(behind)}."
    yield from _climate_lines(found)
    known = [each for each in decided if each.metric.name in found.knowing]
    worths = {each: found.knowing[each.metric.name].parameters for each in known}
    shows = [f"{each.metric.noun} {told(each, worth.mean, True)}"
             for each, worth in worths.items() if worth.shows]  # fmt: skip
    if known:
        gain = "; ".join(shows) or "nothing that can be told from none"
        yield (
            "The smallest mean regret is what knowing everything, luck included, would gain. "
            f"Knowing every parameter would gain: {gain}."
        )
    yield from _no_choice(found)


def _climate_lines(found: Robustness) -> Iterator[str]:
    steady, changes = climates_decide(found)
    if changes:
        yield f"The national climate changes which options lose least in {listed(changes)}."
    elif steady:
        yield "Under every national climate tried the same options lose least."


def climates_decide(found: Robustness) -> tuple[list[str], list[str]]:
    """Nouns of objectives in which an option loses least under every climate, and in which not."""
    steady: list[str] = []
    changes: list[str] = []
    for each in found.objectives:
        regrets = found.under_climates(each).values()
        near = [each.near(regret) for regret in regrets if each.decided(regret)]
        if near:
            (steady if np.all(near, axis=0).any() else changes).append(each.metric.noun)
    return steady, changes


def _no_choice(found: Robustness) -> Iterator[str]:
    baseline, *others = found.scenarios
    for scenario in others:
        given = [
            change.label
            for change in differences(baseline, scenario)
            if is_nobodys_choice(change.field)
        ]
        if given:
            yield (
                f"'{scenario.title}' differs from '{baseline.title}' in what nobody here chooses "
                f"({listed(list(dict.fromkeys(given)))}): its regret mixes choice and world."
            )


def _regret_tables(found: Robustness) -> Iterator[Table]:
    for each in found.objectives:
        regret = found.regrets[each.metric.name]
        rows = tuple(
            (
                scenario.brief,
                level(each, regret.level[i]),
                told(each, regret.mean[i]),
                interval(each, regret.ci_low[i], regret.ci_high[i]),
                told(each, regret.p95[i]),
                told(each, regret.worst[i]),
                of_100(regret.best[i]),
                of_100(regret.alone[i]),
            )
            for i, scenario in enumerate(found.scenarios)
        )
        yield Table(
            f"regret_{each.metric.name}",
            f"{labelled(each)}; {each.moment.phrase(each.metric)}",
            "One row an option: its average, its mean regret with the 95% interval, the regret "
            "that 95% of futures stay below, the worst, and in how many of 100 futures it does "
            "best, ties shared, and best alone.",
            _REGRET, rows, apart=True,
        )  # fmt: skip


def _climate_table(found: Robustness, each: Objective) -> Table:
    cases = found.under_climates(each)
    means = np.stack([regret.mean for regret in cases.values()])
    rows = tuple(
        (
            scenario.brief,
            *(told(each, mean) for mean in means[:, i].tolist()),
            told(each, float(means[:, i].max())),
        )
        for i, scenario in enumerate(found.scenarios)
    )
    futures = next(iter(cases.values())).futures
    return Table(
        f"climates_{each.metric.name}",
        f"{labelled(each)}; {futures:,} futures of each climate",
        "One row an option, one column a national climate; the last is its worst of them.",
        (_NAME, *(Column(name, 13) for name in cases), Column("worst climate", 14)),
        rows, apart=True,
    )  # fmt: skip


def _together_table(found: Robustness) -> Table:
    columns = (
        _NAME,
        *(Column(labelled(each), 13) for each in found.together),
        Column("unbeaten in, of 100", 10),
        Column("beaten by", 17, words=True, hang=0),
    )  # fmt: skip
    rows = []
    for i, (scenario, one) in enumerate(zip(found.scenarios, found.standings, strict=True)):
        averages = (level(each, found.averages[j, i]) for j, each in enumerate(found.together))
        rivals = one.clearly or one.dominated_by
        by = listed([found.scenarios[place].brief for place in rivals]) if rivals else "none"
        unclear = "" if one.clearly or not rivals else ", not clearly"
        rows.append((scenario.brief, *averages, of_100(one.undominated), f"{by}{unclear}"))
    return Table(
        "pareto", "Averages of each option, and which other is as good in all and better in one",
        "One row an option: its averages, in how many of 100 futures no other is as good in all "
        "and better in one, and which options are so on average.",
        columns, tuple(rows),
    )  # fmt: skip


def _knowing(found: Robustness) -> Iterator[Block]:
    rows: list[Row | str] = []
    for each in found.objectives:
        information = found.knowing.get(each.metric.name)
        if information is not None:
            rows.append(labelled(each))
            rows += _worth_rows(found, each, information)
    if not rows:
        yield Paragraph(
            f"{found.replications:,} futures are too few to tell; compare with at least "
            f"{FEWEST_TO_VALUE_EVIDENCE}, better 1,000 (--replications)."
        )
        return
    yield Table(
        "knowing", "Gain on average, if the choice could wait for that knowledge and followed it",
        "One row a thing that may be known before choosing; beside it what choosing now gains.",
        _KNOWING, tuple(rows),
    )  # fmt: skip
    yield Points(tuple(_about_knowing()))


def _worth_rows(found: Robustness, each: Objective, known: Information) -> Iterator[Row]:
    baseline, best = found.scenarios[0], found.scenarios[known.now]
    gain, half = -float(known.average[0]), 1.96 * float(known.error[0])
    if known.now:
        yield (
            f"choosing '{best.brief}' now, over '{baseline.brief}'", told(each, gain, True),
            interval(each, gain - half, gain + half, True), "–", "to compare with",
        )  # fmt: skip
    register = load_register()
    labels = {EVERYTHING: "everything, luck included",
              PARAMETERS: f"all {len(known.single)} parameters, not luck"}  # fmt: skip
    things = known.things if known.everything.mean else known.things[:1]
    whole, single = things[:2], things[2:]
    shown = [each for each in single if each[1].shows][:KNOWN]
    for name, worth in (*whole, *shown):
        yield (
            labels.get(name) or register[name].label, told(each, worth.mean, True),
            interval(each, worth.low, worth.high, True), of_100(worth.changes),
            _verdict(name, worth),
        )  # fmt: skip
    if len(shown) < len(single):
        most = max(worth.mean for name, worth in single if name not in dict(shown))
        yield (
            f"any other of {len(single)} parameters", f"{told(each, most, True)} at most", "–", "–",
            "not told from none",
        )  # fmt: skip


def _verdict(name: str, worth: Worth) -> str:
    if name == EVERYTHING:
        return "the most it can be" if worth.mean else "one is always best"
    if name == PARAMETERS:
        return "more than none" if worth.shows else "not told from none"
    return "worth finding out" if worth.certain else "not told from none"


def _about_knowing() -> Iterator[str]:
    yield (
        "What everything is worth is the smallest mean regret. It says nothing of what evidence "
        "would cost or of what waiting loses, counts one objective at a time, and only what the "
        "model leaves open."
    )
    yield (
        "What parameters are worth is estimated by regression on what each future drew (Strong, "
        "Oakley and Brennan 2014); each future is decided by a regression on the others, so that "
        "noise finds no value. One of many parameters is worth finding out only beyond "
        f"{CERTAIN_ERRORS:.1f} standard errors."
    )


def _notes(found: Robustness) -> Iterator[str]:
    yield (
        "The 95% interval says how precisely the futures fix a mean regret, and shrinks with more "
        "of them; '95% of futures below' and 'worst' are about single futures. A future in which "
        "several options tie is shared among them."
    )
    if any(each.metric.name == PRICE_COUNCIL for each in (*found.objectives, *found.together)):
        yield COST_WORDS
    climates = dict.fromkeys(each.policy.levers.climate.conversion for each in found.scenarios)
    told_climates = "; ".join(CLIMATES[name] for name in climates)
    yield (
        f"National climate of the futures compared: {told_climates}. "
        "Money is cash, not real terms; pupil rolls are those of the roster."
    )
