"""Calibration: which values of the uncertain parameters the openings to April 2013 leave credible.

Every replication of every generic authority, and of Rotherham, is simulated with a parameter set
of its own from the prior. An emulator learns what a set predicts of each quantity; the posterior
weighs that against England and Rotherham, allowing for luck, for the emulator's doubt and for what
the model may be wrong by. No likelihood of the model itself is needed, and nothing later than
1 April 2013 is used.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rsip_sim.evidence.national import PHASES
from rsip_sim.evidence.posterior import DATA, prior_digest, write_posterior
from rsip_sim.evidence.register import load_register
from rsip_sim.experiment.authorities import authority_names
from rsip_sim.experiment.authority_runs import KNOWN, ROTHERHAM, START, simulate_all
from rsip_sim.experiment.observations import Stocks, known_stocks, rotherham_counts
from rsip_sim.experiment.progress import Progress
from rsip_sim.measures.statistics import quantiles
from rsip_sim.studies.calibrate.design import (
    Targets,
    at_start,
    job_of,
    load_targets,
    prior_scores,
    rotherham_quantities,
    values_of,
)
from rsip_sim.studies.calibrate.emulator import Emulator, Fit
from rsip_sim.studies.calibrate.patterns import (
    expected_by_year,
    label_of,
    measured,
    seen_course,
    simulated_course,
)
from rsip_sim.studies.calibrate.posterior import Comparison, posterior_scores

FloatArray = NDArray[np.float64]

TARGETS = Path("experiments/calibration/targets.yaml")
_LEAST_LIKENESS = 0.2
_LEAST_EXPLAINED = 5.0  # variance explained ÷ what fitting to luck alone would explain


@dataclass(frozen=True)
class Fitted:
    """What the simulations taught.

    england    emulator of the quantities of `targets`; seen  England's own values
    rotherham  emulator of likeness, founding share, exits and openings in two years
    """

    targets: Targets
    england: Emulator
    seen: FloatArray
    rotherham: Emulator
    authorities: int

    def comparison(self) -> Comparison:
        """England's values with luck, doubt and tolerance together."""
        spread = self.targets.tolerances(self.seen) ** 2 + self.england.doubt
        return Comparison(self.seen, self.england.luck / self.authorities + np.diag(spread))

    def log_likelihood(self, scores: FloatArray) -> FloatArray:
        """Of sets of normal scores (sets, parameters), up to a constant."""
        everywhere = len(self.targets.everywhere)
        england = self.comparison().log_likelihood(self.england.predict(scores[:, :everywhere]))
        like, founding, exits, _ = self.rotherham.predict(scores).T
        usual = self.rotherham.constant[0]
        total = england + np.log(np.maximum(like, _LEAST_LIKENESS * usual))
        for value, (wanted, tolerance) in (
            (founding, self.targets.founding),
            (exits, self.targets.exits),
        ):
            total -= 0.5 * ((value - wanted) / tolerance) ** 2
        return np.asarray(total)


@dataclass(frozen=True)
class Calibration:
    """The result: normal scores of the credible sets, and the tables that explain them."""

    fitted: Fitted
    scores: FloatArray

    @property
    def values(self) -> FloatArray:
        """Parameter values: (sets, parameters)."""
        return values_of(self.scores, self.fitted.targets.parameters)

    def parameters(self) -> pd.DataFrame:
        """Prior and posterior of each parameter, what the data taught of it, and its weight.

        learnt     fall of its variance, in standard scores of its range
        shift      mean in standard scores
        influence  share of what the prior ranges explain of Rotherham's openings in two years
        """
        register = load_register()
        influence = self.fitted.rotherham.linear_share()[-1]
        rows = []
        for place, name in enumerate(self.fitted.targets.parameters):
            entry, column = register[name], self.values[:, place]
            low, middle, high = quantiles(column)
            score = self.scores[:, place]
            rows.append(
                {
                    "parameter": name,
                    "label": entry.label,
                    "prior_low": entry.low,
                    "prior": entry.value,
                    "prior_high": entry.high,
                    "posterior_low": low,
                    "posterior": middle,
                    "posterior_high": high,
                    "learnt": max(1.0 - float(score.var()), 0.0),
                    "shift": float(score.mean()),
                    "influence": float(influence[place]),
                }
            )
        return pd.DataFrame(rows)

    def checks(self) -> pd.DataFrame:
        """Each quantity: seen, and predicted before and after calibration, with 90% ranges.

        The ranges hold the doubt about parameters and the luck of England's authorities.
        """
        fitted = self.fitted
        rng = np.random.default_rng(fitted.targets.seed)
        everywhere = len(fitted.targets.everywhere)
        before = rng.standard_normal((len(self.scores), everywhere))
        names = fitted.targets.names
        columns: dict[str, object] = {
            "quantity": names, "label": [label_of(name) for name in names], "seen": fitted.seen
        }  # fmt: skip
        factor = np.linalg.cholesky(_sound(fitted.england.luck / fitted.authorities))
        for word, scores in (("prior", before), ("posterior", self.scores[:, :everywhere])):
            predicted = fitted.england.predict(scores)
            predicted = predicted + rng.standard_normal(predicted.shape) @ factor.T
            low, middle, high = quantiles(predicted.T)
            columns |= {f"{word}_low": low, word: middle, f"{word}_high": high}
        return pd.DataFrame(columns)

    @functools.cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Parameters and patterns, before and after."""
        return {"parameters": self.parameters(), "patterns": self.checks()}

    def store(self, folder: Path = DATA) -> None:
        """Write the posterior sample with the hashes of what it came from."""
        targets = self.fitted.targets
        register = load_register()
        record: dict[str, object] = {
            "evidence_sha256": evidence_digest(targets),
            "prior_sha256": prior_digest(register[name] for name in targets.parameters),
            "seed": targets.seed,
            "replications_an_authority": targets.replications,
            "made_by": "rsip calibrate",
        }
        write_posterior(folder, targets.parameters, self.values, record)

    def text(self) -> str:
        """The tables as text."""
        parameters = self.tables["parameters"].sort_values("learnt", ascending=False)
        lines = ["What the openings to 1 April 2013 taught (most first)", ""]
        lines.append(
            f"{'parameter':<30}{'prior (5% to 95%)':>27}{'posterior':>30}{'learnt':>8}"
            f"{'influence':>11}"
        )
        for row in parameters.itertuples():
            prior = f"{row.prior:.3g} ({row.prior_low:.3g} to {row.prior_high:.3g})"
            after = f"{row.posterior:.3g} ({row.posterior_low:.3g} to {row.posterior_high:.3g})"
            lines.append(
                f"{row.parameter:<30}{prior:>27}{after:>30}{row.learnt:>8.0%}{row.influence:>11.0%}"
            )
        lines += ["", "Patterns: seen, and predicted before and after (90% ranges)", ""]
        for row in self.tables["patterns"].itertuples():
            lines.append(
                f"{row.label:<62}{row.seen:>7.3g}"
                f"{_ranged(row.prior, row.prior_low, row.prior_high):>24}"
                f"{_ranged(row.posterior, row.posterior_low, row.posterior_high):>24}"
            )
        return "\n".join(lines)


def _ranged(middle: object, low: object, high: object) -> str:
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def _sound(covariance: FloatArray) -> FloatArray:
    """The covariance with the least addition that lets it be factorised."""
    scale = float(np.diag(covariance).mean())
    return np.asarray(covariance + np.eye(len(covariance)) * scale * 1e-9)


def evidence_digest(targets: Targets) -> str:
    """Sha256 of everything the fit looked at: stocks to April 2013, normalisation and targets."""
    stocks = known_stocks()
    digest = hashlib.sha256()
    digest.update("\n".join(stocks.authorities).encode())
    for array in (stocks.maintained, stocks.academies, rotherham_counts(START, KNOWN)):
        digest.update(np.ascontiguousarray(array, dtype="<i8").tobytes())
    kappas = [load_register()[f"kappa_{phase}"].value for phase in PHASES]
    digest.update(repr(kappas).encode())
    digest.update((DATA / "normalisation.yaml").read_bytes())
    digest.update(targets.digest_source)
    return digest.hexdigest()


def fit(
    targets: Targets,
    authorities: tuple[str, ...] = (),
    workers: int | None = None,
    progress: Progress | None = None,
) -> Fitted:
    """Simulate the design and learn from it.

    authorities  which generic authorities to use; all of them where empty
    """
    names = authorities or authority_names()
    jobs = [job_of(name, targets.seed, np.arange(targets.replications)) for name in names]
    own = job_of(ROTHERHAM, targets.seed, np.arange(targets.rotherham_replications))
    stocks = known_stocks()
    england = Fit(len(targets.everywhere), len(targets.targets))
    rotherham = Fit(len(targets.parameters), 4)
    for job, outcome in zip(
        [own, *jobs], simulate_all([own, *jobs], workers, progress), strict=True
    ):
        if job is own:
            seen = rotherham_counts(START, KNOWN)
            quantities = rotherham_quantities(outcome, seen, targets.rotherham_width)
            scores = prior_scores(job.seed, job.replications, targets.parameters)
            rotherham.add(scores, quantities)
            continue
        scores = prior_scores(job.seed, job.replications, targets.everywhere)
        england.add(scores, _quantities(outcome.authority, outcome.openings, stocks, targets))
    rows = [stocks.authorities.index(name) for name in names]
    seen_all = np.concatenate([measured(seen_course(stocks, r), targets.names) for r in rows])
    seen_mean = np.nan_to_num(seen_all.mean(axis=0))  # bunching is measured from its known share
    return Fitted(targets, england.emulator(), seen_mean, rotherham.emulator(), len(names))


def _quantities(
    authority: str, openings: NDArray[np.int16], stocks: Stocks, targets: Targets
) -> FloatArray:
    academies, schools = at_start(authority)
    expected = expected_by_year(stocks, stocks.authorities.index(authority))
    course = simulated_course(openings, academies, schools, expected)
    return measured(course, targets.names)


def run_calibration(
    path: Path = TARGETS, workers: int | None = None, progress: Progress | None = None
) -> Calibration:
    """The whole study: simulate, learn, and draw the posterior sample."""
    targets = load_targets(path)
    fitted = fit(targets, (), workers, progress)
    if np.median(fitted.england.explained / fitted.england.doubt) < _LEAST_EXPLAINED:
        raise RuntimeError("the simulations do not depend on the parameters they were said to have")
    scores = posterior_scores(
        fitted.log_likelihood, len(targets.parameters), targets.sets_kept, targets.seed
    )
    return Calibration(fitted, scores)
