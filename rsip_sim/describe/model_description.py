"""The generated tables and numbers of MODEL.md, from register, code and stored studies."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rsip_sim.evidence.months import month_name, parse_month
from rsip_sim.evidence.register import Parameter, load_register
from rsip_sim.experiment import worker
from rsip_sim.experiment.authorities import authority_names
from rsip_sim.model import calendar, national
from rsip_sim.model.calendar import Turn
from rsip_sim.model.draws import Purpose
from rsip_sim.model.panel import COLUMNS
from rsip_sim.model.rules import agreement, choice, climate, cohesion, inspection, money, support
from rsip_sim.model.turns import ACTS, STATE
from rsip_sim.scenario.levers import LEVERS
from rsip_sim.studies.assumptions import work as assumptions
from rsip_sim.studies.assumptions.report import drawn_from, sources_words, swing_words
from rsip_sim.studies.assumptions.work import kept_impacts
from rsip_sim.studies.backtest.cases import FLAT, LEARNT, MODEL
from rsip_sim.studies.backtest.tables import TOGETHER
from rsip_sim.studies.kernel.kept import stored_table

_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_INLINE = re.compile(r"(<!--=(\w+)\.(\w+)-->)[^<]*(<!--/-->)")
_HOMES: dict[str, object] = {
    "agreement": agreement,
    "assumptions": assumptions,
    "calendar": calendar,
    "choice": choice,
    "climate": climate,
    "cohesion": cohesion,
    "inspection": inspection,
    "money": money,
    "national": national,
    "support": support,
    "worker": worker,
}
"""Modules whose constants stand in the equations, by the name they have there."""


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _turns() -> str:
    places = {turn: str(place) for place, turn in enumerate(Turn, start=1)}
    rows = (
        (places[a.turn], a.turn.name.lower(), a.institution, a.what, ", ".join(a.reads))
        for a in ACTS
    )
    return _table(("", "turn", "who", "what happens", "looks at"), rows)


def _states() -> str:
    def changed_by(state: str) -> str:
        return ", ".join(dict.fromkeys(a.institution for a in ACTS if state in a.writes))

    rows = (
        (name, entry.meaning, changed_by(name), ", ".join(f"`{each}`" for each in entry.names))
        for name, entry in STATE.items()
    )
    return _table(("state", "meaning", "changed by", "kept as"), rows)


def _structures() -> str:
    rows = (
        (
            f"`{name}`",
            each.label,
            each.value.replace("_", " "),
            " ".join(f"`{value}`: {words}" for value, words in each.alternatives.items()),
            each.grade,
        )
        for name, each in load_register().structures.items()
    )
    return _table(("name", "rule", "the model's own", "had it been otherwise", "evidence"), rows)


def _flat_levers() -> str:
    rows = ((f"`{row.path}`", row.label, row.flat) for row in LEVERS.values() if row.flat)
    return _table(("lever", "what it is", "why it moves no headline"), rows)


def _purposes() -> str:
    rows = ((str(int(p)), p.name.lower().replace("_", " ")) for p in Purpose)
    return _table(("number", "purpose of a draw"), rows)


def _number(value: float | tuple[float, ...] | None) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(f"{part:g}" for part in value)
    return f"{value:,g}" if abs(value) < 1e5 else f"{value:,.0f}"


def _parameter_row(parameter: Parameter) -> tuple[str, ...]:
    spread = f"{_number(parameter.low)} – {_number(parameter.high)}"
    return (
        f"`{parameter.name}`",
        parameter.label,
        _number(parameter.value),
        spread if parameter.low is not None else "",
        parameter.unit,
        parameter.kind,
        parameter.grade,
    )


def _parameters() -> str:
    heads = ("name", "meaning", "value", "5% – 95%", "unit", "kind", "evidence")
    return _table(heads, (_parameter_row(parameter) for parameter in load_register()))


def _assumptions() -> str:
    log = assumptions.assumption_log(kept_impacts())
    cells = assumptions.by_cell(log)
    grid = (
        (
            grade,
            *(
                f"{len(cells[grade, rank])} {assumptions.GRID.get((grade, rank), 'green')}"
                for rank in assumptions.IMPACTS
            ),
        )
        for grade in assumptions.EVIDENCE
    )
    rows = (
        (
            each.rating,
            f"`{each.parameter.name}`",
            each.parameter.grade,
            drawn_from(each),
            swing_words(each),
            f"{each.impact.share:.0%}" if each.impact else "",
            sources_words(each.parameter).replace("|", "/"),
        )
        for each in log.assumptions
    )
    heads = ("rating", "parameter", "evidence", "drawn from", "largest swing", "share", "sources")
    impacts = tuple(f"{rank} impact" for rank in assumptions.IMPACTS)
    return _table(("evidence", *impacts), grid) + "\n" + _table(heads, rows)


def _columns() -> str:
    rows = ((f"`{c.name}`", c.meaning, c.unit) for c in COLUMNS)
    return _table(("column of the monthly panel", "meaning", "unit"), rows)


def _calibration() -> str:
    heads = ("parameter", "range: 5%", "middle", "95%", "calibrated: 5%", "middle", "95%",
             "learnt", "influence")  # fmt: skip
    table = stored_table("calibration", "parameters").sort_values(
        ["learnt", "parameter"], ascending=[False, True]
    )
    rows = (
        (
            f"`{row['parameter']}`",
            *(
                _number(float(f"{row[f'{word}{end}']:.3g}"))
                for word in ("prior", "posterior")
                for end in ("_low", "", "_high")
            ),
            f"{row['learnt']:.0%}",
            f"{row['influence']:.0%}",
        )
        for row in table.to_dict("records")
    )
    words = (
        "*Learnt* is the fall of the variance, in standard scores of the range; *influence* the "
        "share of what the ranges explain of Rotherham's openings in two years.\n"
    )
    return _table(heads, rows) + "\n" + words


def _patterns() -> str:
    rows = (
        (
            str(row["label"]),
            f"{row['seen']:.2f}",
            *(
                f"{row[word]:.2f} ({row[f'{word}_low']:.2f} to {row[f'{word}_high']:.2f})"
                for word in ("prior", "posterior")
            ),
        )
        for row in stored_table("calibration", "patterns").to_dict("records")
    )
    return _table(("pattern", "seen", "before", "after"), rows)


def _backtest() -> str:
    scores, verdicts = (stored_table("backtest", name) for name in ("scores", "verdicts"))
    verdicts = verdicts[verdicts["score"] == "crps"]
    found = {
        (row["origin"], row["mode"], row["phase"], row["rival"]): str(row["verdict"])
        for row in verdicts[verdicts["route"] == "all"].to_dict("records")
    }
    rows = [
        (
            _day(row["origin"]),
            str(row["mode"]),
            str(row["phase"]),
            str(row["forecaster"]),
            f"{row['crps']:.2f}",
            f"{row['log_score']:.2f}",
            f"{row['coverage_50']:.0%}",
            f"{row['coverage_90']:.0%}",
            f"{row['forecast_mean']:.2f}",
            f"{row['observed_mean']:.2f}",
            found.get((row["origin"], row["mode"], row["phase"], row["forecaster"]), ""),
        )
        for row in scores[scores["route"] == "all"].to_dict("records")
    ]
    rows += [
        (_day(origin), mode, phase, rival, "", "", "", "", "", "", verdict)
        for (origin, mode, phase, rival), verdict in found.items()
        if phase == TOGETHER
    ]
    heads = ("from", "known", "phase", "forecaster", "CRPS", "log score", "in 50%", "in 90%",
             "mean forecast", "mean seen", "the model is … than it (CRPS)")  # fmt: skip
    return _table(heads, rows)


def _horizons() -> str:
    """How the ranges held, and how near the forecasts came, by months ahead."""
    names = (MODEL, LEARNT, FLAT)
    by = {
        (row["origin"], row["mode"], row["phase"], row["months"], row["forecaster"]): row
        for row in stored_table("backtest", "horizons").to_dict("records")
    }
    rows = []
    for key in dict.fromkeys(each[:-1] for each in by):
        origin, mode, phase, months = key
        model = by[*key, MODEL]
        rows.append(
            (
                _day(origin), str(mode), str(phase), str(months),
                *(f"{by[*key, name]['coverage_90']:.0%}" for name in names),
                *(f"{by[*key, name]['crps']:.2f}" for name in names),
                f"{model['forecast_mean']:.2f}", f"{model['observed_mean']:.2f}",
            )
        )  # fmt: skip
    heads = ("from", "known", "phase", "months", "in 90%", f"{LEARNT}: in 90%", f"{FLAT}: in 90%",
             "CRPS", f"{LEARNT}: CRPS", f"{FLAT}: CRPS", "mean forecast", "mean seen")  # fmt: skip
    return _table(heads, rows)


def _day(month: object) -> str:
    return month_name(parse_month(str(month)))


def _rotherham() -> str:
    heads = ("from", "known", "phase", "route", "seen so far", "chance of so few", "of so many",
             "then", "forecast (90%)", "chance of so many")  # fmt: skip
    rows = (
        (
            _day(row["origin"]),
            str(row["mode"]),
            str(row["phase"]),
            str(row["route"]),
            f"{row['seen']:.0f}",
            f"{row['as_few_before']:.0%}",
            f"{row['as_many_before']:.0%}",
            f"{row['observed']:.0f}",
            f"{row['p50']:.0f} ({row['p05']:.0f} to {row['p95']:.0f})",
            f"{row['model: as many']:.1%}",
        )
        for row in stored_table("backtest", "rotherham").to_dict("records")
        if row["phase"] != "special"
    )
    return _table(heads, rows)


def _value(home: str, name: str) -> str:
    """A number of the equations: from the register, from a module, or counted."""
    if (home, name) == ("calibration", "authorities"):
        return str(len(authority_names()))
    value = load_register()[name].value if home == "register" else getattr(_HOMES[home], name)
    if isinstance(value, tuple) and home != "register":
        return f"{', '.join(f'{each:,g}' for each in value[:-1])} and {value[-1]:,g}"
    return _number(value)


_WRITERS = {
    "turns": _turns,
    "states": _states,
    "structures": _structures,
    "flat_levers": _flat_levers,
    "purposes": _purposes,
    "parameters": _parameters,
    "assumptions": _assumptions,
    "columns": _columns,
    "calibration": _calibration,
    "patterns": _patterns,
    "backtest": _backtest,
    "horizons": _horizons,
    "rotherham": _rotherham,
}


def in_step(text: str) -> str:
    """The document with every generated block and number as code and studies have it now."""
    text = _BLOCK.sub(lambda block: block[1] + _WRITERS[block[2]]() + block[3], text)
    return _INLINE.sub(lambda each: f"{each[1]}{_value(each[2], each[3])}{each[4]}", text)
