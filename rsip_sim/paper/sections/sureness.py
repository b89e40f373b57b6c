"""How sure the comparison is, and why: precision and spread, luck and ignorance."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from rsip_sim.evidence.register import Parameter, load_register
from rsip_sim.measures.metrics import HEADLINES
from rsip_sim.paper.case import Case, counted, effect, ends, futures_of
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.paper.sections.assumptions import NAME as ASSUMPTIONS
from rsip_sim.paper.sections.assumptions import quoted
from rsip_sim.paper.sections.backtest import backtest_blocks
from rsip_sim.paper.sections.further import missing
from rsip_sim.report.blocks import Block, Heading, Paragraph, Picture, Points, Table, columns
from rsip_sim.report.findings import Row, gain_of_pairing
from rsip_sim.report.quoted import Cell, Derived, Quote, Said, given, say, titled
from rsip_sim.report.verdicts import INTERVAL, SPREAD
from rsip_sim.scenario import Scenario

MOST_TOLD = 3
SECURE = "b_secure"
"""The parameter through which nearly all of the length of an agreement acts."""

UNEVIDENCED = "unevidenced"
"""The table that `rsip compare` may keep: for each value without evidence, scenario and
headline measure the difference to be expected at the low end, the central value and the high end
of its range, and where the conclusion turns. Where it is not there, a paper does without."""

_KEYS = ("parameter", "scenario", "metric")
PLACES = ("at_low", "at_central", "at_high")
MOST_MEASURES = 3
_VALUES = ("low_value", "central_value", "high_value")
_NEEDED = frozenset((*_KEYS, "date", "leans", "explained", "turns_at", *PLACES, *_VALUES))


def sureness(case: Case) -> list[Block]:
    """Every reason to trust the numbers and not to."""
    return [
        *_precision(case),
        *_luck_and_ignorance(case),
        *_weights(case),
        *_without_evidence(case),
        *backtest_blocks(case),
    ]


def _precision(case: Case) -> list[Block]:
    opening = say(
        "Every option meets the same {futures}, and each future is compared with itself. {pairing}"
        "The {interval} says how precisely they fix an average; about one such interval in "
        "{twenty} misses. {spread}: how far single futures lie apart. What happens will be one "
        "future, not the average.",
        futures=futures_of(case), pairing=_pairing(case), interval=INTERVAL, spread=SPREAD,
        twenty=given("twenty", "convention: what a 95% interval misses"),
    )  # fmt: skip
    blocks: list[Block] = [Heading(Said("Precision and spread")), Paragraph(opening)]
    rows = [row for row in case.strongest("better") if row.metric.kind not in ("chance", "risk")]
    if rows:
        blocks.append(Points(tuple(_both(row) for row in rows[:MOST_TOLD])))
    return blocks


def _both(row: Row) -> Said:
    figures = row.figures
    return say(
        "Under {title} {effect} on average ({interval} {ends}); in single futures, from {low} to "
        "{high} ({spread}).",
        title=titled(row.scenario.title), effect=effect(row), interval=INTERVAL, ends=ends(row),
        low=figures.relative("p05"), high=figures.relative("p95"), spread=SPREAD,
    )  # fmt: skip


def _pairing(case: Case) -> Said:
    times = gain_of_pairing(case.tables.rows)
    if not times:
        return Said()
    what = "median over headline differences of the variance if unpaired ÷ as paired"
    return say(
        "That makes a typical average as precise as {times} times as many futures compared at "
        "random would. ",
        times=Quote(f"{times:,.0f}", Derived(what, times)),
    )


def _luck_and_ignorance(case: Case) -> list[Block]:
    uncertain = case.baseline.policy.parameters == "uncertain"
    holds = (
        "both: in each future the values that nobody knows are drawn anew, together with the luck "
        "of schools, inspections and votes"
        if uncertain
        else "luck alone: the values that nobody knows are held at their central values"
    )
    blocks: list[Block] = [
        Heading(Said("Luck and ignorance")),
        Paragraph(
            say(
                "The spread across futures holds {holds}. Luck cannot be reduced by finding out "
                "more; ignorance can.",
                holds=holds,
            )
        ),
    ]
    studies = case.studies.of("sensitivity")
    if studies:
        blocks += [Picture(chart.name, study.name) for study in studies for chart in study.charts]
    elif uncertain:
        what = "How much of the spread is luck, and how much ignorance,"
        blocks.append(missing(what, "rsip sensitivity"))
    return blocks


def _weights(case: Case) -> list[Block]:
    """How much the ranking by cohesion owes to the weights of the index."""
    if not case.tables.rankings:
        return []
    items = tuple(ranking.sentence for ranking in case.tables.rankings)
    return [Heading(Said("Weights of the cohesion index")), Points(items)]


def _without_evidence(case: Case) -> list[Block]:
    """What the model needs and nobody has measured."""
    unknown = [each for each in load_register().uncertain() if each.grade == "none"]
    secure = next((each for each in unknown if each.name == SECURE), None)
    blocks: list[Block] = [
        Heading(Said("What has no evidence")),
        Paragraph(
            say(
                "{count} of the values drawn in each future rest on no evidence at all. The "
                "workbook names them in the sheet '{sheet}'.",
                sheet=ASSUMPTIONS,
                count=counted(len(unknown), "uncertain values of the register without evidence",
                              capital=True),
            )
        ),
    ]  # fmt: skip
    if secure is not None and len({_length(s) for s in case.scenarios}) > 1:
        blocks.append(Paragraph(_secure(secure)))
        turned = turning(case, SECURE)
        blocks += [turned] if turned is not None else []
    return blocks


def _secure(parameter: Parameter) -> Said:
    return say(
        "The one that matters most to lengths is '{label}': nobody has measured how far months "
        "still guaranteed keep a school in. It is run from {low}, no effect, to {high}, a strong "
        "one; at no effect a longer agreement would differ from a "
        "shorter one in nothing but what it promises.",
        label=_named(parameter), low=quoted(parameter, "low"), high=quoted(parameter, "high"),
    )  # fmt: skip


def _named(parameter: Parameter) -> Said:
    label = parameter.label
    return given(label[0].lower() + label[1:], f"register: {parameter.name}")


def _length(scenario: Scenario) -> int:
    return scenario.policy.levers.agreement.length_months


def read_no_evidence(folder: Path) -> pd.DataFrame | None:
    """The table kept with the comparison in this folder; None where there is none."""
    path = folder / "tables" / f"{UNEVIDENCED}.csv"
    if not path.is_file():
        return None
    frame = pd.read_csv(path, dtype={"turns_at": str}, keep_default_na=True)
    return frame if set(frame.columns) >= _NEEDED and len(frame) else None


def no_evidence_table(case: Case) -> LedgerTable | None:
    """The same as a table to quote from."""
    if case.leaning is None:
        return None
    title = "Headline differences over the range of each value without evidence"
    return LedgerTable(UNEVIDENCED, title, case.leaning, _KEYS)


def turning(case: Case, parameter: str) -> Table | None:
    """How a parameter turns the conclusions that lean on it most; None where none is known to."""
    table = no_evidence_table(case)
    if table is None:
        return None
    frame = table.frame
    ours = frame[
        (frame["parameter"] == parameter) & frame["leans"].astype(bool)
        & (frame["date"] == case.tables.main_moment)
    ]  # fmt: skip
    parts = ours.groupby("metric")["explained"].max().nlargest(MOST_MEASURES)
    chosen = [name for name in HEADLINES if name in parts.index]
    rows = [
        _row(case, table, dict(record))
        for name in chosen
        for _, record in ours[ours["metric"] == name].iterrows()
        if case.row_named(str(record["scenario"]), name) is not None
    ]
    if not rows:
        return None
    ends = [_at(table, dict(ours.iloc[0]), column) for column in _VALUES]
    return Table(
        name=f"turning_{parameter}",
        caption=say("Average difference from {base} to be expected at the low end, the central "
                    "value and the high end of that range", base=case.base),
        description=say("One row an option and measure; the last column says whether the "
                        "conclusion turns within the range."),
        columns=columns(
            ("Option: measure", *(say("At {value}", value=end) for end in ends), "Conclusion"),
            (6.2, 2.3, 2.3, 2.3, 3.6),
            words=(4,),
        ),
        rows=tuple(rows),
    )  # fmt: skip


def _row(case: Case, table: LedgerTable, record: dict[str, object]) -> tuple[Said, ...]:
    compared = case.row_named(str(record["scenario"]), str(record["metric"]))
    assert compared is not None
    write = compared.metric.format
    key = tuple(str(record[name]) for name in _KEYS)
    cells = (
        Said(Quote(write.difference(table.value(key, column)),
                   Cell(UNEVIDENCED, key, column, nearest=write.nearest)))
        for column in PLACES
    )  # fmt: skip
    label = say("{title}: {measure}", measure=compared.metric.label,
                title=given(compared.scenario.title, "title of a scenario"))  # fmt: skip
    return (label, *cells, _conclusion(str(record["turns_at"]), key))


def _conclusion(turns: str, key: tuple[str, ...]) -> Said:
    """``turns at 0.71``, ``turns first at 0.4``, ``does not turn``."""
    first, more, _ = turns.partition(";")
    if not first or first == "nan":
        return Said("does not turn")
    value = float(first)
    what = f"value of {key[0]} at which the conclusion turns: {key[1]}, {key[2]}"
    return say(
        "turns {first}at {value}",
        first="first " if more else "", value=Quote(f"{value:.2g}", Derived(what, value)),
    )  # fmt: skip


def _at(table: LedgerTable, record: dict[str, object], column: str) -> Quote:
    key = tuple(str(record[name]) for name in _KEYS)
    return Quote(f"{table.value(key, column):g}", Cell(UNEVIDENCED, key, column))
