"""Whether an extract of the register can know the schools of a month, and what it cannot."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from rsip_sim.evidence import gias_types
from rsip_sim.evidence.gias_extract import Extract, Numbered, date_of
from rsip_sim.evidence.months import month_name, parse_month

_FIRST_START = parse_month("2010-09")  # of a scenario; openings long before it are seldom recorded


def unknowable(
    extract: Extract, schools: Sequence[Numbered], as_at: int, day: date
) -> Iterator[str]:
    """What the extract cannot know of the month, one sentence each."""
    name, month = extract.authority, month_name(as_at)
    if day > date.today():
        yield f"Take care: {month} lies in the future; this is the register as it stands."
    elif extract.latest is None:
        yield f"Take care: the extract does not reach {month}: it holds no date at all."
    elif day > extract.latest:
        until = f"the latest date in it is {extract.latest:%d-%m-%Y}"
        yield f"Take care: the extract does not reach {month}: {until}."
    if as_at < _FIRST_START:
        undated = sum(not record["OpenDate"] for _, record in schools)
        yield (
            f"Take care: {undated} of the schools have no opening date in the register and are "
            f"taken to have stood in {month}."
        )
    if not extract.closed and day <= date.today():
        yield (
            "Take care: no closed establishment is in this extract (the register also offers files "
            f"of open schools alone), so every school closed since {month} is missing; download "
            "'all establishment data'."
        )
    elif extract.closed:
        yield from _missing_predecessors(extract, day, month)
    if extract.is_cut:
        yield "Take care: the file's last line has no end; the file may be cut off there."
    if len(extract.codes) > 1:
        codes = ", ".join(sorted(extract.codes))
        yield f"Take care: the file has {name} under several codes ({codes}), all taken together."
    yield from _reorganised(extract, month)
    lost = sum("\ufffd" in record["EstablishmentName"] for _, record in schools)
    if lost:
        yield f"Take care: names of {lost} schools hold a character that could not be read."
    yield from _garbled([record["EstablishmentName"] for _, record in schools])


def _garbled(names: Sequence[str]) -> Iterator[str]:
    """UTF-8 that was once read as Windows-1252, and since then is text like any other."""
    meant = {}
    for name in names:
        with contextlib.suppress(UnicodeError):
            meant[name] = name.encode("cp1252").decode("utf-8")
    found = [(name, text) for name, text in meant.items() if name != text]
    if found:
        name, text = found[0]
        yield (
            f"Take care: names of {len(found)} schools look garbled, such as '{name}' (perhaps "
            f"'{text}'): the file was saved in another encoding than it was read in."
        )


def _missing_predecessors(extract: Extract, day: date, month: str) -> Iterator[str]:
    """A conversion closes one establishment and opens another: fewer closed ones are missing."""
    conversions = closed = 0
    for _, record in extract.records:
        opened, ended = date_of(record["OpenDate"]), date_of(record["CloseDate"])
        stood = opened is None or opened <= day
        closed += bool(stood and ended and ended > day)
        conversions += bool(not stood and gias_types.route(record) == "converter")
    if conversions > closed:
        yield (
            f"Take care: {conversions} academies of {extract.authority} have opened by conversion "
            f"since {month}, but only {closed} of its establishments have closed since: at least "
            f"{conversions - closed} schools of {month} are missing from this file."
        )


def _reorganised(extract: Extract, month: str) -> Iterator[str]:
    """An authority that has been divided or merged: its schools stand under two names."""
    heirs: Counter[str] = Counter()
    for code in extract.codes - extract.open_in:
        heirs.update(extract.heirs.get(code, {}))
    if heirs:
        yield (
            f"Take care: {extract.authority} has been reorganised: those of its schools that are "
            f"still open stand under {', '.join(sorted(heirs))} and are missing here."
        )
    before = {record.get("PreviousLA (code)", "") for _, record in extract.records}
    for code in sorted(before - extract.codes - extract.open_in - {""}):
        if extract.stood[code]:
            yield (
                f"Take care: {extract.authority} has been reorganised: {extract.stood[code]} "
                f"schools of {extract.names[code]}, the authority before it, have closed since "
                f"{month}; they stand under that name and are missing here."
            )
