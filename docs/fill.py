"""Puts into README and pages what their commands print, so that no figure there is typed.

`python docs/fill.py DIR` takes the results that are in the folder DIR; with ``--walk`` it first
does there all that the pages say: some minutes, less where results are there already. What a
command without its results printed is left as it is; it is named, and the exit code is 3.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from guides import DOCS, README, page, walk, with_quotes

from rsip_sim.experiment.files import write_text

WALKED = ("start", "worked_question", "two_year_review")
NOT_FILLED = 3


def main() -> int:
    """Fill every page; returns the exit code."""
    parser = argparse.ArgumentParser("python docs/fill.py", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR", help="where results/ is")
    parser.add_argument("--walk", action="store_true", help="make the results first")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for name in WALKED if given.walk else ():
        walk(page(name), given.folder)

    left = 0
    for path in (README, *sorted(DOCS.glob("*.md"))):
        text = path.read_text("utf-8")
        filled, failed = with_quotes(text, given.folder)
        for error in failed:
            print(f"{path.name}: left as it is: {error}")
            left = NOT_FILLED
        if filled != text:
            write_text(path, filled)
            print(f"{path.name} written")
    return left


if __name__ == "__main__":
    raise SystemExit(main())
