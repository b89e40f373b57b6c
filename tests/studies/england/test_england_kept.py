"""England is kept authority by authority: stopped, damaged or failed, it goes on to the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import rsip_sim
from rsip_sim.evidence.months import parse_month
from rsip_sim.experiment.errors import BlocksFailed, RunInterrupted
from rsip_sim.studies.england import runs
from rsip_sim.studies.england.places import NO_REGION, register_places
from rsip_sim.studies.england.study import EnglandStudy
from rsip_sim.studies.files.loading import load_study
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import run_and_keep
from tests.fakes.england import NAMED
from tests.fakes.panels import NO_AGREEMENT, TWO_YEAR
from tests.fakes.places import EXPERIMENTS

EXTRACT = Path(__file__).parents[2] / "evidence" / "gias_extract.csv"
GROUND = Ground((NO_AGREEMENT, TWO_YEAR), seed=3, replications=9, file="england")


def measure(trials, workers=None, progress=None):
    """Numbers that hang on the authority, the policy and the luck, without a simulation."""
    made = []
    for trial in trials:
        length = trial.policy.levers.agreement.length_months
        shape = (len(trial.metrics), len(trial.moments), len(trial.replications))
        wave = np.sin(trial.seed + np.arange(np.prod(shape)).reshape(shape))
        made.append(len(trial.roster) + length * 0.1 + wave)
    return made


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(runs, "measure_all", measure)
    monkeypatch.setattr(EnglandStudy, "charts", lambda *_: ())


def kept(folder: Path, **asked: object):
    study = EnglandStudy()
    question = study.question.of({"authorities": list(NAMED), "replications": 12, **asked})
    return run_and_keep(study, question, GROUND, folder, Means(workers=1))


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*")) if path.is_file() and ".lock" not in path.name
    }  # fmt: skip


def test_a_run_that_is_stopped_goes_on_to_the_same_bytes(tmp_path, monkeypatch) -> None:
    whole = kept(tmp_path / "whole").folder
    done = []

    def stopped(trials, workers=None):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(trials[0].roster.name)
        return measure(trials)

    monkeypatch.setattr(runs, "measure_all", stopped)
    with pytest.raises(RunInterrupted) as caught:
        kept(tmp_path / "again")
    assert (caught.value.done, caught.value.blocks, caught.value.what) == (2, 4, "authorities")
    done.clear()
    again = kept(tmp_path / "again").folder
    assert len(done) == 2  # and not those that were kept
    assert content(again) == content(whole)


def test_an_authority_whose_file_is_damaged_is_simulated_again(tmp_path) -> None:
    folder = kept(tmp_path / "out").folder
    before = content(folder)
    file = sorted((folder / "authorities").iterdir())[1]
    damaged = bytearray(file.read_bytes())
    damaged[-1] ^= 1
    file.write_bytes(damaged)
    kept(folder)
    assert content(folder) == before


def test_one_that_fails_stops_the_answer_and_not_the_others(tmp_path, monkeypatch) -> None:
    def unlucky(trials, workers=None):
        if trials[0].roster.name == "Hackney":
            raise ValueError("no luck")
        return measure(trials)

    monkeypatch.setattr(runs, "measure_all", unlucky)
    with pytest.raises(BlocksFailed, match="no luck") as caught:
        kept(tmp_path / "out")
    assert caught.value.others == "the other authorities are kept"
    assert len(runs.kept_files(tmp_path / "out")) == len(NAMED) - 1
    assert "no luck" in (tmp_path / "out/failures.log").read_text("utf-8")
    monkeypatch.setattr(runs, "measure_all", measure)
    assert kept(tmp_path / "out").folder
    assert not (tmp_path / "out/failures.log").exists()


def test_the_manifest_names_every_authority_with_its_digest(tmp_path) -> None:
    study = kept(tmp_path / "out")
    assert rsip_sim.verify(study.folder).result.checks
    for file in runs.kept_files(study.folder):
        assert runs.bytes_digest(file.read_bytes()).startswith(file.stem.partition("-")[2])


# what may be asked


def faults_of(**asked: object) -> str:
    study = EnglandStudy()
    with pytest.raises(AskedError) as caught:
        study.check(study.question.of(asked), GROUND)
    return "\n".join(caught.value.faults)


def test_everything_that_is_wrong_is_told_at_once_with_the_nearest_name() -> None:
    told = faults_of(metrics=["membrs"], at="ends", authorities=["Leads", "Leeds", "Leeds"])
    for words in ("did you mean 'members'", "'ends'", "did you mean 'Leeds'", "stands twice"):
        assert words in told
    with pytest.raises(AskedError, match="from 1 to 100_000 futures"):
        EnglandStudy().question.of({"replications": 0})


def test_more_futures_than_can_be_kept_are_refused_wherever_they_are_written() -> None:
    study = EnglandStudy()
    many = replace(GROUND, replications=2_000_000, file="england")  # as a study file says
    with pytest.raises(AskedError, match=r"replications: 2_000_000 is out of range.*100_000"):
        study.check(study.question.of({}), many)
    study.check(study.question.of({"replications": 100}), many)


def test_an_extract_that_is_not_there_is_told_with_what_else_is_wrong() -> None:
    told = faults_of(metrics=["membrs"], extract=Path("nowhere.csv"))
    assert "nowhere.csv" in told
    assert "did you mean 'members'" in told


def test_the_schools_of_an_extract_are_those_of_the_month_in_which_the_scenarios_begin(
    tmp_path,
) -> None:
    places = register_places(EXTRACT, parse_month("2011-04"))
    assert [place.name for place in places] == sorted(place.name for place in places)
    fenmoor = next(place for place in places if place.name == "Fenmoor")
    assert (fenmoor.schools, fenmoor.region) == (15, NO_REGION)
    found = kept(tmp_path / "out", authorities=[], extract=EXTRACT).result
    assert found.places == places
    assert not found.asked.generic


def test_a_file_asks_what_the_command_asks_and_names_an_extract_from_where_it_stands(
    tmp_path,
) -> None:
    text = (EXPERIMENTS / "england.yaml").read_text("utf-8").replace("../", f"{EXPERIMENTS}/../")
    (tmp_path / "england.yaml").write_text(
        f"{text}metrics: [members]\nauthorities: [Fenmoor]\nextract: all.csv\n", "utf-8"
    )
    (tmp_path / "all.csv").write_bytes(EXTRACT.read_bytes())
    study = load_study(tmp_path / "england.yaml")
    ready = EnglandStudy().check(study.question, study.ground)
    assert [place.name for place in ready.england.places] == ["Fenmoor"]
    assert (ready.england.metrics, ready.england.replications) == (("members",), 100)


def test_a_later_start_with_generic_schools_is_said() -> None:
    later = tuple(
        replace(each, policy=replace(each.policy, start=each.policy.start + 12))
        for each in (NO_AGREEMENT, TWO_YEAR)
    )
    study = EnglandStudy()
    question = study.question.of({"authorities": ["Rutland"]})
    ready = study.check(question, replace(GROUND, scenarios=later))
    assert "those of April 2011" in " ".join(study.notes(ready))
    assert not study.notes(study.check(question, GROUND))
