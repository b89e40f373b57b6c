"""Where the shipped files are that tests read."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
EXPERIMENTS = ROOT / "experiments"
