"""A school of a roster, found by its URN or its name."""

from __future__ import annotations

from rsip_sim.evidence.faults import nearest
from rsip_sim.evidence.rosters import Roster
from rsip_sim.report.words import listed
from rsip_sim.scenario.reading import visible
from rsip_sim.studies.kernel.asking import Faults

MOST_NAMED = 5
MOST_DIGITS = 12  # of a number with which URNs are compared


def find_school(roster: Roster, asked: str, faults: Faults) -> int | None:
    """Row of the school with this URN or name; part of a name will do if only one school has it.

    None with the fault noted at ``school``: the nearest school, or those that could be meant.
    """
    words, urns = " ".join(asked.split()), [str(urn) for urn in roster.urn]
    schools = [f"{name} ({urn})" for name, urn in zip(roster.school, urns, strict=True)]
    folded = [name.casefold() for name in roster.school]
    found = [row for row, urn in enumerate(urns) if urn == words]
    numbered = words.isascii() and words.isdigit()
    if words and not numbered:
        found = [row for row, name in enumerate(folded) if name == words.casefold()]
        found = found or [row for row, name in enumerate(folded) if words.casefold() in name]
    if len(found) == 1:
        return found[0]
    here = f"the roster {roster.name} ({len(roster)} schools)"
    if not words:
        faults.add("school", "no school is named", "a URN or a name")
    elif found:
        which = listed([schools[row] for row in found], most=MOST_NAMED)
        message = f"'{words}' is part of the names of {len(found)} schools: {which}"
        faults.add("school", message, "give a URN or more of the name")
    elif numbered:
        message = f"{visible(words)} is not the URN of a school of {here}"
        faults.add("school", message, suggestion=schools[urns.index(_like(words, urns))])
    else:
        near = nearest(words, roster.school)
        hint = schools[roster.school.index(near)] if near else ""
        faults.add("school", f"no school of {here} has '{words}' in its name", suggestion=hint)
    return None


def _like(number: str, urns: list[str]) -> str:
    """The URN with most digits where this number has them, and of these the next to it."""

    def likeness(urn: str) -> tuple[int, int]:
        same = sum(one == other for one, other in zip(urn, number, strict=False))
        return same, -abs(int(urn) - int(number[:MOST_DIGITS]))

    return max(urns, key=likeness)


def school_words(roster: Roster, row: int) -> str:
    """What a school is, in words: URN, phase, pupils, learning community and diocese."""
    phase = roster.detailed_phase[row]
    kind = "pupil referral unit" if phase == "pru" else f"{phase} school"
    parts = [f"URN {roster.urn[row]}: {kind}", f"{roster.pupils[row]:,} pupils"]
    if roster.community[row] >= 0:
        parts.append(f"learning community {roster.communities[roster.community[row]]}")
    if roster.diocese[row] >= 0:
        parts.append(roster.dioceses[roster.diocese[row]])
    return ", ".join(parts)
