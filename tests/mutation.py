"""Mutation testing: the code is changed in one place at a time, and the quick tests must notice.

    python tests/mutation.py                                   # every module of TESTS
    python tests/mutation.py experiment/store model/draws --sample 100 --seed 2

A copy of the project is changed, never the project. The modules before the change, without their
comments, must pass: what kills a mutant is the change. Needs a system that forks: each mutant's
process begins with the libraries loaded.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import difflib
import importlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIBRARIES = ("pytest", "hypothesis.extra.numpy", "pandas", "pyarrow.parquet", "scipy.stats",
             "scipy.special", "pydantic", "ruamel.yaml", "yaml", "matplotlib.pyplot", "typer",
             "rich.console", "docx", "openpyxl", "simpy")  # fmt: skip

_RUN = ("experiment/test_store.py", "experiment/test_runner.py")
_FIGURES = ("measures", "report/test_verdicts.py")
_TOLD_TWICE = "reference/test_same_world.py::test_random_scenarios_give_the_same_world_to_the_penny"
_RULES = (_TOLD_TWICE, "invariants/test_limits.py")
TESTS: dict[str, tuple[str, ...]] = {
    "experiment/design": ("experiment/test_design.py", "experiment/test_accepted.py"),
    "experiment/errors": (*_RUN, "experiment/test_edge_of_machine.py"),
    "experiment/lock": ("experiment/test_lock.py", "experiment/test_edge_of_machine.py"),
    "experiment/pool": ("experiment/test_tasks.py", "experiment/test_edge_of_machine.py", *_RUN),
    "experiment/record": ("experiment/test_record.py", *_RUN, "experiment/test_accepted.py"),
    "experiment/results": ("experiment/test_results.py", *_RUN, "experiment/test_reopen.py"),
    "experiment/runner": ("experiment/test_batches.py", *_RUN),
    "experiment/store": (*_RUN, "experiment/test_accepted.py"),
    "experiment/tables": ("experiment/test_tables.py", *_RUN),
    "experiment/tasks": ("experiment/test_tasks.py", "experiment/test_edge_of_machine.py"),
    "experiment/worker": ("experiment/test_worker.py", "experiment/test_batches.py", *_RUN),
    "measures/metrics": (*_FIGURES, "model/test_lever_columns.py"),
    "measures/moments": _FIGURES,
    "measures/statistics": _FIGURES,
    "report/verdicts": ("report/test_verdicts.py",),
    "studies/compare/work": ("studies/compare/test_ranking.py", "studies/compare/test_compare.py"),
    "studies/verify/blocks": ("studies/verify/test_blocks.py", "studies/verify/test_verify.py"),
    "model/draws": ("model/test_draws.py",),
    "model/parameters": ("model/test_parameters.py",),
    **{f"model/rules/{rule}": (f"model/test_rules_{rule}.py", *_RULES) for rule in (
        "agreement", "choice", "climate", "cohesion", "conversion", "inspection", "money",
        "support")},
}  # fmt: skip
"""The tests that must notice a change of a module, those that notice soonest first."""

_OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Mod: ast.Add,
    ast.FloorDiv: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
    ast.Continue: ast.Break, ast.Break: ast.Continue,
}  # fmt: skip
_LEFT_ALONE = ("annotation", "returns", "decorator_list")  # of no consequence when it runs
_ELSEWHERE = ("TYPE_CHECKING", "sys.platform == 'win32'")


def others(node: ast.AST) -> Iterator[ast.AST | None]:
    """What may stand in the place of a node; None: nothing, where it is one of a list."""
    match node:
        case (
            ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise() | ast.Delete()
            | ast.Assign(targets=[ast.Attribute() | ast.Subscript()])
        ):  # fmt: skip
            yield ast.Pass()
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield ast.Constant(value + 1 if isinstance(value, int) else value * 1.5 or 1.0)
        case ast.Constant(value=str(value)):
            yield ast.Constant(value + "~")
        case ast.BoolOp():
            yield from node.values
        case ast.UnaryOp():
            yield node.operand
        case ast.Call(args=[first]):
            yield first
        case ast.Call(args=[first, second]):
            yield from (first, second)
        case ast.Call(func=ast.Attribute(value=receiver)):
            yield receiver
        case ast.Subscript(value=value, slice=ast.Slice(), ctx=ast.Load()):
            yield value
        case ast.If() | ast.IfExp():
            yield from (_with(node, test=ast.Constant(value)) for value in (True, False))
        case ast.keyword(arg=str()):
            yield None
        case _ if type(node) in _OTHER:
            yield _OTHER[type(node)]()
    for field, fewest in (("elts", 2), ("keys", 2), ("ifs", 1)):
        listed = getattr(node, field, [])
        if len(listed) >= fewest and not isinstance(getattr(node, "ctx", None), ast.Store):
            for place in range(len(listed)):
                fields = {field, "values"} if field == "keys" else {field}
                kept = {each: _without(getattr(node, each), place) for each in fields}
                yield _with(node, **kept)


def _without(listed: list[ast.AST], place: int) -> list[ast.AST]:
    return listed[:place] + listed[place + 1 :]


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    vars(changed).update(fields)
    return changed


def mutants(tree: ast.AST, parent: ast.AST, line: int = 1) -> Iterator[tuple[int, str]]:
    """Line and source of every change of one place: of what is run, not of words for people."""
    for field, value in ast.iter_fields(parent):
        listed = value if isinstance(value, list) else [value]
        for place, node in enumerate(listed):
            if field in _LEFT_ALONE or not isinstance(node, ast.AST) or _is_for_people(node):
                continue
            at = getattr(node, "lineno", line)
            for other in others(node):
                new = [*listed[:place], *([other] if other else []), *listed[place + 1 :]]
                setattr(parent, field, new if listed is value else other)
                yield at, ast.unparse(ast.fix_missing_locations(tree))
                setattr(parent, field, value)
            if isinstance(node, ast.If) and ast.unparse(node.test) in _ELSEWHERE:
                node = ast.Module(node.orelse, [])
            if not isinstance(node, ast.Raise):
                yield from mutants(tree, node, at)


def _is_for_people(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Subscript(value=ast.Name("Literal" | "Callable")):
            return True  # a docstring, or a type
    return isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom)


def failed(project: Path, tests: list[str], seconds: float) -> bool:
    """Whether some test fails in a copy of the project, or they do not end in time."""
    if not (process := os.fork()):
        os.setpgrp()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nowhere, stream)
        os.chdir(project)
        sys.path[:] = [str(project), *(each for each in sys.path if Path(each).resolve() != ROOT)]
        os.environ |= {"PYTHONPATH": str(project), "HOME": str(project)}
        import pytest

        options = ("-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--hypothesis-profile=mutation")
        os._exit(pytest.main([*options, *tests]))
    deadline, status = time.monotonic() + seconds, None
    while status is None and time.monotonic() < deadline:
        ended, code = os.waitpid(process, os.WNOHANG)
        status = os.waitstatus_to_exitcode(code) if ended else time.sleep(0.02)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)  # with all that its tests have started
    if status is None:
        os.waitpid(process, 0)
    return status != 0


def _in_words(plain: str, changed: str) -> str:
    lines = [*difflib.unified_diff(plain.splitlines(), changed.splitlines(), n=0)][3:]
    sides = (" ".join(each[1:].strip() for each in lines if each[0] == side) for side in "-+")
    return " → ".join(f"`{side}`" for side in sides)


def tried(project: Path, module: str, sample: int, seed: int) -> tuple[int, int]:
    """How many mutants of a module were tried, and how many lived; these are printed."""
    path = project / "rsip_sim" / f"{module}.py"
    tests = [f"tests/{each}" for each in TESTS[module]]
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    plain = ast.unparse(tree)

    def noticed(changed: str, seconds: float) -> bool:
        for cached in path.parent.glob(f"__pycache__/{path.stem}.*"):
            cached.unlink()
        path.write_text(changed, encoding="utf-8")
        return failed(project, tests, seconds)

    began = time.monotonic()
    if noticed(plain, 3600.0):
        raise SystemExit(f"{module}: its tests fail without a change: {' '.join(tests)}")
    seconds = 60.0 + 5.0 * (time.monotonic() - began)
    everything = sorted(set(mutants(tree, tree)))
    chosen = random.Random(f"{seed} {module}").sample(everything, min(sample, len(everything)))
    lived = 0
    for line, changed in sorted(chosen):
        if not noticed(changed, seconds):
            lived += 1
            print(f"{module}.py:{line}  {_in_words(plain, changed)}", flush=True)
    path.write_text(source, encoding="utf-8")
    return len(chosen), lived


def main() -> None:
    """Try the modules asked for, and print a table."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("modules", nargs="*", help="such as experiment/store; none: all of them")
    asked.add_argument("--sample", type=int, default=40, help="mutants a module, at most")
    asked.add_argument("--seed", type=int, default=1, help="another takes another sample")
    given = asked.parse_args()
    if unknown := set(given.modules) - set(TESTS):
        asked.error(f"no tests are named for {', '.join(sorted(unknown))}")
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    for library in LIBRARIES:
        importlib.import_module(library)
    rows = ["| module | mutants | killed | lived |", "|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder).resolve() / "project"
        shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(".*", "__pycache__", "build"))
        for module in given.modules or TESTS:
            count, lived = tried(project, module, given.sample, given.seed)
            rows.append(f"| `{module}` | {count} | {count - lived} | {lived} |")
            print(rows[-1], flush=True)
    print("", *rows, sep="\n")


if __name__ == "__main__":
    main()
