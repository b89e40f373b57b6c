"""Small scenario files for the tests of the scenario room."""

from pathlib import Path

from tests.fakes.places import SCENARIOS as SCENARIOS

BASE = "title: Base\nstart: 2011-04\nhorizon_months: 60\nroster: rotherham_2011\n"


def write(folder: Path, text: str, name: str = "child", base: str = BASE) -> Path:
    """A file `name`.yaml in the folder, over base.yaml; returns its path."""
    (folder / "base.yaml").write_text(base, "utf-8")
    path = folder / f"{name}.yaml"
    path.write_text(f"extends: base.yaml\n{text}", "utf-8")
    return path
