"""Schools and learning communities in numbers: what the stored tables of schools say of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rsip_sim.analysis.pack.ledger import LedgerTable
from rsip_sim.analysis.source import AS_WRITTEN, PanelSource
from rsip_sim.scenario import Scenario

SCHOOLS, COMMUNITIES = "schools", "communities"
HALF = 0.5
"""A learning community holds together while more than this share of its pupils is inside."""
_COLUMNS = ("opening_month", "member_at_end", "months_unmet")


class PackSource(PanelSource, Protocol):
    """What a paper needs of a run."""

    @property
    def digest(self) -> str:
        """Sha256 of what the run is."""

    @property
    def seed(self) -> int:
        """Seed of the draws."""

    def schools(self, scenario: str, variant: str, columns: Sequence[str]) -> pd.DataFrame:
        """Some columns of the table of schools, one row a replication and school."""


def school_table(results: PackSource, scenarios: Sequence[Scenario]) -> LedgerTable:
    """Each school under each policy: chances at the end of the run, and months short of support."""
    frames = []
    for scenario in scenarios:
        roster = scenario.roster
        opening, member, unmet = _columns(results, scenario)
        communities = [roster.communities[c] if c >= 0 else "none" for c in roster.community]
        frames.append(
            pd.DataFrame(
                {
                    "scenario": scenario.name,
                    "urn": [str(urn) for urn in roster.urn],
                    "school": roster.school,
                    "phase": roster.detailed_phase,
                    "learning_community": communities,
                    "pupils": roster.pupils,
                    "outside": np.nan if not scenario.policy.partnership
                    else (member == 0).mean(axis=0),
                    "academy": (opening != -1).mean(axis=0),
                    "months_unmet": unmet.mean(axis=0),
                }
            )
        )  # fmt: skip
    units = {
        "outside": "share of futures in which it is outside the partnership at the end",
        "academy": "share of futures in which it is an academy at the end",
        "months_unmet": "months below good with too little support, mean",
    }
    title = "Schools by name: chances in the model, renewal as written; not forecasts"
    return LedgerTable(
        SCHOOLS, title, pd.concat(frames, ignore_index=True), ("scenario", "urn"), units
    )


def community_table(results: PackSource, scenarios: Sequence[Scenario]) -> LedgerTable:
    """Each learning community under each policy that has a partnership, at the end of the run."""
    records = []
    for scenario in scenarios:
        roster = scenario.roster
        if not scenario.policy.partnership or not roster.communities:
            continue
        member = _columns(results, scenario)[1]
        for number, name in enumerate(roster.communities):
            rows = np.flatnonzero(roster.community == number)
            pupils = roster.pupils[rows]
            share = member[:, rows] @ pupils / pupils.sum()
            records.append(
                (scenario.name, name, len(rows), int(pupils.sum()), float((share > HALF).mean()),
                 float(share.mean()))
            )  # fmt: skip
    columns = ["scenario", "community", "schools", "pupils", "holds", "share"]
    units = {
        "holds": "share of futures in which more than half of its pupils are in the partnership",
        "share": "share of its pupils in the partnership, mean",
    }
    title = "Learning communities at the end of the run, renewal as written"
    return LedgerTable(
        COMMUNITIES, title, pd.DataFrame(records, columns=columns), ("scenario", "community"), units
    )


def _columns(results: PackSource, scenario: Scenario) -> tuple[NDArray[np.int64], ...]:
    """Columns of the table of schools, each (replications, schools)."""
    frame = results.schools(scenario.name, AS_WRITTEN, _COLUMNS)
    shape = (results.replications, len(scenario.roster))
    return tuple(frame[name].to_numpy(np.int64).reshape(shape) for name in _COLUMNS)
