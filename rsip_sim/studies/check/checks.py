"""The single checks of `rsip check --deep`: each says in words what it found.

A check looks at one override or one lever of a scenario, in simulated futures that differ in
nothing else, so that what is found is the override's doing and never luck's. The directions stand
in the rows of `rsip_sim.scenario.levers`: only those that follow from the rules whatever the other
levers are; the model is free to surprise everywhere else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rsip_sim.evidence.faults import name_of
from rsip_sim.evidence.months import month_name
from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.measures.moments import Moment, read
from rsip_sim.measures.statistics import Estimate, estimates, paired
from rsip_sim.model.panel import COLUMNS
from rsip_sim.model.policy import Policy
from rsip_sim.model.simulation import BlockOutcome
from rsip_sim.report.verdicts import relative, word
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.levers import CLIMATE, LEVERS, PARAMETERS, Direction, between, value_text
from rsip_sim.scenario.ranges import range_of
from rsip_sim.scenario.schema import MONTH_FIELDS
from rsip_sim.scenario.settings import Override, Settings

Verdict = Literal["right", "note", "look here"]
CHECKS = {"overrides": "does something", "evidence": "evidence", "directions": "direction"}
"""Every check by name, and the two or three words under which it is printed."""

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
        futures = next(iter(pair.given.panel.values())).shape[1]
        sentence = f"{words} changes nothing in any of {futures} futures: {_why(pair)}."
        return GuardFinding("overrides", "look here", sentence)
    if len(changed) <= _FEW:
        only = " and ".join(f"“{_MEANINGS[name]}”" for name in changed)
        return GuardFinding("overrides", "note", f"{words} changes only {only}.")
    first = month_name(pair.policy.start + min(changed.values()))
    sentence = f"{words} changes {len(changed)} of {len(COLUMNS)} outcomes, first in {first}."
    return GuardFinding("overrides", "right", sentence)


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
    for direction, sign in stated(pair.override):
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


def stated(change: Override) -> list[tuple[Direction, int]]:
    """The directions stated for an override, each with the sign in which its metric must move.

    None where old and new cannot be ranked, such as flat and observed.
    """
    row, rise = LEVERS.get(change.path), rise_of(change)
    if row is None or not rise:
        return []
    return [
        (direction, rise * direction.sign)
        for direction in row.directions
        if direction.applies(change.old.value, change.new.value)
    ]


def rise_of(change: Override) -> int:
    """1 where the override raises the lever, −1 where it lowers it, 0 where neither is certain."""
    values = change.old.value, change.new.value
    if change.path == CLIMATE:
        values = values[0].conversion, values[1].conversion
    old, new = (_rank(change.path, each) for each in values)
    return 0 if old is None or new is None else int(new > old) - int(new < old)


def _rank(path: str, value: Any) -> float | None:
    if path in MONTH_FIELDS:
        return math.inf if value is None else float(value)  # never is later than any month
    if path in LEVERS and value in LEVERS[path].rising:
        return LEVERS[path].rising.index(value)
    return float(value) if isinstance(value, bool | int | float) else None


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
