"""What is installed: the package with its data, and what it needs, no more and no less."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "socialcoop"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_a_wheel_holds_every_module_and_the_data(tmp_path):
    for part in ("pyproject.toml", PROJECT["project"]["readme"], "LICENSE"):
        shutil.copy(ROOT / part, tmp_path)
    shutil.copytree(PACKAGE, tmp_path / "socialcoop", ignore=shutil.ignore_patterns("__pycache__"))
    code = "from setuptools import build_meta; build_meta.build_wheel('wheel')"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True)
    (wheel,) = (tmp_path / "wheel").glob("*.whl")
    with ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    kept = {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*") if path.is_file()}
    assert held == {path for path in kept if "__pycache__" not in path}
    assert {"socialcoop/py.typed", "socialcoop/book/explore.js", "socialcoop/book/picture.css"} <= held


def imports():
    """Return the first names of all that the package imports."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.split(".")[0])
    return found


def test_what_the_package_needs_is_what_it_imports():
    groups = PROJECT["project"]["dependencies"], PROJECT["project"]["optional-dependencies"]["interop"]
    needed, extra = ({re.match(r"[\w-]+", each)[0] for each in group} for group in groups)
    found = imports() - sys.stdlib_module_names - {"socialcoop"}
    assert needed <= found <= needed | extra
