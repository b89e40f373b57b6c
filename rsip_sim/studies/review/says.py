"""A review in sentences: what to settle now, what looking first is worth, and what it is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.statistics import FEWEST_IN_GROUP, FEWEST_TO_COMPARE
from rsip_sim.report.words import listed, of_futures
from rsip_sim.studies.kernel.choice_words import combination
from rsip_sim.studies.review.learning import group_names
from rsip_sim.studies.review.work import Judged, ReviewResult


def signal_words(looks: str) -> str:
    """What is looked at, in words: ``participation and partnership fund together``."""
    names = [METRICS[name].noun for name in looks.split()]
    return f"{listed(names)} together" if len(names) > 1 else names[0]


def aim_sentences(result: ReviewResult, one: Judged) -> Iterator[str]:
    """What was found for one aim, most important first."""
    if result.replications < 2 * max(FEWEST_IN_GROUP, FEWEST_TO_COMPARE):
        yield (
            f"Too few futures to learn from: {result.replications}, where at least "
            f"{2 * FEWEST_IN_GROUP}, better 1,000, are needed."
        )
        return
    yield _settled_now(result, one)
    if one.settled:
        yield (
            "Whatever the review sees, the same option is best, so it is worth nothing to wait "
            "for it."
        )
    else:
        yield from _looking(result, one)
    yield _hindsight(one)


def _settled_now(result: ReviewResult, one: Judged) -> str:
    option = combination(result.cells, result.options[one.fixed])
    said = f"Settled without looking, the best option is: {option}"
    if result.cells.base not in result.options:
        return f"{said}."
    base = result.options.index(result.cells.base)
    loss = one.behind[base]
    if base == one.fixed:
        return f"{said}, which is the scenario as it is."
    write = one.aim.format
    if not loss.clear:
        return f"{said}; not clearly better than the scenario as it is."
    return (
        f"{said}; {write.magnitude(loss.mean)} better than the scenario as it is (95% interval "
        f"{write.magnitudes(-loss.ci_high, -loss.ci_low)})."
    )


def _looking(result: ReviewResult, one: Judged) -> Iterator[str]:
    write = one.aim.format
    worth = [looks for looks, found in one.learnt.items() if found.value.ci_low > 0]
    worth.sort(key=lambda looks: -one.learnt[looks].value.mean)
    for looks in worth:
        found = one.learnt[looks]
        yield (
            f"To look at {signal_words(looks)} before deciding is worth "
            f"{write.magnitude(found.value.mean)} (95% interval "
            f"{write.magnitudes(found.value.ci_low, found.value.ci_high)}) against settling now: "
            f"it decides otherwise in {of_futures(found.changes, result.replications)}. "
            f"{_picks(result, one, looks)}"
        )
    rest = [looks for looks in one.learnt if looks not in worth]
    lost = [looks for looks in rest if one.learnt[looks].value.ci_high < 0]
    none = [looks for looks in rest if looks not in lost]
    if none:
        yield _not_worth(one, none)
    if lost:
        worst = min((one.learnt[looks] for looks in lost), key=lambda found: found.value.mean)
        yield (
            f"To decide by {listed([signal_words(looks) for looks in lost], 'or')} would cost "
            f"something (up to {write.magnitude(worst.value.mean)} on average): what seems best "
            "for a group of futures is luck there."
        )


def _not_worth(one: Judged, none: Sequence[str]) -> str:
    write = one.aim.format
    most = max((one.learnt[looks] for looks in none), key=lambda found: found.value.mean)
    said = f"It is worth nothing that can be told to look at {_named(none)}"
    if most.value.ci_high > 0 and not write.shows_zero(most.value.ci_high):
        said += (
            f" (at best {write.difference(most.value.mean)}, 95% interval "
            f"{write.short_difference(most.value.ci_low)} to "
            f"{write.difference(most.value.ci_high)})"
        )
    seeming = max((one.learnt[looks] for looks in none), key=lambda found: found.apparent)
    if not write.shows_zero(seeming.apparent):
        said += (
            f"; judged on the very futures it was picked on it would seem worth "
            f"{write.magnitude(seeming.apparent)}"
        )
    return f"{said}."


def _named(looks: Sequence[str]) -> str:
    return listed([signal_words(each) for each in looks], "or")


def _picks(result: ReviewResult, one: Judged, looks: str) -> str:
    """Which option each group gets: ``With adequacy low: …; high: ….``."""
    found = one.learnt[looks]
    parts = [
        f"{name}: {combination(result.cells, result.options[pick])}"
        for name, pick in zip(group_words(looks), found.picks, strict=True)
    ]
    return f"{'; '.join(parts)[0].upper()}{'; '.join(parts)[1:]}."


def group_words(looks: str) -> list[str]:
    """Names of the groups: ``participation low``, …"""
    return group_names([METRICS[name].noun for name in looks.split()])


def _hindsight(one: Judged) -> str:
    write = one.aim.format
    if write.shows_zero(one.hindsight):
        return "Even to know the whole future beforehand would be worth nothing that shows."
    best = one.learnt[one.best_look]
    share = best.value.mean / one.hindsight if best.value.ci_low > 0 else 0.0
    known = f"looking finds {100 * share:.0f}% of that" if share else "looking finds none of it"
    return (
        f"To know the whole future beforehand would be worth {write.magnitude(one.hindsight)}; "
        f"{known}."
    )


def cut_sentences(result: ReviewResult) -> Iterator[str]:
    """Where low ends and high begins."""
    cuts = [
        f"{metric.noun} {metric.format.level(float(cut))}"
        for metric, cut in zip(result.seen, result.cuts, strict=True)
    ]
    yield f"Low and high are the halves of the futures, parted at {listed(cuts)}."
