"""What is installed: the package with its data, and what it needs, no more and no less."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
from source import sources

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "socialcoop"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def printed(command, folder):
    """Run Python in the folder, and return what it prints."""
    command = [sys.executable, *command]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    return run.stdout.strip()


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build the wheel and the source archive; return both."""
    folder = tmp_path_factory.mktemp("built")
    code = "import sys; from hatchling import build; print(build.build_{}(sys.argv[1]))"
    return [folder / printed(["-c", code.format(kind), folder], ROOT) for kind in ("wheel", "sdist")]


def test_a_wheel_holds_every_module_and_the_data(built):
    with ZipFile(built[0]) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    kept = {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*") if path.is_file()}
    assert held == {path for path in kept if "__pycache__" not in path}
    assert {"socialcoop/py.typed", "socialcoop/book/explore.js", "socialcoop/book/picture.css"} <= held


@pytest.fixture(scope="module")
def unpacked(built, tmp_path_factory):
    """Unpack the source archive, and return its one folder."""
    where = tmp_path_factory.mktemp("unpacked")
    shutil.unpack_archive(built[1], where)
    (folder,) = where.iterdir()
    return folder


def test_the_source_archive_holds_the_whole_book(unpacked):
    held = {path.relative_to(unpacked) for path in unpacked.rglob("*") if path.is_file()}
    assert held - {Path("PKG-INFO")} == {path.relative_to(ROOT) for path in sources(ROOT)}


def test_the_tests_of_the_source_archive_run_in_it(unpacked):
    """Two that need what lies beside them: helpers, chapters, and the build's own modules."""
    tried = [f"tests/test_{name}.py" for name in ("regret", "links")]
    printed(["-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *tried], unpacked)
    where = printed(["-c", "import socialcoop; print(socialcoop.__file__)"], unpacked)
    assert Path(where).is_relative_to(unpacked)


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
