"""What may be compared, and what is simulated for it."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from rsip_sim.experiment import progress
from rsip_sim.experiment.design import Block, blocks, design
from rsip_sim.experiment.errors import DesignError
from rsip_sim.experiment.runner import run_scenarios
from tests.fakes import experiment_fakes as fakes


def test_scenarios_share_start_horizon_roster_and_kind_of_parameters():
    first = fakes.scenario("first")
    uncertain = fakes.scenario("second")
    uncertain = replace(uncertain, policy=replace(uncertain.policy, parameters="uncertain"))
    for second, said in [
        (fakes.scenario("second", start="2012-04"), "start: first.yaml has April 2011, second"),
        (fakes.scenario("second", months=7), "horizon: first.yaml has 6 months"),
        (fakes.scenario("second", schools=4), "roster: first.yaml has 3_schools, second.yaml"),
        (uncertain, "parameters: first.yaml has central"),
    ]:
        with pytest.raises(DesignError, match=said):
            design([first, second])


def test_seed_and_replications_are_shared_or_given():
    first, second = fakes.scenario("first"), fakes.scenario("second", seed=2)
    with pytest.raises(DesignError, match=r"seed: first.yaml has 1, second.yaml has 2; .*--seed"):
        design([first, second])
    assert design([first, second], seed=5).seed == 5
    third = fakes.scenario("third", replications=30)
    with pytest.raises(DesignError, match=r"share their replications.*--replications"):
        design([first, third])


@pytest.mark.parametrize(("replications", "seed"), [(0, 1), (-5, 1), (10_000_000, 1), (5, -1)])
def test_numbers_that_make_no_sense_are_refused(replications, seed):
    with pytest.raises(DesignError):
        design([fakes.scenario()], seed, replications)


def test_two_files_of_one_name_are_refused_whatever_the_case():
    first = fakes.scenario("two_year")
    second = replace(fakes.scenario("Two_year"), path=Path("other/Two_year.yaml"))
    with pytest.raises(DesignError, match=r"two_year.yaml and other/Two_year.yaml have the same"):
        design([first, second])


def test_one_file_given_twice_is_told_so_and_not_to_be_renamed():
    first = fakes.scenario("two_year")
    again = replace(first, path=Path(f"./{first.path}"))
    with pytest.raises(DesignError, match=r"^two_year.yaml is given twice; leave one out$"):
        design([first, fakes.scenario("other"), again])


def test_equal_policies_are_simulated_once():
    none = fakes.scenario("none", partnership=False)
    plan = design([none, fakes.scenario("two_year"), fakes.scenario("copy")])
    assert [(case.scenario, case.folder) for case in plan.cases] == [
        ("none", "none"),
        ("two_year", "two_year"),
        ("copy", "two_year"),
    ]
    assert [case.folder for case in plan.distinct()] == ["none", "two_year"]


def test_shared_results_are_read_under_every_name():
    both = [fakes.scenario("two_year"), fakes.scenario("copy")]
    results = run_scenarios(both, simulate=fakes.simulate)
    assert (results.array("two_year", "joins") == results.array("copy", "joins")).all()
    assert sorted(path.name for path in results.folder.glob("data/*")) == ["two_year"]


def test_blocks_have_fixed_boundaries_and_the_last_is_shorter():
    assert blocks(20, 8) == (Block(0, 8), Block(8, 16), Block(16, 20))
    assert blocks(8, 8) == (Block(0, 8),)
    assert blocks(25, 8)[:2] == blocks(16, 8)


def test_progress_goes_to_its_stream_in_plain_lines_with_the_time_left(monkeypatch):
    clock = iter([0.0, 2.0, 6.0, 7.0, 8.0, 12.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    stream = io.StringIO()
    teller = progress.progress_on(stream)
    teller.begin(4000, 512)
    for _ in range(4):
        teller.advance(1000)
    teller.end()
    assert stream.getvalue().splitlines() == [
        "512 replications are stored already, 4,000 are to come",
        "2,000 of 4,000 replications, 6 s left",
        "4,000 replications in 12 s",
    ]


def test_on_a_terminal_one_line_is_written_anew_and_wiped_out():
    stream = io.StringIO()
    stream.isatty = lambda: True
    teller = progress.progress_on(stream)
    teller.begin(4000, 0)
    for _ in range(4):
        teller.advance(1000)
    teller.end()
    *lines, last = stream.getvalue().split("\r")
    assert [line.split(" replications")[0] for line in lines[:3]] == [
        f"{done},000 of 4,000" for done in (1, 2, 3)
    ]
    assert "\n" not in stream.getvalue()
    assert {len(line) for line in lines} == {60}
    assert (lines[-1].strip(), last) == ("", "")
