"""Words that every report shares: names in a row, shares, counts, places and periods."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rsip_sim.evidence.months import financial_year, month_name
from rsip_sim.scenario import Scenario

CONTENTS = "Contents"
TO_BE_WRITTEN = "To be written"
NOTHING = "–"
"""What stands in a cell that holds nothing, where a reader goes from cell to cell."""

FEW = 5  # things named one by one; the rest are counted
COUNTS = (
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip
"""Counts as they stand in a sentence, by their number."""


def listed(names: Sequence[str], last: str = "and", most: int | None = None) -> str:
    """``a, b and c``; beyond so many ``a, b and 4 more``. ValueError where there is none."""
    if not names:
        raise ValueError("there is nothing to list")
    if most is not None and len(names) > most:
        names = [*names[:most], f"{len(names) - most} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def named(things: Sequence[str]) -> str:
    """The first few by name and the others by number: ``a, b and 7 more``."""
    if len(things) <= FEW:
        return ", ".join(things)
    return f"{', '.join(things[:FEW])} and {len(things) - FEW} more"


def counted(number: int, one: str, many: str = "") -> str:
    """``1 file``, ``12 files``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def in_words(count: int) -> str:
    """A count as it stands in a sentence: ``four``, ``12``."""
    return COUNTS[count] if 0 < count < len(COUNTS) else f"{count:,}"


def per_cent(share: float, brief: bool = False) -> str:
    """A share that is never rounded to none or to all: ``97%``, ``less than 1%``.

    brief  as in the cell of a table: ``<1%``
    """
    if math.isnan(share):
        return NOTHING
    if 0 < share < 0.005:
        return "<1%" if brief else "less than 1%"
    if 0.995 <= share < 1:
        return ">99%" if brief else "more than 99%"
    return f"{100 * share:.0f}%"


def share_of_spread(share: float, brief: bool = False) -> str:
    """A share of a spread; an estimate below none is none, one beyond all of it all of it."""
    return per_cent(min(max(share, 0.0), 1.0), brief)


YARDSTICK = (
    (0.05, "a remote chance"),
    (0.20, "highly unlikely"),
    (0.40, "unlikely"),
    (0.60, "about as likely as not"),
    (0.80, "likely"),
    (0.95, "highly likely"),
    (1.01, "almost certain"),
)
"""Upper bounds of chances and the words for them: those of the probability yardstick of the UK
government's analysts, with its gaps closed."""


def likelihood(chance: float) -> str:
    """The word of the yardstick for a chance: ``unlikely``; a dash where it is not defined."""
    return next((words for bound, words in YARDSTICK if chance < bound), NOTHING)


def of_futures(share: float, replications: int) -> str:
    """``83 of 100 futures``; counts are kept below 100 futures and never rounded to none or all."""
    count = round(share * replications)
    if count == 0:
        return "none"
    if count == replications:
        return "every future"
    if replications < 100:
        return f"{count} of {replications} futures"
    rounded = round(100 * share)
    if rounded == 100:
        return "more than 99 of 100 futures"
    if rounded == 0:
        return "fewer than 1 of 100 futures"
    return f"{rounded} of 100 futures"


def period(scenario: Scenario) -> str:
    """The months simulated: ``April 2011 to March 2016``."""
    return months_in_words(scenario, 0, scenario.policy.horizon_months - 1)


def months_in_words(scenario: Scenario, first: int, last: int) -> str:
    """A stretch of model months, both included: ``April 2012 to March 2016``; one once."""
    start = scenario.policy.start
    return " to ".join(dict.fromkeys(month_name(start + month) for month in (first, last)))


def last_month(scenario: Scenario) -> str:
    """The last month simulated, in words."""
    return month_name(scenario.policy.start + scenario.policy.horizon_months - 1)


def place(scenario: Scenario) -> str:
    """Place of the roster in words: ``Rotherham (roster of 2011)`` for ``rotherham_2011``."""
    name, _, year = scenario.roster.name.rpartition("_")
    if name and year.isdigit():
        return f"{authority(scenario)} (roster of {year})"
    return authority(scenario)


def authority(scenario: Scenario) -> str:
    """The place alone: ``Rotherham``."""
    name, _, year = scenario.roster.name.rpartition("_")
    return (name if name and year.isdigit() else scenario.roster.name).replace("_", " ").title()


def financial_year_text(month_number: int) -> str:
    """The financial year of a month number: ``2011-12``."""
    year = financial_year(month_number)
    return f"{year}-{(year + 1) % 100:02d}"
