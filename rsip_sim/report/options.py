"""Options side by side: measures down and options across, or the other way round where many."""

from __future__ import annotations

from collections.abc import Sequence

from rsip_sim.report.blocks import Column, Row, Table

MOST_ACROSS = 8
"""Options that stand side by side, the baseline among them."""

_LABEL, _OPTION, _MEASURE = 40, 8, 11


def options_table(
    name: str, caption: str, described: str, options: Sequence[str], rows: Sequence[Row | str]
) -> Table:
    """The table of a first screen.

    caption    what its numbers are: it stands above the labels of the measures
    described  how to read it with a measure a row
    rows       label and one cell an option; or a text that names the rows after it
    """
    if len(options) <= MOST_ACROSS:
        width = max(_OPTION, *(2 + max(map(len, option.split())) for option in options))
        columns = (
            Column(caption, _LABEL, words=True, hang=1),
            *(Column(option, width) for option in options),
        )
        return Table(name, caption, described, columns, tuple(rows), quiet=True, apart=True)
    over, heads, cells = "", [], []
    for row in rows:
        if isinstance(row, str):
            over = row
        else:
            heads.append(Column(row[0], _MEASURE, over=over))
            cells.append(row[1:])
    across = tuple((option, *each) for option, each in zip(options, zip(*cells, strict=True),
                                                           strict=True))  # fmt: skip
    return Table(
        name, caption, f"One row an option, one column a measure. {described}",
        (Column("option", _LABEL - 8, words=True, hang=1), *heads), across, apart=True,
    )  # fmt: skip
