"""The public face: what a planner's script or notebook calls. `rsip_sim` hands these names on.

comparison = rsip_sim.compare(["rsip:one_year", "rsip:five_year"])  # or files of your own
comparison.differences       # by how much, and how sure
comparison.charts()          # name → chart with figure, data and text alternative
rsip_sim.risks(comparison)   # every study is a function with the arguments of its command
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rsip_sim.evidence.register import RegisterError
from rsip_sim.evidence.rosters import Roster, RosterError, load_roster
from rsip_sim.experiment.design import design, whole_number
from rsip_sim.experiment.elsewhere import chosen_executor, simulated_on
from rsip_sim.experiment.errors import BlocksFailed, ExperimentError, InputError
from rsip_sim.experiment.files import write_bytes, write_new
from rsip_sim.experiment.places import here, told
from rsip_sim.experiment.pool import OwnPool, useful_pool
from rsip_sim.experiment.record import identity
from rsip_sim.experiment.results import Results, refuse_other_model
from rsip_sim.experiment.rosters import make_roster
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.model.panel import COLUMN_NAMES
from rsip_sim.report.html import notebook
from rsip_sim.report.text import first_screen, rendered
from rsip_sim.scenario import ChangeError, Scenario, ScenarioError, check, load_scenario
from rsip_sim.scenario import notices as scenario_notices
from rsip_sim.scenario.editor_schema import json_schema
from rsip_sim.studies.kernel.ground import Ground, comparison_ground, ground_of

if TYPE_CHECKING:
    import pandas as pd

    from rsip_sim.charts.frame import Chart
    from rsip_sim.experiment.progress import Progress
    from rsip_sim.report.blocks import Report
    from rsip_sim.studies.compare.alternatives import AlternativeRow, LeaningRow
    from rsip_sim.studies.compare.price import PriceRow
    from rsip_sim.studies.compare.work import ComparisonTables
    from rsip_sim.studies.kernel.study import Kept


__all__ = [
    "WRONG_INPUT",
    "BlocksFailed",
    "ChangeError",
    "Comparison",
    "ExperimentError",
    "InputError",
    "Roster",
    "Run",
    "Scenario",
    "ScenarioError",
    "check",
    "compare",
    "default_folder",
    "json_schema",
    "load_roster",
    "load_scenario",
    "load_scenarios",
    "make_roster",
    "notices",
    "open_comparison",
    "run",
    "run_study",
    "write_new",
]


Done = TypeVar("Done", bound="Answer")


# what is wrong with what a planner gave, and not with the programme
WRONG_INPUT = (
    ScenarioError, RosterError, RegisterError, ExperimentError, InputError, ChangeError,
)  # fmt: skip

# imported while the processes simulate, so that nobody waits for it afterwards
_FOR_THE_RESULTS = ("rsip_sim.studies.compare.report", "rsip_sim.studies.compare.charts")


class Answer(ABC):
    """What a run or a comparison came to; each part is worked out when first asked for."""

    results: Results

    @property
    @abstractmethod
    def report(self) -> Report:
        """What was found, as a report."""

    @abstractmethod
    def files(self) -> dict[str, pd.DataFrame]:
        """The tables that are kept with it, by name."""

    @abstractmethod
    def charts(self) -> dict[str, Chart]:
        """Its charts, by name."""

    def text(self) -> str:
        """The report as it is printed and kept."""
        return rendered(self.report)

    def __repr__(self) -> str:
        """The first screen, as the command prints it; what keeps it from being told, else."""
        try:
            return "\n".join(line.text for line in first_screen(self.report))
        except WRONG_INPUT as error:
            return f"{type(self).__name__} kept in {self.results.folder}, not told: {error}"

    def _repr_html_(self) -> str | None:
        """The first screen and the first chart, for a notebook; None where neither can be told."""
        try:
            chart = next(iter(self.charts().values()))
            return notebook(self.report, chart.svg(), chart.alt)
        except WRONG_INPUT:
            return None


@dataclass(frozen=True, repr=False)
class Run(Answer):
    """One scenario, simulated.

    scenario  as it was read
    results   the stored panels, read when asked for
    """

    scenario: Scenario
    results: Results

    @functools.cached_property
    def headlines(self) -> pd.DataFrame:
        """Level and range across futures of each headline at each moment."""
        from rsip_sim.studies.compare.work import headline_table

        return headline_table(self.results, self.scenario)

    def panel(self, columns: Sequence[str] = COLUMN_NAMES) -> pd.DataFrame:
        """The monthly panel, one row a replication and month; read only the columns you need."""
        return self.results.panel(self.scenario.name, columns)

    def charts(self) -> dict[str, Chart]:
        """The charts of one scenario, by name."""
        from rsip_sim.studies.compare.charts import run_charts

        return run_charts(self.results, self.scenario)

    @functools.cached_property
    def price(self) -> tuple[PriceRow, ...]:
        """What it costs, over the run and by financial year."""
        from rsip_sim.studies.compare.price import price

        return price(self.results, self.scenario, ())

    @functools.cached_property
    def report(self) -> Report:
        """The headlines, and what they stand on, as a report."""
        from rsip_sim.studies.compare.report import headlines_report

        return headlines_report(self.headlines, self.scenario, self.price)

    def files(self) -> dict[str, pd.DataFrame]:
        """The tables that are kept with a run, by name."""
        from rsip_sim.studies.compare.price import price_table

        return {"headlines": self.headlines, "price": price_table(self.price)}


@dataclass(frozen=True, repr=False)
class Comparison(Answer):
    """Scenarios simulated on the same futures and compared with the first of them.

    scenarios  the baseline and the others
    results    the stored panels, read when asked for
    workers    processes with which `alternatives` are simulated; None: as many as useful
    """

    scenarios: tuple[Scenario, ...]
    results: Results
    workers: int | None = None

    @property
    def ground(self) -> Ground:
        """What a study of this comparison stands on."""
        return ground_of(self.results, self.scenarios)

    @property
    def baseline(self) -> Scenario:
        """The scenario with which the others are compared."""
        return self.scenarios[0]

    @functools.cached_property
    def tables(self) -> ComparisonTables:
        """Differences, findings and the stability of the ranking."""
        from rsip_sim.studies.compare.work import compare_results

        return compare_results(self.results, self.baseline, self.scenarios[1:])

    @property
    def differences(self) -> pd.DataFrame:
        """One row a scenario, metric and date."""
        return self.tables.differences

    @functools.cached_property
    def unevidenced(self) -> tuple[LeaningRow, ...]:
        """How the headline differences lean on parameters that nothing is known of."""
        from rsip_sim.studies.compare.alternatives import unevidenced

        return unevidenced(self.results, self.baseline, self.scenarios[1:])

    @functools.cached_property
    def alternatives(self) -> tuple[AlternativeRow, ...]:
        """What the headline differences would be, had a rule of the model been otherwise.

        Simulated when first asked for. Raises StoreError where the model has changed since.
        """
        from rsip_sim.studies.compare.alternatives import alternatives

        refuse_other_model(self.results)
        return alternatives(self.results, self.baseline, self.scenarios[1:], self.workers)

    @contextlib.contextmanager
    def simulated_meanwhile(self, pool: OwnPool | None) -> Iterator[None]:
        """`alternatives` are simulated in the pool while tables and charts are made here."""

        def simulate() -> None:
            # what fails here is met, and told, where the alternatives are asked for
            with contextlib.suppress(Exception), simulated_on(pool):
                _ = self.alternatives

        thread = threading.Thread(target=simulate, daemon=True)
        if pool is not None:
            thread.start()
        _ = self.tables, self.unevidenced
        yield  # an error that leaves this block ends the pool, and with it the thread
        if pool is not None:
            thread.join()

    def panel(self, columns: Sequence[str] = COLUMN_NAMES) -> pd.DataFrame:
        """The monthly panels, one row a scenario, replication and month.

        Read only the columns you need: all of them fill much memory.
        """
        import pandas as pd

        names = [scenario.name for scenario in self.scenarios]
        panels = [self.results.panel(name, columns) for name in names]
        whole = pd.concat(panels, keys=names, names=["scenario"])
        return whole.reset_index("scenario").reset_index(drop=True)

    def files(self) -> dict[str, pd.DataFrame]:
        """The tables that are kept with a comparison, by name."""
        from rsip_sim.studies.compare.report import comparison_tables

        return comparison_tables(self.tables, self.unevidenced, self.alternatives)

    def charts(self) -> dict[str, Chart]:
        """The charts of the comparison, by name."""
        from rsip_sim.studies.compare.charts import comparison_charts

        return comparison_charts(self.results, self.tables)

    def paper(
        self, template: str = "rotherham", with_schools: bool = False, out: str | Path | None = None
    ) -> Path:
        """Write the report to Cabinet and its annex; returns their folder.

        template      rotherham, rotherham_today, generic, or the path of a council's own Word file
        with_schools  also name schools and learning communities, in the annex
        out           folder; None: ``paper`` inside that of the comparison

        Raises ExperimentError for a template that cannot be used, and where the folder holds
        anything else or a file that was changed by hand.
        """
        from rsip_sim.paper.assemble import load_template
        from rsip_sim.paper.make import make_pack

        chosen = load_template(template)
        folder = here(out) if out is not None else None
        return told(make_pack(self.results, self.tables, chosen, with_schools, folder))

    @functools.cached_property
    def report(self) -> Report:
        """Findings and headline differences as a report."""
        from rsip_sim.studies.compare.report import comparison_report

        return comparison_report(self.tables, self.unevidenced, self.alternatives)


def run(
    scenario: str | Path | Scenario,
    replications: int | None = None,
    seed: int | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Run:
    """Simulate one scenario. The arguments are those of `compare`."""
    loaded = load_scenarios(scenario)
    if len(loaded) != 1:
        raise InputError(f"run simulates one scenario, not {len(loaded)}; compare takes several")

    return _worked_out(
        lambda results: Run(loaded[0], results),
        loaded, seed, replications, out, executor, workers, progress,
    )  # fmt: skip


def compare(
    scenarios: Iterable[str | Path | Scenario],
    replications: int | None = None,
    seed: int | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Simulate scenarios on the same futures and compare each with the first.

    scenarios     files, names of shipped scenarios such as ``rsip:two_year``, or loaded ones, the
                  baseline first
    replications  simulated futures of each scenario; None: what the files say
    seed          of the draws that all scenarios share; None: what the files say
    executor      where to simulate, no folder being shared with it; None: processes of this
                  machine
    workers       how many of them; 1: this process itself; None: as many as useful
    out           folder (or address such as ``s3://bucket/run``) for data, tables, charts and
                  manifest, where an interrupted comparison goes on and a longer one builds on a
                  shorter; None: a temporary folder that goes with the result
    progress      told how far the simulation has come; see rsip_sim.experiment.progress

    Raises ScenarioError with every fault of every file, ExperimentError where the scenarios do
    not fit together or the folder holds something else, BlocksFailed where the model fails.
    """
    loaded = load_scenarios(scenarios)
    if len(loaded) < 2:
        raise InputError("compare takes a baseline and at least one more; run simulates one")

    return _worked_out(
        lambda results: Comparison(loaded, results, workers),
        loaded, seed, replications, out, executor, workers, progress,
    )  # fmt: skip


def open_comparison(folder: str | Path) -> Comparison:
    """A comparison that was kept with ``out`` (on the command line, ``--out``).

    Raises ExperimentError where the folder holds no finished comparison.
    """
    ground = comparison_ground(folder)
    return Comparison(ground.scenarios, ground.stored)


def load_scenarios(
    scenarios: str | Path | Scenario | Iterable[str | Path | Scenario],
) -> tuple[Scenario, ...]:
    """The scenarios, files among them read; a single one stands for a list of it.

    Raises ScenarioError with every fault of every file, InputError for what is no scenario.
    """
    if isinstance(scenarios, str | Path | Scenario):
        scenarios = [scenarios]
    given = list(scenarios)
    for each in given:
        if not isinstance(each, str | Path | Scenario):
            raise InputError(f"{each!r} is no scenario: give a file, a name or a loaded scenario")
    paths = [each for each in given if not isinstance(each, Scenario)]
    faults = check(paths) if len(paths) > 1 else []
    if faults:
        raise ScenarioError(faults)
    return tuple(each if isinstance(each, Scenario) else load_scenario(each) for each in given)


def notices(paths: Iterable[str | Path]) -> list[str]:
    """What there is to know of sound files, one line a notice; files at fault are left out."""
    from rsip_sim.studies.check.checks import letter_notes

    files = list(paths)
    lines = scenario_notices(files)
    for path in files:
        with contextlib.suppress(ScenarioError):
            lines += [f"{path}: {note}" for note in letter_notes(load_scenario(path))]
    return lines


def run_study(
    file: str | Path,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Kept[Any]:
    """Run a study from its file, as ``rsip experiment`` does; the arguments are those of `compare`.

    Raises AskedError with every fault of the file and of its scenarios.
    """
    from rsip_sim.studies.files.loading import load_study, run_study

    futures, drawn = whole_number("replications", replications, 1), whole_number("seed", seed)
    study = load_study(Path(file), futures, drawn)
    with simulated_on(executor):
        return run_study(study, whole_number("workers", workers, 1), out, progress)


def default_folder(scenarios: Sequence[Scenario], seed: int | None = None) -> Path:
    """Where a run without a named folder is kept: the same for the same run, and for no other."""
    plan = design(scenarios, seed, 1)
    others = len(scenarios) - 1
    name = scenarios[0].name + (f"_and_{others}_more" if others else "")
    return Path("runs") / f"{name}-{identity(plan)['digest'][:12]}"


@contextlib.contextmanager
def _imports_meanwhile() -> Iterator[None]:
    """Import what the results are read with while the processes simulate."""

    def import_all() -> None:
        # where Ctrl-C breaks an import off, this one of the same module fails: nobody needs it then
        with contextlib.suppress(ImportError):
            for module in _FOR_THE_RESULTS:
                importlib.import_module(module)

    thread = threading.Thread(target=import_all)
    thread.start()
    try:
        yield
    finally:
        thread.join()  # a process that ends in the middle of an import may crash


def _worked_out(
    make: Callable[[Results], Done],
    scenarios: Sequence[Scenario],
    seed: int | None,
    replications: int | None,
    out: str | Path | None,
    executor: Executor | None,
    workers: int | None,
    progress: Progress | None,
) -> Done:
    """Simulate scenarios, and work out once what is printed, returned and kept."""
    made: list[Done] = []
    folder = here(out) if out else None
    workers = whole_number("workers", workers, 1)
    each = whole_number("replications", replications) or scenarios[0].run.replications
    ours = executor is None and chosen_executor() is None

    with contextlib.ExitStack() as stack:
        if ours:
            executor = stack.enter_context(useful_pool(len(scenarios), each, workers))
        pool = executor if isinstance(executor, OwnPool) else None

        def afterwards(results: Results) -> list[Path]:
            made.append(make(results))
            return _written(made[0], scenarios, pool) if folder else []

        stack.enter_context(_imports_meanwhile())
        stack.enter_context(simulated_on(None if pool else executor))
        run_scenarios(
            scenarios, seed, replications, folder, executor, workers, progress=progress,
            afterwards=afterwards,
        )  # fmt: skip
    return made[0]


def _written(done: Answer, scenarios: Sequence[Scenario], pool: OwnPool | None) -> list[Path]:
    """Write what is worked out from the data; returns the files."""
    from rsip_sim.charts.frame import provenance
    from rsip_sim.studies.kernel.keeping import drawn, told_files

    made_from = provenance(done.results.digest, done.results.replications, scenarios)
    more = done.simulated_meanwhile(pool) if isinstance(done, Comparison) else nullcontext()
    with more:
        charts = drawn(done.charts().values(), made_from)
    files = told_files(done.text(), done.files(), charts, done.report)
    for name, content in files.items():
        write_bytes(done.results.folder / name, content)
    return [done.results.folder / name for name in files]
