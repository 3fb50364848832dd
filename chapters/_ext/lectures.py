"""Reads the plan of lectures from the page for teachers.

A lecture is a section of that page, a list of entries: minutes and a chapter,
then a line for each section that is shown, or for some of them. `(two
lectures: 12)` behind an entry says that it belongs to the cut from three
lectures to two, with so many minutes, without the lines that end with
`(three lectures only)`. A line that says "vote" shows the section's first
question; `(only figures)` behind a heading shows that kind of blocks alone.
`(with *these words …*)` repeats beside the question a paragraph that begins
so, of the chapter or of another one that is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import accumulate

SINGLE = "If you have only one lecture"
DECKS = ("1", "2", "3", "1of2", "2of2", "single")
MINUTES = 90
KINDS = ("text", "statements", "tables", "figures", "formulas", "lists")

TERM = re.compile(r"(\d+)–(\d+), \{doc\}`[^<`]+ <(\w+)>`(?: \((.*)\))?")
IN_TWO = re.compile(r"two lectures: (\d+)")
NAMED = re.compile(r"“([^”]+)”(?: \(only ([^)]*)\)| \((with [^)]*)\))?")
REPEATED = re.compile(r"\*([^*]+?) …\*(?: of \{doc\}`[^<`]+<(\w+)>`)?")
ONLY_IN_THREE = " (three lectures only)"


@dataclass(frozen=True)
class Entry:
    """Some minutes of a lecture, spent on sections of one chapter."""

    minutes: int
    chapter: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Lecture:
    """What a lecture is called, and its entries in order."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Shown:
    """A section that is shown: of it all kinds of blocks, or some."""

    heading: str
    kinds: tuple[str, ...]
    vote: bool
    repeats: tuple[tuple[str, str], ...]  # first words, and where if elsewhere


def shown_by(line: str) -> list[Shown]:
    """Return the sections that a line of the plan names."""
    vote = re.search(r"\bvot", line, re.IGNORECASE) is not None
    named = []
    for heading, asked, repeated in NAMED.findall(line):
        kinds = tuple(asked.split(", ")) if asked else KINDS
        if not set(kinds) <= set(KINDS):
            allowed = ", ".join(KINDS)
            raise ValueError(f"{asked!r} is to be some of {allowed}")
        repeats = tuple(REPEATED.findall(repeated))
        named.append(Shown(heading, kinds, vote, repeats))
    return named


def read_lecture(name: str, plan: str) -> Lecture:
    """Return one lecture of the plan, by the name of its deck."""
    parts = dict(part.split("\n", 1) for part in f"\n{plan}".split("\n## ")[1:])
    three = [title for title in parts if re.match(r"Lecture \d: ", title)]
    if name == "single":
        return Lecture("One lecture", tuple(_entries(parts[SINGLE])))
    if name.isdigit():
        title = three[int(name) - 1]
        return Lecture(title, tuple(_entries(parts[title])))
    every = [
        entry for title in three for entry in _entries(parts[title], two=True)
    ]
    ends = list(accumulate(entry.minutes for entry in every))
    if MINUTES not in ends or ends[-1] != 2 * MINUTES:
        raise ValueError(f"the two lectures must fill {MINUTES} minutes each")
    half = ends.index(MINUTES) + 1
    which = int(name[0])
    chosen = every[:half] if which == 1 else every[half:]
    return Lecture(f"Lecture {which} of two", tuple(chosen))


def _entries(part: str, *, two: bool = False) -> Iterator[Entry]:
    """Yield the entries of a lecture; of those in the cut alone if asked."""
    listed = re.findall(r"^(\d[^\n]*)\n((?:: .*\n?)+)", part, re.MULTILINE)
    for term, told in listed:
        found = TERM.fullmatch(term)
        if not found:
            raise ValueError(f"the plan says {term!r}, which is no entry")
        begin, end, chapter, mark = found.groups()
        minutes = int(end) - int(begin)
        lines = [line[2:] for line in told.splitlines()]
        if two:
            cut = IN_TWO.fullmatch(mark or "")
            if not cut:
                continue
            minutes = int(cut[1])
            lines = [one for one in lines if not one.endswith(ONLY_IN_THREE)]
        lines = [line.removesuffix(ONLY_IN_THREE) for line in lines]
        yield Entry(minutes, chapter, tuple(lines))


def as_html(line: str) -> str:
    """Return what a line of the plan says, for a slide's notes."""
    text = escape(NAMED.sub(r"“\1”", line), quote=False)
    text = re.sub(r"\{[\w:]+\}`([^<&`]+?) ?(?:&lt;.*?&gt;)?`", r"\1", text)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    text = re.sub(r"\*([^*]+)\*", r"<em>\1</em>", text)
    return re.sub(r"\$([^$]+)\$", r'<span class="math">\\(\1\\)</span>', text)
