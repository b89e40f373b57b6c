"""What the register must hold, and where in its file a fault stands: readers are asked to edit it.

The model and the scenario files know parameters, levers and rules by these names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rsip_sim.evidence.faults import did_you_mean

_NAMES = """
agreement.length_months agreement.renewal_months agreement.school_commitment_months
agreement.quorum agreement.reviews_per_year agreement.governance_settled_months
funding.dsg_gbp_per_pupil funding.earmark_gbp_per_year funding.subscription_gbp_per_pupil
funding.ses_gbp_per_year funding.ses_capacity_share funding.council_cut_pct_per_year
funding.service_money support.weakest_first_share support.sold_beyond_share
external.market_quality external.chain_approaches_per_year cohesion.associate_weight
kappa_primary kappa_secondary kappa_special withdrawal_share pipeline_months_median
pipeline_months_sigma pull_probability grade_multiplier_1 grade_multiplier_2 grade_multiplier_3
grade_multiplier_4 type_primary_foundation type_primary_va_early type_primary_va_late
type_primary_vc type_secondary_foundation type_secondary_va type_secondary_vc
contagion_same_phase contagion_other_phase contagion_months share_multiplier
political_multiplier money_elasticity net_gain_share eta_sd_primary eta_sd_secondary
eta_sd_special eta_fixed_share eta_months eta_phase_correlation conversion_taste_sd climate_sd
climate_months membership_multiplier exclusion_multiplier rebound_multiplier rebound_months
tied_multiplier consortium_reach trust_on_secondary trust_years_between trust_active_months
trust_multiplier chain_multiplier chain_active_months chain_lone_academy_probability
sponsor_chain_chance order_rate_grade_4 order_rate_grade_3_primary order_rate_grade_3_secondary
order_effect_sd order_correlation deficit_secondary_gbp deficit_primary_gbp deficit_special_gbp
deficit_chance founding_maintained founding_academy exit_yearly b_support b_price b_peer
b_confidence b_secure b_market b_lock membership_taste_sd outsider_inertia_extra associate_stay
adequacy_reference confidence_reference market_reference peer_reference inspection_rate
regrade_from_1 regrade_from_2 regrade_from_3 regrade_from_4 start_grade_shares fall_ratio
leave_ratio up_ratio fall_effect_sd tilt_reference need_days post_gbp post_days in_school_share
capacity_share_reference fund_fixed_gbp fund_reference_gbp fund_day_share lead_day_gbp
lead_days_per_month external_day_gbp lead_offer_start lead_offer_gain lead_months
unit_primary_gbp unit_secondary_gbp unit_nursery_gbp unit_special_gbp unit_pru_gbp
unit_reference_gbp recoupment_factor ses_follows_pupils ses_core_gbp buy_back_share
endowment_success endowment_gbp endowment_general_share endowment_decision_months
endowment_months renewal_intercept renewal_participation renewal_adequacy forum_intercept
forum_participation forum_adequacy forum_agreement ending_threshold_gbp disposition_correlation
confidence_start confidence_gain confidence_cap confidence_exit_weight security ending forum
guarantee later_offers renewal ses_size brake delegated_money rebound rebound_after
"""
NAMES = frozenset(_NAMES.split())


def wrong_names(given: Iterable[str]) -> Iterator[str]:
    """Names that are missing, and names that nothing knows, each in words."""
    found = set(given)
    missing = sorted(NAMES - found)
    for name in sorted(found - NAMES):
        yield f"nothing in the model is named '{name}'{did_you_mean(name, missing)}"
    for name in missing:
        yield f"'{name}' is missing, which the model needs"


def line_of(text: str, message: str) -> int:
    """The line of the register that a message speaks of by number or name; 0 where it is none."""
    lines = text.splitlines()
    place = re.search(r"entry ([0-9]+) of the register", message)
    if place:
        starts = [number for number, line in enumerate(lines, 1) if line.startswith("- ")]
        return starts[int(place[1]) - 1] if int(place[1]) <= len(starts) else 0
    written = re.search(r"line ([0-9]+), column", message)
    if written:
        return int(written[1])
    named = re.search(r"'([^']+)'", message)
    entry, source = (f"- name: {named[1]}", f"  {named[1]}:") if named else ("", "\0")
    return max(
        (at for at, line in enumerate(lines, 1) if line == entry or line.startswith(source)),
        default=0,
    )
