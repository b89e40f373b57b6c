"""Names and shares in a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.measures.formats import inside
from rsip_sim.report.words import listed, per_cent


def test_names_are_joined_as_one_would_say_them() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"], "or") == "a, b or c"


def test_beyond_the_most_that_are_named_the_others_are_counted() -> None:
    assert listed(["a", "b", "c", "d"], most=2) == "a, b and 2 more"
    assert listed(["a", "b"], most=2) == "a and b"


def test_nothing_cannot_be_listed() -> None:
    with pytest.raises(ValueError, match="nothing"):
        listed([])


def test_a_label_loses_its_capital_inside_a_sentence_but_an_abbreviation_does_not() -> None:
    assert inside("Cohesion index") == "cohesion index"
    assert inside("DSG erosion") == "DSG erosion"


@given(st.floats(0, 1))
def test_a_share_is_never_rounded_to_none_or_to_all(share: float) -> None:
    for brief in (False, True):
        assert (per_cent(share, brief) == "0%") == (share == 0)
        assert (per_cent(share, brief) == "100%") == (share == 1)


def test_a_small_share_has_one_wording_in_sentences_and_one_in_cells() -> None:
    assert [per_cent(share) for share in (0.004, 0.996)] == ["less than 1%", "more than 99%"]
    assert [per_cent(share, brief=True) for share in (0.004, 0.996)] == ["<1%", ">99%"]
    assert per_cent(float("nan")) == "–"
