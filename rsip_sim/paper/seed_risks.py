"""The five risks that the council's report of 2010 names, as events with a chance and an effect.

Each risk is an event that a future either holds or does not, read at the end of the run. Its
effect is how much more of the schools, grant or support is affected than at the start, in the
futures that hold it: so a risk is not serious because of the threshold that defines it. From what
threshold it counts, and how chance and effect are scored, is for the template to say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from rsip_sim.measures.metrics import Columns, stock_columns
from rsip_sim.measures.moments import Panel
from rsip_sim.measures.runs import FloatArray, PanelSource
from rsip_sim.measures.statistics import FEWEST_TO_COMPARE, mean_of_defined, wilson_interval
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.report.verdicts import differences_of
from rsip_sim.scenario import Scenario

NAME = "risks"
KEYS = ("scenario", "risk")
YEAR = 12  # months over which a flow is read
_COLUMNS = (
    *stock_columns(), "academies_alone", "gross_pence_per_year", "recouped_pence_per_year",
    "served_days", "bought_by_schools_days", "mutual_support", "partnership_ended",
)  # fmt: skip
SMALLEST = 1.0
"""Difference of a chance that is told, in percentage points: a smaller one would not show."""


PerCent = Annotated[float, Field(ge=0, le=100)]


class RiskScale(BaseModel):
    """How a template scores risks: from 1 to one more than there are bounds."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    event: float = Field(gt=0, lt=100)
    """Per cent affected at the end, from which a risk counts as having happened."""
    likelihood: list[PerCent] = Field(min_length=2)
    """Bounds of the scores of the chance, per cent of futures."""
    effect: list[PerCent] = Field(min_length=2)
    """Bounds of the scores of the effect, points more affected than at the start."""

    @model_validator(mode="after")
    def _bounds_rise(self) -> RiskScale:
        if any(sorted(set(each)) != each for each in (self.likelihood, self.effect)):
            raise ValueError("the bounds of a scale must rise")
        return self


USUAL_SCALE = RiskScale(
    event=25.0, likelihood=[5.0, 25.0, 50.0, 75.0], effect=[5.0, 10.0, 20.0, 35.0]
)


@dataclass(frozen=True)
class SeedRisk:
    """One risk.

    label     as the report has it
    event     what counts as happening, with {threshold}
    affected  what the effect is a part of
    share     of a panel, at its start (0) or end (-1): the part affected, per cent, (replications,)
    event_of  whether it happens, where that is not a matter of the threshold but of a partnership,
              (replications,)
    """

    name: str
    label: str
    event: str
    affected: str
    share: Callable[[Columns, int], FloatArray]
    event_of: Callable[[Columns], FloatArray] | None = None

    def happens(self, panel: Columns, threshold: float, partnership: bool) -> FloatArray:
        """1 in the futures in which it happens, else 0; NaN where it is not defined."""
        if self.event_of is None:
            return (self.share(panel, -1) >= threshold).astype(np.float64)
        if not partnership:
            return np.full(self.share(panel, -1).shape, np.nan)
        return self.event_of(panel)


def _stock(panel: Columns, columns: Sequence[str], at: int) -> FloatArray:
    return np.asarray(sum(panel[column][at].astype(np.float64) for column in columns))


def _academies(panel: Columns, at: int) -> FloatArray:
    phases = ("primary", "special")
    academies = _stock(panel, stock_columns(phases=phases, legal=("academy",)), at)
    return 100 * academies / np.maximum(_stock(panel, stock_columns(phases=phases), at), 1)


def _alone(panel: Columns, at: int) -> FloatArray:
    schools = _stock(panel, stock_columns(), at)
    return np.asarray(100 * panel["academies_alone"][at] / np.maximum(schools, 1))


def _grant(panel: Columns, at: int) -> FloatArray:
    gross = panel["gross_pence_per_year"][at].astype(np.float64)
    return np.asarray(100 * panel["recouped_pence_per_year"][at] / np.maximum(gross, 1))


def _bought(panel: Columns, at: int) -> FloatArray:
    months = slice(-YEAR, None) if at else slice(YEAR)
    served, bought = (panel[name][months].mean(axis=0)
                      for name in ("served_days", "bought_by_schools_days"))  # fmt: skip
    return np.asarray(100 * bought / np.maximum(served, 1))


def _unmet(panel: Columns, at: int) -> FloatArray:
    return np.asarray(100 * (1 - panel["mutual_support"][at]))


def _ended(panel: Columns) -> FloatArray:
    return np.asarray(panel["partnership_ended"][-1].astype(np.float64))


SEED_RISKS = (
    SeedRisk(
        "more_academies", "More academies, primary and special schools among them",
        "at least {threshold} of primary and special schools are academies",
        "of primary and special schools", _academies,
    ),
    SeedRisk(
        "atomisation", "Atomisation",
        "at least {threshold} of schools are academies in no partnership, trust or diocese",
        "of schools", _alone,
    ),
    SeedRisk(
        "dsg_loss", "Loss of the Dedicated Schools Grant",
        "at least {threshold} of the grant is recouped for academies", "of the grant", _grant,
    ),
    SeedRisk(
        "external_providers", "External providers",
        "schools buy at least {threshold} of support for themselves, over the last year",
        "of support", _bought,
    ),
    SeedRisk(
        "breakdown", "Breakdown of relations", "the partnership has ended",
        "of the support that weak schools need is not met", _unmet, _ended,
    ),
)  # fmt: skip


def risk_table(
    results: PanelSource, scenarios: Sequence[Scenario], scale: RiskScale = USUAL_SCALE
) -> LedgerTable:
    """Chance and effect of each risk under each scenario, the baseline first.

    chance, ci_low, ci_high       share of futures with its 95% interval (Wilson)
    effect                        points more affected where it happens, mean; NaN: never happens
    difference, …_ci_low, …_high  of the chance from the baseline's, paired, in points of 100
    clear                         1 where that is a point or more, and its interval without 0
    """
    records: list[tuple[object, ...]] = []
    base: FloatArray | None = None
    for scenario in scenarios:
        read = partial(_happens_and_effect, scale.event, scenario.policy.partnership)
        happens, effect = Panel(results, scenario).reduced(_COLUMNS, read)
        base = happens if base is None else base
        chance = happens.mean(axis=1)
        ends = wilson_interval(chance, happens.shape[1])
        meant = mean_of_defined(np.where(happens == 1, effect, np.nan))
        paired = differences_of(100 * happens, 100 * base)
        for risk, n, *numbers in zip(SEED_RISKS, paired, chance, *ends, meant, strict=True):
            low, high = max(n.ci_low, -100.0), min(n.ci_high, 100.0)
            own = (scenario.name, risk.name, *map(float, numbers))
            records.append((*own, n.difference, low, high, n.replications))
    columns = [
        *KEYS, "chance", "ci_low", "ci_high", "effect", "difference", "difference_ci_low",
        "difference_ci_high", "replications",
    ]  # fmt: skip
    frame = pd.DataFrame(records, columns=columns)
    chance, effect = (
        _scored(100 * frame["chance"], scale.likelihood), _scored(frame["effect"], scale.effect)
    )  # fmt: skip
    frame["likelihood_score"], frame["effect_score"] = chance, effect
    frame["score"] = chance * effect
    apart = (frame["difference_ci_low"] > 0) | (frame["difference_ci_high"] < 0)
    apart &= frame["difference"].abs() >= SMALLEST
    frame["clear"] = (apart & (frame["replications"] >= FEWEST_TO_COMPARE)).astype(float)
    points = dict.fromkeys(columns[5:9], "percentage points")
    shares = dict.fromkeys(columns[2:5], "share of futures")
    title = "Chance and effect of the risks named in 2010, at the end of the run"
    return LedgerTable(NAME, title, frame, KEYS, {**points, **shares})


def _happens_and_effect(threshold: float, partnership: bool, panel: Columns) -> FloatArray:
    """Of each risk whether it happens, and its effect: (2, risks, replications)."""
    return np.stack([
        [risk.happens(panel, threshold, partnership) for risk in SEED_RISKS],
        [risk.share(panel, -1) - risk.share(panel, 0) for risk in SEED_RISKS],
    ])  # fmt: skip


def _scored(values: pd.Series[float], bounds: Sequence[float]) -> pd.Series[float]:
    scores = 1.0 + np.searchsorted(bounds, values.to_numpy(), side="right")
    return pd.Series(scores, values.index).where(values.notna())
