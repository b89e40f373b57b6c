"""Results of the studies of evidence that the model description prints, kept beside the code.

`rsip calibrate` and `rsip backtest --store` write them; they say which calibrated sample they
belong to, so that a description never shows the scores of another one.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import yaml

from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.experiment.files import write_bytes, write_text
from rsip_sim.measures.csv_files import read_table, table_bytes

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
