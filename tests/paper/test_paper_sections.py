"""What the report to Cabinet says, whatever the simulation gives."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rsip_sim.paper.assemble import (
    PARTS,
    WARNING,
    annex,
    annex_parts,
    load_template,
    made_for_paper,
    paper,
)
from rsip_sim.paper.case import Case
from rsip_sim.paper.ledger import Ledger
from rsip_sim.paper.make import ledger_of
from rsip_sim.paper.sections import MOST_RULES
from rsip_sim.paper.seed_risks import RiskScale, risk_table
from rsip_sim.paper.workbook import ledger_tables
from rsip_sim.report.blocks import Heading, Paragraph, Part, Report, Table, columns
from rsip_sim.scenario.loading import with_reasons
from tests.fakes.pack_cases import Outcome, fake_case, with_outcomes
from tests.fakes.panels import (
    FIVE,
    FIVE_YEAR,
    NO_AGREEMENT,
    NO_PARTNERSHIP,
    ONE_YEAR,
    TWO_YEAR,
    twin,
)

SOUND = re.compile(r"\bnan\b|\binf\b|\{|\}|  |−−|\+−|\( \(|\(\)|;;|\.\.|,\.|: \.")
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


def recorded(case: Case) -> tuple[list[str], Ledger]:
    """Every text of both papers without charts, each accepted by the ledger."""
    case = replace(case, told=(*case.told, *made_for_paper(case)))
    ledger, told = ledger_of(case), []
    for document in (paper(case, load_template()), annex(case)):
        for place, words in document.passages():
            ledger.record(place, words)
            told.append(str(words))
    return told, ledger


def table_of(case: Case, part: str, name: str) -> Table:
    return next(b for b in PARTS[part](case) if isinstance(b, Table) and b.name == name)


@settings(max_examples=20)
@given(st.sampled_from(list(SCENARIOS)), outcomes())
def test_every_text_is_sound_and_every_figure_in_it_has_a_source(
    compared: str, dealt: list[Outcome]
) -> None:
    told, ledger = recorded(with_outcomes(fake_case(SCENARIOS[compared]), dealt))
    for words in told:
        assert not SOUND.search(words), words
    results = [entry for entry in ledger.entries.values() if entry.kind == "result"]
    assert all(entry.table and entry.cell and entry.file for entry in results)


def test_the_summary_is_what_the_comparison_says_and_not_said_anew() -> None:
    case = fake_case(FIVE)
    ours = [str(b.words) for b in PARTS["summary"](case) if isinstance(b, Paragraph)]
    said = [str(b.words) for b in case.report.blocks if isinstance(b, Paragraph)]
    assert ours == [
        f"{said[0]} Figures: average, April 2012 to March 2016, unless another date is said.",
        *said[1:],
    ]
    (table,) = (b for b in PARTS["summary"](case) if isinstance(b, Table))
    assert case.report.table is not None
    assert [row[1:] for row in table.rows] == [row[1:] for row in case.report.table.rows]
    assert any("council pays" in row[0] for row in table.cells)


def test_what_a_planner_ended_without_a_full_stop_runs_into_nothing() -> None:
    bare = replace(twin(NO_AGREEMENT, "bare"), title="Nothing signed", description="")
    case = fake_case((bare, TWO_YEAR))
    first = next(str(b.words) for b in PARTS["summary"](case) if isinstance(b, Paragraph))
    assert "Nothing signed. Figures: average" in first


def test_the_report_has_ten_sentences_of_results_at_most() -> None:
    document = paper(fake_case(FIVE), load_template())
    body = [b.words for b in document.blocks if isinstance(b, Paragraph) and b.kind == "body"]
    told = [each for words in body for each in re.split(r"(?<=[.;]) ", words) if each[-1] == "."]
    assert 0 < len(told) <= 10


@settings(max_examples=20)
@given(st.sampled_from(list(SCENARIOS)), outcomes())
def test_options_are_numbered_in_a_table_and_none_is_recommended(
    compared: str, dealt: list[Outcome]
) -> None:
    case = with_outcomes(fake_case(SCENARIOS[compared]), dealt)
    rows = table_of(case, "recommendations", "options").cells
    assert [row[0] for row in rows] == [str(n) for n in range(1, len(case.scenarios) + 1)]
    assert [row[1] for row in rows] == [each.brief for each in case.scenarios]
    words = " ".join(words for _, words in Report("", tuple(PARTS["recommendations"](case)))
                     .passages()).replace("the model recommends none", "")  # fmt: skip
    assert "to be written by the report author" in words
    assert not re.search(r"\b(should|recommend|must|best|approve|agree to)\b", words)


def test_the_price_of_every_option_stands_by_year_and_adds_up_to_the_whole() -> None:
    def pounds(cell: str) -> float:
        return float(cell.replace(",", "").replace("−", "-").replace("–", "0").replace("<1", "0"))

    case = fake_case(FIVE)
    tables = [block for block in PARTS["finance"](case) if isinstance(block, Table)]
    assert tables
    for table in tables:
        assert "£000" in table.caption
        for _, whole, _, *years in table.cells:
            assert sum(map(pounds, years)) == pytest.approx(pounds(whole), abs=len(years))


def test_what_the_answer_hangs_on_is_the_head_of_what_the_comparison_tells_of_it() -> None:
    heads, cells = columns(("rule", "2 years"), (33, 13)), ("+4.5 ±0.3",)
    rules = tuple((f"Rule {letter} does not hold", *cells) for letter in "abcdefgh")
    tried = Table("alternatives_members", "Members, had a rule been otherwise", "One row a rule.",
                  heads, (("As the model has it", "+4.5"), *rules))  # fmt: skip
    case = fake_case((NO_AGREEMENT, TWO_YEAR))
    parts = (Part("unknown", "What the answer hangs on", (Paragraph("Tried."), tried)),)
    case = replace(case, report=replace(case.report, parts=parts))
    table = table_of(case, "uncertainty", "comparison_alternatives_members")
    assert table.cells == tried.cells[: 1 + MOST_RULES]
    recorded(case)
    untried = PARTS["uncertainty"](replace(case, report=replace(case.report, parts=())))
    assert untried[0] == Paragraph("No rule of the model was tried otherwise.")


def test_a_risk_is_scored_on_the_templates_scale_and_not_serious_by_definition() -> None:
    case = fake_case(FIVE)
    mild = RiskScale(event=25.0, likelihood=[50.0, 90.0], effect=[99.0, 99.5])
    harsh = RiskScale(event=25.0, likelihood=[0.1, 0.2], effect=[0.1, 0.2])
    for scale, score in ((mild, 1.0), (harsh, 3.0)):
        frame = risk_table(case.results, case.scenarios, scale).frame
        assert set(frame["effect_score"].dropna()) == {score}
    happened = risk_table(case.results, case.scenarios).frame.dropna(subset=["effect"])
    assert (happened["effect"] < 25.0).any(), "the effect is no more than what defines the risk"


def test_a_risk_scale_that_falls_is_refused() -> None:
    with pytest.raises(ValueError, match="rise"):
        RiskScale(event=25.0, likelihood=[50.0, 25.0], effect=[5.0, 10.0])


def test_every_part_of_the_comparison_is_in_the_annex_but_the_price() -> None:
    case = fake_case(FIVE)
    titles = [str(part.title) for part in annex_parts(case)]
    wanted = [part.title for part in case.report.parts if part.name != "price"]
    assert [title for title in titles if title in wanted] == wanted
    assert {"What the model must not be used for", "Record of the run"} <= set(titles)


def test_schools_are_named_only_where_the_officer_asks_and_with_the_warning() -> None:
    silent = fake_case((NO_AGREEMENT, TWO_YEAR))
    naming = fake_case((NO_AGREEMENT, TWO_YEAR), with_schools=True)
    names = set(TWO_YEAR.roster.school)
    told, _ = recorded(silent)
    assert not any(name in words for name in names for words in told if len(name) > 12)
    assert not {table.name for table in ledger_tables(silent)} & {"schools", "communities"}
    document = annex(replace(naming, told=tuple(made_for_paper(naming))))
    listed = [
        block for part in document.parts for block in part.blocks
        if isinstance(block, Table) and any(name in row[0] for row in block.cells for name in names)
    ]  # fmt: skip
    assert len(listed) == 1
    assert all(WARNING in table.caption for table in listed)
    assert {table.name for table in ledger_tables(naming)} >= {"schools", "communities"}


def test_scenarios_that_do_not_differ_change_nothing() -> None:
    case = fake_case((TWO_YEAR, twin(TWO_YEAR, "same_again")))
    rows = table_of(case, "recommendations", "options").cells
    assert rows[1][3] == "nothing that is noticed"
    assert rows[1][4:] == ("0", "0", "0")


def test_the_reason_for_a_lever_stands_beside_it_in_table_annex_and_workbook() -> None:
    length = "agreement.length_months"
    changed = ONE_YEAR.changed({length: 18}, "Reason", "reasoned")
    reasoned = replace(with_reasons(changed, {length: "20 heads asked; £5 {}"}), description="")
    case = fake_case((TWO_YEAR, reasoned))
    told, _ = recorded(case)
    said = "(why: 20 heads asked; £5 {})"
    assert said in table_of(case, "recommendations", "options").cells[1][2]
    assert any(words.endswith(said) for words in told if words.startswith(("Reason", "Agreement")))
    (sheet,) = (table.frame for table in ledger_tables(case) if table.name == "scenarios")
    assert said in sheet["differs_from_baseline"].iloc[1]


def test_headings_inside_sections_are_of_the_second_level() -> None:
    for part in PARTS.values():
        assert {b.level for b in part(fake_case(FIVE)) if isinstance(b, Heading)} <= {2}
