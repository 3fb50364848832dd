"""What `import socialcoop` promises: quick, complete, and layered."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import socialcoop as sc

PACKAGE = Path(sc.__file__).parent
# as the package says itself: "The science: checks → games → … → sweeps."
ORDER = [*re.search(r"The science: ([^.]*)\.", sc.__doc__)[1].split(), "book"]
ORDER = [module for module in ORDER if module != "→"]


def test_the_flow_of_data_names_every_module():
    assert sorted(ORDER) == sorted(
        path.stem for path in PACKAGE.iterdir() if path.stem[0] not in "_." and path.stem != "py"
    )
    contributing = (PACKAGE.parent / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert " → ".join(ORDER[:-1]) in contributing


def test_importing_takes_less_than_a_second_of_processor_time():
    code = "import os, socialcoop, sys; print(os.times().user, 'matplotlib' in sys.modules)"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(3)]
    seconds = min(float(run.stdout.split()[0]) for run in runs)
    print(f"user time {seconds} s, matplotlib imported: {runs[0].stdout.split()[1]}")
    assert seconds < 1


def test_every_public_name_exists_and_is_listed_once_in_order():
    assert all(hasattr(sc, name) for name in sc.__all__)
    assert sc.__all__ == sorted(set(sc.__all__))


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_modules_before_it(path):
    module = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if module == "__init__":
        return
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            parts = name.split(".")
            if parts[0] == "socialcoop" and len(parts) > 1 and parts[1] in ORDER:
                assert ORDER.index(parts[1]) <= ORDER.index(module), f"{module} imports {name}"


@pytest.mark.parametrize("name", sc.__all__)
def test_every_public_name_has_a_docstring(name):
    assert getattr(sc, name).__doc__
