"""Every lever of a scenario, a row each: all that is said of it anywhere stands here, once.

A field's type and meaning stand in `rsip_sim.scenario.schema`, its default in
`rsip_sim.model.policy`, its unit, range and evidence in the parameter register. What planners,
checks and studies must know besides is a row here, and nothing of it may be left out: a lever
without a row, or a row without a lever, fails a test. Below the rows, a field and its value in
words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rsip_sim.evidence.months import month_name, month_of_year, parse_month
from rsip_sim.evidence.register import load_register
from rsip_sim.model.policy import Policy
from rsip_sim.scenario.ranges import range_of
from rsip_sim.scenario.schema import MODELS, MONTH_FIELDS

PARAMETERS = "parameters."
CLIMATE = "climate.conversion"  # stands for its table too: neither means anything without the other
OPENINGS = "climate.opening_pct_per_month"
WEIGHTS = "cohesion.weights"
SERVICE_MONEY = "funding.service_money"
FREE_SUBSCRIPTION = 1.0  # pounds a pupil: so little keeps nobody away


@dataclass(frozen=True)
class Direction:
    """What a rise of the lever does to one metric, whatever the other levers are.

    sign     1 where the metric rises with the lever, −1 where it falls
    because  the reason, to stand after "because"
    applies  whether it is claimed of a change between these two values, which may be either way
    """

    metric: str
    sign: int
    because: str
    applies: Callable[[Any, Any], bool] = lambda _old, _new: True


@dataclass(frozen=True)
class Felt:
    """What a school's governors see of a lever: its name in their diary, and what to call it."""

    name: str
    noun: str


Idle = Callable[[Any, int, Policy], str]
"""Why a value from a month number on can change nothing under a policy; '' where it can."""


@dataclass(frozen=True)
class LeverRow:
    """One lever.

    path        dotted path in a scenario file
    label       what a reader calls it
    rank        place on a form: 1 at once, 2 on request, 3 among what nobody here decides
    felt        what a school sees of it at its meetings; None where no school looks at it
    directions  what its rise does, four at most; () where the rules leave it open
    words       values that are not written as they stand in the file
    rising      the words it may take, from least to most, where they can be ranked
    chosen      whether anybody in the authority chooses it
    idle        reasons why it may change nothing
    question    what a comparison of several of its values asks
    rise        its rise as it opens a sentence: ``The longer the agreement``
    flat        why it moves no headline, whatever its value; '' where it moves one
    """

    path: str
    label: str
    rank: int
    felt: Felt | None = None
    directions: tuple[Direction, ...] = ()
    words: Mapping[Any, str] = field(default_factory=dict)
    rising: tuple[str, ...] = ()
    chosen: bool = True
    idle: tuple[Idle, ...] = ()
    question: str = ""
    rise: str = ""
    flat: str = ""


def without_partnership(_value: Any, _month: int, policy: Policy) -> str:
    """A lever of the partnership where there is none."""
    return "" if policy.partnership else "there is no partnership"


def after_the_last_budget(_value: Any, month: int, policy: Policy) -> str:
    """A budget changed when no April is left to set it in."""
    end = policy.start + policy.horizon_months
    if month <= policy.start or any(month_of_year(each) == 4 for each in range(month, end)):
        return ""
    return "budgets are set in April, and no April follows before the end of the run"


def no_january(_value: Any, month: int, policy: Policy) -> str:
    """Offers and votes where none is held."""
    end = policy.start + policy.horizon_months
    if any(month_of_year(each) == 1 for each in range(max(month, policy.start), end)):
        return ""
    return "agreements are offered in January, and none follows before the end of the run"


def never_offered(_value: Any, _month: int, policy: Policy) -> str:
    """The length of a later agreement where none follows the first."""
    agreement, end = policy.levers.agreement, policy.start + policy.horizon_months
    if not agreement.later_offers:
        return "no agreement is offered after the first"
    januaries = [each for each in range(policy.start, end) if month_of_year(each) == 1]
    if all(each + 15 <= policy.start + agreement.length_months for each in januaries):
        return "the first agreement covers every year for which one could be offered"
    return ""


def settled_by_the_first_review(value: Any, _month: int, policy: Policy) -> str:
    """Governance that is settled before anybody reviews it."""
    if value > 12 // policy.levers.agreement.reviews_per_year:
        return ""
    return "governance holds confidence back at reviews, and is settled by the first"


_ROWS = (
    LeverRow(
        "partnership", "School improvement partnership", rank=1,
        felt=Felt("alive", "whether there was a partnership"),
        directions=(
            Direction("unmet_days", -1, "the fund buys support"),
            Direction("connectedness", 1, "its members are tied to one another"),
        ),
    ),
    LeverRow(
        CLIMATE, "National climate", rank=3,
        words={"observed": "as observed", "table": "a table of its own"},
        rising=("flat", "surge"), chosen=False,
        directions=(
            Direction("conversions", 1, "schools convert faster in the country"),
            Direction("erosion", 1, "schools convert faster in the country"),
        ),
    ),
    LeverRow(OPENINGS, "National openings", rank=3, words={None: "none"}, chosen=False),
    LeverRow(
        "agreement.length_months", "Agreement length", rank=1,
        question="How long should the agreement be?", rise="The longer the agreement",
        idle=(without_partnership,),
        directions=(
            Direction("cover_months", 1, "a longer agreement has longer to run"),
            Direction("lapsed", -1, "it comes up for renewal less often",
                      lambda old, new: bool(min(old, new) > 0)),
        ),
    ),
    LeverRow(
        "agreement.renewal", "Renewal of the agreement", rank=2,
        rising=("uncertain", "certain"),
        idle=(without_partnership, no_january),
        directions=(
            Direction("cover_months", 1, "an agreement is offered whenever one may be"),
            Direction("fund", 1, "the Schools Forum keeps the line"),
        ),
    ),
    LeverRow(
        "agreement.renewal_months", "Length of a later agreement", rank=2,
        idle=(without_partnership, never_offered),
        directions=(Direction("cover_months", 1, "a later agreement runs longer"),),
    ),
    LeverRow(
        "agreement.later_offers", "Later offers of an agreement", rank=1,
        words={True: "possible", False: "ruled out"},
        idle=(without_partnership, no_january),
        directions=(Direction("cover_months", 1, "an agreement may follow"),),
    ),
    LeverRow(
        "agreement.school_commitment_months", "Tie of a joining school", rank=1,
        felt=Felt("bound", "the commitment that ties it"), idle=(without_partnership,),
        directions=(Direction("exits_voluntary", -1, "a school that is tied may not leave"),),
    ),
    LeverRow(
        "agreement.quorum", "Quorum", rank=2,
        idle=(without_partnership,),
        directions=(Direction("breakdown", 1, "a higher quorum is missed sooner"),),
    ),
    LeverRow(
        "agreement.reviews_per_year", "Scrutiny reviews", rank=2,
        idle=(without_partnership,),
    ),
    LeverRow(
        "agreement.academies_may_join", "Academies may be members", rank=1,
        idle=(without_partnership,),
        directions=(
            Direction("associates", 1, "academies are let in"),
            Direction("members", 1, "academies are let in"),
            Direction("conversions", 1, "becoming an academy no longer costs membership"),
        ),
    ),
    LeverRow(
        "agreement.governance_settled_months", "Governance settled after", rank=2,
        idle=(without_partnership, settled_by_the_first_review),
        directions=(
            Direction("confidence", -1, "confidence is capped until governance is settled"),
        ),
    ),
    LeverRow(
        "funding.earmark_gbp_per_year", "Partnership earmark", rank=1,
        question="How large should the earmark be?", rise="The larger the earmark",
        idle=(without_partnership, after_the_last_budget),
        directions=(
            Direction("fund", 1, "the earmark is most of the fund"),
            Direction("unmet_days", -1, "the fund buys support"),
        ),
    ),
    LeverRow(
        "funding.subscription_gbp_per_pupil", "School subscription", rank=1,
        question="How much should a school subscribe?", rise="The dearer the subscription",
        felt=Felt("price", "the subscription"), idle=(without_partnership,),
        directions=(
            Direction("members", -1, "the price keeps schools away",
                      lambda old, new: bool(max(old, new) > FREE_SUBSCRIPTION)),
        ),
    ),
    LeverRow(
        "funding.ses_gbp_per_year", "School Effectiveness Service", rank=1,
        question="How large should the School Effectiveness Service be?",
        rise="The larger the service", idle=(after_the_last_budget,),
        directions=(
            Direction("ses", 1, "its budget is larger from the start"),
            Direction("unmet_days", -1, "the service has more advisers"),
        ),
    ),
    LeverRow("funding.ses_capacity_share", "Days for building capacity", rank=2),
    LeverRow(
        "funding.council_cut_pct_per_year", "Yearly cut by the council", rank=2,
        directions=(
            Direction("ses", -1, "the service takes the cut"),
            Direction("unmet_days", 1, "the service has fewer advisers"),
        ),
    ),
    LeverRow(
        "funding.dsg_gbp_per_pupil", "Dedicated Schools Grant", rank=3,
        chosen=False,
        directions=(Direction("recouped_cumulative", 1, "each pupil carries more"),),
        flat="it scales the grant, and erosion is a share of the grant; sums in pounds do move",
    ),
    LeverRow(
        SERVICE_MONEY, "Service money to academies", rank=3,
        words={"observed": "as observed"}, chosen=False,
        directions=(Direction("conversions", 1, "a school gains more by converting"),),
    ),
    LeverRow(
        "funding.endowment", "Endowment Fund bid", rank=2,
        words={"none": "not made", "bid": "decided by chance"}, rising=("none", "bid", "won"),
        idle=(without_partnership,),
        directions=(
            Direction("fund", 1, "the endowment is paid into the fund"),
            Direction("unmet_days", -1, "the fund buys support"),
        ),
    ),
    LeverRow(
        "funding.line", "How the earmark is held", rank=2,
        words={"central": "held centrally", "dedelegated": "de-delegated"},
        rising=("dedelegated", "central"), idle=(without_partnership, after_the_last_budget),
        directions=(Direction("fund", 1, "academies do not take their share of the earmark"),),
    ),
    LeverRow(
        "funding.forum_delegates_from", "Forum delegates the earmark", rank=2,
        words={None: "never"}, idle=(without_partnership,),
        directions=(Direction("fund", 1, "the earmark stays in the fund longer"),),
    ),
    LeverRow(
        "support.weakest_first_share", "Days for the weakest first", rank=2,
        directions=(Direction("unmet_days", -1, "days go to schools below good first"),),
    ),
    LeverRow(
        "support.sold_beyond_share", "Days sold beyond the borough", rank=2,
        idle=(without_partnership,),
    ),
    LeverRow(
        "external.market_quality", "Quality of outside support", rank=3,
        felt=Felt("market", "support on offer elsewhere"), chosen=False,
        directions=(Direction("members", -1, "support can be had elsewhere"),),
    ),
    LeverRow(
        "external.chain_approaches_per_year", "Approaches by chains", rank=3,
        chosen=False,
        directions=(
            Direction("schools_in_chains", 1, "chains ask more schools"),
            Direction("conversions", 1, "chains ask schools to convert"),
        ),
    ),
    LeverRow(WEIGHTS, "Weights of the cohesion index", rank=3),
    LeverRow(
        "cohesion.associate_weight", "Weight of associate members", rank=3,
        idle=(without_partnership,),
        directions=(Direction("participation", 1, "academies in it count for more"),),
        flat="it is how participation is measured, and neither a headline nor a choice reads that",
    ),
)  # fmt: skip

LEVERS: Mapping[str, LeverRow] = {row.path: row for row in _ROWS}
"""Every lever by its dotted path; those of one rank stand on a form in this order."""


def is_nobodys_choice(path: str) -> bool:
    """Whether a field is one that nobody in the authority chooses; parameters are."""
    return path.startswith(PARAMETERS) or (path in LEVERS and not LEVERS[path].chosen)


_ONE = {"months": "month", "reviews": "review", "approaches": "approach"}


def field_label(path: str) -> str:
    """What a reader calls the field at a dotted path of a scenario, or a parameter of the register.

    Raises KeyError where there is no such field; `check_fields` has told a planner so before.
    """
    if path.startswith(PARAMETERS):
        register, name = load_register(), path.removeprefix(PARAMETERS)
        return (register.structures.get(name) or register[name]).label
    if path in LEVERS:
        return LEVERS[path].label
    section, _, name = path.rpartition(".")
    return MODELS[section].model_fields[name].title or name.replace("_", " ")


def value_text(path: str, value: Any) -> str:
    """A value with its unit in words: ``£750,000 a year``, ``24 months``, ``never``."""
    text, unit = value_parts(path, value)
    return text + unit


def between(path: str, first: Any, last: Any, word: str) -> str:
    """Two values of a field with a word between them, their unit once: ``24 → 60 months``."""
    (text, unit), (last_text, last_unit) = value_parts(path, first), value_parts(path, last)
    return f"{text}{'' if last_unit else unit} {word} {last_text}{last_unit}"


def value_parts(path: str, value: Any) -> tuple[str, str]:
    """The value without its unit, and what follows it: ``£750,000`` and `` a year``."""
    if path in LEVERS and not isinstance(value, dict) and value in LEVERS[path].words:
        return LEVERS[path].words[value], ""
    if isinstance(value, bool):
        return ("yes" if value else "no"), ""
    if isinstance(value, dict):
        return "a table", ""
    if isinstance(value, str):
        return (month_name(parse_month(value)) if path in MONTH_FIELDS else value), ""
    limits = range_of(path)
    return _number(value, limits.unit if limits else "")


def _number(value: float, unit: str) -> tuple[str, str]:
    if unit.startswith("£"):
        pence = 0 if value == int(value) else 2
        return f"£{value:,.{pence}f}", unit[1:]
    if unit.startswith("share"):
        return f"{value * 100:.6g}%", unit.removeprefix("share")
    if unit.startswith("per cent"):
        return f"{value:g}%", unit.removeprefix("per cent")
    text = f"{value:,}" if isinstance(value, int) else f"{value:g}"
    if unit in ("", "weight"):
        return text, ""
    first, *rest = unit.split(" ")
    return text, " ".join(["", _ONE.get(first, first) if value == 1 else first, *rest])
