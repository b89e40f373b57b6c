"""The closed schema of a scenario file: every field, its type and what it means.

Ranges and units of numbers stand in the parameter register, defaults in `rsip_sim.model.policy`,
so that neither can disagree with what is written here. The models check one value at a time;
what several fields must be together is checked in `rsip_sim.scenario.checks`.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from rsip_sim.evidence.months import month_text, parse_month
from rsip_sim.model import policy
from rsip_sim.scenario.ranges import (
    LAST_MONTH,
    Author,
    Month,
    Openings,
    Reason,
    ServiceMoney,
    Short,
    Text,
    Title,
    Uncertain,
    planner_error,
    refuse_outside,
)


class Closed(BaseModel):
    """A mapping with no other fields than these, of exactly these types, that never changes."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )
    section: ClassVar[str] = ""

    @field_validator("*", mode="after")
    @classmethod
    def _inside_its_range(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, int | float) and not isinstance(value, bool):
            refuse_outside(f"{cls.section}.{info.field_name}".lstrip("."), value)
        return value


class AgreementSection(Closed):
    """What the council and the schools promise one another, and for how long."""

    section: ClassVar[str] = "agreement"

    length_months: int = policy.Agreement.length_months
    """Months for which the council guarantees the earmark and the governance; with 0, none to begin
    with."""
    renewal_months: int = policy.Agreement.renewal_months
    """Months from April for which a later agreement is made, or the running one extended."""
    later_offers: bool = policy.Agreement.later_offers
    """Whether the council may offer an agreement each January for the coming financial year."""
    renewal: Literal["uncertain", "certain"] = "uncertain"
    """Whether council and Schools Forum may refuse (uncertain), or always agree (certain)."""
    school_commitment_months: int = policy.Agreement.school_commitment_months
    """Months for which a school that joins may not leave; 0 for none."""
    quorum: float = policy.Agreement.quorum
    """Participation below which, at two reviews running, the partnership dissolves (fraction)."""
    reviews_per_year: int = policy.Agreement.reviews_per_year
    """Reviews by Scrutiny a year: 1, 2, 3, 4, 6 or 12."""
    academies_may_join: bool = policy.Agreement.academies_may_join
    """Whether academies may be associate members."""
    governance_settled_months: int = policy.Agreement.governance_settled_months
    """Months until the report on governance is settled, which holds confidence back."""

    @field_validator("reviews_per_year", mode="after")
    @classmethod
    def _even_reviews(cls, value: int) -> int:
        if value < 1 or 12 % value:
            raise planner_error(f"{value} reviews do not divide a year", "1, 2, 3, 4, 6 or 12")
        return value


class FundingSection(Closed):
    """The money, in pounds."""

    section: ClassVar[str] = "funding"

    dsg_gbp_per_pupil: float = policy.Funding.dsg_gbp_per_pupil
    """Dedicated Schools Grant, mean of all phases (£ per pupil a year)."""
    earmark_gbp_per_year: float = policy.Funding.earmark_gbp_per_year
    """The line of school grant set aside for the partnership (£ a year); where it is not pooled,
    schools get it themselves, and without a partnership too: 0 where none is meant."""
    subscription_gbp_per_pupil: float = policy.Funding.subscription_gbp_per_pupil
    """What a member school pays (£ per pupil a year)."""
    ses_gbp_per_year: float = policy.Funding.ses_gbp_per_year
    """Budget of the School Effectiveness Service at the start (£ a year)."""
    ses_capacity_share: float = policy.Funding.ses_capacity_share
    """Share of the service's days spent on building schools' own capacity (fraction)."""
    council_cut_pct_per_year: Uncertain = policy.Funding.council_cut_pct_per_year
    """Yearly cut of the School Effectiveness Service (% a year), or uncertain: drawn for each
    future. The earmark is school grant and not cut."""
    service_money: ServiceMoney = "observed"
    """Money for services that goes to an academy: observed, or £ per pupil a year, held."""
    endowment: Literal["none", "bid", "won"] = "bid"
    """The bid to the Endowment Fund: not made (none), decided by chance (bid), or won."""
    line: Literal["central", "dedelegated"] = "central"
    """Whether the earmark is held centrally (central), or maintained schools pool it again from
    budgets of their own (dedelegated, from April 2013)."""
    forum_delegates_from: Month | None = None
    """Month from which the Schools Forum hands the earmark to schools; null for never."""


class SupportSection(Closed):
    """How support is shared out."""

    section: ClassVar[str] = "support"

    weakest_first_share: float = policy.Support.weakest_first_share
    """Share of support days that goes to the weakest schools first (fraction); the rest is shared
    out by need."""
    sold_beyond_share: float = policy.Support.sold_beyond_share
    """Share of lead schools' days sold to other authorities (fraction); they are missing at
    home."""


class OpeningTable(Closed):
    """Openings of academies, month by month, by phase; beyond it the last year's mean holds."""

    primary: Openings
    """Primary schools (% of maintained schools a month), from the start of the run."""
    secondary: Openings
    """Secondary schools (% of maintained schools a month), from the start of the run."""
    special: Openings
    """Special schools (% of maintained schools a month), from the start of the run."""


class ClimateSection(Closed):
    """How fast schools become academies in the country as a whole."""

    section: ClassVar[str] = "climate"

    conversion: Literal["observed", "flat", "surge", "uncertain", "table"] = "uncertain"
    """The rate of conversion: as it later was (observed), as in the winter of 2010-11 (flat),
    that trebled for a year (surge), drifting at random from it (uncertain), or your own (table)."""
    opening_pct_per_month: OpeningTable | None = None
    """Your own rates, for conversion: table; else null."""


class ExternalSection(Closed):
    """What the world outside the authority offers to its schools."""

    section: ClassVar[str] = "external"

    market_quality: Uncertain = policy.External.market_quality
    """Quality of the support schools can buy elsewhere (fraction of what they need), or uncertain:
    drawn for each future."""
    chain_approaches_per_year: Uncertain = policy.External.chain_approaches_per_year
    """Approaches of national academy chains to schools of the authority (a year), or uncertain:
    drawn for each future."""


class TimelineEntry(Closed):
    """A change of policy during the run."""

    from_: Month = Field(alias="from")
    """Month from which the new values hold; after the start and before the end of the run."""
    set: dict[str, Any] = Field(min_length=1)
    """New values by their path, such as funding.earmark_gbp_per_year: 500000."""


def _weight(place: int, component: str) -> Any:
    title = f"Cohesion weight of {component}"
    return Field(default=policy.Cohesion.weights[place], title=title)


class WeightsSection(Closed):
    """Weights of the five components of the cohesion index; only their ratios matter."""

    section: ClassVar[str] = "cohesion.weights"

    participation: float = _weight(0, "participation")
    """Weight of the pupil share in the partnership (number)."""
    connectedness: float = _weight(1, "connectedness")
    """Weight of the ties inside learning communities (number)."""
    integrity: float = _weight(2, "integrity")
    """Weight of the authority's unity of governance (number)."""
    mutual_support: float = _weight(3, "mutual support")
    """Weight of the support that weaker schools receive (number)."""
    stability: float = _weight(4, "stability")
    """Weight of lasting membership (number)."""

    @model_validator(mode="after")
    def _not_all_zero(self) -> WeightsSection:
        if not sum(self.model_dump().values()) > 0:
            raise planner_error("all five weights are zero", "at least one must be above 0")
        return self


class CohesionSection(Closed):
    """How the cohesion index is put together; it changes no outcome but the index."""

    section: ClassVar[str] = "cohesion"

    weights: WeightsSection = WeightsSection()
    """Weights of the five components (numbers; their sum need not be 1)."""
    associate_weight: float = policy.Cohesion.associate_weight
    """How much an associate member counts in participation (fraction of a full member)."""


class RunSection(Closed):
    """How often and with what numbers the scenario is simulated."""

    section: ClassVar[str] = "run"

    replications: int = Field(default=1000, title="Replications")
    """Simulated futures (number); the command line may say otherwise."""
    seed: int = Field(default=20110401, title="Seed")
    """Where the random numbers start (number); scenarios that share it can be compared."""
    parameters: Literal["central", "uncertain"] = Field(default="uncertain", title="Parameters")
    """One central value for each parameter (central), or a draw a replication (uncertain)."""


class ScenarioFile(Closed):
    """A policy scenario of rsip_sim."""

    title: Title = ""
    """A few words that name the policy in charts and tables; else made from the file's name."""
    short: Short = ""
    """What a narrow column calls it, in at most 16 characters: 2 years; else the title."""
    description: Text = ""
    """One or two sentences: what the policy is and where it comes from."""
    author: Author | None = None
    """Who wrote the scenario."""
    start: Month = Field(title="Start")
    """First month of the run, such as 2011-04."""
    horizon_months: int = Field(title="Length of the run")
    """Length of the run (months)."""
    roster: str = Field(title="Schools")
    """The schools: a roster of the package, such as rotherham_2011, or a CSV beside the file."""
    partnership: bool = policy.Policy.partnership
    """Whether there is a partnership at all; if false, the agreement is left aside and schools get
    the earmark themselves: write 0 for it where none is meant."""
    agreement: AgreementSection = AgreementSection()
    """What the council and the schools promise one another."""
    funding: FundingSection = FundingSection()
    """The money, in pounds."""
    support: SupportSection = SupportSection()
    """How support is shared out."""
    climate: ClimateSection = ClimateSection()
    """How fast schools become academies in the country."""
    external: ExternalSection = ExternalSection()
    """What the world outside the authority offers."""
    timeline: list[TimelineEntry] = []
    """Changes of agreement, funding, support, climate or external during the run; replaces a
    parent's."""
    cohesion: CohesionSection = CohesionSection()
    """How the cohesion index is put together."""
    parameters: dict[str, Any] = {}
    """Parameters of the register held at your own value, and its rules set otherwise, by name."""
    force_parameters: bool = Field(default=False, title="Parameters forced")
    """Accept parameters outside their evidence range, within their hard bounds."""
    why: dict[str, Reason] = Field(default={}, title="Why")
    """Why a lever or parameter has its value, by its path, such as agreement.length_months: as
    resolved. It moves no number."""
    run: RunSection = RunSection()
    """How often and with what numbers the scenario is simulated."""

    @field_validator("start", mode="after")
    @classmethod
    def _start_in_range(cls, value: str) -> str:
        if parse_month(value) > LAST_MONTH:
            raise planner_error(f"{value} is too late", f"at most {month_text(LAST_MONTH)}")
        return value


LEVER_SECTIONS: dict[str, type[Closed]] = {
    "agreement": AgreementSection,
    "funding": FundingSection,
    "support": SupportSection,
    "climate": ClimateSection,
    "external": ExternalSection,
}
MODELS: dict[str, type[Closed]] = {  # by the dotted path at which the mapping stands
    "": ScenarioFile,
    **LEVER_SECTIONS,
    "climate.opening_pct_per_month": OpeningTable,
    "timeline": TimelineEntry,
    "cohesion": CohesionSection,
    "cohesion.weights": WeightsSection,
    "run": RunSection,
}
MONTH_FIELDS = ("start", "timeline.from", "funding.forum_delegates_from")
OWN_FIELDS = ("title", "short", "description", "author", "extends")  # a parent's are not taken over
