"""A finished comparison opens as it was; anything else is told for what it is."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import rsip_sim
from rsip_sim import face
from rsip_sim.experiment import record
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.results import refuse_other_model
from rsip_sim.measures.csv_files import table_bytes
from rsip_sim.scenario import with_values
from tests.fakes import papers
from tests.fakes.scenario_files import SCENARIOS


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept") / "run"
    files = [SCENARIOS / f"{name}.yaml" for name in ("one_year", "subscription_funded")]
    rsip_sim.compare(files, replications=12, workers=1, out=folder)
    return folder


def test_an_opened_comparison_is_the_one_that_was_kept(kept: Path) -> None:
    opened = rsip_sim.open_comparison(kept)
    assert [each.name for each in opened.scenarios] == ["one_year", "subscription_funded"]
    for each in opened.scenarios:
        original = rsip_sim.load_scenario(SCENARIOS / f"{each.name}.yaml")
        assert (each.policy, each.title) == (original.policy, original.title)
    assert table_bytes(opened.differences) == (kept / "tables" / "differences.csv").read_bytes()


def test_a_folder_that_holds_no_comparison_is_told_so(tmp_path: Path, kept: Path) -> None:
    cases = {tmp_path / "none": "is no folder", tmp_path: "holds no run of rsip"}
    for folder, words in cases.items():
        with pytest.raises(face.WRONG_INPUT, match=words):
            rsip_sim.open_comparison(folder)
    scenario = with_values(
        rsip_sim.load_scenario(SCENARIOS / "one_year.yaml"), {"partnership": True}
    )
    rsip_sim.run(scenario, replications=2, workers=1, out=tmp_path / "single")
    with pytest.raises(face.WRONG_INPUT, match="holds one scenario"):
        rsip_sim.open_comparison(tmp_path / "single")
    (tmp_path / "single" / "manifest.json").unlink()
    with pytest.raises(face.WRONG_INPUT, match="not finished"):
        rsip_sim.open_comparison(tmp_path / "single")


def test_a_column_that_no_run_has_is_told_as_one_and_not_as_damage(kept: Path) -> None:
    opened = rsip_sim.open_comparison(kept)
    with pytest.raises(
        face.WRONG_INPUT, match="named 'participatio'; did you mean 'participation'"
    ):
        opened.panel(["participatio"])
    with pytest.raises(face.WRONG_INPUT, match=r"no column .* is named 'zzz'$"):
        opened.results.schools("one_year", ["zzz"])


@pytest.mark.parametrize("ending", ["parquet", "schools.parquet"])
def test_a_file_of_another_version_is_told_as_one_and_not_as_damage(
    kept: Path, tmp_path: Path, ending: str
) -> None:
    run = papers.copied(kept, tmp_path / "run")
    name = f"data/one_year/0000000.{ending}"
    table = pq.read_table(run / name)
    pq.write_table(table.rename_columns([f"old_{each}" for each in table.schema.names]), run / name)
    papers.covered_up(run, name)
    results = rsip_sim.open_comparison(run).results
    with pytest.raises(StoreError, match=rf"0000000\.{ending} has no column .*another version"):
        (results.panel if ending == "parquet" else results.schools)("one_year")


def test_a_comparison_of_another_model_says_so_where_it_is_shown(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "source_digest", lambda: "another")
    opened = rsip_sim.open_comparison(kept)
    assert "simulated before the model's source changed" in repr(opened)
    assert str(kept) in repr(opened)
    assert opened._repr_html_() is None


def test_a_run_of_another_model_is_not_mixed_with_new_numbers(kept: Path) -> None:
    opened = rsip_sim.open_comparison(kept)
    refuse_other_model(opened.results)
    path = kept / "run.json"
    before = path.read_text(encoding="utf-8")
    content = json.loads(before)
    content["model"] = "0" * 64
    content["libraries"]["numpy"] = "1.0"
    path.write_text(json.dumps(content), encoding="utf-8")
    try:
        with pytest.raises(StoreError, match="the model's source and the versions of libraries"):
            refuse_other_model(opened.results)
    finally:
        path.write_text(before, encoding="utf-8")
