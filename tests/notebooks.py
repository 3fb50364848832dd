"""The book's pages, and the chapters' notebooks, read and run as plain code."""

import ast
import json
from pathlib import Path

import socialcoop as sc

CHAPTERS = Path(__file__).parents[1] / "chapters"
NAMES = sorted(path.stem for path in CHAPTERS.glob("*.ipynb"))
PAGES = [*NAMES, *sorted(path.stem for path in CHAPTERS.glob("*.md"))]


def cells_of(name):
    """Return the notebook's cells, each with its source as one string."""
    cells = json.loads((CHAPTERS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


def explorables_of(name):
    """Run a notebook's cells here, and return the explorables that they end in."""
    found, scope = [], {}
    for cell in cells_of(name):
        if cell["cell_type"] == "code":
            body = ast.parse(cell["source"]).body
            last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
            exec(compile(ast.Module(body, []), name, "exec"), scope)
            value = eval(compile(ast.Expression(last.value), name, "eval"), scope) if last else None
            found += [value] if isinstance(value, sc.book.Explorable) else []
    return found
