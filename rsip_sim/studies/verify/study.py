"""Verification as a study: asked, worked out and told; nothing is kept of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from rsip_sim.report.blocks import Report
from rsip_sim.studies.kernel.asking import Question, shown
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import Study
from rsip_sim.studies.verify.report import verify_report
from rsip_sim.studies.verify.work import Verification, verify


class VerifyQuestion(Question):
    """How much of a run is simulated again."""

    blocks: Annotated[int, Field(ge=0)] = shown(2, metavar="N")
    """Blocks of futures to simulate again; the run's digest picks."""
    all_blocks: bool = shown(False, flag="--all")
    """Simulate every block again, as long as the run took."""


Asked = tuple[Path, int | None]
"""A folder, and how many of its blocks are simulated again; None: all of them."""


class VerifyStudy(Study[VerifyQuestion, Asked, Verification]):
    """Check that what is stored is whole and unchanged, and that the model still gives the same.

    Exit code 3 where something differs.
    """

    name = "verify"
    question = VerifyQuestion
    stands_on = "folder"
    keeps = False

    def check(self, asked: VerifyQuestion, ground: Ground) -> Asked:
        """The folder; what it holds is found out by the work itself."""
        (folder,) = ground.folders
        return folder, None if asked.all_blocks else asked.blocks

    def facts(self, ready: Asked) -> dict[str, Any]:
        """How many blocks are simulated again."""
        return {"blocks": ready[1]}

    def work(self, ready: Asked, means: Means) -> Verification:
        """Every check. Raises StoreError where the folder holds nothing finished."""
        return verify(*ready, means.workers, means.progress)

    def failures(self, result: Verification) -> int:
        """The checks that found a difference, or could not be made."""
        return result.failed

    def report(self, result: Verification) -> Report:
        """The verdict, each check, and what they establish."""
        return verify_report(result)
