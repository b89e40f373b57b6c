"""What is asked where a folder is verified."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rsip_sim.studies.kernel.asking import Question, shown


class VerifyQuestion(Question):
    """How much of a run is simulated again."""

    blocks: Annotated[int, Field(ge=0)] = shown(2, metavar="N")
    """Blocks of futures to simulate again; the run's digest picks."""
    all_blocks: bool = shown(False, flag="--all")
    """Simulate every block again, as long as the run took."""
