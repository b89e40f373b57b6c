"""At the edge of the machine: no locks, no streams, a stop in the middle of everything."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from rsip_sim.experiment import lock
from rsip_sim.experiment.errors import PlaceWarning, StoreError
from rsip_sim.experiment.lock import LOCK, folder_lock
from rsip_sim.experiment.progress import Progress, progress_on
from tests.fakes.places import ROOT


def refused_with(code: int):
    def refuse(_stream: object) -> None:
        raise OSError(code, "as the drive says it")

    return refuse


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS])
def test_a_drive_without_locks_is_used_and_said(tmp_path, monkeypatch, code):
    """No other run is blamed for what the drive cannot do, and no lock file stays behind."""
    monkeypatch.setattr(lock, "_lock", refused_with(code))
    with pytest.warns(UserWarning, match="knows no locks") as told, folder_lock(tmp_path):
        assert not (tmp_path / LOCK).exists()
    (warning,) = told  # and none of a file left open
    assert (warning.category, warning.filename) == (PlaceWarning, __file__)  # said of who asked
    assert not (tmp_path / LOCK).exists()


@pytest.mark.parametrize("code", [errno.EAGAIN, errno.EACCES])
def test_a_lock_that_is_held_is_another_run(tmp_path, monkeypatch, code):
    monkeypatch.setattr(lock, "_lock", refused_with(code))
    with pytest.raises(StoreError, match="another run"), folder_lock(tmp_path):
        pass


def test_without_an_error_stream_nothing_is_told_and_nothing_fails(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    told = progress_on(None)
    assert type(told) is Progress
    told.begin(3, 0)
    told.advance(3)
    told.end()


STOPPED = """
import sys, time
sys.path.insert(0, {root!r})
from rsip_sim.experiment.pool import process_pool
from rsip_sim.experiment.tasks import run_tasks
if {by!r} == "tasks":
    for _ in run_tasks(time.sleep, [0.05] * 400, [5000] * 400, 2):
        raise KeyboardInterrupt
with process_pool(2) as pool:
    futures = [pool.submit(time.sleep, 0.05) for _ in range(200)]
    futures[3].result()
    raise KeyboardInterrupt
"""


@pytest.mark.parametrize("by", ["tasks", "pool"])
def test_a_stop_in_the_middle_prints_no_traceback_but_its_own(tmp_path: Path, by: str):
    """The pool's thread once failed over futures cancelled under it, in half of all stops."""
    script = tmp_path / "stopped.py"
    script.write_text(STOPPED.format(root=str(ROOT), by=by))
    for _ in range(2):
        done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
        assert done.stderr.count("Traceback") == 1, done.stderr
        assert "KeyboardInterrupt" in done.stderr
        assert "InvalidStateError" not in done.stderr
