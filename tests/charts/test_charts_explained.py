"""The chart of what explains a difference: the shares of the first screen, to the number."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest

from rsip_sim.charts.frame import Chart
from rsip_sim.studies.explain.accounts import Account
from rsip_sim.studies.explain.chart import shares_chart
from rsip_sim.studies.explain.hybrids import BY_LEVER, BY_MECHANISM
from tests.fakes.explained import fake_account, fake_explained
from tests.fakes.sheets import LONG, check_sheet

USUAL = {"security": 3.7, "renewal": 0.9, "guarantee": 0.6, "ses_size": -0.7, "brake": 0.0}
MANY = {f"Cohesion weight {i} of mutual support from April 2012": 2 - 0.3 * i for i in range(12)}


def accounts(
    effects: dict[str, float], family: str = BY_MECHANISM, scale: float = 1.0, **rest: float
) -> list[Account]:
    return [
        fake_account({name: size * scale for name, size in effects.items()}, metric=metric,
                     family=family, **rest)  # type: ignore[arg-type]
        for metric in ("members", "cohesion", "erosion", "unmet_days")
    ]  # fmt: skip


MADE: dict[str, Callable[[], list[Account]]] = {
    "usual": lambda: accounts(USUAL),
    "nothing": lambda: accounts(USUAL, scale=0.0),
    "unclear": lambda: accounts(USUAL, scale=0.01, spread=3.0),
    "many levers": lambda: [*accounts(MANY, BY_LEVER), *accounts(USUAL, rest=-2.0)],
}


@functools.cache
def chart(name: str) -> Chart:
    return shares_chart(fake_explained(MADE[name](), (f"{LONG} and no more", LONG)))


@pytest.mark.parametrize("name", MADE)
def test_it_is_legible_and_its_title_is_short(name: str) -> None:
    check_sheet(chart(name))
    assert 4 <= len(chart(name).title.split()) <= 14


def test_the_steps_of_its_data_add_up_to_the_whole() -> None:
    for (metric, _), rows in chart("many levers").data.groupby(["metric", "family"]):
        whole = rows["kind"] == "total"
        total = rows.loc[whole, "mean"].sum()
        assert rows.loc[~whole, "mean"].sum() == pytest.approx(total), metric


def test_what_rises_and_what_falls_is_told_apart_without_colour() -> None:
    axes = chart("usual").figure.axes[0]
    assert [patch.get_hatch() for patch in axes.patches] == [None, None, None, "////", None]


def test_the_title_claims_no_more_than_is_clear() -> None:
    assert chart("usual").title.startswith("Security explains most of the difference in sch")
    assert chart("nothing").title.startswith("No difference at all in")
    assert chart("unclear").title.startswith("No clear difference in")
