"""A study of sensitivity of two scenarios by themselves, kept in a folder or only handed back."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from rsip_sim.experiment.errors import ExperimentError
from rsip_sim.studies.kernel.ground import Means, scenario_ground
from rsip_sim.studies.kernel.study import Kept, run_and_keep
from rsip_sim.studies.sensitivity import work as sensitivity
from rsip_sim.studies.sensitivity.study import SensitivityQuestion, SensitivityStudy
from rsip_sim.studies.sensitivity.tables import sensitivity_tables
from tests.fakes.panels import NO_AGREEMENT, TWO_YEAR
from tests.fakes.uncertain_studies import SETS, in_town

PAIR = (in_town(NO_AGREEMENT), in_town(TWO_YEAR))


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two parameters of their own, so that little is simulated."""
    monkeypatch.setattr(sensitivity, "OWN", 2)


def sensed(out: Path | None = None, pair=PAIR, **asked: object) -> Kept[sensitivity.Sensitivity]:
    question = SensitivityQuestion.of({"metrics": ["members"], "at": "end", "sets": SETS, **asked})
    return run_and_keep(SensitivityStudy(), question, scenario_ground(pair), out, Means(1))


def test_two_scenarios_need_no_stored_comparison(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    kept = sensed(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["baseline"], manifest["scenario"]) == ("no_agreement", "two_year")
    assert (manifest["at"], manifest["metrics"], manifest["sets"]) == ("end", ["members"], SETS)
    assert (folder / "summary.txt").read_text() == kept.text
    tables = sensitivity_tables(kept.result)
    assert {path.stem for path in (folder / "tables").iterdir()} == set(tables)

    alone = sensed()
    assert alone.folder is None
    np.testing.assert_array_equal(alone.result.indices.first, kept.result.indices.first)

    with pytest.raises(ExperimentError, match="holds another study"):
        sensed(folder, metrics=["erosion"])


def test_scenarios_that_do_not_share_a_world_are_refused() -> None:
    with pytest.raises(ExperimentError, match="share their horizon"):
        sensed(pair=(PAIR[0], TWO_YEAR))
