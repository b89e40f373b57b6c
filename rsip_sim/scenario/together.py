"""What several scenarios must be together: names and titles that tell them apart.

One rule for `rsip check`, which tells of it, and for whatever compares, which refuses.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence

from rsip_sim.evidence.characters import tidy
from rsip_sim.scenario.loading import Scenario

_QUOTES = str.maketrans("‘’“”", "''\"\"")


def alike(text: str) -> str:
    """The text as far as a reader tells it from others: case, dashes and kinds of space apart."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_QUOTES)
    return tidy("".join("-" if unicodedata.category(one) == "Pd" else one for one in plain))


def clashes(scenarios: Sequence[Scenario]) -> Iterator[str]:
    """Pairs that could not be told apart where both are shown, one sentence each."""
    kinds: tuple[tuple[Callable[[Scenario], str], str, str], ...] = (
        (
            lambda each: each.name,
            "the same name, under which their results would be stored",
            "give one of the files another name",
        ),
        (
            lambda each: each.title,
            "the same title, by which tables and charts tell them apart",
            "give one of them another title",
        ),
        (
            lambda each: each.brief,
            "the same short title, by which narrow columns tell them apart",
            "give one of them another short:",
        ),
    )
    told: set[tuple[int, int]] = set()
    for value, what, advice in kinds:
        seen: dict[str, int] = {}
        for at, scenario in enumerate(scenarios):
            first = seen.setdefault(alike(value(scenario)), at)
            if first != at and (first, at) not in told:
                told.add((first, at))
                yield f"{scenarios[first].path} and {scenario.path} have {what}; {advice}"
