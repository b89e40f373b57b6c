"""How much the ranking by cohesion owes to its weights, where the weights leave little to rank."""

import numpy as np
import pytest

from rsip_sim.studies.compare.ranking import ranking_stability

PARTS = ("connectedness", "integrity", "mutual_support")


def components(*levels: float) -> dict[str, np.ndarray]:
    """Scenarios whose parts are all the same, so that no weighting can change their order."""
    return {
        f"case_{at}": np.full((len(PARTS), 5), np.log(level)) for at, level in enumerate(levels)
    }


@pytest.mark.filterwarnings("error")
def test_parts_that_all_weigh_nothing_count_alike() -> None:
    """As the model's own index without membership has it; 0/0 would rank by nothing."""
    found = ranking_stability(components(0.4, 0.8), PARTS, (0.0, 0.0, 0.0))
    alike = ranking_stability(components(0.4, 0.8), PARTS, (1.0, 1.0, 1.0))
    assert found == alike
    assert found.order == ("case_1", "case_0")
    assert (found.order_changes, found.first_changes) == (0.0, 0.0)


def test_with_two_scenarios_another_order_is_another_first() -> None:
    mixed = components(0.5, 0.5)
    mixed["case_0"][0] += 0.2
    mixed["case_1"][1] += 0.2
    found = ranking_stability(mixed, PARTS, (0.0, 0.0, 0.0))
    assert 0.0 < found.order_changes < 1.0
    assert found.order_changes == found.first_changes
