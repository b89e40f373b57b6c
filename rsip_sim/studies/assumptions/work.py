"""The assumption log: every uncertain parameter, how well it is known, and what hangs on it.

Nothing here is typed: value, range, sources and grade of evidence come from the register, the
fitted range from the calibrated sample, and the impact from paired runs of a study of sensitivity.
Quality of evidence and impact together give the red, amber or green that analysts of government
use to see what is weak and influential.

`rsip assumptions --store`, run in a checkout, simulates the shipped scenarios of PAIRS anew and
keeps their impacts with the package: some four minutes on two cores. What is kept is right as long
as two things have not changed: the numbers of the register with the calibrated sample, of which a
digest is kept, and what the model makes of a few futures, of which the averages are kept. A change
of names, comments or structure leaves both alone. Grades, labels and sources are read from the
register when they are shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace

import numpy as np
import pandas as pd

from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.evidence.register import GRADES, Parameter, load_register
from rsip_sim.experiment.results import Results
from rsip_sim.measures.metrics import HEADLINES, METRICS
from rsip_sim.measures.moments import MEAN, moments_of
from rsip_sim.measures.statistics import mean_of_defined, quantiles
from rsip_sim.scenario import Scenario, load_scenario
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.keeping import kept_tables, store_results, stored_record, stored_table
from rsip_sim.studies.kernel.trials import Trial, measure
from rsip_sim.studies.registry import study_named

STUDY, TABLE, OUTCOMES = "assumptions", "impact", "outcomes"
PAIRS = (("agreement_later", "two_year"), ("two_year", "three_year"))
"""(baseline, scenario): what a two-year agreement changes, and what a third year adds."""

FUTURES = 32
COUNTED = HEADLINES
"""The metrics on whose differences impact is judged."""

HIGH, MEDIUM = 0.5, 0.2
"""Impact: the swing of a difference beside its typical size (its root mean square)."""

IMPACTS = ("low", "medium", "high")
RATINGS = ("red", "amber", "green")
EVIDENCE = tuple(reversed(GRADES))  # weakest first
GRID: Mapping[tuple[str, str], str] = {
    ("none", "high"): "red",
    ("none", "medium"): "amber",
    ("weak", "high"): "red",
    ("weak", "medium"): "amber",
    ("moderate", "high"): "amber",
}
"""Rating by grade of evidence and impact; green where none is given."""

IMPACT_COLUMNS = (
    "baseline", "scenario", "date", "metric", "parameter", "swing", "swing_low", "swing_high",
    "size", "share",
)  # fmt: skip
SENSITIVITY_TABLES = ("shares", "indices", "swings")
"""Of a study of sensitivity, from which impacts come."""


@dataclass(frozen=True)
class Impact:
    """The largest swing of a headline difference by a parameter that is clear and shows.

    swing      of the difference, from the parameter's low to its high end, in the metric's unit
    swing_low, swing_high   its 95% interval
    size       the swing beside the difference's root mean square
    share      of the difference's variance that the parameter makes alone
    """

    baseline: str
    scenario: str
    metric: str
    swing: float
    swing_low: float
    swing_high: float
    size: float
    share: float


@dataclass(frozen=True)
class Assumption:
    """One line of the log.

    fitted  5%, 50% and 95% points after calibration; None where it was not calibrated
    impact  its largest; None where it swings none by an amount that can be told from none
    judged  whether any study varied it
    """

    parameter: Parameter
    fitted: tuple[float, float, float] | None
    impact: Impact | None
    judged: bool

    @property
    def rank(self) -> str:
        """Impact in a word: one of IMPACTS."""
        size = self.impact.size if self.impact else 0.0
        return "high" if size >= HIGH else "medium" if size >= MEDIUM else "low"

    @property
    def rating(self) -> str:
        """One of RATINGS; '' where no study has judged it."""
        return GRID.get((self.parameter.grade, self.rank), "green") if self.judged else ""


@dataclass(frozen=True)
class Simulated:
    """The impacts of PAIRS, and the outcomes by which a change of the model is noticed.

    sets  parameter sets of each study
    """

    impacts: pd.DataFrame
    outcomes: pd.DataFrame
    sets: int


@dataclass(frozen=True)
class AssumptionLog:
    """All uncertain parameters, weak and influential first.

    pairs      (scenario, baseline) of the studies that the impact was taken from
    note       what a reader should know of where the impact comes from, or ''
    simulated  what the package is to keep, where its impacts were simulated anew
    """

    assumptions: tuple[Assumption, ...]
    pairs: tuple[tuple[str, str], ...]
    note: str = ""
    simulated: Simulated | None = None


def log_of_package(anew: bool = False, means: Means | None = None) -> AssumptionLog:
    """The log with the impacts of the package: those it keeps, or simulated anew."""
    note = (
        "These are kept with the package; 'rsip sensitivity DIR', then 'rsip assumptions DIR', "
        "give those of another comparison."
    )
    if anew:
        simulated = simulated_impacts(means or Means())
        return replace(assumption_log(simulated.impacts, note), simulated=simulated)
    if stored_record(STUDY)["numbers_sha256"] != numbers_digest():
        note += " They were made before the register or the calibrated sample changed."
    return assumption_log(kept_impacts(), note)


def log_of_comparison(results: Results) -> AssumptionLog:
    """The log with the impacts of the studies of sensitivity that a comparison keeps."""
    studies = kept_tables(results, "sensitivity", SENSITIVITY_TABLES)
    if studies:
        return assumption_log(pd.concat(map(impact_table, studies), ignore_index=True))
    return assumption_log(
        None,
        f"Their impact on this comparison is not known yet: 'rsip sensitivity {results.folder}' "
        "works it out.",
    )


def assumption_log(impacts: pd.DataFrame | None, note: str = "") -> AssumptionLog:
    """The log with the impacts of one or more studies; without impact where there is none.

    impacts  rows as `impact_table` gives them, of one or more studies
    note     where they come from, or what would add them
    """
    posterior = load_posterior()
    impacts = pd.DataFrame(columns=[*IMPACT_COLUMNS]) if impacts is None else impacts
    found = []
    for parameter in load_register().uncertain():
        fitted = None
        if posterior is not None and parameter.name in posterior.names:
            low, middle, high = quantiles(posterior.column(parameter.name))
            fitted = (float(low), float(middle), float(high))
        rows = impacts[impacts["parameter"] == parameter.name]
        found.append(Assumption(parameter, fitted, _largest(rows), len(rows) > 0))
    known = impacts[["scenario", "baseline"]].drop_duplicates()
    pairs = tuple(known.itertuples(index=False, name=None))
    return AssumptionLog(tuple(sorted(found, key=_order)), pairs, note)


def _order(each: Assumption) -> tuple[int, int, float, float]:
    """Red first, then the weaker evidence, then the larger impact; the unjudged by evidence."""
    rating = RATINGS.index(each.rating) if each.rating else len(RATINGS)
    size, share = (each.impact.size, each.impact.share) if each.impact else (0.0, 0.0)
    return rating, EVIDENCE.index(each.parameter.grade), -size, -share


def _largest(rows: pd.DataFrame) -> Impact | None:
    clear = rows[(rows["swing_low"] > 0) | (rows["swing_high"] < 0)]
    swings = zip(clear["metric"], clear["swing"], strict=True)
    clear = clear[[not METRICS[name].format.shows_zero(swing) for name, swing in swings]]
    if clear.empty:
        return None
    row = clear.sort_values("size", ascending=False, kind="stable").iloc[0]
    return Impact(**{each.name: row[each.name] for each in fields(Impact)})


def impact_table(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What each parameter does to the headline differences, from the tables of a sensitivity study.

    tables  SENSITIVITY_TABLES; the columns of the result are IMPACT_COLUMNS
    """
    shares, indices, swings = (
        tables[name][(tables[name]["kind"] == "difference") & tables[name]["metric"].isin(COUNTED)]
        for name in SENSITIVITY_TABLES
    )
    typical = np.hypot(shares["average"], shares["standard_deviation"])
    by_metric = dict(zip(shares["metric"], typical, strict=True))
    alone = {
        (row["metric"], row["factor"]): row["first"]
        for row in indices.to_dict("records")
        if row["parameters"] == 1
    }
    rows = []
    for row in swings.to_dict("records"):
        size = by_metric[row["metric"]]
        known = {name: row[name] for name in IMPACT_COLUMNS if name in row}
        known["size"] = abs(row["swing"]) / size if size > 0 else 0.0
        known["share"] = max(alone.get((row["metric"], row["parameter"]), row["share"]), 0.0)
        rows.append(known)
    return pd.DataFrame(rows, columns=[*IMPACT_COLUMNS])


def assumption_table(log: AssumptionLog) -> pd.DataFrame:
    """One row a parameter, with sources and all that the log says of it."""
    return pd.DataFrame([_record(each) for each in log.assumptions])


def _record(each: Assumption) -> dict[str, object]:
    parameter, nan = each.parameter, float("nan")
    low, middle, high = each.fitted or (nan, nan, nan)
    impact = each.impact or Impact("", "", "", nan, nan, nan, nan, nan)
    return {
        "rating": each.rating,
        "parameter": parameter.name,
        "label": parameter.label,
        "unit": parameter.unit,
        "evidence": parameter.grade,
        "impact": each.rank if each.judged else "",
        "value": parameter.value,
        "low": parameter.low,
        "high": parameter.high,
        "fitted_low": low,
        "fitted_middle": middle,
        "fitted_high": high,
        "of": METRICS[impact.metric].label if impact.metric else "",
        **{name: value for name, value in asdict(impact).items() if name != "metric"},
        "facts": " ".join(fact.text for fact in parameter.facts),
        "sources": " | ".join(dict.fromkeys(fact.source for fact in parameter.facts)),
        "note": parameter.note,
    }


def kept_impacts() -> pd.DataFrame:
    """The impacts of the package; columns are IMPACT_COLUMNS."""
    return stored_table(STUDY, TABLE)


def numbers_digest() -> str:
    """Sha256 of the numbers of the register (levers apart) and of the calibrated sample."""
    posterior = load_posterior()
    facts = [
        (p.name, p.value, p.low, p.high, p.distribution, p.minimum, p.maximum, p.kind)
        for p in load_register()
        if p.kind != "lever"
    ]
    text = repr((facts, posterior.digest if posterior else None))
    return hashlib.sha256(text.encode()).hexdigest()


def outcomes_table(scenarios: Mapping[str, Scenario]) -> pd.DataFrame:
    """Averages of the counted metrics over FUTURES futures: one row a scenario and metric."""
    rows = []
    for name, each in sorted(scenarios.items()):
        moment = moments_of(each.policy, each.policy.horizon_months)[MEAN]
        trial = Trial(
            each.policy, each.roster, each.run.seed, np.arange(FUTURES), COUNTED, (moment,)
        )
        averages = mean_of_defined(measure(trial)[:, 0])
        rows += [(name, metric, value) for metric, value in zip(COUNTED, averages, strict=True)]
    return pd.DataFrame(rows, columns=["scenario", "metric", "average"])


def shipped_scenarios() -> dict[str, Scenario]:
    """The scenarios of PAIRS by name; ScenarioError where the shipped files are not whole."""
    names = sorted({name for pair in PAIRS for name in pair})
    return {name: load_scenario(f"rsip:{name}") for name in names}


def simulated_impacts(means: Means) -> Simulated:
    """Studies of sensitivity of PAIRS, simulated anew."""
    scenarios, study, tables, sets = shipped_scenarios(), study_named("sensitivity"), [], 0
    for names in PAIRS:
        pair = tuple(scenarios[name] for name in names)
        ready = study.check(study.question(), Ground(pair, pair[0].run.seed))
        tables.append(impact_table(study.tables(study.work(ready, means))))
        sets = study.facts(ready)["sets"]
    return Simulated(pd.concat(tables, ignore_index=True), outcomes_table(scenarios), sets)


def store_impacts(simulated: Simulated) -> None:
    """Keep impacts and outcomes with the package."""
    record: dict[str, object] = {
        "pairs": [" against ".join(reversed(pair)) for pair in PAIRS],
        "sets": simulated.sets,
        "numbers_sha256": numbers_digest(),
        "made_by": "rsip assumptions --store",
    }
    store_results(STUDY, {TABLE: simulated.impacts, OUTCOMES: simulated.outcomes}, record)
