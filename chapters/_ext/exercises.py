"""Reads the exercises out of the chapters' notebooks, and takes out solutions.

A solution is one directive in a cell, or begins in one cell and ends in a
later one, with code between them. What the first line of an exercise says
(objective, minutes, level) is read here and nowhere else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LEVELS = ("to practise", "to think", "to prove", "open")
ABOUT = re.compile(
    rf"\*Objective (\d) · (\d+) minutes · ({'|'.join(LEVELS)})\*"
)
DIRECTIVE = re.compile(r"(`{3,}|:{3,})\{([\w-]+)\} ?(.*)")
OBJECTIVES = re.compile(
    r"```\{admonition\} When you have read this \w+, you can\n"
    r":class: tip\n((?:- [^\n]+\n)+)```"
)
ERROR = re.compile(r"^If you found .+$", re.MULTILINE)
ROOM = "```{div} sc-answer\nYour answer:\n```"

Cell = dict[str, Any]


@dataclass(frozen=True)
class Exercise:
    """An exercise: its label, what its first line says, and its text."""

    label: str
    objective: int
    minutes: int
    level: str
    text: str


@dataclass(frozen=True)
class Block:
    """Some lines of a notebook's prose, or a cell of code."""

    kind: str  # of directive; "" for what stands between directives
    name: str  # what follows the directive's kind
    text: str


def read_notebook(path: Path) -> dict[str, Any]:
    """Return a notebook whose cells have their sources as one text."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def write_notebook(notebook: dict[str, Any], path: Path) -> None:
    """Write a notebook in the form in which the chapters are stored."""
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
    text = json.dumps(notebook, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def blocks(text: str) -> Iterator[Block]:
    """Yield the outer directives of a text, and what is between them."""
    kept, lines = [], iter(text.splitlines(keepends=True))
    for line in lines:
        found = DIRECTIVE.match(line)
        if found is None:
            kept.append(line)
            continue
        if kept:
            yield Block("", "", "".join(kept))
            kept = []
        fence, kind, name = found.groups()
        body = [line]
        for inner in lines:
            body.append(inner)
            if inner.rstrip() == fence:
                break
        else:
            raise ValueError(f"{line.strip()} has no end")
        yield Block(kind, name.strip(), "".join(body))
    if kept:
        yield Block("", "", "".join(kept))


def exercises(cells: list[Cell]) -> Iterator[Exercise]:
    """Yield the exercises of a notebook."""
    for cell in cells:
        if cell["cell_type"] == "markdown":
            for block in blocks(cell["source"]):
                if block.kind == "exercise":
                    yield _exercise(block.text)


def _exercise(text: str) -> Exercise:
    _, label, _, about, *told = text.splitlines()
    found = ABOUT.fullmatch(about)
    if found is None:
        wanted = f"*Objective 1 · 10 minutes · {LEVELS[0]}*"
        raise ValueError(f"{label}: no line such as {wanted}, got {about}")
    objective, minutes, level = found.groups()
    name = label.removeprefix(":label: ")
    return Exercise(
        name, int(objective), int(minutes), level, "\n".join(told[:-1]).strip()
    )


def objectives(cells: list[Cell]) -> list[str]:
    """Return what a reader can do at the end of the chapter."""
    (found,) = filter(
        None, (OBJECTIVES.search(cell["source"]) for cell in cells)
    )
    return [line.removeprefix("- ") for line in found[1].splitlines()]


def typical_errors(cells: list[Cell]) -> dict[str, list[str]]:
    """Return for each exercise what its solution says of wrong answers."""
    found: dict[str, list[str]] = {}
    for label, text in _solutions(cells):
        found.setdefault(label, []).extend(ERROR.findall(text))
    return {label: errors for label, errors in found.items() if errors}


def _solutions(cells: list[Cell]) -> Iterator[tuple[str, str]]:
    """Yield the prose of solutions, each with the label of its exercise."""
    label = ""
    for cell in cells:
        if cell["cell_type"] != "markdown":
            continue
        for block in blocks(cell["source"]):
            if block.kind == "solution":
                yield block.name, block.text
            elif block.kind == "solution-start":
                label = block.name
            elif block.kind == "solution-end":
                label = ""
            elif label:
                yield label, block.text


def without_solutions(cells: list[Cell], room: str = ROOM) -> list[Cell]:
    """Return the cells with room in place of each solution.

    Cells between the beginning and the end of a solution are dropped, and the
    others of code are numbered anew, as if they alone had been run.
    """
    kept, inside, count = [], False, 0
    for cell in cells:
        if cell["cell_type"] == "markdown":
            parts = []
            for block in blocks(cell["source"]):
                if block.kind in ("solution", "solution-start"):
                    parts.append(f"{room}\n")
                    inside = block.kind == "solution-start"
                elif block.kind == "solution-end":
                    inside = False
                elif not inside:
                    parts.append(block.text)
            if text := "".join(parts).strip("\n"):
                kept.append({**cell, "source": text})
        elif not inside:
            count += 1
            outputs = [
                {**output, "execution_count": count}
                if "execution_count" in output
                else output
                for output in cell["outputs"]
            ]
            kept.append({**cell, "execution_count": count, "outputs": outputs})
    if inside:
        raise ValueError("a solution begins and does not end")
    return kept
