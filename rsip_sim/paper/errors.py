"""What can go wrong in making a paper, in words for a planner."""

from rsip_sim.experiment.errors import ExperimentError


class TemplateError(ExperimentError):
    """A template that is not there or cannot be used; the message says why."""
