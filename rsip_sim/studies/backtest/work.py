"""The back-test: could the model have said, in April 2013, what happened next?

From the stock of 1 April 2013 the openings of May 2013 to September 2014 are forecast for every
authority whose later stocks are known, and for Rotherham; two simple rivals forecast the same from
the same. The verdict is worked out from the scores, whatever it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from rsip_sim.evidence.months import month_name
from rsip_sim.evidence.national import PHASES
from rsip_sim.experiment.progress import Progress
from rsip_sim.studies.backtest.cases import (
    FLAT,
    KNOWN_SERIES,
    LEARNT,
    MODEL,
    WITHHELD,
    Cases,
    cases,
    model_forecasts,
    rival_forecasts,
    some_cases,
)
from rsip_sim.studies.backtest.forecast import TARGETS
from rsip_sim.studies.backtest.scoring import FloatArray, mean_difference
from rsip_sim.studies.backtest.tables import (
    TOGETHER,
    all_scores,
    authority_table,
    pit_table,
    rotherham_fan,
    rotherham_table,
    score_table,
    verdict_table,
)

REPLICATIONS = 8192
SEED = 20130402
MODES = (KNOWN_SERIES, WITHHELD)

MECHANISMS: Mapping[str, tuple[tuple[str, float], ...]] = {
    "schools converting together": (("consortium_reach", 0.0),),
    "trusts": (("trust_multiplier", 1.0),),
    "nearby conversions": (("contagion_same_phase", 1.0), ("contagion_other_phase", 1.0)),
    "share of academies in the authority": (("share_multiplier", 1.0),),
    "lasting differences between authorities": (("eta_fixed_share", 0.0),),
    "passing differences between authorities": (("eta_fixed_share", 1.0),),
    "differences between authorities in orders": (("order_effect_sd", 0.0),),
    "orders for schools graded 3": (
        ("order_rate_grade_3_primary", 0.0),
        ("order_rate_grade_3_secondary", 0.0),
    ),
    "tastes of single schools": (("conversion_taste_sd", 0.0),),
}
"""What can be switched off, and the parameters that do it."""


@dataclass(frozen=True)
class BacktestReport:
    """Everything the back-test found.

    tables  scores, verdicts, pit, authorities, rotherham, fan; one row a line, tidy; mechanisms
            too where they were asked for
    scored  number of authorities behind the scores
    until   month number of the last openings forecast
    """

    tables: Mapping[str, pd.DataFrame]
    scored: int
    until: int
    replications: int
    seed: int

    def text(self) -> str:
        """The findings in words and small tables."""
        parts = [
            f"Openings after 1 April 2013 to {month_name(self.until)}, forecast from what was "
            f"known on that day: {self.scored} authorities, {self.replications:,} replications "
            "each.",
            self._conclusion(),
            *self._verdicts(),
            self._cost_of_withholding(),
            *self._scores(),
            *self._rotherham(),
        ]
        if "mechanisms" in self.tables:
            parts += self._mechanisms()
        return "\n\n".join(parts)

    def beats(self, rival: str, phase: str, score: str = "crps", mode: str = KNOWN_SERIES) -> str:
        """The verdict on all openings of a phase against a rival: see `verdict`."""
        table = self.tables["verdicts"]
        chosen = table[
            (table["mode"] == mode)
            & (table["rival"] == rival)
            & (table["phase"] == phase)
            & (table["route"] == "all")
            & (table["score"] == score)
        ]
        return str(chosen["verdict"].iloc[0])

    def _conclusion(self) -> str:
        """The verdict on all phases together, whatever it is."""
        said = []
        for mode in self._modes():
            words = [
                f"against '{rival}' {self.beats(rival, TOGETHER, 'crps', mode)} by the CRPS and "
                f"{self.beats(rival, TOGETHER, 'log_score', mode)} by the log score"
                for rival in (FLAT, LEARNT)
            ]
            said.append(f"With the {mode} the model does, {'; '.join(words)}.")
        return " ".join(
            ["All phases together.", *said, "Clearly: by more than two standard errors."]
        )

    def _cost_of_withholding(self) -> str:
        """What a planner of 2013 lost by not knowing the national series."""
        table = self.tables["scores"]
        chosen = table[(table["forecaster"] == MODEL) & (table["route"] == "all")]
        crps = {(row["mode"], row["phase"]): row["crps"] for row in chosen.to_dict("records")}
        words = []
        for phase in PHASES:
            known, withheld = crps[KNOWN_SERIES, phase], crps[WITHHELD, phase]
            words.append(f"{phase} {withheld - known:+.3f} ({withheld / known - 1:+.0%})")
        return (
            "Not knowing the national series after March 2013 costs the model, in CRPS: "
            f"{', '.join(words)}."
        )

    def _modes(self) -> list[str]:
        return list(dict.fromkeys(self.tables["scores"]["mode"]))

    def _verdicts(self) -> list[str]:
        lines = []
        for mode in self._modes():
            said = [f"With the {mode}:"]
            for rival in (FLAT, LEARNT):
                words = [
                    f"{phase} {self.beats(rival, phase, 'crps', mode)} (CRPS), "
                    f"{self.beats(rival, phase, 'log_score', mode)} (log score)"
                    for phase in PHASES
                ]
                said.append(f"  model against '{rival}': " + "; ".join(words) + ".")
            lines.append("\n".join(said))
        return lines

    def _scores(self) -> list[str]:
        found = []
        for mode in self._modes():
            table = self.tables["scores"]
            lines = [
                f"Scores, {mode} (lower CRPS and log score are better; intervals should hold "
                "50% and 90%)",
                f"{'phase':<10}{'route':<11}{'forecaster':<19}{'CRPS':>7}{'log':>7}"
                f"{'in 50%':>9}{'in 90%':>9}{'forecast':>10}{'observed':>10}",
            ]
            for row in table[table["mode"] == mode].itertuples():
                lines.append(
                    f"{row.phase:<10}{row.route:<11}{row.forecaster:<19}{row.crps:>7.3f}"
                    f"{row.log_score:>7.3f}{row.coverage_50:>9.0%}{row.coverage_90:>9.0%}"
                    f"{row.forecast_mean:>10.2f}{row.observed_mean:>10.2f}"
                )
            found.append("\n".join(lines))
        return found

    def _rotherham(self) -> list[str]:
        found = []
        for mode in self._modes():
            table = self.tables["rotherham"]
            lines = [f"Rotherham, {mode}"]
            for row in table[table["mode"] == mode].to_dict("records"):
                if row["phase"] == "special":
                    continue
                lines.append(
                    f"  {row['phase']} {row['route']}: two years to April 2013 saw "
                    f"{row['seen_2011_13']} (expected {row['expected_before']:.1f}; chance of so "
                    f"few {row['as_few_before']:.0%}, of so many {row['as_many_before']:.0%}). "
                    f"Then {row['observed']}: forecast {row['p50']} "
                    f"(50% {row['p25']} to {row['p75']}, 90% {row['p05']} to {row['p95']}), "
                    f"chance of so many {row['model: as many']:.1%}; "
                    f"{FLAT} {row['flat rate: as many']:.1%}, "
                    f"{LEARNT} {row['flat rate, learnt: as many']:.1%}."
                )
            found.append("\n".join(lines))
        return found

    def _mechanisms(self) -> list[str]:
        lines = [
            "What each mechanism is worth: change of the score when it is switched off (above 0: "
            "the mechanism helps)",
            f"{'switched off':<44}{'phase':<11}{'CRPS':>8}{'± s.e.':>8}{'log':>8}{'± s.e.':>8}",
        ]
        for row in self.tables["mechanisms"].itertuples():
            lines.append(
                f"{row.mechanism:<44}{row.phase:<11}{row.crps:>8.3f}{row.crps_error:>8.3f}"
                f"{row.log_score:>8.3f}{row.log_score_error:>8.3f}"
            )
        return ["\n".join(lines)]


def run_backtest(
    observed: Path | None = None,
    replications: int = REPLICATIONS,
    seed: int = SEED,
    workers: int | None = None,
    mechanisms: bool = False,
    every: int = 1,
    progress: Progress | None = None,
) -> BacktestReport:
    """Forecast, compare with what happened, and score.

    observed      a later table of stocks (date, local_authority, phase, la_maintained, converter,
                  sponsored); the shipped one if None
    replications  futures simulated for each authority and mode
    mechanisms    also switch the mechanisms off one by one, on a third of the authorities
    every         use every so many-th authority only, for a quick look
    Raises ObservationError for a faulty file.
    """
    chosen = some_cases(cases(observed), every)
    tables: dict[str, list[pd.DataFrame]] = {}
    for mode in MODES:
        given, blind, futures = model_forecasts(chosen, mode, replications, seed, workers, progress)
        flat, learnt = rival_forecasts(chosen, mode)
        forecasts = {MODEL: given, FLAT: flat, LEARNT: learnt}
        for name, table in (
            ("scores", score_table(chosen, forecasts, mode)),
            ("verdicts", verdict_table(chosen, forecasts, mode)),
            ("pit", pit_table(chosen, forecasts, mode)),
            ("authorities", authority_table(chosen, forecasts, mode)),
            ("rotherham", rotherham_table(chosen, forecasts, blind, futures, mode)),
            ("fan", rotherham_fan(chosen, futures, mode)),
        ):
            tables.setdefault(name, []).append(table)
    joined = {name: pd.concat(parts, ignore_index=True) for name, parts in tables.items()}
    if mechanisms:
        joined["mechanisms"] = mechanism_table(chosen, replications, seed, workers, progress)
    return BacktestReport(joined, chosen.scored, chosen.until, replications, seed)


def mechanism_table(
    chosen: Cases,
    replications: int = REPLICATIONS,
    seed: int = SEED,
    workers: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """What switching off each mechanism does to the scores, on every third authority."""
    few = some_cases(chosen, 3)
    half = max(replications // 2, 256)

    def scores(
        overrides: tuple[tuple[str, float], ...],
    ) -> dict[str, tuple[FloatArray, FloatArray]]:
        given, _, _ = model_forecasts(few, KNOWN_SERIES, half, seed, workers, progress, overrides)
        found = all_scores(few, {MODEL: given})
        return {
            phase: (found[MODEL, place].crps, found[MODEL, place].log_score)
            for place, (route, phase) in enumerate(TARGETS)
            if route == "all"
        }

    whole = scores(())
    rows = []
    for mechanism, overrides in MECHANISMS.items():
        without = scores(overrides)
        for phase, (crps, log_score) in whole.items():
            gain, error = mean_difference(crps, without[phase][0])
            log_gain, log_error = mean_difference(log_score, without[phase][1])
            rows.append(
                {
                    "mechanism": mechanism,
                    "phase": phase,
                    "crps": gain,
                    "crps_error": error,
                    "log_score": log_gain,
                    "log_score_error": log_error,
                }
            )
    return pd.DataFrame(rows)
