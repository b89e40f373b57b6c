"""One byte other, anywhere in a finished folder: the same numbers, or a refusal with a name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import rsip_sim
from rsip_sim import face
from rsip_sim.paper import make
from rsip_sim.report.text import rendered
from rsip_sim.studies.kernel.keeping import kept_report, kept_tables
from rsip_sim.studies.verify.work import verify
from tests.fakes import papers

RISKS = "studies/risks_two_year"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A comparison with a study of it and a pack."""
    folder = tmp_path_factory.mktemp("flipped")
    out = papers.kept_paper(folder / "run", papers.scenarios(folder / "scenarios"))
    rsip_sim.risks(out, scenario="two_year")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make, "comparison_charts", lambda *_: {})
        rsip_sim.open_comparison(out).paper("generic")
        yield out


@pytest.fixture(scope="module")
def before(kept: Path) -> dict[str, str]:
    """What each reader reads where nothing is damaged."""
    return {read.__name__: read(kept) for read in READERS}


def numbers(run: Path) -> str:
    """Everything that a script can read of a comparison."""
    opened = rsip_sim.open_comparison(run)
    frames = [opened.differences, opened.panel(), opened.results.schools("two_year")]
    text = "".join(frame.to_csv() for frame in frames)
    return hashlib.sha256(f"{text}{opened.results.notes()}".encode()).hexdigest()


def shown(run: Path) -> str:
    return rendered(kept_report(run))


def shown_study(run: Path) -> str:
    return rendered(kept_report(run / RISKS))


def tables_of_a_study(run: Path) -> str:
    results = rsip_sim.open_comparison(run).results
    names = sorted(path.stem for path in (run / RISKS / "tables").glob("*.csv"))
    (kept,) = kept_tables(results, "risks", names)
    return "".join(table.to_csv() for table in kept.values())


def answered(read: Callable[[Path], str], run: Path) -> tuple[str, str]:
    """What was read, or why nothing was."""
    try:
        return read(run), ""
    except face.WRONG_INPUT as error:
        return "", str(error)


READERS: tuple[Callable[[Path], str], ...] = (numbers, shown, shown_study, tables_of_a_study)


@settings(max_examples=8, phases=[Phase.generate])
@given(st.data())
def test_no_reader_uses_a_byte_that_is_not_as_it_was_stored(
    kept: Path, before: dict[str, str], data: st.DataObject
) -> None:
    files = sorted(path for path in kept.rglob("*") if path.is_file())
    path = data.draw(st.sampled_from(files), label="file")
    content = path.read_bytes()
    at = data.draw(st.integers(0, len(content) - 1), label="place")
    other = content[at] ^ data.draw(st.integers(1, 255), label="bits")
    path.write_bytes(content[:at] + bytes([other]) + content[at + 1 :])
    try:
        for read in READERS:
            now, refused = answered(read, kept)
            assert path.name in refused or "damaged" in refused or now == before[read.__name__]
        found = verify(kept, 0)
        listed = path.name != ".lock"
        assert found.passed is not listed, path
    finally:
        path.write_bytes(content)
