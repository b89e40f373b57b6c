"""Rosters, months and versions of two papers beside each other, in words."""

from __future__ import annotations

from rsip_sim.evidence.months import month_name
from rsip_sim.evidence.rosters import Roster
from rsip_sim.experiment.record import SHORT, commit_text
from rsip_sim.model.policy import Policy
from rsip_sim.studies.diff.papers import Paper, Version

_PARTICULARS = (
    "phase", "governance", "legal_status", "route", "opened", "planned_opening", "ofsted_grade",
    "member",
)  # fmt: skip
_NAMED = ("school", "detailed_phase", "trust")


def roster_words(first: Roster, second: Roster) -> str:
    """How two rosters differ: ``roster a (126 schools) → b (125 schools): 1 left out``."""
    names = f"{first.name} ({len(first)} schools) → {second.name} ({len(second)} schools)"
    before, after = _schools(first), _schools(second)
    both = before.keys() & after.keys()
    pupils = sum(before[urn][0] != after[urn][0] for urn in both)
    others = sum(before[urn][1:] != after[urn][1:] for urn in both)
    parts = [
        f"{number} {words}"
        for number, words in (
            (len(before.keys() - both), "left out"),
            (len(after.keys() - both), "added"),
            (pupils, "with other numbers of pupils"),
            (others, "with other particulars"),
        )
        if number
    ]
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
    rows = zip(roster.pupils.tolist(), *arrays, *texts, *places, strict=True)
    return dict(zip(roster.urn.tolist(), rows, strict=True))


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


def version_brief(first: Paper, second: Paper) -> str:
    """The two versions by commit, or by number: ``4dc36260fd79 → b7ff127e33f0``."""
    git, numbers = (
        [each.made_with.get(n) for each in (first, second)] for n in ("git", "rsip_sim")
    )
    commits = [str((each or {}).get("commit", ""))[:SHORT] for each in git]
    for names in (commits, numbers):
        if all(names) and names[0] != names[1]:
            return f"{names[0]} → {names[1]}"
    return "one that is not here" if first.version == second.version else "model or evidence"


def version_parts(one: Version, other: Version) -> list[str]:
    """In what two versions differ."""
    old, new = dict(one.libraries), dict(other.libraries)
    libraries = [
        f"{name} {old.get(name)} and {new.get(name)}"
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]
    parts = {
        "the model's source": one.model != other.model,
        "the register, calibrated sample or national series": one.evidence != other.evidence,
        "the roster of the package": one.roster != other.roster,
        f"libraries ({', '.join(libraries)})": bool(libraries),
    }
    return [words for words, differs in parts.items() if differs]


def version_words(first: Paper, second: Paper, here: Version) -> str:
    """What a step of version stands for, and what it cannot tell apart."""
    parts = version_parts(first.version, second.version)
    gone = [
        f"the {name} paper was made with a version that is not here ({made_words(paper)})"
        for name, paper in (("first", first), ("second", second))
        if paper.version != here
    ]
    if first.version == second.version:
        parts = version_parts(first.version, here)
        gone = [
            f"both papers were made with a version that is not here ({made_words(first)}); this is "
            "what it makes different in the steps that are simulated here"
        ]
    together = f"{' and '.join(parts)}; {'; '.join(gone)}"
    if len(parts) < 2:
        return together
    olds = dict.fromkeys(made_words(paper) for paper in (first, second) if paper.version != here)
    which = "that version" if len(olds) == 1 else "those versions"
    return (
        f"{together}; taken together, since they cannot be separated without {which}: install "
        f"{' and '.join(olds)} to see"
    )
