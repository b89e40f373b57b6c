"""Months as whole numbers: year × 12 + (month − 1), so that arithmetic needs no library.

A *month number* counts from the year 0 (April 2011 is 24135); a *model month* counts from
the start of a scenario (April 2011 is 0 when the scenario starts then).
"""

from __future__ import annotations

import re

MONTH_PATTERN = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
_NAMES = "January February March April May June July August September October November December"


def parse_month(text: str) -> int:
    """Month number of a text such as ``2011-04``; ValueError if it is not a month."""
    if not re.fullmatch(MONTH_PATTERN, text):
        raise ValueError(f"'{text}' is not a month; write it as year-month, such as 2011-04")
    year, month = text.split("-")
    return int(year) * 12 + int(month) - 1


def month_text(number: int) -> str:
    """The month number written as in a scenario file: ``2011-04``."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def month_name(number: int) -> str:
    """The month number in words: ``April 2011``."""
    return f"{_NAMES.split()[number % 12]} {number // 12}"


def month_of_year(number: int) -> int:
    """1 for January … 12 for December."""
    return number % 12 + 1


def financial_year(number: int) -> int:
    """The year in which the financial year of a month number begins: 2011 for 2011-12."""
    return (number - 3) // 12


def school_year(number: int) -> int:
    """The year in which the school year of a month number begins (September)."""
    return (number - 8) // 12
