"""What is asked of the study of value."""

from __future__ import annotations

from rsip_sim.studies.kernel.asking import Question, shown


class ValueQuestion(Question):
    """What more evidence would be worth to a choice."""

    objective: str | None = shown(None, metavar="METRIC")
    """What is to be had; otherwise cohesion."""
    at: str | None = shown(None, metavar="MOMENT")
    """mean, march_2013 or end; otherwise mean where lengths of agreement differ."""
