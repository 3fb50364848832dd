"""Which small errors would the tests miss? Change the package in one place at a time, and run the tests beside it.

`python tests/benchmarks/mutants.py --each 50 --seed 1` draws 50 changes in each of four modules, over all files where
the module is a package, and runs the tests that are named beside it. What they let pass, the tests of arguments and of
whatever else concerns every module may still catch; each change that survives these as well is printed.
"""

from __future__ import annotations

import argparse
import ast
import copy
import difflib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = {
    "engine": ["test_play.py", "test_agreement.py", "test_compatibility.py"],
    "regret": ["test_regret.py"],
    "commit": ["test_commit.py", "test_universal_stop.py"],
    "bounds": [
        *["test_bounds.py", "test_changes.py", "test_codebook.py"],
        *["test_hidden_types.py", "test_universal_stop.py", "test_needed_records.py"],
    ],
}
WIDER = ["test_bad_input.py", "test_own_strategies.py", "test_imitation.py", "test_fuzz.py"]
SWAPS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


def places(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Yield every node of a function that can be changed, with the kind of change."""
    annotations = {id(inner) for node in ast.walk(tree) for part in _annotations(node) for inner in ast.walk(part)}
    told = {id(inner) for node in ast.walk(tree) if isinstance(node, ast.Raise) for inner in ast.walk(node)}
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for node in (inner for statement in function.body for inner in ast.walk(statement)):
            if id(node) in annotations or id(node) in told:  # types, and what messages say, are others' business
                continue
            if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign) and type(node.op) in SWAPS:
                yield node, "op"
            elif isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
                yield node, "compare"
            elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Invert | ast.Not):
                yield node, "unary"
            elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
                yield node, "number"
            elif isinstance(node, ast.If | ast.IfExp):
                yield node, "never"


def _annotations(node: ast.AST) -> Iterator[ast.AST]:
    for name in ("annotation", "returns"):
        if getattr(node, name, None) is not None:
            yield getattr(node, name)


def change(node: ast.AST, kind: str) -> None:
    """Change the node in place."""
    match kind:
        case "op":
            node.op = SWAPS[type(node.op)]()
        case "compare":
            node.ops[0] = SWAPS[type(node.ops[0])]()
        case "unary":
            node.operand = ast.UnaryOp(node.op, node.operand)  # done twice is not done
        case "number":
            node.value = node.value + 1
        case "never":
            node.test = ast.Constant(False)


def files(module: str) -> dict[Path, str]:
    """Return the sources of a module, or of all files of a package, by their places below the root."""
    place = ROOT / "socialcoop" / module
    found = sorted(place.rglob("*.py")) or [place.with_suffix(".py")]
    return {path.relative_to(ROOT): ast.unparse(ast.parse(path.read_text(encoding="utf-8"))) for path in found}


def mutants(sources: dict[Path, str], count: int, rng: random.Random) -> list[tuple[Path, str]]:
    """Return (file, source) of so many changes, without repetition."""
    trees = {path: ast.parse(source) for path, source in sources.items()}
    numbered = [(path, number) for path, tree in trees.items() for number, _ in enumerate(places(tree))]
    found = []
    for path, number in sorted(rng.sample(numbered, min(count, len(numbered)))):
        changed = copy.deepcopy(trees[path])
        change(*list(places(changed))[number])
        found.append((path, ast.unparse(ast.fix_missing_locations(changed))))
    return found


def passes(file: Path, source: str, tests: list[str]) -> bool:
    """Return whether the tests let a changed file pass."""
    with tempfile.TemporaryDirectory() as folder:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "socialcoop", Path(folder, "socialcoop"), ignore=ignored)
        Path(folder, file).write_text(source, encoding="utf-8")
        paths = [str(ROOT / "tests" / name) for name in tests]
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-p", "no:nbval"]
        command += ["-c", str(ROOT / "pyproject.toml"), "--override-ini=addopts=--import-mode=importlib", *paths]
        room = {**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            run = subprocess.run(command, cwd=folder, env=room, capture_output=True, timeout=300, check=False)
        except subprocess.TimeoutExpired:
            return False  # an endless loop is noticed
        return run.returncode == 0


def survives(file: Path, source: str, tests: list[str]) -> bool:
    """Return whether a changed file passes the named tests, and the wider ones as well."""
    return passes(file, source, tests) and passes(file, source, WIDER)


def main() -> None:
    """Draw changes, and print those that survive."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--modules", nargs="*", default=list(TESTS))
    asked = parser.parse_args()
    for module in asked.modules:
        sources = files(module)
        for tests in (TESTS[module], WIDER):
            if passes(next(iter(sources)), "raise RuntimeError", tests):
                parser.error(f"{', '.join(tests)} do not import the changed {module}")
        drawn = mutants(sources, asked.each, random.Random(f"{asked.seed} {module}"))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            tried = [pool.submit(survives, file, changed, TESTS[module]) for file, changed in drawn]
            alive = [each.result() for each in tried]
        print(f"{module}: {len(drawn)} changes, {sum(alive)} survive", flush=True)
        for (file, changed), here in zip(drawn, alive, strict=True):
            if here:
                print(file, flush=True)
                lines = difflib.unified_diff(sources[file].splitlines(), changed.splitlines(), lineterm="", n=0)
                print("\n".join(line for line in list(lines)[2:] if not line.startswith("@@")), flush=True)


if __name__ == "__main__":
    main()
