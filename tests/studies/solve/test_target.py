"""A target means what its sentence says, and a sentence that is none is answered in words."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rsip_sim
from rsip_sim.evidence.months import month_text, parse_month
from rsip_sim.measures.metrics import METRICS, OF_100
from rsip_sim.scenario import load_scenario, with_values
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.solve.question import read_target
from rsip_sim.studies.solve.target import COMPARES, SPANS, Target, moment_of
from tests.fakes.scenario_files import SCENARIOS

TWO_YEAR = load_scenario(SCENARIOS / "two_year.yaml")
MONTHS = st.integers(parse_month("2011-04"), parse_month("2016-03")).map(month_text)


@st.composite
def targets(draw: st.DrawFn) -> Target:
    metric = draw(st.sampled_from(sorted(METRICS)))
    chance = METRICS[metric].kind in ("chance", "risk")
    highest = {OF_100: 100_000, "% of futures": 100_000}.get(METRICS[metric].unit, 10**9)
    value = draw(st.integers(0, highest)) / 1000
    share = None if chance else draw(st.none() | st.integers(1, 999).map(lambda n: n / 1000))
    how = "at least" if share is None else draw(st.sampled_from(COMPARES))
    moment = draw(st.sampled_from(sorted(SPANS)) | MONTHS)
    return Target(metric, moment, draw(st.sampled_from(COMPARES)), value, share, how)


def said(text: str) -> Target:
    target, faults = read_target(text)
    assert target is not None, faults
    return target


def faults_of(text: str) -> str:
    target, faults = read_target(text)
    assert target is None
    return "\n".join(str(fault) for fault in faults)


@given(targets())
def test_the_words_of_a_target_read_back_to_the_same_target(target: Target) -> None:
    assert said(target.words()) == target


@given(targets())
def test_capitals_and_blanks_do_not_matter(target: Target) -> None:
    words = target.words().replace("_", " ")
    assert said(f"  {words.upper()} ".replace(" ", "  ")) == target


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("breakdown by 2016-03 at most 10%", Target("breakdown", "2016-03", "at most", 10)),
        ("breakdown by March 2016 at most 10 %", Target("breakdown", "2016-03", "at most", 10)),
        (
            "members at end at least 80 with probability 0.8",
            Target("members", "end", "at least", 80, 0.8),
        ),
        (
            "members at end at least 80 schools with a probability of at most 20%",
            Target("members", "end", "at least", 80, 0.2, "at most"),
        ),
        (
            "erosion mean below 30% with probability 0.5",
            Target("erosion", "mean", "below", 30, 0.5),
        ),
        ("cohesion on 2013-03 above 75", Target("cohesion", "2013-03", "above", 75)),
        ("below good at end below 30", Target("below_good", "end", "below", 30)),
        ("stability mean at most 0.5 of 100", Target("stability", "mean", "at most", 0.5)),
        ("fund over own agreement >= £0.6m", Target("fund", "own_agreement", "at least", 600_000)),
        ("overspend by March 2014 < £50k", Target("overspend", "2014-03", "below", 50_000)),
        ("unmet days mean at most 1,200", Target("unmet_days", "mean", "at most", 1200)),
        ("members maintained at end > 12", Target("members_maintained", "end", "above", 12)),
        ("in_force on 2014-04 at least 50% of futures",
         Target("in_force", "2014-04", "at least", 50)),
    ],
)  # fmt: skip
def test_a_planners_sentence_is_understood(text: str, target: Target) -> None:
    assert said(text) == target


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("memebrs at end at least 80", "'memebrs' is no outcome of the model; did you mean 'mem"),
        ("at least 80 members at end", "does not begin with an outcome; one of academies, conv"),
        ("members at edn at least 80", "'at edn' is no moment; did you mean 'end'?"),
        ("members in Marhc at least 80", "no moment; at end, mean, over own agreement"),
        ("breakdown by 2016 below 10%", "'by 2016' is no moment; at end, mean, over own agreem"),
        ("members by 30 March 2013 at least 80", "no moment; at end, mean, over own agreement"),
        ("members by 2013-03-30 at least 105", "'by 2013-03-30' is no moment"),
        ("members by 2016-13 at least 80", "'by 2016-13' is no moment; at end, mean, over own a"),
        ("members at least 80", "does not say when it is read; at end, mean, over own agreement"),
        ("members at end at least 80 at end", "'at end' after the number is not understood"),
        ("members at end at leest 80", "compares with nothing; write at least, at most, above or"),
        ("members at end at least many", "'many' is not a number"),
        ("members at end at least", "lacks a number"),
        ("members at end at least 80 pupils", "'pupils' after the number is not understood"),
        ("members at end at least £80", "members is in schools; write 80"),
        ("members at end at least 80%", "members is in schools; write 80"),
        ("overspend by 2016-03 at most 0.5", "0.5 could mean two things; write £0.5 or £0.5m f"),
        ("breakdown at end at most 0.1", "0.1 could mean two things; write 0.1% or 10%"),
        ("breakdown at end at most 120%", "breakdown runs from 0 to 100; such as 75"),
        ("cohesion at end above 750", "cohesion runs from 0 to 100; such as 75"),
        ("cohesion at end above 0.75", "0.75 could mean two things; write 75 or 0.75 of 100"),
        ("cohesion core at end above 0.75", "cohesion_core has gone: cohesion itself is without"),
        ("council_cost by 2016-03 below £3m", "has gone: it counted a smaller service as a sav"),
        ("council_cost by 2016-03 below £3m", "; use price_council; price_schools and service"),
        ("breakdown at end at most 9% with probability 0.8", "is itself a share of futures; leav"),
        ("members at end at least 80 with probability 80", "'80' is no probability; write a numbe"),
        ("members at end at least 80 with probability 1", "'1' is no probability; write a number"),
        ("members at end at least 80 with chance 0.8", "'with chance 0.8' after the number is not"),
        ("erosion mean at most 22,5%", "'22,5%' is not a number; with a decimal point"),
        ("members at end at least 1,0,5", "'1,0,5' is not a number"),
        ("members at end at least 1_05", "commas only for thousands: 1,234.5"),
        ("fund at end at least £600.000", "could mean two things; write £600 or £600,000"),
        ("members at end at least 80 with probability 0,8", "'0,8' is no probability"),
    ],
)  # fmt: skip
def test_what_is_no_target_is_told_with_what_is(text: str, fault: str) -> None:
    assert fault in faults_of(text)


@given(
    st.sampled_from(["members", "fund", "erosion", "cohesion", "unmet_days", "breakdown"]),
    st.sampled_from(["", "£"]),
    st.from_regex(r"[0-9]{1,4}([.,_][0-9]{1,4}){0,3}", fullmatch=True, alphabet="0123456789.,_"),
    st.sampled_from(["", "%", "m", " of 100"]),
)
def test_a_number_has_one_meaning_and_what_is_to_be_written_instead_is_accepted(
    metric: str, pound: str, digits: str, ending: str
) -> None:
    sentence = f"{metric} at end at most {{}}"
    target, faults = read_target(sentence.format(f"{pound}{digits}{ending}"))
    if target is not None:
        assert not re.search(r",(?!\d{3}\b)|_", digits), "a comma that divides no thousands"
        return
    told = re.match(r"write (\S+(?: of 100)?)(?:,? or (\S+(?: of 100)?).*)?$", faults[0].allowed)
    for instead in filter(None, told.groups() if told else ()):
        assert said(sentence.format(instead))


@pytest.mark.parametrize("text", ["", "  ", "x" * 121])
def test_a_target_that_is_no_sentence_is_told_once_and_as_a_target(text: str) -> None:
    """Neither as the name of a policy, nor as missing besides."""
    with pytest.raises(AskedError) as refused:
        rsip_sim.solve(TWO_YEAR, lever="agreement.length_months", target=text)
    told = [str(fault) for fault in refused.value.problems]
    assert len(told) == len(set(told))
    assert not any("policy" in fault or "is missing" in fault for fault in map(str, told))
    words = "at most 120" if text.strip() else "does not begin with an outcome"
    assert any(words in fault for fault in told), told


def test_all_faults_of_a_sentence_are_told_at_once() -> None:
    told = faults_of("foo at bar at least baz with probability nope").splitlines()
    assert [line.split("'")[1] for line in told] == ["foo", "at bar", "baz", "nope"]


@given(st.text(max_size=60))
def test_any_text_at_all_is_a_target_or_has_a_fault(text: str) -> None:
    target, faults = read_target(text)
    assert (target is None) == bool(faults)


def test_with_a_probability_it_is_the_share_of_futures_that_counts() -> None:
    target = said("members at end at least 80 with probability 0.6")
    futures = target.observed(np.array([79.0, 80, 81, np.nan]))
    np.testing.assert_array_equal(futures, [0, 100, 100, np.nan])
    assert target.met(np.array([59.9, 60.0, np.nan])).tolist() == [False, True, False]
    assert target.all_or_nothing


def test_without_one_it_is_the_average() -> None:
    target = said("erosion mean below 30%")
    futures = np.array([12.0, 45.0])
    np.testing.assert_array_equal(target.observed(futures), futures)
    assert target.met(np.array([29.9, 30.0])).tolist() == [True, False]
    assert not target.is_share


def test_what_happens_or_not_is_a_share_of_futures_by_itself() -> None:
    assert said("breakdown at end at most 10%").all_or_nothing
    # over time it may have been so for some of the months
    over_time = said("in_force mean at least 60%")
    assert over_time.is_share
    assert not over_time.all_or_nothing


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_a_share_that_equals_the_target_to_the_last_future_meets_it(yes: int, futures: int) -> None:
    share = 100 * min(yes, futures) / futures
    limit = float(f"{share:.12g}")
    for compare, met in (("at least", True), ("at most", True), ("above", False), ("below", False)):
        target = Target("breakdown", "end", compare, limit)
        assert target.met(np.array([share]))[0] == met


def test_a_month_is_read_on_its_last_day_and_must_lie_in_the_run() -> None:
    moment = moment_of(said("members on 2012-09 at least 80"), TWO_YEAR.policy)
    assert (moment.first, moment.last, moment.label) == (17, 17, "30 September 2012")
    with pytest.raises(AskedError, match=r"2016-04 is outside the run; from 2011-04 to 2016-03"):
        moment_of(said("members on 2016-04 at least 80"), TWO_YEAR.policy)


def test_what_a_run_has_no_moment_for_is_told() -> None:
    none = with_values(TWO_YEAR, {"agreement.length_months": 0})
    with pytest.raises(AskedError, match="no agreement of its own"):
        moment_of(said("members over own agreement at least 80"), none.policy)
