"""Tables written come back as they were, and no spreadsheet runs or misreads what is in them."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from rsip_sim.charts.frame import Chart
from rsip_sim.cli.telling import as_csv
from rsip_sim.evidence.faults import is_unfit
from rsip_sim.measures.csv_files import read_table, table_bytes
from rsip_sim.report.blocks import Column, Report, Table
from rsip_sim.studies.kernel.keeping import told_files

MARK = b"\xef\xbb\xbf"
RUN = "=+-@\t\r\n＝＋－＠"  # with what a spreadsheet begins a formula
NAMES = ("2012", "NA", "null", "nan", "1e5", "True", "-10", "None", "N/A", "inf", "1_000", "-")
LABELS = st.one_of(
    st.sampled_from([*NAMES, "=HYPERLINK(1)", "'=1", "''", "'2012", "@SUM(A1)", " 12", "a,b"]),
    st.text(st.characters(exclude_categories=["Cs"]).filter(lambda each: not is_unfit(each))),
    st.text(st.sampled_from("'\"=+-@,;0123e.nanNA ")),
)  # fmt: skip


def cells(content: bytes) -> list[list[str]]:
    """Every cell below the header as a spreadsheet gets it."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]


@given(st.lists(LABELS, min_size=1, max_size=6), LABELS)
@example(["2012", "NA"], "=name")
@example(["", "2012"], "-")
def test_whatever_text_goes_into_a_table_comes_out_the_same_and_is_no_formula(
    labels: list[str], heading: str
) -> None:
    numbers = np.linspace(-1, 1, len(labels))
    heading = heading if heading not in ("", "number") else "label"
    table = pd.DataFrame({heading: labels, "number": numbers})
    content = table_bytes(table)
    again = read_table(content)
    assert list(again) == [heading, "number"]
    assert again["number"].tolist() == pytest.approx(numbers.tolist())
    if any(labels):
        assert again[heading].tolist() == labels
    for row in cells(content):
        assert not row[0].startswith(tuple(RUN))
        assert float(row[1]) >= -1  # and a number is the number, whatever its sign


def test_a_file_says_that_it_is_unicode() -> None:
    content = table_bytes(pd.DataFrame({"unit": ["£m since the start", "0–24"]}))
    assert content.startswith(MARK)
    assert "£m since the start".encode() in content


@pytest.mark.parametrize("start", list(RUN))
def test_what_begins_a_formula_stands_behind_an_apostrophe(start: str) -> None:
    content = table_bytes(pd.DataFrame({"a": [f"{start}cmd", "b"]}))
    assert content.decode("utf-8-sig").partition("\n")[2].lstrip('"').startswith("'")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_a_number_is_no_number_for_any_reader_of_tables(name: str) -> None:
    content = table_bytes(pd.DataFrame({"scenario": [name], "value": [1]}))
    assert read_table(content)["scenario"].tolist() == [name]
    (raw,) = pd.read_csv(io.BytesIO(content))["scenario"]
    assert isinstance(raw, str)


def test_numbers_truths_and_gaps_are_read_as_what_they_are() -> None:
    table = pd.DataFrame(
        {
            "text": ["a", None, "c"], "float": [0.1 + 0.2, np.nan, -0.1], "whole": [1, -2, 3],
            "truth": [True, False, True], "large": [np.inf, 1.0, -np.inf], "none": [np.nan] * 3,
        }
    )  # fmt: skip
    again = read_table(table_bytes(table))
    pd.testing.assert_frame_equal(again.drop(columns="text"), table.drop(columns="text"))
    assert again["text"].tolist() == ["a", "", "c"]


def test_a_table_without_mark_or_guard_is_read_too() -> None:
    assert read_table(b"a,b\nx,1\n,2\n").to_dict("list") == {"a": ["x", ""], "b": [1, 2]}


def test_whatever_leaves_as_a_table_is_guarded_the_tables_of_a_study_a_chart_and_a_screen() -> None:
    """Each has a writer of its own, and a reader who opens it in a spreadsheet."""
    table = pd.DataFrame({"title": ["=HYPERLINK(1)", "-10% earmark"], "change": [-1.5, 2.0]})
    kept = told_files("Found.", {"numbers": table}, ())["tables/numbers.csv"]
    drawn = Chart("bars", "Bars", Figure(), table, "Bars.").files()["bars.csv"]
    columns = (Column("title", 20, words=True), Column("change", 10))
    rows = (("=HYPERLINK(1)", "−1.5"), ("-10% earmark", "2.0"))
    shown = as_csv(Report("Found", (Table("numbers", "Numbers", "Read it so.", columns, rows),)))
    for content in (kept, drawn, shown.encode("utf-8-sig")):
        assert [row[0] for row in cells(content)] == ["'=HYPERLINK(1)", "'-10% earmark"]
    assert kept.startswith(MARK)
    assert drawn.startswith(MARK)
