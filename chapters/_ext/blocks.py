"""Finds the blocks of a section of a built page, by kind.

Proofs, exercises, solutions and code are none, and no text speaks of code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import ceil

from bs4 import Tag
from sentences import is_vote, plain, without_code

LETTERS = 94  # of a line
LEGEND = 78  # of a line of a question
FIGURE = 11.0  # lines that a figure takes

BOXES = {
    "definition",
    "theorem",
    "proposition",
    "lemma",
    "corollary",
    "remark",
}

Block = tuple[str, Tag]


def blocks_of(section: Tag, *, vote: bool) -> list[Block]:
    """Return the blocks of a section, of its questions at most the first.

    A text right after a question or an output that is left out is of the
    kind "answer": it speaks of what nobody sees.
    """
    kept: list[Block] = []
    unseen = False
    for kind, block in _blocks(section):
        here = kind
        if kind == "vote" and vote:
            vote = False
        elif kind == "vote":
            here = "output"
            if kept and is_vote(kept[-1][1]):
                kept.pop()
        elif kind == "text" and unseen and not is_vote(block):
            here = "answer"
        if here != "output":
            kept.append((here, block))
        of_shown = bool(kept) and kept[-1][0] in ("vote", "table", "figure")
        unseen = here == "output" and not of_shown
    return kept


def _blocks(section: Tag) -> Iterator[Block]:
    """Yield the blocks of a section."""
    for child in section.find_all(recursive=False):
        classes = set(child.get("class") or ())
        if child.name == "section":
            if section.find("h1", recursive=False):
                return  # under the title of a page stand all its sections
            first = child.find("p", recursive=False)
            if not (first and plain(first).startswith("Optional:")):
                yield from _blocks(child)
        elif child.name in ("h3", "h4"):
            yield "heading", child
        elif child.name == "p":
            if text := without_code(child):
                yield "text", text
        elif child.name in ("ul", "ol"):
            yield "list", child
        elif "proof" in classes and classes & BOXES:
            yield "box", child
        elif "math" in classes:
            yield "formula", child
        elif (
            child.name == "table" or "pst-scrollable-table-container" in classes
        ):
            yield "table", child if child.name == "table" else child.table
        elif "cell" in classes:
            yield from _shown_by(child)


def _shown_by(cell: Tag) -> Iterator[Block]:
    """Yield what a cell shows, never how it is computed."""
    outputs = cell.select(".cell_output > .output")
    shown = [output.select_one(SHOWN) for output in outputs]
    for live in filter(None, shown):
        asks = "sc-ask" in (live.get("class") or ())
        kind = "table" if live.name == "table" else "figure"
        yield "vote" if asks else kind, live
    if outputs and not any(shown):
        yield "output", outputs[0]


SHOWN = "form.sc-ask, form.sc-own, figure, table"


def height(tag: Tag) -> float:
    """Return about how many lines a block takes."""
    if tag.name == "table":
        return 1.45 * len(tag.find_all("tr")) + 0.6
    if tag.name in ("ul", "ol"):
        return sum(height(item) for item in tag.find_all("li"))
    if tag.name == "form":
        legend = len(plain(tag.legend)) // LEGEND
        return 2.6 + 1.7 * len(tag.find_all("label")) + 1.5 * legend
    if tag.name == "figure":
        return FIGURE
    set_apart = tag.select("div.math")
    more_rows = sum(str(one).count(r"\\") for one in set_apart)
    formulas = 2.0 * len(set_apart) + 1.5 * more_rows
    title = 1.5 if tag.name == "div" else 0  # or what is a formula itself
    text = len(FORMULA.sub("x", plain(tag)))
    return ceil(text / LETTERS) * 1.15 + 0.5 + formulas + title


FORMULA = re.compile(r"\\[a-zA-Z]+|[{}_^$&\\]")  # what is not seen as letters
