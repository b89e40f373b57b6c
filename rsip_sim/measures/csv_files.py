"""Tables as CSV files: what was written is read again, and a spreadsheet may open every one.

They begin with a byte order mark, or Excel would show ``Â£``. Text that a spreadsheet would run, or
that a reader of tables would take for a number, a truth or nothing, stands behind an apostrophe:
titles and names of schools come from strangers, and a scenario may be called ``2012``.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas as pd

from rsip_sim.evidence.tables import guarded, unguarded

ENCODING = "utf-8-sig"
_TAKEN = re.compile(
    r"\s*([-+]?([0-9][0-9_]*\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]+)?|[-+]?inf(inity)?|[-+]?nan|"
    r"#?<?n/?a>?|null|none|true|false)\s*",
    re.IGNORECASE,
)


def table_bytes(table: pd.DataFrame, float_format: str | None = None) -> bytes:
    """The table as a CSV file, without its index, every number in full unless a format is given."""
    safe = table.rename(columns=lambda name: guarded(str(name)))
    for name, column in safe.select_dtypes(exclude=["number", "bool"]).items():
        cells = [_safe(each) if isinstance(each, str) else each for each in column]
        safe[name] = pd.Series(cells, safe.index, dtype=object)
    text = safe.to_csv(index=False, lineterminator="\n", float_format=float_format)
    return text.encode(ENCODING)


def read_table(file: Path | bytes) -> pd.DataFrame:
    """The table of such a file, each text as it was; an empty cell is NaN beside numbers, or ''.

    A column of empty cells alone is one of numbers.
    """
    content = file.read_bytes() if isinstance(file, Path) else file
    table = pd.read_csv(
        io.BytesIO(content), encoding=ENCODING, keep_default_na=False,
        na_values=[""], skip_blank_lines=False, low_memory=False,
    )  # fmt: skip
    for name, column in table.select_dtypes(exclude=["number", "bool"]).items():
        table[name] = [_meant(each) if isinstance(each, str) else "" for each in column]
    return table.rename(columns=unguarded)


def _safe(text: str) -> str:
    return f"'{text}" if _TAKEN.fullmatch(text.lstrip("'")) else guarded(text)


def _meant(cell: str) -> str:
    taken = cell.startswith("'") and _TAKEN.fullmatch(cell.lstrip("'"))
    return cell[1:] if taken else unguarded(cell)
