"""How many schools are at which chance to leave under each option: a heat map of counts."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import IN_BOTH, framed, source_line
from rsip_sim.charts.heat import Grid, Heat, Tile
from rsip_sim.evidence.months import month_name
from rsip_sim.measures.runs import FloatArray
from rsip_sim.report.words import YARDSTICK, place
from rsip_sim.studies.risks.work import RiskRegister, Risks

NAME = "schools_at_risk"


def schools_at_risk(risks: Risks) -> Chart:
    """One row an option, one column a class of chance; without any partnership to convert."""
    founded = [each for each in risks.registers if each.partnership]
    shown = founded or list(risks.registers)
    measure = "leaves" if founded else "academy"
    what = "leave the partnership at least once" if founded else "become academies"
    numbers = np.stack([_counts(each, measure) for each in shown])
    heads = [f"{words}, {span}" for words, span in zip(_words(), _spans(), strict=True)]
    cells = [
        [Tile(f"{count:.0f}", count / max(numbers.max(), 1)) for count in row]
        for row in numbers.tolist()
    ]
    left = [f"'{each.scenario.brief}'" for each in risks.registers if each not in shown]
    without = f" Without a partnership: {', '.join(left)}." if left else ""
    return framed(
        NAME,
        _title(shown, measure),
        Heat([Grid(cells, [each.scenario.brief for each in shown], heads)], 3.7, row_cm=0.72),
        subtitle=f"Number of schools by the chance that they {what}, to the end of "
        f"{month_name(risks.chosen.last_month)}; {place(risks.chosen.scenario)}",
        notes=[
            "No range is drawn: each chance is a share of the futures simulated, and its 95% "
            f"interval is in the table of schools.{without}",
            source_line(risks.chosen.replications, [each.scenario for each in shown]),
        ],
        told=" ".join(
            f"{each.scenario.brief}: "
            + ", ".join(f"{count:.0f} {head}" for count, head in zip(row, heads, strict=True))
            + "."
            for each, row in zip(shown, numbers.tolist(), strict=True)
        ),
        data=risks.counts,
        numbers=IN_BOTH,
    )


def _counts(register: RiskRegister, measure: str) -> FloatArray:
    """Schools in each class, the least likely first; those without a chance are in none."""
    bounds = [0.0, *(bound for bound, _ in YARDSTICK)]
    return np.histogram(register.schools[measure].dropna(), bounds)[0].astype(np.float64)


def _words() -> list[str]:
    return [words.removeprefix("a ") for _, words in YARDSTICK]


def _spans() -> list[str]:
    bounds = [round(100 * bound) for bound, _ in YARDSTICK[:-1]]
    between = [f"{low} to {high}%" for low, high in itertools.pairwise(bounds)]
    return [f"below {bounds[0]}%", *between, f"{bounds[-1]}% up"]


def _title(shown: Sequence[RiskRegister], measure: str) -> str:
    """Under which option fewest schools go."""
    verb = "leave" if measure == "leaves" else "become academies"
    numbers = [round(float(each.schools[measure].sum())) for each in shown]
    least, total = min(numbers), len(shown[0].schools)
    if least == max(numbers):
        where = "every option" if len(shown) > 1 else f"'{shown[0].scenario.brief}'"
        return f"On average {least} of {total} schools {verb} under {where}"
    first = shown[numbers.index(least)].scenario.brief
    return f"Fewest schools {verb} under '{first}': {least} of {total} on average"
