"""A text keeps the source of each figure in it, and is a str all the same."""

from __future__ import annotations

import pickle

from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.report.quoted import (
    Cell,
    Given,
    Quote,
    Said,
    joined,
    listed,
    say,
    titled,
)
from rsip_sim.report.quoted import given as given_words

TEN = Quote("10", Cell("differences", ("two_year",), "difference"))
WHEN = Quote("on 31 March 2013", Given("date"))

parts = st.lists(
    st.one_of(st.text(max_size=5), st.builds(Quote, st.text(max_size=5), st.just(Given("x"))))
)


def test_a_sentence_is_a_str_and_remembers_what_it_quotes() -> None:
    told = say("{n} schools left {when}.", n=TEN, when=WHEN)
    assert told == "10 schools left on 31 March 2013."
    assert told.quotes == (TEN, WHEN)


def test_sentences_within_sentences_bring_their_quotes_along() -> None:
    inner = say("{n} left", n=TEN)
    assert say("({inner}), {inner}", inner=inner).quotes == (TEN, TEN)
    assert joined("; ", [inner, "so be it"]) == "10 left; so be it"
    assert listed([inner, Said("some stayed"), TEN]).quotes == (TEN, TEN)


def test_a_list_of_one_or_none_is_no_list() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"], "or") == "a, b or c"


def test_titles_stand_between_quotation_marks_and_are_quoted_as_given() -> None:
    assert titled("The <best> & only").quotes[0].source == Given("title of a scenario")
    assert titled("The <best> & only") == "'The <best> & only'"


@given(parts)
def test_the_parts_always_make_up_the_text(pieces: list[str | Quote]) -> None:
    told = Said(*pieces)
    texts = [part if isinstance(part, str) else part.text for part in told.parts]
    assert "".join(texts) == str(told)
    assert not any(isinstance(one, str) and isinstance(other, str)
                   for one, other in zip(told.parts, told.parts[1:], strict=False))  # fmt: skip
    assert Said(told).parts == told.parts


def test_it_survives_the_way_to_another_process() -> None:
    told = say("{n} more", n=given_words("10", "count"))
    back = pickle.loads(pickle.dumps(told))
    assert back == told
    assert back.parts == told.parts
