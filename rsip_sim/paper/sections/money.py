"""Money by financial year in words and tables."""

from __future__ import annotations

from collections.abc import Sequence

from rsip_sim.measures.moments import END
from rsip_sim.paper.case import Case, ends
from rsip_sim.paper.sections.money_table import ITEMS, MILLION, WHOLE, Item, Sums, years_of
from rsip_sim.report.blocks import Block, Heading, Paragraph, Points, Table, columns
from rsip_sim.report.quoted import Quote, Said, given, listed, say, titled
from rsip_sim.report.verdicts import CLEAR, INTERVAL, SPREAD
from rsip_sim.report.words import NOBREAK

MOST_COLUMNS = 6
LONG = 30
"""Characters of a title from which it needs a wider column."""


def money(case: Case) -> list[Block]:
    """Sentences, and a table for each kind of money."""
    sums = case.money
    points = tuple(
        tell(case, sums) for tell in (_recouped, _line, _guarantee, _service, _overspend)
    )
    blocks: list[Block] = [Paragraph(_basis()), Points(points)]
    blocks.append(Heading(Said("By financial year")))
    for part, years in enumerate(_columns(case), 1):
        blocks.append(_of_baseline(case, sums, years, part))
    for item in ITEMS[1:]:
        for part, years in enumerate(_columns(case), 1):
            blocks.append(_by_option(case, sums, item, years, part))
    if note := _part_years(case):
        blocks.append(Paragraph(note, "note"))
    return blocks


def _basis() -> Said:
    return say(
        "All sums are cash, not real terms, and rest on the pupil rolls of the roster throughout. "
        "They are averages across futures, with the range of {spread} in brackets. The Dedicated "
        "Schools Grant (DSG) of a school is recouped from the month in which it becomes an "
        "academy. The line for the partnership is a part of the grant: it is pooled, or delegated "
        "to schools, and a refused line is no saving. The School Effectiveness Service is paid "
        "from the council's own money, which falls with its yearly cut and with the pupils who "
        "leave it. A guarantee is taken from that money; an overspend is what the guarantee, "
        "together with the least that the service can be cut to, takes beyond it.",
        spread=SPREAD,
    )


def _recouped(case: Case, sums: Sums) -> Said:
    """Grant recouped under the baseline, and what an option changes of it."""
    base = case.baseline.name
    opening = say(
        "Over the run {recouped} of {gross} of the grant is recouped under {base} ({low} to "
        "{high} in {spread})",
        recouped=sums.told(base, "recouped"), gross=sums.told(base, "gross"), base=case.base,
        low=sums.told(base, "recouped", "p05"), high=sums.told(base, "recouped", "p95"),
        spread=SPREAD,
    )  # fmt: skip
    found = [case.row(s, "recouped_cumulative", moment=END) for s in case.others]
    clear = [row for row in found if row is not None and row.verdict in CLEAR]
    if not case.enough:
        return say("{opening}; too few futures were simulated to say what an option changes.",
                   opening=opening)  # fmt: skip
    if not clear:
        return say("{opening}; no option changes it by an amount that is clear.", opening=opening)
    most = max(clear, key=lambda row: abs(row.numbers.difference))
    return say(
        "{opening}; the option that changes it most, {title}, makes it {size} on average "
        "({interval} {ends}).",
        opening=opening, title=titled(most.scenario.title), size=most.figures.relative(),
        interval=INTERVAL, ends=ends(most),
    )  # fmt: skip


def _is_clear(verdict: str) -> bool:
    return verdict in CLEAR


def _line(case: Case, sums: Sums) -> Said:
    """What of the line is pooled under the baseline, and what schools get themselves."""
    base = case.baseline.name
    if not any(sums.value(base, item) > 0 for item in ("pooled", "delegated")):
        return say("Under {base} there is no line for the partnership.", base=case.base)
    return say(
        "Under {base}, {pooled} of the line is pooled over the run on average, and {delegated} is "
        "delegated to schools, which buy support with it; members pay {subscriptions} in "
        "subscriptions.",
        base=case.base, pooled=_amount(sums, base, "pooled"),
        delegated=_amount(sums, base, "delegated"),
        subscriptions=_amount(sums, base, "subscriptions"),
    )  # fmt: skip


def _guarantee(case: Case, sums: Sums) -> Said:
    """The dearest guarantee, and the cheapest beside it."""
    means = {s.name: sums.value(s.name, "guarantee") for s in case.scenarios}
    if not any(size > 0 for size in means.values()):
        return say("The council pays no guarantee under any of the policies.")
    most, least = max(means, key=means.__getitem__), min(means, key=means.__getitem__)
    opening = say(
        "Once the Schools Forum has refused the line, the council pays it in every financial year "
        "that an agreement covers whole. That costs it {most} over the run under {title} on "
        "average, later agreements included",
        most=sums.told(most, "guarantee"), title=titled(_title(case, most)),
    )  # fmt: skip
    if means[least] == means[most]:
        return say("{opening}, and the same under the others.", opening=opening)
    return say(
        "{opening}, and {least} under {title}.",
        opening=opening, least=_amount(sums, least, "guarantee"),
        title=titled(_title(case, least)),
    )  # fmt: skip


def _service(case: Case, sums: Sums) -> Said:
    """What the council has for its service under the baseline, and what it pays for it."""
    base = case.baseline.name
    return say(
        "Under {base} the council has {path} for its School Effectiveness Service over the run on "
        "average, and the service gets {paid}.",
        base=case.base, path=_amount(sums, base, "ses_path"), paid=_amount(sums, base, "ses"),
    )  # fmt: skip


def _overspend(case: Case, sums: Sums) -> Said:
    """Where the council's money for its service does not hold what is guaranteed."""
    means = {s.name: sums.value(s.name, "overspend") for s in case.scenarios}
    if not any(size > 0 for size in means.values()):
        return say(
            "The council's money for its service holds what is guaranteed, in every future "
            "simulated."
        )
    most = max(means, key=means.__getitem__)
    return say(
        "The council's overspend is largest under {title}: {mean} over the run on average, from "
        "{low} to {high} in {spread}.",
        title=titled(_title(case, most)), mean=sums.told(most, "overspend"), spread=SPREAD,
        low=sums.told(most, "overspend", "p05"), high=sums.told(most, "overspend", "p95"),
    )  # fmt: skip


def _amount(sums: Sums, scenario: str, item: str) -> Quote | str:
    """A sum over the whole run as a sentence has it, in words where there is none."""
    return sums.told(scenario, item) if sums.value(scenario, item) > 0 else "nothing"


def _part_years(case: Case) -> Said | None:
    """Financial years of which not all months are simulated."""
    years = years_of(case.baseline)
    parts = [
        say("{year} (months: {months})", year=given(year, "date"),
            months=given(str(years.count(year)), "months simulated"))
        for year in dict.fromkeys(years) if years.count(year) < 12
    ]  # fmt: skip
    return say("Not simulated whole: {years}.", years=listed(parts)) if parts else None


def _of_baseline(case: Case, sums: Sums, years: Sequence[str], part: int) -> Table:
    rows = []
    for item in ITEMS:
        unit = sums.unit(item.name)
        label = say("{label} ({unit})", label=item.label, unit=_sign(unit))
        cells = (_cell(sums, case.baseline.name, item, year, unit) for year in years)
        rows.append((label, *cells))
    return Table(
        name=f"money_baseline_{part}",
        caption=say("Money under {base}: average ({spread})", base=case.base, spread=SPREAD),
        description=say("One row a kind of money, one column a financial year."),
        columns=columns(("Money", *_heads(years)), (3.4, *[2.15] * (len(years) - 1), 2.5)),
        rows=tuple(rows),
    )


def _by_option(case: Case, sums: Sums, item: Item, years: Sequence[str], part: int) -> Table:
    unit = sums.unit(item.name)
    longest = max(len(scenario.title) for scenario in case.scenarios)
    rows = tuple(
        (
            given(scenario.title, "title of a scenario"),
            *(_cell(sums, scenario.name, item, year, unit) for year in years),
        )
        for scenario in case.scenarios
    )
    return Table(
        name=f"money_{item.name}_{part}",
        caption=say(
            "{label} ({unit}): average ({spread})",
            label=item.label, unit=_sign(unit), spread=SPREAD,
        ),
        description=say("One row a policy, one column a financial year."),
        columns=columns(
            ("Policy", *_heads(years)),
            (3.5 if longest > LONG else 2.4, *[2.35] * (len(years) - 1), 2.6),
        ),
        rows=rows,
    )  # fmt: skip


def _columns(case: Case) -> list[list[str]]:
    """The columns of each table: at most so many that they fit a page."""
    years = [*dict.fromkeys(years_of(case.baseline)), WHOLE]
    return [years[first : first + MOST_COLUMNS] for first in range(0, len(years), MOST_COLUMNS)]


def _heads(years: Sequence[str]) -> list[Said]:
    return [Said("All years") if year == WHOLE else given(year, "date") for year in years]


def _sign(unit: float) -> Said:
    return Said("£m") if unit == MILLION else given("£ thousand", "unit")


def _cell(sums: Sums, scenario: str, item: Item, year: str, unit: float) -> Said:
    mean, low, high = (
        sums.cell(scenario, item.name, year, column, unit) for column in ("mean", "p05", "p95")
    )
    if low.text == mean.text == high.text:
        return Said(mean)
    return say("{mean} ({low}{nb}to{nb}{high})", mean=mean, low=low, high=high, nb=NOBREAK)


def _title(case: Case, name: str) -> str:
    return next(scenario.title for scenario in case.scenarios if scenario.name == name)
