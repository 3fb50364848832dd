"""Homework: one notebook for a whole class, which asks each student other numbers.

The notebook holds what is asked, and neither the seeds nor the answers nor the secret text that led to the seeds. But
the questions come from a public package, which computes their answers: some questions are found among its seeds within
seconds. Homework is for practice, and what must not be looked up belongs into an exam.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any

from socialcoop import checks
from socialcoop.teach.files import made_salt, new_file, read_students, text_of
from socialcoop.teach.item import Item
from socialcoop.teach.items import ITEMS
from socialcoop.teach.proofs import PROOFS
from socialcoop.teach.seeds import seed_of
from socialcoop.teach.sheet import KNOWN, Asked, key_of, packed, titled, unpacked

TITLE = "Homework"
USUAL = ("external_regret", "hedge_probability", "worst_pone_payoff", "altruistic_regret", "missing_mass", "nu_value")
LECTURES = {  # what is asked after each: no item twice, so that a term asks nothing twice
    1: ("external_regret", "hedge_probability", "worst_partner", "stages_astray", "worst_pone_payoff", "lever"),
    2: (
        "altruistic_regret",
        "coarse_correlated",
        "survival_by_guessing",
        "imitator_probability",
        "missing_mass",
        "zero_shot",
    ),
    3: ("nu_probability", "nu_value", "correlation_gap", "corrected_bound", "hidden_types_price", "nu"),
}
HERE = "*Write your proof here, in place of this line.*"
OPENING = """from socialcoop.teach.sheet import opened

question, known, answer = opened(
    \"\"\"
{data}
\"\"\",
    lambda: student,
)
"""
INTRO = """# {title}

1. Write your student number into the next cell, and run the notebook from the top. The questions are made for your \
number: others have other numbers in them.
2. Before each question there is a known case, the same for all. It answers back, for practice.
3. Give your answer by a call, such as `answer("{name}", 0.25)`. A number may be written as 0.25, "0,25", "1/4" or \
"25 %"; what is to be chosen is written as a text. Your last call for a question counts.
4. The reply says whether the *form* of an answer is right. Whether the answer is right, the marking will say.
5. Save the notebook, and hand in this one file.

You may add, copy, move and delete cells: calls are read, not cells. When it is marked, all cells run once more from \
the top, for at most half a minute each.
"""


@dataclass(frozen=True)
class GivenOut:
    """What is read of a homework as it was given out: its title, what it asks by a student's key, and its texts."""

    title: str
    names: list[str]
    questions: dict[str, dict[str, Asked]]
    texts: set[str]


def item_of(salt: str, title: str, student: str, name: str) -> Item:
    """Return the item that a student is asked in the homework of a title, which is not the known case."""
    for turn in range(20):
        item = ITEMS[name](seed_of(salt, "homework", title, student, name, str(turn)))
        if Asked.of(item) != _known(name):
            break
    return item


@cache
def _known(name: str) -> Asked:
    """Return what the known case asks: it is made once for a class."""
    return Asked.of(ITEMS[name](KNOWN))


def questions_of(salt: str, title: str, students: Sequence[str], names: Sequence[str]) -> dict[str, dict[str, Asked]]:
    """Return what each student is asked, by the key of the student and the name of the item."""
    asked = [name for name in names if name in ITEMS]
    return {key_of(one): {name: Asked.of(item_of(salt, title, one, name)) for name in asked} for one in students}


def chosen(names: str | None) -> list[str]:
    """Return the names of items and proofs in a list that is separated by commas; by default six items and a proof."""
    if names is None:
        return [*USUAL, next(iter(PROOFS))]
    found = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in found if name not in ITEMS and name not in PROOFS]
    if unknown:
        raise ValueError(f"no item is called {unknown[0]!r}: there are {', '.join([*ITEMS, *PROOFS])}")
    if not any(name in ITEMS for name in found) or len(set(found)) < len(found):
        raise ValueError(f"name one or more items, each once, got {names!r}")
    return found


def notebook(salt: str, title: str, students: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """Return the notebook for all students, as JSON has it."""
    items = [name for name in names if name in ITEMS]
    data = packed(title, names, questions_of(salt, title, students, names))
    folded = {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}
    cells = [
        text(INTRO.format(title=title, name=items[0])),
        code('student = ""  # your student number, between the quotes'),
        code(OPENING.format(data="\n".join(wrap(data, 110))).strip(), folded),
    ]
    for place, name in enumerate(names, start=1):
        cells += _proof_cells(place, name) if name in PROOFS else _item_cells(place, name)
    return as_notebook(cells, "homework")


def _item_cells(place: int, name: str) -> list[dict[str, Any]]:
    return [
        text(f"## {place}. {titled(name)}\n\nA known case, for practice:"),
        code(f'known("{name}")'),
        text("Your own question:"),
        code(f'question("{name}")'),
        code(f'answer("{name}", ...)  # your answer in place of the three dots'),
    ]


def _proof_cells(place: int, name: str) -> list[dict[str, Any]]:
    return [text(f"## {place}. A proof\n\n{PROOFS[name].text}"), text(HERE)]


def text(source: str) -> dict[str, Any]:
    """Return a cell of text."""
    return {"cell_type": "markdown", "metadata": {}, "source": source.strip().splitlines(keepends=True)}


def code(source: str, metadata: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a cell of code that has not run."""
    told: dict[str, Any] = {"execution_count": None, "metadata": dict(metadata or {}), "outputs": []}
    return {"cell_type": "code", **told, "source": source.splitlines(keepends=True)}


def as_notebook(cells: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """Return a notebook of these cells, each with a name of its own."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": [{"id": f"{name}-{place:02}", **cell} for place, cell in enumerate(cells)],
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def written(path: Path, content: Mapping[str, Any]) -> None:
    """Write a notebook to a file that is not there yet."""
    told = json.dumps(content, ensure_ascii=False, indent=1)
    new_file(path).write_text(told + "\n", encoding="utf-8", newline="\n")


def read_sheet(path: Path) -> GivenOut:
    """Return a homework as it was given out."""
    try:
        cells = [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(text_of(path))["cells"]]
        data = next(source for _, source in cells if source.startswith(OPENING.partition("\n")[0]))
        title, names, questions = unpacked(data.split('"""')[1])
    except (ValueError, LookupError, TypeError, StopIteration, zlib.error):
        raise ValueError(f"{path} is not the notebook of a homework as it was given out") from None
    return GivenOut(title, names, questions, {source for kind, source in cells if kind == "markdown"})


def add_homework(commands: Any) -> None:
    """Add the command that writes a homework."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "homework", help="write one notebook for a class, with other numbers for each student", description=__doc__
    )
    parser.add_argument("out", metavar="OUT", type=Path, help="the notebook to write, such as homework.ipynb")
    parser.add_argument("--students", metavar="FILE", type=Path, required=True, help="their numbers, one in each line")
    parser.add_argument("--salt", metavar="FILE", type=Path, required=True, help="your secret text; made if missing")
    names = ", ".join([*ITEMS, *PROOFS])
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--lecture", type=int, choices=LECTURES, help="ask what was shown in this one of the three")
    asked.add_argument("--items", metavar="A,B,C", help=f"ask these, in this order, of: {names}")
    parser.add_argument("--name", metavar="TEXT", help='its title, such as "Homework 1"; the numbers depend on it')
    parser.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> None:
    names = [*LECTURES[given.lecture]] if given.lecture else chosen(given.items)
    title, students = _title(given), read_students(given.students)
    if given.out.suffix != ".ipynb":
        raise ValueError(f"OUT must be a file that ends in .ipynb, got {given.out}")
    new_file(given.out)
    written(given.out, notebook(made_salt(given.salt), title, students, names))
    print(f"{given.out}: {title}, {len(names)} question(s) for each of {len(students)} student(s).")


def _title(given: argparse.Namespace) -> str:
    """Return the title that was asked for, in one line: it is a heading."""
    usual = f"{TITLE} {given.lecture}" if given.lecture else TITLE
    return " ".join(checks.text("--name", usual if given.name is None else given.name).split())
