"""What is asked of the register of risks."""

from __future__ import annotations

from rsip_sim.studies.kernel.asking import Question, shown


class RisksQuestion(Question):
    """Who leaves, under which scenario, and by when."""

    scenario: str | None = shown(None, metavar="NAME")
    """Scenario; otherwise the last with a partnership."""
    by: str | None = shown(None, metavar="MONTH")
    """Count leaving to the end of a month, as 2013-03."""
