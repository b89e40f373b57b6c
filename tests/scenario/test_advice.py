"""What a message advises is accepted when it is followed."""

from __future__ import annotations

from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rsip_sim.evidence.faults import Fault
from rsip_sim.scenario import check
from rsip_sim.scenario.names import fields_of, lever_paths, parameter_names
from rsip_sim.scenario.schema import MODELS
from tests.fakes.advice import WRITTEN, advised

FIELDS = sorted({
    *lever_paths(), "horizon_months", "start", "partnership", "run.replications", "run.seed",
    "run.parameters", *(f"parameters.{name}" for name in parameter_names()),
})  # fmt: skip


def checked(folder: Path, path: str, written: str, force: str = "true") -> list[Fault]:
    section, _, name = path.rpartition(".")
    line = f"{section}: {{{name}: {written}}}" if section else f"{path}: {written}"
    file = folder / "a.yaml"
    file.write_text(f"title: A\nextends: rsip:base\nforce_parameters: {force}\n{line}\n", "utf-8")
    return [fault for fault in check([file]) if fault.field == path]


@settings(max_examples=60, phases=[Phase.generate])
@given(st.sampled_from(FIELDS), st.integers(0, 10**7), st.sampled_from(WRITTEN))
def test_a_value_that_a_message_advises_is_accepted(
    tmp_path_factory, field: str, number: int, form: str
) -> None:
    folder = tmp_path_factory.mktemp("advice")
    for fault in checked(folder, field, form.format(n=number)):
        for value in advised(fault.allowed, fault.suggestion):
            left = checked(folder, field, value)
            assert not left, (str(fault), value, [*map(str, left)])


@given(st.sampled_from(parameter_names()), st.sampled_from([-1e9, -1.0, 0.0, 1e-3, 4.0, 1e9]))
def test_forcing_a_parameter_is_advised_where_it_is_then_accepted(
    tmp_path_factory, name: str, value: float
) -> None:
    """Beyond the bounds of the model nothing can be forced."""
    folder, path = tmp_path_factory.mktemp("advice"), f"parameters.{name}"
    for fault in checked(folder, path, f"{value:f}", force="false"):
        left = checked(folder, path, f"{value:f}")
        advised_to_force = "force_parameters" in fault.allowed
        assert not (advised_to_force and left), (str(fault), [*map(str, left)])
        assert advised_to_force or left, str(fault)


@given(st.sampled_from([(s, n) for s in MODELS for n in fields_of(s)]), st.data())
def test_a_name_that_a_message_advises_is_known(tmp_path_factory, field, data) -> None:
    section, name = field
    at = data.draw(st.integers(0, len(name) - 1))
    wrong = name[:at] + data.draw(st.sampled_from(["", "x", name[at] * 2])) + name[at + 1 :]
    folder = tmp_path_factory.mktemp("advice")
    path = f"{section}.{wrong}".strip(".")
    for fault in checked(folder, path, "1"):
        if fault.suggestion:
            known = f"{section}.{fault.suggestion}".strip(".")
            left = checked(folder, known, "1")
            assert not [each for each in left if "unknown field" in each.message], fault
