"""What is kept beside a comparison is taken in as it stands; what is of another one is not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.record import file_digest
from rsip_sim.paper import make
from rsip_sim.paper.assemble import load_template
from rsip_sim.paper.case import Told, read_studies, spoken
from rsip_sim.paper.ledger import Ledger, LedgerError
from rsip_sim.paper.make import pack_files
from rsip_sim.report.blocks import Heading, Paragraph, Part, Report, Table, columns
from rsip_sim.report.quoted import InStudy, Quote, Said
from rsip_sim.studies.kernel.keeping import REPORT, keep_files, told_files
from tests.fakes.pack_cases import fake_case
from tests.fakes.pack_readers import findings_of, html_texts, loose_numbers, word_texts
from tests.fakes.panels import NO_AGREEMENT, TWO_YEAR

COMPARISON = "d" * 64
ANSWER = Report(
    "Which option is robust?",
    (
        Paragraph("In 12 of 40 futures two years do best."),
        Table("regret", "Mean regret, points", "One row an option.",
              columns(("option", "regret"), (20, 10)), (("two years", "1.25"),)),
    ),
    parts=(Part("method", "How to read this", (Heading("Words"), Paragraph("Regret is a loss."))),),
)  # fmt: skip


def keep(folder: Path, kind: str = "robust", comparison: str = COMPARISON) -> Path:
    files = told_files("told", {}, [], ANSWER)
    facts = {"study": kind, "comparison": comparison, "replications": 40}
    keep_files(folder / "studies" / kind, files, facts)
    return folder / "studies"


def read(studies: Path, with_schools: bool = False) -> tuple[tuple[Told, ...], tuple[str, ...]]:
    return read_studies(studies, COMPARISON, 40, with_schools)


def test_a_kept_study_stands_in_the_annex_whole_and_every_figure_leads_to_its_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make, "comparison_charts", lambda *_: {})
    told, left = read(keep(tmp_path))
    assert left == ()
    files = pack_files(replace(fake_case((NO_AGREEMENT, TWO_YEAR)), told=told), load_template())
    for texts in (word_texts(files["annex.docx"]), html_texts(files["annex.html"])):
        for words in (ANSWER.title, "In 12 of 40 futures two years do best.", "Regret is a loss."):
            assert words in texts
        assert list(loose_numbers(texts, findings_of(files))) == []
    ours = [e for e in findings_of(files)["entries"] if e.get("file", "").startswith("studies/")]
    assert {(e["display"], e["table"]) for e in ours} >= {("12", "report"), ("1.25", "regret")}
    assert {e["file"] for e in ours} == {"studies/robust/report.json"}
    assert ANSWER.title not in html_texts(files["paper.html"])


def test_a_study_of_another_comparison_is_left_out_and_named(tmp_path: Path) -> None:
    assert read(keep(tmp_path, comparison="e" * 64)) == ((), ("robust (of another comparison)",))


@pytest.mark.parametrize("kind", ["risks", "story"])
def test_a_study_that_names_schools_is_taken_in_only_where_that_is_asked_for(
    kind: str, tmp_path: Path
) -> None:
    studies = keep(tmp_path, kind)
    assert read(studies) == ((), (f"{kind} (it names schools)",))
    (told,), left = read(studies, with_schools=True)
    assert told.kind == kind
    assert left == ()


def test_a_study_kept_without_its_report_is_left_out_and_named(tmp_path: Path) -> None:
    studies = keep(tmp_path)
    (studies / "robust" / REPORT).unlink()
    assert read(studies) == ((), ("robust (kept without its report)",))


def test_a_report_that_is_not_as_the_study_left_it_is_refused(tmp_path: Path) -> None:
    study = keep(tmp_path) / "robust"
    before = (study / REPORT).read_text("utf-8")
    (study / REPORT).write_text(before.replace("40", "41"), "utf-8")
    with pytest.raises(StoreError, match="run the same command again"):
        read(tmp_path / "studies")


def test_a_study_whose_record_was_changed_with_its_report_is_left_out_and_named(
    tmp_path: Path,
) -> None:
    """A digest put right by hand does not help: the record has one of its own."""
    study = keep(tmp_path) / "robust"
    (study / REPORT).write_text("{}", "utf-8")
    manifest = json.loads((study / "manifest.json").read_text("utf-8"))
    manifest["files"][REPORT] = file_digest(study / REPORT)
    (study / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    told, left = read(tmp_path / "studies")
    assert told == ()
    assert left == ("robust (its record is damaged, or of another edition)",)


def test_a_figure_that_a_report_does_not_tell_is_refused(tmp_path: Path) -> None:
    (told,), _ = read(keep(tmp_path))
    ledger = Ledger([], "no_agreement", {told.name: spoken(told.report, told.file)})
    ledger.record("here", Said(Quote("40", InStudy("robust", "report"))))
    for name, figure in (("robust", "4,321,234"), ("solve", "40")):
        with pytest.raises(LedgerError, match="is not told by the report"):
            ledger.record("here", Said(Quote(figure, InStudy(name, "report"))))
