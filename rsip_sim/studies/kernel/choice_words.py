"""Choices among values of levers in words: names, settings, combinations, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rsip_sim.experiment.tasks import TaskFailed
from rsip_sim.measures.formats import NumberFormat, inside
from rsip_sim.report.quoted import Derived, Quote, Said, given, say
from rsip_sim.report.words import authority, counted, period
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.levers import PARAMETERS, field_label, value_text
from rsip_sim.scenario.ranges import number_text
from rsip_sim.studies.kernel.cells import Cells, Values

THOUSANDS_A_YEAR = NumberFormat(0, 0, divisor=1e3, notice=5000.0)
"""Of a price in pounds a year, where the heading says £000."""

COST_WORDS = (
    "The price from the council is what it guarantees once the Schools Forum has refused the line, "
    "and the deficits of sponsored schools, since the start of the run. What schools give and what "
    "the School Effectiveness Service loses are prices of their own, and are not in it."
)


def asked_about(scenario: Scenario) -> Said:
    """What is simulated: ``126 schools of Rotherham, April 2011 to March 2016``."""
    count = len(scenario.roster.urn)
    return say(
        "{schools} schools of {place}, {period}",
        schools=Quote(str(count), Derived("schools of the roster", count)),
        place=given(authority(scenario), "place"),
        period=given(period(scenario), "date"),
    )


def setting(path: str, value: Any) -> str:
    """A value with its unit: ``24 months``, ``£5 per pupil a year``."""
    return number_text(value) if path.startswith(PARAMETERS) else value_text(path, value)


def short(path: str, value: Any) -> str:
    """A value without the words that the name of its axis can do without."""
    return setting(path, value).removesuffix(" per pupil a year").removesuffix(" a year")


def in_short(cells: Cells, values: Values) -> str:
    """A cell by its values alone: ``24 months, £0``."""
    return ", ".join(short(*each) for each in zip(cells.levers, values, strict=True))


def axis_name(path: str) -> str:
    """Label of a lever with what its short values leave out."""
    example = setting(path, 1) if "gbp" in path else ""
    for ending in (" per pupil a year", " a year"):
        if example.endswith(ending):
            return f"{field_label(path)} (£{ending})"
    return field_label(path)


def combination(paths: Iterable[str], values: Values) -> str:
    """Values in words: ``agreement length 24 months, partnership earmark £0 a year``."""
    return ", ".join(
        f"{inside(field_label(path))} {setting(path, value)}"
        for path, value in zip(paths, values, strict=True)
    )


def left_out_sentences(cells: Cells) -> Iterator[str]:
    """What was left out, and why."""
    reasons = list(dict.fromkeys(each.why for each in cells.left_out))
    if reasons:
        more = " and the like" if len(reasons) > 1 else ""
        yield f"Left out, {counted(len(cells.left_out), 'combination')}: {reasons[0]}{more}."


def failed_sentences(failures: Mapping[int, TaskFailed]) -> Iterator[str]:
    """What failed, and where to read why."""
    if failures:
        numbers = ", ".join(str(number) for number in sorted(failures))
        failed, first = "cell" + "s" * (len(failures) > 1), next(iter(failures.values()))
        yield (
            f"Failed, and missing in everything below: {failed} {numbers} ({first}). The table of "
            "cells says which these are; failures.log says why, and the same command tries again."
        )
