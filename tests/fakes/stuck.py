"""The command, as `python -m rsip_sim` is, which says so and waits when its first block is stored.

Without charts, which have tests of their own.
"""

import sys
import time
from types import SimpleNamespace
from typing import Any

from rsip_sim.__main__ import main
from rsip_sim.experiment import worker

STORED: list[Any] = []


def store_one(*asked: Any) -> Any:
    """Store the first block; the second never comes to that."""
    if STORED:
        print("stuck", flush=True)
        time.sleep(600)
    STORED.append(asked)
    return store_block(*asked)


if __name__ == "__main__":
    store_block = worker.store_block
    worker.store_block = store_one
    sys.modules["rsip_sim.studies.compare.charts"] = SimpleNamespace(  # type: ignore[assignment]
        run_charts=lambda *_: {}, comparison_charts=lambda *_: {}
    )
    main()
