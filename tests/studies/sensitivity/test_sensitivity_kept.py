"""A study of sensitivity of two scenarios by themselves, kept in a folder or only handed back."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from rsip_sim.experiment.errors import ExperimentError
from rsip_sim.report.text import rendered
from rsip_sim.studies.sensitivity import factorial
from rsip_sim.studies.sensitivity import work as sensitivity
from rsip_sim.studies.sensitivity.keep import keep_sensitivity
from rsip_sim.studies.sensitivity.report import sensitivity_report
from tests.fakes.panels import NO_AGREEMENT, TWO_YEAR
from tests.fakes.uncertain_studies import SETS, in_town

PAIR = (in_town(NO_AGREEMENT), in_town(TWO_YEAR))


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two parameters of their own and no categorical choices, so that little is simulated."""
    monkeypatch.setattr(factorial, "_CHOICES", {})
    monkeypatch.setattr(sensitivity, "OWN", 2)


def test_two_scenarios_need_no_stored_comparison(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    kept = keep_sensitivity(*PAIR, None, ["members"], "end", SETS, 1, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["baseline"], manifest["scenario"]) == ("no_agreement", "two_year")
    assert (manifest["at"], manifest["metrics"], manifest["sets"]) == ("end", ["members"], SETS)
    assert (folder / "summary.txt").read_text() == rendered(sensitivity_report(kept))
    assert {path.stem for path in (folder / "tables").iterdir()} == set(kept.tables)

    alone = keep_sensitivity(*PAIR, None, ["members"], "end", SETS, 1)
    np.testing.assert_array_equal(alone.indices.first, kept.indices.first)

    with pytest.raises(ExperimentError, match="holds another study"):
        keep_sensitivity(*PAIR, None, ["erosion"], "end", SETS, 1, folder)


def test_scenarios_that_do_not_share_a_world_are_refused() -> None:
    with pytest.raises(ExperimentError, match="share their horizon"):
        keep_sensitivity(PAIR[0], TWO_YEAR, sets=SETS, workers=1)
