"""The single checks of `rsip check --deep`: each says in words what it found.

A check looks at one override, one lever or one headline of a scenario, in simulated futures that
differ in nothing else, so that what is found is the override's doing and never luck's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from rsip_sim.evidence.faults import name_of
from rsip_sim.evidence.months import month_name
from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import HEADLINES, METRICS, Metric
from rsip_sim.measures.moments import Moment, read
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import (
    FEWEST_TO_COMPARE,
    TAIL,
    Estimate,
    estimates,
    mean_of_defined,
    paired,
    t_quantile,
    variance_of_defined,
)
from rsip_sim.model.panel import COLUMNS
from rsip_sim.model.policy import Policy
from rsip_sim.model.simulation import BlockOutcome
from rsip_sim.report.verdicts import relative, word
from rsip_sim.report.words import counted
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.levers import LEVERS, PARAMETERS, Direction, between, value_text
from rsip_sim.scenario.ranges import range_of
from rsip_sim.scenario.settings import Override, Settings
from rsip_sim.studies.check.directions import stated

Verdict = Literal["right", "note", "look here"]
CHECKS = {
    "overrides": "does something",
    "dates": "nothing early",
    "evidence": "evidence",
    "directions": "direction",
    "precision": "precision",
}
"""Every check by name, and the two or three words under which it is printed."""

TOLERANCE = 1.1  # a pilot of a few hundred futures knows a width no better

_FEW = 2  # columns that are named one by one
_MEANINGS = {column.name: column.meaning for column in COLUMNS}


@dataclass(frozen=True)
class GuardFinding:
    """What one check found.

    check     one of CHECKS
    verdict   "right"; "note": right, but worth knowing; "look here": the check failed
    sentence  the finding in words; detail: what a reader may want to know besides, or ''
    """

    check: str
    verdict: Verdict
    sentence: str
    detail: str = ""

    @property
    def passed(self) -> bool:
        """Whether the check holds."""
        return self.verdict != "look here"


@dataclass(frozen=True)
class Pair:
    """The same futures with an override and without it, or in a scenario and in its parent."""

    override: Override
    policy: Policy
    given: BlockOutcome
    undone: BlockOutcome

    @property
    def replications(self) -> int:
        """Futures simulated."""
        return int(next(iter(self.given.panel.values())).shape[1])


def first_changes(pair: Pair) -> dict[str, int]:
    """Outcomes that are not equal to the bit, and the first model month in which they differ."""
    found = {}
    for name, values in pair.given.panel.items():
        unequal = (_bits(values) != _bits(pair.undone.panel[name])).any(axis=1)
        if unequal.any():
            found[name] = int(np.argmax(unequal))
    return found


def does_something(pair: Pair) -> GuardFinding:
    """An override that changes nothing in any outcome is a slip, or a misunderstanding."""
    changed = first_changes(pair)
    words = pair.override.subject
    if not changed:
        sentence = f"{words} changes nothing in any of {pair.replications} futures: {_why(pair)}."
        return GuardFinding("overrides", "look here", sentence)
    if len(changed) <= _FEW:
        only = " and ".join(f"“{_MEANINGS[name]}”" for name in changed)
        return GuardFinding("overrides", "note", f"{words} changes only {only}.")
    first = month_name(pair.policy.start + min(changed.values()))
    sentence = f"{words} changes {len(changed)} of {len(COLUMNS)} outcomes, first in {first}."
    return GuardFinding("overrides", "right", sentence)


def nothing_early(pairs: Iterable[Pair]) -> list[GuardFinding]:
    """No outcome may move before the month in which an override begins."""
    later = [pair for pair in pairs if pair.override.later]
    early = [finding for finding in map(_early, later) if finding]
    if len(early) < len(later) or not later:
        kept = f"{len(later) - len(early)} of {len(later)} later changes keep to their date."
        early.append(GuardFinding("dates", "right", kept if later else "No change is dated later."))
    return early


def _early(pair: Pair) -> GuardFinding | None:
    override, start = pair.override, pair.policy.start
    changed = first_changes(pair).items()
    early = {name: start + month for name, month in changed if start + month < override.month}
    if not early:
        return None
    name = min(early, key=early.__getitem__)
    return GuardFinding(
        "dates",
        "look here",
        f"{override.subject} moves {counted(len(early), 'outcome')} before it begins, first "
        f"“{_MEANINGS[name]}” in {month_name(early[name])}.",
        "The model must not know the future; please report this.",
    )


def within_evidence(settings: Settings, start: int) -> list[GuardFinding]:
    """Every number of the scenario, inherited ones too, against the range met in evidence."""
    found = []
    for (path, month), setting in settings.items():
        limits, value = range_of(path), setting.written
        if limits is None or isinstance(value, bool) or not isinstance(value, int | float):
            continue
        low, high = limits.low, limits.high
        if low is None or high is None or low <= value <= high:
            continue
        shown, bounds = value_text(path, value), between(path, low, high, "to")
        if path.startswith(PARAMETERS):
            shown, bounds = f"{value:g}", f"{low:g} to {high:g}"
        since = f" from {month_name(month)}" if month is not None and month > start else ""
        sentence = (
            f"{path}: {shown}{since} is outside what evidence has met, {bounds}: what follows "
            "from it rests on the form of the model alone."
        )
        found.append(GuardFinding("evidence", "look here", sentence))
    if not found:
        sentence = "Every lever is inside the range met in evidence."
        found.append(GuardFinding("evidence", "right", sentence))
    return found


def directions(pair: Pair, further: Callable[[], Pair]) -> list[GuardFinding]:
    """Each stated direction of an override, against the mean over the months in which it holds.

    further : the same override on futures not yet looked at, simulated only when asked for. A
    move against its direction counts once other futures have shown it as well, since one
    interval in forty lies on the wrong side of nothing.
    """
    found, held = [], []
    for direction, sign in stated(pair.override, pair.policy):
        metric, moved = METRICS[direction.metric], _moved(pair, direction)
        if math.isnan(moved.mean):
            continue
        wrong_way = _against(moved, sign) and _against(_moved(further(), direction), sign)
        expected, told = word(metric, sign), _moves(metric, moved)
        if wrong_way:
            sentence = (
                f"{pair.override.subject} moves {metric.noun} the wrong way: {told}, where "
                f"{expected} is stated."
            )
            because = f"Stated, for a rise of this lever: {direction.because}."
            found.append(GuardFinding("directions", "look here", sentence, because))
        elif moved.mean == moved.ci_low == moved.ci_high == 0:
            held.append(f"{metric.noun} not at all ({expected} was possible)")
        elif not moved.clear:
            held.append(f"{metric.noun} not clearly ({expected} is stated)")
        else:
            held.append(f"{metric.noun} {told}")
    if held:
        sentence = f"{pair.override.subject} moves outcomes as stated: {'; '.join(held)}."
        found.append(GuardFinding("directions", "right", sentence))
    return found


def _moved(pair: Pair, direction: Direction) -> Estimate:
    """The mean difference over the months from which the override holds."""
    metric, start = METRICS[direction.metric], pair.policy.start
    months = pair.policy.horizon_months
    moment = Moment("since", "", "", pair.override.month - start, months - 1, True)
    given, undone = (
        read(metric, metric.compute(each.panel), moment) for each in (pair.given, pair.undone)
    )
    (found,) = estimates(paired(given, undone)[None])
    return found


def _against(moved: Estimate, sign: int) -> bool:
    return moved.ci_low > 0 if sign < 0 else moved.ci_high < 0


def _moves(metric: Metric, moved: Estimate) -> str:
    """A mean difference in words, with its interval: ``3.2 fewer (−4.0 to −2.4)``."""
    write = metric.format.short_difference
    return f"{relative(metric, moved.mean)} ({write(moved.ci_low)} to {write(moved.ci_high)})"


def precision(
    panels: tuple[Mapping[str, NDArray[Any]], Mapping[str, NDArray[Any]]],
    moment: Moment,
    replications: int,
    defined: bool,
) -> list[GuardFinding]:
    """Whether so many replications will tell the headlines of a scenario from its parent's.

    panels   the scenario's and its parent's, on the same futures
    moment   when the headlines are read; replications: of the comparison to come
    defined  whether both have a partnership, without which some metrics mean nothing
    An interval is narrow enough when it reaches no further to either side than half of the
    difference, or than the smallest difference worth reporting.
    """
    found, equal, narrow = [], [], 0
    for name in HEADLINES:
        metric = METRICS[name]
        if metric.membership and not defined:
            continue
        given, undone = (read(metric, metric.compute(panel), moment) for panel in panels)
        difference = paired(given, undone)
        if np.isnan(difference).all():
            continue
        if not np.nan_to_num(difference).any():
            equal.append(metric)
            continue
        finding = _too_wide(metric, given - undone, moment, replications)
        narrow += finding is None
        found += [finding] if finding else []
    if narrow:
        many = counted(narrow, "headline")
        sentence = f"{replications:,} replications are enough for {many} {moment.when}."
        found.append(GuardFinding("precision", "right", sentence))
    if equal:
        names = "; ".join(metric.noun for metric in equal)
        count = len(next(iter(panels[0].values()))[0])
        sentence = f"Exactly no difference {moment.when} in any of {count} futures: {names}."
        found.append(GuardFinding("precision", "note", sentence))
    return found


def _too_wide(
    metric: Metric, difference: FloatArray, moment: Moment, replications: int
) -> GuardFinding | None:
    size, deviation = float(mean_of_defined(difference)), math.sqrt(variance_of_defined(difference))
    target = max(abs(size) / 2, metric.format.notice)
    half = math.inf
    if replications > 1:
        half = float(t_quantile(replications)) * deviation / math.sqrt(replications)
    if half <= target * TOLERANCE:
        return None
    needed = friendly(max(FEWEST_TO_COMPARE, (float(ndtri(1 - TAIL)) * deviation / target) ** 2))
    write = metric.format
    known = "with no interval" if half == math.inf else f"known to ±{write.magnitude(half)}"
    sentence = (
        f"{metric.label} {moment.when}: about {relative(metric, size)}, {known} by "
        f"{counted(replications, 'replication')}, where ±{write.magnitude(target)} is needed to "
        f"tell; about {needed:,} would do."
    )
    return GuardFinding("precision", "look here", sentence)


def friendly(number: float) -> int:
    """A whole number not below this one, of two digits and noughts: 3,271 → 3,300."""
    whole = math.ceil(number)
    unit: int = 10 ** max(len(str(whole)) - 2, 0)
    return -(-whole // unit) * unit


def _why(pair: Pair) -> str:
    """Why an override changes nothing, as far as the file itself tells."""
    override, policy = pair.override, pair.policy
    path, value = override.path, override.new.value
    if override.old.value == value:
        return "the value holds already"
    row = LEVERS.get(path)
    reasons = [idle(value, override.month, policy) for idle in (row.idle if row else ())]
    if any(reasons):
        return next(filter(None, reasons))
    if path.startswith(PARAMETERS):
        register, name = load_register(), path.removeprefix(PARAMETERS)
        if name in register.structures:
            if register.structures[name].value == str(value):
                return "it is the model's own rule"
            return "what the rule is about does not come to pass in this run"
        if policy.parameters == "central" and register[name].value == value:
            return "it is the value that a run with central parameters has anyway"
    return "nothing in this run depends on it"


def _bits(values: NDArray[Any]) -> NDArray[Any]:
    """Bit patterns, so that an undefined number equals itself."""
    return np.ascontiguousarray(values).view(f"u{values.dtype.itemsize}")


_MOST = 3  # names of schools


def letter_notes(scenario: Scenario) -> Iterator[str]:
    """One sentence a text whose characters the font of charts lacks."""
    names = [name for name in scenario.roster.school if not name.isascii()]
    texts = [("title", scenario.title), ("short", scenario.short)]
    texts = [each for each in texts if not each[1].isascii()]
    if not texts and not names:
        return
    from rsip_sim.charts.fit import stand_ins  # matplotlib takes its time

    lacking = [("roster", name) for name in names if stand_ins(name)][:_MOST]
    for field, text in (*texts, *lacking):
        drawn = ", ".join(f"{name_of(each)} as {told}" for each, told in stand_ins(text).items())
        if drawn:
            yield f"{field}: '{text}' holds what the font of charts lacks; they show {drawn}"
