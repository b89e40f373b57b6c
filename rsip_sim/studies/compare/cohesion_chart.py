"""Cohesion and its five parts over time, one panel each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fan import NAME_CM, Curves, Panels, Series, along_scenario
from rsip_sim.charts.fit import fitted
from rsip_sim.charts.frame import (
    SPREAD_NOTE,
    framed,
    given_period,
    month_labels,
    quoted,
    source_line,
)
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.measures.metrics import METRICS, PARTS
from rsip_sim.measures.panels import Panel
from rsip_sim.measures.runs import FloatArray, PanelSource
from rsip_sim.measures.statistics import mean_of_defined, quantiles
from rsip_sim.report.quoted import Quote, Said, joined, say, titled
from rsip_sim.report.verdicts import SPREAD
from rsip_sim.report.words import period, place
from rsip_sim.scenario import Scenario

NAME = "cohesion_parts"
KEYS = ("scenario", "measure", "month")
MEASURES = ("cohesion", *PARTS)
ALONE = KeyEntry("", "line", style.DARK_BLUE, width=1.6)
BASELINE = KeyEntry("", "line", style.DARK_GREY, dash=(0.0, (3.0, 2.0)), width=1.6)
BAND = KeyEntry("", "band", style.PALE_GREY, style.FOCUS_GREY)
LINES = (
    KeyEntry("", "line", style.DARK_BLUE, width=1.6),
    KeyEntry("", "line", style.ORANGE, dash=(0.0, (5.0, 1.5)), width=1.6),
    KeyEntry("", "line", style.DARK_PINK, dash=(0.0, (1.2, 1.2)), width=1.6),
    KeyEntry("", "line", style.TURQUOISE, dash=(0.0, (6.0, 1.5, 1.2, 1.5)), width=1.6),
)
"""Of the scenarios beside the baseline, told apart by their dashes too."""

Means = dict[tuple[str, str], FloatArray]


def cohesion_parts(results: PanelSource, scenarios: Sequence[Scenario]) -> Chart:
    """Lines are means across futures; the band is the spread of the first scenario's futures."""
    baseline = scenarios[0]
    means, bands = _read(results, scenarios)
    drawn = [baseline, *_most_different(scenarios[1:], baseline, means)]
    notes = ["Lines: averages across futures. " + SPREAD_NOTE]
    if len(drawn) < len(scenarios):
        notes.append(
            "Drawn are the baseline and the four scenarios that differ most; all are in the table."
        )
    if without := [s.title for s in scenarios if not s.policy.partnership]:
        notes.append(f"Without a partnership stability is not defined: {', '.join(without)}.")
    lines = [BASELINE if len(drawn) > 1 else ALONE, *LINES][: len(drawn)]
    names = [fitted(scenario.title, style.TEXT_SIZE, NAME_CM)[0] for scenario in drawn]
    own, *others = [look.named(name) for look, name in zip(lines, names, strict=True)]
    low = _lowest(drawn, means, bands)
    picture = Panels(
        [_panel(measure, drawn, lines, means, bands[measure]) for measure in MEASURES],
        along_scenario(baseline),
        METRICS["cohesion"].unit,
        low=low,
        high=100.5,
        step=10.0 if low > 45 else 20.0,
        write=lambda value: f"{value:.0f}",
        right_cm=0.5,
    )
    return framed(
        NAME,
        _title(baseline, means),
        picture,
        subtitle="Cohesion (connectedness, integrity and mutual support) and all five parts, each "
        f"of 100; {place(baseline)}, {period(baseline)}",
        notes=[*notes, source_line(results.replications, scenarios)],
        key=[own.named(f"{names[0]}, average"), BAND.named(f"{names[0]}, 90% of futures"), *others],
        told=_told(drawn, means),
        data=_data(scenarios, means, bands),
        keys=KEYS,
    )


def _read(
    results: PanelSource, scenarios: Sequence[Scenario]
) -> tuple[Means, dict[str, FloatArray]]:
    means: Means = {}
    bands: dict[str, FloatArray] = {}
    for scenario in scenarios:
        panel = Panel(results, scenario)
        panel.load(MEASURES)
        for measure in MEASURES:
            values = panel.metric(METRICS[measure])
            means[scenario.name, measure] = mean_of_defined(values)
            if scenario is scenarios[0]:
                bands[measure] = quantiles(values)
    return means, bands


def _most_different(others: Sequence[Scenario], baseline: Scenario, means: Means) -> list[Scenario]:
    """The scenarios drawn, in their order: at most four beside the baseline."""

    def distance(scenario: Scenario) -> float:
        gaps = [np.abs(means[scenario.name, part] - means[baseline.name, part]) for part in PARTS]
        return float(np.nansum(gaps))

    chosen = sorted(others, key=distance, reverse=True)[: len(LINES)]
    return [scenario for scenario in others if scenario in chosen]


def _panel(
    measure: str,
    drawn: Sequence[Scenario],
    lines: Sequence[KeyEntry],
    means: Means,
    band: FloatArray,
) -> Curves:
    """The baseline's band below, its line above all others."""
    own, *others = [
        Series(look, means[scenario.name, measure])
        for look, scenario in zip(lines, drawn, strict=True)
    ]
    series = [Series(BAND, band[0], band[2]), *others, own]
    return Curves(METRICS[measure].label, np.arange(0.5, band.shape[1]), series)


def _lowest(drawn: Sequence[Scenario], means: Means, bands: dict[str, FloatArray]) -> float:
    """Lower end of the scale of all six panels: a tenth below everything drawn."""
    values = [means[scenario.name, measure] for scenario in drawn for measure in MEASURES]
    values += [band[0] for band in bands.values()]
    defined = np.concatenate(values)
    lowest = float(np.nanmin(defined)) if not np.isnan(defined).all() else 0.0
    return max(10 * float(np.floor(lowest / 10 - 1e-9)), 0.0)


def _title(baseline: Scenario, means: Means) -> Said:
    whole = "cohesion"
    series = means[baseline.name, whole]
    falls = {
        part: float(means[baseline.name, part][0] - means[baseline.name, part][-1])
        for part in PARTS
    }
    most = max((part for part in PARTS if not np.isnan(falls[part])), key=lambda part: falls[part])
    moves = "falls" if series[-1] < series[0] else "rises"
    start = say(
        "{label} {moves} from {first} to {last} on average under {baseline}",
        label=METRICS[whole].label, moves=moves,
        first=_mean(baseline, whole, means, 0), last=_mean(baseline, whole, means, -1),
        baseline=titled(baseline.title),
    )  # fmt: skip
    if whole == most or falls[most] <= 0:
        return start
    return say("{start}; {part} falls most", start=start, part=METRICS[most].noun)


def _mean(scenario: Scenario, measure: str, means: Means, month: int) -> Quote:
    """A mean quoted from the table of the chart."""
    key = (scenario.name, measure, month_labels(scenario)[month])
    return quoted(f"{means[scenario.name, measure][month]:.1f}", NAME, key, "mean")


def _data(
    scenarios: Sequence[Scenario], means: Means, bands: dict[str, FloatArray]
) -> pd.DataFrame:
    frames = []
    for scenario in scenarios:
        for measure in MEASURES:
            frame = pd.DataFrame(
                {
                    "scenario": scenario.name,
                    "measure": measure,
                    "month": month_labels(scenario),
                    "mean": means[scenario.name, measure],
                }
            )
            own = scenario is scenarios[0]
            frame["p05"] = bands[measure][0] if own else np.nan
            frame["p95"] = bands[measure][2] if own else np.nan
            frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _told(drawn: Sequence[Scenario], means: Means) -> Said:
    def ends(scenario: Scenario) -> Said:
        numbers = (
            say(
                "{noun} {mean}",
                noun=METRICS[measure].noun,
                mean=_mean(scenario, measure, means, -1),
            )
            for measure in MEASURES
            if not np.isnan(means[scenario.name, measure][-1])
        )
        return say(
            "Under {scenario} the averages of the last month are {numbers}",
            scenario=titled(scenario.title), numbers=joined(", ", numbers),
        )  # fmt: skip

    return say(
        "Line charts of the cohesion index and of each of its parts, {period}, with the "
        "range of {spread} of the baseline shaded. {ends}.",
        period=given_period(drawn[0]), spread=SPREAD,
        ends=joined(". ", (ends(scenario) for scenario in drawn)),
    )  # fmt: skip
