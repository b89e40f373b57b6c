"""Brings every text and schema that is written from the code in step with it.

`python -m rsip_sim.describe` writes them; with `--check` it writes nothing, names those that are
out of step and ends with 3.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rsip_sim.describe.reference import in_step, with_tables
from rsip_sim.describe.who_acts_on_whom import diagram
from rsip_sim.experiment.files import write_text
from rsip_sim.scenario import editor_schema as scenarios
from rsip_sim.studies.files import schema as studies

PACKAGE = Path(__file__).parents[1]
OUT_OF_STEP = 3

GENERATED: Mapping[Path, Callable[[str], str]] = {
    PACKAGE / "MODEL.md": in_step,
    PACKAGE / "who_acts_on_whom.svg": lambda _: diagram(),
    PACKAGE.parent / "scenarios" / "README.md": with_tables,
    scenarios.SCHEMA_FILE: lambda _: scenarios.schema_text(),
    studies.SCHEMA_FILE: lambda _: studies.experiment_schema_text(),
}
"""Every generated file, and its text as it should be, from the text that it has."""


def out_of_step(generated: Mapping[Path, Callable[[str], str]] = GENERATED) -> dict[Path, str]:
    """The files that are not as the code writes them, with the text they should have.

    A file that is not there, as the scenarios outside a checkout, is left out.
    """
    found = {}
    for path, current in generated.items():
        if path.is_file() and (text := path.read_text("utf-8")) != (wanted := current(text)):
            found[path] = wanted
    return found


def main(
    given: Sequence[str] | None = None, generated: Mapping[Path, Callable[[str], str]] = GENERATED
) -> int:
    """Write what is out of step, or only name it; returns the exit code."""
    parser = argparse.ArgumentParser("python -m rsip_sim.describe", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args(given).check
    found = out_of_step(generated)
    for path, text in found.items():
        print(f"{path} is out of step with the code" if check else f"{path} written")
        if not check:
            write_text(path, text)
    return OUT_OF_STEP if check and found else 0


if __name__ == "__main__":
    raise SystemExit(main())
