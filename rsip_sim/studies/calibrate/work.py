"""Calibration: which values of the uncertain parameters the openings to April 2013 leave credible.

Every replication of every generic authority, and of Rotherham, is simulated with a parameter set
of its own from the prior. An emulator learns what a set predicts of each quantity; the posterior
weighs that against England and Rotherham, allowing for luck, for the emulator's doubt and for what
the model may be wrong by. No likelihood of the model itself is needed, and nothing later than
1 April 2013 is used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from rsip_sim.evidence.national import PHASES
from rsip_sim.evidence.posterior import DATA
from rsip_sim.evidence.register import load_register
from rsip_sim.experiment.authorities import (
    KNOWN,
    ROTHERHAM,
    START,
    Job,
    authority_names,
    policy_for,
    seed_of,
    simulate_all,
)
from rsip_sim.experiment.observations import known_stocks, rotherham_counts
from rsip_sim.experiment.progress import Progress
from rsip_sim.measures.statistics import quantiles
from rsip_sim.model.arrays import FloatArray, IntArray
from rsip_sim.model.draws import Draws, Purpose, key_of
from rsip_sim.model.parameters import PRIOR
from rsip_sim.studies.calibrate.inference import Emulator, Fit, gaussian, posterior_scores
from rsip_sim.studies.calibrate.patterns import (
    CATALOGUE,
    measured,
    rotherham_quantities,
    seen_course,
    simulated_course,
)
from rsip_sim.studies.calibrate.targets import Targets

HORIZON = KNOWN - START + 1
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

    def log_likelihood(self, scores: FloatArray) -> FloatArray:
        """Of sets of normal scores (sets, parameters), up to a constant."""
        everywhere, membership = len(self.targets.parameters.everywhere), self.targets.membership
        spread = self.targets.tolerances(self.seen) ** 2 + self.england.doubt
        covariance = self.england.luck / self.authorities + np.diag(spread)
        like, founding, exits, _ = self.rotherham.predict(scores).T
        usual = self.rotherham.constant[0]
        total = gaussian(self.england.predict(scores[:, :everywhere]), self.seen, covariance)
        total += np.log(np.maximum(like, _LEAST_LIKENESS * usual))
        for value, wanted in ((founding, membership.founding), (exits, membership.exits)):
            total -= 0.5 * ((value - wanted.value) / wanted.tolerance) ** 2
        return np.asarray(total)


@dataclass(frozen=True)
class Calibration:
    """The result: normal scores of the credible sets, and the tables that explain them."""

    fitted: Fitted
    scores: FloatArray

    @property
    def values(self) -> FloatArray:
        """Parameter values: (sets, parameters)."""
        return values_of(self.scores, self.fitted.targets.fitted)

    def parameters(self) -> pd.DataFrame:
        """Prior and posterior of each parameter, what the data taught of it, and its weight.

        learnt     fall of its variance, in standard scores of its range
        shift      mean in standard scores
        influence  share of what the prior ranges explain of Rotherham's openings in two years
        """
        names = self.fitted.targets.fitted
        entries = [load_register()[name] for name in names]
        low, middle, high = quantiles(self.values.T)
        return pd.DataFrame(
            {
                "parameter": names,
                "label": [each.label for each in entries],
                "prior_low": [each.low for each in entries],
                "prior": [each.value for each in entries],
                "prior_high": [each.high for each in entries],
                "posterior_low": low,
                "posterior": middle,
                "posterior_high": high,
                "learnt": np.maximum(1.0 - self.scores.var(axis=0), 0.0),
                "shift": self.scores.mean(axis=0),
                "influence": self.fitted.rotherham.linear_share()[-1],
            }
        )

    def checks(self) -> pd.DataFrame:
        """Each quantity: seen, and predicted before and after calibration, with 90% ranges.

        The ranges hold the doubt about parameters and the luck of England's authorities.
        """
        fitted, names = self.fitted, self.fitted.targets.names
        rng = np.random.default_rng(fitted.targets.seed)
        everywhere = len(fitted.targets.parameters.everywhere)
        before = rng.standard_normal((len(self.scores), everywhere))
        labels = [CATALOGUE[name].label for name in names]
        columns: dict[str, object] = {"quantity": names, "label": labels, "seen": fitted.seen}
        luck = fitted.england.luck / fitted.authorities
        least = float(np.diag(luck).mean()) * 1e-9  # that lets it be factorised
        factor = np.linalg.cholesky(luck + np.eye(len(luck)) * least)
        for word, scores in (("prior", before), ("posterior", self.scores[:, :everywhere])):
            predicted = fitted.england.predict(scores)
            predicted = predicted + rng.standard_normal(predicted.shape) @ factor.T
            low, middle, high = quantiles(predicted.T)
            columns |= {f"{word}_low": low, word: middle, f"{word}_high": high}
        return pd.DataFrame(columns)


def evidence_digest(targets: Path) -> str:
    """Sha256 of all a fit looks at: stocks to April 2013, normalisation and a file of targets."""
    stocks = known_stocks()
    digest = hashlib.sha256()
    digest.update("\n".join(stocks.authorities).encode())
    for array in (stocks.maintained, stocks.academies, rotherham_counts(START, KNOWN)):
        digest.update(np.ascontiguousarray(array, dtype="<i8").tobytes())
    kappas = [load_register()[f"kappa_{phase}"].value for phase in PHASES]
    digest.update(repr(kappas).encode())
    digest.update((DATA / "normalisation.yaml").read_bytes())
    digest.update(targets.read_bytes())
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
    names, stocks = authorities or authority_names(), known_stocks()
    everywhere = targets.parameters.everywhere
    england, rotherham = Fit(len(everywhere), len(targets.targets)), Fit(len(targets.fitted), 4)
    own = job_of(ROTHERHAM, targets.seed, targets.rotherham_replications)
    jobs = [own, *(job_of(name, targets.seed, targets.replications) for name in names)]
    for job, outcome in zip(jobs, simulate_all(jobs, workers, progress), strict=True):
        if job is own:  # which is also one of England's authorities, with fewer replications
            scores = prior_scores(job.seed, job.replications, targets.fitted)
            seen = rotherham_counts(START, KNOWN)
            rotherham.add(scores, rotherham_quantities(outcome, seen, targets.rotherham.width))
        else:
            scores = prior_scores(job.seed, job.replications, everywhere)
            england.add(scores, measured(simulated_course(outcome, stocks), targets.names))
    rows = [stocks.authorities.index(name) for name in names]
    seen_all = np.concatenate([measured(seen_course(stocks, r), targets.names) for r in rows])
    seen_mean = np.nan_to_num(seen_all.mean(axis=0))  # bunching is measured from its known share
    return Fitted(targets, england.emulator(), seen_mean, rotherham.emulator(), len(names))


def calibrate(
    targets: Targets, workers: int | None = None, progress: Progress | None = None
) -> Calibration:
    """The whole study: simulate, learn, and draw the posterior sample."""
    fitted = fit(targets, (), workers, progress)
    if np.median(fitted.england.explained / fitted.england.doubt) < _LEAST_EXPLAINED:
        raise RuntimeError("the simulations do not depend on the parameters they were said to have")
    scores = posterior_scores(
        fitted.log_likelihood, len(targets.fitted), targets.sets_kept, targets.seed
    )
    return Calibration(fitted, scores)


def prior_scores(seed: int, replications: IntArray, names: Sequence[str]) -> FloatArray:
    """Normal scores of the parameters that the model draws from the prior: (sets, names)."""
    draws = Draws(seed, replications)
    uniform = [draws.one(Purpose.PARAMETER, entity=key_of(name)) for name in names]
    return np.asarray(ndtri(np.stack(uniform, axis=1)))


def values_of(scores: FloatArray, names: Sequence[str]) -> FloatArray:
    """Parameter values of normal scores: (sets, names)."""
    register = load_register()
    uniform = ndtr(scores)
    columns = [register[name].quantile(uniform[:, i]) for i, name in enumerate(names)]
    return np.stack(columns, axis=1)


def job_of(authority: str, seed: int, replications: int) -> Job:
    """The two years of one authority, every replication with its own parameter set."""
    policy = policy_for(authority, HORIZON, PRIOR)
    return Job(authority, policy, seed_of(seed, authority), np.arange(replications))
