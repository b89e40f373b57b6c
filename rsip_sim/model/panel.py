"""The monthly panel: which quantities one simulated block reports, and in what unit.

Each column is an array (months, replications), the state after the accounts of the month, or
the flow during it. Ratios that follow from stored columns (erosion, for one) are not stored.
"""

from __future__ import annotations

from dataclasses import dataclass

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


def _stocks() -> list[Column]:
    return [
        Column(
            f"{what}_{phase}_{legal}_{relation}",
            "int32",
            what,
            f"{what} in {phase} {legal} schools, {relation}",
        )
        for what in ("schools", "pupils")
        for phase in PHASES
        for legal in LEGAL_STATUSES
        for relation in RELATIONS
    ]


def _flows() -> list[Column]:
    openings = [
        Column(
            f"openings_{route}_{phase}", "int16", "schools", f"{phase} {route} openings this month"
        )
        for route in ROUTES
        for phase in CONVERTING_PHASES
    ]
    others = {
        "applications": "schools that applied to convert this month",
        "withdrawals": "applications withdrawn this month",
        "orders": "academy orders made this month",
        "joins": "schools that joined the partnership this month",
        "exits_voluntary": "maintained schools that chose to leave this month",
        "exits_academy": "academies that left, at opening or later, this month",
        "exits_dissolution": "schools dropped because the partnership dissolved this month",
    }
    return openings + [Column(name, "int16", "schools", text) for name, text in others.items()]


_MONEY = {
    "gross_pence_per_year": "gross DSG of all schools, this month's annual rate",
    "retained_pence_per_year": "DSG that stays with the council, this month's annual rate",
    "recouped_pence_per_year": "DSG recouped for academies, this month's annual rate",
    "recouped_new_pence_per_year": "of which for schools that became academies since the start",
    "gross_cumulative_pence": "gross DSG since the start",
    "recouped_cumulative_pence": "DSG recouped since the start",
    "recouped_new_cumulative_pence": "of which for schools that became academies since the start",
    "deficits_cumulative_pence": "deficits of sponsored schools left with the council",
    "envelope_pence_per_year": "council envelope for school improvement, this year's budget",
    "earmark_pence_per_year": "earmark paid to the partnership, this year's budget",
    "ses_pence_per_year": "School Effectiveness Service, this year's budget",
    "overspend_pence_per_year": "guarantee and floor above the envelope, this year's budget",
    "fund_pence_per_year": "partnership fund with subscriptions, endowment and trade; annual rate",
}

_FRACTIONS = {
    "pressure": "earmark ÷ envelope, this year's budget",
    "participation": "pupil share of all state schools in the partnership",
    "connectedness": "chance that two schools of one community share a live tie",
    "integrity": "Herfindahl index of governance blocks relative to the start",
    "mutual_support": "days served ÷ days needed, schools below good",
    "stability": "pupil share of the members of 12 months ago still in the partnership",
    "cohesion": "weighted geometric mean of the five components",
    "cohesion_core": "the same from connectedness, integrity and mutual support only",
    "adequacy": "mean support adequacy of the schools in the partnership",
    "confidence": "confidence in the partnership",
    "external_share": "days from external providers ÷ all days served",
    "lead_offer_share": "share of good members that offer lead-school days",
}

COLUMNS: tuple[Column, ...] = (
    *_stocks(),
    *_flows(),
    *(Column(name, "int64", "pence", text) for name, text in _MONEY.items()),
    *(Column(name, "float64", "fraction", text) for name, text in _FRACTIONS.items()),
    Column("need_days", "float64", "days a month", "adviser-days needed, all schools"),
    Column("served_days", "float64", "days a month", "adviser-days served, all schools"),
    Column("unmet_days_below_good", "float64", "days a month", "unmet need of schools below good"),
    Column("vulnerable_pupils", "float64", "pupils", "pupils in schools below good × unmet share"),
    Column("cover_months", "int16", "months", "months of the agreement still to run"),
    Column("schools_in_chains", "int16", "schools", "academies in national chains"),
    Column("schools_atomised", "int16", "schools", "in no partnership, trust or diocese"),
    Column("agreement_in_force", "int8", "0 or 1", "the agreement is in force"),
    Column("lapsed", "int8", "0 or 1", "an agreement has ended without renewal"),
    Column("dissolved", "int8", "0 or 1", "the partnership has dissolved"),
)

COLUMN_NAMES: tuple[str, ...] = tuple(column.name for column in COLUMNS)

# one row a school and replication; int16, months counted from the start, -1 = never
SCHOOL_COLUMNS: dict[str, str] = {
    "opening_month": "model month the school became an academy; −1 never, −2 before the start",
    "route": "0 none, 1 converter, 2 sponsored",
    "trust": "governance block (−1 the maintained family); equal numbers share a block",
    "first_month_alone": "first month outside the partnership after having been in it; −1 never",
    "member_at_end": "1 in the partnership after the last month, else 0",
    "months_unmet": "months below good with support under the reference adequacy",
}
