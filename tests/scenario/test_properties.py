"""Whatever a file holds: faults or a scenario, and never anything else."""

import json
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rsip_sim.model.policy import DRAWN
from rsip_sim.scenario import ScenarioError, load_scenario, resolved_yaml
from rsip_sim.scenario.extending import read_chain
from rsip_sim.scenario.names import fields_of, lever_paths, parameter_names
from rsip_sim.scenario.ranges import range_of
from rsip_sim.scenario.resolved import yaml_text
from rsip_sim.scenario.schema import LEVER_SECTIONS, MODELS
from tests.fakes.places import SCENARIOS

TEXTS = [path.read_text("utf-8") for path in sorted(SCENARIOS.glob("*.yaml"))]
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

folder = Path(tempfile.mkdtemp(prefix="scenarios"))
(folder / "base.yaml").write_bytes((SCENARIOS / "base.yaml").read_bytes())

NAMES = sorted({name for section in MODELS for name in fields_of(section)} | {*lever_paths()})
WRITTEN = [
    *("~", "true", "NO", "24", '"24"', "24.0", "-1", "1e400", ".nan", "£750,000", "2011-04"),
    *("2011-13", "none", "observed", "[]", "{}", "[1, 2]", "{a: 1}", "*a", "&a 1", "!!int 1"),
    *("|", ">", "'", '"', "\t", "base.yaml", "../base.yaml", "child.yaml", "@", "%", "- 1", "? "),
    *("x.csv", "rotherham_2011", "<<", "0x1F", "1_000", "12:30", "\\", '"\\ud800"', "9" * 400),
]
fragments = st.one_of(
    st.sampled_from(WRITTEN),
    st.sampled_from([f"{name}: " for name in NAMES]),
    st.sampled_from(
        ["\n", "\n  ", "\n    ", "\n- ", ": ", ", ", "{", "}", "[", "]", " # ", "---\n"]
    ),
    st.text(max_size=4),
)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=12,
)


def outcome(path):
    """The scenario, or None with the faults."""
    try:
        return load_scenario(path), []
    except ScenarioError as error:
        return None, error.faults


def faults_or_a_scenario(data: bytes) -> None:
    path = folder / "child.yaml"
    path.write_bytes(data)
    scenario, faults = outcome(path)
    assert (scenario is None) == bool(faults)
    for fault in faults:
        assert fault.message
        assert fault.file
        assert str(fault).isprintable()
        assert len(str(fault)) < 1000


@FEW
@given(st.binary(max_size=200))
def test_any_bytes_give_faults_or_a_scenario(data):
    faults_or_a_scenario(data)


@settings(parent=FEW, max_examples=60)
@given(st.lists(fragments, max_size=25))
def test_any_heap_of_yaml_gives_faults_or_a_scenario(pieces):
    text = "extends: base.yaml\n" + "".join(pieces)
    faults_or_a_scenario(text.encode("utf-8", errors="surrogatepass"))


@settings(parent=FEW, max_examples=40)
@given(st.dictionaries(st.sampled_from(NAMES), plain, max_size=5))
def test_any_value_in_any_field_gives_faults_or_a_scenario(values):
    faults_or_a_scenario(json.dumps({"extends": "base.yaml", **values}).encode())


@settings(parent=FEW, max_examples=40)
@given(st.data())
def test_a_sound_file_with_something_put_into_it_gives_faults_or_a_scenario(data):
    text = data.draw(st.sampled_from(TEXTS))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 20)))
    piece = data.draw(fragments)
    changed = text[:start] + piece + text[end:]
    faults_or_a_scenario(changed.encode("utf-8", errors="surrogatepass"))


trees = st.recursive(
    st.integers(0, 9),
    lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, min_size=1, max_size=3),
    max_leaves=8,
)
mappings = st.dictionaries(st.sampled_from("abcd"), trees, max_size=4)


def merged(parent, child):
    if isinstance(parent, dict) and isinstance(child, dict):
        both = {name: merged(parent[name], child[name]) for name in parent if name in child}
        return {**parent, **child, **both}
    return child


@FEW
@given(mappings, mappings)
def test_the_merge_is_field_by_field_and_every_value_keeps_its_file(parent, child):
    (folder / "parent.yaml").write_text(json.dumps(parent))
    (folder / "over.yaml").write_text(json.dumps({"extends": "parent.yaml", **child}))
    document = read_chain(folder / "over.yaml")
    assert document.values == {"extends": "parent.yaml", **merged(parent, child)}
    for path, place in document.places.items():
        value, own = document.values, child
        for name in path:
            value = value[name]
            own = own.get(name) if isinstance(own, dict) else None
        if path and path != ("extends",) and not isinstance(value, dict):
            assert Path(place.file).stem == ("over" if own is not None else "parent")


def lever_values(path):
    section, name = path.split(".")
    limits = range_of(path)
    kind = LEVER_SECTIONS[section].model_fields[name].annotation
    if name == "reviews_per_year":
        return st.sampled_from([1, 2, 3, 4, 6, 12])
    if name == "school_commitment_months":
        return st.just(0)
    if kind is int:
        return st.integers(int(limits.minimum), int(limits.maximum))
    if kind is float:
        return st.floats(limits.minimum, limits.maximum)
    if kind is bool:
        return st.booleans()
    if path in DRAWN:
        return st.just("uncertain") | st.floats(limits.minimum, limits.maximum)
    words = {
        "line": ["central", "dedelegated"],
        "renewal": ["uncertain", "certain"],
        "service_money": ["observed", 450, 77.5],
        "endowment": ["none", "bid", "won"],
        "forum_delegates_from": ["2012-01", None],
        "conversion": ["observed", "flat", "surge", "uncertain"],
        "opening_pct_per_month": [None],
    }
    return st.sampled_from(words[name])


levers = st.fixed_dictionaries({}, optional={path: lever_values(path) for path in lever_paths()})


def within_the_law(first, later):
    """What a file must say of later offers, and may not of a line from April 2013."""
    first.setdefault("agreement.later_offers", True)
    first.pop("funding.line", None)
    later.get("2012-04", {}).pop("funding.line", None)
    earmark = "funding.earmark_gbp_per_year"
    cap = later.get("2012-04", {}).get(earmark, first.get(earmark, 750_000))
    for month in ("2013-09", "2016-03"):
        if earmark in later.get(month, {}):
            later[month][earmark] = min(later[month][earmark], cap)


@FEW
@given(
    st.text(max_size=20),
    levers,
    st.dictionaries(st.sampled_from(["2012-04", "2013-09", "2016-03"]), levers, max_size=3),
    st.floats(0.05, 0.25),
)
def test_every_sound_scenario_written_out_loads_to_the_same_policy(words, first, later, price):
    assert {"b_price", "forum"} <= set(parameter_names())
    within_the_law(first, later)
    values = {
        "description": words,
        "extends": "base.yaml",
        "parameters": {"b_price": price, "forum": "deaf"},
    }
    for path, value in first.items():
        section, name = path.split(".")
        values.setdefault(section, {})[name] = value
    values["timeline"] = [{"from": month, "set": new} for month, new in later.items() if new]
    (folder / "sound.yaml").write_text(yaml_text(values), "utf-8")
    scenario, faults = outcome(folder / "sound.yaml")
    if scenario is None:  # characters that no text may hold
        assert {fault.field for fault in faults} == {"description"}
        return
    (folder / "again.yaml").write_text(resolved_yaml(scenario), "utf-8")
    again = load_scenario(folder / "again.yaml")
    assert again.policy == scenario.policy
    assert {**again.resolved, "title": ""} == {**scenario.resolved, "title": ""}
