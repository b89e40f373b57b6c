"""Options side by side: measures down and options across, or the other way round where many."""

from __future__ import annotations

from collections.abc import Sequence

from rsip_sim.report.blocks import Column, Row, Table
from rsip_sim.report.text import WIDTH

MOST_ACROSS = 8
"""Options that stand side by side, the baseline among them."""

_LABEL, _OPTION, _MEASURE = 40, 8, 12
_LEAST_LABEL = 24  # of an option that stands below others


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
    heads, cells = _measures(rows)
    across = tuple((option, *each) for option, each in zip(options, zip(*cells, strict=True),
                                                           strict=True))  # fmt: skip
    return Table(
        name, caption, f"One row an option, one column a measure. {described}",
        (Column("option", _LEAST_LABEL, words=True, hang=1), *heads), across, apart=True,
    )  # fmt: skip


def _measures(rows: Sequence[Row | str]) -> tuple[list[Column], list[Row]]:
    """The rows as columns, and their cells; a name of several that is too long for them goes in."""
    labels = [row for row in rows if not isinstance(row, str)]
    width = min(_MEASURE, (WIDTH - _LEAST_LABEL) // len(labels))
    named: list[tuple[str, list[Row]]] = [("", [])]
    for row in rows:
        if isinstance(row, str):
            named.append((row, []))
        else:
            named[-1][1].append(row)
    heads = []
    for over, group in named:
        fits = len(over) < width * len(group)
        for label, *_ in group:
            head = label if fits else f"{over}: {label}"
            heads.append(Column(head, width, over=over if fits else ""))
    return heads, [row[1:] for row in labels]
