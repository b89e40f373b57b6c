"""The first screen of an explanation claims what is clear, and shows what is not as unclear."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import stdtrit

from rsip_sim.report.blocks import Report, Table
from rsip_sim.report.text import first_screen
from rsip_sim.studies.explain.accounts import Account, Part, shown
from rsip_sim.studies.explain.chart import shares_chart
from rsip_sim.studies.explain.hybrids import BY_LEVER
from rsip_sim.studies.explain.report import explain_report
from tests.fakes.explained import fake_account, fake_explained

MEASURES = ("members", "cohesion", "erosion", "unmet_days")
STEPS = ("security", "guarantee", "ses_size", "brake", "rebound", "renewal", "forum")


def report_of(*accounts: Account) -> Report:
    return explain_report(fake_explained(accounts))


def screen(report: Report, width: int = 96) -> str:
    return "\n".join(line.text for line in first_screen(report, width))


def said(*accounts: Account) -> str:
    return " ".join(screen(report_of(*accounts)).split())


def random_accounts(seed: int) -> list[Account]:
    """Four measures by two levers and by seven mechanisms, of any sign and size."""
    luck = np.random.default_rng(seed)
    size, spread = luck.choice([0.1, 1.0, 8.0]), luck.choice([0.01, 1.0, 5.0])
    return [
        fake_account(
            {name: float(luck.normal(scale=size) * luck.integers(0, 2)) for name in names},
            metric=metric, family=family, spread=float(spread), together=float(luck.normal()),
        )
        for metric in MEASURES
        for family, names in ((BY_LEVER, ("a lever", "another")), ("mechanism", STEPS))
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_any_outcome_fits_the_screen_and_is_told_as_it_is(seed: int) -> None:
    accounts = random_accounts(seed)
    found = fake_explained(accounts)
    report = explain_report(found)
    for width in (60, 96):
        lines = first_screen(report, width)
        assert max(len(line.text) for line in lines) <= width
    assert len(lines) <= 29  # three more say what to type next
    lead = found.families()[-1][0]
    table = report.table
    assert table is not None
    rows = shown(found.families()[-1], 3)
    for row, parts in zip(table.cells[-len(rows) :], rows, strict=True):
        bracketed = row[1].startswith("(")
        assert bracketed == (parts[0].verdict != "equal" and not parts[0].noticed(lead.metric))
    title = shares_chart(found).title
    named = [each.step.label for each in (*lead.shares, lead.rest) if each.step.label in title]
    assert named in ([], [part.step.label for part in lead.leaders()[:1]])


@pytest.mark.parametrize(
    ("effects", "spread", "words"),
    [
        ({"guarantee": 1.0, "security": 4.0, "ses_size": 0.6}, 0.1,
         "By mechanism: Security is the largest part, +4.0 of +5.6."),
        ({"guarantee": -6.0, "security": 2.0}, 0.1, "Guarantee is the largest part, −6.0 of −4"),
        ({"guarantee": 4.0, "security": 0.2}, 1.5, "Guarantee is the largest part, +4.0 of +4.2."),
        ({"guarantee": 1.0, "security": -1.0}, 1.0, "no single step explains a difference that"),
        ({"guarantee": 0.0, "security": 0.0}, 0.1, "no single step explains a difference that"),
    ],
)  # fmt: skip
def test_the_answer_names_the_largest_clear_step_and_no_unclear_one(
    effects: dict[str, float], spread: float, words: str
) -> None:
    assert words in said(fake_account(effects, spread=spread))


def test_what_acts_through_no_mechanism_leads_where_it_is_the_largest_part() -> None:
    account = fake_account({"security": -2.0, "guarantee": 1.0}, rest=-8.0)
    assert "Everything else is the largest part, −8.0 of −9." in said(account)
    assert shares_chart(fake_explained([account])).title.startswith("Everything else explains most")


def test_of_too_few_futures_nothing_is_claimed() -> None:
    text = said(fake_account({"guarantee": 4.0, "security": 2.0}, futures=5))
    assert "5 futures are too few to tell" in text
    assert "(+6.0)" in text
    assert "largest part" not in text


def test_what_is_sure_of_it_and_what_is_not() -> None:
    """Precision in the model, and the evidence on each mechanism."""
    report = report_of(fake_account({"security": 4.0, "guarantee": 1.0}, together=2.0))
    text = " ".join(screen(report).split())
    assert "In the model: +7 ± 0.0 (95% interval); the same way in every future." in text
    assert "no evidence that schools behave so" in text
    grades = {row[0]: row[-1] for row in report.table.cells}
    assert (grades["Security"], grades["Guarantee"]) == ("none", "weak")


def test_the_rows_of_a_table_add_up_to_the_whole_though_some_are_put_together() -> None:
    account = fake_account(dict.fromkeys(STEPS, 1.0) | {"forum": 0.1, "brake": 0.1}, rest=-2.0)
    rows = shown([account], 4)
    assert [row[0].step.label for row in rows[-2:]] == ["3 others", "Everything else"]
    assert sum(row[0].mean for row in rows) == pytest.approx(account.total.mean)


def test_one_lever_is_told_once_and_has_no_table_of_its_own() -> None:
    report = report_of(fake_account({"security": 4.0}))
    assert "What differs: Agreement length: 0 → 24." in screen(report)
    levers = report.part("levers")
    assert levers is not None
    assert not any(isinstance(block, Table) for block in levers.blocks)


def test_a_change_of_policy_stands_above_the_mechanisms_where_there_are_several() -> None:
    text = screen(report_of(*random_accounts(3)))
    assert text.index("By change of policy\n") < text.index("By mechanism\n")
    assert "What differs: a lever: 1 → 2; another: 1 → 2." in text


def test_the_interval_of_shares_from_some_orders_includes_what_others_might_say() -> None:
    """Nine steps, three of which gain only together: who gains depends on the order."""
    names = [f"step {i}" for i in range(9)]
    account = fake_account(dict.fromkeys(names, 1.0), three=9.0, family=BY_LEVER)
    assert account.orders > 1

    def beyond_luck(part: Part) -> float:
        """Half the interval, as a multiple of what it would be of luck of 0.1 alone."""
        n = part.numbers
        assert part.mean - n.ci_low == pytest.approx(n.ci_high - part.mean)
        return (n.ci_high - part.mean) / (stdtrit(59, 0.975) * 0.1 / np.sqrt(60))

    assert all(beyond_luck(part) > 5 for part in account.shares[:3])
    assert all(beyond_luck(part) < 1.6 for part in account.shares[3:])
    assert all(part.numbers.ci_low < 4.0 < part.numbers.ci_high for part in account.shares[:3])
    assert fake_account(dict.fromkeys(names[:5], 1.0), family=BY_LEVER).orders == 1
