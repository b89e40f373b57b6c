"""Calibration on problems with known answers, and the posterior sample as it is stored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr

from rsip_sim.evidence.posterior import (
    PosteriorError,
    load_posterior,
    prior_digest,
    read_posterior,
    write_posterior,
)
from rsip_sim.evidence.register import load_register
from rsip_sim.experiment.authorities import ROTHERHAM, START, policy_for, seed_of
from rsip_sim.experiment.observations import known_stocks
from rsip_sim.model.draws import Draws
from rsip_sim.model.parameters import PRIOR, draw_parameters
from rsip_sim.model.policy import Policy
from rsip_sim.report.text import NARROWEST, WIDTH, first_screen
from rsip_sim.studies.calibrate import study
from rsip_sim.studies.calibrate import work as calibrate
from rsip_sim.studies.calibrate.inference import Fit, gaussian, posterior_scores
from rsip_sim.studies.calibrate.patterns import (
    CATALOGUE,
    Course,
    bunching,
    measured,
    residual,
    seen_course,
)
from rsip_sim.studies.calibrate.report import calibration_report
from rsip_sim.studies.calibrate.targets import Targets, load_targets
from rsip_sim.studies.calibrate.work import prior_scores, values_of
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.kernel.ground import Ground

TARGETS = Path(__file__).parents[3] / "experiments" / "calibration" / "targets.yaml"


@pytest.fixture(scope="module")
def targets() -> Targets:
    return load_targets(TARGETS)


# the emulator


def quadratic_looks(rng: np.random.Generator, sets: int) -> tuple[np.ndarray, np.ndarray]:
    scores = rng.standard_normal((sets, 4))
    exact = 2 + 3 * scores[:, 0] - scores[:, 1] ** 2 + 0.5 * scores[:, 0] * scores[:, 2]
    noise = rng.normal(0, 2.0, sets)
    return scores, np.stack([exact + noise, 0.5 * noise], axis=1)


def test_emulator_finds_the_curve_under_the_luck_and_the_luck_itself() -> None:
    rng = np.random.default_rng(4)
    fit = Fit(4, 2)
    for shift in range(20):  # authorities that differ in level: their differences are not luck
        scores, values = quadratic_looks(rng, 1000)
        fit.add(scores, values + 10 * (shift - 9.5))
    emulator = fit.emulator()
    assert emulator.linear[0] == pytest.approx([3, 0, 0, 0], abs=0.1)
    assert emulator.quadratic[0][1, 1] == pytest.approx(-1, abs=0.06)
    assert emulator.quadratic[0][0, 2] == pytest.approx(0.5, abs=0.06)
    assert emulator.luck == pytest.approx(np.array([[4, 2], [2, 1]]), rel=0.05)
    at = np.array([[1.0, 1.0, 1.0, 0.0]])
    assert emulator.predict(at)[0, 0] == pytest.approx(2 + 3 - 1 + 0.5, abs=0.2)
    assert emulator.doubt[0] < 0.01


# the posterior


def test_posterior_of_a_linear_problem_is_the_known_normal() -> None:
    # one observation 1.5 of the first score with error sd 0.5: mean 1.2, variance 0.2
    seen = np.array([1.5]), np.array([[0.25]])
    scores = posterior_scores(lambda z: gaussian(z[:, :1], *seen), 6, 1000, 5)
    assert scores[:, 0].mean() == pytest.approx(1.2, abs=0.06)
    assert scores[:, 0].var() == pytest.approx(0.2, rel=0.15)
    assert scores[:, 1:].mean(axis=0) == pytest.approx(np.zeros(5), abs=0.12)
    assert scores[:, 1:].var(axis=0) == pytest.approx(np.ones(5), abs=0.2)


def test_the_same_seed_gives_the_same_sample() -> None:
    seen = np.array([1.0]), np.array([[1.0]])
    one, other = (posterior_scores(lambda z: gaussian(z[:, :1], *seen), 3, 50, 9) for _ in "ab")
    assert (one == other).all()


# the patterns


def course_with(gained: tuple[int, int], monthly: np.ndarray | None = None) -> Course:
    academies = {month: np.zeros((1, 2, 3)) for month in (START, START + 5, START + 12, START + 24)}
    academies[START + 12][0, 0, 0] = gained[0]
    academies[START + 24][0, 0, 0] = sum(gained)
    return Course(academies, np.array([50.0, 10.0, 3.0]), np.full((2, 2, 3), 3.0), monthly)


def test_a_gain_as_expected_leaves_no_residual() -> None:
    assert residual(course_with((3, 3)), 0, 0, 0) == pytest.approx([0])
    assert residual(course_with((8, 0)), 0, 0, 0)[0] > 0 > residual(course_with((8, 0)), 0, 0, 1)[0]


def test_persistence_is_positive_where_both_years_are_high() -> None:
    assert CATALOGUE["persistence_primary"].measure(course_with((9, 9)))[0] > 0
    assert CATALOGUE["persistence_primary"].measure(course_with((9, 0)))[0] < 0


def test_shares_and_first_movers_are_read_from_the_stock() -> None:
    course = course_with((0, 2))
    found = measured(
        course,
        ("primary_share_above_2", "primary_share_above_4", "no_primary_converter_2012_04"),
    )
    assert found.tolist() == [[1, 0, 1]]


def test_bunching_is_nought_where_the_known_share_opens_together() -> None:
    monthly = np.zeros((25, 1, 3), dtype=np.int16)
    monthly[1:3, 0, 0] = [57, 0]
    monthly[3:46:1, 0, 0] = 1
    together = monthly[1:17, 0, 0]
    alone = int((together == 1).sum())
    found = bunching(course_with((0, 0), monthly), 0)
    assert np.sign(found[0]) == np.sign(57 - 0.57 * (57 + alone))


def test_england_is_measured_in_every_target(targets: Targets) -> None:
    stocks = known_stocks()
    found = measured(seen_course(stocks, stocks.authorities.index("Kent")), targets.names)
    unseen = [name for name, value in zip(targets.names, found[0], strict=True) if np.isnan(value)]
    assert unseen == ["bunched_primary", "bunched_secondary"]


# the design


def test_scores_are_those_of_the_parameters_the_model_draws(targets: Targets) -> None:
    policy = policy_for("Kent", 25, PRIOR)
    assert isinstance(policy, Policy)
    replications = np.arange(50)
    names = targets.fitted
    values = values_of(prior_scores(11, replications, names), names)
    drawn = draw_parameters(load_register(), {}, PRIOR, Draws(11, replications))
    for place, name in enumerate(names):
        assert values[:, place] == pytest.approx(drawn.by((name,))[0])


def test_authorities_share_neither_luck_nor_parameter_sets() -> None:
    assert seed_of(1, "Kent") != seed_of(1, "Barnet")
    one, other = (
        prior_scores(seed_of(1, n), np.arange(400), ("eta_months",)) for n in ("Kent", "Barnet")
    )
    assert abs(np.corrcoef(one[:, 0], other[:, 0])[0, 1]) < 0.2


def test_only_rotherham_has_a_partnership() -> None:
    assert policy_for(ROTHERHAM, 25, PRIOR).partnership
    assert not policy_for("Kent", 25, PRIOR).partnership


def test_rotherham_is_one_of_the_authorities_of_england_too(
    targets: Targets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own runs have a partnership's parameters too, and as many replications as they ask."""
    added: list[tuple[int, ...]] = []
    monkeypatch.setattr(Fit, "add", lambda _, scores, values: added.append(scores.shape))
    monkeypatch.setattr(Fit, "emulator", lambda _: None)
    small = targets.model_copy(update={"replications": 4, "rotherham_replications": 6})
    calibrate.fit(small, ("Barnet", ROTHERHAM), workers=1)
    everywhere = len(small.parameters.everywhere)
    assert added == [(6, len(small.fitted)), (4, everywhere), (4, everywhere)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("bunched_primary", "bunched_primry", "did you mean 'bunched_primary'"),
        ("- eta_months", "- eta_month", "did you mean 'eta_months'"),
        ("- eta_months", "- kappa_primary", "no uncertain parameter is named 'kappa_primary'"),
        ("targets:", "aims:", "aims: there is no such field"),
        ("targets:", "aims:", "targets: is missing"),
        ("seed: 2", "seed: two", "seed: "),
        ("seed: 2", "seed: -2", "seed: "),
        ("tolerance: 0.15", "tolerance: 1e308", "308 is too large; above 0, at most 1_000_000"),
        ("tolerance: 0.15", "tolerance: 1.500", "1.500 is read as 1.5, and could mean 1500"),
        ("tolerance: 0.15", "tolerance: 0,15", "targets.15: digits after a comma, which divides"),
    ],
)
def test_a_faulty_targets_file_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    file = tmp_path / "targets.yaml"
    file.write_text(TARGETS.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(AskedError, match=message):
        load_targets(file)


def test_every_fault_of_a_targets_file_is_told_with_its_line(tmp_path: Path) -> None:
    file, text = tmp_path / "targets.yaml", TARGETS.read_text(encoding="utf-8")
    for old, new in (
        ("tolerance: 0.15", "tolerance: -1"), ("- eta_months", "- eta_month"), ("{width:", "{wide:")
    ):  # fmt: skip
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AskedError) as caught:
        load_targets(file)
    lines = [number for number, line in enumerate(text.splitlines(), 1)
             if "-1" in line or "- eta_month" in line or "wide:" in line]  # fmt: skip
    told = "\n".join(caught.value.faults)
    assert [f"targets.yaml:{line}:" in told for line in lines] == [True, True, True]


def test_targets_that_are_not_there_are_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AskedError, match=r"no such file; .* --targets"):
        load_targets(tmp_path / "targets.yaml")


def test_a_small_calibration_runs_and_stores_its_sample(tmp_path: Path, targets: Targets) -> None:
    small = targets.model_copy(
        update={"replications": 300, "rotherham_replications": 900, "sets_kept": 40}
    )
    fitted = calibrate.fit(small, ("Barnet", "Bath and North East Somerset", "Derby"), workers=1)
    scores = np.random.default_rng(6).standard_normal((40, len(small.fitted)))
    done = calibrate.Calibration(fitted, scores)
    assert np.isfinite(fitted.log_likelihood(scores)).all()
    report = calibration_report(done)
    for width in (WIDTH, NARROWEST):
        lines = [line.text for line in first_screen(report, width)]
        assert max(map(len, lines)) <= width
        assert width < WIDTH or len(lines) <= 29
    learnt = done.parameters().sort_values("learnt", ascending=False)["label"]
    assert f"Most about '{learnt.iloc[0]}'" in report.blocks[0].words  # type: ignore[union-attr]
    assert len(report.part("parameters").blocks[0].cells) == len(small.fitted)  # type: ignore[union-attr]
    assert len(report.part("patterns").blocks[0].cells) == len(small.names)  # type: ignore[union-attr]
    study.store_sample(done, "abc", tmp_path)
    stored = read_posterior(tmp_path)
    assert stored is not None
    assert stored.names == small.fitted
    assert stored.values == pytest.approx(done.values, rel=1e-4)
    assert stored.is_current(load_register())


def test_the_package_is_changed_unless_the_asker_says_no(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    done = calibrate.Calibration(None, np.zeros((1, 1)))  # type: ignore[arg-type]
    monkeypatch.setattr(study, "store_sample", lambda *_: kept.append("sample"))
    monkeypatch.setattr(study, "store_results", lambda name, *_: kept.append(name))
    monkeypatch.setattr(study.CalibrationStudy, "tables", lambda *_: {})
    asking = study.CalibrationStudy()
    for store in (False, True):
        asked = study.CalibrationQuestion(targets=TARGETS, store=store)
        ready = asking.check(asked, Ground())
        asking.finish(ready, done)
        assert kept == (["sample", "calibration"] if store else [])
        assert bool(asking.notes(ready)) == store


# the stored sample


def test_every_uniform_draw_picks_a_set(tmp_path: Path) -> None:
    write_posterior(tmp_path, ("eta_months",), np.array([[1.0], [2.0], [3.0]]), RECORD)
    stored = read_posterior(tmp_path)
    assert stored is not None
    assert stored.rows(np.array([1e-9, 0.34, 1 - 1e-16])).tolist() == [0, 1, 2]
    assert stored.column("eta_months").tolist() == [1, 2, 3]


RECORD: dict[str, object] = {"evidence_sha256": "a", "prior_sha256": "b"}


def test_a_damaged_sample_is_refused(tmp_path: Path) -> None:
    write_posterior(tmp_path, ("eta_months",), np.array([[1.0]]), RECORD)
    (tmp_path / "posterior.csv").write_text("eta_months\n9\n")
    with pytest.raises(PosteriorError, match="is not the file"):
        read_posterior(tmp_path)
    assert read_posterior(tmp_path / "nowhere") is None


def test_the_digest_of_the_prior_changes_with_a_range_and_not_with_words() -> None:
    entry = load_register()["eta_months"]
    assert prior_digest([entry]) == prior_digest([replace(entry, label="other words")])
    assert prior_digest([entry]) != prior_digest([replace(entry, high=40.0)])


def test_the_shipped_sample_lies_within_the_bounds_of_the_register() -> None:
    stored = load_posterior()
    if stored is None:
        pytest.skip("no sample is shipped")
    register = load_register()
    assert stored.is_current(register), "run `rsip calibrate` again: ranges have changed"
    for name in stored.names:
        entry, column = register[name], stored.column(name)
        uniform = ndtr(np.array([-6.0, 6.0]))
        low, high = entry.quantile(uniform)
        assert (column >= low - 1e-3 * abs(low)).all()
        assert (column <= high + 1e-3 * abs(high)).all()
