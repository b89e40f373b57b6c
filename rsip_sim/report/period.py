"""Place and period of a scenario in words, as charts and papers name them."""

from __future__ import annotations

from rsip_sim.evidence.months import financial_year, month_name
from rsip_sim.scenario import Scenario


def period(scenario: Scenario) -> str:
    """The months simulated: ``April 2011 to March 2016``."""
    return months_in_words(scenario, 0, scenario.policy.horizon_months - 1)


def months_in_words(scenario: Scenario, first: int, last: int) -> str:
    """A stretch of model months, both included: ``April 2012 to March 2016``."""
    start = scenario.policy.start
    return f"{month_name(start + first)} to {month_name(start + last)}"


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
