"""What is asked of the assumption log."""

from __future__ import annotations

from rsip_sim.studies.kernel.asking import Question


class AssumptionsQuestion(Question):
    """What is uncertain, and what hangs on it."""

    store: bool = False
    """Simulate the impacts anew and keep them with the package, for MODEL.md: some minutes."""
