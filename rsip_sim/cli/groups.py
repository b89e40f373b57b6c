"""The order in which `rsip --help` shows the commands, and under which headings."""

from __future__ import annotations

import typer

GROUPS = {
    "The main job": ("check", "run", "compare"),
    "The next questions": (
        "explain",
        "solve",
        "sensitivity",
        "value",
        "robust",
        "story",
        "risks",
        "experiment",
    ),
    "A paper that can be checked": ("paper", "verify", "diff"),
    "Evidence, and other places": ("assumptions", "calibrate", "backtest", "roster", "schema"),
}
"""Each command's name under the heading that help gives it, in the order of a planner's work."""


def in_groups(app: typer.Typer) -> None:
    """Sort the commands of an app into GROUPS; KeyError for a command that is in none."""
    places = {
        name: (place, heading)
        for place, (heading, name) in enumerate(
            (heading, name) for heading, names in GROUPS.items() for name in names
        )
    }
    for command in app.registered_commands:
        command.rich_help_panel = places[_name(command)][1]
    app.registered_commands.sort(key=lambda command: places[_name(command)][0])


def _name(command: typer.models.CommandInfo) -> str:
    return str(command.name or getattr(command.callback, "__name__", ""))
