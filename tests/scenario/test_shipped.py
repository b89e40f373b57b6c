"""The scenarios that come with the project: all load, and each changes what it promises."""

import re
import subprocess
import sys

import pytest

from rsip_sim.evidence.months import parse_month
from rsip_sim.scenario import load_scenario
from rsip_sim.scenario.settings import differences
from tests.fakes.places import SCENARIOS

FILES = sorted(SCENARIOS.glob("*.yaml"))
PROMISED = {
    "two_year": {},
    "no_agreement": {"agreement.length_months": 0, "agreement.later_offers": False},
    "one_year": {"agreement.length_months": 12},
    "three_year": {"agreement.length_months": 36},
    "five_year": {"agreement.length_months": 60},
    "two_year_tied_schools": {"agreement.school_commitment_months": 24},
    "no_earmark": {"funding.earmark_gbp_per_year": 0},
    "half_earmark": {"funding.earmark_gbp_per_year": 375_000},
    "double_earmark": {"funding.earmark_gbp_per_year": 1_500_000},
    "subscription_funded": {
        "funding.earmark_gbp_per_year": 250_000,
        "funding.subscription_gbp_per_pupil": 5,
    },
    "deep_cuts": {"funding.council_cut_pct_per_year": 15},
    "generous_service_money": {"funding.service_money": 450},
    "endowment_won": {"funding.endowment": "won"},
    "external_surge": {"climate.conversion": "surge", "external.chain_approaches_per_year": 4},
    "academies_excluded": {"agreement.academies_may_join": False},
    "no_partnership": {"partnership": False},
    "dedelegated_2013": {"funding.line": "dedelegated"},
    "agreement_later": {"agreement.length_months": 0},
    "forum_delegates_2013": {"funding.forum_delegates_from": "2013-04"},
    "white_paper_2016": {"horizon_months": 78, "climate.conversion": "observed"},
}


def test_the_promised_scenarios_are_there():
    assert {path.stem for path in FILES} >= {"base", *PROMISED}


@pytest.mark.parametrize("name", PROMISED)
def test_a_scenario_differs_from_the_base_in_what_it_promises_and_in_nothing_else(name):
    scenario = load_scenario(SCENARIOS / f"{name}.yaml")
    changed = differences(load_scenario(SCENARIOS / "base.yaml"), scenario)
    assert {each.field: each.new for each in changed} == PROMISED[name]


def test_the_two_year_scenario_is_the_resolution():
    policy = load_scenario(SCENARIOS / "two_year.yaml").policy
    assert policy.start == parse_month("2011-04")
    assert policy.levers.agreement.length_months == 24
    assert policy.levers.agreement.reviews_per_year == 2
    assert policy.levers.funding.earmark_gbp_per_year == 750_000
    assert policy.levers.climate.conversion == "uncertain"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scenario_has_a_title_a_description_and_the_line_for_editors(path):
    text = path.read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=../rsip_sim/scenario/")
    assert re.search(r"^title: \S", text, re.MULTILINE)
    assert load_scenario(path).description


def test_no_two_scenarios_share_a_title():
    titles = [load_scenario(path).title for path in FILES]
    assert len(set(titles)) == len(titles)


def test_the_tables_of_the_readme_name_fields_and_columns():
    text = (SCENARIOS / "README.md").read_text("utf-8")
    assert "`funding.earmark_gbp_per_year`" in text
    assert "`urn`" in text


def test_the_readme_names_every_scenario_and_its_example_loads(tmp_path):
    text = (SCENARIOS / "README.md").read_text("utf-8")
    assert not [path.name for path in FILES if f"`{path.name}`" not in text]
    example = re.search(r"```yaml\n(# yaml-language-server.*?)```", text, re.DOTALL)
    assert example is not None
    (tmp_path / "base.yaml").write_bytes((SCENARIOS / "base.yaml").read_bytes())
    (tmp_path / "example.yaml").write_text(example[1], "utf-8")
    assert load_scenario(tmp_path / "example.yaml").policy.changes[0][0] == 12


def test_the_room_opens_without_pandas_and_scipy():
    code = (
        "import sys, rsip_sim.scenario; "
        "print({'pandas', 'scipy', 'matplotlib', 'simpy'} & set(sys.modules) or 'none')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "none"
