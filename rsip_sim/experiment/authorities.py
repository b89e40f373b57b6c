"""Generic authorities: England's 149 authorities with as many schools as they had, else alike.

What is known of each authority is how many schools and academies it had by phase; everything else
(sizes, kinds of governance, grades, communities) is given in national proportions, without a
random number. They serve to compare the model with England; nobody should read one as a portrait.

Sources: Department for Education register of schools (stocks by authority; governance of the
schools open in August 2010; average sizes of the performance tables, rounded); Ofsted annual
report 2010/11 (grades of all schools on 31 August 2011).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from functools import cache

from rsip_sim.evidence.months import month_text, parse_month
from rsip_sim.evidence.national import (
    PHASES,
    AuthorityCount,
    authorities,
    opening_hazard,
)
from rsip_sim.evidence.rosters import Roster, roster_from_rows

START = parse_month("2011-04")
_BEFORE = parse_month("2010-09")
_SIZES = {"primary": 255, "secondary": 1050, "special": 120}
_FIRST_NUMBER = {"primary": 0, "secondary": 600, "special": 800}
_NUMBERS_AN_AUTHORITY = 1000
_FIRST_URN = 1_000_000
# schools open on 31 August 2010, by governance; special schools all count as community schools
_GOVERNANCE = {
    "primary": {
        "community": 9783,
        "foundation": 918,
        "voluntary aided": 3743,
        "voluntary controlled": 2468,
    },
    "secondary": {
        "community": 1488,
        "foundation": 1008,
        "voluntary aided": 533,
        "voluntary controlled": 102,
    },
    "special": {"community": 1},
}
# outstanding, good, satisfactory, inadequate
_GRADE_SHARES = (0.20, 0.50, 0.28, 0.02)
_GOLDEN_SECTION = (math.sqrt(5.0) - 1.0) / 2.0
_CATHOLIC, _ANGLICAN = "Roman Catholic", "Church of England"


@cache
def _counts() -> dict[tuple[int, str, str], AuthorityCount]:
    return {(row.month, row.authority, row.phase): row for row in authorities()}


@cache
def authority_names() -> tuple[str, ...]:
    """The authorities of the shipped table, in order of name."""
    return tuple(sorted({row.authority for row in authorities()}))


def generic_authorities() -> Iterator[Roster]:
    """The rosters of all authorities on 31 March 2011, in order of name."""
    return (generic_roster(authority) for authority in authority_names())


@cache
def generic_roster(authority: str) -> Roster:
    """An authority's schools as they stood when April 2011 began, before that day's openings.

    authority  a name of `authority_names()`
    There is one learning community for each secondary school, and the primary and special schools
    are spread over them evenly. URNs are made up, and differ between authorities.
    Raises ValueError for an authority the table does not have.
    """
    if authority not in authority_names():
        raise ValueError(f"the table of authorities has no '{authority}'")
    communities = max(_total(authority, "secondary"), 1)
    first = _FIRST_URN + authority_names().index(authority) * _NUMBERS_AN_AUTHORITY
    rows: list[dict[str, object]] = []
    for phase in PHASES:
        kinds = _governance(phase, _total(authority, phase))
        urns = [first + _FIRST_NUMBER[phase] + number for number in range(len(kinds))]
        opened = _academies(authority, phase, urns)
        for number, (urn, (kind, diocese)) in enumerate(zip(urns, kinds, strict=True)):
            community = number * communities // len(kinds) + 1
            row: dict[str, object] = {
                "urn": urn,
                "school": f"{authority} {phase} {number + 1}",
                "phase": phase,
                "pupils": _SIZES[phase],
                "governance": kind,
                "learning_community": f"{authority} {community:03d}",
                "diocese": diocese,
                "legal_status": "maintained",
                "ofsted_grade": _grade(urn),
            }
            if urn in opened:
                route, month = opened[urn]
                row |= {"legal_status": "academy", "route": route, "opened": month_text(month)}
            rows.append(row)
    return roster_from_rows(rows, authority)


def _total(authority: str, phase: str) -> int:
    row = _counts()[START, authority, phase]
    return row.maintained + row.converter + row.sponsored


def _governance(phase: str, schools: int) -> list[tuple[str, str]]:
    """Governance and diocese of each school: at every length as near the national mix as can be.

    Voluntary aided schools are Catholic and Church of England in turn, controlled ones Church of
    England.
    """
    shares = {kind: n / sum(_GOVERNANCE[phase].values()) for kind, n in _GOVERNANCE[phase].items()}
    given = dict.fromkeys(shares, 0)
    kinds = []
    for number in range(schools):
        due = {kind: share * (number + 1) - given[kind] for kind, share in shares.items()}
        kind = max(due, key=lambda name: due[name])
        given[kind] += 1
        diocese = _ANGLICAN if kind == "voluntary controlled" else ""
        if kind == "voluntary aided":
            diocese = _CATHOLIC if given[kind] % 2 else _ANGLICAN
        kinds.append((kind, diocese))
    return kinds


def _spread(urn: int) -> float:
    """A number from 0 to 1; those of successive URNs fill the interval evenly."""
    return urn * _GOLDEN_SECTION % 1.0


def _grade(urn: int) -> int:
    return 1 + sum(_spread(urn) >= bound for bound in itertools.accumulate(_GRADE_SHARES[:3]))


def _academies(authority: str, phase: str, urns: list[int]) -> dict[int, tuple[str, int]]:
    """Which schools are academies already, by URN: route and month of opening.

    Converters are outstanding schools first, since until November 2010 only those could convert.
    Sponsored ones are any others, dated September 2010: nothing depends on their date.
    """
    months = _converter_months(phase)[authority]
    best = sorted(urns, key=lambda urn: (_grade(urn), _spread(7 * urn)))
    others = sorted(best[len(months) :], key=lambda urn: _spread(7 * urn))
    sponsored = others[: _counts()[START, authority, phase].sponsored]
    return {urn: ("converter", month) for urn, month in zip(best, months, strict=False)} | {
        urn: ("sponsored", _BEFORE) for urn in sponsored
    }


@cache
def _converter_months(phase: str) -> dict[str, list[int]]:
    """Months of opening of the converters that stood before 1 April 2011, by authority.

    The table says where converters stood on 1 September 2010 and on 1 April 2011, and the national
    series how many opened in each month between. The months are dealt to the authorities in turn,
    so those of 1 April 2011 itself are put back among the maintained schools in proportion.
    """
    months = {
        name: [_BEFORE] * _counts()[_BEFORE, name, phase].converter for name in authority_names()
    }
    new = [
        name
        for name in authority_names()
        for _ in range(_counts()[START, name, phase].converter - len(months[name]))
    ]
    series = opening_hazard()
    between = range(_BEFORE + 1, START + 1)
    openings = series.openings[0, PHASES.index(phase)]
    flow = {month: int(openings[month - series.first]) for month in between}
    total, passed = sum(flow.values()), dict.fromkeys(between, 0)
    for place, name in enumerate(new):
        due = {month: (place + 1) * flow[month] / total - passed[month] for month in between}
        month = max(due, key=lambda candidate: due[candidate])
        passed[month] += 1
        if month < START:
            months[name].append(month)
    return months
