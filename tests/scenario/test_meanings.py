"""What a planner wrote and what is read are the same, or it is said where they part."""

import math
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rsip_sim.evidence.rosters import DATA
from rsip_sim.experiment.design import design
from rsip_sim.experiment.errors import DesignError
from rsip_sim.scenario import ScenarioError, check, load_scenario, notices, resolved_yaml
from rsip_sim.scenario.file_names import LONGEST_NAME, name_problem
from rsip_sim.scenario.notices import alike
from rsip_sim.scenario.problems import number_of
from rsip_sim.scenario.resolved import yaml_text
from tests.fakes.scenario_files import BASE, write

ROSTER = "urn,school,phase,pupils,legal_status,opened,planned_opening\n"


def said(folder: Path, text: str, name: str = "child", base: str = BASE) -> str:
    """The one fault of a file."""
    (fault,) = check([write(folder, text, name, base)])
    return str(fault)


# ---- the roster against the start


@pytest.mark.parametrize(
    ("row", "start", "words"),
    [
        ("academy,2014-09,", "2011-04", "opened is after the start, April 2011: Beech in 2014-09"),
        ("academy,2011-05,", "2011-04", "opened is after the start, April 2011: Beech in 2011-05"),
        ("academy,2011-04,", "2011-04", ""),
        ("academy,2010-09,", "2011-04", ""),
        ("maintained,,2009-09", "2011-04", "planned_opening is before the start, April 2011"),
        ("maintained,,2011-03", "2011-04", "planned_opening is before the start, April 2011"),
        ("maintained,,2011-04", "2011-04", ""),
        ("maintained,,2014-09", "2011-04", ""),
    ],
)
def test_a_roster_of_another_month_than_the_start_is_a_fault(
    tmp_path: Path, row: str, start: str, words: str
) -> None:
    (tmp_path / "own.csv").write_text(f"{ROSTER}1,Ash,primary,200,,,\n2,Beech,primary,90,{row}\n")
    base = BASE.replace("rotherham_2011", "own.csv").replace("2011-04", start)
    faults = [str(fault) for fault in check([write(tmp_path, "title: A\n", base=base)])]
    assert len(faults) == bool(words)
    assert words in "".join(faults)
    assert not faults or "base.yaml:4:9: roster: " in faults[0]


def test_a_roster_of_the_package_at_another_start_is_told(tmp_path: Path) -> None:
    later = write(tmp_path, "title: A\n", base=BASE.replace("2011-04", "2013-03"))
    assert any(
        "Aston Comprehensive School was settled to open" in line for line in notices([later])
    )
    earlier = write(tmp_path, "title: A\n", base=BASE.replace("2011-04", "2010-09"))
    assert sum("is one already at it" in line for line in notices([earlier])) == 2


# ---- numbers


@pytest.mark.parametrize(
    ("field", "written", "advice"),
    [
        ("funding: {{earmark_gbp_per_year: {}}}", "750.000", "write 750 or 750_000"),
        ("funding: {{earmark_gbp_per_year: {}}}", "1.250", "write 1.25 or 1250"),
        ("funding: {{earmark_gbp_per_year: {}}}", "750.125", "write 750.1250 or 750_125"),
        ("funding: {{dsg_gbp_per_pupil: {}}}", "4.700", "write 4.7 or 4700"),
        ("timeline: [{{from: 2012-04, set: {{funding.earmark_gbp_per_year: {}}}}}]", "500.000",
         "write 500 or 500_000"),
        ("timeline: [{{from: 2012-04, set: {{funding: {{earmark_gbp_per_year: {}}}}}}}]",
         "500.000", "write 500 or 500_000"),
        ("funding: {{earmark_gbp_per_year: {}}}", "75_0000", "write 750000 or 750_000"),
        ("run: {{replications: {}}}", "1.000", "write 1 or 1000"),
        ("agreement: {{quorum: '{}'}}", "0,5", "write 0.5"),
    ],
)  # fmt: skip
def test_a_number_that_could_be_another_is_asked_about(
    tmp_path: Path, field: str, written: str, advice: str
) -> None:
    faults = [str(fault) for fault in check([write(tmp_path, field.format(written) + "\n")])]
    assert any(fault.endswith(advice) for fault in faults), faults


@pytest.mark.parametrize(
    ("field", "value"),
    [("agreement: {quorum: 0.500}", 0.5), ("cohesion: {associate_weight: 1.000}", 1.0),
     ("funding: {earmark_gbp_per_year: 750.0000}", 750.0),
     ("funding: {earmark_gbp_per_year: 750_000}", 750_000.0),
     ("funding: {earmark_gbp_per_year: 750000.000}", 750_000.0)],
)  # fmt: skip
def test_a_number_with_one_meaning_is_read(tmp_path: Path, field: str, value: float) -> None:
    scenario = load_scenario(write(tmp_path, field + "\n"))
    section, name = re.match(r"(\w+): \{(\w+)", field).groups()  # type: ignore[union-attr]
    assert scenario.resolved[section][name] == value


@given(
    st.from_regex(r"[-+£]?[0-9]{1,4}([.,_][0-9]{1,4}){0,2}[%km]?", fullmatch=True)
    | st.floats().map(str)
    | st.text(max_size=6),
    st.booleans(),
)
@example("1.000", True)
@example("1e308", True)
@example("1e308", False)
@example("22,5", False)
@example("1_0", True)
@example("٥", True)
def test_an_option_takes_a_number_as_a_file_does_or_says_what_it_would_take(
    text: str, whole: bool
) -> None:
    try:
        number = number_of(text, whole)
    except ValueError as error:
        told = re.search(r"; write ([-+.\w]*\d)(?: or ([-+.\w]*\d))?$", str(error))
        for each in filter(None, told.groups() if told else ()):
            if not whole or float(each).is_integer():
                assert number_of(each, whole) == float(each)
        return
    assert math.isfinite(number)
    assert number == float(re.sub(r"_(?=\d{3}(?!\d))", "", text))
    assert not re.search(r"[1-9]\.\d{3}$|,", text)


@settings(max_examples=80, deadline=None)
@given(st.floats(0, 2_000_000), st.integers(0, 6))
def test_what_is_written_in_full_is_read_as_the_same_number(
    tmp_path_factory: pytest.TempPathFactory, earmark: float, digits: int
) -> None:
    """Rounded to three digits a number looks like thousands; the writer must not write it so."""
    number = round(earmark, digits)
    folder = tmp_path_factory.getbasetemp()
    path = folder / "number.yaml"
    path.write_text(f"{BASE}funding:\n  earmark_gbp_per_year: {yaml_text({'x': number})[3:]}")
    scenario = load_scenario(path)
    assert scenario.policy.levers.funding.earmark_gbp_per_year == number
    path.write_text(resolved_yaml(scenario))
    assert load_scenario(path).policy == scenario.policy


# ---- texts


@pytest.mark.parametrize("key", ["title", "short", "description", "author"])
def test_a_text_cut_at_a_comment_is_told(tmp_path: Path, key: str) -> None:
    fault = said(tmp_path, f"{key}: Option #1\n")
    assert fault.endswith("the text ends before '#1', which is a comment; put the text in quotes")
    assert f"child.yaml:2:{len(key) + 3}: {key}: " in fault


@pytest.mark.parametrize(
    "text", ['title: "Option #1"', "title: Option#1", "title: A  ", "agreement: # none yet\n  {}",
             "title: A\n# a comment", "title: >- # folded\n  A"],
)  # fmt: skip
def test_a_comment_that_cuts_nothing_is_none_of_our_business(tmp_path: Path, text: str) -> None:
    assert not check([write(tmp_path, text + "\n")])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("agreement:\n  length_months:\u00a036\n", "a non-breaking space (U+00A0)"),
        ("agreement:\n  length_months:\u00a036\n  quorum: 0.5\n", "a non-breaking space (U+00A0)"),
        ("agreement:\n  length_months: 36\u200b\n", "a zero width space (U+200B)"),
        ("agreement:\n  length\u200b_months: 36\n", "a zero width space (U+200B)"),
        ("description: “Two years: the offer”\n", "a left double quotation mark (U+201C)"),
        ("partnership: “false”\n", "a left double quotation mark (U+201C)"),
        ("agreement:\n  quorum: −0.5\n", "a minus sign (U+2212)"),
        ("agreement:\n  quorum: ０.5\n", "a fullwidth digit zero (U+FF10)"),
        ("agreement:\n  lеngth_months: 36\n", "a cyrillic small letter ie (U+0435)"),
        ("climate: {conversion: оbserved}\n", "a cyrillic small letter o (U+043E)"),
        ("title: A\u202eB\n", "a right-to-left override (U+202E)"),
        ("title: A\ufeffB\n", "a zero width no-break space (U+FEFF)"),
        ("description: A\ufffeB\n", "(U+FFFE)"),
        ("title: A\uffffB\n", "(U+FFFF)"),
        ("partnership: 'false'\n", "'false' is text, because of its quotation marks; write false"),
    ],
)
def test_a_character_that_is_not_what_it_seems_is_named(
    tmp_path: Path, text: str, words: str
) -> None:
    fault = said(tmp_path, text)
    assert words in fault
    assert fault.isprintable()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_saved_as_utf_16_is_named_so(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "wide.yaml"
    path.write_bytes(BASE.encode(encoding))
    (fault,) = check([path])
    assert "is saved as UTF-16" in str(fault)


# ---- names


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("..yaml", "of dots alone"),
        ("...yaml", "of dots alone"),
        ("manifest.json.yaml", "results have a manifest.json of their own"),
        ("x" * 120 + ".yaml", "has 120 bytes"),
        ("é" * 60 + ".yaml", "has 120 bytes"),
        ("a\x01b.yaml", "the file's name holds"),
        ("a\u200bb.yaml", "the file's name holds a zero width space"),
        ("caf\udce9.yaml", "the file's name holds a character that cannot be printed (U+DCE9)"),
    ],
)
def test_a_name_under_which_nothing_could_be_kept_is_refused(
    tmp_path: Path, name: str, words: str
) -> None:
    path = tmp_path / name
    path.write_text(f"title: A\n{BASE}".replace("title: Base\n", ""))
    (fault,) = check([path])
    assert words in str(fault)
    str(fault).encode()  # what is shown can be shown


def test_a_file_without_a_title_and_a_name_that_makes_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "_.yaml"
    path.write_text(BASE.replace("title: Base\n", ""))
    (fault,) = check([path])
    assert "title: is missing, and the file's name makes none" in str(fault)


@pytest.mark.parametrize("field", ["extends", "roster"])
@pytest.mark.parametrize("ending", ["yaml", "csv"])
def test_a_name_too_long_for_the_disk_is_a_file_that_is_not_there(
    tmp_path: Path, field: str, ending: str
) -> None:
    path = tmp_path / "long.yaml"
    long = f"{'a' * 300}.{ending}"
    text = (
        f"{BASE}extends: {long}\n" if field == "extends" else BASE.replace("rotherham_2011", long)
    )
    path.write_text(text)
    (fault,) = check([path])
    assert f"{field}: " in str(fault)
    assert fault.line


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1))
def test_a_name_that_is_accepted_can_be_kept(name: str) -> None:
    message, _ = name_problem(Path(f"{name}.yaml"))
    if not message:
        assert 0 < len(name.encode()) <= LONGEST_NAME
        assert not set(unicodedata.category(each) for each in name) & {"Cc", "Cs"}
        assert name_problem(Path(f"{name}.resolved.yaml")) == ("", "")


def test_a_stored_scenario_may_be_larger_than_what_a_planner_writes(tmp_path: Path) -> None:
    """In full `.1` is written `0.1, `; what a run wrote itself must be readable again."""
    months = ",".join([".1"] * 240)
    text = (
        f"{BASE}climate: {{conversion: table, opening_pct_per_month: {{"
        + ", ".join(f"{phase}: [{months}]" for phase in ("primary", "secondary", "special"))
        + "}}\n"
    )
    pad = "# planner's notes\n" * 16_000
    for name, faults in (("own.yaml", 1), ("own.resolved.yaml", 0)):
        path = tmp_path / name
        path.write_text(text + pad)
        assert len(check([path])) == faults


# ---- titles


def test_an_author_without_a_name_is_no_policy_without_one(tmp_path: Path) -> None:
    fault = said(tmp_path, "title: A\nauthor: ''\n")
    assert fault.endswith("author: is empty; a name, or delete the line")
    assert "is too long" in said(tmp_path, f"title: A\nauthor: {'x' * 121}\n")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Two-year agreement", "Two-year agreement"), ("Two-year", "two-Year"),
     ("Two-year", "Two‑year"), ("Two  years", "Two\u00a0years"), ("café", "cafe\u0301"),
     ("“A”", '"A"')],
)  # fmt: skip
def test_titles_that_no_reader_tells_apart_are_alike(one: str, other: str) -> None:
    assert alike(one) == alike(other)
    assert alike(one) != alike(f"{one} 2")


def test_check_tells_of_what_compare_would_refuse(tmp_path: Path) -> None:
    one = write(tmp_path, "title: Two years\n", "one")
    two = write(tmp_path, "title: Two Years\nagreement: {length_months: 36}\n", "two")
    last = notices([one, two])[-1]
    assert f"{one} and {two} have the same title" in last
    assert "have the same" not in "".join(notices([one, one]))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("cohesion: {associate_weight: 0.5}\n", "measure of cohesion"),
        ("cohesion: {weights: {participation: 0.2001}}\n", "measure of cohesion"),
        ("run: {parameters: central}\n", "run.parameters"),
        ("run: {seed: 7}\n", "seed"),
        ("run: {replications: 20}\n", "replications"),
    ],
)
def test_check_tells_what_the_scenarios_do_not_share_in_the_words_of_the_refusal(
    tmp_path: Path, text: str, what: str
) -> None:
    """Another yardstick, told only once a comparison is asked for, is told too late."""
    paths = [write(tmp_path, f"title: {name}\n{more}", name) for name, more in
             (("one", ""), ("two", text), ("three", text))]  # fmt: skip
    last = notices(paths)[-1]
    assert f"scenarios that are compared share their {what}: {paths[0]} has " in last
    assert len([each for each in notices(paths) if "share their" in each]) == 1, "said once"
    with pytest.raises(DesignError) as refused:
        design([load_scenario(path) for path in paths])
    assert str(refused.value) == last
    assert "share their" not in "".join(notices(paths[1:]))
    _, words = last.split(f"{paths[0]} has ")
    first, second = words.split(f", {paths[1]} has ")
    assert first != second.partition(";")[0], "two that differ are called by different words"


def test_two_rosters_of_one_name_are_not_told_as_one(tmp_path: Path) -> None:
    paths = []
    for place, taken in (("north", 30), ("south", 31)):
        (tmp_path / place).mkdir()
        lines = (DATA / "rotherham_2011.csv").read_text().splitlines(True)
        (tmp_path / place / "schools.csv").write_text("".join(lines[:taken]))
        text = BASE.replace("rotherham_2011", "schools.csv").replace("title: Base\n", "")
        path = tmp_path / place / f"{place}.yaml"
        path.write_text(f"title: {place}\n{text}")
        paths.append(path)
    last = notices(paths)[-1]
    assert "share their roster" in last
    assert last.endswith("has schools, of other contents")


def test_no_accepted_scenario_is_without_a_name(tmp_path: Path) -> None:
    path = write(tmp_path, "title: A\n", "x" * LONGEST_NAME)
    assert load_scenario(path).name == "x" * LONGEST_NAME
    with pytest.raises(ScenarioError):
        load_scenario(write(tmp_path, "title: A\n", "x" * (LONGEST_NAME + 1)))
