"""Parameter sets of a block: where each value comes from, and what does not depend on what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rsip_sim.evidence.posterior import PosteriorError, calibrated_sets, load_posterior
from rsip_sim.evidence.register import Register, load_register
from rsip_sim.model import parameters
from rsip_sim.model.draws import Draws, Purpose, key_of
from rsip_sim.model.parameters import (
    CENTRAL,
    PRIOR,
    UNCERTAIN,
    Parameters,
    draw_parameters,
    held_parameters,
)
from tests.fakes.worlds import policy, rotherham, simulate

REPLICATIONS = np.arange(400)


def drawn(how: str, fixed=None):
    return draw_parameters(load_register(), fixed or {}, how, Draws(3, REPLICATIONS))


def test_central_parameters_are_the_values_of_the_register() -> None:
    for parameter in load_register():
        if parameter.kind != "lever" and not isinstance(parameter.value, tuple):
            assert (getattr(drawn(CENTRAL), parameter.name) == parameter.value).all()


def test_calibrated_parameters_of_a_replication_are_one_set_of_the_sample() -> None:
    posterior = load_posterior()
    assert posterior is not None
    table = drawn(UNCERTAIN).by(posterior.names).T
    sets = {tuple(row) for row in posterior.values}
    assert all(tuple(row) in sets for row in table)
    assert len({tuple(row) for row in table}) > 200


def test_parameters_that_were_not_calibrated_keep_their_ranges() -> None:
    posterior = load_posterior()
    assert posterior is not None
    others = [p.name for p in load_register().uncertain() if p.name not in posterior.names]
    assert "b_secure" in others  # no evidence: nothing may narrow it
    for name in others:
        np.testing.assert_array_equal(
            getattr(drawn(UNCERTAIN), name), getattr(drawn(PRIOR), name), err_msg=name
        )


def test_the_prior_does_not_know_the_sample() -> None:
    name = "share_multiplier"  # of which the openings taught most
    spread = [np.std(np.log(getattr(drawn(how), name))) for how in (PRIOR, UNCERTAIN)]
    assert spread[0] > 1.5 * spread[1]


def test_without_a_sample_every_parameter_comes_from_its_range(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parameters, "calibrated_sets", lambda _register: None)
    for parameter in load_register().uncertain():
        np.testing.assert_array_equal(
            getattr(drawn(UNCERTAIN), parameter.name), getattr(drawn(PRIOR), parameter.name)
        )


def test_a_value_held_leaves_what_is_drawn_for_the_others_alone() -> None:
    held = {"b_price": np.linspace(0, 1, len(REPLICATIONS)), "share_multiplier": 1.0}
    free, with_held = drawn(UNCERTAIN), drawn(UNCERTAIN, held)
    np.testing.assert_array_equal(with_held.b_price, held["b_price"])
    assert (with_held.share_multiplier == 1.0).all()
    for parameter in load_register().uncertain():
        if parameter.name not in held:
            np.testing.assert_array_equal(
                getattr(free, parameter.name), getattr(with_held, parameter.name)
            )


def test_the_shipped_sample_was_fitted_to_the_ranges_of_the_register() -> None:
    assert calibrated_sets(load_register()) is load_posterior()


def test_a_sample_fitted_to_other_ranges_is_refused() -> None:
    register = load_register()
    changed = [
        type(p)(**{**vars(p), "high": p.high * 1.5}) if p.name == "share_multiplier" else p
        for p in register
    ]
    with pytest.raises(PosteriorError, match="run 'rsip calibrate'"):
        calibrated_sets(Register(tuple(changed), "0"))


def test_parameters_given_from_outside_are_those_of_the_run() -> None:
    """The drawn values, handed back in as held ones, give the same run to the bit."""
    from rsip_sim.model.simulation import simulate_block

    plan = policy(horizon=14, parameters="uncertain")
    names = tuple(p.name for p in load_register().uncertain())
    drawn_here = draw_parameters(load_register(), {}, UNCERTAIN, Draws(20110401, np.arange(8)))
    held = dict(zip(names, drawn_here.by(names), strict=True))
    given = simulate_block(
        policy(horizon=14, parameters="central"), rotherham(), 20110401, np.arange(8), held
    )
    plain = simulate(plan, rotherham(), 8)
    for name, values in plain.panel.items():
        np.testing.assert_array_equal(values, given.panel[name], err_msg=name)


def test_luck_and_parameters_can_be_varied_apart() -> None:
    """The same sets in other replications give another run: held values carry no luck."""
    from rsip_sim.model.simulation import simulate_block

    held = {"b_secure": np.full(6, 2.0)}
    plan = policy(horizon=14)
    runs = [
        simulate_block(plan, rotherham(), 1, first + np.arange(6), held).panel for first in (0, 6)
    ]
    assert any((runs[0][name] != runs[1][name]).any() for name in runs[0])


def test_what_the_register_does_not_have_is_no_parameter() -> None:
    with pytest.raises(AttributeError, match="no parameter is named 'b_prise'"):
        _ = drawn(CENTRAL).b_prise
    certain = [p for p in load_register() if p.kind == "lever" and p.distribution == "fixed"]
    for lever in certain:
        with pytest.raises(KeyError):
            drawn(PRIOR).by((lever.name,))
    assert certain


def test_lists_of_the_register_are_tables_of_real_numbers_whatever_is_drawn() -> None:
    lists = [p for p in load_register() if isinstance(p.value, tuple)]
    for parameter in lists:
        table = drawn(PRIOR).table(parameter.name)
        assert table.dtype == np.float64
        assert table.tolist() == list(parameter.value)
    assert lists


def test_each_parameter_is_drawn_from_its_range_by_a_luck_of_its_own_name() -> None:
    found, draws = drawn(PRIOR), Draws(3, REPLICATIONS)
    for parameter in load_register():
        if isinstance(parameter.value, tuple):
            continue
        if parameter.distribution != "fixed":
            luck = draws.one(Purpose.PARAMETER, entity=key_of(parameter.name))
            expected = parameter.quantile(luck)
        elif parameter.kind != "lever":
            expected = np.full(len(REPLICATIONS), parameter.value, dtype=np.float64)
        else:
            continue
        values = found.by((parameter.name,))[0]
        assert values.dtype == np.float64
        np.testing.assert_array_equal(values, expected, err_msg=parameter.name)


def test_what_is_held_is_a_copy_of_real_numbers_one_a_replication() -> None:
    whole = np.arange(len(REPLICATIONS))
    held = whole.astype(np.float64)
    found = drawn(CENTRAL, {"b_price": held, "b_secure": 2, "b_peer": whole})
    held[:] = whole[:] = -1
    assert found.b_price.tolist() == found.b_peer.tolist() == REPLICATIONS.tolist()
    assert found.b_price.dtype == found.b_secure.dtype == found.b_peer.dtype == np.float64
    assert found.b_secure.tolist() == [2.0] * len(REPLICATIONS)


def test_groups_of_columns_stand_side_by_side_and_one_alone_as_it_is() -> None:
    parts = [drawn(how) for how in (UNCERTAIN, CENTRAL, PRIOR)]
    together = Parameters.side_by_side(parts)
    for name in ("b_price", "share_multiplier"):
        expected = np.concatenate([getattr(part, name) for part in parts])
        np.testing.assert_array_equal(getattr(together, name), expected)
    np.testing.assert_array_equal(
        together.table("start_grade_shares"), parts[0].table("start_grade_shares")
    )
    assert Parameters.side_by_side(parts[:1]) is parts[0]
    assert len(Parameters.side_by_side(parts[:2]).b_price) == 2 * len(REPLICATIONS)


def test_schools_that_do_not_heed_what_is_agreed_weigh_it_at_nothing() -> None:
    plan = replace(policy(horizon=14), overrides=(("b_price", 0.5),))
    assert held_parameters(plan) == {"b_price": 0.5}
    other = (("forum", "deaf"), ("security", "unheeded"))
    assert held_parameters(replace(plan, structure=other)) == {"b_price": 0.5, "b_secure": 0.0}
