"""The example of a scenario file that the design promises to planners loads as it is printed."""

from rsip_sim.evidence.months import parse_month
from rsip_sim.scenario import check, load_scenario
from tests.fakes.places import SCENARIOS

PRINTED = """\
# yaml-language-server: $schema=../rsip_sim/scenario/scenario.schema.json
title: Two-year agreement
description: "What Cabinet resolved: two guaranteed years, £750,000 a year, reviews twice a year."
extends: base.yaml
start: 2011-04
horizon_months: 60
roster: rotherham_2011                 # a shipped roster, or the path of a CSV beside this file
agreement: {length_months: 24, renewal_months: 12, renewal: uncertain, school_commitment_months: 0, quorum: 0.5, reviews_per_year: 2, academies_may_join: true}
funding: {dsg_gbp_per_pupil: 4700, earmark_gbp_per_year: 750000, subscription_gbp_per_pupil: 0, ses_gbp_per_year: 2000000, ses_capacity_share: 0.10, service_money: observed, endowment: bid, …}
climate: {conversion: uncertain, …}
external: {market_quality: 0.5, chain_approaches_per_year: 1, …}
timeline:
  - {from: 2012-04, set: {funding.earmark_gbp_per_year: 500000}}
cohesion: {weights: …, associate_weight: …}
parameters: {b_price: 0.2}             # overrides of the register, inside its ranges unless forced
run: {replications: 1000, seed: 20110401, parameters: uncertain}
"""  # noqa: E501
WITHOUT_GAPS = PRINTED.replace(", …}", "}").replace("{weights: …, associate_weight: …}", "{}")


def test_the_example_of_the_design_loads(tmp_path):
    (tmp_path / "base.yaml").write_text((SCENARIOS / "base.yaml").read_text("utf-8"), "utf-8")
    path = tmp_path / "example.yaml"
    path.write_text(WITHOUT_GAPS, "utf-8")
    assert check([path]) == []

    scenario = load_scenario(path)
    assert (scenario.name, scenario.title) == ("example", "Two-year agreement")
    policy = scenario.policy
    assert policy.start == parse_month("2011-04")
    assert policy.levers.agreement.length_months == 24
    assert policy.levers.funding.earmark_gbp_per_year == 750_000
    [(month, levers)] = policy.changes
    assert (month, levers.funding.earmark_gbp_per_year) == (12, 500_000)
    assert levers.agreement == policy.levers.agreement
    assert policy.overrides == (("b_price", 0.2),)
    assert policy.parameters == scenario.run.parameters == "uncertain"
    assert (scenario.run.replications, scenario.run.seed) == (1000, 20110401)
    assert len(scenario.roster) > 100
