"""The monthly panel: which quantities one simulated block reports, and in what unit.

Each column is an array (months, replications), the state after the accounts of the month, or
the flow during it. Ratios that follow from stored columns (erosion, for one) are not stored.

Money is in whole pence: `…_pence_per_year` is an annual rate, of this year's budget where the
column says so and else of this month; `…_cumulative_pence` is a sum since the start. Days are
adviser-days a month. Two accounts balance to the penny in every month: the line is what is pooled
and what is delegated, and the service with the guarantee less the overspend is the path.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

PHASES = ("primary", "secondary", "special", "other")  # other: nursery schools and PRUs
LEGAL_STATUSES = ("maintained", "academy")
RELATIONS = ("member", "alone")
CONVERTING_PHASES = PHASES[:3]
ROUTES = ("converter", "sponsored")


@dataclass(frozen=True)
class Column:
    """One column of the panel: name, numpy type, unit and what it says."""

    name: str
    dtype: str
    unit: str
    meaning: str


_STOCKS = {
    f"{what}_{phase}_{legal}_{relation}": f"{what} in {phase} {legal} schools, {relation}"
    for what, phase, legal, relation in product(
        ("schools", "pupils"), PHASES, LEGAL_STATUSES, RELATIONS
    )
}
_FLOWS = {
    **{
        f"openings_{route}_{phase}": f"{phase} {route} openings this month"
        for route in ROUTES
        for phase in CONVERTING_PHASES
    },
    "applications": "schools that applied to convert this month",
    "withdrawals": "applications withdrawn this month",
    "orders": "academy orders made this month",
    "joins": "schools that joined the partnership this month",
    "exits_voluntary": "maintained schools that chose to leave this month",
    "exits_academy": "academies that left, at opening or later, this month",
    "exits_dissolution": "schools dropped because the partnership ended this month",
}
FLOWS = tuple(_FLOWS)

_MONEY = {
    "gross_pence_per_year": "gross DSG of all schools, this month's annual rate",
    "retained_pence_per_year": "DSG that stays with the council, this month's annual rate",
    "recouped_pence_per_year": "DSG recouped for academies, this month's annual rate",
    "recouped_new_pence_per_year": "of which for schools that became academies since the start",
    "gross_cumulative_pence": "gross DSG since the start",
    "recouped_cumulative_pence": "DSG recouped since the start",
    "recouped_new_cumulative_pence": "of which for schools that became academies since the start",
    "deficits_cumulative_pence": "deficits of sponsored schools left with the council",
    "line_pence_per_year": "the line set aside for the partnership, this year's budget",
    "pooled_pence_per_year": "of which the partnership gets, this year's budget",
    "delegated_pence_per_year": "of which schools get themselves, this year's budget",
    "delegated_academies_pence_per_year": "of which academies' share of a de-delegated line",
    "guarantee_pence_per_year": "what the council pays for a refused line, this year's budget",
    "ses_path_pence_per_year": "the council's money for the School Effectiveness Service",
    "ses_pence_per_year": "School Effectiveness Service, this year's budget",
    "overspend_pence_per_year": "service and guarantee above the path, this year's budget",
    "subscriptions_pence_per_year": "what members pay, this month's annual rate",
    "endowment_pence_per_year": "from the Endowment Fund, this month's annual rate",
    "sold_pence_per_year": "from days sold beyond the borough, this month's annual rate",
    "fund_pence_per_year": "partnership fund, this month's annual rate",
}

_FRACTIONS = {
    "participation": "pupil share of all state schools in the partnership",
    "connectedness": "chance that two schools of one community share a live tie",
    "integrity": "Herfindahl index of governance blocks relative to the start",
    "mutual_support": "days received ÷ days needed, schools below good",
    "stability": "pupil share of the members of 12 months ago still in the partnership",
    "cohesion": "weighted geometric mean of the five components",
    "cohesion_core": "the same from connectedness, integrity and mutual support only",
    "adequacy": "share of need met, whoever meets it, mean of the schools in the partnership",
    "adequacy_judged": "share of need that service and partnership meet, mean of the same schools",
    "confidence": "confidence in the partnership",
    "lead_offer_share": "share of good members that offer lead-school days",
}

COLUMNS: tuple[Column, ...] = (
    *(Column(name, "int32", text.split()[0], text) for name, text in _STOCKS.items()),
    *(Column(name, "int16", "schools", text) for name, text in _FLOWS.items()),
    *(Column(name, "int64", "pence", text) for name, text in _MONEY.items()),
    *(Column(name, "float64", "fraction", text) for name, text in _FRACTIONS.items()),
    Column("need_days", "float64", "days a month", "adviser-days needed, all schools"),
    Column("served_days", "float64", "days a month", "adviser-days received, all schools"),
    Column("bought_by_schools_days", "float64", "days a month", "of which schools buy themselves"),
    Column("commissioned_days", "float64", "days a month", "the fund buys from outside providers"),
    Column("unmet_days_below_good", "float64", "days a month", "unmet need of schools below good"),
    Column("vulnerable_pupils", "float64", "pupils", "pupils in schools below good × unmet share"),
    Column("cover_months", "int16", "months", "months of the agreement still to run"),
    Column("schools_in_chains", "int16", "schools", "academies in national chains"),
    Column("academies_alone", "int16", "schools", "academies in no partnership, trust or diocese"),
    Column("schools_below_good", "int16", "schools", "graded 3 or 4"),
    Column("schools_in_category", "int16", "schools", "graded 4"),
    Column("agreement_in_force", "int8", "0 or 1", "the agreement is in force"),
    Column("lapsed", "int8", "0 or 1", "an agreement has ended and none has followed"),
    Column("line_kept", "int8", "0 or 1", "a partnership whose line the Forum has not refused"),
    Column("partnership_ended", "int8", "0 or 1", "the partnership has ended"),
)

COLUMN_NAMES: tuple[str, ...] = tuple(column.name for column in COLUMNS)

# one row a school and replication; int16, months counted from the start, -1 = never
SCHOOL_COLUMNS: dict[str, str] = {
    "opening_month": "model month the school became an academy; −1 never, −2 before the start",
    "route": "0 none, 1 converter, 2 sponsored",
    "trust": "governance block (−1 the maintained family); equal numbers share a block",
    "first_month_alone": "first month outside the partnership after having been in it; −1 never",
    "member_at_end": "1 in the partnership after the last month, else 0",
    "months_unmet": "months below good with less support received than the reference",
}
