"""Extracts as they come from the field: other editions, other programs, months they cannot know."""

import io
import os
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rsip_sim.evidence import gias_types
from rsip_sim.evidence.gias import GiasImport, roster_from_gias
from rsip_sim.evidence.months import month_text, parse_month
from rsip_sim.evidence.rosters import RosterError
from tests.fakes.register_extracts import (
    Establishment,
    converter,
    establishment,
    extract_text,
    write_extract,
)

ASH = establishment(100001, "Ash Primary School")
BEECH = establishment(100002, "Beech Primary School")
CEDAR = converter(100003, "Cedar Academy", "01-08-2010", Trusts="Cedar Trust")
GONE = establishment(
    100009, "Gone School", EstablishmentStatus="Closed", CloseDate="31-08-2015"
)  # fmt: skip


def made(path: Path, as_at: str = "2011-04", la: str = "Exampleshire") -> GiasImport:
    return roster_from_gias(path, la, parse_month(as_at))


def refused(path: Path, as_at: str = "2011-04", la: str = "Exampleshire") -> list[str]:
    with pytest.raises(RosterError) as error:
        made(path, as_at, la)
    return [str(fault) for fault in error.value.faults]


def urns(result: GiasImport) -> set[str]:
    return {str(row["urn"]) for row in result.rows}


def cautions(result: GiasImport) -> list[str]:
    return [note for note in result.notes if note.startswith("Take care")]


# ---- words


def test_the_maintained_group_is_read_under_its_earlier_name_too(tmp_path: Path) -> None:
    old = [
        establishment(1, "Ash", EstablishmentTypeGroup="LA maintained schools"),
        establishment(2, "Beech", EstablishmentTypeGroup="LA maintained schools"),
        CEDAR,
    ]
    assert len(made(write_extract(tmp_path, *old)).rows) == 3


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("EstablishmentTypeGroup (name)", "Council schools"),
        ("EstablishmentTypeGroup (name)", ""),
        ("EstablishmentTypeGroup (name)", "4"),
        ("TypeOfEstablishment (name)", "Grammar school"),
        ("TypeOfEstablishment (name)", "01"),
        ("EstablishmentStatus (name)", "1"),
        ("EstablishmentStatus (name)", "Opened"),
        ("PhaseOfEducation (name)", "Elementary"),
        ("PhaseOfEducation (name)", "2"),
        ("StatutoryLowAge", "4.0"),
        ("StatutoryHighAge", "eleven"),
        ("OfstedRating (name)", "Very good"),
        ("OfstedRating (name)", "2"),
    ],
)
def test_a_word_that_is_not_known_is_one_fault_with_the_word(
    tmp_path: Path, column: str, word: str
) -> None:
    strange = [{**ASH, column: word}, {**BEECH, column: word}]
    (fault,) = refused(write_extract(tmp_path, *strange, CEDAR))
    assert f"extract.csv:2: {column}: '{word}' is not known (in 2 rows)" in fault


@pytest.mark.parametrize(
    "word", ["Diocese is not trustees", "0", "Not recorded", "N/A", "NULL", "-", "none", "—", "nan"]
)
def test_a_word_for_nothing_joins_no_schools(tmp_path: Path, word: str) -> None:
    cells = {"Diocese": word, "ReligiousCharacter": word}
    rows = [
        establishment(1, "Ash", **cells),
        converter(2, "Beech", "01-09-2010", Trusts=word, **cells),
        converter(3, "Cedar", "01-09-2010", Trusts=word, **cells),
    ]
    path = tmp_path / "extract.csv"
    path.write_text(extract_text(rows), encoding="utf-8")
    assert {(row["diocese"], row["trust"]) for row in made(path).rows} == {("", "")}


def test_each_faith_body_is_told_with_its_number_of_schools(tmp_path: Path) -> None:
    rows = [
        establishment(1, "Ash", Diocese="Diocese of York"),
        establishment(2, "Beech", Diocese="Diocese of York"),
        establishment(3, "Cedar", ReligiousCharacter="Roman Catholic"),
    ]
    notes = made(write_extract(tmp_path, *rows)).notes
    assert any("Diocese of York (2), Roman Catholic (1)" in note for note in notes)


# ---- dates


@pytest.mark.parametrize(
    "text",
    ["31/08/13", "1-9-10", "01-09-0013", "2013-08-31", "8/31/2013", "41517", "31-08-2013 00:00",
     "Aug 2013", "31.08.2013", "٣١-٠٨-٢٠١٣"],
)  # fmt: skip
@pytest.mark.parametrize("column", ["OpenDate", "CloseDate"])
def test_a_date_that_may_mean_another_day_is_refused_with_its_line(
    tmp_path: Path, text: str, column: str
) -> None:
    path = tmp_path / "extract.csv"
    path.write_text(extract_text([ASH, {**BEECH, column: text}]), encoding="utf-8")
    (fault,) = refused(path)
    assert fault.startswith(f"{path}:3: OpenDate or CloseDate: '{text}' is not a date")
    assert "01-09-2010" in fault


def test_an_academy_of_the_year_13_is_not_made(tmp_path: Path) -> None:
    faults = refused(write_extract(tmp_path, ASH, converter(2, "Dale", "01/09/1913")))
    assert faults == [
        f"{tmp_path}/extract.csv:3: OpenDate: 1913-09 is out of range; a month written 2011-05, "
        "from 2000-07 to 2100-12"
    ]


# ---- can the file know the month?


def test_an_extract_of_open_schools_only_is_told(tmp_path: Path) -> None:
    dale = converter(100005, "Dale Academy", "01-09-2013")
    (told,) = cautions(made(write_extract(tmp_path, ASH, BEECH, dale)))
    assert "no closed establishment" in told
    assert "every school closed since April 2011 is missing" in told
    assert not cautions(made(write_extract(tmp_path, ASH, BEECH, dale, GONE)))


def test_conversions_without_the_schools_they_were_are_told(tmp_path: Path) -> None:
    later = [converter(number, f"Academy {number}", "01-09-2013") for number in (5, 6, 7)]
    (told,) = cautions(made(write_extract(tmp_path, ASH, GONE, *later)))
    assert "3 academies" in told
    assert "at least 2 schools of April 2011 are missing" in told


@pytest.mark.parametrize(
    ("as_at", "words"),
    [("2045-01", "lies in the future"), ("2019-01", "does not reach January 2019")],
)
def test_a_month_beyond_the_extract_is_told(tmp_path: Path, as_at: str, words: str) -> None:
    (told,) = cautions(made(write_extract(tmp_path, ASH, GONE), as_at))
    assert words in told


def test_the_date_of_an_extract_is_that_of_its_name_or_of_its_last_change(tmp_path: Path) -> None:
    named = write_extract(tmp_path, ASH, GONE, name="edubasealldata20181130.csv")
    assert not cautions(made(named, "2018-10"))
    assert "30-11-2018" in cautions(made(named, "2019-01"))[0]
    changed = {**ASH, "LastChangedDate": "02-02-2020"}
    assert not cautions(made(write_extract(tmp_path, changed, GONE), "2020-02"))


def test_a_month_before_openings_were_recorded_is_told(tmp_path: Path) -> None:
    (told,) = cautions(made(write_extract(tmp_path, ASH, GONE), "1950-01"))
    assert "2 of the schools have no opening date" in told


def test_a_reorganised_authority_is_told_under_either_name(tmp_path: Path) -> None:
    before = {"LACode": "998", "LAName": "Oldshire"}
    path = write_extract(
        tmp_path,
        {**ASH, "PreviousLA (code)": "998"},
        {**BEECH, "PreviousLA (code)": "998"},
        GONE,
        establishment(
            3, "Closed in 2015", EstablishmentStatus="Closed", CloseDate="31-08-2015", **before
        ),
    )
    (told,) = cautions(made(path))
    assert "1 schools of Oldshire, the authority before it, have closed since" in told
    (told,) = cautions(made(path, la="Oldshire"))
    assert "stand under Exampleshire and are missing here" in told


@pytest.mark.parametrize("cut", [1, 30, 61, 120])
def test_a_file_that_is_cut_off_is_refused_or_told(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "extract.csv"
    path.write_text(extract_text([ASH, GONE, BEECH])[:-cut].rstrip("\r\n"), encoding="utf-8")
    outcome = _outcome(path)
    assert "cut off" in " ".join(outcome if isinstance(outcome, list) else cautions(outcome))


# ---- what is left out


def test_where_no_school_is_left_the_reasons_are_said(tmp_path: Path) -> None:
    cells = {"PhaseOfEducation": "Not applicable", "StatutoryLowAge": "", "StatutoryHighAge": ""}
    (fault,) = refused(write_extract(tmp_path, establishment(1, "Ash", **cells)))
    assert "left out: schools whose phase cannot be told (1)" in fault


def test_every_establishment_is_in_the_roster_or_counted(tmp_path: Path) -> None:
    rows = [
        ASH,
        GONE,
        establishment(3, "Closed before", EstablishmentStatus="Closed", CloseDate="31-08-2001"),
        establishment(4, "Closed once", EstablishmentStatus="Closed"),
        establishment(5, "Open and closed", CloseDate="31-08-2001"),
        establishment(6, "Planned", EstablishmentStatus="Proposed to open"),
        converter(7, "Later Academy", "01-09-2013"),
    ]
    result = made(write_extract(tmp_path, *rows))
    assert urns(result) == {"100001", "100009"}
    assert result.left_out == {
        "closed on a date that the register does not give": 1,
        "open by their status, but closed by their date": 1,
    }
    assert "Closed before then: 1; opened later or not at all: 2." in result.notes


# ---- places


def test_a_cell_that_no_roster_holds_is_told_once_where_it_stands(tmp_path: Path) -> None:
    dale = establishment(2, "Dale", NumberOfPupils="")
    (fault,) = refused(write_extract(tmp_path, {**ASH, "NumberOfPupils": "20000"}, dale))
    assert fault.startswith(f"{tmp_path}/extract.csv:2: NumberOfPupils: 20000 is out of range")


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("EstablishmentName", ""),
        ("EstablishmentName", "x" * 201),
        ("EstablishmentName", "Ash\x07"),
        ("EstablishmentName", "Ash\u200b"),
        ("Diocese (name)", "x" * 201),
        ("URN", "10000000"),
        ("URN", "0"),
        ("NumberOfPupils", "-5"),
        ("NumberOfPupils", "9" * 5000),
        ("URN", "9" * 5000),
        ("NumberOfPupils", "１２"),
    ],
)
def test_every_fault_of_a_row_is_told_at_the_line_of_the_extract(
    tmp_path: Path, column: str, cell: str
) -> None:
    path = tmp_path / "extract.csv"
    path.write_text(extract_text([ASH, {**BEECH, column: cell}]), encoding="utf-8")
    (fault,) = refused(path)
    assert fault.startswith(f"{path}:3: {column}: ")


def test_a_code_of_very_many_digits_is_the_code_of_no_authority(tmp_path: Path) -> None:
    """Python turns no text of more than 4,300 digits into a number."""
    path = write_extract(tmp_path, {**ASH, "LA (code)": "9" * 5000}, BEECH, GONE)
    assert len(made(path, la="0999").rows) == 2
    (fault,) = refused(path, la="8" * 5000)
    assert "there is no authority '888" in fault


def test_one_number_written_in_two_ways_is_one_school_that_stands_twice(tmp_path: Path) -> None:
    (fault,) = refused(write_extract(tmp_path, ASH, BEECH, {**ASH, "URN": "0100001"}))
    assert fault == f"{tmp_path}/extract.csv:4: URN: URN 0100001 stands already on line 2"


# ---- what kind of file


def _zip(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("edubasealldata.csv", text)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (extract_text([ASH], ";").encode(), "separated by semicolons"),
        (extract_text([ASH], "\t").encode(), "separated by tabs"),
        (extract_text([ASH], "\t").encode("utf-16"), "saved as UTF-16"),
        (extract_text([ASH]).encode("utf-16-le"), "no text of one byte a letter"),
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n", "is empty"),
        (b"sep=,\r\n" + extract_text([ASH]).encode(), "sep="),
        (extract_text([ASH]).encode("utf-32"), "saved as UTF-32"),
        (extract_text([ASH]).replace('","', '", "').encode(), "by commas with spaces after them"),
        (_zip(extract_text([ASH])), "an archive"),
        (b"\x1f\x8b\x08\x00", "compressed"),
        (b"<!DOCTYPE html>", "web page"),
        (b"name,age\r\nAsh,4\r\n", "names none of the register's columns"),
    ],
    ids=["semicolons", "tabs", "utf-16", "utf-16 without mark", "empty", "mark only", "sep line",
         "utf-32", "spaces", "zip", "gzip", "html", "another table"],
)  # fmt: skip
def test_a_file_of_another_kind_is_named_in_one_line(
    tmp_path: Path, data: bytes, words: str
) -> None:
    path = tmp_path / "extract.csv"
    path.write_bytes(data)
    (fault,) = refused(path)
    assert words in fault


@pytest.mark.usefixtures("impatient")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    """Nobody may ever write into it, and a file is read twice."""
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", Path("/dev/null")):
        (fault,) = refused(path)
        assert "is a pipe or a device, not a file" in fault


def test_names_that_were_saved_in_another_encoding_are_told(tmp_path: Path) -> None:
    """UTF-8 text that was read as Windows-1252 once is text for every reader since."""
    garbled = establishment(100003, "École Ash".encode().decode("cp1252"))
    path = tmp_path / "extract.csv"
    path.write_text(extract_text([garbled, BEECH, GONE]), encoding="utf-8")
    (told,) = cautions(made(path))
    assert "names of 1 schools look garbled" in told
    assert "perhaps 'École Ash'" in told
    path.write_text(extract_text([{**ASH, "EstablishmentName": "École Âsh"}, GONE]), "utf-8")
    assert not cautions(made(path))


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    path.write_text(extract_text([ASH]).replace('"LastChangedDate"', '"OpenDate"'))
    assert refused(path) == [f"{path}:1: OpenDate: this column stands twice"]


# ---- the property: nothing is dropped without a word, nothing is read otherwise than it stands

LABELS = {
    "EstablishmentTypeGroup (name)": [
        "Local authority maintained schools", "LA maintained schools", "Academies", "Free Schools",
        "Special schools", "Schools", "10", "",
    ],
    "TypeOfEstablishment (name)": [
        "Community school", "Academy converter", "Academy sponsor led", "Foundation special school",
        "Free schools", "Comprehensive", "Pupil referral unit", "",
    ],
    "EstablishmentStatus (name)": ["Open", "Closed", "Open, but proposed to close", "open ", "?"],
    "PhaseOfEducation (name)": ["Primary", "Secondary", "All-through", "Not applicable", "3", ""],
    "OpenDate": ["", "01-09-2010", "01/09/10", "01-09-2013"],
    "CloseDate": ["", "31-08-2013", "31-08-2009", "31-08-13", "2013"],
    "NumberOfPupils": ["", "0", "210", "2.5", "99999"],
    "Diocese (name)": ["", "Not applicable", "Diocese of Yörk", "0"],
}  # fmt: skip
ANY_SCHOOL = st.fixed_dictionaries(
    {column: st.sampled_from(words) for column, words in LABELS.items()}
)
ENCODINGS = ["cp1252", "utf-8", "utf-8-sig"]


def _outcome(path: Path, data: bytes | None = None) -> GiasImport | list[str]:
    if data is not None:
        path.write_bytes(data)
    try:
        return made(path)
    except RosterError as error:
        return [str(fault) for fault in error.faults]


@settings(max_examples=150, deadline=None)
@given(st.lists(ANY_SCHOOL, min_size=1, max_size=6), st.sampled_from(ENCODINGS))
def test_each_establishment_is_a_school_or_counted_or_at_fault(
    tmp_path_factory: pytest.TempPathFactory, cells: list[Establishment], encoding: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    rows = [{**ASH, **each, "URN": str(number)} for number, each in enumerate(cells, start=1)]
    outcome = _outcome(path, extract_text(rows).encode(encoding))
    assert outcome == _outcome(path, extract_text(rows).encode("utf-8"))
    if isinstance(outcome, list):
        assert all("any.csv:" in fault for fault in outcome)
        return
    counted = next(note for note in outcome.notes if note.startswith("Closed before"))
    elsewhere = [int(word) for word in re.findall("[0-9]+", counted)]
    assert len(outcome.rows) + sum(outcome.left_out.values()) + sum(elsewhere) == len(rows)
    for row in outcome.rows:
        record = rows[int(str(row["urn"])) - 1]
        assert gias_types.status(record) == "open" or record["CloseDate"] == "31-08-2013"
        assert record["OpenDate"] in ("", "01-09-2010")
        assert row["opened"] in ("", month_text(parse_month("2010-09")))
        assert row["diocese"] in ("", "Diocese of Yörk")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2000))
def test_a_cut_anywhere_is_never_silent(tmp_path_factory: pytest.TempPathFactory, at: int) -> None:
    whole = extract_text([ASH, GONE, BEECH, CEDAR]).encode()
    cut = whole[: at % len(whole)]
    if cut.endswith(b"\r\n"):
        return  # between two rows: nothing in the file says so
    outcome = _outcome(tmp_path_factory.getbasetemp() / "any.csv", cut)
    assert isinstance(outcome, list) or any("cut off" in note for note in outcome.notes)
