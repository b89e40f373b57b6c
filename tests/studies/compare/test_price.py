"""The price: three lines, each of the right pocket, and the years make up the run."""

from __future__ import annotations

import numpy as np
import pytest

from rsip_sim.report.blocks import Report
from rsip_sim.report.text import rendered
from rsip_sim.studies.compare.price import LINES, LOST, WHOLE, price, price_blocks, price_table
from tests.fakes.panels import FIVE, NO_AGREEMENT, TWO_YEAR, FakeResults, fake_results

MONTHS = 60


def results() -> FakeResults:
    """Over a fake of two scenarios: a line pooled for two years, and then guaranteed by one."""
    made = fake_results((NO_AGREEMENT, TWO_YEAR), 20)
    month = np.arange(MONTHS)[:, None]
    for name, panel in made.panels.items():
        shape = panel["pooled_pence_per_year"].shape
        refused = np.broadcast_to(month >= 24, shape)
        promised = np.broadcast_to(month < 36, shape) & (name == "two_year")
        panel["pooled_pence_per_year"] = np.where(refused, 0, 30_000_000)
        panel["guarantee_pence_per_year"] = np.where(refused & promised, 30_000_000, 0)
        panel["ses_pence_per_year"] = np.where(refused & promised, 90_000_000, 120_000_000)
    return made


ROWS = price(results(), NO_AGREEMENT, [TWO_YEAR])


def of(scenario: str, line: str, year: str = WHOLE):
    (row,) = (r for r in ROWS if (r.scenario.name, r.line, r.year) == (scenario, line, year))
    return row


def test_a_refused_line_is_no_saving_to_the_council_and_no_price_to_schools() -> None:
    for scenario in ("no_agreement", "two_year"):
        assert of(scenario, "price_schools").mean == pytest.approx(600_000)
        assert of(scenario, "price_schools", "2013-14").mean == 0
    assert of("no_agreement", "price_council").mean == 0


def test_a_guarantee_is_the_councils_price_and_the_service_it_takes_is_lost_beside_it() -> None:
    assert of("two_year", "price_council").difference == pytest.approx(300_000)
    assert of("two_year", "price_council", "2013-14").mean == pytest.approx(300_000)
    assert of("two_year", LOST).mean == pytest.approx(300_000)
    assert of("no_agreement", LOST).mean == 0


def test_the_years_of_every_line_make_up_the_run() -> None:
    table = price_table(price(fake_results(FIVE, 20), FIVE[0], FIVE[1:]))
    whole = table[table["financial_year"] == WHOLE].set_index(["scenario", "line"])["mean"]
    years = table[table["financial_year"] != WHOLE].groupby(["scenario", "line"])["mean"].sum()
    assert set(table["line"]) == {*LINES}
    np.testing.assert_allclose(years.loc[whole.index], whole, rtol=1e-9, atol=1e-6)


def test_the_report_fits_the_terminal_and_names_each_line_once() -> None:
    text = rendered(Report("Price", tuple(price_blocks(ROWS))))
    assert max(map(len, text.splitlines())) <= 100
    for label in LINES.values():
        assert " ".join(text.split()).count(label) == 1
    assert "never added up" in " ".join(text.split())
