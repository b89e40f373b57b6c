"""What is missing in a study: combinations that cannot be, and cells that failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rsip_sim.experiment.tasks import TaskFailed
from rsip_sim.studies.grid.cells import Cells


def missing_sentences(cells: Cells, failures: Mapping[int, TaskFailed]) -> Iterator[str]:
    """What was left out, and what failed."""
    reasons = list(dict.fromkeys(each.why for each in cells.left_out))
    if reasons:
        count = len(cells.left_out)
        more = " and the like" if len(reasons) > 1 else ""
        combinations = "combination is" if count == 1 else "combinations are"
        cannot = "it" if count == 1 else "they"
        yield f"{count} {combinations} left out, since {cannot} cannot be: {reasons[0]}{more}."
    if failures:
        numbers = ", ".join(str(number) for number in sorted(failures))
        failed = "cell" if len(failures) == 1 else "cells"
        first = next(iter(failures.values()))
        yield (
            f"Failed, and missing in everything below: {failed} {numbers} ({first}). The table of "
            "cells says which these are; failures.log says why, and the same command tries again."
        )
