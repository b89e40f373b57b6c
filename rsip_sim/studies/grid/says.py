"""A grid in sentences: which cell does best, what each lever does, and what does not matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rsip_sim.measures.formats import inside
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.statistics import FEWEST_TO_COMPARE, Estimate, estimates
from rsip_sim.report.verdicts import relative
from rsip_sim.report.words import listed
from rsip_sim.scenario.levers import PARAMETERS
from rsip_sim.scenario.ranges import number_text
from rsip_sim.scenario.settings import field_label
from rsip_sim.scenario.wording import between
from rsip_sim.studies.grid.effects import Best, Effect
from rsip_sim.studies.grid.work import Found, GridResult
from rsip_sim.studies.kernel.cells import Cells
from rsip_sim.studies.kernel.choice_words import combination, condition_words, setting

MOST_NEAR = 2  # named one by one


def moved(path: str, old: Any, new: Any) -> str:
    """A move of a lever: ``24 → 36 months``."""
    if path.startswith(PARAMETERS):
        return f"{number_text(old)} → {number_text(new)}"
    return between(path, old, new, "→")


def metric_sentences(result: GridResult, metric: Metric) -> list[str]:
    """What the grid says of one metric: first in the scenario's own condition, then in others."""
    if result.replications < FEWEST_TO_COMPARE:
        return [
            f"Too few futures to compare: {result.replications}, where at least "
            f"{FEWEST_TO_COMPARE}, better 500, are needed."
        ]
    cells = result.cells
    own = result.of(metric, cells.own_condition)
    said = list(_in_condition(cells, own))
    for condition in cells.in_conditions:
        if condition != cells.own_condition:
            said += _otherwise(cells, own, result.of(metric, condition))
    return said


def _in_condition(cells: Cells, found: Found) -> Iterator[str]:
    metric = found.metric
    if found.best is not None:
        yield _best_sentence(cells, metric, found.best)
    clear = [each for each in found.effects if _shows(metric, each)]
    for path in cells.levers:
        own = [each for each in clear if each.path == path]
        if own:
            yield _lever_sentence(cells, metric, path, own)
    idle = [path for path in cells.levers if path not in {each.path for each in clear}]
    if idle:
        yield _idle_sentence(metric, [each for each in found.effects if each.path in idle], idle)


def _shows(metric: Metric, effect: Effect) -> bool:
    return effect.mean.clear and not metric.format.shows_zero(effect.mean.mean)


def _best_sentence(cells: Cells, metric: Metric, best: Best) -> str:
    write = metric.format
    if best.cell.values == cells.base:
        said = f"Best: the scenario as it is ({write.level(best.level)})"
    else:
        said = (
            f"Best: {combination(cells, best.cell.values)}: {write.level(best.level)}, "
            f"{_size(metric, best.difference)} against the scenario as it is"
        )
    if 0 < len(best.near) <= MOST_NEAR and len(best.near) < best.cells - 1:
        near = " and ".join(f"({combination(cells, each.values)})" for each in best.near)
        return f"{said}; not clearly behind {'is' if len(best.near) == 1 else 'are'} {near}."
    if not best.near:
        return f"{said}; every other combination is clearly behind."
    if len(best.near) == best.cells - 1:
        return f"{said}; but none of the other {best.cells - 1} combinations is clearly behind."
    return f"{said}; {len(best.near)} of the other {best.cells - 1} are not clearly behind."


def _size(metric: Metric, mean: Estimate) -> str:
    """A mean difference with its interval."""
    write = metric.format
    if not mean.clear:
        return (
            f"not clearly different ({write.difference(mean.mean)}, 95% interval "
            f"{write.short_difference(mean.ci_low)} to {write.difference(mean.ci_high)})"
        )
    return (
        f"{relative(metric, mean.mean)} (95% interval {write.short_difference(mean.ci_low)} to "
        f"{write.difference(mean.ci_high)})"
    )


def _lever_sentence(cells: Cells, metric: Metric, path: str, own: Sequence[Effect]) -> str:
    """The effects of one lever: the largest in full, the others in brief."""
    write = metric.format
    base = dict(zip(cells.levers, cells.base, strict=True))[path]
    most = max(own, key=lambda each: abs(each.mean.mean))
    others = [each for each in own if each is not most]
    said = (
        f"{field_label(path)}, {moved(path, base, most.value)}: "
        f"{_size(metric, most.mean)}{_depending(metric, most)}"
    )
    if others:
        brief = [
            f"{setting(path, each.value)} {write.short_difference(each.mean.mean)}"
            for each in others
        ]
        said += f"; {listed(brief)}"
    return f"{said}."


def _depending(metric: Metric, effect: Effect) -> str:
    """How far the effect depends on the other levers."""
    write = metric.format
    low, high = effect.lowest, effect.highest
    if effect.settings < 2 or write.short_difference(low) == write.short_difference(high):
        return ""
    return (
        f", {write.short_difference(low)} to {write.short_difference(high)} depending on the "
        "other levers"
    )


def _idle_sentence(metric: Metric, idle: Sequence[Effect], paths: Sequence[str]) -> str:
    names = listed([inside(field_label(path)) for path in paths])
    unclear = [each for each in idle if not metric.format.shows_zero(each.mean.mean)]
    if not unclear:
        return f"Without effect that shows: {names}."
    most = max(unclear, key=lambda each: abs(each.mean.mean))
    return (
        f"No clear effect: {names} (at most {metric.format.difference(most.mean.mean)}, 95% "
        f"interval {metric.format.short_difference(most.mean.ci_low)} to "
        f"{metric.format.difference(most.mean.ci_high)})."
    )


def _otherwise(cells: Cells, own: Found, other: Found) -> Iterator[str]:
    """What is otherwise in another condition."""
    metric, words = own.metric, condition_words(cells, other.condition)
    if own.best is not None and other.best is not None:
        best = combination(cells, other.best.cell.values)
        which, close = f"the best combination is {best}", ""
        if own.best.cell.values == other.best.cell.values:
            which = "the best combination is the same"
        elif any(cell.values == own.best.cell.values for cell in other.best.near):
            close = ", but that of before is not clearly behind"
        yield f"With {words}: {which}, at {metric.format.level(other.best.level)}{close}."
    changed = list(_changed(metric, own, other))
    if changed:
        yield f"With {words}, effects change, most of all {'; '.join(changed)}."
    else:
        yield f"With {words}, no effect is clearly another."


def _changed(metric: Metric, own: Found, other: Found) -> Iterator[str]:
    """Effects that are clearly another in the same futures, the largest change of each lever."""
    theirs = {(each.path, each.value): each for each in other.effects}
    largest: dict[str, tuple[float, Effect, Effect]] = {}
    for each in own.effects:
        match = theirs.get((each.path, each.value))
        if match is None or match.settings != each.settings:
            continue
        (change,) = estimates((match.futures - each.futures)[None])
        size = abs(change.mean)
        one, two = (metric.format.difference(mean.mean.mean) for mean in (each, match))
        if change.clear and one != two:
            kept = largest.get(each.path)
            if kept is None or size > kept[0]:
                largest[each.path] = (size, each, match)
    write = metric.format
    for path, (_, ours, match) in largest.items():
        yield (
            f"{inside(field_label(path))} {setting(path, ours.value)} "
            f"{write.difference(match.mean.mean)} instead of "
            f"{write.short_difference(ours.mean.mean)}"
        )
