"""National and local counts: what the shipped tables say, against the published figures."""

from collections import Counter

import numpy as np
import pytest

from rsip_sim.evidence.months import month_text, parse_month
from rsip_sim.evidence.national import authorities, opening_hazard, rotherham_openings
from rsip_sim.evidence.rosters import load_roster

SERIES = opening_hazard()


def test_the_series_runs_from_september_2010_to_september_2016() -> None:
    assert SERIES.first == parse_month("2010-09")
    assert month_text(SERIES.first + SERIES.converter.shape[1] - 1) == "2016-09"
    assert SERIES.converter.shape == SERIES.sponsored.shape == (3, 73)


def test_hazards_are_small_positive_fractions() -> None:
    for hazard in (SERIES.converter, SERIES.sponsored):
        assert (hazard >= 0).all()
        assert (hazard < 0.08).all()


def test_openings_of_a_month_are_the_rise_of_the_stock_on_its_first() -> None:
    # primary converters stood at 49 on 1 March and 82 on 1 April 2011, of 16,814 and more schools
    april = parse_month("2011-04") - SERIES.first
    assert SERIES.openings[0, 0, april] == 82 - 49
    assert SERIES.converter[0, april] == pytest.approx(33 / SERIES.maintained[0, april])


# Openings a school-month, in per cent, as counted from daily records; ours come from the stock
# on firsts, which misses an opening hidden by a closure of the same month.
@pytest.mark.parametrize(
    ("route", "phase", "first", "last", "per_cent", "tolerance"),
    [
        ("converter", "primary", "2011-04", "2013-03", 0.197, 0.002),
        ("converter", "secondary", "2011-04", "2013-03", 2.09, 0.02),
        ("converter", "special", "2011-04", "2013-03", 0.27, 0.01),
        ("sponsored", "primary", "2011-04", "2013-03", 0.055, 0.002),
        ("sponsored", "secondary", "2011-04", "2013-03", 0.27, 0.01),
        ("converter", "primary", "2013-04", "2015-03", 0.242, 0.003),
        ("converter", "secondary", "2013-04", "2015-03", 0.49, 0.01),
        ("sponsored", "primary", "2013-04", "2015-03", 0.161, 0.003),
        ("sponsored", "secondary", "2010-09", "2010-12", 0.52, 0.03),
    ],
)
def test_pooled_hazards_agree_with_the_published_count(
    route: str, phase: str, first: str, last: str, per_cent: float, tolerance: float
) -> None:
    pooled = 100 * SERIES.pooled(route, phase, parse_month(first), parse_month(last))
    assert pooled == pytest.approx(per_cent, abs=tolerance)


def test_the_secondary_pulse_peaks_in_2011_and_is_spent_by_mid_2013() -> None:
    first_wave = SERIES.pooled("converter", "secondary", *map(parse_month, ("2011-04", "2011-08")))
    afterwards = SERIES.pooled("converter", "secondary", *map(parse_month, ("2013-04", "2015-03")))
    assert first_wave > 6 * afterwards


def test_the_series_cannot_be_changed_by_a_reader() -> None:
    with pytest.raises(ValueError, match="read-only"):
        SERIES.converter[0, 0] = 1


def test_the_authority_table_holds_every_phase_of_every_authority_at_each_date() -> None:
    rows = authorities()
    counts = Counter(month_text(row.month) for row in rows)
    assert counts["2011-04"] == counts["2013-04"] == 447
    assert counts["2014-09"] == 261
    assert len({(row.month, row.authority, row.phase) for row in rows}) == len(rows) == 3465


def test_the_median_authority_had_four_per_cent_of_primaries_as_academies_in_april_2013() -> None:
    wanted = ("primary", parse_month("2013-04"))
    stocks = [
        (row.converter + row.sponsored, row.maintained)
        for row in authorities()
        if (row.phase, row.month) == wanted
    ]
    shares = [
        academies / (academies + rest) for academies, rest in stocks if academies + rest >= 10
    ]
    assert len(shares) == 149
    assert np.round(100 * np.quantile(shares, [0.1, 0.5, 0.9])).tolist() == [0, 4, 19]


def test_rotherham_openings_count_as_the_register_does() -> None:
    openings = [opening for opening in rotherham_openings() if opening.urn != -1]

    def standing(month: str) -> tuple[int, int]:
        so_far = [each for each in openings if each.month <= parse_month(month)]
        secondary = sum(each.phase == "secondary" for each in so_far)
        return len(so_far) - secondary, secondary

    assert standing("2011-04") == (0, 3)
    assert standing("2012-09") == (1, 5)
    assert standing("2013-04") == (3, 5)
    assert standing("2013-09") == (10, 6)
    assert standing("2014-09") == (18, 10)


def test_every_rotherham_opening_is_a_school_of_the_roster_or_says_that_it_is_new() -> None:
    roster = load_roster("rotherham_2011")
    names = dict(zip(roster.urn.tolist(), roster.school, strict=True))
    for opening in rotherham_openings():
        if opening.urn == -1:
            assert opening.school == "Eastwood Village Primary School"
        else:
            assert names[opening.urn] == opening.school


def test_what_the_roster_says_of_its_academies_agrees_with_the_openings() -> None:
    roster = load_roster("rotherham_2011")
    opened = {opening.urn: opening for opening in rotherham_openings()}
    for place in np.flatnonzero((roster.legal_status == 1) | (roster.planned_opening != -1)):
        opening = opened[int(roster.urn[place])]
        assert opening.month == max(roster.opened[place], roster.planned_opening[place])
        assert opening.route == ("", "converter", "sponsored")[roster.route[place]]
