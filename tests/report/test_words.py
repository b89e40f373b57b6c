"""Names in a sentence."""

from __future__ import annotations

import pytest

from rsip_sim.measures.formats import inside
from rsip_sim.report.words import listed


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
