"""How long things take and what they hold, in one run: python experiments/speed/benchmark.py

Times of a busy or another machine differ; the ratios should not. Takes about five minutes.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from rsip_sim.evidence.gias import roster_from_gias
from rsip_sim.evidence.months import parse_month
from rsip_sim.evidence.register import PATH, register_from_bytes
from rsip_sim.evidence.rosters import Roster, load_roster, roster_from_rows, roster_path
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.model.simulation import simulate_block
from rsip_sim.page.live import FIRST, REFINED, Live
from rsip_sim.scenario import Scenario, load_scenario

CHECKOUT = Path(__file__).parents[2]
MAIN = [
    CHECKOUT / "scenarios" / f"{name}.yaml"
    for name in (
        "agreement_later",
        "no_agreement",
        "no_partnership",
        "one_year",
        "two_year",
        "three_year",
        "five_year",
    )
]
EXTRACT = CHECKOUT / "tests" / "evidence" / "gias_extract.csv"  # of a town made up
BLOCK = 512
REPEATS = 3  # the shortest of so many counts
CHANGES = 30
FUTURES_HELD = 1000, 16_000, 64_000


def main() -> None:
    """Print every table."""
    scenario = load_scenario(CHECKOUT / "scenarios" / "two_year.yaml")
    block = shortest(lambda: simulate_block(scenario.policy, scenario.roster, 1, range(BLOCK)))
    print(
        f"{len(scenario.roster)} schools, {scenario.policy.horizon_months} months, uncertain "
        f"parameters: {1000 * block / BLOCK:.2f} ms a replication\n"
    )
    table("what every command waits for, whole process where it is one", first_times(), per="")
    table(f"the page, {FIRST} futures of either policy", page_times(scenario), per="")
    table("replications", replications_times(scenario), per="replication")
    table("schools", schools_times(scenario), per="school")
    table("seven scenarios, 1,000 replications, whole process", whole_times(), per="")
    print("two scenarios compared, most that the process which tells holds, its pool apart")
    for count in FUTURES_HELD:
        print(f"  {count:>26,}   {held(count):7.0f} MB")


def first_times() -> dict[str, float]:
    """Seconds of what comes before any simulation."""
    register = PATH.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        extract = Path(folder) / "extract.csv"
        header, *rows = EXTRACT.read_bytes().splitlines(keepends=True)
        extract.write_bytes(header + b"".join(rows) + rows[-1] * 50_000)
        return {
            "rsip --help": shortest(
                lambda: subprocess.run(
                    [sys.executable, "-m", "rsip_sim", "--help"], check=True, capture_output=True
                )
            ),
            "a scenario file": shortest(lambda: load_scenario(MAIN[0])),
            "the register": shortest(lambda: register_from_bytes(register)),
            "50,000 schools of GIAS": shortest(
                lambda: roster_from_gias(extract, 901, parse_month("2011-04"))
            ),
        }


def page_times(scenario: Scenario) -> dict[str, float]:
    """Seconds from a change to its answer, kept warm, beside a block of one policy alone."""
    live, length = Live(), "agreement.length_months"
    live.answer(scenario, scenario.changed({length: 60}))

    def change(months: int, both: bool) -> float:
        baseline = scenario.changed({"agreement.quorum": 0.4 + 0.001 * months * both})
        policy = baseline.changed({length: 30 + months})
        return timed(lambda: live.answer(baseline, policy))

    def block() -> object:
        return simulate_block(scenario.policy, scenario.roster, 1, range(FIRST))

    plain = [timed(block) for _ in range(CHANGES)]
    alone, together = ([change(n, both) for n in range(CHANGES)] for both in (False, True))
    policy = scenario.changed({length: 60})
    live.answer(scenario, policy)
    return {
        "a plain block, median": float(np.median(plain)),
        "a policy changes, median": float(np.median(alone)),
        "95% of changes": float(np.quantile(alone, 0.95)),
        "both change, median": float(np.median(together)),
        f"refined to {REFINED:,}": timed(lambda: live.answer(scenario, policy, REFINED)),
        "what it hangs on": timed(lambda: live.answer(scenario, policy, REFINED, hangs=True)),
    }


def replications_times(scenario: Scenario) -> dict[int, float]:
    """Seconds to simulate and store, in this process, by number of replications."""
    counts = (256, 512, 1024, 2048, 4096)
    return {n: timed(lambda n=n: run_scenarios([scenario], 1, n, workers=1)) for n in counts}


def schools_times(scenario: Scenario) -> dict[int, float]:
    """Seconds of one block, by number of schools."""
    rosters = [synthetic_roster(count) for count in (63, 126, 252, 504)]
    return {
        len(roster): shortest(
            lambda roster=roster: simulate_block(scenario.policy, roster, 1, range(BLOCK))
        )
        for roster in rosters
    }


def whole_times() -> dict[str, float]:
    """Seconds from start to end of a process that does the main job of the README."""
    return {"the main job": timed(compare_in_a_process)}


def compare_in_a_process() -> None:
    """Run the main job once, in a folder that is then removed."""
    with tempfile.TemporaryDirectory() as folder:
        run_script(
            folder,
            "import rsip_sim\n"
            "if __name__ == '__main__':\n"
            f"    rsip_sim.compare({[str(path) for path in MAIN]!r}, 1000, out='out')\n",
        )


def run_script(folder: str, text: str) -> str:
    """What a script prints that runs in this folder, in a process of its own."""
    script = Path(folder) / "compare.py"
    script.write_text(text, encoding="utf-8")
    command = [sys.executable, script]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def held(replications: int) -> float:
    """Megabytes of a process that simulates two scenarios, compares, draws and keeps; on Linux."""
    with tempfile.TemporaryDirectory() as folder:
        names = "rsip:agreement_later", "rsip:two_year"
        done = run_script(
            folder,
            "from pathlib import Path\n"
            "import rsip_sim\n"
            "if __name__ == '__main__':\n"
            f"    rsip_sim.compare({names!r}, {replications}, out='out')\n"
            "    print(Path('/proc/self/status').read_text())\n",
        )
        return int(done.partition("VmHWM:")[2].split()[0]) / 1024


def synthetic_roster(count: int) -> Roster:
    """Every second school of Rotherham, or Rotherham several times over, as one authority."""
    shipped = load_roster("rotherham_2011")
    with roster_path("rotherham_2011").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if count < len(shipped):
        rows = rows[:: round(len(shipped) / count)]
    copies = max(1, round(count / len(shipped)))
    return roster_from_rows([copied(row, copy) for copy in range(copies) for row in rows], "many")


def copied(row: dict[str, str], copy: int) -> dict[str, str]:
    """A row of another town that is the same in all but names."""
    named = {key: row[key] and f"{row[key]} {copy}" for key in ("school", "learning_community")}
    return {**row, **named, "urn": str(int(row["urn"]) + 1_000_000 * copy)}


def shortest(task: Callable[[], object]) -> float:
    """Seconds of the fastest of some runs, after one that warms up."""
    task()
    return min(timed(task) for _ in range(REPEATS))


def timed(task: Callable[[], object]) -> float:
    """Seconds of one run."""
    begun = time.perf_counter()
    task()
    return time.perf_counter() - begun


def table(what: str, seconds: dict[int, float] | dict[str, float], per: str) -> None:
    """Print times, and their ratios to the first."""
    first = next(iter(seconds.values()))
    print(what)
    for key, spent in seconds.items():
        each = f"   {1000 * spent / key:7.2f} ms a {per}" if isinstance(key, int) else ""
        print(f"  {key!s:>26}   {spent:7.2f} s   × {spent / first:5.2f}{each}")
    print()


if __name__ == "__main__":
    main()
