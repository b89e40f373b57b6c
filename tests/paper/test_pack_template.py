"""Templates of the package ask for every part of a paper."""

from __future__ import annotations

import pytest

from rsip_sim.paper.template import PARTS, known, load_template


@pytest.mark.parametrize("name", known())
def test_templates_of_the_package_use_every_part_once(name: str) -> None:
    used = [part for section in load_template(name).sections for part in section.parts
            if isinstance(part, str)]  # fmt: skip
    assert sorted(used) == sorted(PARTS)
