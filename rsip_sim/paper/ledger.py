"""The ledger of a paper: every figure in it, and the cell of the table in which it stands.

A text enters a paper only through the ledger, which refuses it where a digit or a number word
stands outside a quote, where a quoted cell does not exist, or where what is written is not the
rounding of the number in the cell. What a report told stands as it told it: its figures lead to
that report, which must hold them.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd
from openpyxl.utils import get_column_letter

from rsip_sim.report.quoted import Cell, Derived, Given, InStudy, Quote, Said
from rsip_sim.report.words import COUNTS

WORKED_OUT = "worked_out"
"""The table of the numbers that stand in no other: what each is, and its value."""

STATISTICS = {
    "baseline": "mean of the baseline",
    "difference": "mean paired difference from the baseline",
    "ci_low": "lower end of the 95% interval",
    "ci_high": "upper end of the 95% interval",
    "p05": "5th percentile across futures",
    "p50": "median across futures",
    "p95": "95th percentile across futures",
    "baseline_p05": "5th percentile of the baseline across futures",
    "baseline_p95": "95th percentile of the baseline across futures",
    **{
        f"share_{which}": f"share of futures in which it is {which}"
        for which in ("better", "worse", "equal", "higher", "lower")
    },
}
NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|dozen|hundreds?|"
    "thousands?|millions?"
)
LOOSE = re.compile(rf"\d|\b(?:{NUMBER_WORDS})\b", re.IGNORECASE)
"""What no text of a paper may hold outside a quote: a digit or a number word."""

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_BELOW = ("under ", "fewer than ", "less than ")
_ABOVE = ("over ", "more than ")
_EVERY = (
    "all", "every future", "every future gives exactly", "the one future simulated gives exactly",
)  # fmt: skip
_SCALES = {"bn": 1e9, "m": 1e6}


class LedgerError(ValueError):
    """A number that would enter a paper without a source, or with a wrong one."""


@dataclass(frozen=True)
class LedgerTable:
    """A table from which a paper quotes, and which is kept beside it.

    name    as in Cell.table, and its sheet or file
    title   what it holds, in words
    frame   the numbers; the first row of numbers is row 2 where it is kept, below the header
    keys    columns whose values together name a row
    units   unit by column, where it does not stand in a column called unit
    file    where it is kept: the workbook, or a CSV
    """

    name: str
    title: str
    frame: pd.DataFrame
    keys: tuple[str, ...]
    units: Mapping[str, str] = field(default_factory=dict)
    file: str = "tables.xlsx"

    @functools.cached_property
    def rows(self) -> dict[tuple[str, ...], int]:
        """Position of each row by its key; LedgerError if two rows share one."""
        columns = [self.frame[key].astype(str).tolist() for key in self.keys]
        found = {key: place for place, key in enumerate(zip(*columns, strict=True))}
        if len(found) != len(self.frame):
            raise LedgerError(f"the keys {', '.join(self.keys)} do not name a row of {self.name}")
        return found

    def value(self, key: tuple[str, ...], column: str) -> float:
        """The number in a cell; KeyError where there is no such row or column."""
        return float(self.frame[column].to_numpy()[self.rows[key]])

    def quote(self, text: str, key: tuple[str, ...], column: str) -> Quote:
        """A text quoted as the number in a cell."""
        return Quote(text, Cell(self.name, key, column))


class Spoken(NamedTuple):
    """What a report says: all its words, and the file in which it is kept."""

    words: str
    file: str


@dataclass(frozen=True)
class Entry:
    """One figure of the paper.

    id       short name; display: as it is written
    kind     "result"; "study" for what a kept study tells; or "given" for dates, titles,
             conventions and the planner's own words
    what     statistic, or what is given
    value    the number at full length in the unit of the table; None for what is given or told
    unit, metric, scenario, date   as the table says, '' where it does not
    table, cell   where it stands; file: in which file
    """

    id: str
    kind: str
    display: str
    what: str
    value: float | None = None
    unit: str = ""
    metric: str = ""
    scenario: str = ""
    date: str = ""
    table: str = ""
    cell: str = ""
    file: str = ""


class Ledger:
    """Collects the figures of one paper, checking each."""

    def __init__(
        self,
        tables: Iterable[LedgerTable],
        baseline: str,
        spoken: Mapping[str, Spoken] | None = None,
    ) -> None:
        """Figures may be quoted from these tables and reports and from no other.

        baseline  name of the scenario whose levels stand in the columns called baseline
        spoken    what each report told, by the name under which its figures are traced
        """
        self.baseline, self.spoken = baseline, spoken or {}
        self.tables = {table.name: table for table in tables}
        self.entries: dict[Quote, Entry] = {}
        self._derived: dict[Derived, int] = {}

    def record(self, place: str, said: str) -> list[Entry]:
        """The entries of a text, made where they are new; LedgerError as the module says."""
        entries = []
        for part in said.parts if isinstance(said, Said) else (said,):
            try:
                if isinstance(part, Quote):
                    entries.append(self.entry(part))
                elif found := LOOSE.search(part):
                    raise LedgerError(f"'{found.group()}' has no source in: {said}")
            except LedgerError as error:
                raise LedgerError(f"{place}: {error}") from None
        return entries

    def entry(self, quote: Quote) -> Entry:
        """The entry of a quote, made where it is new."""
        if quote not in self.entries:
            self.entries[quote] = self._made(quote, f"e{len(self.entries) + 1}")
        return self.entries[quote]

    def where(self, quote: Quote) -> tuple[float, str] | None:
        """The number of a quote and its cell; None for what is given."""
        entry = self.entry(quote)
        return None if entry.value is None else (entry.value, f"{entry.table}!{entry.cell}")

    def worked_out(self) -> LedgerTable:
        """The numbers that stand in no other table."""
        frame = pd.DataFrame(
            [(each.what, each.value) for each in self._derived], columns=["what", "value"]
        )
        return LedgerTable(WORKED_OUT, "Figures worked out from others", frame, ("what",))

    def _made(self, quote: Quote, name: str) -> Entry:
        match quote.source:
            case Given(what):
                return Entry(name, "given", quote.text, what)
            case InStudy(study, where):
                told = self.spoken.get(study)
                if told is None or quote.text not in told.words:
                    raise LedgerError(f"'{quote.text}' is not told by the report of {study}")
                return Entry(
                    name, "study", quote.text, f"as the report of {study} tells it",
                    table=where, file=told.file,
                )  # fmt: skip
            case Derived(what, value) as derived:
                _check(quote.text, value)
                row = self._derived.setdefault(derived, len(self._derived))
                return Entry(
                    name, "result", quote.text, what, value,
                    table=WORKED_OUT, cell=address(row, 1), file="tables.xlsx",
                )  # fmt: skip
            case Cell() as cell:
                return self._from_cell(quote.text, cell, name)

    def _from_cell(self, text: str, cell: Cell, name: str) -> Entry:
        table = self.tables.get(cell.table)
        if table is None or cell.column not in table.frame.columns:
            raise LedgerError(f"'{text}' is quoted from {cell.table}, {cell.column}, which is none")
        place = table.rows.get(cell.key)
        if place is None:
            raise LedgerError(f"'{text}' is quoted from no row of {cell.table}: {cell.key}")
        row, value = table.frame.iloc[place], table.value(cell.key, cell.column)
        _check(text, value / cell.unit, cell.nearest)
        baseline = cell.column.startswith("baseline")
        return Entry(
            name, "result", text, STATISTICS.get(cell.column, cell.column.replace("_", " ")), value,
            unit=table.units.get(cell.column) or _text(row, "unit"),
            metric=_text(row, "metric", "measure", "item", "risk"),
            scenario=self.baseline if baseline else _text(row, "scenario"),
            date=_text(row, "date_label", "date", "month", "financial_year"),
            table=cell.table,
            cell=address(place, table.frame.columns.get_loc(cell.column)),
            file=table.file,
        )  # fmt: skip


def address(row: int, column: Any) -> str:
    """Address of a cell in a sheet whose first row is the header: (0, 0) is ``A2``."""
    return f"{get_column_letter(int(column) + 1)}{row + 2}"


def _text(row: pd.Series[Any], *columns: str) -> str:
    return next((str(row[column]) for column in columns if column in row.index), "")


def _check(text: str, value: float, nearest: float = 0.0) -> None:
    if not agrees(text, value, nearest):
        raise LedgerError(f"'{text}' is not the rounding of {value!r}")


def agrees(text: str, value: float, nearest: float = 0.0) -> bool:
    """Whether a text is the rounding of a number, in the number's own unit or in per cent of 1.

    nearest  what it may be rounded to beyond its decimals: 1000 for £12,000
    A sign may be told by a word after the number, so signs are not compared. "Under 5%" and
    "over 95%" are compared as bounds, "83 of 100 futures" as a share or a count.
    """
    if math.isnan(value):
        return text == "not defined"
    lower = text.lower()
    if lower in COUNTS[1:]:
        return value == COUNTS.index(lower)
    numbers = _NUMBER.findall(text)
    if not numbers:
        words = {"none": value == 0, "no different": True, **dict.fromkeys(_EVERY, value == 1)}
        return words.get(lower, False)
    if of := re.search(r"(\d+) of (\d+)", text):
        part, whole = float(of[1]), float(of[2])
        if lower.startswith(_BELOW):
            return 0 <= value * whole < part
        if lower.startswith(_ABOVE):
            return part < value * whole <= whole
        return abs(part - value * whole) <= 0.5 + 1e-9 * whole or part == 1 > value * whole
    sizes = [abs(value)]  # in the unit of the text
    if scale := re.search(r"\d(bn|m)\b", text):
        sizes = [abs(value) / _SCALES[scale[1]]]
    elif "%" in text or "points" in text:
        sizes.append(100 * abs(value))
    told = [_rounds(lower, numbers[0], size, nearest) for size in sizes]
    return all(told) if lower.startswith(_BELOW) else any(told)


def _rounds(text: str, number: str, size: float, nearest: float) -> bool:
    written = float(number.replace(",", ""))
    if text.startswith(_BELOW):
        return size <= written * (1 + 1e-12)
    if text.startswith(_ABOVE):
        return size >= written * (1 - 1e-12)
    last_digit = 10.0 ** -len(number.partition(".")[2])
    return abs(written - size) <= 0.5 * max(last_digit, nearest) + 1e-9 * max(size, 1.0)
