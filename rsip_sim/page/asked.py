"""What the page is asked: two policies, told by the address, and every fault of them at its field.

An address names the source of either policy, a file or a shipped scenario, and after it only what
is set otherwise. Values stand in it as they would be typed in a scenario file, so that they are
read, and found at fault, as `rsip check` reads that file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from rsip_sim.evidence.faults import Fault
from rsip_sim.page.form import Field, fields
from rsip_sim.scenario import ChangeError, Scenario, ScenarioError, differences, load_scenario
from rsip_sim.scenario.changing import words_of_change
from rsip_sim.scenario.file_names import PREFIX, is_shipped_name, shipped_scenarios
from rsip_sim.scenario.loading import LONGEST_NAME, check_texts, with_reasons, with_values
from rsip_sim.scenario.reading import plain_value
from rsip_sim.scenario.together import clashes

BASELINE, POLICY, TITLE = "baseline", "policy", "title"
WAS, WHY, HOW = "was.", "why.", ".how"
"""What stands before a lever's path for the baseline's own value and for a reason, and after it
for which of a word and a number is meant."""

USUAL = (f"{PREFIX}agreement_later", f"{PREFIX}two_year")
Pairs = Iterable[tuple[str, str]]


class UnknownSourceError(ValueError):
    """A policy that the page was not given; the message says which there are."""


class Sources:
    """The scenarios that may be chosen: files given or saved, and those of the package."""

    def __init__(self, files: Sequence[Path]) -> None:
        """Offer these files; the first two are the policies to begin with."""
        self.files = list(dict.fromkeys(str(each) for each in files))
        first = self.files[:2] or list(USUAL)
        self.usual = first[0], first[-1]

    def add(self, file: Path) -> None:
        """Offer one more file."""
        if str(file) not in self.files:
            self.files.append(str(file))

    def names(self) -> list[str]:
        """All of them: files first."""
        shipped = (f"{PREFIX}{name}" for name in shipped_scenarios())
        return list(dict.fromkeys([*self.files, *shipped]))

    def titled(self) -> list[tuple[str, str]]:
        """All of them, each with its title where its file can be read."""
        return [(name, self._titled(name)) for name in self.names()]

    def _titled(self, name: str) -> str:
        try:
            return f"{self.load(name).title} ({name})"
        except ScenarioError:
            return name

    def load(self, name: str) -> Scenario:
        """A source as its file is now.

        Raises UnknownSourceError for what was not offered, ScenarioError with all its faults.
        """
        if name not in self.names():
            raise UnknownSourceError(
                f"'{name[:80]}' was not given to this page: choose one of the list, or start "
                f"rsip page again with it"
            )
        return shipped(name) if is_shipped_name(name) else load_scenario(name)


@cache
def shipped(name: str) -> Scenario:
    """A scenario of the package, which is read only once."""
    return load_scenario(name)


@dataclass(frozen=True)
class Asked:
    """Two policies as they are asked for.

    baseline, policy  names of their sources
    texts             by path, what the policy's form says, where it is not what its source says
    before            the same of the baseline
    reasons           by path, why, where its source does not say so; '' where that says too much
    title             of the policy; '' for one made from what is changed
    """

    baseline: str
    policy: str
    texts: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    title: str = ""

    def address(self, **more: str) -> str:
        """The query that asks for this again."""
        named = {each.path: each for each in fields()}
        pairs = [(BASELINE, self.baseline), (POLICY, self.policy)]
        for mark, texts in (("", self.texts), (WAS, self.before)):
            for path, text in texts.items():
                word = named[path].word
                if word and not mark:
                    pairs.append((f"{path}{HOW}", word if text == word else "number"))
                if text != word or mark:
                    pairs.append((f"{mark}{path}", text))
        pairs += [(f"{WHY}{path}", reason) for path, reason in self.reasons.items()]
        pairs += [(TITLE, self.title)] * bool(self.title)
        return urlencode([*pairs, *more.items()])

    def swapped(self) -> Asked:
        """The policy as the baseline, and the baseline as the policy."""
        shared = {path for path in self.texts if _named(path).for_both}
        kept = {path: text for path, text in self.texts.items() if path in shared}
        own = {path: text for path, text in self.texts.items() if path not in shared}
        texts = {**self.before, **kept}
        reasons = {path: why for path, why in self.reasons.items() if path in texts}
        return Asked(self.policy, self.baseline, texts, own, reasons)


@dataclass(frozen=True)
class Read:
    """Two policies as they were understood.

    sources   the scenarios they start from; None where these are at fault
    made      baseline and policy; None where anything is at fault
    at        by path, what is wrong with the value of a field
    general   what is wrong besides
    same      whether the two are one policy, so that there is nothing to simulate
    """

    asked: Asked
    sources: tuple[Scenario, Scenario] | None = None
    made: tuple[Scenario, Scenario] | None = None
    at: Mapping[str, str] = field(default_factory=dict)
    general: tuple[str, ...] = ()
    same: bool = False

    @property
    def faults(self) -> int:
        """How many things are wrong."""
        return len(self.at) + len(self.general)


def asked(pairs: Pairs, sources: Sources) -> Read:
    """Read an address, or the fields of the form; what is in neither is left aside."""
    given = dict(pairs)  # of a name that stands twice the last: a box that is ticked
    names = given.get(BASELINE, sources.usual[0]), given.get(POLICY, sources.usual[1])
    bare = Asked(*names)
    try:
        loaded = sources.load(names[0]), sources.load(names[1])
    except UnknownSourceError as error:
        return Read(bare, general=(str(error),))
    except ScenarioError as error:
        return Read(bare, general=tuple(map(str, error.faults)))
    question = replace(
        bare,
        texts=dict(_texts(given, "", loaded[1])),
        before=dict(_texts(given, WAS, loaded[0])),
        title=" ".join(given.get(TITLE, "").split()),
    )
    reasons = {
        each.path: " ".join(given[f"{WHY}{each.path}"].split())
        for each in fields()
        if f"{WHY}{each.path}" in given
    }
    return _made(replace(question, reasons=reasons), loaded)


def text_of(value: Any) -> str:
    """A value as it is typed: ``true``, ``750000``, '' for none."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def value_at(scenario: Scenario, path: str) -> Any:
    """The value of a lever at the start of the run, as it stands in the resolved file."""
    value: Any = scenario.resolved
    for name in path.split("."):
        value = value[name]
    return value


def _texts(given: Mapping[str, str], mark: str, source: Scenario) -> Iterator[tuple[str, str]]:
    """What is given of each field, where it is not what the source says."""
    for each in fields():
        name = f"{mark}{each.path}"
        how = given.get(f"{name}{HOW}")
        if each.kind == "file" or (name not in given and how is None):
            continue
        text = each.word if each.word and how == each.word else given.get(name, "").strip()
        if not says(each, text, value_at(source, each.path)):
            yield each.path, text


def says(each: Field, text: str, value: Any) -> bool:
    """Whether a text stands for a value."""
    read = plain_value(text)
    numbers = isinstance(read, int | float) and isinstance(value, int | float)
    alike = type(read) is type(value)
    if numbers and not alike:
        alike = not each.whole and not isinstance(read, bool) and not isinstance(value, bool)
    return alike and bool(read == value)


def _named(path: str) -> Field:
    return next(each for each in fields() if each.path == path)


def _made(question: Asked, loaded: tuple[Scenario, Scenario]) -> Read:
    """The two policies, or what is wrong with them."""
    shared = {path: text for path, text in question.texts.items() if _named(path).for_both}
    own = {path: text for path, text in question.texts.items() if path not in shared}
    found = check_texts(loaded[1], question.texts)
    under = check_texts(loaded[0], {**question.before, **shared})
    found += [
        replace(each, message=f"{each.message}, under the baseline")
        for each in under if each not in found
    ]  # fmt: skip
    if found:
        return _at_fault(question, loaded, found)
    try:
        baseline = _changed(loaded[0], shared, question.before)
        policy = _changed(loaded[1], shared, own, question.title)
        if baseline.brief == policy.brief:
            policy = policy.changed({}, title=policy.title, name=policy.name)
        kept = policy.reasons
        reasons = {path: why for path, why in question.reasons.items() if why != kept.get(path, "")}
        question = replace(question, reasons=reasons)
        if reasons:
            given = {path: why for path, why in {**kept, **reasons}.items() if why}
            policy = with_reasons(policy, given)
    except ChangeError as error:
        return _at_fault(question, loaded, error.faults)
    if not differences(baseline, policy):
        return Read(question, loaded, (baseline, policy), same=True)
    general = tuple(clashes([baseline, policy]))
    return Read(question, loaded, None if general else (baseline, policy), general=general)


def _changed(
    source: Scenario, shared: Mapping[str, str], own: Mapping[str, str], title: str = ""
) -> Scenario:
    """A source with what holds for both policies, told in its name, and what is its own."""
    if not shared and not own and not title:
        return source
    alike = {path: plain_value(text) for path, text in shared.items()}
    made = with_values(source, alike, f"{source.name}{words_of_change(alike)[0]}"[:LONGEST_NAME])
    values = {path: plain_value(text) for path, text in own.items()}
    return made.changed(values, title or None) if values or title else made


def _at_fault(question: Asked, loaded: tuple[Scenario, Scenario], faults: Sequence[Fault]) -> Read:
    known = {*(each.path for each in fields()), TITLE}
    at: dict[str, list[str]] = {}
    general: list[str] = []
    for fault in faults:
        words = str(replace(fault, file="", line=0, column=0, field=""))
        path = fault.field.removeprefix(WHY)
        if path in known:
            words = words if path == fault.field else f"the reason {words}"
            at.setdefault(path, []).append(words)
        else:
            general.append(f"{fault.field}: {words}" if fault.field else words)
    told = {path: ". ".join(words) for path, words in at.items()}
    return Read(question, loaded, at=told, general=tuple(dict.fromkeys(general)))
