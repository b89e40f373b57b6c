"""`rsip init`: the shipped scenarios and studies in a folder of the planner's own, ready to change.

Beside each kind of file stands the schema that editors help with, and the first line of every file
finds it there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from rsip_sim import face
from rsip_sim.scenario.editor_schema import schema_text
from rsip_sim.scenario.file_names import shipped_folder
from rsip_sim.studies.files.schema import experiment_schema_text

_SCHEMA_LINE = re.compile(r"(?m)^(# yaml-language-server: \$schema=)\S*/([\w.]+)$")
_LENGTHS = (
    "agreement_later", "no_agreement", "one_year", "two_year", "three_year", "five_year",
    "no_partnership",
)  # fmt: skip


def starting_files() -> Iterator[tuple[str, str]]:
    """What a planner begins with: names inside the folder, and texts."""
    for pattern in ("scenarios/*.yaml", "scenarios/README.md", "experiments/*.yaml"):
        for path in sorted(shipped_folder().glob(pattern)):
            text = _SCHEMA_LINE.sub(r"\1\2", path.read_text("utf-8"))
            yield f"{path.parent.name}/{path.name}", text
    yield "scenarios/scenario.schema.json", schema_text()
    yield "experiments/experiment.schema.json", experiment_schema_text()


def start_in(folder: Path) -> int:
    """Write the starting files that are not there yet; returns how many.

    Raises InputError, before anything is written, where a file of that name says something else,
    and where the folder cannot be written.
    """
    files = dict(starting_files())
    try:
        there = [name for name in files if (folder / name).exists()]
        other = [name for name in there if _text(folder / name) != files[name]]
    except OSError as error:
        place, why = error.filename or folder, error.strerror or error
        raise face.InputError(f"{place} cannot be read: {why}") from None
    if other:
        more = f" and {len(other) - 3} more" if len(other) > 3 else ""
        raise face.InputError(
            f"nothing is written: {', '.join(str(folder / each) for each in other[:3])}{more} "
            "would be replaced; name another folder, such as rsip init council"
        )
    for name, text in files.items():
        if name not in there:
            face.write_new(folder / name, text)
    return len(files) - len(there)


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")


def next_steps(folder: Path, written: int) -> str:
    """What is there now, and what to type next."""
    count = f"{written} files written" if written else "All files are there already"
    into = "" if folder == Path() else f'      cd "{folder}"\n'
    compared = " ".join(f"scenarios/{name}.yaml" for name in _LENGTHS)
    return (
        f"{count}: {folder / 'scenarios'} has policies to compare, and how to write one in\n"
        f"README.md; {folder / 'experiments'} has studies.\n\n"
        f"NEXT\n{into}      rsip compare {compared} --out results/agreement_length\n"
        "      rsip paper results/agreement_length\n"
    )
