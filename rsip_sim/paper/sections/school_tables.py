"""Schools and learning communities in numbers: the register of risks under every policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import pandas as pd

from rsip_sim.measures.school_table import SchoolSource
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.scenario import Scenario
from rsip_sim.studies.risks.work import RiskRegister, risk_register

SCHOOLS, COMMUNITIES = "schools", "communities"


class PackSource(SchoolSource, Protocol):
    """What a paper needs of a run."""

    @property
    def digest(self) -> str:
        """Sha256 of what the run is."""

    @property
    def seed(self) -> int:
        """Seed of the draws."""


def registers_of(
    results: SchoolSource, scenarios: Sequence[Scenario]
) -> Mapping[str, RiskRegister]:
    """The register of risks of each policy by name, the baseline first."""
    return {
        scenario.name: risk_register(results, scenario, scenarios[0] if place else None)
        for place, scenario in enumerate(scenarios)
    }


def school_table(registers: Mapping[str, RiskRegister]) -> LedgerTable:
    """Each school under each policy: columns as of RiskRegister.schools."""
    frame = _stacked({name: each.schools for name, each in registers.items()})
    frame["urn"] = frame["urn"].astype(str)
    return LedgerTable(
        SCHOOLS,
        "Schools by name, most pupils at risk of leaving first: chances in the model; not "
        "forecasts",
        frame,
        ("scenario", "urn"),
        {
            "leaves": "share of futures in which it is outside at least once after having been in",
            "outside_at_end": "share of futures in which it is outside the partnership at the end",
            "academy": "share of futures in which it becomes an academy",
            "months_short": "months below good with too little support, mean",
        },
    )


def community_table(registers: Mapping[str, RiskRegister]) -> LedgerTable:
    """Each learning community under each policy that has a partnership, at the end of the run."""
    founded = {name: each.communities for name, each in registers.items() if each.partnership}
    return LedgerTable(
        COMMUNITIES,
        "Learning communities at the end of the run, most pupils at risk first",
        _stacked(founded),
        ("scenario", "learning_community"),
        {
            "holds": "share of futures in which more than half of its pupils are in the "
            "partnership",
            "expected_share": "share of its pupils in the partnership, mean",
        },
    )


def _stacked(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The tables one below the other, the policy as first column; those without a row left out."""
    filled = {name: frame for name, frame in frames.items() if len(frame)}
    if not filled:
        return pd.DataFrame()
    stacked = pd.concat(filled, names=["scenario", "row"])
    return stacked.reset_index("scenario").reset_index(drop=True)
