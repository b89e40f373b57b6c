"""A review told: what to settle now, and what it is worth to look before deciding."""

from __future__ import annotations

from collections.abc import Iterator

from rsip_sim.evidence.months import month_name
from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.moments import labelled
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Part, Points, Report, Table
from rsip_sim.report.words import NOTHING, listed
from rsip_sim.scenario.levers import field_label
from rsip_sim.studies.grid.learning import FEWEST_TO_LEARN, FOLDS, group_names
from rsip_sim.studies.grid.report import standing_sentences
from rsip_sim.studies.grid.review import POUNDS, Aim, ReviewResult
from rsip_sim.studies.kernel.choice_words import (
    asked_about,
    combination,
    failed_sentences,
    in_short,
)

_AIM = (
    Column("aim", 27, words=True, hang=1, once=True),
    Column("at £ each", 8),
)
_PAYERS = ("Schools pay, £000 a year", "Council pays, £000 a year")


def review_report(result: ReviewResult) -> Report:
    """The whole study; its title is that of its file."""
    parts = [
        Part("options", "What each option brings and costs", (_options(result),)),
        Part("method", "How to read this", (Points(tuple(_reading(result))),)),
    ]
    if result.worked_out:
        parts.insert(0, Part("states", "Which option each state gets", tuple(_states(result))))
    looks = _looks(result) if result.worked_out else Paragraph("Not worked out: too few futures.")
    parts.insert(0, Part("looks", "What looking at each thing is worth", (looks,)))
    about = asked_about(result.cells.scenario)
    return Report("", tuple(_screen(result)), about, parts=tuple(parts))


def signal_words(looks: str) -> str:
    """What is looked at, in words: ``participation and partnership fund together``."""
    names = [METRICS[name].noun for name in looks.split()]
    return f"{listed(names)} together" if len(names) > 1 else names[0]


def _screen(result: ReviewResult) -> Iterator[Block]:
    cells = result.cells
    yield Paragraph(
        f"'{cells.scenario.title}' up to {month_name(result.review - 1)}; from "
        f"{month_name(result.review)} one of {len(result.options)} options, in the same "
        f"{result.replications:,} futures. As it is: {combination(cells.levers, cells.base)}."
    )
    yield from map(Paragraph, failed_sentences(result.failures))
    yield from (Paragraph(each, apart=True) for each in _not_worked_out(result))
    if not result.worked_out:
        return
    yield Paragraph(_answer(result), apart=True)
    yield _headline(result)
    yield Paragraph(
        "( ) not clear; 0: the same option is best whatever is seen. Prices: from the review on.",
        "note",
    )
    yield Heading("How sure")
    yield Points(tuple(_sure(result)), plain=True)


def _not_worked_out(result: ReviewResult) -> Iterator[str]:
    """For which aims it could not be told what looking is worth, and why."""
    unknown = [one for one in result.judged if not one.worked_out]
    if unknown:
        aims = listed([one.aim.label for one in unknown])
        futures = min(one.futures for one in unknown)
        yield (
            f"What looking is worth for {aims} was not worked out: all of it is defined in "
            f"{futures} of {result.replications} futures, where at least {FEWEST_TO_LEARN}, better "
            "1,000, are needed."
        )


def _answer(result: ReviewResult) -> str:
    """What to settle, and whether looking first is worth anything."""
    worth = [one for one in result.worked_out if one.worth_looking]
    if not worth:
        return (
            "Looking first is worth nothing that can be told, for any of these aims: what is best "
            "can be settled now."
        )
    one = worth[0]
    value, write = one.best.value, one.aim.format
    return (
        f"For {one.aim.label} it is worth {write.magnitude(value.mean)} (95% interval "
        f"{write.magnitudes(value.ci_low, value.ci_high)}) to look at "
        f"{signal_words(one.best_look)} first. It is clearly worth something for {len(worth)} of "
        f"{len(result.worked_out)} aims."
    )


def _headline(result: ReviewResult) -> Table:
    rows = []
    for one in result.worked_out:
        value, write = one.best.value, one.aim.format.short_difference
        worth = write(value.mean) if one.worth_looking else f"({write(value.mean)})"
        half = write((value.ci_high - value.ci_low) / 2).removeprefix("+")
        never = one.best.changes == 0
        rows.append(
            (
                *_aim_cells(one.aim),
                _option(result, one.fixed),
                *_prices(result, one.fixed),
                *(("0", NOTHING) if never else (worth, half)),
            )
        )
    columns = (
        *_AIM,
        Column("best option", 21),
        *(Column(each, 9) for each in _PAYERS),
        Column("worth of looking", 11),
        Column("± (95%)", 11),
    )
    return Table(
        "review",
        "For each aim the option that is best without looking, its price, and what the best look "
        "before deciding is worth",
        "One row an aim; the prices are those of the best option.",
        columns,
        tuple(rows),
        quiet=True,
        apart=True,
    )


def _aim_cells(aim: Aim) -> tuple[str, str]:
    """The aim, and what a unit of it is worth there."""
    worth = NOTHING if aim.worth_gbp is None else POUNDS.level(aim.worth_gbp)
    return labelled(aim.metric, aim.moment), worth


def _option(result: ReviewResult, option: int) -> str:
    return in_short(result.cells, result.options[option])


def _prices(result: ReviewResult, option: int) -> tuple[str, ...]:
    return tuple(f"{pounds / 1000:,.0f}" for pounds in result.prices[:, option])


def _sure(result: ReviewResult) -> Iterator[str]:
    one = max(result.worked_out, key=lambda each: (each.worth_looking, each.best.changes))
    write, apparent = one.aim.format.magnitude, max(each.apparent for each in one.learnt.values())
    yield (
        "A rule is judged on futures that had no say in it. On those it was picked on looking "
        f"would seem worth {write(apparent)} for {one.aim.label}; to know the whole future would "
        f"be worth {write(one.hindsight)}."
    )
    yield "What a unit is worth in pounds is a judgement, not evidence."


def _looks(result: ReviewResult) -> Table:
    """For each aim what it is worth to look at each thing."""
    rows: list[tuple[str, ...] | str] = []
    for one in result.worked_out:
        aim, write = one.aim, one.aim.format.short_difference
        rows.append(
            f"{aim.label} {aim.moment.phrase(aim.metric)} ({aim.unit()}); to know the whole "
            f"future: {aim.format.magnitude(one.hindsight)}"
        )
        rows += [
            (
                signal_words(looks),
                write(found.value.mean),
                f"{write(found.value.ci_low)} to {write(found.value.ci_high)}",
                write(found.apparent),
                f"{100 * found.changes:.0f}%",
            )
            for looks, found in one.learnt.items()
        ]
    columns = (
        Column("looking at", 41, words=True, hang=1),
        Column("worth", 11),
        Column("95% interval", 21),
        Column("seems worth", 10),
        Column("otherwise in", 11),
    )
    return Table(
        "looks",
        "What it is worth to look before deciding",
        "One row an aim and thing to look at; it seems worth more on the futures it was picked on.",
        columns,
        tuple(rows),
        quiet=True,
    )


def _states(result: ReviewResult) -> Iterator[Block]:
    """The option of each group of futures, for what it is worth most to look at."""
    rows = []
    for one in result.worked_out:
        names = group_names([METRICS[name].noun for name in one.best_look.split()])
        for state, share, pick in zip(names, one.best.shares, one.best.picks, strict=True):
            option = _option(result, pick)
            rows.append((*_aim_cells(one.aim), state, f"{100 * share:.0f}%", option))
    columns = (
        *_AIM,
        Column("what is seen", 27, words=True, hang=1),
        Column("share", 8),
        Column("option", 24),
    )
    described = "One row an aim and state at the review: how often it is, and the option picked."
    yield Table("states", "The option picked in each state", described, columns, tuple(rows))
    cuts = [
        f"{METRICS[name].noun} {METRICS[name].format.level(cut)}"
        for name, cut in result.cuts.items()
    ]
    yield Paragraph(f"Low and high are the halves of the futures, parted at {listed(cuts)}.")


def _options(result: ReviewResult) -> Table:
    aims = [one for one in result.judged if one.aim.worth_gbp is None]
    columns = (
        Column("option", 22, words=True),
        *(Column(_aim_cells(one.aim)[0], 13) for one in aims),
        *(Column(each, 10) for each in _PAYERS),
    )
    rows = [
        (
            _option(result, option),
            *(one.aim.format.brief(float(one.levels[option])) for one in aims),
            *_prices(result, option),
        )
        for option in range(len(result.options))
    ]
    levers = listed([field_label(path) for path in result.cells.levers])
    return Table(
        "options",
        f"{levers} from {month_name(result.review)} on; prices a year",
        "One row an option: its level for every aim, and what schools and the council pay.",
        columns,
        tuple(rows),
    )


def _reading(result: ReviewResult) -> Iterator[str]:
    yield (
        "Looking is worth the mean gain of a rule that picks the best option for each group of "
        "futures over the one option that is best for all. It is picked on nine tenths of the "
        f"futures and judged on the rest, {FOLDS} times over; 'otherwise in' is the share in which "
        "it takes another option."
    )
    yield (
        "Where a unit is worth pounds, the cost to the council from the review on is set against "
        "it, so that the dearest option does not win of itself."
    )
    yield from standing_sentences(result.cells)
