"""Rosters: what is accepted, what is refused and how it is said, and what Rotherham's holds."""

import csv
import hashlib
import os
import pickle
import statistics
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rsip_sim.evidence import tables
from rsip_sim.evidence.faults import Fault, nearest
from rsip_sim.evidence.months import parse_month
from rsip_sim.evidence.roster_columns import (
    COLUMNS,
    DETAILED_PHASES,
    CellError,
    RosterColumn,
)
from rsip_sim.evidence.rosters import (
    DATA,
    Roster,
    RosterError,
    load_roster,
    roster_from_bytes,
    roster_from_rows,
    roster_path,
    roster_text,
    shipped_rosters,
)

HEADER = "urn,school,phase,pupils"


def read(text: str | bytes) -> Roster:
    data = text.encode() if isinstance(text, str) else text
    return roster_from_bytes(data, "r", "r.csv")


def faults_of(text: str | bytes) -> list[Fault]:
    with pytest.raises(RosterError) as error:
        read(text)
    assert str(error.value) == "\n".join(str(fault) for fault in error.value.faults)
    return error.value.faults


def fault_of(text: str | bytes) -> str:
    faults = faults_of(text)
    assert len(faults) == 1, faults
    return str(faults[0])


# ---- what is accepted


def test_four_columns_are_enough_and_the_rest_have_defaults() -> None:
    roster = read(f"{HEADER}\n2,Beech,junior,200\n1,Ash,secondary,900\n")
    assert roster.urn.tolist() == [1, 2]
    assert roster.school == ("Ash", "Beech")
    assert roster.phase.tolist() == [1, 0]
    assert roster.detailed_phase == ("secondary", "junior")
    assert roster.pupils.tolist() == [900, 200]
    assert roster.governance.tolist() == roster.legal_status.tolist() == [0, 0]
    assert roster.community.tolist() == roster.diocese.tolist() == [-1, -1]
    assert roster.opened.tolist() == roster.planned_opening.tolist() == [-1, -1]
    assert roster.ofsted_grade.tolist() == roster.route.tolist() == [0, 0]
    assert roster.member.tolist() == [-1, -1]
    assert roster.pupils_filled.tolist() == [False, False]
    assert roster.trust == ("", "")


def test_every_column_is_read() -> None:
    roster = roster_from_rows(
        [
            {
                "urn": 7,
                "school": "Elm",
                "phase": "Primary",
                "pupils": 210,
                "governance": "voluntary aided",
                "learning_community": "West",
                "diocese": "Hill",
                "legal_status": "academy",
                "route": "sponsored",
                "opened": "2010-09",
                "trust": "Elm Trust",
                "ofsted_grade": 4,
                "member": "yes",
                "pupils_filled": "yes",
                "note": "x",
            },
            {
                "urn": 8,
                "school": "Oak",
                "phase": "special",
                "pupils": 99,
                "learning_community": "East",
                "planned_opening": "2011-06",
                "member": "no",
            },
        ],
        "two",
    )
    assert roster.governance.tolist() == [2, 0]
    assert roster.communities == ("East", "West")
    assert roster.community.tolist() == [1, 0]
    assert roster.dioceses == ("Hill",)
    assert roster.diocese.tolist() == [0, -1]
    assert roster.legal_status.tolist() == [1, 0]
    assert roster.route.tolist() == [2, 1]
    assert roster.opened.tolist() == [parse_month("2010-09"), -1]
    assert roster.planned_opening.tolist() == [-1, parse_month("2011-06")]
    assert roster.trust == ("Elm Trust", "")
    assert roster.ofsted_grade.tolist() == [4, 0]
    assert roster.member.tolist() == [1, 0]
    assert roster.pupils_filled.tolist() == [True, False]


def test_an_academy_without_a_route_counts_as_a_converter() -> None:
    header = HEADER + ",legal_status,opened"
    assert read(f"{header}\n1,Ash,primary,9,academy,2010-10\n").route.tolist() == [1]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffurn,school,phase,pupils\n1,Ash,primary,90\n",
        "urn;school;phase;pupils\r\n1;Ash;primary;90\r\n",
        "urn\tschool\tphase\tpupils\n1\tAsh\tprimary\t90",
        "urn,school,phase,pupils,,\n1,Ash,primary,90,,\n,,,,,\n\n",
        "URN , School,PHASE,Pupils\n 1 , Ash ,Primary, 90 \n",
        '"urn","school","phase","pupils"\n"1","Ash","primary","90"\n',
        'pupils,phase,school,urn\r90,primary,"Ash",1\r',
        "urn,school,phase,pupils,note\n1,Ash,primary,90\n",
    ],
    ids=[
        "byte order mark",
        "semicolons",
        "tabs",
        "empty columns and rows of Excel",
        "capitals and spaces",
        "quoted",
        "old line ends, other order",
        "short row",
    ],
)
def test_the_usual_shapes_of_a_spreadsheet_export_read_alike(text: str) -> None:
    roster = read(text)
    assert roster.urn.tolist() == [1]
    assert roster.school == ("Ash",)
    assert roster.pupils.tolist() == [90]


def test_a_line_break_within_quotes_is_a_space_and_lines_are_still_counted_right() -> None:
    roster = read(f'{HEADER}\n1,"Ash\nTree, ""Old""",primary,90\n')
    assert roster.school == ('Ash Tree, "Old"',)
    text = f'{HEADER}\n1,"Ash\nTree",primary,0\n2,Oak,primary,x\n'
    assert [(fault.line, fault.column) for fault in faults_of(text)] == [(3, 15), (4, 15)]


# ---- what is refused


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1,Ash,primary,0", "r.csv:2:15: pupils: zero is refused; a whole number from 1"),
        ("1,Ash,primary,-5", "r.csv:2:15: pupils: '-5' is negative"),
        ("1,Ash,primary,2.5", "r.csv:2:15: pupils: '2.5' is not a whole number"),
        ("1,Ash,primary,many", "r.csv:2:15: pupils: 'many' is not a whole number"),
        ("1,Ash,primary,", "r.csv:2:15: pupils: is empty"),
        ("1,Ash,primary", "r.csv:2:1: pupils: is empty"),
        ("1,Ash,primary,99999", "r.csv:2:15: pupils: 99999 is out of range"),
        ('1,Ash,primary,"1,204"', "'1,204' is not a plain number"),
        ('1,Ash,primary,"1,204"', "did you mean '1204'?"),
        ('1,Ash,primary,"22,5"', "'22,5' is not a whole number; a whole number from 1"),
        ("1,Ash,primary,1.000", "'1.000' could mean 1 or 1000"),
        ("1,Ash,primary,£90", "did you mean '90'?"),
        ("1,Ash,primary,90.0", "did you mean '90'?"),
        ("1,Ash,primery,90", "r.csv:2:7: phase: 'primery' is not known"),
        ("1,Ash,primery,90", "one of nursery, infant, junior, primary"),
        ("1,Ash,primery,90", "did you mean 'primary'?"),
        ("1,Ash,all-through,90", "did you mean 'secondary'?"),
        ("1,Ash,Pupil  Referral Unit,90", "did you mean 'pru'?"),
        ("1,,primary,90", "r.csv:2:3: school: is empty"),
        ("a,Ash,primary,90", "r.csv:2:1: urn: 'a' is not a whole number"),
        ("1,Ash,primary,90,spare", "r.csv:2:18: 'spare' stands in a column without a name"),
        ("1," + "A" * 201 + ",primary,90", "school: 201 characters are too many"),
    ],
)
def test_a_bad_cell_is_named_by_place_and_with_what_may_stand_there(row: str, message: str) -> None:
    assert message in fault_of(f"{HEADER}\n{row}\n")


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("governance", "VA", "did you mean 'voluntary aided'?"),
        ("legal_status", "acadmy", "did you mean 'academy'?"),
        ("member", "Y", "did you mean 'yes'?"),
        ("member", "maybe", "yes or no"),
        ("ofsted_grade", "5", "1, 2, 3 or 4"),
        ("ofsted_grade", "Good", "did you mean '2'?"),
        ("planned_opening", "01/05/2011", "did you mean '2011-05'?"),
        ("planned_opening", "2011-5", "did you mean '2011-05'?"),
        ("planned_opening", "2011-05-01", "did you mean '2011-05'?"),
        ("planned_opening", "soon", "a month written 2011-05"),
        ("planned_opening", "2011-13", "'2011-13' is not a month"),
        ("opened", "2010-10", "a maintained school has not opened as an academy"),
        ("route", "converter", "a maintained school without a planned opening has no route"),
        ("legal_status", "academy", "an academy needs the month it opened"),
    ],
)
def test_a_bad_optional_cell_is_explained(column: str, cell: str, message: str) -> None:
    assert message in fault_of(f"{HEADER},{column}\n1,Ash,primary,90,{cell}\n")


@given(
    st.sampled_from(COLUMNS),
    st.from_regex(r"[£-]?[0-9]{1,4}([.,/-][0-9]{1,4}){0,2}", fullmatch=True)
    | st.sampled_from(["Good", "YES", "VA", "first", "acadmy", "primery", "1e3", "٣"])
    | st.text(max_size=8),
)
def test_what_is_suggested_for_a_cell_is_accepted(column: RosterColumn, cell: str) -> None:
    suggestion = ""
    try:
        column.read(cell)
    except CellError as error:
        suggestion = error.suggestion
    assert not suggestion or column.read(suggestion) is not None


@pytest.mark.parametrize("phase", ["nursery", "pru"])
def test_nurseries_and_referral_units_are_not_academies(phase: str) -> None:
    header = f"{HEADER},legal_status,opened"
    message = fault_of(f"{header}\n1,Ash,{phase},90,academy,2010-01\n")
    assert f"r.csv:2:{11 + len(phase)}: legal_status: a {phase} does not become" in message
    message = fault_of(f"{HEADER},planned_opening\n1,Ash,{phase},90,2011-05\n")
    assert "planned_opening" in message


def test_an_academy_has_no_planned_opening() -> None:
    header = f"{HEADER},legal_status,opened,planned_opening"
    message = fault_of(f"{header}\n1,Ash,primary,90,academy,2010-01,2011-05\n")
    assert "an academy has no planned opening" in message


def test_a_urn_may_stand_only_once() -> None:
    message = fault_of(f"{HEADER}\n1,Ash,primary,90\n2,Oak,primary,9\n1,Elm,primary,80\n")
    assert message == "r.csv:4:1: urn: URN 1 stands already on line 2"


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = "urn,school,phaze,pupils,rout\n1,Ash,primary,0,\nx,,primary,90,\n"
    faults = faults_of(text)
    assert [(each.line, each.column, each.field) for each in faults] == [
        (1, 1, "phase"),
        (1, 12, "phaze"),
        (1, 25, "rout"),
        (2, 15, "pupils"),
        (3, 1, "urn"),
        (3, 3, "school"),
    ]
    assert faults[1].suggestion == "phase"
    assert faults[2].suggestion == "route"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "r.csv: is empty"),
        ("\n \n", "r.csv: is empty"),
        (HEADER, "r.csv:1: has a header but no rows"),
        (f"{HEADER}\n,,,\n", "r.csv:1: has a header but no rows"),
        (f"{HEADER},urn\n1,Ash,primary,90,1\n", "r.csv:1:25: urn: this column stands twice"),
        (f'{HEADER}\n1,"Ash,primary,90\n', "r.csv:2:1: a quotation mark opened in this row"),
        (f'{HEADER}\n1,"As"h,primary,90\n', "r.csv:2:1: a quotation mark stands inside a cell"),
        (f"{HEADER}\n1,Ash,primary,90\n".encode("utf-16"), "r.csv: is not a plain text file"),
        (b"PK\x03\x04\0\0\0", "r.csv: is not a plain text file"),
    ],
)
def test_a_file_of_the_wrong_form_is_refused_in_one_line(text: str | bytes, message: str) -> None:
    assert message in fault_of(text)


def test_latin_1_text_is_refused_with_its_place_and_the_other_faults() -> None:
    faults = faults_of(f"{HEADER}\n1,Ash,primary,90\n2,Saint Andr\xe9,primary,0\n".encode("cp1252"))
    assert str(faults[0]).startswith("r.csv:3:13: a character that is not UTF-8 (perhaps 'é')")
    assert "zero is refused" in str(faults[1])


def test_more_than_5000_rows_are_refused() -> None:
    rows = "".join(f"{urn},Ash,primary,90\n" for urn in range(1, 5001))
    assert len(read(f"{HEADER}\n{rows}")) == 5000
    assert "more than 5000 rows" in fault_of(f"{HEADER}\n{rows}6000,Oak,primary,9\n")


def test_a_name_that_is_no_roster_is_answered_with_those_there_are() -> None:
    with pytest.raises(RosterError) as error:
        load_roster("rotherham_2012")
    message = "rotherham_2012: there is no such roster; a path of a CSV file, or a roster of the"
    assert str(error.value).startswith(message)
    assert str(error.value).endswith("did you mean 'rotherham_2011'?")


def test_a_folder_is_not_a_roster(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match="is a folder; give the path of a CSV file"):
        load_roster(tmp_path)


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "", "."])
def test_an_impossible_path_is_an_error_and_not_a_crash(name: str) -> None:
    with pytest.raises(RosterError):
        load_roster(name)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda t: t.encode("utf-8"))))
def test_no_bytes_whatever_cause_a_traceback(data: bytes) -> None:
    for text in (data, f"{HEADER}\n1,Ash,primary,90\n".encode() + data):
        with suppress(RosterError):
            read(text)


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(CELL, max_size=8), max_size=4), st.sampled_from(["", ",member,opened"]))
def test_no_cells_whatever_cause_a_traceback(rows: list[list[str]], more: str) -> None:
    body = "\n".join(",".join(cells) for cells in rows)
    with suppress(RosterError):
        read(f"{HEADER}{more}\n{body}\n")


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "urn": st.integers(1, 999_999),
            "school": st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1),
            "phase": st.sampled_from(DETAILED_PHASES),
            "pupils": st.integers(1, 3000),
            "learning_community": st.sampled_from(["", "North", "South"]),
        }
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row["urn"],
)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.randoms())
def test_the_order_of_the_rows_never_matters(rows: list[dict[str, object]], random: object) -> None:
    first = roster_from_rows(rows, "r")
    random.shuffle(rows)  # type: ignore[attr-defined]
    second = roster_from_rows(rows, "r")
    assert first.urn.tolist() == sorted(first.urn.tolist()) == second.urn.tolist()
    assert first.school == second.school
    assert first.communities == second.communities
    assert first.community.tolist() == second.community.tolist()


# ---- writing, columns, faults


@pytest.mark.parametrize("name", ['Elm, "Upper"', "=HYPERLINK(1)", "'=A1", "-Elm", "@Ash", "'s"])
def test_a_written_roster_reads_back_and_no_spreadsheet_runs_a_name(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / "new.csv"
    row = {"urn": 3, "school": name, "phase": "infant", "pupils": 60}
    path.write_text(roster_text([row]), encoding="utf-8", newline="")
    assert load_roster(path).school == (name,)
    assert load_roster(path).name == "new"
    assert f",{name}," not in path.read_text() or name[0] not in "=+-@"
    assert load_roster(path).digest == hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_column_is_documented() -> None:
    assert roster_text([]).strip().split(",") == [column.name for column in COLUMNS]
    assert [column.name for column in COLUMNS if column.required] == HEADER.split(",")
    assert all(len(column.meaning) > 10 and column.allowed for column in COLUMNS)


def test_a_fault_leaves_out_what_is_not_known() -> None:
    assert str(Fault("a.csv", 0, 0, "", "is empty")) == "a.csv: is empty"
    assert str(Fault("a.csv", 3, 0, "x", "bad", "1 or 2")) == "a.csv:3: x: bad; 1 or 2"
    full = Fault("a.csv", 3, 4, "x", "bad", "1 or 2", "one")
    assert str(full) == "a.csv:3:4: x: bad; 1 or 2; did you mean 'one'?"


def test_the_nearest_name_ignores_capitals_and_may_be_none() -> None:
    assert nearest("PRIMERY", ("primary", "pru")) == "primary"
    assert nearest("zzz", ("primary", "pru")) == ""


# ---- Rotherham, April 2011

ROTHERHAM = load_roster("rotherham_2011")
FILE = {row["urn"]: row for row in csv.DictReader((DATA / "rotherham_2011.csv").open())}


def pupils(urn: int) -> int:
    return int(FILE[str(urn)]["pupils"])


def test_rotherham_is_the_one_roster_shipped() -> None:
    assert shipped_rosters() == ("rotherham_2011",)
    assert ROTHERHAM.name == "rotherham_2011"
    assert (
        ROTHERHAM.digest == hashlib.sha256(roster_path("rotherham_2011").read_bytes()).hexdigest()
    )


def test_rotherham_has_126_schools_in_16_communities() -> None:
    assert len(ROTHERHAM) == 126
    assert np.bincount(ROTHERHAM.phase).tolist() == [98, 16, 6, 6]
    assert len(ROTHERHAM.communities) == 16
    assert ROTHERHAM.dioceses == ("Church of England", "Roman Catholic")
    assert np.bincount(ROTHERHAM.governance).tolist() == [105, 1, 18, 2]


def test_three_secondaries_are_academies_and_aston_is_about_to_be() -> None:
    academies = np.flatnonzero(ROTHERHAM.legal_status == 1)
    assert [ROTHERHAM.school[place].split()[0] for place in academies] == [
        "Maltby",
        "Brinsworth",
        "Wales",
    ]
    assert ROTHERHAM.route[academies].tolist() == [2, 1, 1]
    (aston,) = np.flatnonzero(ROTHERHAM.planned_opening != -1)
    assert ROTHERHAM.school[aston] == "Aston Comprehensive School"
    assert ROTHERHAM.planned_opening[aston] == parse_month("2011-05")


def test_merged_rolls_are_split_by_year_groups_three_to_four() -> None:
    # infant, junior and the roll of the school they became
    for infant, junior, roll in (
        (106833, 106832, 582),
        (106936, 106935, 497),
        (106923, 106850, 553),
    ):
        assert pupils(infant) + pupils(junior) == roll
        assert pupils(infant) == round(roll * 3 / 7)


def test_other_gaps_hold_the_median_of_their_phase() -> None:
    own: dict[str, list[int]] = {}
    for row in FILE.values():
        if row["pupils_filled"] == "no":
            own.setdefault(row["phase"], []).append(int(row["pupils"]))
    assert pupils(106871) == statistics.median(own["infant"]) == 208
    assert pupils(106889) == statistics.median(own["primary"]) == 237
    assert [pupils(133696), pupils(135798)] == own["pru"] * 2 == [76, 76]


def test_filled_numbers_are_flagged_explained_and_add_up() -> None:
    assert ROTHERHAM.pupils_filled.sum() == 10
    assert all((row["pupils_filled"] == "yes") == bool(row["note"]) for row in FILE.values())
    assert ROTHERHAM.pupils.sum() == 45_433
    assert ROTHERHAM.pupils.sum() - (208 + 237 + 76 + 76) == 44_836
    by_phase = np.bincount(ROTHERHAM.phase, ROTHERHAM.pupils).tolist()
    assert by_phase == [25_748, 18_272, 751, 434 + 228]


def test_the_source_note_states_the_check_sums() -> None:
    note = (DATA / "rotherham_2011.md").read_text(encoding="utf-8")
    for figure in ("44,836", "45,433", "25,748", "18,272", "Open Government Licence v3.0"):
        assert figure in note


def test_arrays_have_the_types_promised_and_cannot_be_changed() -> None:
    types = {"urn": "int64", "phase": "int8", "pupils": "int64", "governance": "int8"}
    types |= {"community": "int16", "diocese": "int16", "legal_status": "int8", "route": "int8"}
    types |= {"opened": "int32", "planned_opening": "int32", "ofsted_grade": "int8"}
    types |= {"member": "int8", "pupils_filled": "bool"}
    for name, kind in types.items():
        array = getattr(ROTHERHAM, name)
        assert array.dtype == kind, name
        assert not array.flags.writeable


def test_a_roster_survives_the_journey_to_another_process() -> None:
    copy = pickle.loads(pickle.dumps(ROTHERHAM))
    assert (copy.pupils == ROTHERHAM.pupils).all()
    assert copy.digest == ROTHERHAM.digest


# ---- what no roster may hold


@pytest.mark.parametrize("cell", ["0013-09", "1913-09", "2000-06", "2101-01"])
@pytest.mark.parametrize("status", ["academy,{},", "maintained,,{}"])
def test_a_month_without_academies_is_refused(cell: str, status: str) -> None:
    rest = "legal_status,opened,planned_opening"
    fault = fault_of(f"{HEADER},{rest}\n1,Ash,primary,200,{status.format(cell)}\n")
    assert f"{cell} is out of range" in fault
    assert "from 2000-07 to 2100-12" in fault


@pytest.mark.parametrize("column", ["learning_community", "diocese", "trust"])
@pytest.mark.parametrize("word", ["N/A", "-", "none", "Not recorded", "0", "Not applicable"])
def test_a_word_for_nothing_names_no_group_of_schools(column: str, word: str) -> None:
    fault = fault_of(f"{HEADER},{column}\n1,Ash,primary,200,{word}\n")
    assert f"r.csv:2:19: {column}: '{word}' stands for nothing" in fault
    assert fault.endswith("or nothing")


@pytest.mark.parametrize(
    "character",
    ["\x01", "\x0b", "\x1b", "\x1c", "\x1f", "\x7f", "\x85", "\u200b", "\u202e", "\ufffe", "\uffff",
     "\ufdd0"],
)  # fmt: skip
@pytest.mark.parametrize("column", ["school", "diocese", "note"])
def test_a_character_that_nothing_can_show_is_refused_with_its_place(
    character: str, column: str
) -> None:
    cells = {"school": "Ash", "diocese": "", "note": ""} | {column: f"St{character}Ann"}
    text = f"urn,phase,pupils,{','.join(cells)}\n1,primary,200,{','.join(cells.values())}\n"
    fault = fault_of(text)
    assert fault.startswith("r.csv:2:")
    assert f"{column}: holds " in fault
    assert f"(U+{ord(character):04X})" in fault
    assert fault.isprintable()


def test_a_fault_never_prints_what_it_complains_of() -> None:
    """An escape sequence in a cell must not reach the terminal, whatever the column."""
    fault = fault_of(f"{HEADER}\n1,Ash,pri\x1b[31mmary,200\n")
    assert "\\x1b[31m" in fault
    assert fault.isprintable()


def test_a_nul_far_into_a_file_is_told_with_its_line() -> None:
    rows = "".join(f"{number},Ash,primary,200\n" for number in range(1, 400))
    assert fault_of(f"{HEADER}\n{rows}400,A\0sh,primary,200\n").startswith("r.csv:401:5: school")


# ---- work is bounded


def test_a_header_of_many_empty_columns_is_walked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Excel writes all 16,384 columns of a sheet; a walk for each of them would take minutes."""
    walks = 0
    walk = tables._cell_starts

    def counting(raw: str, separator: str) -> Iterator[tuple[int, int]]:
        nonlocal walks
        walks += 1
        return walk(raw, separator)

    monkeypatch.setattr(tables, "_cell_starts", counting)
    commas = "," * 100_000
    assert len(read(f"{HEADER}{commas}\n1,Ash,primary,200{commas}\n")) == 1
    assert walks == 1


def test_a_header_of_many_names_is_one_fault() -> None:
    names = ",".join(f"column_{number}" for number in range(50_000))
    faults = faults_of(f"{HEADER},{names}\n1,Ash,primary,200\n")
    assert str(faults[0]) == "r.csv:1:1: has 50004 columns; no table here has more than 16"
    assert len(faults) <= 5


def test_a_cell_of_any_length_is_shown_shortened() -> None:
    assert len(fault_of(f"{HEADER}\n1,Ash,{'p' * 100_000},200\n")) < 300


@pytest.mark.usefixtures("impatient")
def test_a_roster_that_is_a_pipe_or_a_device_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", Path("/dev/null")):
        with pytest.raises(RosterError, match="is a pipe or a device, not a file"):
            load_roster(path)
