"""Independent work gives the same results whoever does it, and one failure loses no other."""

from __future__ import annotations

import pytest

from rsip_sim.experiment.tasks import Guarded, TaskFailed, filled, run_tasks


def halved(number: int) -> int:
    if number % 2:
        raise ValueError(f"{number} is odd")
    return number // 2


class Told:
    def __init__(self) -> None:
        self.heard: list[tuple[str, int]] = []

    def begin(self, total: int, already: int) -> None:
        self.heard += [("begin", total), ("already", already)]

    def advance(self, replications: int) -> None:
        self.heard.append(("advance", replications))

    def end(self) -> None:
        self.heard.append(("end", 0))


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_tasks(workers: int) -> None:
    tasks = [2 * number for number in range(20)]
    assert list(run_tasks(halved, tasks, [1] * 20, workers)) == list(range(20))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_guarded_failure_is_a_result_and_the_others_go_on(workers: int) -> None:
    found = list(run_tasks(Guarded(halved), [4, 3, 8], [1, 1, 1], workers))
    assert (found[0], found[2]) == (2, 4)
    assert isinstance(found[1], TaskFailed)
    assert str(found[1]) == "ValueError: 3 is odd"
    assert "halved" in found[1].trace


@pytest.mark.parametrize("workers", [1, 2])
def test_an_unguarded_failure_ends_the_run(workers: int) -> None:
    with pytest.raises(ValueError, match="3 is odd"):
        list(run_tasks(halved, [4, 3, 8], [1, 1, 1], workers))


def test_progress_is_told_in_replications_and_ends_whatever_happens() -> None:
    told = Told()
    list(run_tasks(halved, [4, 6], [10, 30], 1, told, already=5))
    assert told.heard == [
        ("begin", 40), ("already", 5), ("advance", 10), ("advance", 30), ("end", 0)
    ]  # fmt: skip
    stopped = Told()
    with pytest.raises(ValueError, match="odd"):
        list(run_tasks(halved, [3], [10], 1, stopped))
    assert stopped.heard[-1] == ("end", 0)


def test_pieces_share_a_block_in_their_order_while_there_is_room() -> None:
    assert filled([3, 4, 3, 9, 1, 20, 1], 10) == [[0, 1, 2], [3, 4], [5], [6]]
    assert filled([], 10) == []
