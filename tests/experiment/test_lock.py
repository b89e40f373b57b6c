"""A folder is written by one process at a time, and whoever waits is told which holds it."""

from __future__ import annotations

import os
import sys
import threading
import warnings
from pathlib import Path
from typing import IO

import pytest

from rsip_sim.experiment import lock
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.lock import LOCK, folder_lock

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a held file cannot be read there")


def open_files() -> int:
    return len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").is_dir() else 0


def test_a_second_writer_is_told_the_process_that_holds_the_folder(tmp_path: Path) -> None:
    with folder_lock(tmp_path):
        assert (tmp_path / LOCK).read_text() == str(os.getpid())
        with (
            pytest.raises(StoreError, match=rf"another run \(process {os.getpid()}\) is writing"),
            folder_lock(tmp_path),
        ):
            pass
        assert (tmp_path / LOCK).exists()  # the refused one removed nothing


def test_a_longer_number_left_by_a_killed_process_is_no_part_of_ours(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_text("123456789123456789")
    with folder_lock(tmp_path):
        assert (tmp_path / LOCK).read_text() == str(os.getpid())


def test_a_holder_without_a_number_is_unknown(tmp_path: Path) -> None:
    with folder_lock(tmp_path):
        (tmp_path / LOCK).write_bytes(b"")
        with pytest.raises(StoreError, match=r"\(process unknown\)"), folder_lock(tmp_path):
            pass


def test_a_number_that_cannot_be_read_stops_nobody_from_being_told(tmp_path: Path) -> None:
    with folder_lock(tmp_path):
        (tmp_path / LOCK).write_bytes(b"\xff\xfe")
        with pytest.raises(StoreError, match="another run"), folder_lock(tmp_path):
            pass


def test_the_folder_is_free_again_and_no_file_stays_open(tmp_path: Path) -> None:
    before = open_files()
    with warnings.catch_warnings(record=True) as left_to_the_interpreter:
        warnings.simplefilter("always")
        for _ in range(3):
            with folder_lock(tmp_path), pytest.raises(StoreError), folder_lock(tmp_path):
                pass
            assert not (tmp_path / LOCK).exists()
    assert open_files() == before
    assert not left_to_the_interpreter


def test_a_file_that_the_next_has_locked_as_we_let_go_is_not_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a third would lock another file of that name, and be inside together with the next."""
    real, the_next = lock._locked, (tmp_path / LOCK)

    class Closing:
        def __init__(self, stream: IO[bytes]) -> None:
            self.stream = stream

        def __getattr__(self, name: str) -> object:
            return getattr(self.stream, name)

        def close(self) -> None:
            self.stream.close()
            assert not the_next.exists()
            the_next.write_bytes(b"of the next")

    monkeypatch.setattr(lock, "_locked", lambda path: Closing(real(path)))
    with folder_lock(tmp_path):
        pass
    assert the_next.read_bytes() == b"of the next"


def test_it_is_free_again_after_a_fault_inside(tmp_path: Path) -> None:
    with pytest.raises(ArithmeticError), folder_lock(tmp_path):
        raise ArithmeticError
    with folder_lock(tmp_path):
        pass


def test_a_lock_file_that_was_removed_while_we_waited_holds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The holder removes its file as it ends: a lock on that file would let a second one in."""
    real, taken = lock._lock, list[IO[bytes]]()

    def removed_meanwhile(stream: IO[bytes]) -> None:
        real(stream)
        taken.append(stream)
        if len(taken) == 1:  # another file takes its place before we have looked
            (tmp_path / LOCK).unlink()
            (tmp_path / LOCK).write_bytes(b"")

    monkeypatch.setattr(lock, "_lock", removed_meanwhile)
    with folder_lock(tmp_path):
        assert [stream.closed for stream in taken] == [True, False]
        monkeypatch.setattr(lock, "_lock", real)
        with pytest.raises(StoreError), folder_lock(tmp_path):
            pass


def test_of_many_at_once_each_is_alone_inside(tmp_path: Path) -> None:
    inside, most, done = [], [], []

    def work() -> None:
        while not done or len(done) < 40:
            try:
                with folder_lock(tmp_path):
                    inside.append(1)
                    most.append(len(inside))
                    inside.pop()
                    done.append(1)
            except StoreError:
                pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert max(most) == 1
