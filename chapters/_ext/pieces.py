"""Says what of a section of a built page stands on slides, by kind of block.

First sentences, statements without their proofs, a question, tables, lists,
figures with their controls: never proofs, exercises, solutions and code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from math import ceil

from bs4 import BeautifulSoup, NavigableString, Tag
from lectures import Shown

ROOM = 16.0  # lines of a slide
LETTERS = 94  # of a line
FIGURE = 11.0  # lines that a figure takes
STRETCH = 1.2  # lines by which a slide may be too full: letters shrink then
CONTEXT = 2.5  # so many where one would not stand well without the other
SHORT = 6.0  # lines of what should not end a section on a slide of its own

OPENING = 600  # characters of what a section says before it shows something
LEAD = 170  # of a paragraph that stands whole above what it introduces
LIST = 620  # of a list whose items stand whole

BOXES = {
    "definition",
    "theorem",
    "proposition",
    "lemma",
    "corollary",
    "remark",
}


@dataclass
class Piece:
    """What stands together on a slide, and how many lines it takes."""

    kind: str
    parts: list[Tag]
    lines: float


def pieces_of(section: Tag, asked: Shown) -> list[Piece]:
    """Return what of a section is shown, in order."""
    blocks = list(_blocks(section))
    shown, told = _opening(blocks, asked)  # told: a paragraph not shown so far
    heads: list[Tag] = []
    vote = asked.vote
    for place, (kind, block) in enumerate(blocks):
        if kind == "text":
            told = block
            continue
        if kind == "heading" and "text" in asked.kinds:
            heads = [copy(block)]
        elif kind == "vote" and vote:
            lead = [copy(told)] if told and _is_vote(told) else []
            shown.append(_piece(kind, [*heads, *lead], block))
            heads, vote = [], False
        elif KIND_OF.get(kind) in asked.kinds:
            lead = [*heads, *_introduction(blocks, place, told, asked)]
            if kind == "list":
                shown += _list(block, lead)
            else:
                shown.append(_piece(kind, lead, block))
            heads = []
        told = None
    return shown


def _opening(
    blocks: list[tuple[str, Tag]], asked: Shown
) -> tuple[list[Piece], Tag | None]:
    """Take the paragraphs off with which a section begins.

    Return what is shown of them, and the one that introduces what follows.
    """
    opening: list[Tag] = []
    while blocks and blocks[0][0] == "text":
        opening.append(blocks.pop(0)[1])
    if not opening:
        return [], None
    follows = blocks[0][0] if blocks else "end"
    told = None
    several = len(opening) > 1 and follows in ("list", "table", "figure")
    if several or _is_vote(opening[-1]):
        told = opening.pop()
    if opening and "text" in asked.kinds:
        return [_piece("text", _beginning(opening))], told
    return [], told or opening[-1]


def _introduction(
    blocks: list[tuple[str, Tag]], place: int, told: Tag | None, asked: Shown
) -> list[Tag]:
    """Return what is said of a block: before it, or else right after it."""
    kind, block = blocks[place]
    lead = _lead(told, kind)
    if lead or kind not in ("table", "figure") or is_live(block):
        return lead
    if named := _named(block):
        return named
    after = [*blocks[place + 1 : place + 3], ("", block), ("", block)][:2]
    caption = _caption(after, lists="lists" in asked.kinds)
    if caption:  # which is not said once more
        blocks[place + 1] = ("text", _after_first(after[0][1]))
    return caption


KIND_OF = {
    "box": "statements",
    "table": "tables",
    "figure": "figures",
    "formula": "formulas",
    "list": "lists",
}


def _blocks(section: Tag) -> Iterator[tuple[str, Tag]]:
    """Yield the blocks of a section that may be shown, by kind."""
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
            yield "text", child
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


def _shown_by(cell: Tag) -> Iterator[tuple[str, Tag]]:
    """Yield what a cell shows, never how it is computed."""
    for output in cell.select(".cell_output > .output"):
        live = output.select_one("form.sc-ask, form.sc-own, figure, table")
        if live is None:
            continue
        asks = "sc-ask" in (live.get("class") or ())
        kind = "table" if live.name == "table" else "figure"
        yield "vote" if asks else kind, live


def _beginning(paragraphs: list[Tag]) -> list[Tag]:
    """Return the first sentences of a section, as many as a slide bears."""
    left = OPENING
    parts: list[Tag] = []
    for paragraph in paragraphs:
        length = len(plain(paragraph))
        if length > left:
            break
        parts.append(copy(paragraph))
        left -= length
    return parts or [_first(paragraphs[0], OPENING)]


def _lead(told: Tag | None, kind: str) -> list[Tag]:
    """Return what is said to introduce a block, if it is short."""
    text = plain(told)
    if told is None or not text or kind == "box" or _is_vote(told):
        return []
    if text[0].islower():  # the end of a sentence that a formula has begun
        return []
    if len(text) <= LEAD:
        return [copy(told)]
    if kind in ("list", "formula") or text.endswith(":"):
        return [_last(told)]
    return []


def _caption(after: list[tuple[str, Tag]], *, lists: bool) -> list[Tag]:
    """Return the first sentence of what follows a figure or a table."""
    (kind, block), (then, _) = after
    if kind != "text" or (then == "list" and lists) or _is_vote(block):
        return []
    said = _first(block, 1)
    text = plain(said)
    return [said] if text and len(text) <= LEAD and text[0].isupper() else []


def _named(block: Tag) -> list[Tag]:
    """Return what a cell of one line calls what it shows."""
    cell = block.find_parent(class_="cell")
    lines = cell.select(".cell_input pre") if cell else []
    text = "".join(line.get_text() for line in lines).strip()
    names = re.findall(r'"([^"]+)"', text)
    if not cell or cell.select("details") or "\n" in text or len(names) != 1:
        return []
    said = BeautifulSoup("", "html.parser").new_tag("p")
    said.string = f"{names[0][0].upper()}{names[0][1:]}"
    return [said]


def _after_first(paragraph: Tag) -> Tag:
    """Return a paragraph without its first sentence."""
    return _of(paragraph, _split(paragraph)[1:])


def _list(block: Tag, lead: list[Tag]) -> list[Piece]:
    """Return a list, as pieces that fit on slides and are of about a size."""
    items = block.find_all("li", recursive=False)
    if len(plain(block)) > LIST:
        items = [_short_item(item) for item in items]
    above = sum(map(_height, lead))
    total = above + sum(map(_height, items))
    share = total / ceil(total / (ROOM + STRETCH))
    first = int(str(block.get("start") or 1))
    found: list[Piece] = []
    group: list[Tag] = []
    for place, item in enumerate(items):
        group.append(copy(item))
        here = sum(map(_height, group)) + (0 if found else above)
        if here < share - 0.6 and place + 1 < len(items):
            continue
        part = BeautifulSoup("", "html.parser").new_tag(block.name)
        if block.name == "ol":
            part["start"] = str(first + place + 1 - len(group))
        part.extend(group)
        found.append(_piece("list", [] if found else lead, part))
        group = []
    return found


def _short_item(item: Tag) -> Tag:
    """Return an item with what it says first."""
    inner = item.find("p", recursive=False)
    if inner is None:
        return _first(item, LEAD)
    short = BeautifulSoup("", "html.parser").new_tag("li")
    short.append(_first(inner, LEAD))
    return short


def _piece(kind: str, lead: list[Tag], block: Tag | None = None) -> Piece:
    parts = [*lead, *([copy(block)] if block is not None else [])]
    return Piece(kind, parts, sum(map(_height, parts)))


def _height(tag: Tag) -> float:
    """Return about how many lines a block takes."""
    if tag.name == "table":
        return 1.45 * len(tag.find_all("tr")) + 0.6
    if tag.name in ("ul", "ol"):
        return sum(_height(item) for item in tag.find_all("li"))
    if tag.name == "form":
        return 3.0 + 1.7 * len(tag.find_all("label"))
    if tag.name == "figure":
        return FIGURE
    formulas = len(tag.select("div.math"))
    if tag.name == "div":
        formulas += 1
    text = len(FORMULA.sub("x", plain(tag)))
    return ceil(text / LETTERS) * 1.15 + 0.5 + 1.5 * formulas


FORMULA = re.compile(r"\\[a-zA-Z]+|[{}_^$&\\]")  # what is not seen as letters
END = re.compile(r"(?<=[.?!:])\s+(?=[A-Z“(0-9])")


def plain(tag: Tag | None) -> str:
    """Return a text without line breaks."""
    return " ".join(tag.get_text().split()) if tag is not None else ""


def _is_vote(tag: Tag | None) -> bool:
    return plain(tag).startswith("Predict.")


def _split(tag: Tag) -> list[list[object]]:
    """Return the sentences of a paragraph, each as what it is made of."""
    sentences: list[list[object]] = [[]]
    for child in tag.contents:
        if not isinstance(child, NavigableString):
            sentences[-1].append(child)
            continue
        first, *others = END.split(str(child))
        sentences[-1].append(first)
        for other in others:
            sentences[-1].append(" ")
            sentences.append([other])
    return sentences


def _of(tag: Tag, sentences: list[list[object]]) -> Tag:
    made = BeautifulSoup("", "html.parser").new_tag(tag.name)
    for sentence in sentences:
        for part in sentence:
            made.append(copy(part) if isinstance(part, Tag) else str(part))
    return made


def _first(tag: Tag, room: int) -> Tag:
    """Return the first sentences that have room, and one at least."""
    sentences = _split(tag)
    for count in range(len(sentences), 1, -1):
        part = _of(tag, sentences[:count])
        if len(plain(part)) <= room:
            return part
    return _of(tag, sentences[:1])


def _last(tag: Tag) -> Tag:
    return _of(tag, _split(tag)[-1:])


def is_live(figure: Tag) -> bool:
    """Whether a figure has controls."""
    return figure.find("script") is not None
