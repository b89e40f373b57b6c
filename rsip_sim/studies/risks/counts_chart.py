"""How many schools are at which chance to leave under each option: a heat map of counts."""

from __future__ import annotations

from collections.abc import Sequence

from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import IN_BOTH, framed, source_line
from rsip_sim.charts.heat import Grid, Heat, Tile
from rsip_sim.evidence.months import month_name
from rsip_sim.report.words import place, yardstick_words
from rsip_sim.studies.risks.work import RiskRegister, Risks

NAME = "schools_at_risk"


def schools_at_risk(risks: Risks) -> Chart:
    """One row an option, one column a class of chance; without any partnership to convert."""
    founded = [each for each in risks.registers if each.partnership]
    shown = founded or list(risks.registers)
    measure = "leaves" if founded else "academy"
    what = "leave the partnership at least once" if founded else "become academies"
    data = risks.counts
    names = [each.scenario.name for each in shown]
    counts = data.pivot_table(f"schools_{measure}", "scenario", "likelihood", sort=False)
    numbers = counts.loc[names].to_numpy()
    cells = [
        [Tile(f"{count:.0f}", count / max(numbers.max(), 1)) for count in row]
        for row in numbers.tolist()
    ]
    heads = [str(words).removeprefix("a ") for words in counts.columns]
    left = [f"'{each.scenario.brief}'" for each in risks.registers if each not in shown]
    without = f" Without a partnership: {', '.join(left)}." if left else ""
    return framed(
        NAME,
        _title(shown, measure),
        Heat([Grid(cells, [each.scenario.brief for each in shown], heads)], 3.7, row_cm=0.72),
        subtitle=f"Number of schools by the chance that they {what}, to the end of "
        f"{month_name(risks.chosen.last_month)}; {place(risks.chosen.scenario)}",
        notes=[
            f"{yardstick_words()} No range is drawn: each chance is a share of the futures "
            f"simulated, and its 95% interval is in the table of schools.{without}",
            source_line(risks.chosen.replications, [each.scenario for each in shown]),
        ],
        told=" ".join(
            f"{each.scenario.brief}: "
            + ", ".join(f"{count:.0f} {head}" for count, head in zip(row, heads, strict=True))
            + "."
            for each, row in zip(shown, numbers.tolist(), strict=True)
        ),
        data=data,
        numbers=IN_BOTH,
    )


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
