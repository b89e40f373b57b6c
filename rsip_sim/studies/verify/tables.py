"""Whether the tables and the summary kept with a run follow from its data."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from rsip_sim.experiment.results import Results
from rsip_sim.measures.csv_files import ENCODING
from rsip_sim.report.text import rendered
from rsip_sim.report.words import counted
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.alternatives import alternatives, unevidenced
from rsip_sim.studies.compare.price import price, price_table
from rsip_sim.studies.compare.report import comparison_report, comparison_tables, headlines_report
from rsip_sim.studies.compare.work import compare_results, headline_table
from rsip_sim.studies.kernel.keeping import SUMMARY, told_files
from rsip_sim.studies.verify.checks import Check

TABLES = "tables/"
DIFFERENCES = f"{TABLES}differences.csv"
ALTERNATIVES = f"{TABLES}alternatives.csv"
ROUNDING = 1e-9
"""Relative differences up to this are rounding: other libraries add up in another order."""

_WORDS = ("label", "unit", "date_label", "verdict")  # columns of words
_KEYS = (
    "rule", "alternative", "scenario", "metric", "date", "line", "financial_year"
)  # fmt: skip  # columns that name a row


@dataclass(frozen=True)
class Compared:
    """Two texts of the same file.

    fault     the first difference of numbers, in words; '' for none or only rounding
    wording   the first difference of words alone, which another version may well write
    rounding  largest relative difference that counts as rounding
    """

    fault: str = ""
    wording: str = ""
    rounding: float = 0.0


def check_tables(
    folder: Path,
    files: Mapping[str, object],
    results: Results,
    scenarios: Sequence[Scenario],
    same_version: bool,
    same_model: bool,
) -> tuple[Check, bool]:
    """Work out summary and table again from the stored data, and compare them with those kept.

    files         names in the manifest of the run
    same_version  of rsip_sim: another may put the same findings into other words
    same_model    whether all that decides the numbers is as it was: what would be had a rule been
                  otherwise is simulated again, and only the same model gives the same
    Returns the check, and whether numbers are known not to be the same to the last digit. Where
    only that differs, another processor or library may have added up in another order; but a
    small change of the data looks alike.
    """
    kept = {name for name in files if name.startswith(TABLES) or name == SUMMARY}
    if not kept:
        return Check("tables", "note", "None were kept with this run."), False
    try:
        again = _worked_out(results, scenarios, DIFFERENCES in files)
    except (OSError, ValueError, KeyError) as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        sentence = "They cannot be worked out again from the stored data."
        return Check("tables", "unknown", sentence, (reason,)), False
    compared = {
        name: _compare(folder / name, again[name])
        if name in kept and name in again
        else Compared(wording=f"is a table {'then' if name in kept else 'now'} alone")
        for name in sorted({*kept, *again})
    }
    simulated = {}
    if not same_model and compared.get(ALTERNATIVES, Compared()).fault:
        # the summary tells of them too
        simulated = {name: compared.pop(name) for name in (ALTERNATIVES, SUMMARY) if name in kept}
    return _verdict(compared, simulated, same_version)


def _verdict(
    compared: Mapping[str, Compared], simulated: Mapping[str, Compared], same_version: bool
) -> tuple[Check, bool]:
    """simulated: what is not stored but simulated again, by another model."""
    faults = [f"{name}: {each.fault}" for name, each in compared.items() if each.fault]
    worded = [f"{name}: {each.wording}" for name, each in compared.items() if each.wording]
    otherwise = [f"{name}: {each.fault or each.wording}" for name, each in simulated.items()]
    details = (*faults, *worded, *otherwise)
    if faults or (worded and same_version):
        sentence = "What is kept does not follow from the stored data."
        return Check("tables", "differs", sentence, details), True
    rounding = max(each.rounding for each in compared.values())
    but = f", but for rounding (at most {rounding:.0e} of a number)" if rounding else ""
    sentence = f"{counted(len(compared), 'file')}, worked out again from the stored data: "
    if worded:
        sentence += (
            f"the numbers are the same{but}; words are not, which is to be expected of another "
            "version of rsip_sim."
        )
    else:
        sentence += f"the same{but}."
    if otherwise:
        sentence += (
            " What would be had a rule been otherwise is not stored but simulated, and comes out "
            "otherwise, which is to be expected of another model."
        )
    return Check("tables", "note" if details else "equal", sentence, details), rounding > 0


def _worked_out(
    results: Results, scenarios: Sequence[Scenario], comparison: bool
) -> dict[str, bytes]:
    """Summary and tables as `compare` and `run` write them."""
    if comparison:
        baseline, *others = scenarios
        found = compare_results(results, baseline, others)
        leaning = unevidenced(results, baseline, others)
        otherwise = alternatives(results, baseline, others)
        kept = comparison_tables(found, leaning, otherwise)
        report = comparison_report(found, leaning, otherwise)
    else:
        table = headline_table(results, scenarios[0])
        spent = price(results, scenarios[0], ())
        kept = {"headlines": table, "price": price_table(spent)}
        report = headlines_report(table, scenarios[0], spent)
    return told_files(rendered(report), kept, ())


def _compare(path: Path, worked_out: bytes) -> Compared:
    if not path.is_file():  # a link to a device would be read without end
        return Compared("is no file")
    try:
        kept, again = path.read_bytes().decode(ENCODING), worked_out.decode(ENCODING)
    except (OSError, ValueError):
        return Compared("cannot be read")
    if kept == again:
        return Compared()
    return compare_rows(kept, again) if path.suffix == ".csv" else _compare_lines(kept, again)


def _compare_lines(kept: str, again: str) -> Compared:
    lines = zip_longest(kept.splitlines(), again.splitlines(), fillvalue="")
    for number, (one, other) in enumerate(lines, 1):
        if one != other:
            words = f"line {number} is kept as '{one.strip()}' and now '{other.strip()}'"
            return Compared(wording=words)
    return Compared(wording="its lines end otherwise")


def compare_rows(kept: str, again: str) -> Compared:
    """Two CSV files cell by cell."""
    old, new = (list(csv.DictReader(io.StringIO(text))) for text in (kept, again))
    if len(old) != len(new) or (new and list(old[0]) != list(new[0])):
        return Compared(f"{len(old)} rows kept, {len(new)} now, or other columns")
    rounding = 0.0
    unequal: dict[bool, list[str]] = {True: [], False: []}  # by whether the cells hold words
    for one, other in zip(old, new, strict=True):
        for column, value in other.items():
            apart = _apart(one.get(column) or "", value)
            if apart <= ROUNDING:
                rounding = max(rounding, apart)
                continue
            row = ", ".join(other[key] for key in _KEYS if key in other)
            words = f"{row}: {column} is kept as '{one.get(column)}' and now '{value}'"
            unequal[column in _WORDS].append(words)
    fault, wording = (
        f"{cells[0]}; {counted(len(cells), 'cell differs', 'cells differ')} in all" if cells else ""
        for cells in (unequal[False], unequal[True])
    )
    return Compared(fault, wording, rounding)


def _apart(kept: str, again: str) -> float:
    """How far two cells lie apart, relative to the larger; infinite where one is no number."""
    if kept == again:
        return 0.0
    try:
        one, other = float(kept), float(again)
    except ValueError:
        return math.inf
    largest = max(abs(one), abs(other))
    apart = abs(one - other) / largest if largest else 0.0
    return apart if math.isfinite(apart) else math.inf
