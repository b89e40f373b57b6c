"""Fields, parameters and metrics of earlier editions, and what took their place."""

from __future__ import annotations

FIELDS: dict[str, tuple[str, str]] = {
    "funding.traded_income": (
        "has gone: spare days of lead schools are no longer sold by themselves",
        "write support: {sold_beyond_share: …}, or delete the line",
    ),
}
PARAMETERS: dict[str, tuple[str, str]] = {
    "council_loss_share": (
        "has gone: the service shrinks with the pupils who leave the council",
        "write ses_follows_pupils, a share from 0.2 to 0.9",
    ),
    "ses_floor_gbp": (
        "has gone: the service has a core of statutory work, which gives schools no days",
        "write ses_core_gbp, £ a year",
    ),
    "traded_take_up": (
        "has gone: how many days are sold beyond the borough is a lever",
        "write support: {sold_beyond_share: …}",
    ),
    "renewal_pressure": (
        "has gone: the earmark is grant, and no longer presses on the council's money",
        "delete the line",
    ),
}
METRICS: dict[str, tuple[str, str]] = {
    "atomised": (
        "has gone: it counted every school outside partnership, trust and diocese",
        "use alone, the academies alone",
    ),
    "cohesion_core": (
        "has gone: cohesion itself is without membership, from 0 to 100",
        "use cohesion",
    ),
    "council_cost": (
        "has gone: it counted a smaller service as a saving",
        "use price_council; price_schools and service stand beside it",
    ),
    "envelope": (
        "has gone: school grant and the council's own money are two pots",
        "use ses, what the council has for its service",
    ),
    "external_share": (
        "has gone: it mixed what the partnership commissions with what schools buy",
        "use bought_by_schools or commissioned",
    ),
    "pressure": (
        "has gone: the earmark is grant, and no longer presses on the council's money",
        "use ses, what the council has for its service",
    ),
}


def gone(path: str) -> tuple[str, str] | None:
    """Message and what took its place, for a dotted path that a scenario no longer has."""
    section, _, name = path.rpartition(".")
    return PARAMETERS.get(name) if section == "parameters" else FIELDS.get(path)
