"""What a run accepts, every later command can read; and only what can be compared is accepted."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rsip_sim
from rsip_sim.evidence.rosters import roster_path
from rsip_sim.experiment.design import design
from rsip_sim.experiment.errors import DesignError, StoreError
from rsip_sim.experiment.results import open_results, stored_scenarios
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.measures.csv_files import read_table
from rsip_sim.model.policy import Cohesion
from rsip_sim.paper import make
from rsip_sim.scenario import Scenario, differences, load_scenario
from rsip_sim.studies.verify.work import verify
from tests.fakes import experiment_fakes as fakes
from tests.fakes import papers
from tests.fakes.scenario_files import BASE, write

SHORT = BASE.replace("60", "2")
ROSTER = "urn,school,phase,pupils\n1,Ash,primary,200\n2,Beech,secondary,900\n"


def kept(folder: Path, *scenarios: Scenario, **numbers: int) -> tuple[Scenario, ...]:
    """The scenarios of a run by a model that costs nothing, as later commands read them."""
    numbers = {"replications": 3, **numbers}
    run_scenarios(scenarios, **numbers, out=folder, simulate=fakes.simulate, workers=1)
    return stored_scenarios(open_results(folder))


# ---- seeds and counts


@pytest.mark.parametrize("seed", [0, 2**53 - 1])
def test_a_seed_that_is_accepted_can_be_read_again(tmp_path: Path, seed: int) -> None:
    scenario = load_scenario(write(tmp_path, "title: A\n", base=SHORT))
    (again,) = kept(tmp_path / "o", scenario, seed=seed)
    assert again.run.seed == seed


@pytest.mark.parametrize(
    "numbers",
    [{"seed": 2**53}, {"seed": 1732821234123456789}, {"seed": -1}, {"replications": 1_000_001},
     {"replications": 0}],
)  # fmt: skip
def test_a_number_that_no_file_could_hold_is_refused_at_once(
    tmp_path: Path, numbers: dict[str, int]
) -> None:
    scenario = load_scenario(write(tmp_path, "title: A\n", base=SHORT))
    with pytest.raises(DesignError, match="is not a whole number from"):
        kept(tmp_path / "o", scenario, **numbers)
    assert not (tmp_path / "o").exists()


# ---- rosters


def _with_roster(folder: Path, name: str, roster: str, length: int) -> Path:
    path = folder / f"{name}.yaml"
    text = SHORT.replace("Base", name).replace("rotherham_2011", roster)
    path.write_text(f"{text}agreement: {{length_months: {length}}}\n")
    return path


@pytest.mark.parametrize("rosters", [("one.csv", "two.csv"), ("two.csv", "one.csv")])
def test_a_roster_of_two_names_is_kept_under_one(tmp_path: Path, rosters: tuple[str, str]) -> None:
    for name in rosters:
        (tmp_path / name).write_text(ROSTER)
    paths = [_with_roster(tmp_path, f"case_{at}", rosters[at], 12 + at) for at in (0, 1)]
    loaded = [*map(load_scenario, paths)]
    again = kept(tmp_path / "o", *loaded)
    assert [each.resolved["roster"] for each in again] == [rosters[0]] * 2
    told = [[each.sentence for each in differences(*pair)] for pair in (loaded, again)]
    assert told[0] == told[1]
    assert not [each for each in told[0] if "csv" in each]


@pytest.mark.parametrize("copy_first", [False, True])
def test_a_copy_of_a_roster_of_the_package_is_kept_or_named(
    tmp_path: Path, copy_first: bool
) -> None:
    shutil.copy(roster_path("rotherham_2011"), tmp_path / "copy.csv")
    rosters = ["copy.csv", "rotherham_2011"] if copy_first else ["rotherham_2011", "copy.csv"]
    paths = [_with_roster(tmp_path, f"case_{at}", rosters[at], 12 + at) for at in (0, 1)]
    assert len(kept(tmp_path / "o", *map(load_scenario, paths))) == 2


def test_a_roster_is_kept_wherever_the_process_has_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.csv").write_text(ROSTER)
    _with_roster(tmp_path, "case", "one.csv", 12)
    monkeypatch.chdir(tmp_path)
    scenario = load_scenario("case.yaml")
    (tmp_path / "elsewhere").mkdir()
    os.chdir("elsewhere")
    assert len(kept(tmp_path / "o", scenario)) == 1


@pytest.mark.parametrize("becomes", [None, ROSTER + "3,Cedar,primary,90\n"])
def test_a_roster_changed_since_it_was_read_stops_the_run(
    tmp_path: Path, becomes: str | None
) -> None:
    (tmp_path / "one.csv").write_text(ROSTER)
    scenario = load_scenario(_with_roster(tmp_path, "case", "one.csv", 12))
    if becomes:
        (tmp_path / "one.csv").write_text(becomes)
    else:
        (tmp_path / "one.csv").unlink()
    with pytest.raises(StoreError, match="has changed since the scenarios were read"):
        kept(tmp_path / "o", scenario)
    assert not (tmp_path / "o" / "run.json").exists()


@pytest.mark.parametrize("out", ["~/o", "~", "~someone/o"])
def test_a_home_folder_that_no_shell_has_read_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match="write the path out"):
        kept(Path(out), fakes.scenario("first"))
    assert not list(tmp_path.iterdir())


# ---- what cannot be compared


def test_scenarios_that_measure_cohesion_differently_are_not_compared() -> None:
    first, second = fakes.scenario("first"), fakes.scenario("second", length=12)
    for measure in (Cohesion(associate_weight=0.5), Cohesion(weights=(1.0, 0.0, 1.0, 0.0, 0.0))):
        other = replace(second, policy=replace(second.policy, cohesion=measure))
        with pytest.raises(DesignError, match=r"share their measure of cohesion: first.yaml has"):
            design([first, other])
    twice = tuple(2 * weight for weight in first.policy.cohesion.weights)
    same = replace(second, policy=replace(second.policy, cohesion=Cohesion(weights=twice)))
    assert design([first, same])


@pytest.mark.parametrize("title", ["First", "first", " FIRST "])
def test_two_scenarios_of_one_title_are_not_compared(title: str) -> None:
    first, second = fakes.scenario("first"), replace(fakes.scenario("second"), title=title)
    with pytest.raises(DesignError, match=r"first.yaml and second.yaml have the same title"):
        design([first, second])


def test_two_scenarios_of_one_short_title_are_not_compared() -> None:
    first, second = (replace(fakes.scenario(name), short="2 years") for name in ("one", "two"))
    with pytest.raises(DesignError, match="have the same short title"):
        design([first, second])


# ---- names that a reader of tables would take for something else

NAMES = ("2012", "NA", "nan", "1e5", "True", "-10", "=1+1")


@pytest.mark.parametrize("name", [*NAMES, "null", "None", "@x"])
def test_a_name_of_a_number_is_a_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.yaml"
    path.write_text(SHORT.replace("title: Base\n", ""))
    assert load_scenario(path).name == name


@pytest.mark.slow
def test_what_is_named_as_a_number_or_nothing_goes_through_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With fewer futures than a sharing out has orders."""
    monkeypatch.setattr(make, "comparison_charts", lambda *_: {})
    town = papers.scenarios(tmp_path / "scenarios", leave_out=20, horizon=13)
    named = [
        replace(town[2].changed({"agreement.length_months": 12 + i}, name), name=name)
        for i, name in enumerate(NAMES)
    ]
    out = papers.kept_paper(tmp_path / "o", named, replications=3)
    comparison = rsip_sim.open_comparison(out)
    assert comparison.results.scenarios == NAMES
    kept = {path.stem: read_table(path) for path in (out / "tables").glob("*.csv")}
    for table in kept.values():
        assert set(table["scenario"]) <= set(NAMES)
    assert set(kept["differences"]["scenario"]) == set(NAMES[1:])
    rsip_sim.explain(out, scenario="NA")
    rsip_sim.risks(out, scenario="-10")
    rsip_sim.robust(out)
    paper = comparison.paper("generic", with_schools=True)
    assert verify(out, 1).passed
    assert verify(paper, 0).passed


# ---- the property: any accepted scenario is read again as it was

TEXT = st.text(
    st.characters(categories=["L", "N", "P", "S", "M", "Zs", "Cf"]), min_size=1, max_size=125
)


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT, st.floats(0, 5e6), st.integers(-1, 2**53 + 1))
def test_an_accepted_scenario_is_read_again_from_its_results(
    tmp_path_factory: pytest.TempPathFactory, title: str, name: str, earmark: float, seed: int
) -> None:
    folder = tmp_path_factory.mktemp("accepted")
    stem = "".join(each for each in name if each not in "/\0")[:60] or "plain"
    path = folder / f"{stem}.yaml"
    quoted = title.encode("unicode_escape").decode().replace('"', '\\"')
    try:
        path.write_text(
            f"{SHORT.replace('Base', f'{chr(34)}{quoted}{chr(34)}')}funding:\n"
            f"  earmark_gbp_per_year: {earmark!r}\nrun: {{seed: {seed}}}\n"
        )
        scenario = load_scenario(path)
    except (ValueError, OSError):
        return  # refused, or no name of a file
    (again,) = kept(folder / "o", scenario)
    assert (again.name, again.title) == (scenario.name, scenario.title)
    assert again.policy == scenario.policy
    assert again.run.seed == seed
