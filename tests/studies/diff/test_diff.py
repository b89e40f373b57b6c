"""Why two papers differ: each cause is found, moves what it must, and the steps make the whole."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import rsip_sim
from rsip_sim.experiment import record
from rsip_sim.experiment.errors import StoreError
from rsip_sim.measures.metrics import HEADLINES
from rsip_sim.report.text import NARROWEST, WIDTH, first_screen, rendered
from rsip_sim.scenario import Scenario
from rsip_sim.studies.diff import futures as diff_futures
from rsip_sim.studies.diff.futures import Change
from rsip_sim.studies.diff.report import diff_report
from rsip_sim.studies.diff.study import DiffQuestion, DiffStudy
from rsip_sim.studies.diff.work import PAPERS, STEPS, Diff, Moved, diff_tables
from rsip_sim.studies.diff.worlds import BASELINE, MOST_NAMED, open_paper
from rsip_sim.studies.functions import function_of
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.version import EDITION
from tests.fakes import papers

Make = Callable[..., Path]


@pytest.fixture(scope="module", autouse=True)
def without_alternatives() -> Iterator[None]:
    with papers.without_alternatives():
        yield


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("diff")


@pytest.fixture(scope="module")
def first(place: Path) -> Path:
    """The paper with which others are compared: 24 futures of seed 3."""
    return papers.kept_paper(place / "first", papers.scenarios(place / "scenarios"))


@pytest.fixture(scope="module")
def make(place: Path) -> Make:
    """Another paper, in which some things are different; the same is made once."""
    kept: dict[str, Path] = {}

    def made(
        values: dict[str, dict[str, Any]] | None = None,
        leave_out: int = 0,
        horizon: int = 18,
        parameters: str = "uncertain",
        change: Callable[[list[Scenario]], list[Scenario]] = list,
        **settings: Any,
    ) -> Path:
        key = repr((record.source_digest(), values, leave_out, horizon, parameters, settings))
        if change is list and key in kept:
            return kept[key]
        out = place / f"paper_{len(list(place.iterdir()))}"
        folder = place / f"{out.name}_scenarios"
        found = papers.scenarios(folder, values, leave_out, horizon, parameters)
        kept[key] = papers.kept_paper(out, change(found), **settings)
        return kept.pop(key) if change is not list else kept[key]

    return made


@pytest.fixture
def nothing_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulating anything would fail."""

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("nothing need be simulated")

    monkeypatch.setattr(diff_futures, "measure_all", fail)


def explained(one: Path, other: Path, metrics: tuple[str, ...] = ()) -> Diff:
    study = DiffStudy()
    ready = study.check(DiffQuestion(metrics=list(metrics)), Ground(folders=(one, other)))
    done = study.work(ready, Means(workers=1))
    assert isinstance(done, Diff)
    if not any(done.changed):
        assert_adds_up(done)
    for width in (WIDTH, NARROWEST):
        screen = [line.text for line in first_screen(diff_report(done), width)]
        named = [line for line in screen if str(one) in line or str(other) in line]
        assert all(len(line) <= width for line in screen if line not in named)
        assert len(screen) <= (29 if width == WIDTH else 60)
    return done


def assert_adds_up(done: Diff) -> None:
    """First and second are what the papers' own tables say, and the steps make the difference."""
    tables = [told_by(paper.folder) for paper in (done.first, done.second)]
    for row in done.moved:
        for table, moment, mean in zip(tables, done.moments, (row.first, row.second), strict=True):
            told = table[row.role, row.metric.name, moment.name]
            np.testing.assert_equal(mean, told)
        np.testing.assert_equal(row.whole.change, row.second - row.first)
        total = sum(part.change for _, part in row.parts)
        if np.isfinite(total):
            assert total == pytest.approx(row.whole.change, abs=1e-9 * max(1.0, abs(row.first)))


def told_by(folder: Path) -> dict[tuple[str, ...], float]:
    """The differences in a paper's own table, by scenario, metric and date."""
    with (folder / "tables" / "differences.csv").open(encoding="utf-8-sig", newline="") as stream:
        return {
            (row["scenario"], row["metric"], row["date"]): float(row["difference"] or "nan")
            for row in csv.DictReader(stream)
        }


def kinds(done: Diff) -> list[str]:
    return [step.kind for step in done.steps]


def rows(done: Diff, role: str) -> dict[str, Moved]:
    return {row.metric.name: row for row in done.moved if row.role == role}


def changes_of(row: Moved) -> list[Change]:
    return [row.whole, *(part for _, part in row.parts)]


def sentences(done: Diff) -> str:
    return " ".join(rendered(diff_report(done)).split())


def test_of_the_same_run_twice_nothing_differs(first, make, nothing_simulated) -> None:
    done = explained(first, make())
    assert not done.steps
    assert all(row.whole.still for row in done.moved)
    assert [row.metric.name for row in done.moved[::2]] == list(HEADLINES)
    assert (
        "Nothing differs. Of 18 differences from the baseline that both hold, none moved"
        in sentences(done)
    )


def test_another_seed_is_luck_and_is_read_not_simulated(first, make, nothing_simulated) -> None:
    done = explained(first, make(seed=4))
    assert [(step.kind, step.words) for step in done.steps] == [("luck", "seed 3 → 4")]
    row = rows(done, "two_year")["members"]
    assert row.whole.ci_low < row.whole.change < row.whole.ci_high
    assert "as chance makes one in twenty do" in sentences(done)


def test_more_futures_are_luck_and_the_shared_ones_move_nothing(
    first, make, nothing_simulated
) -> None:
    more, fewer = explained(first, make(replications=48)), explained(make(replications=48), first)
    assert [step.words for step in more.steps] == ["futures: 24 → 48"]
    assert [step.words for step in fewer.steps] == ["futures: 48 → 24"]
    one, other = (rows(done, "one_year")["members"] for done in (more, fewer))
    assert one.whole.change == -other.whole.change != 0
    assert one.whole.ci_high - one.whole.ci_low == pytest.approx(
        other.whole.ci_high - other.whole.ci_low
    )


def test_seed_and_number_both_are_taken_apart_by_what_is_stored(
    first, make, nothing_simulated
) -> None:
    larger = make(seed=4, replications=40)
    assert [s.words for s in explained(first, larger).steps] == ["seed 3 → 4", "futures: 24 → 40"]
    assert [s.words for s in explained(larger, first).steps] == ["futures: 40 → 24", "seed 4 → 3"]


def test_another_earmark_moves_its_own_scenario_and_no_other(first, make) -> None:
    done = explained(first, make({"two_year": {"funding.earmark_gbp_per_year": 50_000}}))
    assert kinds(done) == ["scenario"]
    assert "Partnership earmark: £150,000 → £50,000 a year, in 'Two year'" in sentences(done)
    moved, still = rows(done, "two_year"), rows(done, "one_year")
    assert all(row.whole.still and not row.parts for row in still.values())
    assert moved["unmet_days"].whole.change > 0
    assert moved["unmet_days"].clear(moved["unmet_days"].whole)


def test_a_change_of_the_baseline_moves_every_difference(first, make) -> None:
    done = explained(first, make({"no_agreement": {"funding.earmark_gbp_per_year": 50_000}}))
    assert {row.role for row in done.moved if row.parts} == {"one_year", "two_year"}
    assert all(row.clear(row.whole) for row in done.moved if row.metric.name == "unmet_days")


def test_a_parameter_of_the_planners_own_is_an_assumption_and_one_step(first, make) -> None:
    held = {name: {"parameters.b_secure": 1.0} for name in papers.LENGTHS}
    done = explained(first, make(held))
    assert kinds(done) == ["assumptions"]
    assert "as in the register → 1" in done.steps[0].words
    assert done.steps[0].roles == {BASELINE, "one_year", "two_year"}
    assert not rows(done, "two_year")["members"].whole.still


def test_central_parameters_for_uncertain_ones_are_an_assumption(first, make) -> None:
    done = explained(first, make(parameters="central"))
    assert [(s.kind, s.words) for s in done.steps] == [
        ("assumptions", "parameters: uncertain → central")
    ]


def test_another_roster_is_data_and_says_how_it_differs(first, make) -> None:
    done = explained(first, make(leave_out=2))
    assert kinds(done) == ["data"]
    assert done.steps[0].words == "roster town (30 schools) → town_2 (28 schools): 2 left out"
    back = explained(make(leave_out=2), first)
    assert "2 added" in back.steps[0].words


def test_other_words_move_nothing(first, make, nothing_simulated) -> None:
    def retitled(made: list[Scenario]) -> list[Scenario]:
        words = {"title": "A bargain", "description": "Better than it sounds."}
        resolved = {**made[2].resolved, **words}
        return [*made[:2], replace(made[2], **words, resolved=resolved)]

    done = explained(first, make(change=retitled))
    assert not done.steps
    said = sentences(done)
    assert "The papers differ in wording." in said
    assert "title and description of 'A bargain'; moves nothing" in said


def test_everything_at_once_is_taken_apart_in_the_stated_order(first, make) -> None:
    values = {name: {"parameters.b_secure": 1.0} for name in papers.LENGTHS}
    values["two_year"] |= {"agreement.length_months": 6, "funding.earmark_gbp_per_year": 50_000}
    other = make(values, leave_out=2, seed=9, replications=30)
    done = explained(first, other)
    assert kinds(done) == ["data", "assumptions", "scenario", "luck", "luck"]
    assert len(rows(done, "two_year")["members"].parts) == 5
    assert len(rows(done, "one_year")["members"].parts) == 4
    assert kinds(explained(other, first)) == kinds(done)
    said = sentences(done)
    assert "The papers differ in data, assumptions, scenario and luck." in said
    assert "Agreement length: 24 → 6 months" in said


def test_the_levers_of_a_scenario_are_one_cause_which_the_records_tell(
    first, make, nothing_simulated
) -> None:
    values = {
        "agreement.length_months": 30, "agreement.quorum": 0.4, "agreement.reviews_per_year": 4,
        "funding.earmark_gbp_per_year": 1, "funding.endowment": "won",
    }  # fmt: skip
    done = explained(first, make({"two_year": values}))
    assert kinds(done) == ["scenario"]
    assert len(done.steps[0].causes) == len(values) > MOST_NAMED
    assert f"and {len(values) - MOST_NAMED} more, in 'Two year'" in sentences(done)
    assert all(words in sentences(done) for _, words in done.steps[0].causes)


def test_more_months_are_a_step_and_both_averages_are_named(first, make) -> None:
    done = explained(first, make(horizon=21))
    assert kinds(done) == ["scenario"]
    assert done.steps[0].words.startswith("months simulated: April 2011 to September 2012 →")
    assert "averaged over months 13 to 18 in the first paper" in sentences(done).lower()


def test_the_model_that_made_a_paper_is_a_cause_of_its_own(first, make) -> None:
    with papers.another_model():
        old = make()
    done = explained(old, first)
    assert kinds(done) == ["code version"]
    row = rows(done, "two_year")["members"]
    assert row.whole.change > 0  # security that sixty months give is harder to come by
    assert "the model's source" in done.steps[0].words
    assert "Another version made the first paper: rsip_sim" in sentences(done)
    assert kinds(explained(first, old)) == ["code version"]


def test_code_and_evidence_that_changed_together_are_one_cause(first, make) -> None:
    with papers.another_model():
        old = make({"two_year": {"funding.earmark_gbp_per_year": 50_000}}, seed=5)
    papers.changed_json(old / "run.json", evidence="1" * 64)
    papers.covered_up(old, "run.json")
    done = explained(old, first)
    assert kinds(done) == ["code version", "scenario", "luck"]
    words = done.steps[0].words
    assert "the model's source; the register, calibrated sample or national series" in words
    assert kinds(explained(first, old)) == ["scenario", "luck", "code version"]


def test_between_papers_of_the_same_old_version_the_records_tell_a_single_cause(
    make, nothing_simulated
) -> None:
    with papers.another_model():
        one, other = make(), make(seed=4)
        shorter = make({"two_year": {"agreement.length_months": 6}})
    assert kinds(explained(one, other)) == ["luck"]
    done = explained(one, shorter)
    assert kinds(done) == ["scenario"]
    assert rows(done, "one_year")["members"].whole.still
    assert "Another version made both papers" in sentences(done)


def test_causes_that_only_an_old_version_could_tell_apart_stand_as_one(
    make, nothing_simulated
) -> None:
    with papers.another_model():
        one, other = make(), make({"two_year": {"agreement.length_months": 6}}, seed=4)
    done = explained(one, other)
    assert kinds(done) == ["scenario and luck"]
    said = sentences(done)
    assert "The papers differ in scenario and luck." in said
    assert "24 → 6 months; seed 3 → 4" in said
    assert "Without it, causes in one row cannot be told apart." in said


def test_data_that_differ_although_the_records_do_not_are_unexplained(first, tmp_path) -> None:
    other = papers.copied(first, tmp_path / "copy")
    panel = other / "data" / "two_year" / "0000000.parquet"
    table = pq.read_table(panel)
    name = "schools_primary_maintained_member"
    values = table.column(name).to_numpy() + 1
    at = table.schema.get_field_index(name)
    pq.write_table(table.set_column(at, table.schema.field(at), pa.array(values)), panel)
    with pytest.raises(StoreError, match="not what was stored"):
        explained(first, other)
    papers.covered_up(other, panel.relative_to(other).as_posix())
    (other / "summary.txt").write_text("Other words")
    done = explained(first, other)
    assert kinds(done) == ["unexplained"]
    row = rows(done, "two_year")["members"]
    assert row.parts[0][1].change == row.whole.change == pytest.approx(1.0)
    assert rows(done, "one_year")["members"].whole.still
    said = sentences(done)
    assert "1 file is not as its manifest says" in said
    assert "yet the stored data do" in said


def test_scenarios_of_one_paper_alone_are_named(first, make) -> None:
    done = explained(first, make(change=lambda made: made[:2]))
    assert done.only == (("two_year",), ())
    assert "only first two_year" in sentences(done)
    with pytest.raises(AskedError, match="compare no scenario of the same name"):
        explained(make(change=lambda made: made[:2]), make(change=lambda made: made[::2]))


def test_baselines_of_other_names_are_told_apart_lever_by_lever(first, make) -> None:
    other = make(change=lambda made: [made[1], made[0], made[2]])
    done = explained(first, other)
    assert done.others == ("two_year",)
    assert kinds(done) == ["scenario"]
    assert len(done.steps[0].causes) == 2, "the length, and whether any is offered later"
    assert "baseline no_agreement in the first and one_year in the second" in sentences(done)


def test_a_partnership_that_one_paper_lacks_leaves_its_metrics_undefined(first, make) -> None:
    done = explained(first, make({"two_year": {"partnership": False}}), ("stability",))
    row = rows(done, "two_year")["stability"]
    assert np.isfinite(row.first)
    assert np.isnan(row.second)
    assert np.isnan(row.whole.change)
    assert not row.clear(row.whole)
    assert done.steps[0].words == "School improvement partnership: yes → no"


def test_too_few_futures_never_move_anything_clearly(make) -> None:
    values = {"two_year": {"funding.earmark_gbp_per_year": 0}}
    done = explained(make(replications=6), make(values, replications=6))
    assert not any(row.clear(part) for row in done.moved for part in changes_of(row))
    said = sentences(done)
    assert "none moved clearly" in said
    assert "Fewer than 10 futures are too few" in said


def test_metrics_may_be_chosen_and_unknown_ones_are_named_with_the_nearest(first) -> None:
    done = explained(first, first, ("joins", "members"))
    assert [metric.name for metric in done.metrics] == ["joins", "members"]
    with pytest.raises(AskedError) as caught:
        explained(first, first, ("membrs", "quokka"))
    one, other = caught.value.faults
    assert "did you mean 'members'?" in one
    assert "no metric is named 'quokka'; one of academies" in other


def test_an_unknown_metric_and_a_folder_that_is_none_are_told_together(first) -> None:
    with pytest.raises(AskedError) as caught:
        explained(first, first.parent / "nowhere", ("membrs",))
    metric, folder = caught.value.faults
    assert metric.startswith("metrics: no metric is named 'membrs'")
    assert folder.endswith("nowhere is no folder; name one that 'rsip compare' filled with --out")


def test_tables_are_tidy_and_say_what_the_text_says(first, make) -> None:
    done = explained(first, make({"two_year": {"funding.earmark_gbp_per_year": 50_000}}, seed=4))
    tables = diff_tables(done)
    assert list(tables["papers"].columns) == PAPERS
    assert list(tables["steps"].columns) == STEPS
    sums = tables["steps"].groupby(["scenario", "metric"])["change"].sum()
    whole = tables["papers"].set_index(["scenario", "metric"])["change"]
    np.testing.assert_allclose(sums, whole[sums.index], atol=1e-9 * whole.abs().max())


def test_an_explanation_is_kept_and_never_over_another(first, make, tmp_path: Path) -> None:
    other, out = make(seed=4), tmp_path / "why"
    asked: dict[str, Any] = {"metrics": ["members"], "workers": 1, "out": out}
    done = function_of("diff")(first, other, **asked)
    assert (out / "summary.txt").read_text(encoding="utf-8") == done.text
    assert (out / "tables" / "steps.csv").is_file()
    assert not (out / "charts").exists()  # one step alone needs no chart
    function_of("diff")(first, other, **asked)
    with pytest.raises(StoreError, match=r"another study \(diff\)"):
        function_of("diff")(other, first, **asked)


def test_a_single_run_is_no_paper(tmp_path: Path, first) -> None:
    with papers.without_charts():
        scenario = papers.scenarios(tmp_path / "scenarios")[0]
        rsip_sim.run(scenario, replications=2, workers=1, out=tmp_path / "run")
    with pytest.raises(AskedError, match="holds one scenario"):
        function_of("diff")(first, tmp_path / "run")


def test_data_that_cannot_be_read_are_told_with_the_scenario(first, tmp_path: Path) -> None:
    other = papers.copied(first, tmp_path / "copy")
    panel = other / "data" / "two_year" / "0000000.parquet"
    panel.write_bytes(panel.read_bytes()[:2000])
    with pytest.raises(StoreError, match=r"two_year/0000000\.parquet .* not what was stored"):
        function_of("diff")(first, other)
    panel.unlink()
    with pytest.raises(StoreError, match="is missing"):
        function_of("diff")(first, other)
    papers.changed_json(other / "manifest.json", made_with={})
    damaged = {"edition": EDITION, "scenarios": {"no_agreement": ""}}
    (other / "run.json").write_text(json.dumps(damaged))
    with pytest.raises(StoreError, match="is damaged"):
        function_of("diff")(first, other)


def test_a_paper_stands_for_the_comparison_around_it(first, tmp_path: Path) -> None:
    other = papers.copied(first, tmp_path / "copy")
    digest = json.loads((other / "manifest.json").read_text(encoding="utf-8"))["digest"]
    pack = other / "paper"
    pack.mkdir()
    facts = {"edition": EDITION, "study": "paper", "comparison": digest, "replications": 24}
    (pack / "manifest.json").write_text(json.dumps({**facts, "files": {}, "made_with": {}}))
    assert open_paper(pack).folder == other
    away = papers.copied(pack, tmp_path / "away")
    words = f"no folder around it the comparison {digest[:12]}… on which that rests; name the fo"
    with pytest.raises(StoreError, match=words):
        function_of("diff")(away, other)
    papers.changed_json(pack / "manifest.json", replications=12)
    with pytest.raises(StoreError, match=r"of 12 futures, and .* now holds 24"):
        open_paper(pack)


def test_causes_are_listed_below_a_difference_that_moved_clearly(first, make) -> None:
    """Another earmark under two years shows beside luck; luck alone under one year does not."""
    done = explained(first, make({"two_year": {"funding.earmark_gbp_per_year": 50_000}}, seed=4))
    moved = diff_report(done).part("moved")
    assert moved is not None
    (table,) = moved.blocks
    below = [row[0] for row in table.cells if row[0].startswith("  ")]  # type: ignore[union-attr]
    clear = [row for row in done.moved if any(map(row.clear, changes_of(row)))]
    assert len(below) == sum(len(row.parts) for row in clear)
    assert any("scenario: Partnership earmark" in cell for cell in below)
    assert len(clear) < len(done.moved)
