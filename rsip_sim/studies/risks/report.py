"""How many schools and communities are at which risk under each option; by name only in parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from rsip_sim.evidence.months import month_name, parse_month
from rsip_sim.measures.formats import MINUS
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
from rsip_sim.report.text import WIDTH
from rsip_sim.report.words import authority, likelihood, listed, per_cent, period
from rsip_sim.studies.compare.headline_table import thousands
from rsip_sim.studies.compare.screen import PRICES, per_year
from rsip_sim.studies.risks.work import SURE, RiskRegister, Risks

Shown = tuple[Column, Callable[["pd.Series[Any]"], str]]
"""A column of a list, and how its cells are written."""

MOST_SCHOOLS = 15
FEW_FUTURES = 100
_PUPILS = 7  # width of the column
_HALF = 0.5

WARNING = (
    "This part names schools and communities; consider who should see it. It is a list to work "
    "from, not a forecast of a named school: schools of one kind differ here by size, place and "
    "status alone, not by what is known of their heads and governors."
)

CLASSES = (
    (0.8, 1.01, "80% up: highly likely"),
    (0.6, 0.8, "60 to 80%: likely"),
    (0.4, 0.6, "40 to 60%: as likely as not"),
    (0.2, 0.4, "20 to 40%: unlikely"),
    (0.0, 0.2, "below 20%: highly unlikely"),
)
"""Chances of the first screen: from, to below, and the words of the yardstick."""


def risks_report(risks: Risks) -> Report:
    """The counts under every option, and both lists of the option chosen."""
    register = risks.chosen
    title, when = register.scenario.title, month_name(register.last_month)
    order = "most pupils at risk" if register.partnership else "chance to convert × pupils"
    held = (
        "most pupils at risk" if register.partnership else "most pupil-months short of support"
    )  # fmt: skip
    parts = [
        Part("schools", f"Schools under '{title}', {order} first (to the end of {when})",
             tuple(_schools(register))),
        Part("communities", f"Learning communities under '{title}', {held} first",
             tuple(_communities(register))),
        Part("method", "How to read this", (Points(tuple(_notes(register))),)),
    ]  # fmt: skip
    return Report(
        "How many schools are at risk of leaving?",
        tuple(_screen(risks)),
        f"{len(register.scenario.roster)} schools of {authority(register.scenario)}, "
        f"{period(register.scenario)}",
        parts=tuple(parts),
    )


def _screen(risks: Risks) -> Iterator[Block]:
    register = risks.chosen
    yield Paragraph(
        f"{register.replications:,} simulated futures. To leave is to be outside the partnership "
        f"at least once after having been in, to the end of {month_name(register.last_month)}; "
        "many return."
    )
    yield Paragraph(" ".join(answer(risks)), apart=True)
    yield _headline(risks)
    yield Heading("How sure")
    yield Points(tuple(_sure(register)), plain=True)


def answer(risks: Risks) -> Iterator[str]:
    """Under which option fewest and most schools leave, and communities are at risk."""
    founded = [each for each in risks.registers if each.partnership]
    if not founded:
        yield "None of these options has a partnership to leave."
        return
    leave = [float(each.schools["leaves"].sum()) for each in founded]
    what = f"of {len(founded[0].schools)} schools leave at least once, on average,"
    yield _spread(founded, [round(number) for number in leave], what)
    if not founded[0].communities.empty:
        weak = [int((each.communities["holds"] < SURE).sum()) for each in founded]
        total = len(founded[0].communities)
        yield _spread(
            founded, weak,
            f"of {total} learning communities hold together in fewer than nine futures of ten",
        )  # fmt: skip


def _spread(founded: Sequence[RiskRegister], counts: Sequence[int], what: str) -> str:
    least, most = min(counts), max(counts)
    if least == most:
        where = "every option with a partnership" if len(founded) > 1 else _named(founded)
        return f"{_number(most)} {what} under {where}."
    fewest, many = (
        _named([each for each, count in zip(founded, counts, strict=True) if count == wanted])
        for wanted in (least, most)
    )
    return f"{_number(least)} {what} under {fewest}, {most} under {many}."


def _number(count: int) -> str:
    return str(count) if count else "None"


def _named(registers: Sequence[RiskRegister]) -> str:
    return listed([f"'{each.scenario.brief}'" for each in registers], most=2)


def _headline(risks: Risks) -> Table:
    registers = risks.registers
    rows: list[Row | str] = [
        _counted("Schools that leave, on average", registers, _sum_of("leaves")),
        _counted("Schools that become academies", registers, _sum_of("academy"), always=True),
    ]
    room = len(registers) <= MOST_ACROSS  # else the chart and the tables have the classes
    if room:
        rows.append("Schools by their chance to leave")
        rows += [_counted(words, registers, _leaving(low, high)) for low, high, words in CLASSES]
    if not risks.chosen.communities.empty:
        rows.append("Communities that hold together")
        rows.append(_counted("in fewer than 9 of 10 futures", registers, _holding(SURE)))
        if room:
            rows.append(_counted("in fewer than half", registers, _holding(_HALF)))
    rows.append("Price")
    for line, label in PRICES.items():
        prices = (risks.prices[line, each.scenario.name] for each in registers)
        rows.append((label, *(thousands(per_year(row, row.mean)) for row in prices)))
    return options_table(
        "headline", "Number of schools", "How many schools leave and become academies, how many "
        "are at which chance to leave, how many learning communities do not surely hold together, "
        "and the price.",
        [each.scenario.brief for each in registers], rows,
    )  # fmt: skip


def _counted(
    label: str,
    registers: Sequence[RiskRegister],
    write: Callable[[RiskRegister], str],
    always: bool = False,
) -> Row:
    """A row; always: defined without a partnership too."""
    return (label, *(write(each) if always or each.partnership else "–" for each in registers))


def _sum_of(chance: str) -> Callable[[RiskRegister], str]:
    return lambda register: f"{register.schools[chance].sum():.1f}"


def _leaving(low: float, high: float) -> Callable[[RiskRegister], str]:
    return lambda register: str(
        int(register.schools["leaves"].between(low, high, inclusive="left").sum())
    )


def _holding(below: float) -> Callable[[RiskRegister], str]:
    return lambda register: str(int((register.communities["holds"] < below).sum()))


def _sure(register: RiskRegister) -> Iterator[str]:
    measure = "leaves" if register.partnership else "academy"
    low, high = (register.schools[f"{measure}_ci_{end}"].to_numpy() for end in ("low", "high"))
    half = float(np.nanmax(high - low)) / 2
    yield f"In the model: the chance of a single school is known to ±{100 * half:.0f} points (95%)."
    if register.replications < FEW_FUTURES:
        futures = "future" if register.replications == 1 else "futures"
        yield (
            f"With {register.replications:,} {futures} these chances are rough; compare again with "
            "--replications 1000."
        )
    yield (
        "In truth: the model knows a school by size, place and status, and not by its head or "
        "governors; counts are safer than names."
    )


def _schools(register: RiskRegister) -> Iterator[Block]:
    frame = register.schools
    yield Paragraph(WARNING)
    shown = [] if not register.partnership else [
        (Column("leaves", 7), _share("leaves")),
        (Column("95% interval", 11), lambda r: _interval(r, "leaves")),
        *_against(register.compared, "leaves"),
        (Column("half of them by", 9), lambda r: _short_month(r["half_by"])),
    ]  # fmt: skip
    shown.append((Column("becomes academy", 8), _academy))
    if not register.partnership:
        shown += [
            (Column("95% interval", 11), lambda r: _interval(r, "academy")),
            *_against(register.baseline is not None, "academy"),
            (Column("by order", 7), _share("by_order")),
        ]
    measure = "leaves" if register.partnership else "academy"
    shown += [
        (Column("months short", 7), lambda r: f"{r['months_short']:.1f}"),
        (Column("likelihood", 15, words=True, hang=0), lambda r: likelihood(r[measure])),
    ]
    yield _listed("School", "school", frame.head(MOST_SCHOOLS), shown)
    if len(frame) > MOST_SCHOOLS:
        yield Paragraph(f"… and {len(frame) - MOST_SCHOOLS} more in tables/schools.csv", "note")


def _communities(register: RiskRegister) -> Iterator[Block]:
    frame = register.communities
    if frame.empty:
        yield Paragraph("The roster names no learning communities.")
        return
    yield Paragraph(WARNING)
    shown: list[Shown] = [(Column("schools", 8), lambda r: f"{r['schools']}")]
    if register.partnership:
        shown += [
            (Column("holds together", 9), _share("holds")),
            (Column("95% interval", 11), lambda r: _interval(r, "holds")),
            *_against(register.compared, "holds"),
            (Column("pupils inside", 7), _share("expected_share")),
        ]
    shown.append((Column("months short", 7), lambda r: f"{r['months_short']:.1f}"))
    if register.partnership:
        words = Column("to hold together", 15, words=True, hang=0)
        shown.append((words, lambda r: likelihood(r["holds"])))
    yield _listed("Learning community", "learning_community", frame, shown)
    outside = int((register.scenario.roster.community < 0).sum())
    if outside:
        are = "school belongs" if outside == 1 else "schools belong"
        yield Paragraph(f"{outside} {are} to no learning community.", "note")


def _listed(head: str, name: str, frame: pd.DataFrame, shown: list[Shown]) -> Table:
    """A table of rank and name, pupils, and the columns shown; names have the room that is left."""
    room = WIDTH - sum(column.width for column, _ in shown) - _PUPILS
    columns = [Column(head, room, True, hang=3), Column("pupils", _PUPILS)]
    rows = tuple(
        (
            f"{record['rank']:>2} {record[name]}",
            f"{record['pupils']:,}",
            *(cell(record) for _, cell in shown),
        )
        for _, record in frame.iterrows()
    )
    return Table(
        name, f"{head}, most at risk first",
        f"One row a {head.lower()} with its rank, the one most at risk first.",
        (*columns, *(column for column, _ in shown)), rows, quiet=True, apart=True,
    )  # fmt: skip


def _against(compared: bool, name: str) -> list[Shown]:
    column = Column("points against baseline", 10)
    return [(column, lambda record: points(record, name))] if compared else []


def points(record: pd.Series[Any], name: str) -> str:
    """A paired difference in points; ``unclear`` where its interval holds nought."""
    column = f"{name}_difference"
    if column not in record or np.isnan(record[column]):
        return "–"
    low, high = record[f"{column}_ci_low"], record[f"{column}_ci_high"]
    if low == high == 0:
        return "none"
    if low <= 0 <= high:
        return "unclear"
    value = record[column]
    return f"{MINUS if value < 0 else '+'}{abs(100 * value):.1f}"


def _share(name: str) -> Callable[[pd.Series[Any]], str]:
    return lambda record: per_cent(record[name], brief=True)


def _interval(record: pd.Series[Any], name: str) -> str:
    low, high = record[f"{name}_ci_low"], record[f"{name}_ci_high"]
    return "–" if np.isnan(low) else f"{100 * low:.0f} to {100 * high:.0f}%"


def _academy(record: pd.Series[Any]) -> str:
    return "already" if np.isnan(record["academy"]) else per_cent(record["academy"], brief=True)


def _short_month(text: str) -> str:
    if not text:
        return "–"
    month, year = month_name(parse_month(text)).split()
    return f"{month[:3]} {year}"


def _notes(register: RiskRegister) -> Iterator[str]:
    if register.partnership:
        yield (
            "A school leaves of its own accord, at conversion or because the partnership "
            "dissolves. 'Half of them by' is the month by which half of the futures in which it "
            "leaves have it leave. Pupils at risk, by which lists are sorted, are chance × pupils."
        )
    else:
        yield (
            "This option has no partnership, so there is none to leave; its list is of the chance "
            "to become an academy, and of support that is lacking."
        )
    if register.partnership and not register.communities.empty:
        yield (
            "A community holds together when more than half of its pupils are in the partnership "
            "at the end; 'pupils inside' is their mean share then."
        )
    yield (
        "'Months short' are months below good with less support than the school needs (80% of its "
        "days), on average over futures; for a community averaged over its pupils."
    )
    yield (
        "The 95% interval is how precisely these futures fix a chance (binomial); about one in "
        "twenty misses. Likelihood is in the words of the probability yardstick of the UK "
        "government's analysts, with its gaps closed."
    )
    if register.baseline is not None:
        yield (
            "'Points against baseline' is the paired difference of the chance before it from that "
            f"under '{register.baseline.title}', given where its 95% interval leaves out nought."
        )
