"""What is asked of the calibration."""

from __future__ import annotations

from rsip_sim.studies.kernel.asking import File, Question, shown


class CalibrationQuestion(Question):
    """Which values of the uncertain parameters the openings to April 2013 leave credible."""

    targets: File | None = shown(None, metavar="FILE")
    """What to fit to; otherwise experiments/calibration/targets.yaml."""
    store: bool = shown(True, off=False)
    """Keep the sample in the package, for all runs with uncertain values."""
