"""What is kept beside a comparison is taken in; what is of another one, or absent, is not."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import docx
import pandas as pd
import pytest

from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.record import file_digest
from rsip_sim.paper.case import Case
from rsip_sim.paper.ledger import Ledger, LedgerError
from rsip_sim.paper.make import ledger_tables, pack_files
from rsip_sim.paper.sections.assumptions import assumed, assumptions
from rsip_sim.paper.sections.further import further
from rsip_sim.paper.sections.sureness import PLACES, SECURE, read_no_evidence, sureness, turning
from rsip_sim.paper.studies import read_studies
from rsip_sim.paper.template import load_template
from rsip_sim.report.blocks import Points, Report, Table
from rsip_sim.report.quoted import InStudy, Quote, Said
from rsip_sim.report.text import rendered
from rsip_sim.studies.kernel.keeping import REPORT, keep_files, told_files
from rsip_sim.studies.robust.report import robust_report
from rsip_sim.studies.robust.tables import robust_tables
from rsip_sim.studies.robust.work import robustness
from rsip_sim.version import EDITION
from tests.fakes.pack_cases import fake_case
from tests.fakes.panels import NO_AGREEMENT, TWO_YEAR, fake_results


def keep_sensitivity(folder: Path, comparison: str = "d" * 64) -> Path:
    """A stored study of sensitivity, as small as one can be: one parameter swings the members."""
    study = folder / "studies/sensitivity"
    (study / "tables").mkdir(parents=True)
    known = {
        "baseline": "no_agreement", "scenario": "two_year", "date": "mean", "kind": "difference",
        "metric": "members",
    }  # fmt: skip
    tables = {
        "shares": {"average": 4.0, "standard_deviation": 3.0},
        "indices": {"factor": "b_secure", "parameters": 1, "first": 0.5},
        "swings": {"parameter": "b_secure", "swing": 6.0, "swing_low": 5.0, "swing_high": 7.0,
                   "share": 0.5},
    }  # fmt: skip
    for name, row in tables.items():
        pd.DataFrame([{**known, **row}]).to_csv(study / f"tables/{name}.csv", index=False)
    facts = {"study": "sensitivity", "comparison": comparison, "edition": EDITION}
    (study / "manifest.json").write_text(json.dumps(facts))
    return folder / "studies"


def case_with(studies: Path, **changes: object) -> Case:
    case = replace(fake_case((NO_AGREEMENT, TWO_YEAR)), **changes)  # type: ignore[arg-type]
    return replace(case, studies=read_studies(studies, "d" * 64, 40))


def told(case: Case, blocks: list[object]) -> list[str]:
    """Every text of some blocks, each accepted by the ledger."""
    ledger = Ledger(ledger_tables(case), case.baseline.name, case.studies.told)
    document = Report("t", tuple(blocks))  # type: ignore[arg-type]
    passages = list(document.passages())
    for place, words in passages:
        ledger.record(place, words)
    return [str(words) for _, words in passages]


def test_weak_and_influential_assumptions_come_first_by_the_study_of_this_comparison(
    tmp_path: Path,
) -> None:
    case = case_with(keep_sensitivity(tmp_path))
    found = assumed(case.studies).assumptions
    assert [each.rating for each in found[:2]] == ["red", ""]
    assert found[0].parameter.name == "b_secure"
    words = " ".join(told(case, list(assumptions(case))))
    assert "One is rated red" in words
    assert "high: Schools in the partnership" in words
    assert "The package keeps it" not in words


def test_without_one_the_impacts_are_those_of_the_package_and_said_to_be(tmp_path: Path) -> None:
    case = case_with(tmp_path)
    found = assumed(case.studies).assumptions
    order = ["red", "amber", "green", ""]
    assert found[0].rating == "red"
    assert [each.rating for each in found] == sorted(
        (each.rating for each in found), key=order.index
    )
    words = " ".join(told(case, list(assumptions(case))))
    assert "two_year against no_agreement" in words
    assert "'rsip sensitivity' works it out for this comparison" in words


def test_a_study_of_another_comparison_is_left_aside_and_named(tmp_path: Path) -> None:
    studies = read_studies(keep_sensitivity(tmp_path, comparison="e" * 64), "d" * 64, 40)
    assert studies.found == ()
    assert studies.foreign == ("sensitivity",)


def leaning(turns: str) -> pd.DataFrame:
    """The kept table for one parameter without evidence, in two measures."""
    record = {
        "parameter": SECURE, "scenario": "two_year", "date": "mean",
        "leans": True, "turns_at": turns, "low_value": 0.0, "central_value": 1.2,
        "high_value": 3.0, **dict(zip(PLACES, (0.7, 5.43, 11.4), strict=True)),
    }  # fmt: skip
    return pd.DataFrame([{**record, "metric": name, "explained": share}
                         for name, share in (("members", 0.3), ("erosion", 0.1))])  # fmt: skip


@pytest.mark.parametrize(
    ("turns", "words"),
    [("", "does not turn"), ("0.7132", "turns at 0.71"), ("0.4; 2.1", "turns first at 0.4")],
)
def test_where_a_value_without_evidence_turns_a_conclusion_is_told(
    turns: str, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "tables/unevidenced.csv"
    path.parent.mkdir()
    leaning(turns).to_csv(path, index=False)
    case = case_with(tmp_path, leaning=read_no_evidence(tmp_path))
    texts = told(case, list(sureness(case)))
    assert words in texts
    assert {"+0.7", "+5.4", "+11.4", "At 1.2"} <= set(texts)
    table = turning(case, SECURE)
    assert isinstance(table, Table)
    assert len(table.rows) == 2
    assert turning(case, "another") is None


def test_a_comparison_without_that_table_does_without(tmp_path: Path) -> None:
    assert read_no_evidence(tmp_path) is None
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables/unevidenced.csv").write_text("parameter,of_another_kind\nb_secure,1\n")
    assert read_no_evidence(tmp_path) is None
    case = case_with(tmp_path)
    assert turning(case, SECURE) is None
    assert any("nobody has measured" in text for text in told(case, list(sureness(case))))


def keep_robust(folder: Path) -> Path:
    """A study of robustness as `rsip robust` keeps it, of the comparison of these tests."""
    scenarios = (NO_AGREEMENT, TWO_YEAR)
    found = robustness(fake_results(scenarios, 40), scenarios, climates=())
    facts = {"study": "robust", "comparison": "d" * 64}
    report = robust_report(found)
    files = told_files(rendered(report), robust_tables(found), (), report)
    keep_files(folder / "studies/robust", files, facts)
    return folder / "studies"


@pytest.fixture(scope="module")
def with_robust(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return case_with(keep_robust(tmp_path_factory.mktemp("robust")))


@pytest.fixture(scope="module")
def pack(with_robust: Case) -> dict[str, bytes]:
    return pack_files(with_robust, load_template("rotherham"))


def test_a_paper_takes_in_what_a_study_tells_and_not_how_to_read_it(with_robust: Case) -> None:
    texts = told(with_robust, further(with_robust))
    report = with_robust.studies.named("robust").report
    assert report is not None
    answers = next(block for block in report.blocks if isinstance(block, Points))
    assert set(map(str, answers.items)) <= set(texts)
    described = "Averages of each option, and which other is as good in all and better in one"
    assert described in texts
    assert "How to read this" not in texts
    assert {"Cohesion, of 100; averaged over months 13 to 60", "Option"} <= set(texts)
    assert not any("has not been worked out" in text and "holds up" in text for text in texts)


def test_every_figure_of_a_study_leads_to_its_folder_and_table(pack: dict[str, bytes]) -> None:
    entries = json.loads(pack["findings.json"])["entries"]
    found = [each for each in entries if each["kind"] == "study"]
    assert {each["file"] for each in found} == {"studies/robust/report.json"}
    assert {"report", "pareto"} < {each["table"] for each in found}
    assert not any("value" in each or "cell" in each for each in found)


def test_a_paper_says_where_figures_of_studies_are_found_only_where_it_has_some(
    pack: dict[str, bytes],
) -> None:
    lead = "those of further analyses to the folder of their study"
    assert lead in pack["paper.html"].decode()
    without = pack_files(case_with(Path("none")), load_template("rotherham"))
    assert lead not in without["paper.html"].decode()


def test_word_and_html_hold_the_same_tables_of_a_study(pack: dict[str, bytes]) -> None:
    document = docx.Document(io.BytesIO(pack["paper.docx"]))
    assert len(document.tables) == pack["paper.html"].decode().count("<table")
    assert all(cell.text.strip() for table in document.tables for cell in table._cells)
    assert "Heading 3" in {each.style.name for each in document.paragraphs}


def test_a_figure_that_the_study_does_not_tell_is_refused(with_robust: Case) -> None:
    ledger = Ledger([], "no_agreement", with_robust.studies.told)
    ledger.record("here", Said(Quote("40", InStudy("robust", "report"))))
    for study, figure in (("robust", "4,321,234"), ("solve", "40")):
        with pytest.raises(LedgerError, match="is not told by the study"):
            ledger.record("here", Said(Quote(figure, InStudy(study, "report"))))


@pytest.mark.parametrize("how", ["changed", "broken"])
def test_a_report_that_is_not_as_the_study_left_it_is_refused(tmp_path: Path, how: str) -> None:
    study = keep_robust(tmp_path) / "robust"
    before = (study / REPORT).read_text("utf-8")
    after = before.replace("40", "4,000") if how == "changed" else "{}"
    (study / REPORT).write_text(after, "utf-8")
    if how == "broken":
        manifest = json.loads((study / "manifest.json").read_text("utf-8"))
        manifest["files"][REPORT] = file_digest(study / REPORT)
        (study / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(StoreError, match="run the study again"):
        further(case_with(tmp_path / "studies"))


def test_a_study_kept_before_it_stored_its_report_gives_its_charts_alone(tmp_path: Path) -> None:
    study = keep_robust(tmp_path) / "robust"
    (study / REPORT).unlink()
    case = case_with(tmp_path / "studies")
    assert [each.name for each in case.studies.found] == ["robust"]
    assert case.studies.told == {}
    assert not any(isinstance(block, Table | Points) for block in further(case))
