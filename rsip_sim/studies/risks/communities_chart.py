"""The learning communities as tiles, shaded by the chance that they hold together."""

from __future__ import annotations

import math

import pandas as pd

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import framed, source_line
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.charts.tiles import Box, Tiles
from rsip_sim.report.quoted import Derived, Given, Quote, Said, given, say
from rsip_sim.report.words import last_month, place
from rsip_sim.scenario import Scenario
from rsip_sim.studies.risks.work import SURE

NAME = "community_tiles"
SHADES = (  # from this chance on; the sequential blues of the guidance, darker for more risk
    (0.95, style.WHITE, "95% up"),
    (0.90, style.PALE_BLUE, "90–95%"),
    (0.80, "#6BACE6", "80–90%"),
    (0.50, style.MID_BLUE, "50–80%"),
    (0.00, style.DARK_BLUE, "below 50%"),
)
KEYS = ("learning_community",)
COLUMNS = ("schools", "pupils", "holds", "holds_ci_low", "holds_ci_high", "expected_share")


def community_tiles(
    table: pd.DataFrame, scenario: Scenario, replications: int, name: str = NAME
) -> Chart:
    """One tile a learning community, the least likely to hold together first.

    table  as rsip_sim.studies.risks.work.RiskRegister.communities, one row or more
    name   of the chart, where one paper holds several
    """
    ordered = table.sort_values(["holds", "learning_community"]).reset_index(drop=True)
    boxes = [
        Box(str(community), per_cent_of(chance), f"{pupils:,} pupils", shade(chance))
        for community, chance, pupils in zip(
            *(ordered[column] for column in ("learning_community", "holds", "pupils")), strict=True
        )
    ]
    return framed(
        name,
        _title(ordered, name),
        Tiles(boxes),
        subtitle="Chance that more than half of a community's pupils are in the partnership at "
        f"the end of {last_month(scenario)}; '{scenario.title}', {place(scenario)}",
        notes=[
            "The least likely to hold together stands first and darkest; no forecast of a named "
            "community. Each chance is a share of the futures simulated, and no range is drawn: "
            "95% intervals are in the table.",
            source_line(replications, [scenario]),
        ],
        key=[KeyEntry(words, "area", fill, style.DARK_GREY) for _, fill, words in SHADES],
        told="One tile a learning community with its chance to hold together, the least likely "
        "first.",
        data=ordered[[*KEYS, *COLUMNS]],
        keys=KEYS,
    )


def shade(chance: float) -> str:
    """Fill of a tile."""
    return next(fill for least, fill, _ in SHADES if chance >= least)


def per_cent_of(chance: float) -> str:
    """The chance as it stands in its tile, never in a class of another shade."""
    if 0 < chance < 0.005 or 0.995 <= chance < 1:
        return "<1%" if chance < 0.5 else ">99%"
    whole = round(100 * chance)
    edge = any(chance < least <= whole / 100 for least, *_ in SHADES)
    return f"{math.floor(1000 * chance) / 10:.1f}%" if edge else f"{whole}%"


def _title(table: pd.DataFrame, name: str) -> Said:
    weak, total = int((table["holds"] < SURE).sum()), len(table)
    return say(
        "{weak} of {total} learning communities {hold} together in fewer than {sure}",
        weak=Quote(str(weak) if weak else "None",
                   Derived(f"learning communities below {SURE:.0%}: {name}", weak)),
        total=given(str(total), "roster: number of learning communities"),
        hold="holds" if weak == 1 else "hold",
        sure=Quote("nine futures of ten", Given("convention: nearly sure to hold together")),
    )  # fmt: skip
