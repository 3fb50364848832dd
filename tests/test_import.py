"""What `import socialcoop` promises: quick, complete, and layered."""

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest
from notebooks import NAMES, cells_of

import socialcoop as sc

PACKAGE = Path(sc.__file__).parent
# as the package says itself: "The science: checks → games → … → comparison."
ORDER = [*re.search(r"The science: ([^.]*)\.", sc.__doc__)[1].split(), "book", "teach"]
ORDER = [module for module in ORDER if module != "→"]


def test_the_flow_of_data_names_every_module():
    assert sorted(ORDER) == sorted(
        path.stem for path in PACKAGE.iterdir() if path.stem[0] not in "_." and path.stem != "py"
    )
    contributing = (PACKAGE.parent / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert " → ".join(ORDER[:-2]) in contributing


@pytest.mark.parametrize("heavy", ["matplotlib", "ipywidgets", "IPython", "scipy", "pandas"])
def test_importing_leaves_what_loads_slowly_for_when_it_is_used(heavy, imported):
    assert heavy not in imported


@pytest.fixture(scope="module", params=["socialcoop", "socialcoop.teach.__main__"])
def imported(request):
    """Return the modules that importing the package, or a lecturer's commands, has loaded."""
    code = f"import {request.param}, sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert request.param in run.stdout.split()
    return run.stdout.split()


def offers(name):
    """Return a module, and what it says that it offers."""
    module = importlib.import_module(name)
    return module, getattr(module, "__all__", [])


MODULES = ["socialcoop", *(module.name for module in pkgutil.walk_packages(sc.__path__, "socialcoop."))]


@pytest.mark.parametrize("name", [name for name in MODULES if offers(name)[1]])
def test_what_a_module_offers_exists_and_is_listed_once_in_order(name):
    module, offered = offers(name)
    assert all(hasattr(module, each) for each in offered)
    assert offered == sorted(set(offered))


def test_what_the_notebooks_take_from_a_module_is_offered_by_it():
    code = [cell["source"] for name in NAMES for cell in cells_of(name) if cell["cell_type"] == "code"]
    taken = re.findall(r"\bsc((?:\.[a-z_]+)?)\.(\w+)", "\n".join(code))
    assert len(set(taken)) > 50
    for module, name in set(taken):
        assert name in offers(f"socialcoop{module}".replace(".plots", ".book.figures"))[1], f"sc{module}.{name}"


@pytest.mark.parametrize("name", ["chart", "figures", "ask", "Picture"])
def test_the_book_part_gives_its_names_and_its_modules_when_they_are_asked_for(name):
    code = f"import socialcoop as sc; print(sc.book.{name}.__name__)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert run.stdout.split(".")[-1].strip() == name


@pytest.mark.parametrize("name", ["nothing", "_nothing", "chart.Chart", ""])
def test_the_book_part_has_no_other_names(name):
    with pytest.raises(AttributeError, match=re.escape(repr(name))):
        getattr(sc.book, name)


SOURCES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", [path for path in SOURCES if path != "__init__.py"])
def test_a_module_imports_only_modules_before_it(path):
    module = path.split("/")[0].removesuffix(".py")
    for node in ast.walk(ast.parse((PACKAGE / path).read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            parts = name.split(".")
            if parts[0] == "socialcoop" and len(parts) > 1 and parts[1] in ORDER:
                assert ORDER.index(parts[1]) <= ORDER.index(module), f"{module} imports {name}"


DRAWS = re.compile(r"^(?:from|import) matplotlib", re.MULTILINE)
DRAWING = [path for path in SOURCES if DRAWS.search((PACKAGE / path).read_text(encoding="utf-8"))]


@pytest.mark.parametrize("path", [path for path in DRAWING if not path.startswith("book/figures/")])
def test_whatever_loads_matplotlib_has_it_quiet(path):
    before, *_ = DRAWS.split((PACKAGE / path).read_text(encoding="utf-8"))
    assert "\nimport socialcoop.book.quiet " in before


def test_figures_load_matplotlib_by_their_chart_alone():
    source = (PACKAGE / "book" / "figures" / "__init__.py").read_text(encoding="utf-8")
    assert re.search(r"^from (\S+)", source, re.MULTILINE)[1] == "socialcoop.book.chart"
    assert "book/chart.py" in DRAWING


@pytest.mark.parametrize("name", MODULES[1:])
def test_no_function_hides_a_module_of_its_name(name):
    parent, _, child = name.rpartition(".")
    assert getattr(importlib.import_module(parent), child) is importlib.import_module(name)
