"""The accounts of a difference as tidy tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rsip_sim.measures.moments import unit_at
from rsip_sim.studies.explain.accounts import Account
from rsip_sim.studies.explain.hybrids import BY_LEVER, BY_MECHANISM
from rsip_sim.studies.explain.work import Explained


def step_table(accounts: Sequence[Account], way: str) -> pd.DataFrame:
    """One row a metric and part of this way of sharing out: share or alone.

    ``kind`` is step, rest, interaction or total; the rows of one metric before the total add up
    to it.
    """
    rows = []
    for account in accounts:
        metric, whole = account.metric, account.total
        for part in (*account.ways()[way], whole):
            n = part.numbers
            rows.append(
                {
                    "metric": metric.name,
                    "label": metric.label,
                    "unit": unit_at(metric, account.moment, files=True),
                    "date": account.moment.label,
                    "family": account.family,
                    "way": way,
                    "kind": part.kind,
                    "step": part.step.name,
                    "step_label": part.step.label,
                    "step_words": part.step.words,
                    "mean": n.difference,
                    "ci_low": n.ci_low,
                    "ci_high": n.ci_high,
                    "p05": n.p05,
                    "p95": n.p95,
                    "share_higher": n.higher,
                    "share_lower": n.lower,
                    "share_equal": n.equal,
                    "part_of_whole": n.difference / whole.mean if whole.clear else np.nan,
                    "verdict": part.verdict,
                    "replications": n.replications,
                }
            )
    return pd.DataFrame(rows)


def tables(explained: Explained) -> dict[str, pd.DataFrame]:
    """Two tables for each family of steps that was shared out: one at a time, and shares."""
    made = {}
    for family, name in ((BY_LEVER, "levers"), (BY_MECHANISM, "mechanisms")):
        accounts = [each for each in explained.accounts if each.family == family]
        if accounts:
            made[f"{name}_one_at_a_time"] = step_table(accounts, "alone")
            made[f"{name}_shares"] = step_table(accounts, "share")
    return made
