"""Where conclusions turn over the range of a value without evidence, as stored with a comparison.

`rsip compare` may keep a table of it (``tables/unevidenced.csv``): for each parameter without
evidence, scenario, renewal and headline measure the difference to be expected at the low end, the
central value and the high end of its range, and where the conclusion turns. Where the table is
not there, a paper does without.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from rsip_sim.measures.metrics import HEADLINES
from rsip_sim.measures.runs import AS_WRITTEN, RENEWAL_WORDS
from rsip_sim.paper.case import Case
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.report.blocks import Table, columns
from rsip_sim.report.quoted import Cell, Derived, Quote, Said, given, say

NAME = "unevidenced"
KEYS = ("parameter", "scenario", "renewal", "metric")
PLACES = ("at_low", "at_central", "at_high")
MOST_MEASURES = 3
_VALUES = ("low_value", "central_value", "high_value")
_NEEDED = frozenset((*KEYS, "date", "leans", "explained", "turns_at", *PLACES, *_VALUES))


def read_no_evidence(folder: Path) -> pd.DataFrame | None:
    """The table kept with the comparison in this folder; None where there is none."""
    path = folder / "tables" / f"{NAME}.csv"
    if not path.is_file():
        return None
    frame = pd.read_csv(path, dtype={"turns_at": str}, keep_default_na=True)
    return frame if set(frame.columns) >= _NEEDED and len(frame) else None


def no_evidence_table(case: Case) -> LedgerTable | None:
    """The same as a table to quote from."""
    if case.leaning is None:
        return None
    title = "Headline differences over the range of each value without evidence"
    return LedgerTable(NAME, title, case.leaning, KEYS)


def turning(case: Case, parameter: str) -> Table | None:
    """How a parameter turns the conclusions that lean on it most; None where none is known to."""
    table = no_evidence_table(case)
    if table is None:
        return None
    frame = table.frame
    ours = frame[
        (frame["parameter"] == parameter) & (frame["renewal"] == RENEWAL_WORDS[AS_WRITTEN])
        & frame["leans"].astype(bool) & (frame["date"] == case.tables.main_moment)
    ]  # fmt: skip
    parts = ours.groupby("metric")["explained"].max().nlargest(MOST_MEASURES)
    chosen = [name for name in HEADLINES if name in parts.index]
    rows = [
        _row(case, table, dict(record))
        for name in chosen
        for _, record in ours[ours["metric"] == name].iterrows()
        if case.row_named(str(record["scenario"]), name) is not None
    ]
    if not rows:
        return None
    ends = [_at(table, dict(ours.iloc[0]), column) for column in _VALUES]
    return Table(
        name=f"turning_{parameter}",
        caption=say("Average difference from {base} to be expected at the low end, the central "
                    "value and the high end of that range, renewal as written", base=case.base),
        description=say("One row an option and measure; the last column says whether the "
                        "conclusion turns within the range."),
        columns=columns(
            ("Option: measure", *(say("At {value}", value=end) for end in ends), "Conclusion"),
            (6.2, 2.3, 2.3, 2.3, 3.6),
            words=(4,),
        ),
        rows=tuple(rows),
    )  # fmt: skip


def _row(case: Case, table: LedgerTable, record: dict[str, object]) -> tuple[Said, ...]:
    compared = case.row_named(str(record["scenario"]), str(record["metric"]))
    assert compared is not None
    write = compared.metric.format
    key = tuple(str(record[name]) for name in KEYS)
    cells = (
        Said(Quote(write.difference(table.value(key, column)),
                   Cell(NAME, key, column, nearest=write.nearest)))
        for column in PLACES
    )  # fmt: skip
    label = say("{title}: {measure}", measure=compared.metric.label,
                title=given(compared.scenario.title, "title of a scenario"))  # fmt: skip
    return (label, *cells, _conclusion(str(record["turns_at"]), key))


def _conclusion(turns: str, key: tuple[str, ...]) -> Said:
    """``turns at 0.71``, ``turns first at 0.4``, ``does not turn``."""
    first, more, _ = turns.partition(";")
    if not first or first == "nan":
        return Said("does not turn")
    value = float(first)
    what = f"value of {key[0]} at which the conclusion turns: {key[1]}, {key[3]}"
    return say(
        "turns {first}at {value}",
        first="first " if more else "", value=Quote(f"{value:.2g}", Derived(what, value)),
    )  # fmt: skip


def _at(table: LedgerTable, record: dict[str, object], column: str) -> Quote:
    key = tuple(str(record[name]) for name in KEYS)
    return Quote(f"{table.value(key, column):g}", Cell(NAME, key, column))
