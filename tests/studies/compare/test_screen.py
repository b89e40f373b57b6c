"""The first screen of a comparison: short, with its price, and true whatever comes out."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import rsip_sim
from rsip_sim.evidence.months import month_name, month_text, parse_month
from rsip_sim.measures.metrics import METRICS
from rsip_sim.report.text import first_screen, rendered
from rsip_sim.scenario import Scenario, load_scenario, with_values
from rsip_sim.scenario.loading import scenario_of
from rsip_sim.scenario.reading import Document
from rsip_sim.studies.compare.charts import headline
from rsip_sim.studies.compare.headline_table import MOST, headline_table
from rsip_sim.studies.compare.price import price
from rsip_sim.studies.compare.report import comparison_report, headlines_report
from rsip_sim.studies.compare.screen import (
    MOST_WORDS,
    PRICES,
    SHOWN,
    Screen,
    answer,
    noticed,
    settled,
    short_answer,
)
from rsip_sim.studies.compare.work import ComparisonTables, compare_results
from rsip_sim.studies.compare.work import headline_table as levels
from tests.fakes.panels import (
    FIVE,
    FIVE_YEAR,
    FOLDER,
    NO_AGREEMENT,
    NO_PARTNERSHIP,
    TWO_YEAR,
    fake_results,
    twin,
)

LATER = load_scenario(FOLDER / "agreement_later.yaml")
LENGTHS = (LATER, *FIVE, NO_PARTNERSHIP)
LINES = 32 - 3  # and up to three of what to type next
MANY = (LATER, *FIVE, NO_PARTNERSHIP, *(
    replace(with_values(TWO_YEAR, {"funding.earmark_gbp_per_year": pounds}),
            name=f"earmark_{pounds}", title=f"Earmark of £{pounds:,} a year", short="")
    for pounds in (100_000, 200_000, 300_000, 400_000, 500_000)
))  # fmt: skip


MADE: dict[tuple[str | int, ...], ComparisonTables] = {}


def compared(scenarios: tuple[Scenario, ...], futures: int = 120) -> ComparisonTables:
    key = (futures, *(f"{each.name} {each.policy.horizon_months}" for each in scenarios))
    if key not in MADE:
        results = fake_results(scenarios, futures)
        MADE[key] = compare_results(results, scenarios[0], scenarios[1:])
    return MADE[key]


def lines(scenarios: tuple[Scenario, ...], width: int = 96, futures: int = 120) -> list[str]:
    report = comparison_report(compared(scenarios, futures))
    return [line.text for line in first_screen(report, width)]


CASES = {
    "a ladder": LENGTHS,
    "one option": (LATER, TWO_YEAR),
    "no ladder": (TWO_YEAR, NO_AGREEMENT, NO_PARTNERSHIP),
    "no partnership to begin with": (NO_PARTNERSHIP, TWO_YEAR, FIVE_YEAR),
    "nothing changes": (TWO_YEAR, twin(TWO_YEAR, "same")),
    "more than stand side by side": MANY,
    "long names": (
        TWO_YEAR,
        load_scenario(FOLDER / "half_earmark.yaml"),
        load_scenario(FOLDER / "academies_excluded.yaml"),
    ),
    "short": tuple(twin(each, each.name, horizon_months=13) for each in LENGTHS[:4]),
}


@pytest.mark.parametrize("futures", [2, 120])
@pytest.mark.parametrize("case", CASES)
def test_it_fits_a_screen_and_a_narrow_terminal_and_says_the_price_and_how_sure(
    case: str, futures: int
) -> None:
    told = lines(CASES[case], futures=futures)
    assert len(told) <= LINES
    assert max(map(len, told)) <= 96
    narrow = lines(CASES[case], 60, futures)
    assert max(map(len, narrow)) <= 60
    for text in (" ".join(" ".join(told).split()), " ".join(" ".join(narrow).split())):
        assert not re.search(r"\bnan\b", text)
        assert "HOW SURE" in text
        for words in ("budgets", "council", "service", "£000"):
            assert words in text
        assert "price of" in text or "costs" in text


def test_headings_over_columns_never_run_into_one_another() -> None:
    for scenarios in (LENGTHS, (LATER, TWO_YEAR), (NO_PARTNERSHIP, TWO_YEAR)):
        for width in (60, 72, 96):
            heads = [
                each for each in lines(scenarios, width) if "level" in each and "change" in each
            ]
            assert all(
                len(each.split("change")[0].rstrip()) < each.index("change") for each in heads
            )


def test_a_ladder_is_answered_by_its_steps_and_asked_as_its_lever_asks() -> None:
    told = lines(LENGTHS)
    assert told[0].startswith("HOW LONG SHOULD THE AGREEMENT BE?   126 schools of Rotherham")
    screen = Screen(compared(LENGTHS))
    assert [each.brief for each in screen.steps] == ["1 year", "2 years", "3 years", "5 years"]
    assert lines((LATER, TWO_YEAR))[0].startswith("WHAT DOES 'TWO-YEAR AGREEMENT' CHANGE?")
    assert Screen(compared(CASES["no ladder"])).ladder is None


def test_without_a_partnership_there_are_no_members_to_count() -> None:
    table = headline_table(Screen(compared(LENGTHS)))
    (row,) = (row for row in table.cells if row[0] == "Schools in the partnership")
    assert row[-1] == "–"
    other = headline_table(Screen(compared(CASES["no partnership to begin with"])))
    (row,) = (row for row in other.cells if row[0] == "Schools in the partnership")
    assert row[1] == "–"
    text = rendered(comparison_report(compared(LENGTHS)))
    of_none = [each for each in text.splitlines() if each.startswith("  none ")]
    assert len([each for each in of_none if "–" in each]) >= 4, "members and dissolution, each time"


def test_of_many_options_those_that_change_most_stand_below_one_another() -> None:
    screen = Screen(compared(MANY))
    table = headline_table(screen)
    assert len(table.cells) == 1 + MOST
    assert len(table.columns) == 1 + (len(screen.measures) - 1) + len(PRICES), "one of a pair"
    assert f"{len(MANY) - 1 - MOST} more in 'tables'" in " ".join(lines(MANY))


def test_few_futures_claim_nothing_and_equal_scenarios_are_said_not_to_differ() -> None:
    few = " ".join(lines(LENGTHS, futures=2))
    assert "2 futures do not tell the options apart" in few
    same = " ".join(lines(CASES["nothing changes"]))
    assert "by an amount that anyone would notice" in " ".join(same.split())
    assert "costs nobody £5,000 a year" in same


def test_the_parts_behind_it_tell_the_rest() -> None:
    report = comparison_report(compared(LENGTHS))
    assert [part.name for part in report.parts] == ["price", "tables", "scenarios", "method"]
    text = " ".join(rendered(report).split())
    for said in (
        "95% interval says how precisely",
        "spread of the differences, from the 5th to the 95th percentile",
        "National climate (the rate of conversion in England): uncertain",
        "cash, not real terms; pupil rolls are those of the roster",
        "ranking by cohesion",
    ):
        assert text.count(said) == 1, said
    assert "the range across futures" not in text
    assert "Agreement length: 0 → 60 months" in text


# random outcomes


def random_tables(seed: int, scenarios: tuple[Scenario, ...]) -> ComparisonTables:
    """The comparison with other numbers: from nothing at all to far more than anyone overlooks."""
    luck = np.random.default_rng(seed)
    tables = compared(scenarios)
    size, certainty = luck.choice([0.0, 0.3, 3.0, 30.0]), luck.choice([0.01, 0.3, 5.0])

    steps = {each.name: (place, luck.uniform(-1, 1)) for place, each in enumerate(scenarios)}
    rising = bool(luck.integers(2))

    def otherwise(row):  # type: ignore[no-untyped-def]
        notice = row.metric.format.notice
        place, own = steps[row.scenario.name]
        mean = float(size * notice * (place * steps[scenarios[0].name][1] if rising else own))
        half = float(certainty * notice * luck.uniform(0.2, 1.0))
        share = luck.dirichlet([1, 1, 1])
        numbers = replace(
            row.numbers, difference=mean, ci_low=mean - half, ci_high=mean + half,
            higher=share[0], lower=share[1], equal=share[2],
        )  # fmt: skip
        return replace(row, numbers=numbers)

    def priced_otherwise(row):  # type: ignore[no-untyped-def]
        mean, half = size * 25_000 * luck.normal(), certainty * 25_000 * luck.uniform(0.2, 1.0)
        if row.scenario is tables.baseline:
            return row
        return replace(row, difference=mean, ci_low=mean - half, ci_high=mean + half)

    rows = tuple(otherwise(row) if row.numbers.replications else row for row in tables.rows)
    return replace(tables, rows=rows, price=tuple(map(priced_otherwise, tables.price)))


SETS: Sequence[tuple[Scenario, ...]] = (LENGTHS, (LATER, TWO_YEAR), CASES["no ladder"])


@functools.cache
def random_screens(names: tuple[str, ...]) -> list[Screen]:
    """Two hundred random outcomes of some of SETS, which several tests look at."""
    (scenarios,) = (each for each in SETS if tuple(one.name for one in each) == names)
    return [Screen(random_tables(seed, scenarios)) for seed in range(200)]


def screens_of(scenarios: tuple[Scenario, ...]) -> list[Screen]:
    return random_screens(tuple(each.name for each in scenarios))


@pytest.mark.parametrize("scenarios", SETS, ids=["ladder", "one option", "no ladder"])
def test_the_title_is_short_and_true_of_two_hundred_outcomes(scenarios) -> None:
    kinds = set()
    for screen in screens_of(scenarios):
        title = short_answer(screen)
        assert len(title.split()) <= MOST_WORDS, title
        rows = screen.of_options(screen.tables.others)
        told = [row for row in rows if noticed(row)]
        if title == "No option changes anything that anyone would notice":
            kinds.add("nothing")
            assert all(
                row.verdict == "equal"
                or max(abs(row.numbers.ci_low), abs(row.numbers.ci_high)) < row.metric.format.notice
                for row in rows
            )
        elif title == "No difference between these options is clear":
            kinds.add("unclear")
            assert not told
            assert not all(map(settled, rows))
        elif title.startswith("The longer the agreement, "):
            kinds.add("ladder")
            (metric,) = {
                METRICS[name] for name in SHOWN
                if METRICS[name].noun in title
                or (METRICS[name].clause.partition("{} ")[2] and
                METRICS[name].clause.partition("{} ")[2] in title)
            }  # fmt: skip
            values = [screen.row(metric, each).numbers.difference for each in screen.steps]
            up = [0.0, *values] == sorted([0.0, *values])
            down = [0.0, *values] == sorted([0.0, *values], reverse=True)
            assert up if f"the {metric.words[0]} " in title else down
            assert any(noticed(screen.row(metric, each)) for each in screen.steps)
        elif title.startswith("What changes most is "):
            kinds.add("no steps")
            assert screen.steps
        else:
            kinds.add("change")
            lead = screen.lead
            assert lead in told
            size = lead.metric.format.brief_magnitude(lead.numbers.difference)
            assert f"{size} {lead.metric.words[lead.numbers.difference < 0]}" in title
    assert {"nothing", "unclear"} <= kinds
    assert len(scenarios) < 4 or {"ladder", "no steps"} <= kinds
    assert len(scenarios) > 4 or "change" in kinds


@pytest.mark.parametrize("scenarios", SETS, ids=["ladder", "one option", "no ladder"])
def test_what_is_said_to_hardly_change_surely_does_not(scenarios) -> None:
    seen = 0
    for screen in screens_of(scenarios):
        for said in answer(screen):
            if not said.startswith(("It hardly changes", "No option")):
                continue
            seen += 1
            options = screen.steps or screen.tables.others
            for metric in screen.measures:
                if metric.noun in said:
                    rows = [row for row in screen.of_options(options) if row.metric == metric]
                    assert all(map(settled, rows)), said
    assert seen > 20


def test_what_a_ladder_hardly_changes_is_said_before_any_other_option_is() -> None:
    """The word "it" is the ladder: said after another option, it would be about that one."""
    seen = 0
    for screen in screens_of(LENGTHS):
        said = [str(each) for each in answer(screen)]
        its = [n for n, each in enumerate(said) if each.startswith(("It ", "What it does"))]
        beside = [n for n, each in enumerate(said) if " changes more: " in each or
                  " changes too: " in each]  # fmt: skip
        if screen.steps and its and beside:
            seen += 1
            assert max(its) < min(beside), said
    assert seen


def test_every_random_outcome_fits_the_screen() -> None:
    for seed in range(60):
        report = comparison_report(random_tables(seed, LENGTHS))
        told = [line.text for line in first_screen(report)]
        assert len(told) <= LINES, "\n".join(told)
        assert max(map(len, told)) <= 96


# the chart


def test_the_chart_says_what_the_table_says_number_by_number() -> None:
    chart, table = headline(compared(LENGTHS)), headline_table(Screen(compared(LENGTHS)))
    drawn = [text.get_text() for text in chart.figure.texts if text.get_gid() == "number"]
    assert drawn == [str(cell) for row in table.cells for cell in row[1:]]
    for row in table.cells:
        assert f"{row[0]}: {row[1]} under" in chart.alt
    assert chart.data.groupby("measure").size().unique() == [len(LENGTHS) - 1]
    grey = chart.data[~chart.data["told"]]
    assert len(grey) == sum(each.startswith(("(", "0")) or each == "–" for row in table.cells
                            for each in map(str, row[2:]))  # fmt: skip


# one run


def test_the_screen_of_a_run_has_its_price_and_how_sure() -> None:
    results = fake_results(FIVE, 120)
    report = headlines_report(levels(results, FIVE_YEAR), FIVE_YEAR, price(results, FIVE_YEAR, ()))
    told = [line.text for line in first_screen(report)]
    assert len(told) <= LINES
    assert max(map(len, told)) <= 96
    assert max(len(line.text) for line in first_screen(report, 60)) <= 60
    text = " ".join(" ".join(told).split())
    for said in ("FIVE-YEAR AGREEMENT", "90% of futures", "The council pays, £000 a year",
                 "compare it with another", "HOW SURE"):  # fmt: skip
        assert said in text
    rows = [row[0].partition(",")[0] for row in report.table.cells]
    shown = [METRICS[name].label for name in SHOWN]
    assert rows[: len(shown)] == shown, "the order of a comparison, so that both lie side by side"
    assert "National climate" in rendered(report)


# in Python


def test_a_comparison_shows_itself_in_a_notebook_and_at_a_prompt() -> None:
    files = [FOLDER / f"{name}.yaml" for name in ("agreement_later", "two_year")]
    comparison = rsip_sim.compare(files, replications=12, workers=1)
    assert repr(comparison) == "\n".join(line.text for line in first_screen(comparison.report))
    page = comparison._repr_html_()
    assert page.count("<svg ") == 1
    assert page.count("<table") == 1
    assert "What does &#x27;Two-year agreement&#x27; change?" in page
    chart = comparison.charts()["headline"]._repr_html_()
    assert chart.startswith('<img src="data:image/png;base64,')
    assert "alt=" in chart


_DATES = re.compile(r"\b(January|February|March|April|May|June|July|August|September|October|"
                    r"November|December) (\d{4})\b")  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(st.integers(parse_month("2011-04"), parse_month("2013-03")), st.integers(1, 60))
@example(parse_month("2013-03"), 60)
@example(parse_month("2012-04"), 12)
@example(parse_month("2013-03"), 1)
def test_no_finding_is_worded_from_another_month_than_it_says(start: int, months: int) -> None:
    """The mean leads where there is one; a date is of the run, with a year of it before."""
    run = {"start": month_text(start), "horizon_months": months}
    scenarios = [
        scenario_of(Document({**each.resolved, **run}), each.path, each.roster)
        for each in (NO_AGREEMENT, TWO_YEAR)
    ]
    tables = compare_results(fake_results(scenarios, 24), scenarios[0], scenarios[1:])
    moment = Screen(tables).moment
    assert moment.over_time == (months > 12)
    report = comparison_report(tables)
    said = "\n".join(words for _, words in report.passages())
    dates = {f"{name} {year}" for name, year in _DATES.findall(said)} - {"April 2013"}
    assert dates <= {month_name(start + month) for month in range(months)}
    heading = str(headline_table(Screen(tables)).columns[0].heading)
    if months > 12:
        first, last = month_name(start + 12), month_name(start + months - 1)
        assert heading == f"Average, {first}" + ("" if months == 13 else f" to {last}")
    else:
        assert heading.startswith("On ")
        assert heading.endswith(month_name(start + moment.last))
        assert moment.last in (months - 1, parse_month("2013-03") - start)
        assert moment.name == "end" or moment.last >= 11
