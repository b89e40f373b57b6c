"""Which blocks are simulated again, and what is said of one that is not as it is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.experiment.design import design
from rsip_sim.experiment.elsewhere import simulated_on
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.studies.verify.blocks import (
    StoredBlock,
    block_faults,
    check_blocks,
    sampled,
    stored_blocks,
)
from tests.fakes import experiment_fakes as fakes

TWO = (fakes.scenario("no_agreement", 0), fakes.scenario("two_year", 24))
PLAN = design(TWO, replications=1002)
BLOCKS = stored_blocks(Path("run"), PLAN, 334)


@pytest.fixture
def kept(tmp_path: Path) -> list[StoredBlock]:
    """The blocks of a run by a model that costs nothing, three of each scenario."""
    run_scenarios(TWO, replications=10, block=4, workers=1, out=tmp_path, simulate=fakes.simulate)
    found = stored_blocks(tmp_path, design(TWO, replications=10), 4)
    return [replace(block, simulate=fakes.simulate) for block in found]


def file(block: StoredBlock, which: int = 0) -> Path:
    return Path(block.folder, block.files[which])


def changed(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    pq.write_table(change(pq.read_table(path)), path)


def added(table: pa.Table, column: str, *rows: int) -> pa.Table:
    """The table with one more in some rows of a column."""
    place = table.schema.get_field_index(column)
    values = table.column(column).to_numpy().copy()
    values[list(rows)] += 1
    return table.set_column(place, table.schema.field(place), pa.array(values))


# ---- which


def test_every_block_of_a_run_is_known_by_scenario_and_futures() -> None:
    assert [block.label for block in BLOCKS] == [
        f"{name}, replications {futures}"
        for name in ("no_agreement", "two_year")
        for futures in ("0–333", "334–667", "668–1,001")
    ]
    assert [block.folder for block in BLOCKS[2:4]] == ["run/data/no_agreement", "run/data/two_year"]
    assert BLOCKS[1].files == ("0000334.parquet", "0000334.schools.parquet")


@given(st.text("0123456789abcdef", min_size=4), st.integers(0, 7), st.sets(st.integers(0, 5)))
def test_those_of_the_smallest_hashes_are_taken_and_as_many_of_the_suspects(
    digest: str, number: int, suspected: set[int]
) -> None:
    """Anybody can work out which: by the sha256 of digest, folder of the case and first future."""

    def hashed(place: int) -> str:
        name = "no_agreement" if place < 3 else "two_year"
        return hashlib.sha256(f"{digest} {name} {place % 3 * 334}".encode()).hexdigest()

    suspects = sorted(suspected)
    expected = {*sorted(range(6), key=hashed)[:number], *suspects[:number]}
    found = sampled(BLOCKS, digest, number, [BLOCKS[place] for place in suspects])
    assert found == [BLOCKS[place] for place in sorted(expected)]
    assert sampled(BLOCKS, digest, None, []) == BLOCKS


# ---- what is said of them


def test_none_simulated_again_is_a_note() -> None:
    check = check_blocks([], 6, [])
    assert (check.name, check.verdict, check.sentence) == (
        "blocks",
        "note",
        "None of 6 simulated again, as was asked.",
    )


class Counting(Progress):
    """Keeps how many futures it was told of."""

    futures = 0

    def advance(self, replications: int) -> None:
        self.futures += replications


def test_equal_blocks_are_said_to_be_so_and_counted_as_they_are_simulated(
    kept: list[StoredBlock],
) -> None:
    told = Counting()
    check = check_blocks(kept[2:4], 6, [], 1, told)
    assert told.futures == 2 + 4
    assert (check.name, check.verdict) == ("blocks", "equal")
    assert check.sentence == "2 blocks of 6 simulated again: equal to the stored data to the bit."
    also = check_blocks(kept[:1], 6, ["numpy"], 1).sentence
    assert also == (
        "1 block of 6 simulated again: equal to the stored data to the bit, although something "
        "that decides the numbers has changed since."
    )


def test_blocks_that_differ_are_counted_once_each_with_every_fault_named(
    kept: list[StoredBlock],
) -> None:
    for which in (0, 1):  # both files of one block
        file(kept[1], which).unlink()
    kept[4] = replace(kept[4], simulate=fakes.fail_in_the_second_block)
    check = check_blocks(kept, 6, [], 1)
    assert (check.name, check.verdict) == ("blocks", "differs")
    assert check.sentence == (
        "6 blocks of 6 simulated again: 2 not equal to the stored data. Either the data were "
        "changed, or this machine calculates differently."
    )
    assert check.details == (
        "no_agreement, replications 4–7: 0000004.parquet is missing",
        "no_agreement, replications 4–7: 0000004.schools.parquet is missing",
        "two_year, replications 4–7: could not be simulated: ArithmeticError: schools were lost",
    )
    expected = check_blocks(kept, 6, ["numpy"], 1).sentence
    assert expected.endswith(
        "A difference is to be expected, since what it was made with is not what is here."
    )


def test_blocks_stay_on_the_machine_that_has_their_files(kept: list[StoredBlock]) -> None:
    """Wherever else simulations go just then."""
    with ThreadPoolExecutor(1) as elsewhere, simulated_on(elsewhere):
        elsewhere.submit = unexpected  # type: ignore[method-assign]
        assert check_blocks(kept[:1], 6, [], 1).verdict == "equal"


def unexpected(*_: object) -> None:
    raise AssertionError("handed out")


def test_the_first_cell_that_differs_is_told_by_row_and_then_by_column(
    kept: list[StoredBlock],
) -> None:
    """Replication 5 is the second of its block: its months are rows 6 to 11."""
    block = kept[4]
    assert block_faults(block) == ()
    # "applications" stands before "joins", and that before the money of the fund
    changed(file(block), lambda table: added(table, "applications", 8, 9))
    changed(file(block), lambda table: added(table, "fund_pence_per_year", 7))
    changed(file(block), lambda table: added(table, "joins", 7))
    (fault,) = block_faults(block)
    joins = pq.read_table(file(block)).column("joins")[7].as_py()
    assert fault == (
        f"first in replication 5, 2011-05, joins: {joins} stored, {joins - 1} now; "
        "in all 4 cells of 3 columns"
    )


def test_a_school_is_told_by_its_number(kept: list[StoredBlock]) -> None:
    """Of three schools the last of the second future, which is replication 9."""
    changed(file(kept[2], 1), lambda table: added(table, "opening_month", 5))
    (fault,) = block_faults(kept[2])
    assert fault.startswith("first in replication 9, school 100002, opening_month: ")
    assert fault.endswith("in all 1 cell of 1 column")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            lambda table: table.drop_columns(["orders", "joins", "line_kept", "cohesion", "month"]),
            "other columns (cohesion, joins, line_kept, month, orders)",
        ),
        (
            lambda table: table.append_column("more", table.column("joins")),
            "other columns (more)",
        ),
        (
            lambda table: table.select(table.schema.names[::-1]),
            "other columns (their order)",
        ),
        (
            lambda table: table.set_column(
                table.schema.get_field_index("joins"), "joins", table.column("joins").cast("int64")
            ),
            "columns of another type (joins)",
        ),
        (lambda table: table.slice(6), "18 rows stored, 24 simulated now"),
        (
            lambda table: table.replace_schema_metadata({"notes": "of others"}),
            None,
        ),
    ],
    ids=["fewer", "more", "order", "type", "rows", "words"],
)
def test_a_table_of_another_form_is_told_by_what_is_other(
    kept: list[StoredBlock], change: Callable[[pa.Table], pa.Table], fault: str | None
) -> None:
    """What is compared are the data: words kept beside them are none."""
    changed(file(kept[0]), change)
    assert block_faults(kept[0]) == ((fault,) if fault else ())


def test_many_rows_are_told_with_their_thousands(tmp_path: Path) -> None:
    one = TWO[:1]
    run_scenarios(one, replications=400, block=400, out=tmp_path, simulate=fakes.simulate)
    (block,) = stored_blocks(tmp_path, design(one, replications=400), 400)
    changed(file(block), lambda table: table.slice(1))
    (fault,) = block_faults(replace(block, simulate=fakes.simulate))
    assert fault == "2,399 rows stored, 2,400 simulated now"


@pytest.mark.parametrize("content", [b"", b"PAR1 half a file", b"PAR1" * 20])
def test_a_file_that_cannot_be_read_is_told_so(kept: list[StoredBlock], content: bytes) -> None:
    file(kept[0]).write_bytes(content)
    assert block_faults(kept[0]) == ("0000000.parquet cannot be read",)


def test_a_number_that_is_none_equals_itself(kept: list[StoredBlock]) -> None:
    def undefined(table: pa.Table) -> pa.Table:
        values = np.full(table.num_rows, np.nan)
        place = table.schema.get_field_index("cohesion")
        return table.set_column(place, table.schema.field(place), pa.array(values))

    changed(file(kept[0]), undefined)
    (fault,) = block_faults(kept[0])
    assert "cohesion: nan stored" in fault
