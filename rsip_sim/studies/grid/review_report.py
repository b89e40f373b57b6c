"""A review told: what to settle now, and what it is worth to look before deciding."""

from __future__ import annotations

from collections.abc import Iterator

from rsip_sim.evidence.months import month_name
from rsip_sim.measures.metrics import METRICS
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Part, Points, Report, Table
from rsip_sim.report.words import NOTHING, listed
from rsip_sim.scenario.settings import field_label
from rsip_sim.studies.compare.report import CLIMATES
from rsip_sim.studies.grid.learning import FEWEST_TO_LEARN, FOLDS, group_names
from rsip_sim.studies.grid.review import POUNDS, Judged, ReviewResult
from rsip_sim.studies.kernel.choice_words import (
    COST_WORDS,
    asked_about,
    combination,
    failed_sentences,
    left_out_sentences,
    setting,
    short,
)

_AIM = Column("aim", 27, words=True, hang=1, once=True)
_UNIT_WORTH = Column("at £ each", 8)
_PAYERS = ("Schools pay, £000 a year", "Council pays, £000 a year")


def review_report(result: ReviewResult) -> Report:
    """The whole study; its title is that of its file."""
    return Report(
        "",
        tuple(_screen(result)),
        asked_about(result.cells.scenario),
        parts=(
            Part("looks", "What looking at each thing is worth", tuple(_looks(result))),
            Part("states", "Which option each state gets", tuple(_states(result))),
            Part("options", "What each option brings and costs", (_options(result),)),
            Part("method", "How to read this", (Points(tuple(_reading(result))),)),
        ),
    )


def signal_words(looks: str) -> str:
    """What is looked at, in words: ``participation and partnership fund together``."""
    names = [METRICS[name].noun for name in looks.split()]
    return f"{listed(names)} together" if len(names) > 1 else names[0]


def _screen(result: ReviewResult) -> Iterator[Block]:
    cells = result.cells
    yield Paragraph(
        f"'{cells.scenario.title}' up to {month_name(result.review - 1)}; from "
        f"{month_name(result.review)} one of {len(result.options)} options, in the same "
        f"{result.replications:,} futures. As it is: {combination(cells, cells.base)}."
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
    """Of which aims it could not be told what looking is worth, and why."""
    if result.replications < FEWEST_TO_LEARN:
        yield (
            f"Too few futures to learn from: {result.replications}, where at least "
            f"{FEWEST_TO_LEARN}, better 1,000, are needed. What looking is worth was not worked "
            "out."
        )
        return
    for one in result.judged:
        if not one.worked_out:
            yield (
                f"What looking is worth for {one.aim.label} was not worked out: in "
                f"{one.futures} of {result.replications} futures alone is all of it defined."
            )


def _answer(result: ReviewResult) -> str:
    """What to settle, and whether looking first is worth anything."""
    worth = [one for one in result.judged if one.worth_looking]
    if not worth:
        return (
            "Looking first is worth nothing that can be told, for any of these aims: what is best "
            "can be settled now."
        )
    one = max(worth, key=lambda each: each.learnt[each.best_look].value.mean / each.hindsight)
    value, write = one.learnt[one.best_look].value, one.aim.format
    said = (
        f"For {one.aim.label} it is worth {write.magnitude(value.mean)} (95% interval "
        f"{write.magnitudes(value.ci_low, value.ci_high)}) to look at "
        f"{signal_words(one.best_look)} first."
    )
    known = len(result.worked_out)
    if len(worth) < known:
        said += (
            f" For {known - len(worth)} of {known} aims looking is worth nothing that can be told."
        )
    return said


def _headline(result: ReviewResult) -> Table:
    rows = []
    for one in result.worked_out:
        value, write = one.learnt[one.best_look].value, one.aim.format
        text = write.short_difference(value.mean) or "0"
        worth = text if value.ci_low > 0 else f"({text})"
        half = write.magnitude((value.ci_high - value.ci_low) / 2)
        rows.append(
            (
                *aim_words(one),
                _option(result, one.fixed),
                *_prices(result, one.fixed),
                *(("0", NOTHING) if one.settled else (worth, half)),
            )
        )
    return Table(
        "review",
        "For each aim the option that is best without looking, its price, and what the best look "
        "before deciding is worth",
        "One row an aim: the best option, what schools and the council pay for it, and the gain of "
        "looking first, with its interval.",
        (
            _AIM, _UNIT_WORTH, Column("best option", 21), *(Column(each, 9) for each in _PAYERS),
            Column("worth of looking", 11), Column("± (95%)", 11),
        ),
        tuple(rows),
        quiet=True,
        apart=True,
    )  # fmt: skip


def aim_words(one: Judged) -> tuple[str, str]:
    """The aim, and what a unit of it is worth there."""
    metric = one.aim.metric
    label = metric.label if metric.unit == "schools" else f"{metric.label}, {metric.unit}"
    return label, "–" if one.aim.worth_gbp is None else POUNDS.level(one.aim.worth_gbp)


def aim_text(one: Judged) -> str:
    """The same in one: ``Schools in the partnership, at £5,000 each``."""
    label, worth = aim_words(one)
    if one.aim.worth_gbp is None:
        return label
    return f"{one.aim.metric.label}, at {worth} each"


def _option(result: ReviewResult, option: int) -> str:
    values = zip(result.cells.levers, result.options[option], strict=True)
    return ", ".join(short(path, value) for path, value in values)


def _prices(result: ReviewResult, option: int) -> tuple[str, ...]:
    return tuple(f"{pounds / 1000:,.0f}" for pounds in result.prices[:, option])


def _sure(result: ReviewResult) -> Iterator[str]:
    first = max(result.worked_out, key=lambda one: one.learnt[one.best_look].apparent / _known(one))
    write = first.aim.format
    seems = max(found.apparent for found in first.learnt.values())
    if not write.shows_zero(seems):
        yield (
            f"Judged on the very futures it was picked on looking would seem worth "
            f"{write.magnitude(seems)} ({first.aim.metric.noun}): that is luck, and not counted."
        )
    if not write.shows_zero(first.hindsight):
        yield (
            f"To know the whole future beforehand would be worth {write.magnitude(first.hindsight)}"
            f" ({first.aim.metric.noun})."
        )
    known = result.worked_out
    lost = [one for one in known if any(o.value.ci_high < 0 for o in one.learnt.values())]
    if lost:
        yield (
            f"To decide by what is seen would even cost something for {len(lost)} of "
            f"{len(known)} aims: what seems best for a group of futures is luck there."
        )
    yield "What a unit is worth in pounds is a judgement, not evidence."


def _known(one: Judged) -> float:
    """What knowing everything is worth, as a yardstick that is never nothing."""
    return max(one.hindsight, 1e-12)


def _looks(result: ReviewResult) -> Iterator[Block]:
    columns = (
        Column("looking at", 41, words=True, hang=1), Column("worth", 11),
        Column("95% interval", 21), Column("seems worth", 10), Column("otherwise in", 11),
    )  # fmt: skip
    described = (
        "One row for each thing to look at before deciding: what that is worth, with its interval, "
        "what it seems worth on the futures it was picked on, and how often it picks otherwise."
    )
    yield from map(Paragraph, _not_worked_out(result))
    for one in result.worked_out:
        write = one.aim.format
        title = f"{one.aim.title}; to know the whole future: {write.magnitude(one.hindsight)}"
        if one.settled:
            yield Paragraph(f"{title}. The same option is best whatever is seen.", apart=True)
            continue
        rows = tuple(
            (
                signal_words(looks), write.short_difference(found.value.mean) or "0",
                f"{write.short_difference(found.value.ci_low)} to "
                f"{write.short_difference(found.value.ci_high)}",
                write.short_difference(found.apparent), f"{100 * found.changes:.0f}%",
            )
            for looks, found in one.learnt.items()
        )  # fmt: skip
        yield Table(f"looks_{one.aim.name}", title, described, columns, rows, apart=True)


def _states(result: ReviewResult) -> Iterator[Block]:
    """The option of each group of futures, for what it is worth most to look at."""
    yield from map(Paragraph, _not_worked_out(result))
    rows: list[tuple[str, ...] | str] = []
    for one in result.worked_out:
        if one.settled:
            continue
        names, found = [METRICS[name].noun for name in one.best_look.split()], one.learnt
        best = found[one.best_look]
        groups = zip(group_names(names), best.shares, best.picks, strict=True)
        rows += [
            (*aim_words(one), state, f"{100 * share:.0f}%", _option(result, pick))
            for state, share, pick in groups
        ]
    columns = (
        _AIM, _UNIT_WORTH, Column("what is seen", 27, words=True, hang=1),
        Column("share", 8), Column("option", 24),
    )  # fmt: skip
    described = "One row an aim and state at the review: how often it is, and the option picked."
    if rows:
        yield Table("states", "The option picked in each state", described, columns, tuple(rows))
    if any(one.settled for one in result.worked_out):
        yield Paragraph("For every other aim the same option is best whatever is seen.")
    cuts = [
        f"{metric.noun} {metric.format.level(float(cut))}"
        for metric, cut in zip(result.seen, result.cuts, strict=True)
    ]
    yield Paragraph(f"Low and high are the halves of the futures, parted at {listed(cuts)}.")


def _options(result: ReviewResult) -> Table:
    aims = [one for one in result.judged if one.aim.worth_gbp is None]
    columns = (
        Column("option", 22, words=True),
        *(Column(aim_words(one)[0], 13) for one in aims),
        *(Column(each, 10) for each in _PAYERS),
    )
    rows = tuple(
        (
            _option(result, option),
            *(one.aim.format.brief(float(one.levels[option])) for one in aims),
            *_prices(result, option),
        )
        for option in range(len(result.options))
    )
    levers = listed([field_label(path) for path in result.cells.levers])
    return Table(
        "options", f"{levers} from {month_name(result.review)} on; prices a year",
        "One row an option: its level for every aim, and what schools and the council pay.",
        columns, rows,
    )  # fmt: skip


def _reading(result: ReviewResult) -> Iterator[str]:
    cells = result.cells
    for path, values in cells.levers.items():
        yield f"{field_label(path)}: {', '.join(setting(path, value) for value in values)}."
    yield from left_out_sentences(cells)
    yield (
        "Until the review all options are the same and show it the same things. Looking is worth "
        "the mean gain of a rule that picks the best option for each group of futures, over the "
        "one option that is best for all. The rule is picked on nine tenths of the futures and "
        f"judged on the rest, {FOLDS} times over, so that luck is not mistaken for knowledge; "
        "'seems worth' is what it comes to on the futures it was picked on. 'Otherwise in' is the "
        "share of futures in which the rule takes another option."
    )
    yield (
        "Several values of a unit are tried, and the cost to the council from the review on is set "
        "against each, so that the dearest option does not win of itself."
    )
    yield COST_WORDS
    climate = cells.scenario.policy.levers.climate.conversion
    yield (
        f"National climate: {CLIMATES[climate]}. Money is cash, not real terms; pupil rolls are "
        "those of the roster."
    )
