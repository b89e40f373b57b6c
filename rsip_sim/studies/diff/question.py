"""What is asked of two papers."""

from __future__ import annotations

from rsip_sim.studies.kernel.asking import Question, shown


class DiffQuestion(Question):
    """Which differences from the baseline are to be explained."""

    metrics: list[str] = shown(factory=list, metavar="NAME", flag="--metric")
    """A metric to explain, any number of times; otherwise the headlines."""
