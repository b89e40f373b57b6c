"""What a message advises is accepted when it is followed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rsip_sim.evidence.faults import Fault
from rsip_sim.scenario import check
from rsip_sim.scenario.names import fields_of, lever_paths, parameter_names
from rsip_sim.scenario.schema import MODELS

NUMBER = r"-?[0-9][0-9_.e+-]*"
TOLD = re.compile(
    rf"(?P<words>.*, .* or \S+)|from (?P<low>{NUMBER}) to (?P<high>{NUMBER})|"
    rf"at (?:least|most) (?P<bound>{NUMBER})"
)
FIELDS = sorted({
    *lever_paths(), "horizon_months", "start", "partnership", "run.replications", "run.seed",
    "run.parameters", *(f"parameters.{name}" for name in parameter_names()),
})  # fmt: skip
WRITTEN = (
    "{n}%", "£{n}", "{n:,}", "'{n}'", "{n} years", "{n} months", "{n}k", "{n}m", "{n},5", "{n}.0",
    "{n}.5", "-{n}", "{n}e3", "1e{n}", "{n}.000", "£{n:,}.50", "yes", "No", "ON", "'true'", "TRUE",
    "nearly", "uncertian", "obsrved", "2011/4", "April 2011", "04-2011", "2011-4", "''", "~",
)  # fmt: skip


def advised(fault: Fault) -> Iterator[str]:
    """The values that a message says may be written."""
    if fault.suggestion:
        yield fault.suggestion
    words = fault.allowed.removeprefix("write ")
    told = TOLD.search(fault.allowed)
    if told and told["words"] and not words.startswith(("a ", "one ")):
        yield from re.split(r", | or ", words)
    elif told and told["low"]:
        yield from (told["low"], told["high"])
    elif told and told["bound"]:
        yield told["bound"]
    elif fault.allowed.startswith("write "):
        yield from (each for each in words.split(" or ") if " " not in each and "…" not in each)


def checked(folder: Path, path: str, written: str) -> list[Fault]:
    section, _, name = path.rpartition(".")
    line = f"{section}: {{{name}: {written}}}" if section else f"{path}: {written}"
    file = folder / "a.yaml"
    file.write_text(f"title: A\nextends: rsip:base\nforce_parameters: true\n{line}\n", "utf-8")
    return [fault for fault in check([file]) if fault.field == path]


@settings(max_examples=60, phases=[Phase.generate])
@given(st.sampled_from(FIELDS), st.integers(0, 10**7), st.sampled_from(WRITTEN))
def test_a_value_that_a_message_advises_is_accepted(
    tmp_path_factory, field: str, number: int, form: str
) -> None:
    folder = tmp_path_factory.mktemp("advice")
    for fault in checked(folder, field, form.format(n=number)):
        for value in advised(fault):
            left = checked(folder, field, value)
            assert not left, (str(fault), value, [*map(str, left)])


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
