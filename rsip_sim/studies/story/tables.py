"""One school's story in tidy tables."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from rsip_sim.evidence.months import month_text
from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.studies.story.life import Life
from rsip_sim.studies.story.terms import label_of
from rsip_sim.studies.story.turning_point import APPLICATION
from rsip_sim.studies.story.work import Story

_TERMS = ["decision", "month", "term", "label", "scenario", "baseline", "moved", "unit"]


def tables(story: Story) -> Mapping[str, pd.DataFrame]:
    """``months`` of both lives, ``terms`` of the decision, ``futures`` by kind."""
    months = pd.concat([_months(life) for life in story.lives], ignore_index=True)
    return {"months": months, "terms": _terms(story), "futures": _futures(story)}


def _months(life: Life) -> pd.DataFrame:
    """One row a month: how the school and the agreement stand after everybody has acted."""
    under_way = (life.months["opening_due"] != NEVER).astype(int)
    return pd.DataFrame(
        {
            "scenario": life.scenario.name,
            "month": [month_text(life.start + month) for month in range(life.horizon)],
            "member": life.months["member"].astype(int),
            "academy": life.months["academy"].astype(int),
            "conversion_under_way": under_way,
            "grade": life.months["grade"],
            "support": life.months["adequacy"],
            "short_of_support": life.months["unmet"].astype(int),
            "agreement_in_force": life.panel["agreement_in_force"],
            "months_of_cover": life.panel["cover_months"],
        }
    )


def _terms(story: Story) -> pd.DataFrame:
    """One row a term of each decision that differs first, those that differ most first."""
    rows = [
        (
            point.kind, month_text(story.ours.start + point.month), term.name,
            label_of(point, term).short, term.ours, term.theirs, term.moved,
            "share of the way" if point.kind == APPLICATION else "utility",
        )
        for point in story.points
        for term in point.terms
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=_TERMS)


def _futures(story: Story) -> pd.DataFrame:
    """One row a kind of difference: in how many futures."""
    chosen = story.chosen
    rows = [(kind.words, kind.futures) for kind in chosen.kinds]
    if chosen.differing:
        rows.append(("no difference", chosen.replications - chosen.differing))
    return pd.DataFrame(rows, columns=["kind", "futures"])
