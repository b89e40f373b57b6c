"""What it would be worth to know more: sentences first, then a table."""

from __future__ import annotations

from rsip_sim.evidence.register import load_register
from rsip_sim.measures.statistics import STANDARD_ERRORS
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Points, Report, Table
from rsip_sim.report.words import of_futures
from rsip_sim.studies.value.information import CERTAIN_ERRORS, Information, Worth
from rsip_sim.studies.value.work import Value, known_things

SHOWN = 5
NEARLY_ALL = 0.95
"""Share of futures in which one choice is best, from which more knowledge hardly matters."""

NONE_FOUND = "none found"


_COLUMNS = (
    Column("if this were known before choosing", 47, words=True),
    Column("worth", 12),
    Column("95% interval", 19),
    Column("choice would be another in", 14),
)


def value_report(value: Value) -> Report:
    """The whole answer: sentences first, then a table."""
    blocks: list[Block] = [
        Paragraph(
            f"A choice among {len(value.scenarios)} scenarios by {value.metric.noun}, "
            f"{value.moment.phrase(value.metric)}, in {value.unit} ({value.metric.better} is "
            f"better); {value.found.futures:,} futures."
        ),
        Points(tuple(value_sentences(value)), apart=True),
    ]
    if value.found.everything.mean > 0:
        blocks.append(_worth_table(value))
    blocks += [Heading("How to read this", part="method"), Points(_reading(value))]
    return Report(f"What would it be worth to know more? {value.metric.label}", tuple(blocks))


def value_sentences(value: Value) -> list[str]:
    """What was found, most important first."""
    said = [choice_sentence(value), verdict_sentence(value)]
    if value.found.everything.mean > 0:
        said += [_everything_sentence(value), _parameters_sentence(value), first_sentence(value)]
    return [sentence for sentence in said if sentence]


def choice_sentence(value: Value) -> str:
    """What to choose now, and what it gains."""
    found = value.found
    title = f"'{value.scenarios[found.now].title}'"
    others = [place for place in range(len(value.scenarios)) if place != found.now]
    nearest = max(others, key=lambda place: found.average[place])
    average = value.averages[found.now]
    gains = [_over(value, nearest, "the next best")]
    if found.now != 0 and nearest != 0:
        gains.append(_over(value, 0, "the baseline"))
    best = of_futures(float(found.best[found.now]), found.futures)
    return (
        f"Chosen now, {title} is best on average: {value.write.level(average)}, "
        f"{' and '.join(gains)}. It does best, ties counted, in {best}."
    )


def _over(value: Value, place: int, what: str) -> str:
    gain, error = -float(value.found.average[place]), float(value.found.error[place])
    title = f"'{value.scenarios[place].title}'"
    if gain <= STANDARD_ERRORS * error:
        return f"not clearly better than {what}, {title}"
    return f"{amount(value, gain)} better than {what}, {title}"


def amount(value: Value, size: float) -> str:
    """A size of the objective with its unit: never rounded to none where it is some."""
    write = value.write
    unit = "" if write.prefix or write.suffix or write.difference_suffix else f" {value.unit}"
    if size == 0:
        return "none"
    if write.shows_zero(size):
        return f"less than {write.smallest}{unit}"
    return f"{write.magnitude(size)}{unit}"


def verdict_sentence(value: Value) -> str:
    """Whether further evidence is worth more than choosing now."""
    found = value.found
    most, loses = found.everything, -float(found.average.min())
    if most.mean == 0:
        return (
            "Further evidence is worth nothing to this choice: no scenario does better in any "
            "future."
        )
    shows = value.metric.format.shows_zero
    if shows(loses):
        return "Nothing hangs on this choice: the averages differ by no amount that shows."
    if found.best[found.now] >= NEARLY_ALL or shows(most.mean):
        same = found.best[found.now] >= NEARLY_ALL
        return (
            "Further evidence is worth practically nothing to this choice"
            f"{', which is the best in nearly all futures' if same else ''}: even somebody who "
            f"knew everything, luck included, would gain {amount(value, most.mean)} on average."
        )
    return _evidence_words(value, _evidence_of(found))


def _evidence_of(found: Information) -> Worth:
    """What evidence could tell: all parameters, or one of them that is certain to be worth more."""
    certain = [worth for worth in found.single.values() if worth.certain]
    return max([found.parameters, *certain], key=lambda worth: worth.low)


def _evidence_words(value: Value, evidence: Worth) -> str:
    """Evidence beside what choosing now gains over the baseline."""
    gain = _gain_over_baseline(value)
    if not evidence.shows:
        luck = evidence.high < value.found.everything.mean / 2
        said = "No worth of further evidence can be told from none: " + (
            "what would change this choice is mostly luck, which no study reveals"
            if luck
            else "more futures might tell"
        )
        if gain is None:
            return f"{said}."
        return f"{said}. Choosing now gains {amount(value, gain)} over the baseline."
    said = f"Knowing more of the parameters would gain {_worth(value, evidence)} on average"
    if gain is None:
        return f"{said}."
    if evidence.low <= gain <= evidence.high:
        compared = "about what choosing now gains"
    else:
        compared = f"{'less' if evidence.high < gain else 'more'} than choosing now gains"
    return f"{said}, {compared} over the baseline, {amount(value, gain)}."


def _gain_over_baseline(value: Value) -> float | None:
    """What the choice of now gains over the baseline; None where it is the baseline."""
    return None if value.found.now == 0 else -float(value.found.average[0])


def _worth(value: Value, worth: Worth) -> str:
    if worth.low == worth.high:
        return amount(value, worth.mean)
    low, high = (value.write.short_difference(end) for end in (worth.low, worth.high))
    return f"{amount(value, max(worth.mean, 0.0))} (95% interval {low} to {high})"


def _everything_sentence(value: Value) -> str:
    worth = value.found.everything
    return (
        f"Expected loss from choosing now: {_worth(value, worth)}. That is what knowing everything "
        f"beforehand, luck included, would be worth, and so the most that any evidence can be. The "
        f"choice would then be another in {of_futures(worth.changes, value.found.futures)}."
    )


def _parameters_sentence(value: Value) -> str:
    worth, count = value.found.parameters, len(value.found.single)
    if not count:
        return "The scenarios draw no parameters, so all that is uncertain here is luck."
    if worth.shows:
        return (
            f"Knowing all {count} parameters, but not luck, would be worth {_worth(value, worth)}."
        )
    return (
        f"Knowing all {count} parameters, but not luck: no gain can be told from none, and it is "
        "at most that of knowing everything."
    )


def first_sentence(value: Value) -> str:
    """What to find out first, if anything."""
    register = load_register()
    clear = [(name, worth) for name, worth in known_things(value.found)[2:] if worth.certain]
    if not clear:
        return (
            "No single parameter is worth finding out for this choice alone: knowing any one of "
            "them gains nothing that can be told from none."
        )
    said = "; then ".join(
        f"{register[name].label} ({name}), worth {_worth(value, worth)}"
        for name, worth in clear[:3]
    )
    return f"To find out first: {said}."


def _worth_table(value: Value) -> Table:
    things = known_things(value.found)
    things = things[:2] + [each for each in things[2:] if each[1].mean > 0][:SHOWN]
    return Table(
        "worth",
        f"What knowing something would be worth, in {value.unit}",
        "One row for each thing that may be known before choosing.",
        _COLUMNS,
        tuple(_cells(value, name, worth) for name, worth in things),
        quiet=True,
        apart=True,
    )


def _cells(value: Value, name: str, worth: Worth) -> tuple[str, ...]:
    label = known_words(value.found, name)
    if worth.mean == 0:
        return label, NONE_FOUND, "–", "–"
    low, high = (value.write.short_difference(end) for end in (worth.low, worth.high))
    interval = "–" if low == high else f"{low} to {high}"
    changes = of_futures(worth.changes, value.found.futures)
    return label, value.write.short_difference(worth.mean), interval, _brief(changes)


def known_words(found: Information, name: str) -> str:
    """What may be known, in words: ``all 61 parameters``."""
    if name == "everything":
        return "everything, luck included"
    if name == "all parameters":
        return f"all {len(found.single)} parameters"
    return load_register()[name].label


def _brief(words: str) -> str:
    return words.replace(" futures", "").replace("fewer than ", "<").replace("more than ", ">")


def _reading(value: Value) -> tuple[str, ...]:
    return (
        f"In {value.unit}, on average over futures. The worth of knowing something is what the "
        "choice would gain if it could wait for that knowledge and followed it, nothing else being "
        "lost by waiting. It says nothing of what the evidence would cost.",
        "What knowing parameters is worth is estimated by regression on what each future drew; "
        "each future is decided by a regression on the others, so that noise finds no value. "
        "'None found': such a rule gains nothing, and one would do as well to ignore it. On all "
        "parameters at once it is less precise than on one, and may find less. One parameter is "
        "said to be worth finding out only where that is certain although many were tried, beyond "
        f"{CERTAIN_ERRORS:.1f} standard errors. The table kept with this also has what a "
        "regression judged by its own futures finds, and what it finds in pure noise.",
        "It counts this one objective alone, and only what the model leaves open: what no "
        "parameter stands for cannot show here.",
    )
