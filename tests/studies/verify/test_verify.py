"""A run that is as it was is found equal; whatever was changed is found, and named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import rsip_sim
from rsip_sim.experiment import record
from rsip_sim.experiment.errors import StoreError
from rsip_sim.measures.csv_files import read_table, table_bytes
from rsip_sim.report.text import NARROWEST, WIDTH, first_screen, rendered
from rsip_sim.studies.verify.blocks import _first_difference, sampled, stored_blocks
from rsip_sim.studies.verify.record import read_kept
from rsip_sim.studies.verify.report import verify_report
from rsip_sim.studies.verify.tables import compare_rows
from rsip_sim.studies.verify.work import Verification, verify
from rsip_sim.version import EDITION
from tests.fakes import papers

PANEL = "data/two_year/0000000.parquet"
RESOLVED = "scenarios/two_year.resolved.yaml"
TABLE = "tables/differences.csv"


@pytest.fixture(scope="module", autouse=True)
def alternatives_tried_once() -> Iterator[None]:
    """Verifying tries the alternatives of a comparison again: of one comparison, every time."""
    with papers.alternatives_tried_once():
        yield


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison of three scenarios, with its own roster."""
    folder = tmp_path_factory.mktemp("verify")
    made = papers.scenarios(folder / "scenarios")
    return papers.kept_paper(folder / "run", made)


@pytest.fixture
def run(kept: Path, tmp_path: Path) -> Path:
    """The same, to be tampered with."""
    return papers.copied(kept, tmp_path / "run")


def found(folder: Path, number: int | None = 1) -> Verification:
    return verify(folder, number, workers=1)


def told(done: Verification) -> str:
    return rendered(verify_report(done))


def differing(done: Verification) -> set[str]:
    return {check.name for check in done.checks if check.verdict == "differs"}


def words(done: Verification, name: str) -> str:
    check = done.check(name)
    return " ".join([check.sentence, *check.details])


def flip_a_byte(run: Path) -> None:
    """At the end of the first column, among its numbers."""
    chunk = pq.read_metadata(run / PANEL).row_group(0).column(0)
    content = bytearray((run / PANEL).read_bytes())
    begins = chunk.dictionary_page_offset or chunk.data_page_offset
    content[begins + chunk.total_compressed_size - 10] ^= 1
    (run / PANEL).write_bytes(content)


def change_a_cell(run: Path, name: str = PANEL, column: str = "fund_pence_per_year") -> None:
    """A pound more in month 14 of replication 7, and nothing else."""
    table = pq.read_table(run / name)
    values = table.column(column).to_numpy().copy()
    values[7 * 18 + 14] += 100
    place = table.schema.get_field_index(column)
    changed = table.set_column(place, table.schema.field(place), pa.array(values))
    pq.write_table(changed, run / name)


def test_a_run_that_is_as_it_was_is_equal_in_every_check(kept: Path) -> None:
    before = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}
    done = found(kept, None)
    assert done.passed
    assert {c.name: c.verdict for c in done.checks} == dict.fromkeys(
        ("files", "other files", "record", "made with", "blocks", "tables"), "equal"
    )
    for width in (WIDTH, NARROWEST):
        screen = [line.text for line in first_screen(verify_report(done), width)]
        assert "Nothing differs." in screen
        assert any("It does not say that the model is right" in line for line in screen)
        assert len(screen) <= (29 if width == WIDTH else 60)
        assert all(len(line) <= width for line in screen if str(kept) not in line)
    assert before == {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}


def test_other_bytes_of_the_same_data_are_named_but_the_blocks_are_equal(run: Path) -> None:
    """Another version of the Parquet library writes another file for the same numbers."""
    pq.write_table(pq.read_table(run / PANEL), run / PANEL, compression="snappy")
    done = found(run)
    assert differing(done) == {"files"}
    assert f"{PANEL} has other content" in words(done, "files")
    assert done.check("blocks").verdict == "equal"


def test_a_flipped_byte_is_found_and_its_block_simulated_whatever_the_sample(run: Path) -> None:
    flip_a_byte(run)
    done = found(run)
    assert {"files", "blocks"} <= differing(done)
    assert PANEL in words(done, "files")
    assert "two_year, replications 0–23" in words(done, "blocks")
    assert "not as it was when its manifest was written" in " ".join(told(done).split())


def test_a_changed_number_is_found_by_simulating_even_where_the_manifest_was_changed_with_it(
    run: Path,
) -> None:
    change_a_cell(run)
    papers.covered_up(run, PANEL)
    done = found(run, None)
    assert done.check("files").verdict == "equal"
    said = words(done, "blocks")
    assert (
        "two_year, replications 0–23: first in replication 7, 2012-06, fund_pence_per_year" in said
    )
    assert "; in all 1 cell of 1 column" in said
    assert differing(done) == {"blocks", "tables"}
    assert "not as it was when its manifest was written" in " ".join(told(done).split())


def test_a_changed_number_that_no_table_shows_is_put_down_to_the_manifest_or_the_machine(
    run: Path,
) -> None:
    change_a_cell(run, column="retained_pence_per_year")
    papers.covered_up(run, PANEL)
    done = found(run, None)
    assert differing(done) == {"blocks"}
    assert "Either the data were changed, or this machine calculates differently" in words(
        done, "blocks"
    )


def test_the_table_of_schools_is_compared_too(run: Path) -> None:
    name = PANEL.replace(".parquet", ".schools.parquet")
    table = pq.read_table(run / name)
    values = table.column("opening_month").to_numpy().copy()
    values[5] = 17
    place = table.schema.get_field_index("opening_month")
    pq.write_table(table.set_column(place, table.schema.field(place), pa.array(values)), run / name)
    papers.covered_up(run, name)
    urn = int(table.column("urn")[5].as_py())
    assert f"replication 0, school {urn}, opening_month: 17 stored, -1 now;" in words(
        found(run, None), "blocks"
    )


def test_a_changed_scenario_is_named_by_the_record(run: Path) -> None:
    papers.replaced(run / RESOLVED, "earmark_gbp_per_year: 150000", "earmark_gbp_per_year: 160000")
    done = found(run, 0)
    assert {"files", "record"} <= differing(done)
    assert "scenario two_year: what is kept is not what was run" in words(done, "record")
    papers.covered_up(run, RESOLVED)
    assert {"record", "blocks"} <= differing(found(run, None))


def test_titles_are_part_of_the_record(run: Path) -> None:
    papers.replaced(run / RESOLVED, 'title: "Two year"', 'title: "A bargain"')
    said = words(found(run, 0), "record")
    assert "'Two year' in manifest.json, 'A bargain' as kept" in said


def test_a_scenario_that_can_no_longer_be_read_leaves_the_rest_to_be_checked(run: Path) -> None:
    papers.replaced(run / RESOLVED, "horizon_months: 18", "horizon_months: many")
    done = found(run)
    assert not done.passed
    assert differing(done) == {"files"}
    unknown = {check.name for check in done.checks if check.verdict == "unknown"}
    assert unknown == {"record", "blocks", "tables"}
    assert "horizon_months" in words(done, "record")
    assert "Could not be checked: record, blocks and tables" in " ".join(told(done).split())
    assert "No block could be simulated again" in told(done)


def test_another_roster_of_the_same_name_is_named(run: Path) -> None:
    path = run / "scenarios" / "town.csv"
    path.write_text("\n".join(path.read_text("utf-8").splitlines()[:-1]) + "\n", "utf-8")
    assert "the roster town kept with the run is not the one that was run" in words(
        found(run, 0), "record"
    )


@pytest.mark.parametrize("name", [PANEL, RESOLVED, TABLE, "run.json"])
def test_a_file_that_is_gone_is_named(run: Path, name: str) -> None:
    (run / name).unlink()
    done = found(run, 0)
    assert not done.passed
    assert f"{name} is missing" in words(done, "files")


def test_a_file_taken_out_of_folder_and_manifest_is_missed(run: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    del manifest["files"][PANEL]
    (run / PANEL).unlink()
    papers.changed_json(run / "manifest.json", files=manifest["files"])
    assert f"{PANEL} is not in the manifest, which should name it" in words(found(run, 0), "files")


def test_a_manifest_is_not_followed_out_of_its_folder(run: Path) -> None:
    (run.parent / "letter.txt").write_text("not yours")
    papers.covered_up(run, "../letter.txt")
    assert "../letter.txt lies outside the folder" in words(found(run, 0), "files")


def test_an_edited_table_is_found_with_its_row_column_and_both_numbers(run: Path) -> None:
    lines = (run / TABLE).read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(",")
    kept, cells[7] = cells[7], "99.5"
    (run / TABLE).write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", "utf-8")
    papers.covered_up(run, TABLE)
    done = found(run, 0)
    assert differing(done) == {"tables"}
    said = words(done, "tables")
    assert "one_year, academies, mean: baseline is kept as '99.5'" in said
    assert kept in said


def test_an_edited_summary_is_found_with_its_line(run: Path) -> None:
    papers.replaced(run / "summary.txt", "futures", "fortunes")
    papers.covered_up(run, "summary.txt")
    said = words(found(run, 0), "tables")
    assert "summary.txt: line" in said
    assert "fortunes" in said


def reworded(run: Path) -> None:
    """As a version would keep it that puts the same findings into other words."""
    table = (run / TABLE).read_text(encoding="utf-8")
    (run / TABLE).write_text(table.replace("no clear", "no plain"), encoding="utf-8")
    papers.replaced(run / "summary.txt", "futures", "fortunes")
    papers.covered_up(run, "summary.txt", TABLE)


def test_other_words_of_the_same_version_are_a_difference(run: Path) -> None:
    reworded(run)
    done = found(run, 0)
    assert differing(done) == {"tables"}
    assert "fortunes" in words(done, "tables")


def test_other_words_of_another_version_are_told_and_are_no_difference(run: Path) -> None:
    reworded(run)
    papers.changed_json(run / "manifest.json", made_with={"rsip_sim": "0.0.9"})
    done = found(run, 0)
    assert done.passed
    assert done.check("tables").verdict == "note"
    said = words(done, "tables")
    assert "to be expected of another version" in said
    assert "fortunes" in said


def test_other_numbers_are_a_difference_whatever_the_version(run: Path) -> None:
    lines = (run / TABLE).read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(",")
    cells[8] = "99.5"
    (run / TABLE).write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", "utf-8")
    papers.covered_up(run, TABLE)
    papers.changed_json(run / "manifest.json", made_with={"rsip_sim": "0.0.9"})
    assert differing(found(run, 0)) == {"tables"}


def test_rounding_of_the_last_digits_is_no_difference_of_a_table() -> None:
    one = "metric,level\nerosion,0.1\nmembers,90.00000000000001\n"
    other = "metric,level\nerosion,0.1\nmembers,90.0\n"
    same = compare_rows(one, other)
    assert (same.fault, same.rounding > 0) == ("", True)
    assert (
        "members: level is kept as '90.001'"
        in compare_rows(one.replace("90.00000000000001", "90.001"), other).fault
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seed": 4}, "run.json does not have the digest that it gives for itself"),
        ({"block": 8}, "manifest.json and run.json differ in block"),
        ({"model": "0" * 64}, "differ in the digest of model"),
    ],
)
def test_a_changed_record_does_not_fit_itself(run: Path, change: dict, said: str) -> None:
    papers.changed_json(run / "run.json", **change)
    papers.covered_up(run, "run.json")
    assert said in words(found(run, 0), "record")


@pytest.mark.parametrize("content", ["{", "[]", '{"digest": 1}', '{"scenarios": 3}'])
def test_a_record_that_cannot_be_read_is_told_and_nothing_breaks(run: Path, content: str) -> None:
    (run / "run.json").write_text(content)
    done = found(run)
    assert differing(done) == {"files"}
    assert not done.passed
    assert "run.json cannot be read" in words(done, "record")


def test_files_of_others_are_named_and_change_nothing(run: Path) -> None:
    (run / "notes.docx").write_text("mine")
    done = found(run, 0)
    assert done.passed
    assert done.check("other files").verdict == "note"
    assert "notes.docx" in words(done, "other files")


def study(run: Path, name: str, **facts: object) -> Path:
    """A study kept in the folder of the run, of one file."""
    inside = run / "studies" / name
    inside.mkdir(parents=True)
    (inside / "summary.txt").write_text("Found.\n")
    files = {"summary.txt": record.file_digest(inside / "summary.txt")}
    asked = {"study": name, **facts}
    manifest = {
        "edition": EDITION, **asked, "asked": record.digest(asked),
        "made_with": record.environment(), "files": files,
    }  # fmt: skip
    (inside / "manifest.json").write_text(json.dumps(manifest))
    return inside


def digest_of(run: Path) -> str:
    return str(json.loads((run / "manifest.json").read_text(encoding="utf-8"))["digest"])


def test_studies_kept_inside_are_checked_by_their_own_manifests(run: Path) -> None:
    digest = digest_of(run)
    study(run, "ours", comparison=digest, replications=24)
    study(run, "fewer", comparison=digest, replications=8)
    study(run, "theirs", comparison="0" * 64)
    study(run, "backtest")
    changed = study(run, "changed", comparison=digest)
    (changed / "summary.txt").write_text("Found otherwise.\n")
    (changed / "more.csv").write_text("1\n")
    (study(run, "noted", comparison=digest) / "notes.txt").write_text("mine")
    papers.changed_json(study(run, "asked", comparison=digest) / "manifest.json", study="told")
    done = found(run, 0)
    verdicts = {c.name: c.verdict for c in done.checks if c.name.startswith("studies/")}
    assert verdicts == {
        "studies/ours": "equal",
        "studies/fewer": "note",
        "studies/theirs": "differs",
        "studies/backtest": "equal",
        "studies/changed": "differs",
        "studies/noted": "note",
        "studies/asked": "differs",
    }
    assert "does not have the digest that it gives" in words(done, "studies/asked")
    said = " ".join(told(done).split())
    assert "7 studies and papers, 2 as kept here." in said
    assert "8 futures, not 24" in words(done, "studies/fewer")
    assert "another comparison" in words(done, "studies/theirs")
    assert "summary.txt has other content" in words(done, "studies/changed")
    assert "no manifest names: more.csv" in words(done, "studies/changed")
    assert done.check("other files").verdict == "equal"


def test_a_study_without_a_readable_manifest_is_told_so(run: Path) -> None:
    (study(run, "broken") / "manifest.json").write_text("{")
    assert words(found(run, 0), "studies/broken") == "Its manifest cannot be read."


def test_a_study_is_verified_by_itself_and_names_the_comparison_that_it_rests_on(run: Path) -> None:
    before = found(study(run, "ours", comparison=digest_of(run), replications=24))
    assert before.passed
    assert dict.fromkeys(
        ("files", "other files", "record", "made with", "comparison"), "equal"
    ) == {check.name: check.verdict for check in before.checks}
    assert f"'rsip verify {run}' verifies that" in words(before, "comparison")
    assert "No number was worked out again" in " ".join(told(before).split())


def test_a_study_that_was_altered_is_found_wherever_it_lies(run: Path, tmp_path: Path) -> None:
    away = papers.copied(study(run, "ours", comparison=digest_of(run)), tmp_path / "away")
    assert "in no folder around it" in words(found(away), "comparison")
    (away / "summary.txt").write_text("Found otherwise.\n")
    papers.changed_json(away / "manifest.json", study="theirs")
    done = found(away)
    assert differing(done) == {"files", "record"}
    assert "summary.txt has other content" in words(done, "files")


def test_a_paper_whose_figures_are_of_another_run_than_its_manifest_names_is_found(
    run: Path,
) -> None:
    inside = study(run, "paper", comparison=digest_of(run))
    (inside / "findings.json").write_text(json.dumps({"runs": {digest_of(run): {}}}))
    assert found(inside).passed
    (inside / "findings.json").write_text(json.dumps({"runs": {"0" * 64: {}}}))
    assert differing(found(inside)) == {"record"}
    assert "of another comparison" in words(found(run, 0), "studies/paper")
    for other in ("[]", '{"runs": 3}', "{"):  # what says nothing of runs is no contradiction
        (inside / "findings.json").write_text(other)
        assert found(inside).passed


def test_a_study_made_with_other_libraries_says_so_and_passes(run: Path) -> None:
    inside = study(run, "ours", comparison=digest_of(run))
    papers.changed_json(inside / "manifest.json", made_with={"rsip_sim": "0.0.9"})
    done = found(inside)
    assert done.passed
    assert "rsip_sim was 0.0.9" in words(done, "made with")


def test_a_change_so_small_that_tables_show_it_in_their_last_digits_is_never_taken_for_rounding(
    run: Path,
) -> None:
    """Such a table is no proof: every block is simulated, whatever the sample."""
    kept_run = read_kept(run)
    blocks = stored_blocks(run, kept_run.design, kept_run.manifest["block"])
    chosen = sampled(blocks, kept_run.manifest["digest"], 1, [])
    other = next(
        block for block in blocks if block not in chosen and block.scenario != "no_agreement"
    )
    name = Path(other.folder, other.files[0]).relative_to(run).as_posix()
    table = pq.read_table(run / name)
    values = table.column("stability").to_numpy().copy()
    values[7 * 18 + 14] *= 1 + 1e-12
    place = table.schema.get_field_index("stability")
    pq.write_table(table.set_column(place, table.schema.field(place), pa.array(values)), run / name)
    papers.covered_up(run, name)
    done = found(run)
    assert differing(done) == {"blocks"}
    assert "but for rounding" in words(done, "tables")
    assert f"{other.scenario}, replications 0–23: first in replication 7" in words(done, "blocks")
    assert "only the blocks tell" in " ".join(told(found(run, 0)).split())


def test_under_another_model_a_difference_is_expected_and_shown_all_the_same(kept: Path) -> None:
    with papers.another_model():
        done = found(kept, None)
    assert differing(done) == {"blocks"}
    assert "the source of the model is another here" in words(done, "made with")
    assert "A difference is to be expected" in words(done, "blocks")
    assert "two_year" in words(done, "blocks")
    assert done.check("tables").verdict == "note"
    assert "tables/alternatives.csv: " in words(done, "tables")
    assert "not stored but simulated" in words(done, "tables")


def test_under_another_model_what_follows_from_the_stored_data_must_still_follow(
    run: Path,
) -> None:
    """Only what would be had a rule been otherwise is simulated, and may differ."""
    lines = (run / TABLE).read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(",")
    cells[7] = "99.5"
    (run / TABLE).write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", "utf-8")
    papers.covered_up(run, TABLE)
    with papers.another_model():
        done = found(run, 0)
    assert "tables" in differing(done)
    assert f"{TABLE}: one_year" in words(done, "tables")


def test_alternatives_that_this_model_does_not_give_are_found(run: Path) -> None:
    """Under the model of the run they come out the same, or somebody has changed them."""
    name = "tables/alternatives.csv"
    table = read_table(run / name)
    table.loc[0, "expected"] = 99.5
    (run / name).write_bytes(table_bytes(table))
    papers.covered_up(run, name)
    done = found(run, 0)
    assert differing(done) == {"tables"}
    assert "expected is kept as '99.5'" in words(done, "tables")


def test_another_source_that_gives_the_same_numbers_passes_with_a_note(kept: Path) -> None:
    with papers.another_model(months=24.0):
        done = found(kept)
    assert done.passed
    assert done.check("made with").verdict == "note"
    assert "although something that decides the numbers has changed" in words(done, "blocks")


def test_other_libraries_are_named_with_both_versions(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = record.libraries()
    monkeypatch.setattr(record, "libraries", lambda: {**now, "numpy": "9.9"})
    assert f"numpy was {now['numpy']} and is 9.9 here" in words(found(kept, 0), "made with")


def test_a_block_that_cannot_be_simulated_says_why(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ArithmeticError("schools were lost")

    monkeypatch.setattr("rsip_sim.model.simulation.simulate_block", fail)
    assert "could not be simulated: ArithmeticError: schools were lost" in words(
        found(kept), "blocks"
    )


def test_the_sample_is_the_same_for_everybody_and_another_for_another_run(kept: Path) -> None:
    design = read_kept(kept).design
    blocks = stored_blocks(kept, design, 4)  # as if a block held four futures

    def chosen(digest: str, number: int | None) -> list:
        return sampled(blocks, digest, number, [])

    assert len(blocks) == 3 * 6
    assert chosen("a", 5) == chosen("a", 5)
    assert chosen("a", 5) != chosen("b", 5)
    assert set(chosen("a", 3)) < set(chosen("a", 5))
    assert chosen("a", None) == blocks
    assert chosen("a", 0) == []
    assert blocks[7] in sampled(blocks, "a", 1, [blocks[7]])


def test_minus_nought_is_not_nought_and_not_a_number_is_itself() -> None:
    """What is compared are the bits."""
    numbers = {"replication": np.array([0, 0]), "month": np.array([0, 1])}
    stored, other = ({**numbers, "share": np.array([np.nan, nought])} for nought in (0.0, -0.0))
    assert _first_difference(stored, stored, 24135) == ""
    said = _first_difference(stored, other, 24135)
    assert said.startswith("first in replication 0, 2011-05, share: 0.0 stored, -0.0 now")
    assert "1 cell of 1 column" in said


def test_a_single_run_is_verified_with_its_own_table(tmp_path: Path) -> None:
    scenario = papers.scenarios(tmp_path / "scenarios")[2]
    with papers.without_charts():
        rsip_sim.run(scenario, replications=6, workers=1, out=tmp_path / "run")
    done = found(tmp_path / "run", None)
    assert done.passed
    assert "3 files, worked out again from the stored data: the same." in words(done, "tables")
    papers.replaced(tmp_path / "run" / "tables" / "headlines.csv", "erosion", "erasure")
    assert {"files", "tables"} == differing(found(tmp_path / "run", 0))


@pytest.mark.parametrize("what", ["run", "study"])
def test_what_the_first_edition_made_is_refused_in_a_sentence(run: Path, what: str) -> None:
    """Neither verified by what is here nor mixed with it; the first had no word for itself."""
    folder = run if what == "run" else study(run, "ours", comparison=digest_of(run))
    content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    del content["edition"]
    (folder / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(StoreError, match=r"made by the first edition of the model.*never mixed"):
        found(folder)


def test_what_holds_no_finished_run_is_refused(run: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is no folder"):
        found(tmp_path / "nowhere")
    broken = study(run, "broken")
    papers.changed_json(broken / "manifest.json", files=[])
    with pytest.raises(StoreError, match="is damaged, or no manifest of a study"):
        found(broken)
    papers.changed_json(run / "manifest.json", block=0)
    with pytest.raises(StoreError, match="is damaged"):
        found(run)
    (run / "manifest.json").unlink()
    with pytest.raises(StoreError, match="is not finished"):
        found(run)


@pytest.mark.parametrize("name", ["summary.txt", TABLE, "report.json", PANEL, RESOLVED])
def test_a_link_to_a_device_in_the_place_of_a_file_is_found_and_not_read(
    run: Path, name: str
) -> None:
    """It was read without end."""
    (run / name).unlink()
    (run / name).symlink_to("/dev/zero")
    assert "files" in differing(found(run, 0))
