"""What an analysis with a command of its own came to, under the title of the study that asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from rsip_sim.report.text import heading, paragraph
from rsip_sim.studies.kernel.files import LoadedStudy


class Found(Protocol):
    """What an analysis came to."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Tidy tables by name."""

    def text(self) -> str:
        """The findings in words and small tables, for the terminal."""


@dataclass(frozen=True)
class Titled:
    """The findings with the study's title and question before them."""

    study: LoadedStudy
    found: Found

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables of the analysis."""
        return self.found.tables

    def text(self) -> str:
        """Title and question, then the findings."""
        lines = [*heading(self.study.title), *paragraph(self.study.settings.description)]
        return "\n".join([*lines, "", self.found.text()])
