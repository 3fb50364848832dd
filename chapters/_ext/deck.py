"""Make slides of the built book: `python chapters/_ext/deck.py 1`.

The plan in `chapters/teaching.md` says which sections a lecture shows; the
kind of a block says what of them: first sentences, statements without their
proofs, questions, figures with their controls, tables, lists. What the plan
says of a section are the speaker's notes. The deck, one file such as
`_build/deck1.html`, stands beside the pages and uses their styles and scripts.
"""

from __future__ import annotations

import argparse
import re
from copy import copy
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from blocks import height
from bs4 import BeautifulSoup, Tag
from lectures import DECKS, Lecture, as_html, read_lecture, shown_by
from pieces import ROOM, STRETCH, Piece, pieces_of
from sentences import plain

HERE = Path(__file__).parent
BUILT = HERE.parents[1] / "_build" / "html"
PLAN = HERE.parent / "teaching.md"


@dataclass
class Slide:
    """What a slide shows and what is said with it."""

    heading: str
    above: str
    when: str
    notes: list[str]
    pieces: list[Piece] = field(default_factory=list)
    lines: float = 0
    closed: bool = False  # nothing may follow, as after a vote
    kind: str = ""

    @property
    def parts(self) -> list[Tag]:
        """All that is shown: the pieces, and more where they leave room."""
        left = ROOM - self.lines
        parts: list[Tag] = []
        for piece in self.pieces:
            parts += piece.parts
            for more in [] if self.closed else piece.more:
                left -= height(more)
                if left < 0:
                    break
                parts.append(more)
        return parts

    def html(self, number: int, of: int) -> str:
        """Return the slide as an element."""
        body = "".join(map(str, self.parts))
        notes = "".join(f"<p>{note}</p>" for note in self.notes)
        return (
            f'<section class="slide slide-{self.kind}" id="slide-{number}" '
            f'tabindex="-1" aria-label="Slide {number} of {of}">'
            f'<div class="face"><p class="above">{self.above}</p>'
            f"<h2>{self.heading}</h2>"
            f'<div class="shown">{body}</div>'
            f'<p class="below"><span>{self.when}</span>'
            f"<span>{number} / {of}</span></p></div>"
            f'<aside class="notes" aria-label="Notes">{notes}</aside>'
            "</section>\n"
        )


class Book:
    """The built pages, each read once."""

    def __init__(self, html: Path) -> None:
        self.html = html
        self.pages: dict[str, BeautifulSoup] = {}

    def page(self, name: str) -> BeautifulSoup:
        """Return a page whose links lead on from the place of a deck."""
        if name not in self.pages:
            path = self.html / "chapters" / f"{name}.html"
            soup = BeautifulSoup(
                path.read_text(encoding="utf-8"), "html.parser"
            )
            for useless in soup.find_all(class_=["sc-tip", "headerlink"]):
                useless.decompose()
            for around in soup.find_all(class_=["sc-term", "sc-together"]):
                around.unwrap()
            soup.smooth()
            for table in soup.find_all("table", class_="dataframe"):
                _one_head(table)
            self._rename(soup, name)
            self.pages[name] = soup
        return self.pages[name]

    def _rename(self, soup: BeautifulSoup, name: str) -> None:
        """Let addresses be those of the deck, where pages stand together."""
        article = _article(soup)
        for script in article.find_all("script", src=True):
            script["src"] = self._from_deck(str(script["src"]))
        for link in article.find_all("a", href=True):
            target = str(link["href"])
            if target.startswith("#fig-"):
                link["href"] = f"#{name}-{target[1:]}"
            elif target.startswith("#"):
                link["href"] = f"{self.html.name}/chapters/{name}.html{target}"
            elif not re.match(r"\w+:", target):
                link["href"] = self._from_deck(target)
        for other in article.find_all(id=True):
            if other.name == "figure":
                other["id"] = f"{name}-{other['id']}"
            elif not other.find_parent("svg"):
                del other["id"]
                if other.name == "a" or other.name == "p":
                    other.attrs.pop("name", None)

    def _from_deck(self, address: str) -> str:
        if address.startswith("../"):
            return f"{self.html.name}/{address[3:]}"
        return f"{self.html.name}/chapters/{address}"

    def _file(self, address: str) -> str:
        """Return a file once, whenever the pages were built that ask for it."""
        return self._from_deck(address).partition("?")[0]

    def section(self, name: str, heading: str) -> Tag:
        """Return the section of a page with this heading."""
        for title in _article(self.page(name)).find_all(["h1", "h2"]):
            told = re.sub(r"^\d+\. ", "", plain(title))
            if told == heading and isinstance(title.parent, Tag):
                return title.parent
        raise ValueError(f"the plan names “{heading}”, which {name} has not")

    def passage(self, name: str, words: str) -> list[Tag]:
        """Return the paragraph with these first words, and a table if led."""
        for said in _article(self.page(name)).find_all("p"):
            if plain(said).startswith(words):
                table = (
                    said.find_next("table")
                    if plain(said).endswith(":")
                    else None
                )
                return [copy(said), *([copy(table)] if table else [])]
        raise ValueError(f"the plan repeats “{words}”, which {name} has not")

    def title(self, name: str) -> str:
        """Return what a chapter is called, with its number."""
        return plain(_article(self.page(name)).h1)

    def head(self) -> str:
        """Return the styles of the pages read, and how formulas are set."""
        styles: dict[str, None] = {}
        scripts: dict[str, None] = {}
        for soup in self.pages.values():
            for link in soup.find_all("link", rel="stylesheet", href=True):
                styles[self._file(str(link["href"]))] = None
            for script in soup.head.find_all("script") if soup.head else ():
                source = str(script.get("src") or "")
                if "mathjax" in source:
                    script_tag = f'<script defer src="{self._file(source)}">'
                    scripts[f"{script_tag}</script>"] = None
                elif script.string and "window.MathJax =" in script.string:
                    scripts[f"<script>{script.string}</script>"] = None
        # the styles that elements share come last, as in the pages
        ordered = sorted(styles, key=lambda style: "/shared/" in style)
        links = [f'<link rel="stylesheet" href="{s}">' for s in ordered]
        return "\n".join([*links, *scripts])


def _article(soup: BeautifulSoup) -> Tag:
    article = soup.find("article")
    assert isinstance(article, Tag)
    return article


def _one_head(table: Tag) -> None:
    """Put the names of a table's rows and of its columns into one row."""
    rows = table.select("thead tr")
    cells = [row.find_all(["th", "td"]) for row in rows]
    if len(rows) != 2 or len(cells[0]) != len(cells[1]):
        return
    pairs = list(zip(*cells, strict=True))
    if any(plain(above) and plain(below) for above, below in pairs):
        return
    for above, below in pairs:
        if plain(below):
            above.replace_with(below)
    rows[1].decompose()


def slides_of(lecture: Lecture, book: Book) -> list[Slide]:
    """Return the slides of a lecture, the first with what it will show."""
    slides = [_title(lecture, book)]
    begin = 0
    for entry in lecture.entries:
        when = f"{begin}–{begin + entry.minutes} min"
        begin += entry.minutes
        above = f"{book.title(entry.chapter)}"
        waiting: list[str] = []  # what is said before the first section
        for line in entry.lines:
            named = shown_by(line)
            if not named:
                waiting.append(as_html(line))
            for asked in named:
                notes = [*waiting, as_html(line)]
                waiting = []
                section = book.section(entry.chapter, asked.heading)
                title = Slide(asked.heading, above, when, notes)
                passages = [
                    part
                    for words, where in asked.repeats
                    for part in book.passage(where or entry.chapter, words)
                ]
                slides += _filled(title, pieces_of(section, asked, passages))
    return slides


def _title(lecture: Lecture, book: Book) -> Slide:
    """Return the first slide, with the chapters and their minutes."""
    rows, begin = "", 0
    for entry in lecture.entries:
        end = begin + entry.minutes
        title = escape(book.title(entry.chapter), quote=False)
        rows += f"<tr><td>{begin}–{end}</td><td>{title}</td></tr>"
        begin = end
    table = f'<table class="agenda"><tbody>{rows}</tbody></table>'
    keys = (
        "Page keys, arrows and space turn the slides; Home and End lead to "
        "the first and the last; <code>n</code> shows these notes."
    )
    name = book.page("intro").find(class_="logo__title")
    slide = Slide(lecture.title, plain(name), f"0–{begin} min", [keys])
    agenda = BeautifulSoup(table, "html.parser").find_all("table")
    slide.pieces = [Piece("table", list(agenda), len(lecture.entries))]
    slide.kind = "title"
    return slide


def _filled(title: Slide, pieces: list[Piece]) -> list[Slide]:
    """Return slides that hold the pieces, each where it has room."""
    slides: list[Slide] = []

    def new() -> Slide:
        slides.append(
            Slide(title.heading, title.above, title.when, list(title.notes))
        )
        return slides[-1]

    for piece in pieces:
        here = slides[-1] if slides else new()
        vote = piece.kind == "vote"
        full = here.lines + piece.lines > ROOM + STRETCH
        if here.pieces and (full or here.closed or vote):
            here = new()
        here.pieces.append(piece)
        here.lines += piece.lines
        here.closed = vote or piece.kind == "figure"
        here.kind = piece.kind if here.closed else here.kind or piece.kind
        if vote:
            here.notes.append(_answer(piece.parts[-1]))
    return [slide for slide in slides if slide.pieces]


def _answer(form: Tag) -> str:
    """Return what the speaker may say to a vote."""
    told = " ".join(plain(p) for p in form.select("details p"))
    return f"<strong>Answer:</strong> {escape(told, quote=False)}"


PAGE = """<!doctype html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · {book}</title>
{head}
<style>
{style}</style>
</head>
<body>
<main class="deck tex2jax_ignore mathjax_ignore">
{slides}</main>
<script>
{script}</script>
</body>
</html>
"""


def write_deck(name: str, html: Path, plan: Path = PLAN) -> Path:
    """Write the deck of one lecture beside the built pages."""
    book = Book(html)
    lecture = read_lecture(name, plan.read_text(encoding="utf-8"))
    slides = slides_of(lecture, book)
    filled = "".join(
        slide.html(number, len(slides))
        for number, slide in enumerate(slides, 1)
    )
    path = html.parent / f"deck{name}.html"
    page = PAGE.format(
        title=escape(lecture.title),
        book=slides[0].above,
        head=book.head(),
        style=(HERE / "deck.css").read_text(encoding="utf-8"),
        script=(HERE / "deck.js").read_text(encoding="utf-8"),
        slides=filled,
    )
    path.write_text(page, encoding="utf-8")
    return path


def main() -> None:
    """Write the deck that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "lecture",
        choices=DECKS,
        help="1, 2 or 3; 1of2 or 2of2 of the cut; single for one lecture",
    )
    parser.add_argument("html", nargs="?", type=Path, default=BUILT)
    asked = parser.parse_args()
    if not (asked.html / "index.html").exists():
        parser.error(f"no built book in {asked.html}: jupyter-book build .")
    try:
        print(write_deck(asked.lecture, asked.html))
    except ValueError as wrong:
        parser.error(str(wrong))


if __name__ == "__main__":
    main()
