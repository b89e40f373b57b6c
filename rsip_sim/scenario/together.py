"""What several scenarios must be together: told apart by names and titles, and else alike.

One rule for `rsip check`, which tells of it, and for whatever compares, which refuses.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter

from rsip_sim.evidence.faults import tidy
from rsip_sim.evidence.months import month_name
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
                one = scenarios[first]
                if (one.path, one.resolved) == (scenario.path, scenario.resolved):
                    yield f"{one.path} is given twice; leave one out"
                    continue
                yield f"{scenarios[first].path} and {scenario.path} have {what}; {advice}"


def unlike(scenarios: Sequence[Scenario]) -> Iterator[str]:
    """What not all share although what is compared must, one sentence a matter."""
    for what, (value, words) in _SHARED.items():
        yield from _apart(scenarios, what, value, words)


def unlike_number(scenarios: Sequence[Scenario], what: str) -> Iterator[str]:
    """The same of a number of the run, ``seed`` or ``replications``, which can be given for all."""
    value = attrgetter(f"run.{what}")
    for words in _apart(scenarios, what, value, value):
        yield f"{words}; give one for all with --{what}"


def _yardstick(scenario: Scenario) -> str:
    """How a scenario measures cohesion: another weighting is no effect of a policy."""
    cohesion = scenario.policy.cohesion
    weights = ", ".join(f"{weight / sum(cohesion.weights):.6g}" for weight in cohesion.weights)
    return f"weights of {weights} and associates at {cohesion.associate_weight:g}"


_Read = Callable[[Scenario], object]
_SHARED: dict[str, tuple[_Read, _Read]] = {
    "start": (attrgetter("policy.start"), lambda each: month_name(each.policy.start)),
    "horizon": (
        attrgetter("policy.horizon_months"),
        lambda each: f"{each.policy.horizon_months} months",
    ),
    "roster": (attrgetter("roster.digest"), attrgetter("roster.name")),
    "measure of cohesion": (_yardstick, _yardstick),
    "run.parameters": (attrgetter("policy.parameters"), attrgetter("policy.parameters")),
}
"""What scenarios share that are compared: what must be the same, and how it is told."""


def _apart(scenarios: Sequence[Scenario], what: str, value: _Read, words: _Read) -> Iterator[str]:
    """The first scenario and the next that has something else, in a sentence; or nothing."""
    for other in scenarios[1:]:
        first = scenarios[0]
        if value(other) != value(first):
            same = ", of other contents" if words(other) == words(first) else ""
            yield (
                f"scenarios that are compared share their {what}: {first.path} has "
                f"{words(first)}, {other.path} has {words(other)}{same}"
            )
            return
