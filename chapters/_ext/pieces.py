"""Says what of a section of a built page stands together on a slide.

A question brings what is said before it, and its answer follows. Statements,
tables and figures bring the sentences that explain them, as far as they fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from math import ceil

from blocks import Block, blocks_of, height
from bs4 import BeautifulSoup, Tag
from lectures import Shown
from sentences import (
    beginning,
    but_first,
    divided,
    explains,
    first,
    last,
    plain,
)

ROOM = 16.0  # lines of a slide
STRETCH = 2.3  # lines by which a slide may be too full: letters shrink then
VOTE = 22.5  # lines of a question with all that it needs

OPENING = 850  # characters of what a section says before it shows something
BEFORE_VOTE = 1300  # or before what stands on the slide of its question
ANSWER = 1000  # of what it says after a vote, or to explain
LEAD = 170  # of an item of a list, and of what a figure may take from text
BESIDE = 120  # of what is put over a table that nothing introduces
WORTH = 170  # of an answer that is worth a slide
LIST = 620  # of a list whose items stand whole
BARE = 35  # of what says nothing alone, as "Explain." does
CAPTION = 260  # of all that stands beside a figure, if it can be helped
ABOVE = {"table": 480, "figure": 350, "list": 300, "formula": 300, "box": 250}

KIND_OF = {
    "box": "statements",
    "table": "tables",
    "figure": "figures",
    "formula": "formulas",
    "list": "lists",
}


@dataclass
class Piece:
    """What stands together on a slide, and how many lines it takes.

    `more` are paragraphs that may stand below, if the slide has room.
    """

    kind: str
    parts: list[Tag]
    lines: float
    more: list[Tag] = field(default_factory=list)


@dataclass
class _Group:
    """A block that is shown, and what is said before it."""

    run: list[Block]
    heads: list[Tag]
    kind: str
    block: Tag | None


def pieces_of(
    section: Tag, asked: Shown, passages: Sequence[Tag] = ()
) -> list[Piece]:
    """Return what of a section is shown, in order.

    `passages` of other places are what a vote needs beside its section.
    """
    blocks = blocks_of(section, vote=asked.vote)
    kinds = [kind for kind, _ in blocks]
    if "vote" not in kinds:
        return _shown(blocks, asked, OPENING)
    place = kinds.index("vote")
    begin, vote = _vote(blocks, place, passages)
    before = _shown(blocks[:begin], asked, BEFORE_VOTE)
    after = _shown(blocks[place + 1 :], asked, 0)
    return [*before, vote, *after]


def _vote(
    blocks: list[Block], place: int, passages: Sequence[Tag]
) -> tuple[int, Piece]:
    """Return from which block on a vote brings what is said, and the vote."""
    form = blocks[place][1]
    left = VOTE - height(form) - sum(map(height, passages))
    begin = place
    context: list[Tag] = []
    while begin and blocks[begin - 1][0] in ("text", "answer", "list", "table"):
        kind, block = blocks[begin - 1]
        if kind != "answer":
            left -= height(block)
            if left < 0:
                break
            context.insert(0, copy(block))
        begin -= 1
    kind, opening = blocks[0]
    bare = begin and len(context) == 1 and not passages
    if bare and kind == "text" and height(opening) <= left:
        context.insert(0, copy(opening))  # the subject, once more
    return begin, _piece("vote", [*passages, *context], form)


def _groups(blocks: list[Block], asked: Shown) -> Iterator[_Group]:
    """Yield what is shown, block by block, and what is said at the end."""
    run: list[Block] = []
    heads: list[Tag] = []
    unseen = False
    for kind, block in blocks:
        if kind in ("text", "answer"):
            run.append(("answer" if unseen else kind, block))
            unseen = False
        elif kind == "heading" and "text" in asked.kinds:
            heads = [copy(block)]
        elif KIND_OF.get(kind) in asked.kinds:
            yield _Group(run, heads, kind, block)
            run, heads = [], []
        elif kind in KIND_OF:
            unseen = True
            if run and not plain(run[-1][1]).endswith((".", ")")):
                run.pop()  # it would lead to nothing
    yield _Group(run, [], "end", None)


def _shown(blocks: list[Block], asked: Shown, opening: int) -> list[Piece]:
    """Return pieces, the first with so many characters of text.

    After a vote there is no opening: its answer comes, and is not left out.
    """
    shown: list[Piece] = []
    owed = not opening
    for group in _groups(blocks, asked):
        opens = not shown and not owed
        bare = bool(shown) and _is_bare(shown[-1])
        lead, rest = _introduction(group, opens=opens, bare=bare)
        if shown and rest:
            rest = _completed(shown[-1], _caption(shown[-1], rest))
        if "text" not in asked.kinds:
            rest = []
            lead = [] if group.kind == "box" else lead
        if rest and (opens or owed):
            _tell(shown, beginning(rest, opening if opens else ANSWER))
            owed = False
        elif rest and explains(rest[0]):
            _tell(shown, beginning(rest[:1], ANSWER))
            shown[-1].more += rest[1:]
        elif rest and group.kind == "figure" and not lead:
            shown[-1].more += rest[:-1]
            _tell(shown, [*group.heads, rest[-1]])
            group.heads = []
        elif rest:
            shown[-1].more += rest
        if group.block is None:
            break
        lead = [*group.heads, *(lead or _named(group))]
        if group.kind == "list":
            shown += _list(group.block, lead)
            owed = False
        else:
            shown.append(_piece(group.kind, lead, group.block))
    return shown


def _tell(shown: list[Piece], said: list[Tag]) -> None:
    """Add paragraphs; few words need no slide of their own."""
    if not shown or len(" ".join(map(plain, said))) > WORTH:
        shown.append(_piece("text", said))
    else:
        shown[-1].more += said


def _introduction(
    group: _Group, *, opens: bool, bare: bool
) -> tuple[list[Tag], list[Tag]]:
    """Return what introduces a block, and what is said before that."""
    rest = [block for kind, block in group.run if kind == "text"]
    if not group.run or group.block is None:
        return [], rest
    if opens and (len(group.run) == 1 or group.kind in ("box", "formula")):
        return [], rest
    if bare and group.kind == "box" and len(group.run) == 1:
        return [], rest  # it speaks of what stands alone above
    kind, said = group.run[-1]
    if kind == "answer" and len(plain(said)) > LEAD:
        if group.kind not in ("table", "figure"):
            return [], rest
        said = but_first(said)  # the first speaks of what nobody sees
    before = [block for block in rest if block is not said]
    text = plain(said)
    room = LEAD if opens and group.kind == "figure" else ABOVE[group.kind]
    if text[0].islower():  # the end of a sentence that a formula has begun
        return [], rest
    if len(text) > room:
        leads = text.endswith(":") or group.kind in ("list", "formula")
        return ([last(said)], before) if leads else ([], rest)
    said_before = plain(before[-1]) if before else ""
    asks = said_before and "?" in (text[-1], said_before[-1])
    if asks and len(text) + len(said_before) <= room:
        return [copy(before[-1]), copy(said)], before[:-1]
    return [copy(said)], before


def _caption(piece: Piece, rest: list[Tag]) -> list[Tag]:
    """Give a figure or a bare table the first sentences of what follows."""
    room = _caption_room(piece)
    if not room:
        return rest
    said, left = divided(rest[0], room)
    text = plain(said)
    bare = explains(said) and len(text) < BARE
    if not text[0].isupper() or bare or len(text) > room:
        return rest
    led = len(piece.parts) > 1
    piece.parts.insert(len(piece.parts) - (not led), said)
    piece.lines += height(said)
    return [*([left] if left else []), *rest[1:]]


def _completed(piece: Piece, rest: list[Tag]) -> list[Tag]:
    """End the sentence that a formula has begun."""
    if piece.kind != "formula" or not rest or not plain(rest[0])[0].islower():
        return rest
    piece.parts.append(copy(rest[0]))
    piece.lines += height(rest[0])
    return rest[1:]


def _is_bare(piece: Piece) -> bool:
    """Whether it is a table or a figure of which nothing is said."""
    return piece.kind in ("table", "figure") and len(piece.parts) == 1


def _caption_room(piece: Piece) -> int:
    """Return how many characters may still be said of a table or a figure."""
    *leads, block = piece.parts
    if piece.kind == "table":
        return 0 if leads else BESIDE
    if piece.kind != "figure":
        return 0
    full = leads or block.select_one(".sc-talk")
    if "sc-explorable" in (block.get("class") or ()) and full:
        return 0
    return CAPTION - len(" ".join(map(plain, leads)))


def _named(group: _Group) -> list[Tag]:
    """Return what a cell of one line calls the table that it shows."""
    cell = group.block.find_parent(class_="cell") if group.block else None
    if group.kind != "table" or cell is None or cell.select("details"):
        return []
    lines = cell.select(".cell_input pre")
    text = "".join(line.get_text() for line in lines).strip()
    names = re.findall(r'"([^"]+)"', text)
    if "\n" in text or len(names) != 1:
        return []
    said = BeautifulSoup("", "html.parser").new_tag("p")
    said.string = f"{names[0][0].upper()}{names[0][1:]}"
    return [said]


def _list(block: Tag, lead: list[Tag]) -> list[Piece]:
    """Return a list, as pieces that fit on slides and are of about a size."""
    items = block.find_all("li", recursive=False)
    if len(plain(block)) > LIST:
        items = [_short_item(item) for item in items]
    above = sum(map(height, lead))
    total = above + sum(map(height, items))
    share = total / ceil(total / (ROOM + STRETCH))
    begin = int(str(block.get("start") or 1))
    found: list[Piece] = []
    group: list[Tag] = []
    for place, item in enumerate(items):
        group.append(copy(item))
        here = sum(map(height, group)) + (0 if found else above)
        if here < share - 0.6 and place + 1 < len(items):
            continue
        part = BeautifulSoup("", "html.parser").new_tag(block.name)
        if block.name == "ol":
            part["start"] = str(begin + place + 1 - len(group))
        part.extend(group)
        found.append(_piece("list", [] if found else lead, part))
        group = []
    return found


def _short_item(item: Tag) -> Tag:
    """Return an item with what it says first."""
    inner = item.find("p", recursive=False)
    if inner is None:
        return first(item, LEAD)
    short = BeautifulSoup("", "html.parser").new_tag("li")
    short.append(first(inner, LEAD))
    return short


def _piece(kind: str, lead: Sequence[Tag], block: Tag | None = None) -> Piece:
    parts = [*lead, *([copy(block)] if block is not None else [])]
    return Piece(kind, parts, sum(map(height, parts)))
