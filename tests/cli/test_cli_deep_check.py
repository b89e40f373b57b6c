"""`rsip check --deep`: 0 where every check holds, 3 where one does not, 2 for a faulty file."""

from __future__ import annotations


def short(folder, name, text):
    """A scenario of two years, which is simulated in a moment."""
    (folder / f"{name}.yaml").write_text(
        f"extends: base.yaml\nhorizon_months: 24\n{text}\n", "utf-8"
    )
    return f"{name}.yaml"


def test_a_scenario_that_holds_exits_with_0(rsip, folder):
    done = rsip("check", "--deep", short(folder, "brief", "agreement: {length_months: 12}"))
    assert (done.exit_code, done.stderr) == (0, "")
    assert "brief.yaml: every check holds.\n" in done.stdout


def test_a_check_that_fails_exits_with_3_after_all_files_have_been_checked(rsip, folder):
    # without a partnership the agreement is left aside
    idle = short(folder, "idle", "partnership: false\nagreement: {length_months: 36}")
    done = rsip("check", "--deep", idle, "two_year.yaml")
    assert (done.exit_code, done.stderr) == (3, "")
    assert "does something  look here" in done.stdout
    assert "two_year.yaml: every check holds.\n" in done.stdout


def test_a_faulty_file_exits_with_2_and_nothing_is_simulated(rsip, folder):
    done = rsip("check", "--deep", short(folder, "slip", "agreement: {lenght_months: 12}"))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "did you mean 'length_months'?" in done.stderr
