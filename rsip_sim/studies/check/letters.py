"""What `rsip check` says of characters that charts cannot draw."""

from __future__ import annotations

from collections.abc import Iterator

from rsip_sim.evidence.characters import name_of
from rsip_sim.scenario import Scenario

_MOST = 3  # names of schools


def letter_notes(scenario: Scenario) -> Iterator[str]:
    """One sentence a text whose characters the font of charts lacks."""
    names = [name for name in scenario.roster.school if not name.isascii()]
    texts = [("title", scenario.title), ("short", scenario.short)]
    texts = [each for each in texts if not each[1].isascii()]
    if not texts and not names:
        return
    from rsip_sim.charts.letters import stand_ins  # matplotlib takes its time

    lacking = [("roster", name) for name in names if stand_ins(name)][:_MOST]
    for field, text in (*texts, *lacking):
        drawn = ", ".join(f"{name_of(each)} as {told}" for each, told in stand_ins(text).items())
        if drawn:
            yield f"{field}: '{text}' holds what the font of charts lacks; they show {drawn}"
