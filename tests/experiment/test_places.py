"""Results at an address: the guarantees of a folder, in any store that fsspec knows."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fsspec
import pandas as pd
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from typer.testing import CliRunner

import rsip_sim
from rsip_sim.cli.app import app
from rsip_sim.experiment import marks, places, record
from rsip_sim.experiment.errors import AddressError, StoreError
from rsip_sim.experiment.files import write_bytes
from rsip_sim.experiment.lock import folder_lock
from rsip_sim.experiment.places import Address, here, place, told
from rsip_sim.experiment.results import Results, open_results
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.model import simulation
from rsip_sim.paper import make
from rsip_sim.studies.kernel.keeping import begun, keep_files, told_files
from tests.fakes import experiment_fakes as fakes
from tests.fakes import papers
from tests.fakes.stores import Killed, Slow, Watch, another_process, put, there, watched

fsspec.register_implementation("slow", Slow, clobber=True)
FACTS = {"study": "example", "seed": 1}


@pytest.fixture(autouse=True)
def no_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking git which commit it is takes longer than most of this."""
    monkeypatch.setattr(record, "git_state", lambda package: None)


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    """Stores in memory hold nothing, and nothing is known of any."""
    yield
    for store in (MemoryFileSystem, Slow):
        store.store.clear()
        store.pseudo_dirs[:] = [""]
    another_process()


def run(out: str | Path, replications: int = 6, simulate: Any = fakes.simulate) -> None:
    """Two blocks, and a file made from them."""

    def table(results: Results) -> list[Path]:
        path = results.folder / "tables" / "a.csv"
        write_bytes(path, b"%d" % results.array("two_year", "joins").sum())
        return [path]

    run_scenarios([fakes.scenario()], replications=replications, block=4, workers=1,
                  out=here(out), afterwards=table, simulate=simulate)  # fmt: skip


def study(out: str | Path, words: str = "Found.", facts: dict[str, Any] = FACTS) -> None:
    """A study that keeps its work as it goes."""
    folder = here(out)
    with begun(folder, facts):
        write_bytes(folder / "cells" / "0000.npy", b"measured")
    tables = {name: pd.DataFrame({"a": [1, 2]}) for name in ("one", "two")}
    work = [folder / "cells" / "0000.npy"]
    keep_files(folder, told_files(words, tables, ()), facts, work=work)


def keep_again(out: str | Path) -> None:
    study(out, "Found before.")
    another_process()
    study(out)


WRITERS: dict[str, Callable[[str | Path], None]] = {"run": run, "study": keep_again}


def test_a_place_is_a_path_or_an_address_told_without_user_and_password(tmp_path: Path) -> None:
    assert place("~/x") == Path.home() / "x"
    assert place("~nobody-here/x") == Path("~nobody-here/x"), "nobody's home is no place"
    for path in ("results/x", "C:/x", "C:\\x", "rsip:two_year"):
        assert place(path) == Path(path)
        assert not isinstance(place(path), Address)
    assert place(tmp_path.as_uri()) == place(Path(tmp_path.as_uri())) == tmp_path
    address = place("s3://bucket/a/b/")
    assert [str(each) for each in (address, address / "c", address.parent, place(address))] == [
        "s3://bucket/a/b", "s3://bucket/a/b/c", "s3://bucket/a", "s3://bucket/a/b",
    ]  # fmt: skip
    assert str(place(Path("s3://bucket/a"))) == "s3://bucket/a"
    assert str(place("sftp://me:secret@host/a@b")) == "sftp://host/a@b"


@pytest.mark.parametrize(
    ("what", "store"), [("run", "memory"), ("study", "memory"), ("study", "slow")]
)
def test_killed_at_any_change_at_the_address_it_is_carried_on_to_the_bytes_of_a_folder(
    tmp_path: Path, what: str, store: str
) -> None:
    write = WRITERS[what]
    write(tmp_path / "whole")
    whole, steps = fakes.tree(tmp_path / "whole"), Watch()
    with watched(steps):
        write(f"{store}://whole")
    assert there(f"{store}://whole") == whole
    names = [to.removeprefix("/whole/") for done, to in steps.changes if done != "rm_file"]
    assert names[-1].replace(".tmp", "").strip(".0123456789") == "manifest.json"
    if store == "slow":
        put_first = [to for done, to in steps.changes if done == "put_file"]
        assert all(re.fullmatch(r".*/\.[^/]+\.\d+\.tmp", to) for to in put_first)
    every = {"run": 1, "study": 2 if store == "memory" else 5}[what]  # a study has many changes
    for last in range(0, len(steps.changes), every):
        address = f"{store}://killed/{last}"
        another_process()
        with pytest.raises(Killed), watched(Watch(last)):
            write(address)
        another_process()
        left = there(address)
        manifest = json.loads(left.get("manifest.json", b'{"files": {}}'))
        for name, digest in manifest["files"].items():
            assert record.bytes_digest(left[name]) == digest, f"the manifest lies at {last}"
        for name in [each for each in there(address) if marks.MARK in each]:
            with pytest.raises(StoreError, match=f"remove {address}/{name} and run"):
                write(address)  # this process still runs, so its mark stands
            fsspec.filesystem(store).rm_file(f"/killed/{last}/{name}")
        write(address)
        assert there(address) == whole, f"killed before {steps.changes[last]}"


def test_a_block_is_at_the_address_before_the_next_one_begins_and_is_not_simulated_again() -> None:
    with pytest.raises(KeyboardInterrupt, match="1 of 2 blocks are stored in memory://run"):
        run("memory://run", simulate=fakes.interrupt_in_the_second_block)
    assert {"run.json", "data/two_year/0000000.sha256"} < there("memory://run").keys()
    another_process()
    asked: list[int] = []

    def counted(policy: Any, roster: Any, seed: int, replications: range) -> Any:
        asked.append(replications.start)
        return fakes.simulate(policy, roster, seed, replications)

    run("memory://run", simulate=counted)
    assert asked == [4]


def test_a_damaged_object_is_simulated_again_and_never_read(tmp_path: Path) -> None:
    run(tmp_path / "run")
    run("memory://run")
    name = "data/two_year/0000004.parquet"
    put(f"memory://run/{name}", there("memory://run")[name][:-1] + b"?")
    with pytest.raises(StoreError, match=f"^memory://run/{name} has other content") as refused:
        open_results(here("memory://run")).array("two_year", "joins")
    assert "--out memory://run'" in str(refused.value)
    another_process()
    run("memory://run")
    assert there("memory://run") == fakes.tree(tmp_path / "run")


def test_another_run_or_what_is_no_run_is_left_as_it_is() -> None:
    run("memory://run")
    put("memory://mine/notes.txt", b"mine")
    before = there("memory://run"), there("memory://mine")
    with pytest.raises(StoreError, match=r"^memory://run holds another run \(its scenarios"):
        run_scenarios([fakes.scenario("other")], out=here("memory://run"), simulate=fakes.simulate)
    with pytest.raises(StoreError, match=r"^memory://mine holds files that are no run"):
        run("memory://mine")
    with pytest.raises(StoreError, match=r"^memory://mine/notes.txt is a file, not a folder"):
        run("memory://mine/notes.txt")
    assert (there("memory://run"), there("memory://mine")) == before


def test_what_another_process_kept_meanwhile_is_seen_and_not_written_over() -> None:
    study("memory://run")
    mine = here("memory://mine")  # nothing is there yet
    ours, scratch = there("memory://run"), here("memory://run")
    for name, content in ours.items():
        put(f"memory://mine/{name}", content)
    put("memory://run/summary.txt", b"another")
    fsspec.filesystem("memory").rm_file("/run/tables/one.csv")
    with pytest.raises(StoreError, match="memory://mine holds another study"):
        keep_files(mine, {"a.txt": b"a"}, {**FACTS, "seed": 2})
    assert there("memory://mine") == ours
    assert here("memory://run") == scratch
    assert (scratch / "summary.txt").read_bytes() == b"another"
    assert not (scratch / "tables" / "one.csv").exists()


def test_of_two_that_want_an_address_at_once_never_do_both_go_on() -> None:
    store = fsspec.filesystem("memory")
    with marks.marked(store, "/run", "memory://run"):
        for again in range(2):
            who = rf"another run \(process {os.getpid()} of .* since 2.* UTC\) is writing to mem"
            with (
                pytest.raises(StoreError, match=who),
                marks.marked(store, "/run", "memory://run"),
            ):
                raise AssertionError(f"both go on, {again}")
        assert len(there("memory://run")) == 1, "the mark of the one that is refused is gone"
    assert not there("memory://run")


@pytest.mark.parametrize(
    ("said", "gives_way"),
    [
        ({}, True),
        ({"process": os.getpid()}, False),
        ({"machine": "another"}, False),
        ({"process": "1"}, False),
    ],
)
def test_only_the_mark_of_a_process_of_this_machine_that_has_ended_gives_way(
    said: dict[str, Any], gives_way: bool
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    mark = {**marks.ourselves(), "process": ended.pid, **said}
    name = f"memory://run/{marks.MARK}1"
    put(name, json.dumps(mark).encode())
    if gives_way:
        run("memory://run")
        assert name not in there("memory://run")
    else:
        with pytest.raises(StoreError, match=rf"If it was killed, remove {name} and run"):
            run("memory://run")
        put(name, b"damaged")
        with pytest.raises(StoreError, match="process unknown of unknown"):
            run("memory://run")


def test_names_that_would_lie_outside_the_scratch_folder_are_not_fetched() -> None:
    run("memory://run")
    store = fsspec.filesystem("memory")
    outside = f"outside-{os.getpid()}"
    store.store[f"/run/../../{outside}"] = store.store["/run/run.json"]
    folder = here("memory://run")
    assert not (folder.parent.parent / outside).exists()
    assert (folder / "run.json").is_file()


@pytest.mark.parametrize(
    ("address", "missing", "told_so"),
    [
        ("nowhere://a/b", "", r"known: nowhere\. .*pip install 'rsip-sim\[cloud\]'"),
        ("s3://a/b", "fsspec.core", r"fsspec.* pip install 'rsip-sim\[cloud\]'"),
        ("s3://a/b", "s3fs", r"s3fs.* pip install 'rsip-sim\[cloud\]'"),
    ],
)
def test_what_an_address_needs_is_told_in_a_sentence(
    address: str, missing: str, told_so: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if missing:
        monkeypatch.setitem(sys.modules, missing, None)  # type: ignore[arg-type]
        loaded = sys.modules["fsspec.registry"]._registry
        monkeypatch.delitem(loaded, "s3", raising=False)
    with pytest.raises(AddressError, match=f"^{address}.*{told_so}"):
        here(address)
    for words in (["show", address], ["paper", address], ["verify", address], ["explain", address],
                  ["run", "rsip:two_year", "--out", address]):  # fmt: skip
        done = CliRunner().invoke(app, words)
        assert (done.exit_code, done.stderr.count("\n")) == (2, 1), done.output
        assert re.search(told_so, done.stderr)


def test_a_kept_answer_is_shown_from_its_address_and_only_what_is_shown_is_fetched() -> None:
    with papers.without_charts(), papers.without_alternatives():
        done = CliRunner().invoke(app, [
            "run", "rsip:two_year", "--replications", "2", "--workers", "1",
            "--out", "memory://a/run",
        ])  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "rsip show memory://a/run " in done.stdout
    assert "The results are in memory://a/run" in done.stderr
    another_process()
    again = CliRunner().invoke(app, ["show", "memory://a/run"])
    assert again.stdout == done.stdout
    (scratch,) = [each.folder for each in places._OPEN]
    assert {path.suffix for path in scratch.rglob("*") if path.is_file()} == {".json"}
    assert told(scratch / "data") == place("memory://a/run/data")
    assert "/tmp" not in done.output + again.output


@pytest.fixture
def alternatives_once() -> Iterator[None]:
    with papers.alternatives_tried_once():
        yield


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A bucket of an S3 server of our own, which everything here finds by the environment."""
    from moto.server import ThreadedMotoServer  # here: it takes a second to import

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "AKIAOFTHETEST")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-the-test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        fsspec.filesystem("s3").mkdir("council")
        yield "s3://council"
    server.stop()


def test_a_comparison_killed_in_mid_run_is_carried_on_in_s3_and_verified_and_made_a_paper(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alternatives_once: None
) -> None:
    town = papers.scenarios(tmp_path / "scenarios", leave_out=20, horizon=13)
    files = [str(each.path) for each in town[1:]]
    for each in town[1:]:
        papers.replaced(each.path, "title: Base", f"title: {each.name.capitalize()}")
    monkeypatch.setattr(make, "comparison_charts", lambda *_: {})
    address = f"{bucket}/results/lengths"

    def compared(out: str | Path) -> None:
        with papers.without_charts():
            rsip_sim.compare(files, 8, workers=1, out=out)

    compared(tmp_path / "run")
    words = ["compare", *files, "--replications", "8", "--workers", "1", "--out", address]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.stuck", *words],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "stuck\n"
        before = there(address)
        assert {"run.json", "data/one_year/0000000.sha256"} < before.keys()
        assert "manifest.json" not in before
        with pytest.raises(StoreError, match=rf"process {process.pid} of .* to {address}; wait"):
            compared(address)
        assert there(address) == before
        process.kill()

    simulated: list[Any] = []
    real = simulation.simulate_block
    monkeypatch.setattr(
        simulation, "simulate_block", lambda *asked: (simulated.append(asked), real(*asked))[1]
    )
    compared(address)
    assert len(simulated) == 1, "what was finished is not simulated again"
    assert there(address) == fakes.tree(tmp_path / "run")

    assert str(rsip_sim.open_comparison(address).paper("generic")) == f"{address}/paper"
    checked = rsip_sim.verify(address)
    assert checked.result.passed
    assert "1 study or paper, 1 as kept here" in checked.text
    assert "AKIAOFTHETEST" not in str(there(address))
    assert "127.0.0.1" not in str(there(address))

    name = "data/two_year/0000000.parquet"
    put(f"{address}/{name}", before.get(name, b"") + b"damaged")
    found = rsip_sim.verify(address)
    assert not found.result.passed
    assert name in found.text
    with pytest.raises(StoreError, match=f"^{address}/{name} has other content"):
        rsip_sim.open_comparison(address).panel(["joins"])


def test_a_store_that_refuses_or_does_not_answer_is_told_in_a_sentence_without_its_endpoint(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_so = "Check the address, the network"
    with pytest.raises(AddressError, match=f"^s3://none/run cannot be used: .*bucket.*{told_so}"):
        here("s3://none/run")
    assert "none" not in fsspec.filesystem("s3").ls("", refresh=True), "no bucket is made"
    fresh = here(f"{bucket}/refused")
    real = fsspec.filesystem("s3").__class__._put_file

    async def refused(*_: Any, **__: Any) -> None:
        raise PermissionError("Access Denied by http://127.0.0.1:1/council")

    monkeypatch.setattr(fsspec.filesystem("s3").__class__, "_put_file", refused)
    with pytest.raises(AddressError, match=f"^{bucket}/refused/.* cannot be used: Access") as error:
        run(f"{bucket}/refused")
    assert "127.0.0.1" not in str(error.value)
    monkeypatch.setattr(fsspec.filesystem("s3").__class__, "_put_file", real)
    assert not there(f"{bucket}/refused"), "nothing is left, not even the mark"
    with folder_lock(_made(fresh)):
        write_bytes(fresh / "a.txt", b"a")
    assert there(f"{bucket}/refused") == {"a.txt": b"a"}


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
