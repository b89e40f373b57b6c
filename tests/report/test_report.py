"""One report, a renderer a medium: what stands in its blocks is told by each, in the same order."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.report.blocks import (
    Column,
    Gap,
    Heading,
    Paragraph,
    Picture,
    Points,
    Report,
    Table,
    mapped,
)
from rsip_sim.report.html import html
from rsip_sim.report.quoted import Derived, Quote, Said, say
from rsip_sim.report.text import WIDTH, rendered, table

LONG = "A sentence of so many words that no terminal of a hundred characters has room for it, " * 3
COLUMNS = (
    Column("scenario", 20, words=True, hang=0, silent=True),
    Column("average\n", 10, over="renewal certain"),
    Column("95% interval\nof the average", 16, over="renewal certain"),
)
GROUPED = Table(
    "differences",
    "Differences",
    "One row a scenario.",
    COLUMNS,
    (
        "Schools that left",
        ("An agreement of two years", "+1", "0 to +2"),
        ("Five years", "+3", ""),
        "Cohesion: not defined",
        "Erosion",
        ("Five years", "−1", "−2 to 0"),
    ),
)
REPORT = Report(
    "How long?",
    (
        Paragraph(LONG),
        Points((LONG, "Second point"), depth=1, apart=True),
        Points(("Counted",), numbered=True),
        Heading("The numbers"),
        GROUPED,
        Paragraph("Read with care", "note"),
        Heading("How to read this"),
        Paragraph("As it says"),
        Heading("And then", 3),
        Gap("Legal advice", "the solicitor"),
    ),
)


def words(text: str) -> list[str]:
    return re.findall(r"[\w+−%]+", text)


def test_nothing_is_wider_than_the_terminal_and_no_word_is_lost_on_it() -> None:
    text = rendered(REPORT)
    assert max(map(len, text.splitlines())) <= WIDTH
    told = words(text.lower())
    for place, passage in REPORT.passages():
        if "description" not in place and "header, column 1" not in place:
            assert set(words(passage.lower())) <= set(told), place


def test_html_tells_every_passage_in_order() -> None:
    page = html(REPORT, {})
    told = unescape(re.sub(r"<[^>]*>", "", page[page.index("<main>") :]))
    at = 0
    for place, passage in REPORT.passages():
        found = told.find(passage, at)
        assert found >= 0, place
        at = found


def test_a_long_name_goes_on_in_the_next_line_below_the_text_that_names_its_rows() -> None:
    lines = rendered(Report("", (GROUPED,))).splitlines()
    at = lines.index("Schools that left")
    assert lines[at + 1 : at + 3] == [
        "  An agreement of           +1         0 to +2",
        "  two years",
    ]


def test_headings_over_several_columns_end_where_these_end() -> None:
    over, first, second = rendered(Report("", (GROUPED,))).splitlines()[1:4]
    assert over == " " * (46 - len("renewal certain")) + "renewal certain"
    assert first == f"{'':20}{'average':>10}{'95% interval':>16}"
    assert second == f"{'':20}{'':>10}{'of the average':>16}"


def test_a_name_too_long_for_its_column_ends_in_an_ellipsis_where_it_may_not_go_on() -> None:
    short = Table("t", "c", "d", (Column("name", 8, words=True), Column("n", 4)), (("x" * 9, "1"),))
    assert rendered(Report("", (short,))).splitlines()[-1] == "xxxxxx…    1"


def test_words_take_the_room_of_empty_cells_after_them_and_numbers_keep_their_columns() -> None:
    columns = (Column("name", 8, words=True), Column("n", 4), Column("more", 6))
    rows = (("abcdef", "1", "2"), ("abcdefghij", "", "34"), ("abcdefghijklmn", "", ""))
    told = rendered(Report("", (Table("t", "c", "d", columns, rows),))).splitlines()
    assert told[-3:] == ["abcdef     1     2", "abcdefghij      34", "abcdefghijklmn"]


def test_an_item_in_a_cell_hangs_by_its_mark() -> None:
    columns = (Column("name", 6, words=True), Column("what", 10, words=True, hang=0))
    table = Table("t", "c", "d", columns, (("one", "- cats dogs"), ("two", "cats and dogs")))
    told = rendered(Report("", (table,))).splitlines()
    assert told[-4:] == ["one   - cats", "        dogs", "two   cats and", "      dogs"]


def test_a_cell_that_repeats_the_one_above_is_said_once_on_the_terminal_alone() -> None:
    column = Column("month", 8, words=True, once=True)
    table = Table("t", "c", "d", (column, Column("n", 4)), (("May", "1"), ("May", "2")))
    assert rendered(Report("", (table,))).splitlines()[-1] == "           2"
    assert html(Report("", (table,)), {}).count(">May<") == 2


def test_words_that_follow_a_column_of_numbers_stand_off_it() -> None:
    table = Table("t", "c", "d", (Column("n", 4), Column("what", 30, words=True, hang=0)),
                  (("12", "leave"),))  # fmt: skip
    assert rendered(Report("", (table,))).splitlines()[-1] == "  12  leave"


def test_a_blank_line_stands_before_a_section_and_none_below_its_heading() -> None:
    lines = rendered(REPORT).splitlines()
    for heading in ("THE NUMBERS", "HOW TO READ THIS"):
        at = lines.index(heading)
        assert lines[at - 1] == ""
        assert lines[at + 1] != ""


def test_a_table_with_named_rows_is_a_table_for_each_name_elsewhere() -> None:
    first, second = GROUPED.parted()
    assert (first.caption, len(first.rows)) == ("Schools that left", 2)
    assert (second.caption, len(second.rows)) == ("Erosion", 1)
    assert first.name != second.name
    assert "Cohesion: not defined." in first.description, "which names no rows, and is not lost"
    page = html(Report("", (GROUPED,)), {})
    assert page.count("<table") == 2
    assert len(set(re.findall(r'id="(table[^"]*)"', page))) == 4
    assert "<td></td>" not in page, "a reader who goes from cell to cell finds no empty one"


def test_no_table_may_lose_a_reader() -> None:
    for columns, rows in (
        (COLUMNS, ()),
        (COLUMNS, ("only a name",)),
        (COLUMNS, (("a", "b"),)),
        ((Column(" ", 4),), (("a",),)),
    ):
        with pytest.raises(ValueError, match="the table bad has"):
            Table("bad", "c", "d", columns, rows)


def test_a_report_below_another_stands_under_its_title() -> None:
    head = Report("A study", (Paragraph("Its question."),))
    both = head.followed_by(REPORT)
    assert (both.title, both.subtitle) == ("A study", REPORT.subtitle)
    assert both.blocks == (*head.blocks, *REPORT.blocks)


def test_html_says_the_number_and_the_cell_of_what_is_quoted() -> None:
    quote = Quote("12%", Derived("a share", 0.1234))
    report = Report("t", (Paragraph(say("It is {n}.", n=quote)),))
    page = html(report, {}, lambda each: (0.1234, "worked_out!B2") if each == quote else None)
    assert '<data value="0.1234" data-cell="worked_out!B2">12%</data>' in page
    assert "<data" not in html(report, {})


def test_changing_every_text_keeps_where_its_figures_come_from() -> None:
    quote = Quote("12%", Derived("a share", 0.1234))
    for block in (*REPORT.blocks, Picture("fan", caption="c", alt="a"), Paragraph(Said(quote))):
        changed = mapped(block, lambda said: Said("<", said, ">"))
        for (_, before), (_, after) in zip(
            Report("", (block,)).passages(), Report("", (changed,)).passages(), strict=True
        ):
            assert not before or after == f"<{before}>" or block is GROUPED
            assert after.quotes == before.quotes


def test_rows_for_programs_carry_the_text_that_names_them() -> None:
    """Else two rows of one name could not be told apart in a table without headings."""
    assert [row[0] for row in GROUPED.labelled] == [
        "Schools that left: An agreement of two years",
        "Schools that left: Five years",
        *(row[0] for row in GROUPED.labelled[2:]),
    ]
    assert [row[1:] for row in GROUPED.labelled] == [row[1:] for row in GROUPED.cells]


@given(
    st.lists(st.tuples(st.integers(0, 10**14), st.floats(-1e9, 1e9)), min_size=1, max_size=4),
    st.integers(2, 30), st.integers(2, 30), st.integers(20, WIDTH),
)  # fmt: skip
def test_a_number_is_never_cut(
    values: list[tuple[int, float]], one: int, other: int, width: int
) -> None:
    columns = (Column("name", 40, words=True), Column("a", one), Column("b", other))
    rows = [("a name that may be cut", f"£{large:,}", f"{small:.2f} points")
            for large, small in values]  # fmt: skip
    said = " ".join(table(columns, rows, width))
    for _, large, small in rows:
        assert large in said
        assert small in said
