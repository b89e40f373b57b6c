"""A block becomes tables and is read back as it was; what is none is refused or read as none."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rsip_sim.experiment import tables
from rsip_sim.model.panel import COLUMN_NAMES, COLUMNS, SCHOOL_COLUMNS
from tests.fakes import experiment_fakes as fakes
from tests.fakes.experiment_fakes import FakeOutcome

ONE = fakes.scenario()
FIRST = 5
FUTURES = 4
PENCE = "gross_pence_per_year"


@pytest.fixture
def outcome() -> FakeOutcome:
    return fakes.simulate(ONE.policy, ONE.roster, 1, range(FIRST, FIRST + FUTURES))


def check(outcome: FakeOutcome, months: int = fakes.MONTHS, schools: int = 3, futures: int = 4):
    tables.check_outcome(outcome, months, schools, futures)


def panel(outcome: FakeOutcome) -> pa.Table:
    return tables.panel_table(outcome.panel, outcome.notes, FIRST)


def stored(outcome: FakeOutcome, path: Path) -> Path:
    tables.store(tables.content_of(panel(outcome)), path)
    return path


# ---- what a model may give


def test_what_is_of_the_contract_is_accepted(outcome: FakeOutcome) -> None:
    check(outcome)
    outcome.panel["cohesion"][:] = np.nan  # of all columns this one may be undefined
    outcome.panel[PENCE][0] = [2**53, -(2**53), 0, 1]
    outcome.panel["joins"][0, 0] = np.iinfo(np.int16).min + 1
    check(outcome)


@pytest.mark.parametrize(
    ("column", "value"),
    [(PENCE, 2**53 + 1), (PENCE, -(2**53) - 1), (PENCE, np.iinfo(np.int64).min),
     ("joins", np.iinfo(np.int16).min), ("line_kept", np.iinfo(np.int8).min),
     ("participation", np.nan), ("participation", np.inf), ("cohesion", -np.inf)],
)  # fmt: skip
@pytest.mark.parametrize("place", [(0, 0), (-1, -1)])
def test_a_number_that_is_none_is_refused_with_its_column(
    outcome: FakeOutcome, column: str, value: float, place: tuple[int, int]
) -> None:
    outcome.panel[column][place] = value
    with pytest.raises(ValueError, match=rf"column {column} holds .*{re.escape(str(value))}"):
        check(outcome)


def test_a_school_with_a_failed_cast_is_refused_too(outcome: FakeOutcome) -> None:
    outcome.schools["opening_month"][2, 3] = np.iinfo(np.int16).min
    with pytest.raises(ValueError, match=r"column opening_month holds -32768 to .*failed cast"):
        check(outcome)


def test_columns_of_another_name_shape_or_type_are_named(outcome: FakeOutcome) -> None:
    for changes in ({"months": 7}, {"futures": 5}):
        with pytest.raises(ValueError, match=r"panel column .* is int32 \(6, 4\), not int32"):
            check(outcome, **changes)
    with pytest.raises(ValueError, match=r"schools column .* is int16 \(3, 4\), not int16 \(4, 4"):
        check(outcome, schools=4)
    outcome.panel["joins"] = outcome.panel["joins"].astype(np.int64)
    with pytest.raises(ValueError, match=r"panel column joins is int64 \(6, 4\), not int16"):
        check(outcome)
    del outcome.panel["joins"]
    outcome.panel["apples"] = np.zeros((6, 4))
    with pytest.raises(ValueError, match="columns of panel missing or not known: apples, joins"):
        check(outcome)
    outcome.panel["joins"] = outcome.panel.pop("apples").astype(np.int16)
    del outcome.schools["opening_month"]
    with pytest.raises(ValueError, match=r"columns of schools missing .*: opening_month"):
        check(outcome)


def test_a_block_of_no_schools_is_no_failure() -> None:
    check(fakes.simulate(ONE.policy, [], 1, range(2)), schools=0, futures=2)


# ---- tables


def test_a_panel_has_a_row_a_replication_and_month_and_says_what_its_columns_mean(
    outcome: FakeOutcome,
) -> None:
    table = panel(outcome)
    rows = [(5 + row // fakes.MONTHS, row % fakes.MONTHS) for row in range(4 * fakes.MONTHS)]
    found = zip(table["replication"].to_pylist(), table["month"].to_pylist(), strict=True)
    assert list(found) == rows
    assert {str(table.schema.field(key).type) for key in ("replication", "month")} == {"int32"}
    for column in COLUMNS:
        values = outcome.panel[column.name]
        assert table[column.name].to_pylist() == [values[month, at - 5] for at, month in rows]
        field = table.schema.field(column.name)
        assert (str(field.type).replace("double", "float64"), field.nullable) == (
            column.dtype,
            False,
        )
        assert field.metadata == {
            b"unit": column.unit.encode(), b"meaning": column.meaning.encode(),
        }  # fmt: skip


def test_a_table_of_schools_has_a_row_a_replication_and_school(outcome: FakeOutcome) -> None:
    urn = ONE.roster.urn
    table = tables.schools_table(outcome.schools, urn, FIRST)
    assert table.schema.names == ["replication", "urn", *SCHOOL_COLUMNS]
    assert table["replication"].to_pylist() == [5] * 3 + [6] * 3 + [7] * 3 + [8] * 3
    assert table["urn"].to_pylist() == list(urn) * FUTURES
    assert {str(table.schema.field(key).type) for key in ("replication", "urn")} == {"int32"}
    for name, meaning in SCHOOL_COLUMNS.items():
        assert table[name].to_pylist() == outcome.schools[name].T.ravel().tolist()
        assert table.schema.field(name).metadata == {b"meaning": meaning.encode()}


def test_a_file_is_read_column_by_column_as_it_was_stored(
    outcome: FakeOutcome, tmp_path: Path
) -> None:
    path = stored(outcome, tmp_path / "panel.parquet")
    assert tables.stored_table(path).equals(panel(outcome), check_metadata=True)
    assert tables.stored_rows(path) == FUTURES * fakes.MONTHS
    names = [COLUMN_NAMES[-1], PENCE, "month"]
    for name, values in zip(names, tables.read_columns(path, names), strict=True):
        assert values.tolist() == panel(outcome)[name].to_pylist()
    assert tables.lacking(path, ["apples", "joins", "pears"]) == ["apples", "pears"]


def test_counts_are_kept_with_their_panel_in_the_order_of_their_names(tmp_path: Path) -> None:
    made = fakes.simulate(ONE.policy, ONE.roster, 1, range(2))
    path = stored(FakeOutcome(made.panel, {}, {"b": np.int64(2), "a": 1}), tmp_path / "a.parquet")
    assert list(tables.stored_notes(path).items()) == [("a", 1), ("b", 2)]
    pq.write_table(pa.table({"joins": [1]}), path)
    assert tables.stored_notes(path) == {}


def test_a_table_of_several_pieces_is_read_as_one(tmp_path: Path) -> None:
    """Our own are of one; one that was filtered on its way keeps its pieces."""
    values = np.arange(10.0)
    pieces = pa.chunked_array([pa.array(values[:4])[1:], pa.array(values[4:])])
    assert tables._array(pieces).tolist() == values[1:].tolist()


def test_files_are_small_sealed_page_by_page_and_say_their_keys(
    outcome: FakeOutcome, tmp_path: Path
) -> None:
    """Compressed; statistics of what rows are asked for by, and of nothing else."""
    path = stored(outcome, tmp_path / "a.parquet")
    group = pq.read_metadata(path).row_group(0)
    columns = [group.column(at) for at in range(group.num_columns)]
    assert pq.read_metadata(path).num_row_groups == 1
    assert {column.compression for column in columns} == {"ZSTD"}
    assert {c.path_in_schema for c in columns if c.is_stats_set} == {"replication", "month"}
    assert not any(column.has_dictionary_page for column in columns)
    split = {c.path_in_schema for c in columns if "BYTE_STREAM_SPLIT" in c.encodings}
    assert split == {column.name for column in COLUMNS if column.dtype == "float64"}
    content = bytearray(path.read_bytes())
    place = next(c for c in columns if c.path_in_schema == PENCE)
    content[place.data_page_offset + place.total_compressed_size - 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(OSError, match="CRC"):
        tables.read_columns(path, [PENCE])


# ---- stored whole or not at all


def test_a_longer_block_replaces_the_shorter_and_another_does_not(tmp_path: Path) -> None:
    def content(futures: int, seed: int = 1) -> bytes:
        made = fakes.simulate_with_gaps(ONE.policy, ONE.roster, seed, range(futures))
        return tables.content_of(tables.panel_table(made.panel, made.notes, 0))

    path = tmp_path / "0000000.parquet"
    for futures in (2, 3, 3):
        digest = tables.store(content(futures), path)
        assert digest == hashlib.sha256(path.read_bytes()).hexdigest()
    for other in (content(2), content(4, seed=2)):
        with pytest.raises(ValueError, match=r"0000000\.parquet holds other results"):
            tables.store(other, path)
    assert path.read_bytes() == content(3)
    path.write_bytes(b"PAR1 half a file")
    tables.store(content(2), path)
    assert path.read_bytes() == content(2)


def test_a_table_of_other_columns_is_never_built_upon(outcome: FakeOutcome, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(panel(outcome).drop_columns(["joins"]), path)
    with pytest.raises(ValueError, match="other results"):
        stored(outcome, path)


def test_digests_name_the_folder_and_are_read_as_they_were_written(tmp_path: Path) -> None:
    folder = tmp_path / "two_year"
    folder.mkdir()
    kept = {"b.parquet": hashlib.sha256(b"two").hexdigest(), "a.parquet": "0" * 64}
    path = folder / "0000000.sha256"
    assert tables.store_digests(path, kept) == hashlib.sha256(path.read_bytes()).hexdigest()
    lines = [f"{kept[name]}  two_year/{name}" for name in ("a.parquet", "b.parquet")]
    assert path.read_text() == "\n".join(lines) + "\n"
    assert tables.stored_digests(path) == kept


@pytest.mark.skipif(sys.platform != "linux", reason="has no sha256sum")
def test_the_programme_that_everybody_has_checks_the_digests(tmp_path: Path) -> None:
    (tmp_path / "two_year").mkdir()
    (tmp_path / "two_year" / "a.parquet").write_bytes(b"two")
    path = tmp_path / "two_year" / "0000000.sha256"
    tables.store_digests(path, {"a.parquet": hashlib.sha256(b"two").hexdigest()})
    command = ["sha256sum", "--check", "--strict", "two_year/0000000.sha256"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0


@pytest.mark.parametrize(
    "content",
    [None, b"", b"\xff\xfe", b"abc\n", b"abc def ghi\n", b"a  b  c\n", b"abc  other_year/a\n",
     b"abc  two_year/a\ndef  other_year/b\n"],
)  # fmt: skip
def test_digests_that_are_not_of_the_folder_are_none(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "two_year" / "0000000.sha256"
    path.parent.mkdir()
    if content is not None:
        path.write_bytes(content)
    assert tables.stored_digests(path) == {}


@pytest.mark.parametrize("content", [None, b"", b"PAR1 half a file"])
def test_what_cannot_be_read_is_no_table_and_has_no_rows(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "0000000.parquet"
    if content is not None:
        path.write_bytes(content)
    assert tables.stored_table(path) is None
    assert tables.stored_rows(path) == 0


def test_files_of_a_block_are_named_by_its_first_replication() -> None:
    assert [name(48) for name in tables.BLOCK_FILES] == [
        "0000048.parquet", "0000048.schools.parquet", "0000048.sha256",
    ]  # fmt: skip
