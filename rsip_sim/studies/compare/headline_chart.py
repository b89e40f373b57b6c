"""The first screen's table as a picture: measures down, options across, the price last."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from rsip_sim.charts.cells import Cell, Cells
from rsip_sim.charts.cells import Line as Drawn
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import framed, source_line
from rsip_sim.measures.formats import inside
from rsip_sim.report.quoted import Said, given, joined, say, titled
from rsip_sim.report.words import place
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.answer import short_answer
from rsip_sim.studies.compare.headline_table import MOST, Line, lines, read_over
from rsip_sim.studies.compare.screen import PRICES, Screen
from rsip_sim.studies.compare.work import ComparisonTables

NAME = "headline"
KEYS = ("measure", "scenario")


def headline(tables: ComparisonTables) -> Chart:
    """A number, a dot and its 95% interval for each measure and option."""
    screen = Screen(tables)
    options = screen.most_changed(MOST)
    rows = list(lines(screen, options))
    base, dated = screen.baseline.brief, inside(read_over(screen.baseline, screen.moment))
    few = len(options) < len(tables.others)
    return framed(
        NAME,
        short_answer(screen),
        Cells(
            [each.brief for each in options],
            base,
            f"change from '{base}'",
            [
                Drawn(
                    line.label,
                    str(line.level),
                    [
                        Cell(str(each.words), each.difference, each.ci_low, each.ci_high, each.told)
                        for each in line.entries
                    ],
                    group=line.label == next(iter(PRICES.values())),
                )
                for line in rows
            ],
        ),
        subtitle=f"Level under '{base}' and difference of each option, {dated}; "
        f"{place(screen.baseline)}",
        notes=[
            "Dot and bar: average difference and its 95% interval; each row has its own scale, "
            "and the upright line is no difference. Grey and in brackets: not clear, or too small "
            "to notice. The lines of the price are borne by different people and are never added "
            "up.",
            *([f"Shown are the {len(options)} options that change most."] if few else []),
            source_line(tables.replications, [screen.baseline, *tables.others]),
        ],
        told=_told(base, options, rows),
        data=pd.DataFrame([entry for line in rows for entry in line.entries]).drop(columns="words"),
        keys=KEYS,
    )


def _told(base: str, options: Sequence[Scenario], rows: Sequence[Line]) -> Said:
    names = [given(each.brief, "title of a scenario") for each in options]
    told = (
        say(
            "{label}: {level} under {base}; {beside}",
            label=line.label,
            level=line.level,
            base=titled(base),
            beside=joined(", ", (
                say("{name} {cell}", name=name, cell=entry.words)
                for name, entry in zip(names, line.entries, strict=True)
            )),
        )
        for line in rows
    )  # fmt: skip
    return say(
        "A grid of numbers, each with its dot and interval, one row a measure and one column an "
        "option. In brackets: not clear, or too small to notice. {rows}.",
        rows=joined(". ", told),
    )
