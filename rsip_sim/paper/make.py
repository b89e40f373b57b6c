"""The whole pack from one comparison: what is in it, and keeping it in a folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from rsip_sim.charts.frame import provenance
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.record import evidence_digest
from rsip_sim.experiment.results import Results
from rsip_sim.experiment.store import MANIFEST, read_sealed
from rsip_sim.paper.assemble import Template, annex, made_for_paper, paper
from rsip_sim.paper.case import CHARTS, COMPARISON, Case, read_studies, spoken
from rsip_sim.paper.ledger import Entry, Ledger, Spoken
from rsip_sim.paper.sections import summary
from rsip_sim.paper.word import word
from rsip_sim.paper.workbook import chart_tables, ledger_tables, workbook
from rsip_sim.report.blocks import Paragraph
from rsip_sim.report.html import html
from rsip_sim.report.stored import stored
from rsip_sim.studies.assumptions.work import log_of_comparison, log_of_package
from rsip_sim.studies.compare.charts import comparison_charts
from rsip_sim.studies.compare.work import ComparisonTables
from rsip_sim.studies.kernel.ground import STUDIES
from rsip_sim.studies.kernel.keeping import (
    REPORT,
    SUMMARY,
    check_place,
    keep_files,
    kept_report,
    refuse_edited,
)

FOLDER = "paper"
"""Folder inside that of the comparison in which the pack is kept."""


def make_pack(
    results: Results,
    tables: ComparisonTables,
    template: Template,
    with_schools: bool = False,
    out: Path | None = None,
) -> Path:
    """Write the pack of a comparison; returns its folder.

    out  folder; None: ``paper`` inside that of the comparison
    Raises StoreError where the folder holds anything else or a file changed by hand, where the
    comparison rests on other evidence than the package holds now, and where it kept no report.
    """
    folder = out or results.folder / FOLDER
    facts = {
        "study": "paper",
        "comparison": results.digest,
        "replications": results.replications,
        "template": f"{template.name} {template.digest}",
        "with_schools": with_schools,
    }  # the studies taken in stand in findings.json: a paper may be written again with more
    check_place(folder, facts)
    refuse_edited(folder)
    record = read_sealed(results.folder / MANIFEST)
    if record["inputs"]["evidence"] != evidence_digest():
        raise StoreError(
            f"{results.folder} was simulated before the parameter register or other evidence "
            "changed, so that a paper could not say what it assumes; compare the scenarios again "
            "in a new folder first"
        )
    studies = results.folder / STUDIES
    told, left_out = read_studies(studies, results.digest, results.replications, with_schools)
    weighed = any(each.kind == "sensitivity" for each in told)
    case = Case(
        tables=tables,
        results=results,
        report=kept_report(results.folder),
        record=record,
        told=told,
        left_out=left_out,
        log=log_of_comparison(results) if weighed else log_of_package(),
        with_schools=with_schools,
    )
    keep_files(folder, pack_files(case, template), facts)
    return folder


def pack_files(case: Case, template: Template) -> dict[str, bytes]:
    """Every file of the pack by its path in the folder; the same case gives the same bytes."""
    made = tuple(made_for_paper(case))
    case = replace(
        case,
        charts=comparison_charts(case.results, case.tables),
        told=(*case.told, *made),
        scale=template.file.risks,
    )
    documents = {"paper": paper(case, template), "annex": annex(case)}
    ledger = ledger_of(case)
    passages = [
        {
            "place": f"{name} / {place}",
            "text": words,
            "entries": [each.id for each in ledger.record(f"{name} / {place}", words)],
        }
        for name, document in documents.items()
        for place, words in document.passages()
    ]
    files = {f"reports/{each.name}.json": stored(each.report).encode() for each in made}
    pictures: dict[tuple[str, str], bytes] = {}
    drawings: dict[tuple[str, str], bytes] = {}
    made_from = provenance(case.results.digest, case.results.replications, case.scenarios)
    for name, chart in case.charts.items():
        drawn = chart.files(made_from)
        files |= {f"charts/{file}": content for file, content in drawn.items()}
        pictures["", name], drawings["", name] = drawn[f"{name}.png"], drawn[f"{name}.svg"]
    for told in case.told:
        for each in told.charts:
            key, name = (told.name, each.name), f"charts/{told.name}.{each.name}"
            pictures[key], drawings[key] = each.png, each.svg
            files |= {f"{name}.png": each.png, f"{name}.svg": each.svg}
    for name, document in documents.items():
        files[f"{name}.docx"] = word(document, pictures, template.style)
        files[f"{name}.html"] = html(document, drawings, ledger.where).encode()
    entries = [*ledger.entries.values()]
    sheets = [*ledger_tables(case), ledger.worked_out()]
    files["tables.xlsx"] = workbook(case.report, sheets, entries)
    files["findings.json"] = _findings(case, entries, passages)
    said = [each.words for each in summary(case)
            if isinstance(each, Paragraph) and each.kind != "note"]  # fmt: skip
    head = documents["paper"]  # to be pasted into a letter
    files[SUMMARY] = ("\n".join([head.title, head.subtitle, "", *said]) + "\n").encode()
    return files


def ledger_of(case: Case) -> Ledger:
    """The ledger of both papers: its tables, and every word of what they take in."""
    tables = [*ledger_tables(case), *chart_tables(case.charts)]
    words = {each.name: spoken(each.report, each.file) for each in case.told}
    words[COMPARISON] = spoken(case.report, REPORT)
    for name, chart in case.charts.items():
        words[f"{CHARTS}{name}"] = Spoken(chart.alt, f"{CHARTS}{name}.alt.txt")
    return Ledger(tables, case.baseline.name, words)


def _findings(case: Case, entries: Sequence[Entry], passages: Sequence[Mapping[str, Any]]) -> bytes:
    """The ledger as JSON: the run, every figure, and every text with the figures in it."""
    run = {
        "digest": case.results.digest,
        "seed": case.results.seed,
        "replications": case.results.replications,
        "scenarios": {scenario.name: scenario.title for scenario in case.scenarios},
        "inputs": case.record["inputs"],
        "made_with": case.record["made_with"],
        "data": {
            name: digest
            for name, digest in case.record["files"].items()
            if name.startswith("data/")
        },
        "studies": {each.name: each.digest for each in case.told if each.digest},
    }
    content = {
        "runs": {case.results.digest: run},
        "entries": [
            {key: value for key, value in asdict(entry).items() if value not in ("", None)}
            | ({"run": case.results.digest} if entry.kind == "result" else {})
            for entry in entries
        ],
        "passages": passages,
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()
