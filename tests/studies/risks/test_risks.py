"""The register of risks counts what the stored tables hold, and orders it as a service would."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.evidence.months import parse_month
from rsip_sim.measures.runs import read_schools
from rsip_sim.measures.statistics import wilson_interval
from rsip_sim.report.blocks import Table
from rsip_sim.report.text import first_screen, rendered
from rsip_sim.report.words import YARDSTICK
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.kernel.ground import Ground
from rsip_sim.studies.risks.report import WARNING, answer, risks_report
from rsip_sim.studies.risks.study import RisksQuestion, RisksStudy
from rsip_sim.studies.risks.work import (
    RiskRegister,
    Risks,
    per_pupil,
    risk_register,
    risks_of,
)
from tests.fakes.school_lives import (
    NO_AGREEMENT,
    NO_PARTNERSHIP,
    TWO_YEAR,
    Remembered,
    outcome_of,
    shipped,
    with_roster,
)
from tests.fakes.worlds import academy, roster, school

PLACE = roster(
    [
        school(1, pupils=100, learning_community="Ash"),
        school(2, pupils=100, learning_community="Ash"),
        school(3, "secondary", 900, learning_community="Birch"),
        academy(4, pupils=50),
    ]
)
HERE = with_roster(TWO_YEAR, PLACE)
FUTURES = 20


def by_hand(**columns: list[list[int]]) -> RiskRegister:
    """The register of four schools in twenty futures, from columns written by hand."""
    results = Remembered({"two_year": outcome_of(columns)}, PLACE)
    return risk_register(results, HERE, None)


def spread(*futures: int, value: int = 5, otherwise: int = -1) -> list[int]:
    """One school's column: a value in some futures, another in the rest."""
    return [value if future in futures else otherwise for future in range(FUTURES)]


def of_school(register: RiskRegister, urn: int) -> pd.Series:
    return register.schools.set_index("urn").loc[urn]


ALL = (NO_AGREEMENT, TWO_YEAR, NO_PARTNERSHIP)


def risks(chosen: Scenario = TWO_YEAR, by: int | None = None) -> Risks:
    return risks_of(shipped(), ALL, chosen, by)


def words(found: Risks) -> str:
    return " ".join(rendered(risks_report(found)).split())


@pytest.fixture(scope="module")
def register() -> RiskRegister:
    return risk_register(shipped(), TWO_YEAR, NO_AGREEMENT)


# chances


def test_a_chance_is_the_share_of_futures_with_its_binomial_interval() -> None:
    found = of_school(by_hand(first_month_alone=[spread(0, 1, 2, 3), *[spread()] * 3]), 1)
    assert found["leaves"] == 0.2
    assert (found["leaves_ci_low"], found["leaves_ci_high"]) == pytest.approx(
        (0.0807, 0.4160), abs=1e-4
    )


@given(st.integers(1, 5000), st.floats(0, 1))
def test_an_interval_holds_its_chance_and_lies_between_nought_and_one(n: int, at: float) -> None:
    share = np.array([round(at * n) / n])
    low, high = wilson_interval(share, n)
    assert 0 <= low[0] <= share[0] <= high[0] <= 1
    wider_low, wider_high = wilson_interval(share, max(n // 4, 1))
    assert wider_high[0] - wider_low[0] >= high[0] - low[0] - 1e-12


def test_nothing_seen_is_not_certainty() -> None:
    low, high = wilson_interval(np.array([0.0, 1.0]), 100)
    assert low[0] == 0
    assert high[1] == 1
    assert high[0] == pytest.approx(0.037, abs=1e-3)
    assert low[1] == pytest.approx(0.963, abs=1e-3)


def test_schools_stand_in_the_order_of_chance_times_pupils() -> None:
    """Three in twenty of 900 pupils go before ten in twenty of 100, and ties go by URN."""
    left = [spread(*range(10)), spread(*range(10)), spread(0, 1, 2), spread()]
    found = by_hand(first_month_alone=left).schools
    assert found["urn"].tolist() == [3, 1, 2, 4]
    assert found["rank"].tolist() == [1, 2, 3, 4]


def test_whoever_is_dropped_at_dissolution_leaves_and_is_counted_apart() -> None:
    earlier = spread(0, 1, 2, value=3)
    outcome = outcome_of({"first_month_alone": [spread(0, 1, 2), earlier, *[spread()] * 2]})
    outcome.panel["partnership_ended"][5:, :2] = 1
    results = Remembered({"two_year": outcome}, PLACE)
    found = risk_register(results, HERE, None).schools.set_index("urn")
    assert found.loc[1, ["leaves", "dropped"]].tolist() == [0.15, 0.1]
    assert found.loc[2, ["leaves", "dropped"]].tolist() == [0.15, 0.0]


def test_an_academy_of_the_start_cannot_become_one() -> None:
    opened = [spread(0, value=9), spread(), spread(), [-2] * FUTURES]
    found = by_hand(opening_month=opened, route=[spread(0, value=2, otherwise=0), *[[0] * 20] * 3])
    assert np.isnan(of_school(found, 4)["academy"])
    assert of_school(found, 1)["academy"] == 0.05
    assert of_school(found, 1)["by_order"] == 0.05


# dates


def test_a_date_counts_what_has_happened_by_its_end(register: RiskRegister) -> None:
    early = risk_register(shipped(), TWO_YEAR, None, parse_month("2013-03"))
    left = read_schools(shipped(), TWO_YEAR.name).first_month_alone
    by_hand = ((left >= 0) & (left < 24)).mean(axis=1)
    chances = early.schools.set_index("urn")["leaves"]
    np.testing.assert_array_equal(chances.loc[TWO_YEAR.roster.urn], by_hand)
    whole = register.schools.set_index("urn")["leaves"]
    assert (chances <= whole.loc[chances.index]).all()
    assert "to the end of March 2013; many return" in words(risks(by=parse_month("2013-03")))


@pytest.mark.parametrize("month", ["2011-03", "2014-04"])
def test_a_date_outside_the_run_is_refused(month: str) -> None:
    ground = Ground((NO_AGREEMENT, TWO_YEAR), results=shipped())
    with pytest.raises(AskedError, match=f"by: {month} is outside .* 2011-04 to 2014-03"):
        RisksStudy().check(RisksQuestion(by=month), ground)


# differences


def test_differences_are_paired_and_nought_against_itself(register: RiskRegister) -> None:
    same = risk_register(shipped(), TWO_YEAR, TWO_YEAR)
    assert (same.schools["leaves_difference"] == 0).all()
    assert (same.communities["holds_difference_ci_high"] == 0).all()
    other = risk_register(shipped(), NO_AGREEMENT, None).schools.set_index("urn")
    ours = register.schools.set_index("urn")
    expected = ours["leaves"] - other["leaves"].loc[ours.index]
    np.testing.assert_allclose(ours["leaves_difference"], expected, atol=1e-12)
    assert "leaves_difference" not in other


def test_without_a_partnership_leaving_is_not_defined_and_conversion_is() -> None:
    found = risk_register(shipped(), NO_PARTNERSHIP, TWO_YEAR)
    assert found.schools[["leaves", "leaves_difference", "outside_at_end"]].isna().all(axis=None)
    assert found.communities[["holds", "expected_share"]].isna().all(axis=None)
    assert found.schools["academy_difference"].notna().sum() == 123
    order = found.schools["academy"].fillna(0) * found.schools["pupils"]
    assert order.is_monotonic_decreasing
    text = words(risks(NO_PARTNERSHIP))
    assert "leaves 95%" not in text
    assert "becomes 95% against" in " ".join(text.split())
    against = risk_register(shipped(), TWO_YEAR, NO_PARTNERSHIP)
    assert against.schools["leaves_difference"].isna().all()
    assert against.communities["holds_difference"].isna().all()


# communities


def test_a_community_holds_together_while_more_than_half_of_its_pupils_are_inside() -> None:
    """Two schools of 100: with one inside it is exactly half, which is not more."""
    inside = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 0], [0, 0, 0]], dtype=bool)
    shares = per_pupil(PLACE, inside)
    np.testing.assert_array_equal(shares, [[1, 0.5, 0], [1, 1, 0]])
    futures = [[1] * 20, spread(*range(9), value=1, otherwise=0), [1] * 20, [0] * 20]
    found = by_hand(member_at_end=futures).communities.set_index("learning_community")
    assert found.loc["Ash", "holds"] == 0.45


def test_a_community_of_one_school_holds_as_long_as_it_is_inside() -> None:
    inside = [[1] * 20, [1] * 20, spread(0, 1, value=0, otherwise=1), [0] * 20]
    found = by_hand(member_at_end=inside).communities.set_index("learning_community")
    assert found.loc["Birch", ["schools", "holds", "expected_share"]].tolist() == [1, 0.9, 0.9]
    assert found.loc["Ash", "holds"] == 1
    assert found.index.tolist() == ["Birch", "Ash"]  # most pupils at risk first


def test_support_lacking_is_averaged_over_pupils() -> None:
    unmet = [[4] * 20, [0] * 20, spread(0, value=6, otherwise=0), [9] * 20]
    found = by_hand(months_unmet=unmet, member_at_end=[[1] * 20] * 4)
    ash = found.communities.set_index("learning_community").loc["Ash"]
    assert ash["months_short"] == 2
    assert of_school(found, 3)["months_short"] == pytest.approx(0.3)


def test_a_place_without_communities_is_answered() -> None:
    place = roster([school(1), school(2)])
    results = Remembered({"two_year": outcome_of({"route": [[0], [0]]})}, place)
    found = risk_register(results, with_roster(TWO_YEAR, place), None)
    assert found.communities.empty
    told = Risks(found, (found,), risks().prices)
    assert "names no learning communities" in words(told)
    assert "With 1 future these chances are rough" in words(told)


def test_the_register_agrees_with_the_stored_table(register: RiskRegister) -> None:
    stored = read_schools(shipped(), TWO_YEAR.name)
    assert register.schools["outside_at_end"].mean() == pytest.approx(1 - stored.inside.mean())
    total = (register.communities["expected_share"] * register.communities["pupils"]).sum()
    place = TWO_YEAR.roster
    inside = (stored.inside.mean(axis=1) * place.pupils)[place.community >= 0].sum()
    assert total == pytest.approx(inside)


# what is told


def test_the_first_screen_fits_a_terminal_and_names_the_price_but_no_school() -> None:
    report = risks_report(risks())
    screen = first_screen(report, 96)
    text = "\n".join(line.text for line in screen)
    assert len(screen) <= 32 - 2  # what to type next stands below it
    for said in ("Schools' budgets pay, £000 a year", "HOW SURE", "95%", "counts are safer"):
        assert said in text
    assert not any(name in text for name in TWO_YEAR.roster.school)
    assert not any(name in text for name in TWO_YEAR.roster.communities)
    assert max(len(line.text) for line in first_screen(report, 60)) <= 60


def test_many_options_stand_below_one_another() -> None:
    found = risks()
    many = replace(found, registers=found.registers * 3)
    screen = first_screen(risks_report(many), 96)
    assert len(screen) <= 32
    assert max(len(line.text) for line in screen) <= 96


def test_every_school_is_in_one_class_of_the_table() -> None:
    table = risks_report(risks()).table
    assert table is not None
    classes = [row for row in table.cells if "%" in row[0]]
    assert len(classes) == len(YARDSTICK)
    assert sum(int(row[2]) for row in classes) == len(TWO_YEAR.roster)
    assert {row[3] for row in classes} == {"–"}  # there is no partnership to leave


def test_the_counts_for_programs_are_those_of_the_registers(register: RiskRegister) -> None:
    counts = risks().counts.set_index("scenario").loc["two_year"]
    assert counts["schools_leaves"].sum() == len(register.schools)
    assert counts["communities_holds"].sum() == len(register.communities)
    likely = counts.loc[counts["from"] >= 0.6, "schools_leaves"].sum()
    assert likely == (register.schools["leaves"] >= 0.6).sum()


def with_leaving(found: Risks, *chances: float) -> Risks:
    """The same, but every school of each option leaves with this chance."""
    registers = tuple(
        replace(each, schools=each.schools.assign(leaves=chance))
        for each, chance in zip(found.registers, chances, strict=True)
    )
    return replace(found, registers=registers)


def test_the_answer_names_the_options_of_fewest_and_of_most() -> None:
    some = next(answer(with_leaving(risks(), 0.9, 0.0, np.nan)))
    assert some == (
        f"0 of 126 schools leave at least once, on average, under '{TWO_YEAR.brief}', 113 under "
        f"'{NO_AGREEMENT.brief}'."
    )
    same = next(answer(with_leaving(risks(), 0.9, 0.9, np.nan)))
    assert same.endswith("under every option with a partnership.")
    alone = risks_of(shipped(), (NO_PARTNERSHIP,), NO_PARTNERSHIP)
    assert list(answer(alone)) == ["None of these options has a partnership to leave."]


@pytest.mark.parametrize("scenario", ALL)
def test_schools_are_named_only_in_parts_with_the_warning(scenario: Scenario) -> None:
    report = risks_report(risks(scenario))
    for name in ("schools", "communities"):
        part = report.part(name)
        assert part is not None
        assert part.blocks[0].words == WARNING  # type: ignore[union-attr]
    text = rendered(report)
    assert max(len(line) for line in text.splitlines()) <= 96
    assert "nan" not in text.lower().split()
    assert "… and 111 more in tables/schools.csv" in text


def test_the_likelihood_of_a_school_stands_beside_its_chance() -> None:
    part = risks_report(risks()).part("schools")
    assert part is not None
    table = next(block for block in part.blocks if isinstance(block, Table))
    at, word = (table.header.index(name) for name in ("leaves", "likelihood"))
    bounds = {"unlikely": (20, 40), "likely": (60, 80), "almost certain": (95, 100)}
    for row in table.cells:
        low, high = bounds.get(row[word], (0, 100))
        assert low <= float(row[at].strip("<>%")) <= high


def test_few_futures_are_called_rough() -> None:
    assert "With 60 futures these chances are rough" in words(risks())
    many = risks()
    many = replace(many, chosen=replace(many.chosen, replications=1000))
    assert "are rough" not in words(many)
