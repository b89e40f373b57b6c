"""The accounts of a difference as tidy tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rsip_sim.measures.moments import unit_at
from rsip_sim.studies.explain.accounts import Account, Part
from rsip_sim.studies.explain.hybrids import BY_LEVER, BY_MECHANISM
from rsip_sim.studies.explain.work import Explained

TABLE = [
    "metric", "label", "unit", "date", "family", "way", "kind", "step", "step_label",
    "step_words", "mean", "ci_low", "ci_high", "p05", "p95", "share_higher", "share_lower",
    "share_equal", "part_of_whole", "verdict", "replications",
]  # fmt: skip
"""Columns of `step_table`. ``way``: share or alone. ``kind``: step, rest, interaction
or total; the rows of one metric and way before the total add up to it."""


def step_table(accounts: Sequence[Account], ways: Sequence[str]) -> pd.DataFrame:
    """One row a metric, way of sharing out and part."""
    rows = []
    for account in accounts:
        for way, parts in account.ways():
            if way in ways:
                rows += [_record(account, way, part) for part in (*parts, account.total)]
    return pd.DataFrame(rows, columns=TABLE)


def tables(explained: Explained) -> dict[str, pd.DataFrame]:
    """Two tables for each family of steps: one at a time, and shares."""
    made = {}
    for family, name in ((BY_LEVER, "levers"), (BY_MECHANISM, "mechanisms")):
        accounts = [each for each in explained.accounts if each.family == family]
        made[f"{name}_one_at_a_time"] = step_table(accounts, ("alone",))
        made[f"{name}_shares"] = step_table(accounts, ("share",))
    return made


def _record(account: Account, way: str, part: Part) -> tuple[object, ...]:
    metric, n, total = account.metric, part.numbers, account.total
    share = n.difference / total.mean if total.clear else np.nan
    return (
        metric.name, metric.label, unit_at(metric, account.moment, files=True),
        account.moment.label, account.family, way,
        part.kind, part.step.name, part.step.label, part.step.words,
        n.difference, n.ci_low, n.ci_high, n.p05, n.p95, n.higher, n.lower, n.equal, share,
        part.verdict, n.replications,
    )  # fmt: skip
