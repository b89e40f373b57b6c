"""Help shows every command under one heading, in the order of a planner's work."""

from __future__ import annotations

from rsip_sim.cli.app import GROUPS, app, in_groups


def test_every_command_has_one_heading_and_no_heading_names_a_command_that_is_not() -> None:
    in_order = [name for names in GROUPS.values() for name in names]
    shown = [
        (command.rich_help_panel, command.name or getattr(command.callback, "__name__", ""))
        for command in app.registered_commands
    ]
    assert shown == [(heading, name) for heading, names in GROUPS.items() for name in names]
    assert len(set(in_order)) == len(in_order)


def test_sorting_twice_changes_nothing() -> None:
    before = list(app.registered_commands)
    in_groups(app)
    assert app.registered_commands == before
