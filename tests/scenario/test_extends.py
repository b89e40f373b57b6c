"""One file over another: what is taken over, what is replaced and where a fault is placed."""

import os

import pytest

from rsip_sim.scenario import check, load_scenario
from tests.fakes.scenario_files import BASE, write


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
