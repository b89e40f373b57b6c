"""What is to be explained: which two scenarios, which metrics, when; or every fault in asking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rsip_sim.evidence.faults import Fault, nearest
from rsip_sim.experiment.errors import ExperimentError
from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.moments import MOMENTS, lengths_differ, main_moment, moments_of
from rsip_sim.measures.runs import AS_WRITTEN, CERTAIN, RENEWAL_WORDS, PanelSource
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.names import near

HEADLINES = ("members", "cohesion", "erosion", "unmet_days")
"""Explained unless others are named: what Cabinet asks of schools, the whole, money and support."""

WITHOUT_PARTNERSHIP = {"cohesion": "cohesion_core"}
"""What stands in for a headline that is not defined without a partnership."""


class ExplainError(ExperimentError):
    """What was asked for does not exist; `faults` says what and what does."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults; the message is one line a fault."""
        self.faults = [str(fault) for fault in faults]
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True)
class Question:
    """Two scenarios, metrics and a moment, all of them known to exist.

    moment       name from MOMENTS;  renewal: AS_WRITTEN or CERTAIN
    substitutes  headlines not defined for one of the two, each with what stands in for it
    usual        whether metrics, moment and renewal are what they are unless others are named
    """

    baseline: Scenario
    scenario: Scenario
    metrics: tuple[str, ...]
    moment: str
    renewal: str = AS_WRITTEN
    substitutes: tuple[tuple[str, str], ...] = ()
    usual: bool = True


def ask(
    results: PanelSource,
    scenarios: Sequence[Scenario],
    baseline: str | None = None,
    scenario: str | None = None,
    metrics: Sequence[str] = (),
    moment: str | None = None,
    renewal: str = RENEWAL_WORDS[AS_WRITTEN],
) -> Question:
    """The question about two scenarios of a comparison, its baseline first among them.

    baseline   None: the comparison's
    scenario   None: the only other one
    metrics    names from METRICS; none: HEADLINES
    moment     None: the main moment of the comparison
    renewal    ``as written`` or ``certain``, with any of space, ``-`` and ``_``

    Raises ExplainError with every fault.
    """
    faults: list[Fault] = []
    first = _scenario("--baseline", baseline or scenarios[0].name, scenarios, faults)
    second = _other(scenario, first, scenarios, faults)
    variant = _variant(renewal, results, first, second, faults)
    pair = [each for each in (first, second) if each is not None]
    names, substitutes = _metrics(metrics, pair, faults)
    when = _moment(moment, scenarios, pair, faults)
    if faults or first is None or second is None:
        raise ExplainError(faults)
    asked = (names, when, variant)
    usual = (_metrics((), pair, [])[0], _moment(None, scenarios, pair, []), AS_WRITTEN)
    return Question(first, second, names, when, variant, substitutes, asked == usual)


def _scenario(
    option: str, name: str, scenarios: Sequence[Scenario], faults: list[Fault]
) -> Scenario | None:
    for each in scenarios:
        if each.name == name:
            return each
    names = [each.name for each in scenarios]
    faults.append(
        _fault(option, f"no scenario of the comparison is named '{name}'",
               f"they are {', '.join(names)}", near(name, names))
    )  # fmt: skip
    return None


def _other(
    name: str | None, first: Scenario | None, scenarios: Sequence[Scenario], faults: list[Fault]
) -> Scenario | None:
    if name is not None:
        found = _scenario("--scenario", name, scenarios, faults)
        if found is not None and found is first:
            message = f"'{name}' is the baseline itself"
            rest = [each.name for each in scenarios if each is not first]
            faults.append(_fault("--scenario", message, f"others are {', '.join(rest)}"))
        return found
    others = [each for each in scenarios if each is not first]
    if len(others) == 1 or first is None:
        return others[0] if len(others) == 1 else None
    message = f"the comparison holds {len(others)} scenarios beside '{first.name}'"
    faults.append(
        _fault("--scenario", message, f"name one of {', '.join(each.name for each in others)}")
    )
    return None


def _variant(
    renewal: str,
    results: PanelSource,
    first: Scenario | None,
    second: Scenario | None,
    faults: list[Fault],
) -> str:
    said = renewal.replace("-", " ").replace("_", " ").casefold()
    for variant, words in RENEWAL_WORDS.items():
        if said == words:
            pair = [each for each in (first, second) if each is not None]
            if any(variant not in results.variants(each.name) for each in pair):
                faults.append(
                    _fault("--renewal", f"the comparison was not run with renewal '{words}'")
                )
            return variant
    allowed = [words.replace(" ", "-") for words in RENEWAL_WORDS.values()]
    faults.append(
        _fault("--renewal", f"'{renewal}' is no way of renewal", f"it is {' or '.join(allowed)}",
               nearest(renewal, allowed))
    )  # fmt: skip
    return CERTAIN


def _metrics(
    names: Sequence[str], pair: Sequence[Scenario], faults: list[Fault]
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    without = [each for each in pair if not each.policy.partnership]
    substitutes = tuple(WITHOUT_PARTNERSHIP.items()) if without and not names else ()
    chosen = tuple(dict.fromkeys(names or HEADLINES))
    for name in chosen:
        if name not in METRICS:
            guess = near(name, METRICS)
            allowed = "" if guess else f"one of {', '.join(METRICS)}"
            faults.append(_fault("--metric", f"no metric is named '{name}'", allowed, guess))
        elif METRICS[name].membership and without and names:
            message = f"'{name}' is not defined without a partnership"
            stands_in = WITHOUT_PARTNERSHIP.get(name, "")
            allowed = f"'{without[0].name}' has none"
            faults.append(_fault("--metric", message, allowed, stands_in))
    return tuple(dict(substitutes).get(name, name) for name in chosen), substitutes


def _moment(
    moment: str | None,
    scenarios: Sequence[Scenario],
    pair: Sequence[Scenario],
    faults: list[Fault],
) -> str:
    known = [set(moments_of(each.policy, each.policy.horizon_months)) for each in pair]
    shared = [name for name in MOMENTS if all(name in names for names in known)]
    if moment is None:
        policy = scenarios[0].policy
        found = moments_of(policy, policy.horizon_months)
        return main_moment(found, lengths_differ(scenarios))
    if moment not in shared:
        message = (
            f"'{moment}' does not exist for both scenarios"
            if moment in MOMENTS
            else f"no moment is named '{moment}'"
        )
        allowed = f"one of {', '.join(shared)}"
        faults.append(_fault("--at", message, allowed, near(moment, shared)))
    return moment


def _fault(option: str, message: str, allowed: str = "", suggestion: str = "") -> Fault:
    return Fault("", 0, 0, option, message, allowed, suggestion)
