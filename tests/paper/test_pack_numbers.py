"""What is written is the rounding of a number, or it is refused."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rsip_sim.measures import formats
from rsip_sim.measures.formats import NumberFormat
from rsip_sim.paper.ledger import agrees
from rsip_sim.report.words import in_words, of_futures, per_cent

FORMATS = [value for value in vars(formats).values() if isinstance(value, NumberFormat)]
values = st.floats(-3e8, 3e8, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("£1.2m", 1_234_000.0), ("−0.4 points", -0.41), ("12.3%", 12.34), ("27%", 0.274),
        ("+10", 9.97), ("Four", 4.0), ("83 of 100 futures", 0.834), ("7 of 10 futures", 0.7),
        ("none", 0.0), ("every future", 1.0), ("all", 1.0), ("not defined", math.nan),
        ("more than 99 of 100 futures", 0.9991), ("fewer than 1 of 100 futures", 0.0004),
        ("less than 1%", 0.003), ("more than 99%", 0.997), ("less than 0.1", -0.04),
        ("1 of 100", 0.002),
    ],
)  # fmt: skip
def test_the_rounding_of_a_number_is_accepted(text: str, value: float) -> None:
    assert agrees(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("£1.2m", 1_300_000.0), ("−0.4 points", -0.5), ("12.3%", 12.4), ("27%", 0.28),
        ("10", 9.4), ("Four", 5.0), ("83 of 100 futures", 0.81), ("every future", 0.99),
        ("all", 0.99),
        ("not defined", 3.0), ("10", math.nan), ("more than 99 of 100 futures", 0.98),
        ("fewer than 1 of 100 futures", 0.02), ("less than 1%", 0.03), ("more than 99%", 0.9),
        ("less than 0.1", 0.3), ("many", 12.0),
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str, value: float) -> None:
    assert not agrees(text, value)


def test_a_sum_in_thousands_says_that_it_is_rounded_so() -> None:
    assert agrees("£12,000", 11_640.0, nearest=1000)
    assert not agrees("£12,000", 11_640.0)
    assert not agrees("£12,000", 11_400.0, nearest=1000)


@given(st.sampled_from(FORMATS), values)
def test_whatever_a_format_writes_agrees_with_its_number(write: NumberFormat, value: float) -> None:
    for text in (write.level(value), write.difference(value), write.magnitude(value)):
        assert agrees(text, value), text


@given(st.sampled_from(FORMATS), values, st.floats(1.2, 50))
def test_and_disagrees_with_one_that_is_clearly_another(
    write: NumberFormat, value: float, factor: float
) -> None:
    text = write.difference(value)
    assume(abs(value) > 20 * write.divisor * 10.0**-write.difference_decimals)
    assert not agrees(text, value * factor)


@given(st.integers(1, 3000), st.data())
def test_shares_of_futures_agree_however_they_are_written(
    futures: int, data: st.DataObject
) -> None:
    share = data.draw(st.integers(0, futures)) / futures
    assert agrees(of_futures(share, futures), share)
    assert agrees(per_cent(share), share)
    assert (per_cent(share) == "0%") == (share == 0)
    assert (per_cent(share) == "100%") == (share == 1)


def test_small_counts_are_told_in_words() -> None:
    assert [in_words(count) for count in (1, 4, 10, 11, 0, 1200)] == [
        "one", "four", "ten", "11", "0", "1,200",
    ]  # fmt: skip
