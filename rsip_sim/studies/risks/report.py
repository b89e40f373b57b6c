"""The register of risks: the tops of both lists, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from rsip_sim.evidence.months import month_name, parse_month
from rsip_sim.measures.formats import MINUS
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Points, Report, Table
from rsip_sim.report.text import WIDTH
from rsip_sim.report.words import per_cent
from rsip_sim.studies.risks.work import RiskRegister

Shown = tuple[Column, Callable[["pd.Series[Any]"], str]]
"""A column of a list, and how its cells are written."""

MOST_SCHOOLS = 15
PUPILS_WIDTH = 7
FEW_FUTURES = 100
_PLURAL = {"school": "Schools", "learning_community": "Learning communities"}


def risks_report(register: RiskRegister) -> Report:
    """Both lists, each with what it says in a sentence or two."""
    when = month_name(register.last_month)
    order = "most pupils at risk" if register.partnership else "chance to convert × pupils"
    return Report(
        f"Schools and learning communities at risk: {register.scenario.title}",
        (
            Paragraph(_opening(register)),
            Heading(f"Schools, {order} first (to the end of {when})"),
            *_schools(register),
            Heading(f"Learning communities, {_order_of_communities(register)} first"),
            *_communities(register),
            Heading("How to read this", part="method"),
            Points(tuple(_notes(register))),
        ),
    )


def _order_of_communities(register: RiskRegister) -> str:
    return "most pupils at risk" if register.partnership else "most pupil-months short of support"


def interval(low: float, high: float) -> str:
    """``61 to 67%``."""
    if np.isnan(low):
        return "–"
    return f"{100 * low:.0f} to {100 * high:.0f}%"


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


def _opening(register: RiskRegister) -> str:
    roster = register.scenario.roster
    against = (
        f"; compared with '{register.baseline.title}' in the same futures"
        if register.baseline is not None
        else ""
    )
    return (
        f"Simulated futures: {register.replications:,}, of {len(roster)} schools, roster "
        f"{roster.name}{against}. A list to work from, not a forecast of a named school: "
        "schools of one kind differ here by size, place and status alone, not by what is known of "
        "their heads and governors."
    )


def _schools(register: RiskRegister) -> Iterator[Block]:
    frame = register.schools
    if not register.partnership:
        yield Paragraph(
            "This scenario has no partnership, so there is none to leave; the list is of the "
            "chance to become an academy, and of support that is lacking."
        )
    else:
        yield Paragraph(_about_leaving(frame))
    shown = [] if not register.partnership else [
        (Column("leaves", 7), _share("leaves")),
        (Column("95% interval", 11), lambda r: _interval(r, "leaves")),
        *_against(register.compared, "leaves"),
        (Column("half of them by", 9), lambda r: _short_month(r["half_by"])),
    ]  # fmt: skip
    shown.append((Column("becomes academy", 8), _academy))
    if register.partnership:
        shown.append((Column("and leaves", 7), _share("academy_and_leaves")))
    else:
        shown += [
            (Column("95% interval", 11), lambda r: _interval(r, "academy")),
            *_against(register.baseline is not None, "academy"),
            (Column("by order", 7), _share("by_order")),
        ]
    shown += [
        (Column("months short", 7), lambda r: f"{r['months_short']:.1f}"),
        (Column("ever short", 6), _share("short_ever")),
    ]
    yield _listed("School", "school", frame.head(MOST_SCHOOLS), shown)
    if len(frame) > MOST_SCHOOLS:
        yield Paragraph(f"… and {len(frame) - MOST_SCHOOLS} more in tables/schools.csv", "note")


def _listed(head: str, name: str, frame: pd.DataFrame, shown: list[Shown]) -> Table:
    """A table of rank and name, pupils, and the columns shown; names have the room that is left."""
    room = WIDTH - sum(column.width for column, _ in shown) - PUPILS_WIDTH
    columns = [Column(head, room, True), Column("pupils", PUPILS_WIDTH)]
    rows = tuple(
        (
            f"{record['rank']:>2} {record[name]}",
            f"{record['pupils']:,}",
            *(cell(record) for _, cell in shown),
        )
        for _, record in frame.iterrows()
    )
    return Table(
        name, f"{_PLURAL[name]} at risk",
        f"One row a {head.lower()} with its rank, the one most at risk first.",
        (*columns, *(column for column, _ in shown)), rows, quiet=True, apart=True,
    )  # fmt: skip


def _against(compared: bool, name: str) -> list[Shown]:
    column = Column("points against baseline", 10)
    return [(column, lambda record: points(record, name))] if compared else []


def _share(name: str) -> Callable[[pd.Series[Any]], str]:
    return lambda record: per_cent(record[name], brief=True)


def _interval(record: pd.Series[Any], name: str) -> str:
    return interval(record[f"{name}_ci_low"], record[f"{name}_ci_high"])


def _academy(record: pd.Series[Any]) -> str:
    return "already" if np.isnan(record["academy"]) else per_cent(record["academy"], brief=True)


def _about_leaving(frame: pd.DataFrame) -> str:
    leaves = frame["leaves"]
    often = int((leaves > 0.5).sum())
    if leaves.max() == 0:
        return "No school leaves the partnership in any of the futures simulated."
    first = frame.iloc[0]
    who = "No school leaves" if often == 0 else (
        "One school leaves" if often == 1 else f"{often} schools leave"
    )  # fmt: skip
    return (
        f"{who} the partnership in more than half of the futures; the median school does in "
        f"{per_cent(float(leaves.median()))}. Most pupils are at risk at {first['school']}: "
        f"{first['pupils']:,} pupils, leaving in {per_cent(first['leaves'])} of futures "
        f"(95% interval {interval(first['leaves_ci_low'], first['leaves_ci_high'])})."
    )


def _communities(register: RiskRegister) -> Iterator[Block]:
    frame = register.communities
    if frame.empty:
        yield Paragraph("The roster names no learning communities.")
        return
    if register.partnership:
        yield Paragraph(_about_holding(frame))
    else:
        yield Paragraph(
            "Whether communities hold together is not defined without a partnership; what they "
            "lack in support is."
        )
    shown: list[Shown] = [(Column("schools", 8), lambda r: f"{r['schools']}")]
    if register.partnership:
        shown += [
            (Column("holds together", 9), _share("holds")),
            (Column("95% interval", 11), lambda r: _interval(r, "holds")),
            *_against(register.compared, "holds"),
            (Column("pupils inside", 8), _share("expected_share")),
        ]
    shown += [
        (Column("months short", 7), lambda r: f"{r['months_short']:.1f}"),
        (Column("schools short", 8), lambda r: f"{r['schools_short']:.1f}"),
    ]
    yield _listed("Learning community", "learning_community", frame, shown)
    outside = int((register.scenario.roster.community < 0).sum())
    if outside:
        are = "school belongs" if outside == 1 else "schools belong"
        yield Paragraph(f"{outside} {are} to no learning community.", "note")


def _about_holding(frame: pd.DataFrame) -> str:
    least = frame.iloc[int(frame["holds"].to_numpy().argmin())]
    weak = int((frame["holds"] < 0.9).sum())
    total = len(frame)
    if least["holds"] == 1.0:
        who = "The one learning community holds" if total == 1 else (
            f"{'Both' if total == 2 else f'All {total}'} learning communities hold"
        )  # fmt: skip
        return f"{who} together in every future simulated."
    if total == 1:
        many = "The one learning community holds"
    elif weak == 0:
        many = f"{'Both' if total == 2 else f'All {total}'} learning communities hold"
    else:
        many = f"{total - weak} of {total} learning communities hold"
    more = "" if total == 1 else (
        f" in nine futures of ten or more; least sure is {least['learning_community']}"
    )  # fmt: skip
    return (
        f"{many} together{more}: in {per_cent(least['holds'])} of futures (95% interval "
        f"{interval(least['holds_ci_low'], least['holds_ci_high'])}) more than half of its pupils "
        "are in the partnership at the end."
    )


def _notes(register: RiskRegister) -> Iterator[str]:
    if register.partnership:
        yield (
            "'Leaves' is the share of futures in which the school is outside at least once after "
            "having been in, of its own accord, at conversion or because the partnership "
            "dissolves; many return. 'Half of them by' is the month by which half of the futures "
            "in which it leaves have it leave. Pupils at risk are chance × pupils."
        )
    if register.partnership and not register.communities.empty:
        yield (
            "A community holds together when more than half of its pupils are in the partnership "
            "at the end; 'pupils inside' is their mean share then."
        )
    yield (
        "'Months short' are months below good with less support than the school needs (80% of its "
        "days), on average over futures; 'ever short' is the chance of any such month. For a "
        "community the months are averaged over pupils, and 'schools short' is how many of its "
        "schools ever are."
    )
    yield (
        "The 95% interval is how precisely these futures fix a chance (binomial); about one in "
        "twenty misses."
    )
    if register.compared or (register.baseline is not None and not register.partnership):
        yield (
            "'Points against baseline' is the paired difference of the chance before it, given "
            "where its own 95% interval leaves out nought."
        )
    if register.replications < FEW_FUTURES:
        futures = "future" if register.replications == 1 else "futures"
        yield (
            f"With {register.replications:,} {futures} these chances are rough; compare again with "
            "--replications 1000."
        )


def _short_month(text: str) -> str:
    if not text:
        return "–"
    month, year = month_name(parse_month(text)).split()
    return f"{month[:3]} {year}"
