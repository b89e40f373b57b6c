"""No number enters a paper without the cell in which it stands."""

from __future__ import annotations

import pandas as pd
import pytest

from rsip_sim.paper.ledger import Ledger, LedgerError, LedgerTable, address
from rsip_sim.report.quoted import Cell, Derived, Given, Quote, Said, given, say

FRAME = pd.DataFrame(
    {
        "scenario": ["one_year", "two_year"],
        "metric": ["members", "members"],
        "unit": ["schools", "schools"],
        "date": ["march_2013", "march_2013"],
        "difference": [4.83, 6.14],
    }
)
TABLE = LedgerTable("differences", "Differences", FRAME, ("scenario", "metric"))
SIX = Quote("+6.1", Cell("differences", ("two_year", "members"), "difference"))


def ledger() -> Ledger:
    return Ledger([TABLE], "no_agreement")


def test_an_entry_says_all_that_a_reader_needs_to_find_the_figure() -> None:
    (entry,) = ledger().record("summary", say("{n} schools", n=SIX))
    assert (entry.display, entry.value, entry.kind) == ("+6.1", 6.14, "result")
    assert (entry.table, entry.cell, entry.file) == ("differences", "E3", "tables.xlsx")
    assert (entry.scenario, entry.metric, entry.unit) == ("two_year", "members", "schools")
    assert entry.what == "mean paired difference from the baseline"


def test_the_same_figure_quoted_twice_is_one_entry() -> None:
    ours = ledger()
    ours.record("summary", say("{n} schools", n=SIX))
    ours.record("options", say("as said, {n}", n=SIX))
    assert len(ours.entries) == 1


@pytest.mark.parametrize(
    "said",
    [
        Said("6.1 more schools"),
        "6.1 more schools",
        Said("six more schools"),
        Said("Twelve futures"),
        say("{n} schools, of 126", n=SIX),
    ],
)
def test_a_number_outside_a_quote_is_an_error(said: str) -> None:
    with pytest.raises(LedgerError, match=r"summary: '.+' has no source"):
        ledger().record("summary", said)


def test_words_that_only_look_like_numbers_are_words() -> None:
    assert ledger().record("summary", Said("Often one of them, tenfold; eighty-eightish")) == []


@pytest.mark.parametrize(
    ("quote", "message"),
    [
        (Quote("+6.2", SIX.source), "is not the rounding"),
        (Quote("+6.1", Cell("differences", ("three_year", "members"), "difference")), "no row"),
        (Quote("+6.1", Cell("differences", ("two_year", "members"), "mean")), "which is none"),
        (Quote("+6.1", Cell("elsewhere", ("two_year",), "difference")), "which is none"),
        (Quote("7", Derived("count of schools", 6.0)), "is not the rounding"),
    ],
)
def test_a_wrong_source_is_an_error_and_never_a_guess(quote: Quote, message: str) -> None:
    with pytest.raises(LedgerError, match=message):
        ledger().record("summary", Said(quote))


def test_numbers_worked_out_stand_in_a_table_of_their_own() -> None:
    ours = ledger()
    four = Quote("four", Derived("number of options", 4.0))
    (entry,) = ours.record("summary", Said(four))
    table = ours.worked_out()
    assert (entry.table, entry.cell) == (table.name, "B2")
    assert table.value(("number of options",), "value") == 4.0


def test_what_is_given_needs_no_cell_but_says_what_it_is() -> None:
    (entry,) = ledger().record("title", given("31 March 2013", "date"))
    assert (entry.kind, entry.what, entry.value) == ("given", "date", None)
    assert Given("date") == Given("date")


def test_rows_that_share_a_key_are_refused() -> None:
    with pytest.raises(LedgerError, match="do not name a row"):
        LedgerTable("t", "T", pd.concat([FRAME, FRAME]), ("scenario",)).value(("x",), "difference")


@pytest.mark.parametrize(
    ("row", "column", "name"), [(0, 0, "A2"), (2, 25, "Z4"), (9, 26, "AA11"), (0, 701, "ZZ2")]
)
def test_addresses_are_those_of_a_spreadsheet(row: int, column: int, name: str) -> None:
    assert address(row, column) == name
