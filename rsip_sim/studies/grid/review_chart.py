"""What looking before deciding is worth: an aim a row, a thing to look at a column."""

from __future__ import annotations

import numpy as np

from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import IN_BOTH, framed, source_line
from rsip_sim.charts.heat import Grid, Heat, Tile
from rsip_sim.evidence.months import month_name
from rsip_sim.measures.formats import MINUS
from rsip_sim.report.words import place
from rsip_sim.studies.grid.review import Judged, ReviewResult
from rsip_sim.studies.grid.review_report import aim_text, signal_words
from rsip_sim.studies.grid.review_tables import value_table

NAME = "review_value"
MOST_LOOKS = 6


def review_value(result: ReviewResult) -> Chart:
    """The worth of looking at each thing, in the unit of each aim, the darker the more."""
    looks = list(result.worked_out[0].learnt)
    looks = [*looks[: MOST_LOOKS - 1], looks[-1]] if len(looks) > MOST_LOOKS else looks
    grid = Grid(
        [[_tile(one, each) for each in looks] for one in result.worked_out],
        [aim_text(one) for one in result.worked_out],
        [signal_words(each) for each in looks],
    )
    cut = len(looks) < len(result.worked_out[0].learnt)
    return framed(
        NAME,
        review_title(result),
        Heat([grid], labels_cm=4.4, row_cm=0.85, widest_cm=2.6),
        subtitle=f"Gain of deciding in {month_name(result.review)}, after looking, over the one "
        "option that is best without, in % of what it would be worth to know the whole future; "
        f"{place(result.cells.scenario)}",
        notes=[
            "In brackets: not clearly worth anything. Judged on futures that had no say in the "
            f"choice.{' The other things to look at are in the table.' if cut else ''}",
            source_line(result.replications, [result.cells.scenario]),
        ],
        told="Heat map of the worth of looking, one row an aim, one column a thing to look at.",
        data=value_table(result),
        numbers=IN_BOTH,
    )


def _tile(one: Judged, looks: str) -> Tile:
    value = one.learnt[looks].value
    share = value.mean / one.hindsight if one.hindsight > 0 else 0.0
    text = f"{100 * share:.0f}".replace("-0", "0").replace("-", MINUS)
    if value.ci_low > 0:
        return Tile(text, float(np.clip(share, 0, 1)), bold=True)
    return Tile(f"({text})", 0.0)


def review_title(result: ReviewResult) -> str:
    """Whether looking is clearly worth anything, and where most."""
    worth = [one for one in result.worked_out if one.worth_looking]
    if not worth:
        return "Nothing the review sees is clearly worth waiting for"
    first = worth[0]
    return f"Looking at {signal_words(first.best_look)} first is clearly worth it for " + (
        first.aim.metric.noun
    )
