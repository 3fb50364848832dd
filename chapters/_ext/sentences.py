"""Takes paragraphs of a built page apart into sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import copy

from bs4 import BeautifulSoup, NavigableString, Tag

END = re.compile(r"(?:(?<=[.?!:])|(?<=[.?!]\)))\s+(?=[A-Z“(0-9])")
CODE = re.compile(r"\bcells?\b|^In (the )?code\b|^Code counts\b")


def plain(tag: Tag | None) -> str:
    """Return a text without line breaks."""
    return " ".join(tag.get_text().split()) if tag is not None else ""


def is_vote(tag: Tag | None) -> bool:
    """Whether a paragraph leads to a question."""
    return plain(tag).startswith(("Predict.", "Check yourself."))


def explains(tag: Tag) -> bool:
    """Whether a paragraph says what is to be seen in what was measured."""
    return plain(tag).startswith(("Explain", "Seen in simulation"))


def sentences(tag: Tag) -> list[list[object]]:
    """Return the sentences of a paragraph, each as what it is made of."""
    found: list[list[object]] = [[]]
    for child in tag.contents:
        if not isinstance(child, NavigableString):
            found[-1].append(child)
            continue
        first, *others = END.split(str(child))
        found[-1].append(first)
        for other in others:
            found[-1].append(" ")
            found.append([other])
    return found


def paragraph(tag: Tag, parts: Sequence[Sequence[object]]) -> Tag:
    """Return a paragraph like this one, of some sentences."""
    made = BeautifulSoup("", "html.parser").new_tag(tag.name)
    for sentence in parts:
        for part in sentence:
            made.append(copy(part) if isinstance(part, Tag) else str(part))
    return made


def divided(tag: Tag, room: int) -> tuple[Tag, Tag | None]:
    """Return the first sentences that have room, at least one, and the rest."""
    parts = sentences(tag)
    for count in range(len(parts), 0, -1):
        part = paragraph(tag, parts[:count])
        if count == 1 or len(plain(part)) <= room:
            break
    rest = paragraph(tag, parts[count:])
    return part, rest if plain(rest) else None


def first(tag: Tag, room: int) -> Tag:
    """Return the first sentences that have room, and one at least."""
    return divided(tag, room)[0]


def but_first(tag: Tag) -> Tag:
    """Return all sentences but the first, or the only one."""
    return paragraph(tag, sentences(tag)[1:] or sentences(tag))


def last(tag: Tag) -> Tag:
    """Return the last sentence."""
    return paragraph(tag, sentences(tag)[-1:])


def beginning(paragraphs: Sequence[Tag], room: int) -> list[Tag]:
    """Return the first paragraphs that have room, or of one its beginning."""
    left = room
    parts: list[Tag] = []
    for one in paragraphs:
        left -= len(plain(one))
        if left < 0:
            break
        parts.append(copy(one))
    return parts or [first(paragraphs[0], room)]


def without_code(tag: Tag) -> Tag | None:
    """Leave out the sentences of code; none, if a paragraph begins so."""
    parts = sentences(tag)
    kept = [part for part in parts if not _of_code(paragraph(tag, [part]))]
    if len(kept) == len(parts):
        return tag
    return paragraph(tag, kept) if parts[0] in kept else None


def _of_code(sentence: Tag) -> bool:
    return bool(sentence.find("code") or CODE.search(plain(sentence)))
