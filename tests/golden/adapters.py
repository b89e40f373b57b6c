"""What the record takes of the package: when an interface moves, this file moves with it.

The cases make results; here stands how tables, words and charts are got from them.
"""

from __future__ import annotations

import contextlib
import json
import platform
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from unittest.mock import patch

import pandas as pd

from rsip_sim.charts.frame import Chart
from rsip_sim.experiment import record as run_record
from rsip_sim.paper import make
from rsip_sim.paper.assemble import load_template
from rsip_sim.paper.case import Case
from rsip_sim.paper.make import pack_files
from rsip_sim.report.text import rendered
from rsip_sim.studies.check.work import DeepCheck, deep_report
from rsip_sim.studies.kernel import study as kernel
from rsip_sim.studies.kernel.ground import Ground, Means

_DRAWING = "<svg></svg>"


def answered(
    study: kernel.Study[Any, Any, Any], asked: Mapping[str, Any], ground: Ground
) -> dict[str, str]:
    """Everything that is recorded of a study that is asked something, nothing being kept."""
    ready = study.check(study.question.of(asked), ground)
    return told_by(study, study.work(ready, Means(workers=1)))


def told_by(study: kernel.Study[Any, Any, Any], result: object) -> dict[str, str]:
    """Everything that is recorded of what a study came to."""
    return recorded(study.tables(result), rendered(study.report(result)), study.charts(result))


def recorded(of: Mapping[str, pd.DataFrame], text: str, charts: Iterable[Chart]) -> dict[str, str]:
    """Tables, words and charts; a chart that plots a table is known by its name."""
    tables = tables_of(of)
    place_of = {text: name for name, text in tables.items()}
    drawn = {
        name: f"the same as {place_of[text]}\n" if text in place_of else text
        for name, text in charts_of({chart.name: chart for chart in charts}).items()
    }
    return {**tables, "summary.txt": ended(text), **drawn}


def tables_of(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Tables as CSV, every float in full."""
    return {f"tables/{name}.csv": csv_of(table) for name, table in tables.items()}


def charts_of(charts: Mapping[str, Chart]) -> dict[str, str]:
    """What each chart plots, and its title and alternative; how it looks is tested elsewhere."""
    files = {}
    for name, chart in charts.items():
        files[f"charts/{name}.csv"] = csv_of(chart.data)
        files[f"charts/{name}.txt"] = ended(f"{chart.title}\n\n{chart.alt}")
    return files


def deep_check_of(done: DeepCheck) -> dict[str, str]:
    """The findings of a deep check, and how they are printed."""
    rows = [
        {"check": each.check, "verdict": each.verdict, "sentence": str(each.sentence)}
        for each in done.findings
    ]
    return {
        "findings.csv": csv_of(pd.DataFrame(rows)),
        "summary.txt": ended(rendered(deep_report(done))),
    }


def paper_of(case: Case, template: str) -> dict[str, str]:
    """HTML and ledger of the Cabinet pack, without pictures: those are recorded as charts."""

    def drawn(chart: Chart, *_: Any) -> dict[str, bytes]:
        return {f"{chart.name}{end}": _DRAWING.encode() for end in (".png", ".svg", ".csv")}

    with (
        patch.object(Chart, "files", drawn),
        patch.object(make, "word", lambda *_: b""),
        patch.object(make, "workbook", lambda *_: b""),
    ):
        files = pack_files(case, load_template(template))
    return {
        **{name: without_style(files[name].decode()) for name in ("paper.html", "annex.html")},
        "ledger.json": _line_by_line(json.loads(files["findings.json"])),
        "summary.txt": ended(files["summary.txt"].decode()),
    }


def without_style(html: str) -> str:
    """The page without its style sheet, which is a file of its own."""
    style = slice(html.index("<style>"), html.index("</style>"))
    return html.replace(html[style], "<style>")


def _line_by_line(ledger: Mapping[str, Any]) -> str:
    """The ledger as JSON, every figure and every passage on a line of its own."""
    parts = []
    for name, content in ledger.items():
        if isinstance(content, list):
            lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in content)
            parts.append(f'"{name}": [\n{lines}\n]')
        else:
            parts.append(f'"{name}": {json.dumps(content, ensure_ascii=False)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


@contextlib.contextmanager
def one_machine() -> Iterator[None]:
    """While this lasts, stored runs are made by a version and a machine that never change."""
    with (
        patch.object(run_record, "source_digest", lambda: "1" * 64),
        patch.object(run_record, "evidence_digest", lambda: "2" * 64),
        patch.object(run_record, "libraries", lambda: {"numpy": "2.4.6"}),
        patch.object(run_record, "git_state", lambda _: {"commit": "3" * 40, "changed": False}),
        patch.object(platform, "python_version", lambda: "3.11.7"),
    ):
        yield


def csv_of(table: pd.DataFrame) -> str:
    """One table; indices are never part of it."""
    return table.to_csv(index=False, lineterminator="\n")


def ended(text: str) -> str:
    """The text with one end of line at its end."""
    return text.rstrip("\n") + "\n"
