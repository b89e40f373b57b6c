"""The command, as `python -m rsip_sim` is, but for the charts: they have tests of their own."""

import sys
from types import SimpleNamespace

from rsip_sim.__main__ import main

if __name__ == "__main__":
    sys.modules["rsip_sim.studies.compare.charts"] = SimpleNamespace(  # type: ignore[assignment]
        run_charts=lambda *_: {}, comparison_charts=lambda *_: {}
    )
    main()
