"""How many schools and communities are at which risk under each option; by name only in parts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from rsip_sim.charts import style
from rsip_sim.charts.frame import Chart, framed, source_line
from rsip_sim.charts.heat import Box, Tiles
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.evidence.months import month_name
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
from rsip_sim.report.quoted import Derived, Given, Quote, Said, given, say
from rsip_sim.report.text import MOST_ACROSS, WIDTH, options_table
from rsip_sim.report.words import (
    NOTHING,
    YARDSTICK,
    counted,
    last_month,
    likelihood,
    listed,
    per_cent,
    place,
)
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.price import thousands
from rsip_sim.studies.compare.screen import PRICES
from rsip_sim.studies.kernel.choice_words import asked_about
from rsip_sim.studies.risks.work import BOUNDS, SURE, RiskRegister, Risks, in_classes

Shown = tuple[Column, Callable[["pd.Series[Any]"], str]]
"""A column of a list, and how its cells are written."""

MOST_SCHOOLS = 15
FEW_FUTURES = 100
_PUPILS = 7  # width of the column

WARNING = (
    "This part names schools and communities; consider who should see it. It is a list to work "
    "from, not a forecast of a named school: schools of one kind differ here by size, place and "
    "status alone, not by what is known of their heads and governors."
)

NOTES = (
    "A school leaves of its own accord, at conversion or because the partnership dissolves. The "
    "lists are sorted by chance × pupils; without a partnership, schools by the chance to become "
    "an academy, and communities by months short.",
    "A community holds together when more than half of its pupils are in the partnership at the "
    "end; 'pupils inside' is their mean share then.",
    "'Months short' are months below good with less support than the school needs (80% of its "
    "days), on average over futures; for a community averaged over its pupils.",
    "The 95% interval is how precisely these futures fix a chance (binomial). 'Points against "
    "baseline' is the paired difference from the baseline, given where its 95% interval leaves "
    "out nought.",
    "Likelihood is in the words of the probability yardstick of the UK government's analysts, "
    "with its gaps closed.",
)

CLASSES = [
    f"{words.removeprefix('a ')}, from {least:.0%}"
    for (_, words), least in zip(YARDSTICK, BOUNDS, strict=False)
]
"""Labels of the classes of chances, the remote one first."""


def risks_report(risks: Risks) -> Report:
    """The counts under every option, and both lists of the option chosen."""
    register = risks.chosen
    title, when = register.scenario.title, month_name(register.last_month)
    parts = (
        Part(
            "schools",
            f"Schools under '{title}', most at risk first (to the end of {when})",
            tuple(_schools(register)),
        ),
        Part(
            "communities",
            f"Learning communities under '{title}', most at risk first",
            tuple(_communities(register)),
        ),
        Part("method", "How to read this", (Points(NOTES),)),
    )
    return Report(
        "How many schools are at risk of leaving?",
        tuple(_screen(risks)),
        asked_about(register.scenario),
        parts=parts,
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
    leave = [round(float(each.schools["leaves"].sum())) for each in founded]
    total = len(founded[0].schools)
    yield _spread(founded, leave, f"of {total} schools leave at least once, on average,")
    if total := len(founded[0].communities):
        weak = [_at_risk(each) for each in founded]
        words = f"of {total} learning communities hold together in fewer than nine futures of ten"
        yield _spread(founded, weak, words)


def _spread(founded: Sequence[RiskRegister], counts: Sequence[int], what: str) -> str:
    fewest, most = min(counts), max(counts)
    if fewest == most:
        return f"{most} {what} under every option with a partnership."
    under = {
        count: listed(
            [
                f"'{each.scenario.brief}'"
                for each, found in zip(founded, counts, strict=True)
                if found == count
            ],
            most=2,
        )
        for count in (fewest, most)
    }
    return f"{fewest} {what} under {under[fewest]}, {most} under {under[most]}."


def _headline(risks: Risks) -> Table:
    registers = risks.registers

    def row(label: str, write: Callable[[RiskRegister], object]) -> Row:
        cells = (str(write(each)) if each.partnership else NOTHING for each in registers)
        return (label, *cells)

    academies = (f"{each.schools['academy'].sum():.1f}" for each in registers)
    rows: list[Row | str] = [
        row("Schools that leave, on average", lambda each: f"{each.schools['leaves'].sum():.1f}"),
        ("Schools that become academies", *academies),
    ]
    if not risks.chosen.communities.empty:
        rows.append(row("Communities not sure to hold together", _at_risk))
    if len(registers) <= MOST_ACROSS:  # else the table of counts has the classes
        rows.append("Schools by their chance to leave")
        classes = [row(label, partial(_of_class, i)) for i, label in enumerate(CLASSES)]
        rows += reversed(classes)
    rows.append("Price")
    for line, label in PRICES.items():
        prices = (risks.prices[line, each.scenario.name] for each in registers)
        rows.append((label, *(thousands(row.a_year("mean")) for row in prices)))
    return options_table(
        "headline", "Number of schools",
        "A community is not sure to hold together that does so in fewer than nine futures of ten.",
        [each.scenario.brief for each in registers], rows,
    )  # fmt: skip


def _of_class(place: int, register: RiskRegister) -> int:
    return in_classes(register.schools["leaves"])[place]


def _at_risk(register: RiskRegister) -> int:
    return int((register.communities["holds"] < SURE).sum())


def _sure(register: RiskRegister) -> Iterator[str]:
    measure = register.measure
    low, high = (register.schools[f"{measure}_ci_{end}"].to_numpy() for end in ("low", "high"))
    half = float(np.nanmax(high - low)) / 2
    yield f"In the model: the chance of a single school is known to ±{100 * half:.0f} points (95%)."
    if register.replications < FEW_FUTURES:
        futures = counted(register.replications, "future")
        yield f"With {futures} these chances are rough; compare again with --replications 1000."
    yield (
        "In truth: the model knows a school by size, place and status, and not by its head or "
        "governors; counts are safer than names."
    )


def _schools(register: RiskRegister) -> Iterator[Block]:
    frame, measure = register.schools, register.measure
    academy = (Column("becomes academy", 8), _academy)
    leaves = (Column("leaves", 7), _share("leaves"))
    yield Paragraph(WARNING)
    shown = [leaves if register.partnership else academy, *_precision(register, measure)]
    if register.partnership:
        shown.append(academy)
    shown += [
        (Column("months short", 7), lambda r: f"{r['months_short']:.1f}"),
        (Column("likelihood", 17, words=True, hang=0), lambda r: likelihood(r[measure])),
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
    shown = [
        (Column("schools", 8), lambda r: f"{r['schools']}"),
        (Column("holds together", 9), _share("holds")),
        *_precision(register, "holds"),
        (Column("pupils inside", 7), _share("expected_share")),
        (Column("months short", 7), lambda r: f"{r['months_short']:.1f}"),
        (Column("to hold together", 18, words=True, hang=0), lambda r: likelihood(r["holds"])),
    ]
    yield _listed("Learning community", "learning_community", frame, shown)
    if outside := int((register.scenario.roster.community < 0).sum()):
        belong = counted(outside, "school belongs", "schools belong")
        yield Paragraph(f"{belong} to no learning community.", "note")


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


def _precision(register: RiskRegister, name: str) -> Iterator[Shown]:
    """The interval of a chance and, where there is a baseline, its paired difference from that."""
    yield Column("95% interval", 11), lambda record: _interval(record, name)
    if register.baseline is not None:
        column = Column("points against baseline", 10)
        yield column, lambda record: _points(record, f"{name}_difference")


def _points(record: pd.Series[Any], column: str) -> str:
    """A paired difference in points; ``unclear`` where its interval holds nought."""
    value, low, high = (record[f"{column}{ending}"] for ending in ("", "_ci_low", "_ci_high"))
    if np.isnan(value):
        return NOTHING
    if low == high == 0:
        return "none"
    if low <= 0 <= high:
        return "unclear"
    return f"{MINUS if value < 0 else '+'}{abs(100 * value):.1f}"


def _share(name: str) -> Callable[[pd.Series[Any]], str]:
    return lambda record: per_cent(record[name], brief=True)


def _interval(record: pd.Series[Any], name: str) -> str:
    low, high = record[f"{name}_ci_low"], record[f"{name}_ci_high"]
    return NOTHING if np.isnan(low) else f"{100 * low:.0f} to {100 * high:.0f}%"


def _academy(record: pd.Series[Any]) -> str:
    return "already" if np.isnan(record["academy"]) else per_cent(record["academy"], brief=True)


NAME = "community_tiles"
SHADES = (  # from this chance on; the sequential blues of the guidance, darker for more risk
    (0.95, style.WHITE, "95% up"),
    (0.90, style.PALE_BLUE, "90–95%"),
    (0.80, "#6BACE6", "80–90%"),
    (0.50, style.MID_BLUE, "50–80%"),
    (0.00, style.DARK_BLUE, "below 50%"),
)
KEYS = ("learning_community",)
COLUMNS = ("schools", "pupils", "holds", "holds_ci_low", "holds_ci_high", "expected_share")


def community_tiles(
    table: pd.DataFrame, scenario: Scenario, replications: int, name: str = NAME
) -> Chart:
    """One tile a learning community, the least likely to hold together first.

    table  as rsip_sim.studies.risks.work.RiskRegister.communities, one row or more
    name   of the chart, where one paper holds several
    """
    ordered = table.sort_values(["holds", "learning_community"]).reset_index(drop=True)
    boxes = [
        Box(str(community), per_cent_of(chance), f"{pupils:,} pupils", shade(chance))
        for community, chance, pupils in zip(
            *(ordered[column] for column in ("learning_community", "holds", "pupils")), strict=True
        )
    ]
    return framed(
        name,
        _title(ordered, name),
        Tiles(boxes),
        subtitle="Chance that more than half of a community's pupils are in the partnership at "
        f"the end of {last_month(scenario)}; '{scenario.title}', {place(scenario)}",
        notes=[
            "The least likely to hold together stands first and darkest; no forecast of a named "
            "community. Each chance is a share of the futures simulated, and no range is drawn: "
            "95% intervals are in the table.",
            source_line(replications, [scenario]),
        ],
        key=[KeyEntry(words, "area", fill, style.DARK_GREY) for _, fill, words in SHADES],
        told="One tile a learning community with its chance to hold together, the least likely "
        "first.",
        data=ordered[[*KEYS, *COLUMNS]],
        keys=KEYS,
    )


def shade(chance: float) -> str:
    """Fill of a tile."""
    return next(fill for least, fill, _ in SHADES if chance >= least)


def per_cent_of(chance: float) -> str:
    """The chance as it stands in its tile, never in a class of another shade."""
    if 0 < chance < 0.005 or 0.995 <= chance < 1:
        return "<1%" if chance < 0.5 else ">99%"
    whole = round(100 * chance)
    edge = any(chance < least <= whole / 100 for least, *_ in SHADES)
    return f"{math.floor(1000 * chance) / 10:.1f}%" if edge else f"{whole}%"


def _title(table: pd.DataFrame, name: str) -> Said:
    weak, total = int((table["holds"] < SURE).sum()), len(table)
    return say(
        "{weak} of {total} learning communities {hold} together in fewer than {sure}",
        weak=Quote(str(weak) if weak else "None",
                   Derived(f"learning communities below {SURE:.0%}: {name}", weak)),
        total=given(str(total), "roster: number of learning communities"),
        hold="holds" if weak == 1 else "hold",
        sure=Quote("nine futures of ten", Given("convention: nearly sure to hold together")),
    )  # fmt: skip
