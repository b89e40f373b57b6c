"""Every text and schema that is written from the code is in step with it."""

from __future__ import annotations

import re

import pytest

from rsip_sim.describe.__main__ import GENERATED, OUT_OF_STEP, PACKAGE, main, out_of_step


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_the_files_of_the_package_are_as_the_code_writes_them(path) -> None:
    assert path.is_file()
    assert not out_of_step({path: GENERATED[path]}), "run python -m rsip_sim.describe"


def test_a_check_names_what_is_out_of_step_and_writes_nothing(tmp_path, capsys) -> None:
    stale, fresh = tmp_path / "stale.md", tmp_path / "fresh.md"
    generated = dict.fromkeys((stale, fresh), lambda _: "new")
    stale.write_text("old")
    fresh.write_text("new")
    assert main(["--check"], generated) == OUT_OF_STEP
    assert stale.read_text() == "old"
    told = capsys.readouterr().out
    assert "stale.md" in told
    assert "fresh.md" not in told


def test_writing_brings_everything_in_step(tmp_path, capsys) -> None:
    generated = {tmp_path / "stale.md": lambda _: "new", tmp_path / "elsewhere.md": lambda _: "new"}
    (tmp_path / "stale.md").write_text("old")
    assert main([], generated) == 0
    assert (tmp_path / "stale.md").read_text() == "new"
    assert not (tmp_path / "elsewhere.md").exists(), "what is not there is not made"
    assert main(["--check"], generated) == 0


CHECKOUT = PACKAGE.parent
DOCUMENTS = ("README.md", "rsip_sim/MODEL.md", "tests/README.md", "experiments/README.md")
SHIPPED = sorted([*CHECKOUT.glob("scenarios/*.yaml"), *CHECKOUT.glob("experiments/*.yaml")])


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_of_the_code_that_a_document_names_is_there(document) -> None:
    text = (CHECKOUT / document).read_text("utf-8")
    named = set(re.findall(r"`((?:rsip_sim|experiments|tests)/[\w/.]+)`", text))
    assert not {name for name in named if not (CHECKOUT / name).exists()}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_editors_find_the_schema_that_a_shipped_file_names(path) -> None:
    schema = re.match(r"# yaml-language-server: \$schema=(\S+)", path.read_text("utf-8"))
    assert schema is not None
    assert (path.parent / schema[1]).is_file()
