"""A study kept in a folder: text, tables and charts, and the manifest last."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from rsip_sim.charts.frame import Chart
from rsip_sim.evidence.faults import did_you_mean
from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.experiment.errors import StoreError, told_of_disk
from rsip_sim.experiment.files import remove, sweep, write_bytes, write_text, written_aside
from rsip_sim.experiment.lock import folder_lock
from rsip_sim.experiment.places import refuse_unwritable
from rsip_sim.experiment.record import (
    bytes_digest,
    changed_files,
    digest,
    environment,
    file_digest,
    sealed,
)
from rsip_sim.experiment.results import Results
from rsip_sim.experiment.store import MANIFEST, OLDER, is_litter, read_record, read_sealed, unfinish
from rsip_sim.measures.csv_files import read_table, table_bytes
from rsip_sim.report.blocks import Part, Report
from rsip_sim.report.html import results_page
from rsip_sim.report.stored import ReportError, read, stored
from rsip_sim.studies.kernel.ground import STUDIES
from rsip_sim.version import EDITION

REPORT = "report.json"  # what a study told, block by block, for a paper to take in
SUMMARY = "summary.txt"  # the answer in words, the first file of a study to be in its place
PAGE = "index.html"  # the same for a browser, with the charts
ASKED = "study.json"  # what a study was asked that keeps its work as it goes


def check_place(out: Path, facts: Mapping[str, Any]) -> None:
    """StoreError if the folder holds anything but this same study, which may be written again.

    facts  what makes the study this study: its name, what it was asked, what it stands on
    """
    refuse_unwritable(out)
    if not out.exists():
        return
    if not out.is_dir():
        raise StoreError(f"{out} is a file, not a folder; name another with --out")
    for name in (MANIFEST, ASKED):
        if (out / name).is_file():
            before = read_record(out / name)
            if before.get("asked") == digest(facts):
                return
            study = before.get("study")
            what = f"another study ({study})" if study else "a run of rsip"
            if study == facts["study"]:
                differs = (name for name in facts if before.get(name) != facts[name])
                other = ", ".join(name.replace("_", " ") for name in differs)
                what += f", which differs in: {other}"
            raise StoreError(
                f"{out} holds {what}; nothing was changed there. Name another with --out"
            )
    foreign = sorted(path.name for path in out.iterdir() if not is_litter(path))
    if foreign and not (out / SUMMARY).is_file():  # which a study that was stopped leaves
        raise StoreError(
            f"{out} holds files that are no study of rsip, such as {foreign[0]}; "
            "name a new or empty folder with --out"
        )


@contextlib.contextmanager
def _held(out: Path, facts: Mapping[str, Any]) -> Iterator[None]:
    """Hold a folder that this study may write to; StoreError also where it cannot be written."""
    try:
        check_place(out, facts)
        out.mkdir(parents=True, exist_ok=True)
        with folder_lock(out):
            check_place(out, facts)  # again: at an address another run may have ended meanwhile
            yield
    except OSError as error:
        raise StoreError(told_of_disk(error, out)) from error


@contextlib.contextmanager
def begun(out: Path, facts: Mapping[str, Any]) -> Iterator[None]:
    """Hold a folder while a study works in it that keeps its work as it goes.

    The folder says what it was asked before the first piece of work, so that the same study goes
    on there and another one does not. Raises StoreError as `check_place` does.
    """
    with _held(out, facts):
        unfinish(out)
        asked = sealed({"edition": EDITION, **facts, "asked": digest(facts)})
        write_text(out / ASKED, json.dumps(asked, indent=1, ensure_ascii=False) + "\n")
        sweep(out)
        yield


@dataclass(frozen=True)
class Drawn:
    """A chart as it is kept: its text alternative, and its files by name."""

    name: str
    alt: str
    files: Mapping[str, bytes]


def drawn(charts: Iterable[Chart], made_from: Mapping[str, str] | None = None) -> list[Drawn]:
    """The charts as files; made_from: what the pictures say of where they come from."""
    return [Drawn(chart.name, chart.alt, chart.files(made_from)) for chart in charts]


def told_files(
    text: str,
    tables: Mapping[str, pd.DataFrame],
    charts: Iterable[Drawn],
    report: Report | None = None,
) -> dict[str, bytes]:
    """What is told in words, tables and charts, as files by their path in the folder.

    report  the words block by block, where a paper may take them in
    """
    files = {SUMMARY: (text.rstrip("\n") + "\n").encode()}
    for name, table in tables.items():
        files[f"tables/{name}.csv"] = table_bytes(table)
    told: dict[str, tuple[str, bytes]] = {}
    for chart in charts:
        told[chart.name] = chart.alt, chart.files[f"{chart.name}.svg"]
        files |= {f"charts/{name}": content for name, content in chart.files.items()}
    if report is not None:
        files[REPORT] = stored(report).encode()
        files[PAGE] = results_page(report, told).encode()
    return files


def keep_files(
    out: Path,
    files: Mapping[str, bytes],
    facts: Mapping[str, Any],
    complete: bool = True,
    work: Sequence[Path] = (),
) -> None:
    """Write everything, and the manifest last: its presence means the folder is complete.

    files     by their path in the folder
    facts     as for `check_place`; "study" among them is the study's name
    complete  False: something is missing, so there is no manifest yet
    work      files of the folder that were kept as the study went, and on which it stands
    Raises StoreError as `check_place` does, or if the folder cannot be written.
    """
    with _held(out, facts):
        there = out / (MANIFEST if (out / MANIFEST).is_file() else OLDER)
        before = read_record(there)["files"] if there.is_file() else {}
        sweep(out)
        first = {SUMMARY: files[SUMMARY]} if SUMMARY in files else {}  # the folder is ours
        new = {out / name: content for name, content in {**first, **files}.items()}
        with written_aside(new) as put_in_place:
            _replace_older(out, files)
            put_in_place()
        digests = {name: bytes_digest(content) for name, content in files.items()}
        stood_on = [*work, *(path for path in (out / ASKED,) if path.is_file())]
        digests |= {path.relative_to(out).as_posix(): file_digest(path) for path in stood_on}
        for name in set(before) - set(digests):
            remove(out / name)
        manifest = {
            "edition": EDITION,
            **facts,
            "asked": digest(facts),
            "made_with": environment(),
            "files": dict(sorted(digests.items())),
        }
        if complete:
            text = json.dumps(sealed(manifest), indent=1, ensure_ascii=False) + "\n"
            write_text(out / MANIFEST, text)
        remove(out / OLDER)


def _replace_older(out: Path, names: Iterable[str]) -> None:
    """`unfinish`, but what was kept there is not forgotten before the new one stands."""
    if (out / MANIFEST).is_file():
        write_bytes(out / OLDER, (out / MANIFEST).read_bytes())
    try:
        unfinish(out, names)
    finally:
        if (out / MANIFEST).is_file():  # refused: all is as it was
            remove(out / OLDER)


def kept_report(folder: Path) -> Report:
    """What a run, a comparison or a study told that is kept in a folder.

    StoreError where it holds none, or where the file is not as it was left.
    """
    path = folder / REPORT
    if not path.is_file() or not (folder / MANIFEST).is_file():
        raise StoreError(f"{folder} holds no finished run, comparison or study")
    refuse_changed(folder, read_sealed(folder / MANIFEST), [REPORT])
    content = path.read_bytes()
    try:
        return read(content.decode())
    except (ReportError, UnicodeDecodeError) as error:
        raise StoreError(f"{path} cannot be read; run the same command again ({error})") from error


def refuse_changed(folder: Path, manifest: Mapping[str, Any], names: Iterable[str]) -> None:
    """StoreError if one of these files of a study is not as its manifest says, or not in it."""
    files = manifest.get("files", {})
    changed = changed_files(folder, {name: files.get(name, "") for name in names})
    if changed:
        name, what = next(iter(changed.items()))
        raise StoreError(
            f"{folder / name} {what}: it was changed after it was made, so nothing was read from "
            "it; run the same command again"
        )


def part_or_study(folder: Path, report: Report, name: str) -> Part | Path:
    """The part of a report of this name, or the folder of the study kept beside it.

    The study's name alone does where only one such was kept. StoreError with what there is.
    """
    part = report.part(name)
    if part is not None:
        return part
    found = sorted(path.parent.name for path in (folder / STUDIES).glob(f"*/{REPORT}"))
    studies = [each for each in found if each == name or each.startswith(f"{name}_")]
    if name in found or len(studies) == 1:
        return folder / STUDIES / (name if name in found else studies[0])
    if studies:
        raise StoreError(f"{folder} has several: {', '.join(studies)}; write one of these names")
    known = [*(each.name for each in report.parts), *found]
    there = f"there is {', '.join(known)}" if known else "it has no parts"
    raise StoreError(f"{folder} has no part '{name}': {there}{did_you_mean(name, known)}")


def refuse_edited(out: Path) -> None:
    """StoreError if a file kept there has been changed by hand since: that work would be lost."""
    if not (out / MANIFEST).is_file():
        return
    kept = read_record(out / MANIFEST).get("files", {})
    edited = [name for name in changed_files(out, kept) if (out / name).is_file()]
    if edited:
        raise StoreError(
            f"{out / edited[0]} was changed after it was made, so nothing was overwritten; "
            "name another folder with --out"
        )


FOLDER = Path(__file__).parent / "results"
TO_DESCRIBE = "Bring MODEL.md in step: python -m rsip_sim.describe"


def store_results(study: str, tables: dict[str, pd.DataFrame], record: dict[str, object]) -> None:
    """Write the tables of a study (five significant digits) and what they stand on."""
    for name, table in tables.items():
        write_bytes(FOLDER / f"{study}_{name}.csv", table_bytes(table, "%.5g"))
    posterior = load_posterior()
    whole = {**record, "posterior_sha256": posterior.digest if posterior else None}
    write_text(FOLDER / f"{study}.yaml", yaml.safe_dump(whole, sort_keys=False, width=100))


def stored_table(study: str, name: str) -> pd.DataFrame:
    """One table of a stored study."""
    return read_table(FOLDER / f"{study}_{name}.csv")


def stored_record(study: str) -> dict[str, object]:
    """What a stored study stands on."""
    record: dict[str, object] = yaml.safe_load((FOLDER / f"{study}.yaml").read_text("utf-8"))
    return record


def is_current(study: str) -> bool:
    """Whether a stored study belongs to the calibrated sample of the package."""
    posterior = load_posterior()
    now = posterior.digest if posterior else None
    return stored_record(study)["posterior_sha256"] == now


FINDINGS = "findings.json"
"""In which a paper says, run by run, what its figures were taken from."""

_MOST_ABOVE = 3  # folders above a study in which its comparison is looked for


def read_study(folder: Path) -> Mapping[str, Any] | None:
    """The manifest of a study kept in this folder; None where it holds none, or no manifest.

    Raises StoreError where the manifest is damaged.
    """
    if not (folder / MANIFEST).is_file():
        return None
    manifest = read_record(folder / MANIFEST)
    if "study" not in manifest:
        return None
    if not all(type(manifest.get(name)) is dict for name in ("files", "made_with")):
        raise StoreError(f"{folder / MANIFEST} is damaged, or no manifest of a study")
    return manifest


def comparison_around(folder: Path, digest: str) -> Path | None:
    """The folder above that holds the comparison of this digest, None if there is none."""
    here = Path.cwd()
    for above in list(folder.absolute().parents)[:_MOST_ABOVE]:
        with contextlib.suppress(OSError, StoreError):
            if read_record(above / MANIFEST).get("digest") == digest:
                return above.relative_to(here) if above.is_relative_to(here) else above
    return None


def kept_tables(
    results: Results, study: str, names: Sequence[str]
) -> Sequence[Mapping[str, pd.DataFrame]]:
    """These tables of every finished study of that name that is kept with a comparison.

    StoreError where one is not as it was kept.
    """
    found = []
    for manifest in sorted((results.folder / STUDIES).glob(f"*/{MANIFEST}")):
        facts = read_record(manifest)
        if (facts.get("study"), facts.get("comparison")) == (study, results.digest):
            files = {name: f"tables/{name}.csv" for name in names}
            refuse_changed(manifest.parent, read_sealed(manifest), files.values())
            found.append({name: read_table(manifest.parent / file) for name, file in files.items()})
    return found
