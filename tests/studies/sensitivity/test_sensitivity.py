"""The study of sensitivity: what cannot matter does not, what must matter does, luck kept apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import HEADLINES, METRICS
from rsip_sim.report.text import first_screen, rendered
from rsip_sim.report.words import share_of_spread
from rsip_sim.scenario import with_values
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import asked_of
from rsip_sim.studies.sensitivity.inputs import inputs_of
from rsip_sim.studies.sensitivity.report import answer, sensitivity_report
from rsip_sim.studies.sensitivity.study import SensitivityStudy
from rsip_sim.studies.sensitivity.tables import sensitivity_tables
from rsip_sim.studies.sensitivity.work import DIFFERENCE, LEVEL, LUCK, OTHERS, pair_of, sensitivity
from tests.fakes.panels import NO_AGREEMENT, NO_PARTNERSHIP, TWO_YEAR, twin
from tests.fakes.uncertain_studies import SETS, in_town, same_study, town_study


def swing(found, kind, metric, name):
    at, place = found.outcome(kind, metric), found.inputs.names.index(name)
    return found.swings.swing[at, place]


def test_a_parameter_that_nothing_in_the_scenarios_reads_swings_nothing_at_all():
    found = town_study()
    for name in ("b_price", "b_lock", "tied_multiplier"):  # no subscription, and no school is tied
        place = found.inputs.names.index(name)
        np.testing.assert_array_equal(found.swings.swing[:, place], 0)


def test_money_is_kept_in_the_unit_of_its_numbers():
    tables = sensitivity_tables(town_study())
    assert not any("£m" in unit for table in tables.values() for unit in table["unit"])


def test_the_worth_of_guaranteed_months_makes_the_agreement_keep_more_members():
    found = town_study()
    at, place = found.outcome(DIFFERENCE, "members"), found.inputs.names.index("b_secure")
    assert found.swings.low[at, place] > 0
    assert abs(found.swings.at_low[at, place]) < 0.5  # months worth nothing hardly keep anybody


def test_a_difference_between_two_names_for_the_same_is_the_same_in_every_future():
    found = same_study()
    for metric in found.told:
        assert not found.varies(found.outcome(DIFFERENCE, metric))
        assert found.varies(found.outcome(LEVEL, metric))
        assert found.average[found.outcome(DIFFERENCE, metric)] == 0
    text = rendered(sensitivity_report(found))
    assert "the same in every future, so there is nothing to explain" in " ".join(text.split())
    assert "nan" not in text


def test_luck_is_a_factor_of_its_own_beside_all_parameters():
    found = town_study()
    assert found.factors[-2:] == (OTHERS, LUCK)
    assert len(found.own) + sensitivity_tables(found)["indices"].set_index("factor").loc[OTHERS][
        "parameters"
    ].iloc[0] == len(found.inputs.names)
    at = found.outcome(LEVEL, "erosion")
    shares = found.indices
    whole = shares.apart[at, 0] + shares.others[at, 0] + shares.both[at, 0]
    assert whole == pytest.approx(1)
    assert shares.apart[at, 0] > 0.5  # few schools convert at random in a small town


def test_without_luck_to_tell_apart_a_known_parameter_is_not_varied():
    held = [with_values(each, {"parameters.b_secure": 1.0}) for each in (NO_AGREEMENT, TWO_YEAR)]
    names = inputs_of([each.policy for each in held]).names
    assert "b_secure" not in names
    one_sided = inputs_of([held[0].policy, TWO_YEAR.policy]).names
    assert "b_secure" in one_sided


def test_calibrated_parameters_take_the_values_of_the_sample_and_others_those_of_the_register():
    inputs = inputs_of([TWO_YEAR.policy])
    register, posterior = load_register(), load_posterior()
    for parameter in inputs.parameters:
        low, high = inputs.ends(parameter)
        if parameter.name in posterior.names:
            column = posterior.column(parameter.name)
            np.testing.assert_allclose([low, high], np.quantile(column, [0.05, 0.95]))
        else:
            entry = register[parameter.name]
            np.testing.assert_allclose([low, high], [entry.low, entry.high], atol=1e-12)
    prior = inputs_of([twin(TWO_YEAR, "prior", parameters="prior").policy])
    assert prior.posterior is None


def test_sets_are_simulated_until_shares_are_known_as_asked(monkeypatch):
    """In as many goes as it takes, which do not show: only how wide intervals are is looked at."""
    names = inputs_of([NO_AGREEMENT.policy, TWO_YEAR.policy]).names
    groups = {names[0]: [names[0]], OTHERS: names[1:], LUCK: ()}  # whatever the first look chooses
    monkeypatch.setattr("rsip_sim.studies.sensitivity.work.OWN", 1)
    monkeypatch.setattr("rsip_sim.studies.sensitivity.work._Work._grouped", lambda *_: groups)
    monkeypatch.setattr("rsip_sim.studies.sensitivity.work.FIRST_SETS", 64)
    pair = pair_of(in_town(NO_AGREEMENT), in_town(TWO_YEAR), 5, ["members"], None)
    one, goes, enough = (
        sensitivity(pair, ["members"], 128, precision, Means(1)) for precision in (0.0, 1e-9, 100.0)
    )
    assert (one.sets, goes.sets, enough.sets) == (128, 128, 64)
    for name, table in sensitivity_tables(one).items():
        pd.testing.assert_frame_equal(table, sensitivity_tables(goes)[name])
    assert "as precisely as asked, from 64 of 128 sets" in " ".join(
        rendered(sensitivity_report(enough)).split()
    )
    assert ", not to ±" in rendered(sensitivity_report(goes))
    assert "asked" not in rendered(sensitivity_report(one))


def test_all_headlines_are_in_the_tables_and_only_those_asked_for_in_the_words():
    found = same_study()
    tables = sensitivity_tables(found)
    for name in ("shares", "indices", "swings"):
        assert set(HEADLINES) <= set(tables[name]["metric"])
        assert set(tables[name]["kind"]) == {"level", "difference"}
    _, *shown, _ = sensitivity_report(found).table.header
    assert shown == ["Schools in the partnership", "DSG erosion, % of gross DSG"]
    shares = tables["shares"]
    assert (shares["sets"] == SETS).all()
    total = shares["luck"] + shares["ignorance"] + shares["both"]
    np.testing.assert_allclose(total.dropna(), 1)


def test_the_first_screen_fits_a_terminal_and_says_what_matters_and_how_sure():
    report = sensitivity_report(town_study())
    screen = first_screen(report, 96)
    text = "\n".join(line.text for line in screen)
    assert len(screen) <= 32 - 2  # what to type next stands below it
    for said in ("HOW SURE", "luck alone", "verdict", "average", "95%", "as the model draws"):
        assert said in text
    assert max(len(line.text) for line in first_screen(report, 60)) <= 60
    assert [part.name for part in report.parts] == ["inputs", "method"]


def test_text_fits_the_terminal_names_its_intervals_and_ranks_by_the_share_alone():
    found = town_study()
    text = rendered(sensitivity_report(found))
    assert max(map(len, text.splitlines())) <= 96
    assert "nan" not in text
    assert "95% interval" in text
    at = found.outcome(DIFFERENCE, "members")
    first = found.indices.first[at, found.rank(at), 0]
    assert (np.diff(first) <= 0).all()


def with_shares(found, first, luck, ignorance, both):
    """The study with these shares of every spread: of the first input, luck, ignorance, both."""
    old = found.indices
    shares = old.first.copy()
    shares[:, :, :] = 0.0
    shares[:, 0, :] = first
    three = {
        name: np.full_like(old.apart, value)
        for name, value in {"apart": luck, "others": ignorance, "both": both}.items()
    }
    return replace(found, indices=replace(old, first=shares, **three))


@pytest.mark.parametrize(
    ("first", "luck", "said", "verdict"),
    [
        (0.4, 0.1, "matters most: alone it makes 40%", "matters"),
        (0.05, 0.7, "matters most: alone it makes 5%", "a little"),
        (0.0, 0.3, "No single input", None),
    ],
)
def test_the_answer_and_the_verdicts_follow_the_shares(first, luck, said, verdict):
    found = with_shares(town_study(), first, luck, 0.2, 0.1)
    words = " ".join(answer(found))
    assert said in words
    assert f"Luck alone makes {luck:.0%} in" in words
    label = load_register()[found.factors[0]].label
    rows = {row[0]: row[-1] for row in sensitivity_report(found).table.cells}
    assert rows.get(label) == verdict


@pytest.mark.parametrize(
    ("share", "words"),
    [(-0.2, "0%"), (0.0, "0%"), (0.004, "less than 1%"), (0.256, "26%"), (1.4, "100%")],
)
def test_a_share_is_written_as_part_of_a_whole(share, words):
    assert share_of_spread(share) == words


def checked(scenarios, asked):
    question, ground = asked_of(SensitivityStudy(), asked, lambda _: Ground(scenarios, seed=1))
    return SensitivityStudy().check(question, ground)


def refused(*scenarios, **asked) -> str:
    """Why this cannot be asked of these scenarios."""
    with pytest.raises(AskedError) as told:
        checked(scenarios, asked)
    return str(told.value)


def test_every_fault_of_what_was_asked_is_told_at_once_with_the_nearest_name():
    told = refused(NO_AGREEMENT, TWO_YEAR, metrics=["membres", "fund"], at="march", sets=100)
    assert len(told.splitlines()) == 3
    for words in ("no metric is named 'membres'", "did you mean 'members'", "named 'march'",
                  "a power of two from 64 to 65_536"):  # fmt: skip
        assert words in told


@pytest.mark.parametrize("sets", [0, 32, 100, 131_072])
def test_a_number_of_sets_that_is_no_power_of_two_in_range_is_refused(sets):
    assert "power of two" in refused(NO_AGREEMENT, TWO_YEAR, sets=sets)


def test_a_scenario_is_not_compared_with_itself_nor_membership_where_there_is_none():
    itself = refused(NO_AGREEMENT, TWO_YEAR, baseline=TWO_YEAR.name, scenario=TWO_YEAR.name)
    assert "is the baseline itself" in itself
    assert "use cohesion" in refused(NO_PARTNERSHIP, TWO_YEAR, metrics=["cohesion_all"])
    pair = pair_of(NO_PARTNERSHIP, TWO_YEAR, 1, [], None)
    assert "cohesion" in pair.metrics
    assert not any(METRICS[name].membership for name in pair.metrics)


def test_a_metric_of_the_first_edition_is_refused_with_what_took_its_place():
    told = refused(NO_AGREEMENT, TWO_YEAR, metrics=["cohesion_core", "external_share"])
    assert "cohesion_core has gone" in told
    assert "use cohesion" in told
    assert "use bought_by_schools or commissioned" in told
