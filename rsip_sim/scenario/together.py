"""What several scenarios must be together: names and titles that tell them apart.

One rule for `rsip check`, which tells of it, and for whatever compares, which refuses.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from rsip_sim.evidence.characters import tidy
from rsip_sim.scenario.loading import Scenario

_SHOWN = {
    "name": (
        "the same name, under which their results would be stored",
        "give one of the files another name",
    ),
    "title": (
        "the same title, by which tables and charts tell them apart",
        "give one of them another title",
    ),
    "brief": (
        "the same short title, by which narrow columns tell them apart",
        "give one of them another short:",
    ),
}
"""What is shown of scenarios: what two have that share it, and what to do."""
_QUOTES = str.maketrans("‘’“”", "''\"\"")


def alike(text: str) -> str:
    """The text as far as a reader tells it from others: case, dashes and kinds of space apart."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_QUOTES)
    return tidy("".join("-" if unicodedata.category(one) == "Pd" else one for one in plain))


def clashes(scenarios: Sequence[Scenario]) -> Iterator[str]:
    """Pairs that could not be told apart where both are shown, one sentence each."""
    told: set[tuple[int, int]] = set()
    for name, (what, advice) in _SHOWN.items():
        seen: dict[str, int] = {}
        for at, scenario in enumerate(scenarios):
            first = seen.setdefault(alike(getattr(scenario, name)), at)
            if first != at and (first, at) not in told:
                told.add((first, at))
                yield f"{scenarios[first].path} and {scenario.path} have {what}; {advice}"
