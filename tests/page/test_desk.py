"""One piece of work at a time; of a window its newest question, and of all only so many."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from rsip_sim.page import deeds as desks
from rsip_sim.page.deeds import BusyError, Desk
from rsip_sim.page.live import Outdated


class Work:
    """Work that goes on until it is told to stop, or let go."""

    def __init__(self) -> None:
        self.begun, self.let_go = threading.Event(), threading.Event()

    def __call__(self, stop: Callable[[], bool]) -> str:
        self.begun.set()
        while not self.let_go.wait(0.005):
            if stop():
                raise Outdated
        return "done"


@contextmanager
def asking(desk: Desk) -> Iterator[Callable[..., Future[str]]]:
    with ThreadPoolExecutor(8) as threads:
        yield lambda window, turn, work: threads.submit(desk.ask, window, turn, work)
        desk.close()


def test_a_newer_question_of_a_window_ends_the_older_one() -> None:
    with asking(Desk()) as ask:
        older, newer = Work(), Work()
        first = ask("a", 1, older)
        assert older.begun.wait(5)
        second = ask("a", 2, newer)
        with pytest.raises(Outdated):
            first.result(5)
        newer.let_go.set()
        assert second.result(5) == "done"


def test_an_older_question_that_comes_late_is_not_asked() -> None:
    desk = Desk()
    assert desk.ask("a", 2, lambda _: "newer") == "newer"
    with pytest.raises(Outdated):
        desk.ask("a", 1, lambda _: pytest.fail("it was asked"))


def test_another_window_waits_for_its_turn_and_outdates_nothing() -> None:
    with asking(Desk()) as ask:
        mine, other = Work(), Work()
        first = ask("a", 1, mine)
        assert mine.begun.wait(5)
        second = ask("b", 1, other)
        assert not other.begun.wait(0.05)
        mine.let_go.set()
        assert first.result(5) == "done"
        assert other.begun.wait(5)
        other.let_go.set()
        assert second.result(5) == "done"


def test_only_so_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "_MOST_WAITING", 1)
    with asking(Desk()) as ask:
        work, waits = Work(), Work()
        ask("a", 1, work)
        assert work.begun.wait(5)
        ask("b", 1, waits)
        refused = ask("c", 1, waits)
        one_of_two = next(each for each in (refused,) if each.exception(5))
        assert isinstance(one_of_two.exception(), BusyError)


def test_work_that_fails_leaves_the_turn_to_the_next() -> None:
    desk = Desk()
    with pytest.raises(ZeroDivisionError):
        desk.ask("", 0, lambda _: 1 // 0)
    assert desk.ask("", 0, lambda _: "next") == "next"


def test_when_the_page_ends_whatever_is_at_work_or_waits_stops() -> None:
    desk = Desk()
    with asking(desk) as ask:
        work = Work()
        first = ask("", 0, work)
        assert work.begun.wait(5)
        second = ask("", 0, Work())
        desk.close()
        for each in (first, second):
            with pytest.raises(Outdated):
                each.result(5)
