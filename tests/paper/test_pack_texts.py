"""Every part of a paper is sound, whatever the simulation gives."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rsip_sim.measures.metrics import HEADLINES
from rsip_sim.paper.case import Case
from rsip_sim.paper.ledger import Ledger
from rsip_sim.paper.make import ledger_tables
from rsip_sim.paper.sections.recommendations import recommendations
from rsip_sim.paper.sections.summary import five_sentences
from rsip_sim.paper.template import PARTS
from rsip_sim.report.blocks import Block, Gap, Heading, Points, Report, Table
from rsip_sim.report.verdicts import CLEAR
from tests.fakes.pack_cases import Outcome, fake_case, with_outcomes
from tests.fakes.panels import FIVE, FIVE_YEAR, NO_AGREEMENT, NO_PARTNERSHIP, ONE_YEAR, TWO_YEAR

SOUND = re.compile(r"\bnan\b|\binf\b|\{|\}|  |−−|\+−|\( |\(\)|;;|\.\.|,\.|: \.")
SCENARIOS = {
    "a length": (NO_AGREEMENT, TWO_YEAR),
    "none against one": (TWO_YEAR, NO_PARTNERSHIP),
    "one against none": (NO_PARTNERSHIP, ONE_YEAR, FIVE_YEAR),
}

numbers = st.one_of(
    st.floats(-1e7, 1e7), st.floats(-1, 1), st.just(math.nan), st.just(0.0), st.sampled_from([1, 2])
)


@st.composite
def outcomes(draw: st.DrawFn) -> list[Outcome]:
    futures = draw(st.integers(1, 24))
    futures_of = st.lists(numbers, min_size=futures, max_size=futures).map(tuple)
    made = []
    for _ in range(draw(st.integers(1, 5))):
        baseline = draw(futures_of)
        shift = draw(st.one_of(st.none(), st.floats(-50, 50)))
        levels = draw(futures_of) if shift is None else tuple(x + shift for x in baseline)
        made.append(Outcome(levels, baseline))
    return made


def recorded(case: Case) -> tuple[list[tuple[str, str]], Ledger]:
    """Every text of every part, each accepted by the ledger."""
    ledger = Ledger(ledger_tables(case), case.baseline.name)
    told = []
    for name, part in PARTS.items():
        blocks: list[Block] = part(case)
        for place, words in Report("t", tuple(blocks)).passages():
            ledger.record(f"{name}: {place}", words)
            told.append((f"{name}: {place}", str(words)))
    return told, ledger


@settings(max_examples=25)
@given(st.sampled_from(list(SCENARIOS)), outcomes())
def test_every_text_is_sound_and_every_figure_in_it_has_a_cell(
    compared: str, dealt: list[Outcome]
) -> None:
    case = with_outcomes(fake_case(SCENARIOS[compared], with_schools=True), dealt)
    told, ledger = recorded(case)
    for place, words in told:
        assert not SOUND.search(words), (place, words)
    results = [entry for entry in ledger.entries.values() if entry.kind == "result"]
    assert all(entry.table and entry.cell and entry.file for entry in results)


@settings(max_examples=40)
@given(st.sampled_from(list(SCENARIOS)), outcomes())
def test_the_summary_is_five_sentences_that_claim_no_more_than_is_clear(
    compared: str, dealt: list[Outcome]
) -> None:
    case = with_outcomes(fake_case(SCENARIOS[compared]), dealt)
    told = five_sentences(case)
    assert len(told) == 5
    for sentence in told:
        assert sentence[0].isupper()
        assert sentence.endswith(".")
    verdicts = {row.verdict for s in case.others for row in case.headlines(s)}
    if not case.enough:
        assert not verdicts & CLEAR
        assert "too few" in told[1]
        return
    gains, costs = told[2], told[3]
    assert gains.startswith("What it changes most for the better") <= ("better" in verdicts)
    assert costs.startswith("What gets worse") <= ("worse" in verdicts)
    for sentence in (gains, costs):
        if not sentence.startswith("No option"):
            assert "95% interval" in sentence or "chance" in sentence


@settings(max_examples=25)
@given(st.sampled_from(list(SCENARIOS)), outcomes())
def test_recommendations_are_offered_one_a_scenario_and_never_made(
    compared: str, dealt: list[Outcome]
) -> None:
    case = with_outcomes(fake_case(SCENARIOS[compared]), dealt)
    blocks = recommendations(case)
    (points,) = [block for block in blocks if isinstance(block, Points)]
    assert len(points.items) == len(case.scenarios)
    assert all(item.startswith("considers whether to ") for item in points.items)
    assert any(isinstance(block, Gap) for block in blocks)
    words = " ".join(points.items)
    assert not re.search(r"\b(should|recommend|must|best|approve|agree to)\b", words)


def test_the_table_of_options_holds_every_headline_for_every_option() -> None:
    case = fake_case(FIVE)
    tables = [block for block in PARTS["options"](case) if isinstance(block, Table)]
    assert [len(table.rows) for table in tables] == [len(HEADLINES)]
    assert [str(cell) for cell in tables[0].header[2:]] == [s.title for s in case.others]


def test_more_options_than_a_page_is_wide_make_further_tables() -> None:
    from tests.fakes.panels import twin

    many = (NO_AGREEMENT, *(twin(TWO_YEAR, f"option_{i}") for i in range(6)))
    tables = [block for block in PARTS["options"](fake_case(many)) if isinstance(block, Table)]
    assert [len(table.header) - 2 for table in tables] == [4, 2]


def test_money_is_gross_less_recouped_in_every_year() -> None:
    sums = fake_case(FIVE).money
    for scenario in FIVE:
        for year in ("2011-12", "2015-16", "all years"):
            gross, recouped, retained = (
                sums.value(scenario.name, item, year) for item in ("gross", "recouped", "retained")
            )
            assert gross > 0
            assert recouped >= 0
            assert retained == pytest.approx(0)  # which the fake panels leave out


def test_schools_are_named_only_where_the_officer_asks_for_it() -> None:
    silent, naming = fake_case((NO_AGREEMENT, TWO_YEAR)), fake_case(
        (NO_AGREEMENT, TWO_YEAR), with_schools=True
    )  # fmt: skip
    name = str(TWO_YEAR.roster.school[5])
    tables = {table.name for table in ledger_tables(silent)}
    assert PARTS["schools"](silent) == []
    assert not tables & {"schools", "communities"}
    assert all(name not in words for _, words in recorded(silent)[0])
    listed = [block for block in PARTS["schools"](naming) if isinstance(block, Table)]
    assert len(listed) == 2
    assert listed[0].rows[0][0] in set(TWO_YEAR.roster.school)


def test_what_was_not_studied_names_the_command_that_would_add_it() -> None:
    told = " ".join(words for _, words in recorded(fake_case(FIVE))[0])
    for command in ("rsip sensitivity", "rsip explain", "rsip solve", "rsip robust"):
        assert f"'{command}'" in told


def test_scenarios_that_do_not_differ_are_said_to_be_the_same() -> None:
    from tests.fakes.panels import twin

    case = fake_case((TWO_YEAR, twin(TWO_YEAR, "same_again")))
    told = dict(recorded(case)[0])
    assert any("In nothing that is simulated does it differ" in words for words in told.values())
    assert "makes no difference" in five_sentences(case)[1]


def test_headings_inside_parts_are_of_the_second_level() -> None:
    for part in PARTS.values():
        levels = {b.level for b in part(fake_case(FIVE)) if isinstance(b, Heading)}
        assert levels <= {2}
