"""Words of charts are measured once a process: that took a third of all drawing.

How wide a text is follows from its letters, its font and the resolution alone; matplotlib asks
again for every chart.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.textpath import TextToPath

SETTINGS = ("font.family", "font.sans-serif", "text.hinting", "text.hinting_factor", "text.usetex")


def remember_sizes() -> None:
    """Both renderers that the package draws with ask for each text once."""
    for kind in (RendererAgg, TextToPath):
        measure = kind.get_text_width_height_descent
        if not hasattr(measure, "kept"):
            kind.get_text_width_height_descent = _remembered(measure)  # type: ignore[method-assign]


def _remembered(measure: Callable[..., Any]) -> Callable[..., Any]:
    kept: dict[object, Any] = {}

    def measured(self: Any, s: str, prop: Any, ismath: Any) -> Any:
        settings = (str(matplotlib.rcParams[name]) for name in SETTINGS)
        key = (s, hash(prop), str(ismath), getattr(self, "dpi", None), *settings)
        if key not in kept:
            kept[key] = measure(self, s, prop, ismath)
        return kept[key]

    measured.kept = kept  # type: ignore[attr-defined]
    return measured
