"""The tables stored beside the chapters, and the scripts that measure them."""

import csv
import importlib.util
from collections import defaultdict
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]


@cache
def script(name):
    """Return the module that measures the table of this name."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "tests" / "benchmarks" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def rows(name):
    """Return the table's rows, each a mapping from the names of its columns."""
    with (ROOT / "chapters" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def row_of(name, **wanted):
    """Return the one row of the table that has all of these values."""
    (row,) = _by(name, tuple(wanted)).get(tuple(wanted.values()), [])
    return row


@cache
def _by(name, columns):
    """Return the table's rows by what they have in these columns: tests ask for thousands of them."""
    found = defaultdict(list)
    for row in rows(name):
        found[tuple(row[column] for column in columns)].append(row)
    return found
