"""The summary in five sentences that a councillor understands."""

from __future__ import annotations

from collections.abc import Sequence

from rsip_sim.measures.moments import lengths_differ
from rsip_sim.paper.case import Case, counted, ends, futures_of, schools_of, with_interval
from rsip_sim.report.blocks import Block, Paragraph, Points
from rsip_sim.report.findings import Row, importance
from rsip_sim.report.quoted import Quote, Said, given, joined, say, titled
from rsip_sim.report.verdicts import ADVISED, CLEAR, FEWEST, INTERVAL, SPREAD, clause, word
from rsip_sim.report.words import period

HARDLY, LESS = 0.02, 0.5
"""A choice "hardly changes" what it moves by less than the first part of the range across futures,
and changes it less than what nobody chooses where it moves it by less than the second."""

FEW = 200
"""Futures below which a summary says that they are few."""

TOLD_BEFORE = ("conversions", "erosion", "recouped_new")
"""Measures of schools and grant, which have a sentence of their own."""

MOST_TOLD = 2
"""Gains told in the summary, and costs."""


def summary(case: Case) -> list[Block]:
    """The five sentences, and how their numbers are to be read."""
    return [Points(tuple(five_sentences(case))), Paragraph(_reading(case), "note")]


def five_sentences(case: Case) -> list[Said]:
    """What was compared, schools and grant, what is gained, what it costs, and how sure."""
    if not case.enough:
        return [_compared(case), *_too_few(case)]
    return [_compared(case), _schools_and_grant(case), _gains(case), _costs(case), _how_sure(case)]


def _compared(case: Case) -> Said:
    count = counted(len(case.others), "options compared", capital=True)
    return say(
        "{count} {options} compared with {base} in {futures} of {schools}, {months}; {every} the "
        "same futures, so that what differs is the policy and not luck.",
        every="both meet" if len(case.others) == 1 else "every option meets",
        count=count, options="option is" if len(case.others) == 1 else "options are",
        base=case.base, futures=futures_of(case), schools=schools_of(case),
        months=given(period(case.baseline), "date"),
    )  # fmt: skip


def _too_few(case: Case) -> list[Said]:
    return [
        say("That is too few to say by how much the options differ."),
        say("So nothing can be said yet of what an option gains."),
        say("Nor can anything be said of what it costs."),
        say("Simulate at least {fewest} futures, better {advised}, before deciding by this paper.",
            fewest=FEWEST, advised=ADVISED),
    ]  # fmt: skip


def _schools_and_grant(case: Case) -> Said:
    """What the choice does to conversions and to the Dedicated Schools Grant."""
    rows = [row for s in case.others if (row := case.row(s, "erosion")) is not None]
    clear = sorted((row for row in rows if row.verdict in CLEAR), key=importance)
    grant = say(
        "under {base} between {low} and {high} of the grant goes in {spread}",
        base=case.base, low=_coarse(rows[0], "baseline_p05"), high=_coarse(rows[0], "baseline_p95"),
        spread=SPREAD,
    )  # fmt: skip
    grant_goes = "how much of the Dedicated Schools Grant (DSG) goes with them"
    if not clear:
        equal = all(row.verdict == "equal" for row in rows) and _equal(case, "conversions")
        return say(
            "The choice makes no {clear}difference to how many schools become academies or to "
            "{goes}: {grant}, and no option moves the average{shows}.",
            clear="" if equal else "clear ", goes=grant_goes, grant=grant,
            shows="" if equal else " by an amount that shows",
        )  # fmt: skip
    most = clear[0]
    largest = _largest(case, ("erosion", "conversions"))
    changes = (
        "hardly changes how many schools become academies or" if largest < HARDLY
        else "changes how many schools become academies and" if largest >= LESS
        else "changes, but less than what nobody here chooses, how many schools become academies "
        "and"
    )  # fmt: skip
    return say(
        "The choice {changes} {goes}: {grant}, and the option that moves the average most, "
        "{title}, makes it {size} ({interval} {ends}).",
        changes=changes, goes=grant_goes, grant=grant, title=titled(most.scenario.title),
        size=most.figures.relative(), interval=INTERVAL, ends=ends(most),
    )  # fmt: skip


def _gains(case: Case) -> Said:
    best = case.strongest("better", TOLD_BEFORE)[:MOST_TOLD]
    if best:
        return say("What it changes most for the better: {told}.", told=_each(best))
    return say("No option is clearly better than {base} in any other headline measure.",
               base=case.base)  # fmt: skip


def _costs(case: Case) -> Said:
    worst = case.strongest("worse", TOLD_BEFORE)[:MOST_TOLD]
    if worst:
        return say("What gets worse: {told}.", told=_each(worst))
    return say("No option is clearly worse than {base} in any other headline measure.",
               base=case.base)  # fmt: skip


def _each(rows: Sequence[Row]) -> Said:
    """Effects one after the other, the scenario named where it changes."""
    told = []
    for place, row in enumerate(rows):
        effect = with_interval(row)
        if place == 0 or rows[place - 1].scenario is not row.scenario:
            effect = say("under {title} {effect}", title=titled(row.scenario.title), effect=effect)
        told.append(effect)
    return joined(", and ", told)


def _how_sure(case: Case) -> Said:
    told = []
    if case.tables.replications < FEW:
        told.append(say("only {futures} stand behind it, where {advised} are advised",
                        futures=futures_of(case), advised=ADVISED))  # fmt: skip
    if best := [row for row in case.strongest("better", TOLD_BEFORE) if _has_direction(row)]:
        told.append(_direction(best[0]))
    if lengths_differ(case.scenarios):
        told.append(
            say(
                "no study was found of how far an unexpired agreement keeps schools in, so the "
                "model tries everything from no effect to a strong one"
            )
        )
    if not told:
        told.append(say("nothing above hangs on a single future, but on {futures}",
                        futures=futures_of(case)))  # fmt: skip
    return say("How sure: {told}.", told=joined("; ", told))


def _has_direction(row: Row) -> bool:
    return row.metric.kind not in ("chance", "risk")


def _direction(row: Row) -> Said:
    difference = row.numbers.difference
    return say(
        "{what} under {title} in {futures}",
        what=clause(row.metric, word(row.metric, difference)), title=titled(row.scenario.title),
        futures=row.figures.futures("higher" if difference > 0 else "lower"),
    )  # fmt: skip


def _reading(case: Case) -> Said:
    return say(
        "Differences are {read}{when}{months}, where no date is given. {interval}: how precisely "
        "the simulated futures fix an average. {spread}: how far single futures lie apart, which "
        "no number of simulations narrows.",
        read="" if case.moment.over_time else "those ", when=case.when(),
        months=_months(case), interval=INTERVAL, spread=SPREAD,
    )  # fmt: skip


def _months(case: Case) -> Said:
    """The months of a mean over time, by number, as the charts name them."""
    if not case.moment.over_time:
        return Said()
    first, last = case.moment.first + 1, case.moment.last + 1
    return say(" ({months})", months=given(f"months {first} to {last}", "date"))


def _coarse(row: Row, statistic: str) -> Quote:
    return Quote(f"{getattr(row, statistic):.0f}%", row.cell(statistic))


def _largest(case: Case, metrics: Sequence[str]) -> float:
    """The largest clear difference in these measures, as a part of the range across futures."""
    rows = [case.row(scenario, metric) for scenario in case.others for metric in metrics]
    return max(
        (row.leverage for row in rows if row is not None and row.verdict in CLEAR), default=0.0
    )


def _equal(case: Case, metric: str) -> bool:
    rows = [case.row(scenario, metric) for scenario in case.others]
    return all(row is not None and row.verdict == "equal" for row in rows)
