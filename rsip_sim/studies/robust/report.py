"""Which scenario is robust: sentences first, then tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Points, Report, Table
from rsip_sim.report.words import per_cent
from rsip_sim.studies.compare.report import CLIMATES
from rsip_sim.studies.robust.regret import Regret
from rsip_sim.studies.robust.says import (
    objective_sentences,
    ranking_sentences,
    together_sentences,
)
from rsip_sim.studies.robust.work import Objective, Robustness

NAME = Column("scenario", 31, words=True, silent=True)
COLUMNS = (
    NAME,
    Column("average", 10),
    Column("mean regret", 10),
    Column("95% interval", 15),
    Column("95% of futures below", 11),
    Column("worst", 10),
    Column("best in", 13),
)


def robust_report(found: Robustness) -> Report:
    """The whole study."""
    opening = (
        f"{found.replications:,} simulated futures of each. The regret of a choice in a future is "
        "what it loses against the choice that does best in that same future, which nobody could "
        "have known: a small regret means that little would have been gained by knowing."
    )
    blocks: list[Block] = [Paragraph(opening)]
    for each in found.objectives:
        blocks.append(Heading(f"{each.noun} ({each.unit})"))
        blocks.append(Points(tuple(objective_sentences(found, each))))
    together = (*together_sentences(found), *ranking_sentences(found))
    blocks += [Heading("All together"), Points(together)]
    for each in found.objectives:
        blocks.append(_regret_table(found, each))
        if found.climates:
            blocks.append(_climate_table(found, each))
    blocks += [
        _pareto_table(found), Heading("How to read this", part="method"), Points(_notes(found))
    ]  # fmt: skip
    return Report(f"Which of {len(found.scenarios)} scenarios is robust?", tuple(blocks))


def _regret_table(found: Robustness, each: Objective) -> Table:
    regret = found.regrets[each.metric.name]
    rows = tuple(
        (
            scenario.title,
            _level(each, regret.level[i]),
            _number(each, regret.mean[i]),
            f"{_number(each, regret.ci_low[i])} to {_number(each, regret.ci_high[i])}",
            _number(each, regret.p95[i]),
            _number(each, regret.worst[i]),
            f"{per_cent(regret.best[i], brief=True)} ({per_cent(regret.alone[i], brief=True)})",
        )
        for i, scenario in enumerate(found.scenarios)
    )
    return Table(
        f"regret_{each.metric.name}",
        f"Regret in {each.metric.noun} ({each.unit})",
        "One row a scenario: its average, its mean regret with the 95% interval, the regret that "
        "95% of futures stay below, the worst, and the share of futures in which it does best.",
        COLUMNS, rows, apart=True,
    )  # fmt: skip


def _climate_table(found: Robustness, each: Objective) -> Table:
    """Mean regret by climate."""
    names = found.climate_names
    cases: dict[str, Regret] = {
        climate: found.climates[each.metric.name, climate] for climate in names
    }
    columns = (NAME, *(Column(name, 13) for name in names), Column("worst climate", 15))
    means = np.stack([regret.mean for regret in cases.values()])
    rows = tuple(
        (
            scenario.title,
            *(_number(each, means[k, i]) for k in range(len(names))),
            _number(each, means[:, i].max()),
        )
        for i, scenario in enumerate(found.scenarios)
    )
    futures = next(iter(cases.values())).futures
    title = (
        f"Mean regret in {each.metric.noun} under each national climate ({each.unit}; "
        f"{futures:,} futures)"
    )
    described = "One row a scenario, one column a national climate; the last the worst of them."
    return Table(f"climates_{each.metric.name}", title, described, columns, rows, apart=True)


def _pareto_table(found: Robustness) -> Table:
    columns = (
        NAME,
        *(Column(each.metric.label, 18) for each in found.together),
        Column("undominated in", 15),
    )
    averages, standings = found.averages, found.standings
    rows = tuple(
        (
            f"{' ' if standings[i].dominated_by else '*'} {scenario.title}",
            *(each.metric.format.level(averages[j, i]) for j, each in enumerate(found.together)),
            per_cent(standings[i].undominated, brief=True),
        )
        for i, scenario in enumerate(found.scenarios)
    )
    described = (
        "One row a scenario: its averages, and the share of futures in which nothing dominates it."
    )
    title = "Averages; * stands before what nothing dominates"
    return Table("pareto", title, described, columns, rows, apart=True)


def _number(each: Objective, value: float) -> str:
    """A regret without unit, which the title of its table says."""
    if np.isnan(value):
        return "–"
    write = each.metric.format
    return f"{max(value, 0.0) / write.divisor:,.{write.difference_decimals}f}"


def _level(each: Objective, value: float) -> str:
    """An average with its unit, and with the same decimals in every row."""
    return "–" if np.isnan(value) else replace(each.metric.format, trim=False).level(value)


def _notes(found: Robustness) -> tuple[str, ...]:
    stand = dict.fromkeys(s.policy.levers.climate.conversion for s in found.scenarios)
    return (
        "'95% interval' says how precisely the futures fix the mean regret, and shrinks with more "
        "of them. '95% of futures below' and 'worst' are about single futures. 'Best in' divides a "
        "future among the scenarios that tie in it; in brackets, where none other does as well.",
        "National climate of the futures compared: "
        f"{'; '.join(CLIMATES[name] for name in stand)}. "
        "Money is cash, not real terms; pupil rolls are those of the roster.",
    )
