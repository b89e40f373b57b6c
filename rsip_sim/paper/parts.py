"""The parts of a paper by name, as a template asks for them, and the tables they quote from."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from rsip_sim.paper.case import Case
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.paper.sections.assumptions import assumption_table, assumptions
from rsip_sim.paper.sections.background import background, ways
from rsip_sim.paper.sections.backtest import backtest_tables
from rsip_sim.paper.sections.children import children
from rsip_sim.paper.sections.further import further, key_charts
from rsip_sim.paper.sections.method import limits, method, run_record
from rsip_sim.paper.sections.money import money
from rsip_sim.paper.sections.no_evidence import no_evidence_table
from rsip_sim.paper.sections.options import measures, options
from rsip_sim.paper.sections.recommendations import recommendations
from rsip_sim.paper.sections.risks import risks
from rsip_sim.paper.sections.summary import summary
from rsip_sim.paper.sections.sureness import sureness
from rsip_sim.paper.sections.watch import schools_to_watch
from rsip_sim.report.blocks import Block
from rsip_sim.report.findings import TABLE

PARTS: dict[str, Callable[[Case], list[Block]]] = {
    "summary": summary,
    "recommendations": recommendations,
    "background": background,
    "key_charts": key_charts,
    "options": options,
    "money": money,
    "children": children,
    "risks": risks,
    "schools": schools_to_watch,
    "sureness": sureness,
    "further": further,
    "measures": measures,
    "assumptions": assumptions,
    "method": method,
    "limits": limits,
    "run_record": run_record,
}
"""What a template may ask for."""


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
        ("scenario", "renewal", "metric", "date"),
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
