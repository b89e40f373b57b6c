"""The whole pack from one comparison: what is in it, and keeping it in a folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import provenance, table_name
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.record import evidence_digest
from rsip_sim.experiment.results import Results
from rsip_sim.experiment.store import MANIFEST, read_record
from rsip_sim.paper.assemble import assemble, curled
from rsip_sim.paper.case import Case
from rsip_sim.paper.charts.forecast_and_fate import forecast_and_fate
from rsip_sim.paper.charts.risk_grid import risk_grid
from rsip_sim.paper.ledger import Ledger, LedgerTable
from rsip_sim.paper.sections.assumptions import assumption_table
from rsip_sim.paper.sections.background import ways
from rsip_sim.paper.sections.backtest import CHART, backtest_tables, of_place
from rsip_sim.paper.sections.seed_risks import chances_of
from rsip_sim.paper.sections.summary import five_sentences
from rsip_sim.paper.sections.sureness import no_evidence_table, read_no_evidence
from rsip_sim.paper.sections.watch import tiles_of
from rsip_sim.paper.studies import read_studies
from rsip_sim.paper.template import Template
from rsip_sim.paper.word import word
from rsip_sim.paper.workbook import workbook
from rsip_sim.report.blocks import Picture, Report
from rsip_sim.report.findings import TABLE
from rsip_sim.report.html import html
from rsip_sim.studies.compare.charts import comparison_charts
from rsip_sim.studies.compare.work import ComparisonTables
from rsip_sim.studies.kernel.keeping import STUDIES, check_place, keep_files, refuse_edited
from rsip_sim.studies.risks.communities_chart import community_tiles

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
    Raises StoreError where the folder holds anything else or a file changed by hand, and where
    the comparison rests on other evidence than the package holds now.
    """
    folder = out or results.folder / FOLDER
    studies = read_studies(results.folder / STUDIES, results.digest, results.replications)
    facts = {
        "study": "paper",
        "comparison": results.digest,
        "replications": results.replications,
        "template": f"{template.name} {template.digest}",
        "with_schools": with_schools,
    }  # the studies taken in stand in findings.json: a paper may be written again with more
    check_place(folder, facts)
    refuse_edited(folder)
    record = read_record(results.folder / MANIFEST)
    if record["inputs"]["evidence"] != evidence_digest():
        raise StoreError(
            f"{results.folder} was simulated before the parameter register or other evidence "
            "changed, so that a paper could not say what it assumes; compare the scenarios again "
            "in a new folder first"
        )
    leaning = read_no_evidence(results.folder)
    case = Case(tables, results, studies, record, with_schools, leaning)
    keep_files(folder, pack_files(case, template), facts)
    return folder


def pack_files(case: Case, template: Template) -> dict[str, bytes]:
    """Every file of the pack by its path in the folder; the same case gives the same bytes."""
    charts = paper_charts(case)
    document = assemble(case, template, charts)
    sheets = ledger_tables(case)
    ledger = Ledger(
        [*sheets, *map(_chart_table, charts.values())], case.baseline.name, case.studies.told
    )
    passages = [
        {
            "place": place,
            "text": words,
            "entries": [each.id for each in ledger.record(place, words)],
        }
        for place, words in document.passages()
    ]
    stored = _stored_charts(case, document)
    made_from = provenance(case.results, case.scenarios)
    drawn = {name: chart.files(made_from) for name, chart in charts.items()}
    pictures = {("", name): files[f"{name}.png"] for name, files in drawn.items()}
    drawings = {("", name): files[f"{name}.svg"] for name, files in drawn.items()}
    for key, paths in stored.items():
        pictures[key], drawings[key] = paths[0].read_bytes(), paths[1].read_bytes()
    files = {
        "summary.txt": _summary(case, document),
        "paper.docx": word(document, pictures, template.style),
        "paper.html": html(document, drawings, ledger.where).encode(),
        "tables.xlsx": workbook(
            [*sheets, ledger.worked_out()],
            ledger.entries.values(),
            str(document.title),
            str(document.subtitle),
        ),
        "findings.json": _findings(case, ledger, passages),
    }
    for of_chart in drawn.values():
        files |= {f"charts/{name}": content for name, content in of_chart.items()}
    for (study, name), paths in stored.items():
        for path in paths:
            files[f"charts/{study}.{name}{path.suffix}"] = path.read_bytes()
    return files


def paper_charts(case: Case) -> dict[str, Chart]:
    """The charts of the paper by name."""
    charts = comparison_charts(case.results, case.tables, case.baseline, case.others)
    chances = chances_of(case.risks, case.scenarios)
    grid = risk_grid(case.results, case.risks.frame, chances, case.scenarios)
    charts[grid.name] = grid
    if of_place(case):
        charts[CHART] = forecast_and_fate(backtest_tables()[1])
    if case.with_schools and len(case.communities.frame):
        for scenario in case.watched:
            found = case.registers[scenario.name].communities
            tiles = community_tiles(found, scenario, case.results.replications, tiles_of(scenario))
            charts[tiles.name] = tiles
    return charts


def ledger_tables(case: Case) -> list[LedgerTable]:
    """The tables of the workbook, in its order; those that name schools only where asked for."""
    tables = [
        _differences(case),
        case.money.table,
        case.risks,
        assumption_table(case.studies),
        _scenarios(case),
        *backtest_tables(),
    ]
    if (leaning := no_evidence_table(case)) is not None:
        tables.append(leaning)
    if case.with_schools:
        tables += [case.schools, case.communities]
    return [table for table in tables if len(table.frame)]


def _differences(case: Case) -> LedgerTable:
    return LedgerTable(
        TABLE,
        "Every measure of every policy against the baseline, future by future; the same rows as "
        "tables/differences.csv beside the comparison",
        case.tables.differences,
        ("scenario", "metric", "date"),
    )


def _scenarios(case: Case) -> LedgerTable:
    records = [
        (
            scenario.name,
            scenario.title,
            " ".join(scenario.description.split()),
            "the baseline" if scenario is case.baseline else str(ways(case, scenario)),
        )
        for scenario in case.scenarios
    ]
    columns = ["scenario", "title", "description", "differs"]
    return LedgerTable(
        "scenarios", "The policies compared", pd.DataFrame(records, columns=columns), ("scenario",)
    )


def _chart_table(chart: Chart) -> LedgerTable:
    return LedgerTable(
        table_name(chart.name),
        f"Numbers drawn in the chart {chart.name}",
        chart.data,
        chart.keys,
        file=f"charts/{chart.name}.csv",
    )


def _stored_charts(case: Case, document: Report) -> dict[tuple[str, str], tuple[Path, ...]]:
    """Picture and drawing of each chart of a stored study that the paper shows."""
    found: dict[tuple[str, str], tuple[Path, ...]] = {}
    for block in document.blocks:
        if isinstance(block, Picture) and block.study:
            study = case.studies.named(block.study)
            chart = next(each for each in study.charts if each.name == block.chart)
            found[block.study, block.chart] = (chart.png, chart.svg)
    return found


def _summary(case: Case, document: Report) -> bytes:
    sentences = (curled(sentence) for sentence in five_sentences(case))
    lines = [document.title, document.subtitle, "", *sentences]
    return ("\n".join(lines) + "\n").encode()


def _findings(case: Case, ledger: Ledger, passages: Sequence[Mapping[str, Any]]) -> bytes:
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
        "studies": {study.name: study.digest for study in case.studies.found},
    }
    content = {
        "runs": {case.results.digest: run},
        "entries": [
            {key: value for key, value in asdict(entry).items() if value not in ("", None)}
            | ({"run": case.results.digest} if entry.kind == "result" else {})
            for entry in ledger.entries.values()
        ],
        "passages": passages,
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()
