"""What is asked for one school's story."""

from __future__ import annotations

from rsip_sim.studies.kernel.asking import Question, shown


class StoryQuestion(Question):
    """Which school, in which future, under which two scenarios."""

    school: str = shown(metavar="URN")
    """The school's URN or its name."""
    replication: int | None = shown(None, metavar="K")
    """The future to tell; otherwise a typical one."""
    baseline: str | None = shown(None, metavar="NAME")
    """Scenario to compare with; otherwise the baseline."""
    scenario: str | None = shown(None, metavar="NAME")
    """Scenario to tell; otherwise the last of the others."""
