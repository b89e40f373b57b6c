"""A school of a roster, found by its URN or its name."""

from __future__ import annotations

from rsip_sim.evidence.faults import nearest
from rsip_sim.evidence.rosters import Roster
from rsip_sim.studies.kernel.asking import Faults

MOST_NAMED = 5
_PHASES = {
    "nursery": "nursery school", "infant": "infant school", "junior": "junior school",
    "primary": "primary school", "secondary": "secondary school", "special": "special school",
    "pru": "pupil referral unit",
}  # fmt: skip


def find_school(roster: Roster, asked: str, faults: Faults) -> int | None:
    """Row of the school with this URN or name; part of a name will do if only one school has it.

    None with the fault noted at ``school``: the nearest school, or those that could be meant.
    """
    words, urns = " ".join(asked.split()), [str(urn) for urn in roster.urn]
    folded = [name.casefold() for name in roster.school]
    found = [row for row, urn in enumerate(urns) if urn == words]
    if words and not words.isdigit():
        found = [row for row, name in enumerate(folded) if name == words.casefold()]
        found = found or [row for row, name in enumerate(folded) if words.casefold() in name]
    if len(found) == 1:
        return found[0]
    here = f"the roster {roster.name} ({len(roster)} schools)"
    if not words:
        faults.add("school", "no school is named", "a URN or a name")
    elif found:
        message = f"'{words}' is part of the names of {len(found)} schools: {_named(roster, found)}"
        faults.add("school", message, "give a URN or more of the name")
    elif words.isdigit():
        beside = min(urns, key=lambda urn: abs(int(urn) - int(words)))
        could = dict.fromkeys([beside, nearest(words, urns) or beside])
        named = " or ".join(f"{urn} ({roster.school[urns.index(urn)]})" for urn in could)
        message = f"{words} is not the URN of a school of {here}"
        faults.add("school", message, f"did you mean {named}?")
    else:
        near = nearest(words, roster.school)
        hint = f"did you mean '{near}' ({urns[roster.school.index(near)]})?" if near else ""
        faults.add("school", f"no school of {here} has '{words}' in its name", hint)
    return None


def _named(roster: Roster, rows: list[int]) -> str:
    told = [f"{roster.school[row]} ({roster.urn[row]})" for row in rows[:MOST_NAMED]]
    more = len(rows) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")


def school_words(roster: Roster, row: int) -> str:
    """What a school is, in words: URN, phase, pupils, learning community and diocese."""
    parts = [
        f"URN {roster.urn[row]}: {_PHASES[roster.detailed_phase[row]]}",
        f"{roster.pupils[row]:,} pupils",
    ]
    if roster.community[row] >= 0:
        parts.append(f"learning community {roster.communities[roster.community[row]]}")
    if roster.diocese[row] >= 0:
        parts.append(roster.dioceses[roster.diocese[row]])
    return ", ".join(parts)
