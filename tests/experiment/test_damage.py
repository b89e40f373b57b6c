"""What is damaged is never used: by no command that reads, whatever the file.

One flipped bit in a stored block once turned the headline round, was printed in the paper, and was
verified as equal.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import rsip_sim
from rsip_sim import face
from rsip_sim.experiment.errors import StoreError
from rsip_sim.measures.metrics import METRICS
from rsip_sim.paper import make
from rsip_sim.studies.compare.charts import metric_fan
from rsip_sim.studies.kernel.keeping import kept_report, kept_tables
from rsip_sim.studies.risks.study import RisksStudy
from rsip_sim.studies.verify.work import verify
from tests.fakes import papers
from tests.fakes.panels import TWO_YEAR, fake_results

RISKS = "studies/risks_two_year"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison with a study of it, which has a chart, and a pack."""
    folder = tmp_path_factory.mktemp("damage")
    out = papers.kept_paper(folder / "run", papers.scenarios(folder / "scenarios"))
    chart = metric_fan(fake_results((TWO_YEAR,), 40), (TWO_YEAR,), METRICS["erosion"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RisksStudy, "charts", lambda *_: [chart])
        rsip_sim.risks(out, scenario="two_year")
        patch.setattr(make, "comparison_charts", lambda *_: {})
        rsip_sim.open_comparison(out).paper("generic")
    return out


@pytest.fixture
def run(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy to damage; papers of it need no charts of their own."""
    monkeypatch.setattr(make, "comparison_charts", lambda *_: {})
    return papers.copied(kept, tmp_path / "run")


def flip(path: Path, share: float = 0.5) -> None:
    """One bit other, somewhere in the file."""
    content = bytearray(path.read_bytes())
    content[int(len(content) * share)] ^= 1
    path.write_bytes(content)


def show(run: Path) -> object:
    return kept_report(run)


def show_study(run: Path) -> object:
    return kept_report(run / RISKS)


def paper(run: Path) -> object:
    return rsip_sim.open_comparison(run).paper("generic", with_schools=True, out=run / "new")


def risks(run: Path) -> object:
    return rsip_sim.risks(run, scenario="two_year", out=run / "new")


def robust(run: Path) -> object:
    return rsip_sim.robust(run, out=run / "new")


DAMAGE = [
    (show, "report.json"),
    (show, "manifest.json"),
    (show_study, f"{RISKS}/report.json"),
    (show_study, f"{RISKS}/manifest.json"),
    (paper, "data/two_year/0000000.parquet"),
    (paper, "report.json"),
    (paper, "run.json"),
    (paper, f"{RISKS}/report.json"),
    (paper, "scenarios/two_year.resolved.yaml"),
    (risks, "data/two_year/0000000.schools.parquet"),
    (risks, "run.json"),
    (robust, "data/one_year/0000000.parquet"),
    (robust, "manifest.json"),
]


@pytest.mark.parametrize(("read", "name"), DAMAGE, ids=lambda each: getattr(each, "__name__", each))
def test_what_is_damaged_is_refused_and_named_and_nothing_is_made_of_it(
    run: Path, read: Callable[[Path], object], name: str
) -> None:
    flip(run / name)
    with pytest.raises(face.WRONG_INPUT, match=Path(name).name.split(".")[0]):
        read(run)
    assert not (run / "new" / "manifest.json").exists()


@pytest.mark.parametrize("ending", [".svg", ".png", ".alt.txt"])
def test_a_damaged_chart_of_a_study_is_not_taken_into_a_paper(run: Path, ending: str) -> None:
    chart = next((run / RISKS / "charts").glob(f"*{ending}"))
    flip(chart, 0.9)
    with pytest.raises(StoreError, match=chart.name):
        paper(run)


def test_a_study_with_a_damaged_record_is_left_out_and_the_annex_says_so(run: Path) -> None:
    flip(run / RISKS / "manifest.json")
    made = paper(run)
    assert isinstance(made, Path)
    words = " ".join((made / "annex.html").read_text(encoding="utf-8").split())
    assert "risks_two_year (its record is damaged" in words


def test_damaged_tables_of_a_study_are_not_weighed(run: Path) -> None:
    results = rsip_sim.open_comparison(run).results
    name = next((run / RISKS / "tables").glob("*.csv")).stem
    assert len(kept_tables(results, "risks", [name])) == 1
    flip(run / RISKS / "tables" / f"{name}.csv")
    with pytest.raises(StoreError, match=rf"{name}\.csv has other content"):
        kept_tables(results, "risks", [name])


@pytest.mark.parametrize("name", ["run.json", "manifest.json"])
def test_a_figure_changed_in_a_record_is_noticed_although_it_reads_well(
    run: Path, name: str
) -> None:
    """The size of blocks and the number of futures stand in no other digest."""
    papers.replaced(run / name, '"block": 512', '"block": 513')
    with pytest.raises(StoreError, match="damaged or was changed"):
        rsip_sim.open_comparison(run)
    assert "record" in {each.name for each in verify(run, 0).checks if each.verdict == "differs"}


def test_a_run_is_not_carried_on_upon_a_damaged_record(run: Path, tmp_path: Path) -> None:
    papers.replaced(run / "run.json", '"block": 512', '"block": 513')
    (run / "manifest.json").unlink()
    with pytest.raises(StoreError, match=r"run\.json is damaged"):
        papers.kept_paper(run, papers.scenarios(tmp_path / "scenarios"))


def test_a_pack_says_from_which_blocks_it_was_made_and_verification_compares_them(
    run: Path,
) -> None:
    """Also where a block was made anew with its digest: the pack is then of other data."""
    manifest = json.loads((run / "manifest.json").read_text())
    (made_from,) = json.loads((run / "paper" / "findings.json").read_text())["runs"].values()
    data = {name for name in manifest["files"] if name.startswith("data/")}
    assert set(made_from["data"]) == data
    assert verify(run / "paper", 0).passed
    flip(run / "data/two_year/0000000.parquet")
    papers.covered_up(run, "data/two_year/0000000.parquet")
    done = verify(run / "paper", 0)
    check = done.check("comparison")
    assert check.verdict == "differs"
    assert "data/two_year/0000000.parquet" in " ".join(check.details)
    inside = verify(run, 0).check("paper")
    assert inside.verdict == "differs"
    assert "data/two_year/0000000.parquet" in " ".join(inside.details)


def test_a_damaged_record_of_a_study_is_found_by_verification(run: Path) -> None:
    path = run / RISKS / "manifest.json"
    papers.replaced(path, '"replications": 24', '"replications": 25')
    assert "record" in {e.name for e in verify(path.parent, 0).checks if e.verdict == "differs"}
