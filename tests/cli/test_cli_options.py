"""An option that a command does not know: where what was meant is set."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from rsip_sim.cli.app import app
from rsip_sim.scenario.levers import LEVERS
from rsip_sim.scenario.names import METRICS, PARAMETERS


def said(*words: str) -> str:
    done = CliRunner().invoke(app, [*words], env={"COLUMNS": "1000"})
    assert done.exit_code == 2
    return done.output


@pytest.mark.parametrize("path", [each for each in LEVERS if "primary" not in each])
def test_a_lever_is_told_as_a_field_of_a_scenario_file(path: str) -> None:
    section, _, name = path.rpartition(".")
    flag = f"--{name.replace('_', '-')}"
    wanted = f"{section}: {{{name}: …}}" if section else f"{name}: …"
    assert wanted in said("run", flag, "1", "a.yaml")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("run --renewal a.yaml", "set in a scenario file: agreement: {renewal: …}"),
        ("compare a b --horizon 5", "set in a scenario file: horizon_months: …"),
        ("risks d --agreement-length 5", "agreement: {length_months: …}"),
        ("solve a --b-secure 5", "parameters: {b_secure: …}"),
        ("compare a b --funding 5", "set in a scenario file: funding: {dsg_gbp_per_pupil, "),
        ("run a --lever x", "it is an option of 'rsip solve'"),
        ("roster --seed 4", "it is an option of 'rsip run', 'rsip compare', "),
        ("run a --replication 5", "(Possible options: --replications)"),
        ("run a --zzz", "No such option: --zzz "),
        ("run a --traded-income 1", "write support: {sold_beyond_share: …}"),
    ],
)
def test_what_is_an_option_nowhere_or_elsewhere_is_told_where_it_belongs(
    words: str, told: str
) -> None:
    assert told in said(*words.split())


@pytest.mark.parametrize("name", [*PARAMETERS, *METRICS])
def test_a_name_of_an_earlier_edition_is_told_with_what_took_its_place(name: str) -> None:
    assert {**METRICS, **PARAMETERS}[name][1] in said("run", f"--{name.replace('_', '-')}", "a")
