"""Robustness in sentences, by rules that hold whichever scenario does best, or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from rsip_sim.measures.metrics import CORE_PARTS, METRICS, PRICE_COUNCIL, Metric
from rsip_sim.measures.statistics import FEWEST_TO_COMPARE
from rsip_sim.report.words import listed, of_futures
from rsip_sim.scenario import Scenario, differences
from rsip_sim.scenario.levers import is_nobodys_choice
from rsip_sim.studies.compare.ranking import RankingStability
from rsip_sim.studies.kernel.choice_words import COST_WORDS
from rsip_sim.studies.robust.regret import Regret, Standing
from rsip_sim.studies.robust.work import Objective, Robustness


def amount(metric: Metric, value: float) -> str:
    """The size of a regret: never rounded to none where it is some."""
    if value == 0:
        return "none"
    if metric.format.shows_zero(value):
        return f"less than {metric.format.smallest}"
    return metric.format.magnitude(value)


def objective_sentences(found: Robustness, each: Objective) -> list[str]:
    """What was found for one objective, most important first."""
    name = each.metric.name
    titles = [f"'{scenario.title}'" for scenario in found.scenarios]
    regret = found.regrets[name]
    said = list(_regret_sentences(each, regret, titles))
    climates = {climate: one for (what, climate), one in found.climates.items() if what == name}
    if climates:
        said.append(_climate_sentence(each, climates, titles))
    return said


def _matters(each: Objective, regret: Regret) -> str:
    """Why there is nothing to choose, or ''."""
    if not regret.futures:
        return "Defined in no future for every scenario, so there is nothing to compare."
    if regret.futures < FEWEST_TO_COMPARE:
        return (
            f"Too few futures to compare: {regret.futures}, where at least {FEWEST_TO_COMPARE}, "
            "better 1,000, are needed."
        )
    if not regret.worst.any():
        return "The choice makes no difference in any future."
    if all(each.metric.format.shows_zero(value) for value in regret.mean):
        return (
            "The choice makes no difference that shows on average: every mean regret is below "
            f"{each.metric.format.smallest}; the largest in one future is "
            f"{amount(each.metric, float(regret.worst.max()))}."
        )
    return ""


def makes_a_difference(each: Objective, regret: Regret) -> bool:
    """Whether the choice makes a difference to this objective that shows on average."""
    return not _matters(each, regret)


def _regret_sentences(each: Objective, regret: Regret, titles: Sequence[str]) -> Iterator[str]:
    nothing = _matters(each, regret)
    if nothing:
        yield nothing
        return
    first, most, metric = regret.first, int(np.argmax(regret.mean)), each.metric
    if regret.rival.all():
        yield (
            f"No choice is clearly ahead: mean regrets go from {amount(metric, regret.mean[first])}"
            f" ({titles[first]}) to {amount(metric, regret.mean[most])} ({titles[most]}), but not "
            "clearly apart."
        )
        return
    best = of_futures(float(regret.best[first]), regret.futures)
    ties = (
        f", ties shared (in {of_futures(regret.tied, regret.futures)} several do equally well)"
        if regret.tied > 0
        else ""
    )
    yield f"{titles[first]} {_least(metric, regret)}. It does best in {best}{ties}."
    rivals = [title for i, title in enumerate(titles) if regret.rival[i] and i != first]
    if rivals:
        yield f"Not clearly behind on average: {listed(rivals)}."
    yield f"{titles[most]} has the largest mean regret, {_size(metric, regret, most)}."
    safest = int(np.argmin(regret.worst))
    if not metric.format.shows_zero(float(regret.worst[first] - regret.worst[safest])):
        yield (
            f"Against the worst future {titles[safest]} is safer: at worst it loses "
            f"{amount(metric, float(regret.worst[safest]))}."
        )


def _least(metric: Metric, regret: Regret) -> str:
    """What the choice with the smallest mean regret loses."""
    first = regret.first
    if regret.worst[first] == 0:
        return "is never behind another"
    return (
        f"has the smallest mean regret, {_size(metric, regret, first)}: "
        f"{_p95(metric, regret, first)}, at worst {amount(metric, float(regret.worst[first]))}"
    )


def _size(metric: Metric, regret: Regret, i: int) -> str:
    if regret.mean[i] == 0:
        return "no regret at all"
    interval = f"{metric.format.magnitudes(float(regret.ci_low[i]), float(regret.ci_high[i]))}"
    if metric.format.shows_zero(float(regret.ci_high[i])):
        return amount(metric, float(regret.mean[i]))
    return f"{amount(metric, float(regret.mean[i]))} (95% interval {interval})"


def _p95(metric: Metric, regret: Regret, i: int) -> str:
    if regret.p95[i] == 0:
        return "none in 95% of futures"
    if metric.format.shows_zero(float(regret.p95[i])):
        return "none that shows in 95% of futures"
    return f"at most {amount(metric, float(regret.p95[i]))} in 95% of futures"


def _climate_sentence(
    each: Objective, climates: Mapping[str, Regret], titles: Sequence[str]
) -> str:
    futures = min(one.futures for one in climates.values())
    opening = f"Across national climates ({', '.join(climates)}; {futures:,} futures each)"
    told = {name: one for name, one in climates.items() if not _matters(each, one)}
    if not told:
        return f"{opening} the choice makes no difference that can be told."
    rest = [name for name in climates if name not in told]
    others = f" Under {listed(rest)} it makes no difference that can be told." if rest else ""
    return f"{opening} {_told_climates(each, told, titles, bool(rest))}{others}"


def _told_climates(
    each: Objective, told: Mapping[str, Regret], titles: Sequence[str], some: bool
) -> str:
    """What the climates say in which the choice makes a difference; some: not in all of them."""
    firsts = {name: one.first for name, one in told.items()}
    worst = np.max([one.mean for one in told.values()], axis=0)
    safest = int(np.argmin(worst))
    where = max(told, key=lambda name: float(told[name].mean[safest]))
    loses = f"{amount(each.metric, float(worst[safest]))} on average"
    if len(set(firsts.values())) == 1:
        if worst[safest] == 0:
            place = listed(list(told)) if some else "any of them"
            return f"{titles[safest]} is never behind under {place}."
        place = listed(list(told)) if some else "each of them"
        return (
            f"{titles[safest]} has the smallest mean regret under {place}; in its worst climate "
            f"({where}) it loses {loses}."
        )
    groups: dict[int, list[str]] = {}
    for name, first in firsts.items():
        groups.setdefault(first, []).append(name)
    parts = [f"{titles[first]} under {listed(names)}" for first, names in groups.items()]
    clear = all(one.rival[safest] for one in told.values())
    return (
        f"the smallest mean regret is that of {listed(parts)}. {titles[safest]} loses least in its "
        f"worst climate ({where}), {loses}"
        + (", and no climate tells clearly against it." if clear else ".")
    )


def together_sentences(found: Robustness) -> list[str]:
    """What dominates what on the objectives taken together."""
    names = listed([each.noun for each in found.together])
    titles = [f"'{scenario.title}'" for scenario in found.scenarios]
    return [
        f"Weighing {names} together, {_dominance(found.standings, titles)}",
        _undominated(found.standings, titles, found.replications),
        *_cautions(found),
    ]


def _dominance(standing: Sequence[Standing], titles: Sequence[str]) -> str:
    dominated = [i for i, one in enumerate(standing) if one.dominated_by]
    if not dominated:
        return (
            "no scenario is dominated: whichever is chosen, none of the others is as good on "
            "average in all of them and better in one."
        )
    kept = [titles[i] for i in range(len(titles)) if i not in dominated]
    parts = []
    for i in dominated:
        clearly = bool(standing[i].clearly)
        by = standing[i].clearly or standing[i].dominated_by
        parts.append(
            f"{titles[i]} is {'' if clearly else 'on average, though not clearly, '}dominated by "
            f"{listed([titles[j] for j in by])}"
        )
    left = f"not dominated, so a matter of priorities: {listed(kept)}; " if kept else ""
    return f"{left}{'; '.join(parts)}."


def _undominated(standing: Sequence[Standing], titles: Sequence[str], futures: int) -> str:
    parts = [
        f"{title} in {of_futures(one.undominated, futures)}"
        for title, one in zip(titles, standing, strict=True)
    ]
    return f"Future by future, nothing dominates {'; '.join(parts)}."


def _cautions(found: Robustness) -> Iterator[str]:
    if any(each.metric.name == PRICE_COUNCIL for each in (*found.objectives, *found.together)):
        yield COST_WORDS
    yield from _no_choice(found.scenarios)


def _no_choice(scenarios: Sequence[Scenario]) -> Iterator[str]:
    for scenario in scenarios[1:]:
        given = [
            change.label
            for change in differences(scenarios[0], scenario)
            if is_nobodys_choice(change.field)
        ]
        if given:
            yield (
                f"'{scenario.title}' differs from '{scenarios[0].title}' in what nobody here "
                f"chooses ({listed(list(dict.fromkeys(given)))}): its regret mixes the choice "
                "with the world it is made in."
            )


def ranking_sentences(found: Robustness) -> list[str]:
    """How far the order by cohesion owes to the weights of the index."""
    return [_ranking(found, each) for each in found.rankings]


def _ranking(found: Robustness, each: RankingStability) -> str:
    """Of which index the sentence speaks, and of which scenarios, since there are two."""
    index = METRICS["cohesion" if each.parts == CORE_PARTS else "cohesion_all"].label
    some = len(each.order) < len(found.scenarios)
    of = ", of the scenarios with a partnership" if some else ""
    return f"{index}{of}: {each.sentence[0].lower()}{each.sentence[1:]}"
