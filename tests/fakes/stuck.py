"""The command, as `python -m rsip_sim` is, which says so and waits where its second block begins.

Without charts, which have tests of their own.
"""

import sys
import time
from types import SimpleNamespace
from typing import Any

from rsip_sim.__main__ import main


def simulate_one(*asked: Any) -> Any:
    """The model, for the first block; the second never ends."""
    if simulate_one.__dict__.setdefault("asked", []):
        print("stuck", flush=True)
        time.sleep(600)
    simulate_one.__dict__["asked"].append(asked)
    return model(*asked)


if __name__ == "__main__":
    import rsip_sim.model.simulation as simulation

    model = simulation.simulate_block
    simulation.simulate_block = simulate_one  # type: ignore[assignment]
    sys.modules["rsip_sim.studies.compare.charts"] = SimpleNamespace(  # type: ignore[assignment]
        run_charts=lambda *_: {}, comparison_charts=lambda *_: {}
    )
    main()
