"""The stored table of what commitments and their rivals earn, and the script that measures it."""

import csv
import importlib.util
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]


@cache
def script():
    """Return the module that measures the table."""
    spec = importlib.util.spec_from_file_location("commitments", ROOT / "tests" / "benchmarks" / "commitments.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def rows():
    with (ROOT / "chapters" / "commitments.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def _found():
    keys = ("reaction", "actions", "records", "assistant")
    return {tuple(row[key] for key in keys): row for row in rows()}


def told(assistant, reaction="kind", actions=12, records=100, number="mean"):
    """Return a number of the table."""
    return float(_found()[reaction, str(actions), str(records), assistant][number])
