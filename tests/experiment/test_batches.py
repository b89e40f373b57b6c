"""Blocks of several scenarios are simulated together; nobody can tell from what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.experiment.runner import _batches, run_scenarios
from rsip_sim.experiment.worker import BLOCK, SMALL_BLOCK, Job, run_blocks, usual_block
from rsip_sim.model import simulation
from rsip_sim.model.simulation import Portion
from tests.fakes import experiment_fakes as fakes

TWO = (fakes.scenario("no_agreement", 0), fakes.scenario("two_year", 24))


def jobs(replications: int, cases: int, size: int) -> list[Job]:
    first = TWO[0]
    return [
        Job(f"case {i}", first.policy, first.roster, 1, start, min(start + size, replications), "")
        for i in range(cases)
        for start in range(0, replications, size)
    ]


def size_of(batch: list[Job]) -> int:
    return sum(job.stop - job.first for job in batch)


@given(st.integers(0, 9000), st.integers(1, 12), st.integers(1, 16))
def test_batches_hold_every_block_once_and_keep_the_processes_alike_busy(
    replications: int, cases: int, processes: int
) -> None:
    every = jobs(replications, cases, usual_block(replications))
    batches = _batches(every, processes)
    assert sorted(map(id, every)) == sorted(id(job) for batch in batches for job in batch)
    if not every:
        return
    largest = max(job.stop - job.first for job in every)
    # a batch is cut where its share of the work is reached, so it exceeds that by less than a block
    fair = size_of(every) / (processes * -(-size_of(every) // (processes * BLOCK)))
    assert all(size_of(batch) < fair + largest for batch in batches)


def test_the_same_futures_of_several_scenarios_stand_together() -> None:
    first, *_ = _batches(jobs(1000, 7, SMALL_BLOCK), 2)
    assert {job.first for job in first} == {0}
    assert len(first) == 4


def jobs_of_the_run() -> list[Job]:
    return [
        Job(each.name, each.policy, each.roster, each.run.seed, first, min(first + 4, 11), "")
        for each in TWO
        for first in (0, 4, 8)
    ]


def test_simulated_together_or_alone_the_bytes_are_the_same(tmp_path: Path) -> None:
    run_scenarios(TWO, replications=11, block=4, workers=1, out=tmp_path)  # all in one batch
    together = fakes.tree(tmp_path)
    alone = {
        f"data/{job.scenario}/{name}": content
        for job in jobs_of_the_run()
        for made in run_blocks([job])
        for name, content in made.contents.items()
    }
    assert len(alone) == 12
    assert {name: together[name] for name in alone} == alone


def test_what_fails_together_is_told_of_the_block_that_fails_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good, bad, *_ = jobs_of_the_run()
    usual = run_blocks([good])
    real = simulation.simulate_together

    def fail_on_the_bad(portions: Sequence[Portion], *rest: Any, **more: Any) -> Any:
        if any(min(each.replications) == bad.first for each in portions):
            raise ArithmeticError("schools were lost")
        return real(portions, *rest, **more)

    monkeypatch.setattr(simulation, "simulate_together", fail_on_the_bad)
    made, failure = run_blocks([good, bad])
    assert [made] == usual
    assert str(failure) == (
        "no_agreement, replications 4–7: simulate failed: ArithmeticError: schools were lost"
    )
