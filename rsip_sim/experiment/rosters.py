"""A roster of any authority, made from the national register and written to a file."""

from __future__ import annotations

from pathlib import Path

from rsip_sim.evidence.months import month_text, parse_month
from rsip_sim.evidence.roster_columns import LAST_MONTH
from rsip_sim.evidence.rosters import roster_text
from rsip_sim.experiment.errors import InputError
from rsip_sim.experiment.files import write_new
from rsip_sim.experiment.places import own

FIRST_MONTH = parse_month("1000-01")  # before it nothing of the register is dated


def make_roster(
    extract: str | Path,
    la: str | int,
    as_at: str,
    out: str | Path,
    communities: str | Path | None = None,
) -> tuple[str, ...]:
    """Write a roster made from the national register; returns what a planner should know of it.

    extract      the register's full extract, as rsip_sim.evidence.gias reads it
    la           the authority's name or code
    as_at        month, such as ``2011-04``
    communities  CSV with the columns urn and community

    Raises RosterError with every fault of the extract, InputError.
    """
    from rsip_sim.evidence.gias import roster_from_gias

    where = own(out)
    if not where.name.casefold().endswith(".csv"):
        raise InputError(f"{where} could be no scenario's roster; give it a name such as ours.csv")
    month, families = _month_number(as_at), Path(communities) if communities else None
    made = roster_from_gias(Path(extract), la, month, families)
    write_new(where, f"\ufeff{roster_text(made.rows)}")  # or a spreadsheet garbles accents
    return made.notes


def _month_number(text: str) -> int:
    """Month number of a text such as ``2011-04``; InputError if it is not a month."""
    try:
        month = parse_month(text)
    except ValueError as error:
        raise InputError(str(error)) from None
    if not FIRST_MONTH <= month <= LAST_MONTH:
        first, last = month_text(FIRST_MONTH), month_text(LAST_MONTH)
        raise InputError(f"{text} is too far away; from {first} to {last}")
    return month
