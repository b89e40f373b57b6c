"""A school of a roster, found by its URN or its name."""

from __future__ import annotations

from rsip_sim.evidence.faults import nearest
from rsip_sim.evidence.rosters import Roster
from rsip_sim.experiment.errors import ExperimentError

MOST_NAMED = 5
_PHASES = {
    "nursery": "nursery school", "infant": "infant school", "junior": "junior school",
    "primary": "primary school", "secondary": "secondary school", "special": "special school",
    "pru": "pupil referral unit",
}  # fmt: skip


class SchoolError(ExperimentError):
    """No school of the roster is meant, or more than one."""


def find_school(roster: Roster, asked: str) -> int:
    """Row of the school with this URN or name; part of a name will do if only one school has it.

    Raises SchoolError with the nearest school, or with those that could be meant.
    """
    words = " ".join(asked.split())
    if words.isdigit():
        return _by_urn(roster, words)
    if not words:
        raise SchoolError("no school is named; --school takes a URN or a name")
    folded = [name.casefold() for name in roster.school]
    same = [row for row, name in enumerate(folded) if name == words.casefold()]
    found = same or [row for row, name in enumerate(folded) if words.casefold() in name]
    if len(found) == 1:
        return found[0]
    if found:
        raise SchoolError(
            f"'{words}' is part of the names of {len(found)} schools: "
            f"{_named(roster, found)}; give a URN or more of the name"
        )
    near = nearest(words, roster.school)
    hint = f"; did you mean '{near}' ({roster.urn[roster.school.index(near)]})?" if near else ""
    raise SchoolError(f"no school of {_roster_words(roster)} has '{words}' in its name{hint}")


def _by_urn(roster: Roster, words: str) -> int:
    texts = [str(urn) for urn in roster.urn]
    if words in texts:
        return texts.index(words)
    beside = min(texts, key=lambda urn: abs(int(urn) - int(words)))
    alike = nearest(words, texts)
    could = [beside, alike] if alike and alike != beside else [beside]
    named = " or ".join(f"{urn} ({roster.school[texts.index(urn)]})" for urn in could)
    raise SchoolError(
        f"{words} is not the URN of a school of {_roster_words(roster)}; did you mean {named}?"
    )


def _named(roster: Roster, rows: list[int]) -> str:
    told = [f"{roster.school[row]} ({roster.urn[row]})" for row in rows[:MOST_NAMED]]
    more = len(rows) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")


def _roster_words(roster: Roster) -> str:
    return f"the roster {roster.name} ({len(roster)} schools)"


def school_words(roster: Roster, row: int) -> str:
    """The school in words: URN, phase, pupils, learning community and diocese."""
    parts = [
        f"{roster.school[row]}, URN {roster.urn[row]}: {_PHASES[roster.detailed_phase[row]]}",
        f"{roster.pupils[row]:,} pupils",
    ]
    if roster.community[row] >= 0:
        parts.append(f"learning community {roster.communities[roster.community[row]]}")
    if roster.diocese[row] >= 0:
        parts.append(roster.dioceses[roster.diocese[row]])
    return ", ".join(parts)
