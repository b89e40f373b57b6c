"""The explanation of two papers as a study: sentences, tables for the terminal, tidy tables."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from rsip_sim.measures.moments import unit_at
from rsip_sim.report.text import WIDTH
from rsip_sim.studies.compare.report import TO
from rsip_sim.studies.diff.sentences import conclusion, inventory, whose
from rsip_sim.studies.diff.work import Diff, Moved, Part

PAPERS = [
    "scenario", "title", "metric", "label", "unit", "better", "date", "date_label", "first",
    "second", "change", "ci_low", "ci_high", "clear", "verdict_first", "verdict_second", "futures",
]  # fmt: skip
"""One row a scenario and metric; ``ci_low`` to ``ci_high`` is the 95% interval of the change."""

STEPS = [
    "scenario", "metric", "unit", "step", "kind", "what", "change", "ci_low", "ci_high", "clear",
]  # fmt: skip
"""One row a scenario, metric and step; the changes of a scenario and metric add up to the whole.
``clear``: the interval holds no zero, and the change is not written as zero."""

_NAME, _NUMBER, _INTERVAL = 42, 11, 22
_HEADS = ("first", "second", "moved", "95% interval")


@dataclass(frozen=True)
class DiffReport:
    """What an explanation comes to."""

    diff: Diff

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """``papers`` and ``steps``; columns are PAPERS and STEPS."""
        rows = self.diff.moved
        return {
            "papers": pd.DataFrame([self._paper(row) for row in rows], columns=PAPERS),
            "steps": pd.DataFrame(
                [record for row in rows for record in self._steps(row)], columns=STEPS
            ),
        }

    def text(self) -> str:
        """The explanation: sentences, what differs, and what each step moves."""
        lines = ["WHY TWO PAPERS DIFFER", "─" * WIDTH]
        for sentence in conclusion(self.diff):
            lines += _wrapped(sentence)
        lines += ["", "WHAT THEY WERE MADE OF", "─" * WIDTH]
        for name, sentences in inventory(self.diff):
            for place, sentence in enumerate(sentences):
                head = f"{'' if place else name:<14}"
                lines += _wrapped(sentence, head, " " * 16)
        if self.diff.steps:
            lines += ["", *self._numbers()]
        return "\n".join(lines) + "\n"

    def _numbers(self) -> Iterator[str]:
        """The table of what moved, by metric."""
        yield from _wrapped(f"WHAT MOVED ({self.diff.when})")
        yield "─" * WIDTH
        shown = [row for row in self.diff.moved if _shows(row)]
        if shown:
            yield _line("", _HEADS)
        for metric in self.diff.metrics:
            rows = [row for row in shown if row.metric is metric]
            if rows:
                unit = unit_at(metric, self.diff.moment)
                yield f"{metric.label} ({unit}; {metric.better} is better)"
            for row in rows:
                yield from self._row(row)
        yield from self._not_shown()
        yield ""
        for note in _notes(self.diff):
            yield from _wrapped(note, "- ", "  ")

    def _row(self, row: Moved) -> Iterator[str]:
        write = row.metric.format
        cells = [write.short_difference(value) for value in (row.first, row.second)]
        cells += _cells(row, row.whole)
        title, *rest = textwrap.wrap(row.title, _NAME - 3)
        yield _line(f"  {title}", cells)
        yield from (f"  {each}" for each in rest)
        if len(self.diff.steps) < 2 or not any(map(row.clear, (row.whole, *row.parts))):
            return  # the one step is the whole, or no step shows beside what is left open
        for part in row.parts:
            yield self._part(row, part)

    def _part(self, row: Moved, part: Part) -> str:
        """One step; its number is that of the list of what the papers were made of."""
        of_baseline = part.step.roles and row.role not in part.step.roles
        where = "baseline, " if of_baseline else ""
        number = self.diff.steps.index(part.step) + 1
        words = f"{number:>2} {where}{part.step.label}"
        room = _NAME + 2 * _NUMBER - 6
        shown = words if len(words) <= room else f"{words[: room - 1].rstrip()}…"
        return _line(f"    {shown}", ["", "", *_cells(row, part)])

    def _not_shown(self) -> Iterator[str]:
        """Scenarios and metrics in which nothing moved that shows."""
        shown = {(row.role, row.metric) for row in self.diff.moved if _shows(row)}
        roles = [role for role in self.diff.others if any(role == each for each, _ in shown)]
        parts = []
        for metric in self.diff.metrics:
            still = [role for role in roles if (role, metric) not in shown]
            if len(still) == len(roles):
                parts.append(metric.noun)
            elif still:
                titles = ", ".join(self.diff.second.roles[role].title for role in still)
                parts.append(f"{metric.noun} under {titles}")
        if parts:
            yield from _wrapped(f"Nothing that shows moved in: {'; '.join(parts)}.")
        whole = [role for role in self.diff.others if role not in roles]
        if whole and roles:
            titles = ", ".join(self.diff.second.roles[role].title for role in whole)
            yield from _wrapped(f"Nothing that shows moved at all under: {titles}.")

    def _paper(self, row: Moved) -> tuple[object, ...]:
        metric, moment = row.metric, self.diff.moment
        return (
            row.role, row.title, metric.name, metric.label, unit_at(metric, moment), metric.better,
            moment.name, moment.label, row.first, row.second, row.whole.change, row.whole.ci_low,
            row.whole.ci_high, row.clear(row.whole), *row.verdicts, row.futures,
        )  # fmt: skip

    def _steps(self, row: Moved) -> Iterator[tuple[object, ...]]:
        unit = unit_at(row.metric, self.diff.moment)
        for place, part in enumerate(row.parts, start=1):
            words = f"{part.step.words}{whose(self.diff, part.step)}"
            yield (
                row.role, row.metric.name, unit, place, part.step.kind, words, part.change,
                part.ci_low, part.ci_high, row.clear(part),
            )  # fmt: skip


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )


def _shows(row: Moved) -> bool:
    """Whether anything moved by an amount that shows, in all or in a step."""
    parts = (part for part in (row.whole, *row.parts) if math.isfinite(part.change))
    moved = (not p.still and not row.metric.format.shows_zero(p.change) for p in parts)
    return any(moved) or math.isnan(row.first) != math.isnan(row.second)


def _cells(row: Moved, part: Part) -> list[str]:
    """What moved, and its interval."""
    write = row.metric.format
    if math.isnan(part.change):
        return ["–", "–"]
    if part.still:
        return ["none", "–"]
    interval = "–" if part.ci_low != part.ci_low else TO.join(
        write.short_difference(value) for value in (part.ci_low, part.ci_high)
    )  # fmt: skip
    return [write.short_difference(part.change), interval]


def _line(name: str, cells: Sequence[str]) -> str:
    widths = (_NUMBER, _NUMBER, _NUMBER, _INTERVAL)
    filled = "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
    room = _NAME + 2 * _NUMBER if not any(cells[:2]) else _NAME
    return f"{name:<{room}}{filled[room - _NAME :]}".rstrip()


def _notes(diff: Diff) -> Iterator[str]:
    yield (
        "First, second: the mean difference from the baseline in each paper, renewal as written. "
        "The steps are taken in the order shown, each from where the one before ended, and so add "
        "up to the whole; where steps act on one another, another order divides it otherwise. They "
        "are listed where anything moved clearly; --out DIR keeps all of them in a table."
    )
    yield (
        "The 95% interval is the precision of what moved, not the spread of futures. Nothing lies "
        "behind luck: over many seeds it moves nothing on average, and about one such interval in "
        "twenty misses zero by chance; those of one paper do so together, sharing its futures."
    )
