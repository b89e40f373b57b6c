"""What a message about a target, an option or a study file advises is accepted when followed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rsip_sim.evidence.faults import Fault
from rsip_sim.measures.metrics import METRICS
from rsip_sim.scenario.names import METRICS as GONE
from rsip_sim.scenario.problems import number_of
from rsip_sim.studies.files.loading import load_study
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.solve.question import read_target
from tests.fakes.advice import WRITTEN, advised
from tests.fakes.places import ROOT

WHENS = (
    "at end", "mean", "by 2013-03", "by 1 march 2013", "31 february 2013", "at the ned", "2013",
    "over own agrement",
)  # fmt: skip
NUMBERS = ("{n}", "{n}%", "£{n}", "£{n}m", "{n},5", "0.{n}", "{n}.000", "{n}_0", "{n:,}", "{n},0,5")
CHANCES = ("", " with probability {n}", " with probability {n}%", " with probability 0,8")
EXPERIMENTS = sorted((ROOT / "experiments").glob("*.yaml"))


@settings(max_examples=200, phases=[Phase.generate])
@given(
    st.sampled_from([*METRICS, *GONE, "membrs", "erosin"]),
    st.sampled_from(WHENS),
    st.sampled_from(NUMBERS),
    st.sampled_from(CHANCES),
    st.integers(0, 2000),
)
def test_a_target_with_its_advice_followed_has_that_fault_no_more(
    outcome: str, when: str, form: str, chance: str, number: int
) -> None:
    written = form.format(n=number)
    pieces = [outcome, when, written, chance.format(n=number % 100)]
    _, faults = read_target("{} {} at least {}{}".format(*pieces))
    for fault in faults:
        words = re.sub(r" for [^,]*?(?= or |$)", "", fault.allowed).replace(", or ", " or ")
        for value in advised(words, fault.suggestion):
            left = [
                {str(each) for each in read_target("{} {} at least {}{}".format(*changed))[1]}
                for changed in _with(pieces, value)
            ]
            others = {str(each) for each in faults if each is not fault}
            if value in METRICS:  # of which a number may be asked back that said nothing before
                others |= {each for found in left for each in found} - {str(fault)}
            assert any(each <= others for each in left), (pieces, str(fault), value, left)


def _with(pieces: list[str], value: str) -> list[list[str]]:
    """The pieces with the value in place of each."""
    beside = ["{}", "by {}", "{}", " with probability {}"]
    return [
        [*pieces[:at], beside[at].format(value), *pieces[at + 1 :]] for at in range(len(pieces))
    ] + [[pieces[0], value, *pieces[2:]]]


@given(st.sampled_from(WRITTEN), st.integers(0, 10**7), st.booleans())
def test_an_option_with_its_advice_followed_is_taken(form: str, number: int, whole: bool) -> None:
    try:
        number_of(form.format(n=number), whole, 0)
    except ValueError as error:
        for value in advised(str(error).rpartition("; ")[2]):
            number_of(value, whole, 0)


@settings(max_examples=15, phases=[Phase.generate])
@given(st.sampled_from(EXPERIMENTS), st.sampled_from(WRITTEN), st.integers(0, 2000), st.data())
def test_a_study_file_with_its_advice_followed_has_that_fault_no_more(
    tmp_path_factory: pytest.TempPathFactory,
    file: Path,
    form: str,
    number: int,
    data: st.DataObject,
) -> None:
    folder = tmp_path_factory.mktemp("advice") / "experiments"
    folder.mkdir()
    shutil.copytree(ROOT / "scenarios", folder.parent / "scenarios")
    lines = file.read_text("utf-8").splitlines()
    values = [at for at, line in enumerate(lines) if re.match(r"\s*[a-z_]+: \S", line)]
    at = data.draw(st.sampled_from([at for at in values if "description" not in lines[at]]))
    name = lines[at].partition(":")[0]
    lines[at] = f"{name}: {form.format(n=number)}"
    faults = _faults(folder / file.name, lines)
    for fault in (each for each in faults if each.field.endswith(name.strip()) and each.line):
        for value in advised(fault.allowed, fault.suggestion):
            changed = [*lines[:at], f"{name}: {value}", *lines[at + 1 :]]
            left = _faults(folder / file.name, changed)
            assert not [each for each in left if each.field == fault.field], (str(fault), value)


def _faults(path: Path, lines: list[str]) -> list[Fault]:
    path.write_text("\n".join(lines) + "\n", "utf-8")
    try:
        load_study(path)
    except AskedError as error:
        return [each for each in error.faults if isinstance(each, Fault)]
    return []
