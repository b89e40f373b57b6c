"""Cohesion and its five parts over time, one panel each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fit import fitted
from rsip_sim.charts.sheet import KeyEntry, Sheet
from rsip_sim.measures.metrics import METRICS, PARTS
from rsip_sim.measures.panels import Panel
from rsip_sim.measures.runs import FloatArray, PanelSource
from rsip_sim.measures.statistics import mean_of_defined, quantiles
from rsip_sim.report.quoted import Quote, Said, joined, say, titled
from rsip_sim.report.verdicts import SPREAD
from rsip_sim.scenario import Scenario

NAME = "cohesion_parts"
KEYS = ("scenario", "measure", "month")
MEASURES = ("cohesion", *PARTS)
MOST_LINES = 5
COLOURS = (style.DARK_BLUE, style.ORANGE, style.DARK_PINK, style.TURQUOISE)
Dash = tuple[float, Sequence[float]] | None
DASHES: tuple[Dash, ...] = (
    None,
    (0.0, (5.0, 1.5)),
    (0.0, (1.2, 1.2)),
    (0.0, (6.0, 1.5, 1.2, 1.5)),
)
BASELINE_DASH = (0.0, (3.0, 2.0))
HEIGHT_CM = 3.9
NAME_CM = 9.0  # of a scenario in the key

Means = dict[tuple[str, str], FloatArray]


def cohesion_parts(results: PanelSource, scenarios: Sequence[Scenario]) -> Chart:
    """Lines are means across futures; the band is the spread of the first scenario's futures."""
    baseline = scenarios[0]
    means, bands = _read(results, scenarios)
    drawn = [baseline, *_most_different(scenarios[1:], baseline, means)]
    title = _title(baseline, means)
    titles = [METRICS[measure].label for measure in MEASURES]
    notes = ["Lines: averages across futures. " + common.SPREAD_NOTE]
    if len(drawn) < len(scenarios):
        notes.append(
            "Drawn are the baseline and the four scenarios that differ most; all are in the table."
        )
    if without := [s.title for s in scenarios if not s.policy.partnership]:
        notes.append(
            f"Without a partnership the index and stability are not defined: {', '.join(without)}."
        )
    with style.chart_style():
        sheet = Sheet(
            title,
            "Cohesion index and its five parts, each from 0 (none) to 1; "
            f"{common.place(baseline)}, {common.period(baseline)}",
            common.grid_cm(titles, HEIGHT_CM, 3),
            [*notes, common.source_note(results, scenarios)],
            _key(drawn),
        )
        panels = common.panel_grid(sheet, titles, HEIGHT_CM, 3, right_cm=0.5)
        low = _lowest(drawn, means, bands)
        for measure, (axes, width) in zip(MEASURES, panels, strict=True):
            common.time_axis(axes, baseline, width)
            _draw(axes, measure, drawn, means, bands[measure])
            axes.set_ylim(low, 1.005)
            axes.yaxis.set_major_locator(MultipleLocator(0.1 if low > 0.45 else 0.2))
            axes.yaxis.set_major_formatter(lambda value, _: f"{value:.1f}")
    return Chart(
        NAME, title, sheet.figure, _data(scenarios, means, bands), _alt(drawn, means, title), KEYS
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

    chosen = sorted(others, key=distance, reverse=True)[: MOST_LINES - 1]
    return [scenario for scenario in others if scenario in chosen]


def _key(drawn: Sequence[Scenario]) -> list[KeyEntry]:
    names = [fitted(scenario.title, style.TEXT_SIZE, NAME_CM)[0] for scenario in drawn]
    colour, dash = _baseline_line(drawn)
    entries = [
        KeyEntry(f"{names[0]}, average", "line", colour, dash=dash),
        KeyEntry(f"{names[0]}, 90% of futures", "band", style.PALE_GREY, style.FOCUS_GREY),
    ]
    return entries + [
        KeyEntry(name, "line", colour, dash=dash)
        for name, colour, dash in zip(names[1:], COLOURS, DASHES, strict=False)
    ]


def _draw(
    axes: Axes, measure: str, drawn: Sequence[Scenario], means: Means, band: FloatArray
) -> None:
    months = np.arange(band.shape[1]) + 0.5
    if not np.isnan(band).all():
        axes.fill_between(
            months, band[0], band[2], facecolor=style.PALE_GREY, edgecolor=style.FOCUS_GREY,
            linewidth=0.8,
        )  # fmt: skip
    for scenario, colour, dash in zip(drawn[1:], COLOURS, DASHES, strict=False):
        axes.plot(
            months, means[scenario.name, measure], color=colour, linestyle=dash or "-",
            linewidth=1.6,
        )  # fmt: skip
    colour, dash = _baseline_line(drawn)
    axes.plot(
        months, means[drawn[0].name, measure], color=colour, linestyle=dash or "-", linewidth=1.6
    )


def _baseline_line(drawn: Sequence[Scenario]) -> tuple[str, Dash]:
    """Dashed grey beside other scenarios; a plain line where it stands alone."""
    if len(drawn) > 1:
        return style.DARK_GREY, BASELINE_DASH
    return style.DARK_BLUE, None


def _lowest(drawn: Sequence[Scenario], means: Means, bands: dict[str, FloatArray]) -> float:
    """Lower end of the scale of all six panels: a tenth below everything drawn."""
    values = [means[scenario.name, measure] for scenario in drawn for measure in MEASURES]
    values += [band[0] for band in bands.values()]
    defined = np.concatenate(values)
    lowest = float(np.nanmin(defined)) if not np.isnan(defined).all() else 0.0
    return max(float(np.floor(lowest * 10 - 1e-9)) / 10, 0.0)


def _title(baseline: Scenario, means: Means) -> Said:
    whole = "cohesion" if baseline.policy.partnership else "connectedness"
    series = means[baseline.name, whole]
    falls = {
        part: float(means[baseline.name, part][0] - means[baseline.name, part][-1])
        for part in PARTS
    }
    most = max((part for part in PARTS if not np.isnan(falls[part])), key=lambda part: falls[part])
    moves = "falls" if series[-1] < series[0] else "rises"
    start = say(
        "{label} {moves} from {first} to {last} on average under {baseline}",
        label=METRICS[whole].label.removesuffix(" index"), moves=moves,
        first=_mean(baseline, whole, means, 0), last=_mean(baseline, whole, means, -1),
        baseline=titled(baseline.title),
    )  # fmt: skip
    if whole == most or falls[most] <= 0:
        return start
    return say("{start}; {part} falls most", start=start, part=METRICS[most].noun)


def _mean(scenario: Scenario, measure: str, means: Means, month: int) -> Quote:
    """A mean quoted from the table of the chart."""
    key = (scenario.name, measure, common.month_labels(scenario)[month])
    return common.quoted(f"{means[scenario.name, measure][month]:.2f}", NAME, key, "mean")


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
                    "month": common.month_labels(scenario),
                    "mean": means[scenario.name, measure],
                }
            )
            own = scenario is scenarios[0]
            frame["p05"] = bands[measure][0] if own else np.nan
            frame["p95"] = bands[measure][2] if own else np.nan
            frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _alt(drawn: Sequence[Scenario], means: Means, title: Said) -> Said:
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
        "{title}. Line charts of the cohesion index and of each of its parts, {period}, with the "
        "range of {spread} of the baseline shaded. {ends}. The numbers are in the table beside "
        "this chart.",
        title=title, period=common.given_period(drawn[0]), spread=SPREAD,
        ends=joined(". ", (ends(scenario) for scenario in drawn)),
    )  # fmt: skip
