"""A roster made from the national register: an invented authority with every awkward case."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from rsip_sim.evidence.gias import REQUIRED, GiasImport, roster_from_gias, rosters_from_gias
from rsip_sim.evidence.months import parse_month
from rsip_sim.evidence.rosters import RosterError, load_roster, roster_text
from tests.fakes.register_extracts import establishment

EXTRACT = Path(__file__).parent / "gias_extract.csv"
APRIL_2011 = parse_month("2011-04")


def imported(as_at: str = "2011-04", communities: Path | None = None) -> GiasImport:
    return roster_from_gias(EXTRACT, 901, parse_month(as_at), communities)


def by_urn(result: GiasImport) -> dict[str, dict[str, object]]:
    return {str(row["urn"]): row for row in result.rows}


ROWS = by_urn(imported())


def changed(tmp_path: Path, cells: dict[str, str]) -> Path:
    """The extract with the cells of its first school, by column name, changed."""
    with EXTRACT.open(encoding="cp1252", newline="") as file:
        rows = list(csv.reader(file))
    for name, value in cells.items():
        rows[1][rows[0].index(name)] = value
    path = tmp_path / "extract.csv"
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def error_of(path: Path, la: str | int = 901, communities: Path | None = None) -> str:
    with pytest.raises(RosterError) as error:
        roster_from_gias(path, la, APRIL_2011, communities)
    return str(error.value)


@pytest.mark.parametrize("la", [901, "901", "Fenmoor", " fenmoor "])
def test_an_authority_is_found_by_code_or_name(la: str | int) -> None:
    result = roster_from_gias(EXTRACT, la, APRIL_2011)
    assert result.authority == "Fenmoor"
    assert len(result.rows) == 15


def test_an_unknown_authority_is_answered_with_the_nearest() -> None:
    assert "no authority 'Northwald'" in error_of(EXTRACT, "Northwald")
    assert error_of(EXTRACT, "Northwald").endswith("did you mean 'Northwold'?")
    assert error_of(EXTRACT, 911).endswith("did you mean '901'?")


@pytest.mark.parametrize(
    ("urn", "phase"),
    [
        ("200001", "infant"),
        ("200002", "junior"),
        ("200003", "primary"),
        ("200006", "primary"),  # middle deemed primary
        ("200008", "secondary"),  # middle deemed secondary
        ("200009", "nursery"),
        ("200010", "special"),
        ("200011", "pru"),
        ("200017", "primary"),  # no phase, told by ages 5 to 9
        ("200102", "secondary"),  # all-through
        ("200104", "special"),
    ],
)
def test_phases_are_told_by_type_phase_and_ages(urn: str, phase: str) -> None:
    assert ROWS[urn]["phase"] == phase


def test_a_roster_holds_what_stood_on_the_date() -> None:
    assert "200007" in ROWS  # Fennel High School, closed in August 2011
    assert "200103" not in ROWS  # the academy that followed it
    assert "200012" not in ROWS  # Juniper, closed in December 2010
    assert "200107" not in ROWS  # proposed to open
    assert "200016" not in ROWS  # closed on a date the register does not give
    later = by_urn(imported("2011-09"))
    assert "200007" not in later
    assert "200103" in later
    before = by_urn(imported("2010-09"))
    assert "200012" in before
    assert "200102" not in before  # opened on 3 September


@pytest.mark.parametrize(("closed", "stands"), [("01-04-2011", False), ("02-04-2011", True)])
def test_a_school_that_closes_on_the_date_itself_is_gone(
    tmp_path: Path, closed: str, stands: bool
) -> None:
    path = changed(tmp_path, {"CloseDate": closed})
    assert ("200001" in by_urn(roster_from_gias(path, 901, APRIL_2011))) == stands


def test_academies_carry_their_route_opening_and_trust() -> None:
    juniper, oak = ROWS["200101"], ROWS["200102"]
    assert (juniper["legal_status"], juniper["route"]) == ("academy", "sponsored")
    assert (juniper["opened"], juniper["trust"]) == ("2011-01", "Heath Trust")
    assert (oak["route"], oak["opened"], oak["governance"]) == ("converter", "2010-09", "other")
    assert (ROWS["200001"]["legal_status"], ROWS["200001"]["opened"]) == ("maintained", "")


def test_types_faith_and_grades_are_read() -> None:
    assert ROWS["200003"]["governance"] == "foundation"
    assert ROWS["200004"]["governance"] == "voluntary aided"
    assert ROWS["200005"]["governance"] == "voluntary controlled"
    assert ROWS["200010"]["governance"] == "community"
    assert ROWS["200004"]["diocese"] == "Diocese of Fenmoor"
    assert ROWS["200005"]["diocese"] == "Church of England"
    assert ROWS["200001"]["diocese"] == ""
    grades = [ROWS[urn]["ofsted_grade"] for urn in ("200001", "200002", "200003", "200005")]
    assert grades == [1, 2, 3, 4]
    assert ROWS["200006"]["ofsted_grade"] == ""


def test_windows_1252_names_come_out_right() -> None:
    assert ROWS["200004"]["school"] == "St Cuthman’s Catholic Primary School"


def test_a_file_saved_again_as_utf_8_reads_alike(tmp_path: Path) -> None:
    path = tmp_path / "utf8.csv"
    path.write_text("\ufeff" + EXTRACT.read_text(encoding="cp1252"), encoding="utf-8")
    assert roster_from_gias(path, 901, APRIL_2011).rows == imported().rows


def test_missing_rolls_are_filled_with_the_median_and_flagged() -> None:
    filled = {urn: row["pupils"] for urn, row in ROWS.items() if row["pupils_filled"] == "yes"}
    assert filled == {
        "200003": round(np.median([210, 301, 320, 222])),
        "200017": round(np.median([210, 301, 320, 222])),
        "200007": 825,  # of 450 and 1200
        "200011": 80,  # no referral unit has a figure: special schools of 90 and 70
    }
    assert "median of 2 special schools" in str(ROWS["200011"]["note"])


def test_what_is_left_out_is_counted() -> None:
    assert imported().left_out == {
        "alternative provision academies": 1,
        "closed on a date that the register does not give": 1,
        "colleges": 1,
        "colleges and schools for 16 to 19": 1,
        "free schools, studio schools and technical colleges": 1,
        "independent and non-maintained schools": 2,
        "other types": 1,
        "schools whose phase cannot be told": 1,
    }
    assert any("free schools" in note for note in imported().notes)


def test_communities_are_inferred_from_the_nearest_secondary_of_the_postcode_district() -> None:
    assert ROWS["200001"]["learning_community"] == "Fennel High School"  # FM1 1, FM1 1 and not 8
    assert ROWS["200006"]["learning_community"] == "Gorse Middle School"  # FM1 9, nearer FM1 8
    assert ROWS["200004"]["learning_community"] == "Oak Hill Academy"  # FM2
    assert ROWS["200009"]["learning_community"] == ""  # FM9 has no secondary
    assert "community inferred" in str(ROWS["200001"]["note"])
    assert "community inferred" not in str(ROWS["200007"]["note"])


def test_communities_of_the_council_are_used_where_given(tmp_path: Path) -> None:
    path = tmp_path / "communities.csv"
    path.write_text("URN,Community\n200001,East\n200007,East\n999,West\n", encoding="utf-8")
    result = imported(communities=path)
    communities = {urn: row["learning_community"] for urn, row in by_urn(result).items()}
    assert communities["200001"] == communities["200007"] == "East"
    assert communities["200004"] == ""
    (note,) = (note for note in result.notes if "13 schools have none" in note)
    assert "1 of the schools given is not in the roster" in note, "nothing given is lost in silence"
    path.write_text("urn,community\n0200001,East\n", encoding="utf-8")
    (first, *_) = (row for row in imported(communities=path).rows if row["learning_community"])
    assert (first["urn"], first["learning_community"]) == ("200001", "East")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("urn,place\n200001,East\n", "unknown column"),
        ("urn,community\n2x,East\n", "communities.csv:2:1: urn: '2x' is not a whole number"),
        ("urn,community\n1,East\n1,West\n", "communities.csv:3:1: urn: URN 1 stands twice"),
        ("", "communities.csv: is empty"),
        ("urn,community\n200001,a\u200bb\n", "communities.csv:2:8: community: holds a zero width"),
        (f"urn,community\n200001,{'x' * 201}\n", "communities.csv:2:8: community: 201 characters"),
        ("urn,community\n1,East\n01,West\n", "communities.csv:3:1: urn: URN 01 stands twice"),
        ("urn,community\n２０,East\n", "communities.csv:2:1: urn: '２０' is not a whole"),
        (f"urn,community\n{'9' * 5000},East\n", "communities.csv:2:1: urn: '999"),
    ],
)
def test_faults_of_the_community_file_are_told(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "communities.csv"
    path.write_text(text, encoding="utf-8")
    assert message in error_of(EXTRACT, communities=path)
    assert "there is no such file" in error_of(EXTRACT, communities=tmp_path / "none.csv")


def test_the_rows_written_out_are_a_roster(tmp_path: Path) -> None:
    (tmp_path / "fenmoor.csv").write_text(roster_text(imported().rows), encoding="utf-8")
    roster = load_roster(tmp_path / "fenmoor.csv")
    assert len(roster) == 15
    assert roster.legal_status.sum() == 3
    assert roster.opened[roster.legal_status == 1].max() == APRIL_2011
    assert roster.pupils_filled.sum() == 4


@pytest.mark.parametrize("column", REQUIRED)
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    text = EXTRACT.read_bytes().replace(column.encode(), b"Nothing", 1)
    path = tmp_path / "extract.csv"
    path.write_bytes(text)
    assert f"extract.csv:1: {column}: this column is missing" in error_of(path)


def test_a_misspelt_column_is_answered_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    path.write_bytes(EXTRACT.read_bytes().replace(b"NumberOfPupils", b"NumbersOfPupils"))
    assert error_of(path).endswith("did you mean 'NumbersOfPupils'?")


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"OpenDate": "31-02-2010"}, "extract.csv:2: OpenDate or CloseDate: '31-02-2010' is not"),
        ({"CloseDate": "soon"}, "extract.csv:2: OpenDate or CloseDate: 'soon' is not a date"),
        ({"NumberOfPupils": "1,200"}, "extract.csv:2: NumberOfPupils: '1,200' is not a whole"),
        ({"URN": "x"}, "extract.csv:2: URN: 'x' is not a whole number"),
        ({"URN": "200002"}, "extract.csv:3: URN: URN 200002 stands already on line 2"),
        (
            {"EstablishmentTypeGroup (name)": "Academies"},
            "extract.csv:2: OpenDate: the academy Alder Infant School has no opening date",
        ),
        ({"NumberOfPupils": "20000"}, "extract.csv:2: NumberOfPupils: 20000 is out of range"),
    ],
)
def test_a_bad_cell_is_told_with_its_line(
    tmp_path: Path, cells: dict[str, str], message: str
) -> None:
    path = changed(tmp_path, cells)
    assert message in error_of(path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "extract.csv: is empty"),
        (b"\0\x01\x02\n", "extract.csv: is no text of one byte a letter"),
        (EXTRACT.read_bytes()[:-60], "too few cells; the file may be cut off"),
        (EXTRACT.read_bytes() + b'"' + b"x" * 200_000, "is not a CSV file"),
    ],
    ids=["empty", "binary", "cut off", "open quotation mark"],
)
def test_a_broken_file_is_told_in_plain_words(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "extract.csv"
    path.write_bytes(data)
    assert message in error_of(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert "there is no such file" in error_of(tmp_path / "none.csv")
    assert "is a folder" in error_of(tmp_path)


def test_a_date_before_all_schools_is_told(tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    text = EXTRACT.read_bytes().decode("cp1252").splitlines(keepends=True)
    path.write_text(text[0] + re.sub(",,,Primary", ",01-09-1990,,Primary", text[1]), "utf-8")
    with pytest.raises(RosterError, match="Fenmoor had no state school open in May 1985"):
        roster_from_gias(path, 901, parse_month("1985-05"))


def test_every_authority_of_an_extract_is_read_at_once_as_it_is_by_itself() -> None:
    every = rosters_from_gias(EXTRACT, APRIL_2011)
    assert len(every) > 1
    assert [each.authority for each in every] == sorted(each.authority for each in every)
    assert "Fenmoor" in {each.authority for each in every}
    for each in every:
        assert each == roster_from_gias(EXTRACT, each.authority, APRIL_2011)


def test_the_faults_of_every_authority_are_told_at_once(tmp_path: Path) -> None:
    path = changed(tmp_path, {"NumberOfPupils": "many"})
    with pytest.raises(RosterError, match="'many' is not a whole number"):
        rosters_from_gias(path, APRIL_2011)


def test_the_region_is_the_registers_where_it_has_one(tmp_path: Path) -> None:
    rows = [
        establishment(1, "Ash", Postcode="A1 1AA"),
        establishment(2, "Elm", LACode="998", LAName="Otherham", Postcode="A1 1AA"),
    ]
    for place, region in zip(rows, ("North West", "Not Applicable"), strict=True):
        place["GOR (name)"] = region
    path = tmp_path / "extract.csv"
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0]])
        writer.writeheader()
        writer.writerows(rows)
    found = {each.authority: each.region for each in rosters_from_gias(path, APRIL_2011)}
    assert found == {"Exampleshire": "North West", "Otherham": ""}
