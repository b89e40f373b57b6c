"""The diagram of who acts on whom, drawn from the table of turns.

One row an act, in the order of the month; one column a state. A full square is changed, an empty
one is looked at. Down a column one sees who acts on whom: whoever has a full square acts on all
that have a square there, later in the month or in the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from rsip_sim.charts.style import BLACK, DARK_BLUE, DARK_GREY, PALE_GREY, SVG_FONT, WHITE
from rsip_sim.model.calendar import ACTS, STATE, Act

TITLE = "Who acts on whom in a month, from first to last"
KEY = (("changes", True), ("looks at", False))
_ROW, _COLUMN = 24, 34  # pixels
_LEFT, _TOP = 290, 90
_RIGHT, _FOOT = 70, 44  # the slanted heads need room on the right
_MARK = 14
_TEXT = 13


def diagram(acts: Sequence[Act] = ACTS) -> str:
    """The drawing as SVG; the same table gives the same bytes."""
    width = _LEFT + len(STATE) * _COLUMN + _RIGHT
    height = _TOP + len(acts) * _ROW + _FOOT
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="title what" font-family="{escape(SVG_FONT)}" font-size="{_TEXT}">',
        f'<title id="title">{TITLE}</title>',
        f'<desc id="what">{escape(in_words(acts))}</desc>',
        f'<rect width="{width}" height="{height}" fill="{WHITE}"/>',
        *_heads(len(acts)),
        *(line for row, act in enumerate(acts) for line in _act(row, act)),
        *_key(height),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def in_words(acts: Sequence[Act] = ACTS) -> str:
    """What is drawn, for those who do not see it: each act with all that it changes."""
    told = (
        f"{act.institution} ({act.turn.name.lower()}) changes {_listed(act.writes)}" for act in acts
    )
    return "In the order of a month: " + "; ".join(told) + "."


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "nothing"


def _heads(rows: int) -> Iterator[str]:
    bottom = _TOP + rows * _ROW
    yield f'<text x="12" y="24" font-weight="bold" fill="{BLACK}">{TITLE}</text>'
    yield f'<text x="12" y="{_TOP - 10}" font-weight="bold" fill="{BLACK}">who</text>'
    yield (
        f'<text x="{_LEFT - 8}" y="{_TOP - 10}" text-anchor="end" font-weight="bold" '
        f'fill="{BLACK}">turn</text>'
    )
    for column, name in enumerate(STATE):
        x = _LEFT + column * _COLUMN + _COLUMN // 2
        yield f'<path d="M{x} {_TOP}V{bottom}" stroke="{PALE_GREY}"/>'
        yield (
            f'<text transform="translate({x + 4} {_TOP - 10}) rotate(-50)" fill="{BLACK}">'
            f"{escape(name)}</text>"
        )


def _act(row: int, act: Act) -> Iterator[str]:
    y = _TOP + row * _ROW + _ROW // 2
    end = _LEFT + len(STATE) * _COLUMN
    yield f'<path d="M{_LEFT} {y}H{end}" stroke="{PALE_GREY}"/>'
    yield f'<text x="12" y="{y + 4}" fill="{BLACK}">{escape(act.institution)}</text>'
    yield (
        f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end" fill="{DARK_GREY}">'
        f"{act.turn.name.lower()}</text>"
    )
    for column, name in enumerate(STATE):
        if name in act.writes or name in act.reads:
            x = _LEFT + column * _COLUMN + _COLUMN // 2
            what = "changes" if name in act.writes else "looks at"
            yield _mark(x, y, name in act.writes, f"{act.institution} {what} {name}")


def _mark(x: int, y: int, full: bool, told: str) -> str:
    half = _MARK // 2
    return (
        f'<rect x="{x - half}" y="{y - half}" width="{_MARK}" height="{_MARK}" '
        f'fill="{DARK_BLUE if full else WHITE}" stroke="{DARK_BLUE}" stroke-width="1.5">'
        f"<title>{escape(told)}</title></rect>"
    )


def _key(height: int) -> Iterator[str]:
    x, y = _LEFT + _COLUMN // 2, height - _FOOT // 2
    for words, full in KEY:
        yield _mark(x, y, full, words)
        yield f'<text x="{x + 14}" y="{y + 4}" fill="{BLACK}">{words}</text>'
        x += 120
