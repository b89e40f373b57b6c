"""Each file under tests/cli/fixtures/broken has one fault, and its message beside it."""

from pathlib import Path

import pytest

from rsip_sim.scenario import check

BROKEN = Path(__file__).parents[1] / "cli" / "fixtures" / "broken"
FILES = sorted(path.stem for path in BROKEN.glob("*.yaml"))


@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_gets_the_message_that_is_promised(name, monkeypatch):
    monkeypatch.chdir(BROKEN)
    messages = "".join(f"{fault}\n" for fault in check([Path(f"{name}.yaml")]))
    assert messages == Path(f"{name}.expected").read_text(encoding="utf-8")


def test_every_message_belongs_to_a_broken_file():
    assert sorted(path.stem for path in BROKEN.glob("*.expected")) == FILES


def test_all_faults_of_all_files_come_at_once(monkeypatch):
    monkeypatch.chdir(BROKEN)
    faults = check(["misspelt_field.yaml", "number_with_pounds.yaml", "missing_fields.yaml"])
    assert [fault.file for fault in faults] == [
        "misspelt_field.yaml",
        "number_with_pounds.yaml",
        *["missing_fields.yaml"] * 3,
    ]


def test_a_fault_of_a_shared_parent_is_reported_once(monkeypatch):
    monkeypatch.chdir(BROKEN)
    faults = check(["fault_in_parent.yaml", "parents/faulty.yaml", "fault_in_parent.yaml"])
    assert [fault.field for fault in faults] == ["agreement.quorum", "funding.endowment"]


def test_no_message_speaks_of_python_or_of_the_yaml_library():
    words = ("Traceback", "ruamel", "pydantic", "dict", "NoneType", "<file>", "Error", "token")
    for path in BROKEN.glob("*.expected"):
        text = path.read_text(encoding="utf-8")
        assert not [word for word in words if word in text], path.name


def test_a_file_too_large_for_a_scenario_is_not_read(tmp_path):
    path = tmp_path / "large.yaml"
    path.write_text("title: Large\n" + "# nothing\n" * 30_000)
    assert [fault.message for fault in check([path])] == ["has 293 kB, too much for a scenario"]


def test_what_is_not_a_file_is_named_as_it_is(tmp_path):
    messages = [fault.message for fault in check([tmp_path, tmp_path / "none.yaml", "a\0b"])]
    assert messages[:2] == ["is a folder", "there is no such file"]
    assert len(messages) == 3
