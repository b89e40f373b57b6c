"""What the templates are filled with, and what the script of the page is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from rsip_sim.evidence.months import month_name, parse_month
from rsip_sim.evidence.register import load_register
from rsip_sim.page.asked import TITLE, WAS, Asked, Read, Sources, says, text_of, value_at
from rsip_sim.page.deeds import Deeds
from rsip_sim.page.form import HEADINGS, Field, Slider, fields
from rsip_sim.page.live import LiveAnswer
from rsip_sim.page.told import command_for, python_for
from rsip_sim.report.blocks import Part
from rsip_sim.report.html import blocks_within, within
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.levers import value_text
from rsip_sim.scenario.ranges import LONGEST_REASON
from rsip_sim.scenario.resolved import plain_numbers


@dataclass(frozen=True)
class Lever:
    """A lever as it stands on the form.

    text      what its box holds;  word: whether a word stands there instead of a number
    was       its value under the baseline, in words
    differs   whether the policy's value is another one
    is_set    whether it is set otherwise than in the policy's source
    fault     what is wrong with it, or '';  why: the reason given
    later     what the policy's source has it change to during the run
    """

    field: Field
    text: str
    word: bool = False
    was: str = ""
    differs: bool = False
    is_set: bool = False
    fault: str = ""
    why: str = ""
    later: str = ""
    slider: Slider | None = None
    choices: Sequence[tuple[str, str]] = ()

    @property
    def explained(self) -> bool:
        """Whether there is something to give a reason for."""
        return bool(self.why) or (not self.fault and (self.differs or self.is_set))


def levers(read: Read) -> list[Lever]:
    """Every lever of the form; none where the sources are at fault."""
    return [_lever(each, read) for each in fields()] if read.sources else []


def _lever(each: Field, read: Read) -> Lever:
    assert read.sources is not None
    path, asked = each.path, read.asked
    source, baseline = value_at(read.sources[1], path), (read.made or read.sources)[0]
    text = asked.texts.get(path, text_of(source))
    was = value_at(baseline, path)
    if each.kind == "file":
        return Lever(each, "", was=value_text(path, was), differs=was != source)
    is_set, fault = path in asked.texts, read.at.get(path, "")
    why = asked.reasons.get(path, (read.made or read.sources)[1].reasons.get(path, ""))
    word = bool(each.word) and text == each.word
    number = _usual(path) if word else text
    choices = list(each.choices)
    if each.kind == "choice" and text not in dict(choices):
        choices.append((text, value_text(path, source) if text == text_of(source) else text))
    return Lever(
        each, number, word, value_text(path, was),
        not fault and not says(each, text, was) and not (each.for_both and is_set),
        is_set, fault, why, "" if is_set else _later(read.sources[1], path),
        each.slider(*_numbers(was, source, number)), choices,
    )  # fmt: skip


def _numbers(*values: Any) -> Iterator[float]:
    for value in values:
        try:
            yield float(value)
        except (TypeError, ValueError):
            continue


def _usual(path: str) -> str:
    """A number to begin with where a word stands: the register's."""
    return text_of(plain_numbers(load_register()[path].value))


def _later(policy: Scenario, path: str) -> str:
    """The changes of a lever during the run, in words; '' where there are none."""
    changes = [
        f"{value_text(path, entry['set'][path])} from {month_name(parse_month(entry['from']))}"
        for entry in policy.resolved["timeline"]
        if path in entry["set"]
    ]
    return "; ".join(changes)


@dataclass(frozen=True)
class Shown:
    """An answer ready to be shown.

    said  its short form;  html: all of it;  hangs: what it hangs on, '' where that is not known
    """

    said: str
    html: str
    replications: int
    hangs: str = ""


def shown(answer: LiveAnswer, read: Read, deeds: Deeds, hangs: Part | None = None) -> Shown:
    """An answer, with what gives the same numbers elsewhere, and what it hangs on where known."""
    chart = answer.chart
    told = within(answer.report, {chart.name: (chart.alt, answer.drawing.encode())})
    files = [each.file for each in deeds.written(read)]
    how = files, answer.replications, answer.baseline.run.seed
    same = filled(
        "same.html", command=command_for(*how), python=python_for(*how),
        to_save=[each.file for each in deeds.written(read) if not deeds.has(each)],
    )  # fmt: skip
    on = "" if hangs is None else hanging(hangs)
    return Shown(str(chart.title), f"{told}\n{same}", answer.replications, on)


def hanging(part: Part) -> str:
    """What an answer hangs on, as a part of the page."""
    return blocks_within(part.blocks, "hangs")


def page(
    read: Read, sources: Sources, deeds: Deeds, futures: tuple[int, int],
    answer: Shown | None = None, problem: str = "",
) -> str:  # fmt: skip
    """The whole page.

    futures  of a first answer, and of one that is refined
    problem  why there is no answer, besides faults of what was asked
    """
    every = levers(read)
    labels = {each.field.path: each.field for each in every}
    asked = read.asked
    return filled(
        "page.html", read=read, asked=asked, names=sources.titled(), levers=every,
        headings=HEADINGS, longest_reason=LONGEST_REASON,
        hidden=[(f"{WAS}{path}", text) for path, text in asked.before.items()],
        before=_before(asked), answer=answer, problem=problem,
        faults=[(labels.get(path), words) for path, words in read.at.items()],
        title_fault=read.at.get(TITLE, ""), made=read.made, file_name=_file_name(read, deeds),
        deeds=deeds, done=deeds.shown(), first=futures[0], refined=futures[1],
        address=asked.address(), swap=asked.swapped().address(),
        again=Asked(asked.baseline, asked.policy).address(),
    )  # fmt: skip


def _before(asked: Asked) -> str:
    """What is set of the baseline itself, in words."""
    named = {each.path: each for each in fields()}
    return "; ".join(f"{named[path].label}: {text}" for path, text in asked.before.items())


def _file_name(read: Read, deeds: Deeds) -> str:
    if not read.made:
        return ""
    policy = deeds.written(read)[1]
    return policy.file if policy.text else f"{read.made[1].name}.yaml"


def state(read: Read, deeds: Deeds) -> dict[str, Any]:
    """How the form stands now, for the script: marks, faults and the address."""
    return {
        "levers": {
            each.field.id: {
                "differs": each.differs, "explained": each.explained, "fault": each.fault,
                "was": each.was,
            }
            for each in levers(read)
        },
        "general": list(read.general),
        "title": read.at.get(TITLE, ""),
        "faults": read.faults,
        "same": read.same,
        "address": read.asked.address(),
        "swap": read.asked.swapped().address(),
        "file": _file_name(read, deeds),
    }  # fmt: skip


def done(deeds: Deeds) -> str:
    """The list of what was done, for the script of the page."""
    return filled("done.html", deeds=deeds, done=deeds.shown(), address="")


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("rsip_sim.page"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def filled(name: str, **values: Any) -> str:
    """A template by its file name, filled."""
    return str(_templates().get_template(name).render(**values))
