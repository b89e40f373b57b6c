"""One file over another: what is taken over, what is replaced and where a fault is placed."""

import os

import pytest

from rsip_sim.scenario import check, load_scenario
from rsip_sim.scenario import file_names as shipped
from tests.fakes.scenario_files import BASE, SCENARIOS, write


def test_a_child_replaces_single_fields_and_keeps_the_rest_of_the_parents_section(tmp_path):
    base = BASE + "agreement: {length_months: 36, quorum: 0.4}\n"
    agreement = load_scenario(
        write(tmp_path, "agreement: {quorum: 0.6}\n", base=base)
    ).policy.levers
    assert agreement.agreement.length_months == 36
    assert agreement.agreement.quorum == 0.6


def test_a_list_replaces_the_parents_list_as_a_whole(tmp_path):
    base = BASE + "timeline: [{from: 2012-04, set: {agreement.quorum: 0.6}}]\n"
    assert load_scenario(write(tmp_path, "", base=base)).policy.changes
    assert not load_scenario(write(tmp_path, "timeline: []\n", base=base)).policy.changes


def test_title_and_description_are_each_files_own(tmp_path):
    base = BASE + "description: Of the parent\nauthor: Ann\n"
    child = load_scenario(write(tmp_path, "", "half_the_money", base))
    assert (child.title, child.description) == ("Half the money", "")
    assert child.resolved["author"] is None


def test_grandparents_count_too_and_the_nearest_wins(tmp_path):
    write(tmp_path, "agreement: {quorum: 0.4, length_months: 12}\n", "parent")
    path = tmp_path / "child.yaml"
    path.write_text("extends: parent.yaml\nagreement: {quorum: 0.7}\n")
    agreement = load_scenario(path).policy.levers.agreement
    assert (agreement.quorum, agreement.length_months) == (0.7, 12)


def test_a_fault_names_the_file_that_holds_the_value(tmp_path):
    base = BASE + "agreement:\n  quorum: 2\n  length_months: 12\n"
    path = write(tmp_path, "agreement:\n  length_months: -1\n", base=base)
    places = [(os.path.basename(fault.file), fault.line) for fault in check([path])]
    assert places == [("child.yaml", 3), ("base.yaml", 6)]


def test_a_faulty_value_that_the_child_replaces_is_no_fault_of_the_child(tmp_path):
    base = BASE + "agreement: {quorum: 2}\n"
    assert check([write(tmp_path, "agreement: {quorum: 0.5}\n", base=base)]) == []


def test_a_replaced_value_leaves_no_place_of_the_parent_behind(tmp_path):
    base = BASE + "timeline:\n  - {from: 2012-04, set: {agreement.quorum: 0.6}}\n"
    [fault] = check([write(tmp_path, "timeline:\n  - {set: {agreement.quorum: 0.7}}\n", base=base)])
    assert (os.path.basename(fault.file), fault.line, fault.field) == (
        "child.yaml",
        3,
        "timeline.from",
    )


def test_two_files_that_extend_one_another_are_refused(tmp_path):
    for name, other in (("one", "two"), ("two", "one")):
        (tmp_path / f"{name}.yaml").write_text(f"title: X\nextends: {other}.yaml\n")
    [fault] = check([tmp_path / "one.yaml"])
    assert os.path.basename(fault.file) == "two.yaml"
    assert "extends this file in its turn" in fault.message


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path):
    outside, inside = tmp_path / "base.yaml", tmp_path / "inside"
    inside.mkdir()
    outside.write_text(BASE)
    try:
        (inside / "base.yaml").symlink_to(outside)
    except OSError:
        pytest.skip("this system makes no links")
    (inside / "child.yaml").write_text("extends: base.yaml\n")
    [fault] = check([inside / "child.yaml"])
    assert "leaves the folder" in fault.message


def test_what_a_broken_parent_would_have_given_is_not_called_missing(tmp_path):
    faults = check([write(tmp_path, "agreement: {quorum: 2}\n", base=BASE + "\tx: 1\n")])
    assert sorted(fault.message for fault in faults) == ["2 is too large", "a tab stands here"]


def test_a_roster_beside_the_scenario_is_used(tmp_path):
    rows = "urn,school,phase,pupils\n1,One,primary,200\n2,Two,secondary,900\n"
    (tmp_path / "mine.csv").write_text(rows)
    assert load_scenario(write(tmp_path, "roster: mine.csv\n")).roster.school == ("One", "Two")


def test_faults_of_a_roster_come_with_those_of_the_scenario(tmp_path):
    (tmp_path / "mine.csv").write_text("urn,school,phase,pupils\n1,One,primary,none\n")
    faults = check([write(tmp_path, "roster: mine.csv\nagreement: {quorum: 2}\n")])
    assert [os.path.basename(fault.file) for fault in faults] == ["child.yaml", "mine.csv"]


def test_a_shipped_scenario_is_a_parent_in_any_folder(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("title: Mine\nextends: rsip:two_year\nagreement: {reviews_per_year: 4}\n")
    agreement = load_scenario(path).policy.levers.agreement
    assert (agreement.length_months, agreement.reviews_per_year) == (24, 4)


def test_a_shipped_scenario_has_a_name_instead_of_a_file():
    named, file = load_scenario("rsip:five_year"), load_scenario(SCENARIOS / "five_year.yaml")
    assert (named.name, named.title) == (file.name, file.title)
    assert (named.policy, named.resolved) == (file.policy, file.resolved)


@pytest.mark.parametrize("name", ["rsip:two_yaer", "rsip:two_year.yaml", "rsip:../two_year"])
def test_an_unknown_shipped_name_is_answered_with_the_nearest(tmp_path, name):
    path = tmp_path / "mine.yaml"
    path.write_text(f"title: Mine\nextends: {name}\n")
    for asked, place in ((path, "mine.yaml:2:10: extends: "), (name, f"{name}: ")):
        [fault] = check([asked])
        assert place in str(fault)
        assert "no scenario of this name comes with the package" in fault.message
        assert fault.suggestion == "rsip:two_year"


def test_a_parent_left_behind_is_answered_with_the_shipped_one(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("title: Mine\nextends: base.yaml\n")
    [fault] = check([path])
    assert "rsip:base" in fault.allowed


def test_a_clone_of_a_shipped_file_that_extends_its_own_name_is_refused(tmp_path, monkeypatch):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios/loop.yaml").write_text("title: Loop\nextends: rsip:loop\n")
    monkeypatch.setattr(shipped, "shipped_folder", lambda: tmp_path)
    monkeypatch.setattr(shipped, "shipped_scenarios", lambda: ("loop",))
    [fault] = check([tmp_path / "scenarios/loop.yaml"])
    assert "extends this file in its turn" in fault.message
