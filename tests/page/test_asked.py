"""What is asked is read as a scenario file is read, and found at fault in the same words."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from rsip_sim import check
from rsip_sim.page.asked import Sources, asked
from rsip_sim.page.form import fields
from rsip_sim.scenario import differences

LENGTH, CUT, CLIMATE = (
    "agreement.length_months", "funding.council_cut_pct_per_year", "climate.conversion",
)  # fmt: skip
SHIPPED = Sources([])


def read(*pairs: tuple[str, str], sources: Sources = SHIPPED):
    return asked(pairs, sources)


def test_what_is_not_said_is_as_the_two_usual_policies_have_it() -> None:
    found = read()
    assert [each.name for each in found.made] == ["agreement_later", "two_year"]
    assert found.asked.address() == "baseline=rsip%3Aagreement_later&policy=rsip%3Atwo_year"


def test_a_form_sent_without_a_change_asks_for_no_change() -> None:
    """Without a script a form sends every field: those as the file has them are no changes."""
    from rsip_sim.page.view import levers

    sent = []
    for lever in levers(read()):
        field = lever.field
        if field.word:
            sent.append((f"{field.path}.how", field.word if lever.word else "number"))
        if field.kind != "file":
            sent.append((field.path, lever.text))
    assert read(*sent).asked == read().asked


@pytest.mark.parametrize(
    "text", ["200", "24.0", "2 years", "", "1,000", "abc", "no", "٢٤", "1e999", "a: b\n#", "-1"]
)
@pytest.mark.parametrize("path", [LENGTH, "funding.earmark_gbp_per_year"])
def test_a_wrong_value_is_told_in_the_words_of_rsip_check(
    path: str, text: str, tmp_path: Path
) -> None:
    told = read((path, text)).at.get(path, "")
    section, name = path.split(".")
    file = tmp_path / "ours.yaml"
    line = text if "\n" not in text else '"a: b\\n#"'
    file.write_text(f"title: Ours\nextends: rsip:two_year\n{section}:\n  {name}: {line}\n", "utf-8")
    said = [str(fault).partition(f"{path}: ")[2] for fault in check([file])]
    assert [told] == (said or [""])


def test_all_faults_are_told_at_once_each_at_its_field() -> None:
    found = read(
        (LENGTH, "200"), (f"{CUT}.how", "number"), (CUT, "x"), ("agreement.quorum", "50%"),
        ("title", "x" * 500), ("funding.forum_delegates_from", "2030-01"),
    )  # fmt: skip
    assert found.made is None
    assert {LENGTH, CUT, "agreement.quorum", "funding.forum_delegates_from"} <= set(found.at)
    assert found.at["agreement.quorum"] == "'50%' is not a number; write 0.5"


def test_a_title_that_will_not_do_is_told_at_its_field() -> None:
    assert "too long" in read(("title", "x" * 500)).at["title"]


def test_a_policy_that_was_not_given_is_refused_whatever_it_names(tmp_path: Path) -> None:
    other = tmp_path / "secret.yaml"
    other.write_text("title: Other\nextends: rsip:base\n", "utf-8")
    for name in (str(other), "../x.yaml", "rsip:", "/etc/passwd"):
        found = read(("policy", name))
        assert found.sources is None
        assert "was not given to this page" in found.general[0]


def test_a_file_at_fault_is_told_as_rsip_check_tells_it(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("title: Wrong\nextends: rsip:base\nagreement: {length: 3}\n", "utf-8")
    found = read(sources=Sources([file]))
    assert list(found.general) == [str(fault) for fault in check([file])]


def test_what_nobody_here_decides_is_set_for_both_and_the_rest_for_the_policy_alone() -> None:
    baseline, policy = read((LENGTH, "36"), (CLIMATE, "surge")).made
    assert [each.resolved["climate"]["conversion"] for each in (baseline, policy)] == ["surge"] * 2
    assert [each.resolved["agreement"]["length_months"] for each in (baseline, policy)] == [0, 36]
    assert baseline.name != "agreement_later"
    assert baseline.title == "An agreement later"


def test_an_address_asks_for_the_same_again() -> None:
    first = read(
        (LENGTH, "36"), (CLIMATE, "surge"), (f"{CUT}.how", "number"), (CUT, "12"),
        ("external.market_quality.how", "number"), ("external.market_quality", "0.4"),
        ("partnership", "false"), (f"why.{LENGTH}", "Schools asked: & wait\n£"), ("title", "Ours"),
        ("was.agreement.renewal_months", "24"), ("nonsense", "1"),
    )  # fmt: skip
    again = asked(parse_qsl(first.asked.address(), keep_blank_values=True), SHIPPED)
    assert again.asked == first.asked
    assert "nonsense" not in first.asked.address()


def test_swapped_the_policy_is_the_baseline_and_twice_swapped_they_are_as_before() -> None:
    first = read((LENGTH, "36"), (CLIMATE, "flat"), ("was.agreement.renewal_months", "24"))
    swapped = asked(parse_qsl(first.asked.swapped().address()), SHIPPED)
    for mine, theirs in zip(first.made, reversed(swapped.made), strict=True):
        assert not differences(mine, theirs)
    assert swapped.asked.swapped() == first.asked


def test_the_same_policy_twice_is_nothing_to_simulate() -> None:
    twice = [("baseline", "rsip:two_year"), ("policy", "rsip:two_year")]
    assert read(*twice).same
    assert not read(*twice, (LENGTH, "36")).same


def test_policies_told_by_the_same_words_are_told_apart() -> None:
    """Both would be called '24 months' in the table."""
    baseline, policy = read(
        ("baseline", "rsip:one_year"), ("policy", "rsip:one_year"),
        ("was.agreement.renewal_months", "24"), (LENGTH, "24"),
    ).made  # fmt: skip
    assert baseline.brief != policy.brief


def test_every_field_of_the_form_can_be_set() -> None:
    others = {"truth": "false", "month": "2013-04"}
    for field in fields():
        if field.kind == "file" or field.path == "funding.line":  # set by the timeline alone
            continue
        text = others.get(field.kind) or (field.choices[0][0] if field.choices else "1")
        if field.path == "agreement.renewal_months" or field.path.endswith("dsg_gbp_per_pupil"):
            text = "1200" if "dsg" in field.path else "24"
        if field.path == "funding.ses_capacity_share":
            text = "0.2"
        found = read((field.path, text), *[(f"{field.path}.how", "number")] * bool(field.word))
        assert found.made, (field.path, found.at, found.general)
