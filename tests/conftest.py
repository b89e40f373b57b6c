"""What all tests share: hypothesis draws the same examples every time, without a clock."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator

# before numpy is imported: every process of the tests has one core, and threads of the linear
# algebra that fight over it take ten times as long
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture import providers

settings.register_profile(
    "quick",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
# a mutant is dead at the first example that fails: no search for a smaller one
settings.register_profile(
    "mutation",
    settings.get_profile("quick"),
    phases=(Phase.explicit, Phase.generate),
    report_multiple_bugs=False,
)
settings.load_profile("quick")

# It would also draw numbers found in the source of whatever modules are loaded by then, and so
# other examples when other tests run in the same process: it is given none.
providers._get_local_constants = lambda: providers._local_constants

# A shell that starts the tests in the background leaves Ctrl-C ignored, in them and in what they
# start: the tests of being interrupted then would wait for nothing.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


# Looking for what nobody holds any more took a sixth of all the time: nothing that is collected
# dies, and what a test leaves behind may wait.
gc.disable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mutants meet the tests of single rules first, then the random scenarios: few survive both."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    gc.enable()
    if config.getoption("hypothesis_profile") == "mutation":
        order = ("test_rules_", "random_scenarios_give", "")
        items.sort(key=lambda item: [word in item.nodeid for word in order].index(True))


def pytest_collection_finish() -> None:
    """Where charts are drawn, their words are measured once."""
    if "matplotlib.figure" in sys.modules:
        from tests.fakes.measured_once import remember_sizes

        remember_sizes()


@pytest.fixture
def no_other_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """A comparison that is kept does not simulate what other rules of the model would give.

    That is most of its time, and argued in tests/studies/compare/test_alternatives.py.
    """
    nothing = "rsip_sim.studies.compare.alternatives.alternatives"
    monkeypatch.setattr(nothing, lambda *_args, **_named: ())


@pytest.fixture
def impatient() -> Iterator[None]:
    """What would wait for ever fails after a while."""

    def stop(*_: object) -> None:
        pytest.fail("this waits for something that never comes")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
