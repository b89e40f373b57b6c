"""Rosters, months and versions of two papers beside each other, in words."""

from __future__ import annotations

from rsip_sim.evidence.months import month_name
from rsip_sim.evidence.rosters import Roster
from rsip_sim.experiment.record import commit_text
from rsip_sim.model.policy import Policy
from rsip_sim.studies.diff.papers import Paper, Version

_PARTICULARS = (
    "pupils", "phase", "governance", "legal_status", "route", "opened", "planned_opening",
    "ofsted_grade", "member",
)  # fmt: skip
_NAMED = ("school", "detailed_phase", "trust")


def roster_words(first: Roster, second: Roster) -> str:
    """How two rosters differ: ``roster a (126 schools) → b (125 schools): 1 left out``."""
    names = f"{first.name} ({len(first)} schools) → {second.name} ({len(second)} schools)"
    before, after = _schools(first), _schools(second)
    both = before.keys() & after.keys()
    counts = {
        "left out": len(before.keys() - both),
        "added": len(after.keys() - both),
        "with other pupils or particulars": sum(before[urn] != after[urn] for urn in both),
    }
    parts = [f"{number} {words}" for words, number in counts.items() if number]
    return f"roster {names}: {', '.join(parts) or 'the same schools in another file'}"


def _schools(roster: Roster) -> dict[int, tuple[object, ...]]:
    """Pupils and particulars of each school, by URN."""
    arrays = [getattr(roster, name).tolist() for name in _PARTICULARS]
    texts = [getattr(roster, name) for name in _NAMED]
    places = [
        [names[index] if index >= 0 else "" for index in indices.tolist()]
        for indices, names in (
            (roster.community, roster.communities),
            (roster.diocese, roster.dioceses),
        )
    ]
    return dict(zip(roster.urn.tolist(), zip(*arrays, *texts, *places, strict=True), strict=True))


def months_words(first: Policy, second: Policy) -> str:
    """``months simulated: April 2011 to March 2016 → April 2011 to March 2017``."""
    spans = [
        f"{month_name(policy.start)} to {month_name(policy.start + policy.horizon_months - 1)}"
        for policy in (first, second)
    ]
    return f"months simulated: {' → '.join(spans)}"


def made_words(paper: Paper) -> str:
    """What a paper was made with: ``rsip_sim 0.1.0, commit 4dc36260fd79``."""
    git = paper.made_with.get("git")
    version = f"rsip_sim {paper.made_with.get('rsip_sim')}"
    return f"{version}, {commit_text(git)}" if git else version


def version_words(one: Version, other: Version) -> str:
    """In what two versions differ."""
    old, new = dict(one.libraries), dict(other.libraries)
    libraries = [
        f"{name} {old.get(name)} → {new.get(name)}"
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]
    parts = {
        "the model's source": one.model != other.model,
        "the register, calibrated sample or national series": one.evidence != other.evidence,
        "the roster of the package": one.roster != other.roster,
        ", ".join(libraries): bool(libraries),
    }
    return "; ".join(words for words, differs in parts.items() if differs)
