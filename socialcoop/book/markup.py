"""What matplotlib writes as an SVG document, rewritten for a page.

It is read as markup: numbers are shortened where they are places, colours become variables where they paint, and
texts stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache, partial
from html import escape
from itertools import pairwise
from xml.parsers import expat

LEFT_OUT = {"metadata", "style"}  # with all that is in them
HALO = "halo"  # the gid of what lies on lines and has to be read: the page's paper keeps them off its letters
AROUND = "paint-order:stroke;stroke:#ffffff;stroke-width:4"
PLACES = {"x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height", "points"}
ALONE = re.compile("[';]opacity:")  # a group would apply it to all that is in it at once
LINES = re.compile(r"M-?[\d.]+ -?[\d.]+(?:L-?[\d.]+ -?[\d.]+){2,}(?![\d.])")  # more than one, from a place
STYLE = re.compile(" style='[^']*'")
PAINTS = {"fill", "stroke", "stop-color", "color"}
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # but perhaps in somebody's text


def page_svg(svg: str, variables: Mapping[str, str]) -> str:
    """Return the content of an SVG document for a page with others like it: small, themed, no ids that clash.

    ``variables`` has what to write in place of a colour, such as "#1f2328".
    """
    writer = _Writer(variables)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    parser.Parse(NOT_IN_XML.sub("\ufffd", svg), True)
    return "".join(writer.written)


class _Writer:
    """Writes what a parser reads, without what a page has no use for."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.written: list[str] = []
        self.closing: list[tuple[str, int] | None] = []  # of the open elements, and where; None where one is left out
        self.inside = 0  # how many open elements are left out with all that is in them

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self.inside or name in LEFT_OUT:
            self.inside += 1
            return
        kept = "".join(self._attribute(name, key, value) for key, value in attributes.items())
        if name == "svg" or (name == "g" and not kept):  # a group that only names what it holds
            self.closing.append(None)
        else:
            self.closing.append((f"</{name}>", len(self.written)))
            self.written.append(f"<{name}{kept}>")

    def end(self, name: str) -> None:
        if self.inside:
            self.inside -= 1
            return
        closed = self.closing.pop()
        if closed is None:
            return
        closing, place = closed
        if name == "g":
            self._share_style(place)
        if self.written[-1] == "<defs>":
            self.written.pop()
        elif self.written[-1].startswith(f"<{name}") and not self.written[-1].endswith("/>"):
            self.written[-1] = f"{self.written[-1][:-1]}/>"
        else:
            self.written.append(closing)

    def _share_style(self, place: int) -> None:
        """Write the style of markers once, for the group that holds them, unless each is transparent on its own."""
        marks = self.written[place + 1 :]
        if len(marks) < 2 or " style=" in self.written[place] or not all(mark.startswith("<use ") for mark in marks):
            return
        styles = {found[0] if (found := STYLE.search(mark)) else "" for mark in marks}
        style = styles.pop()
        if style and not styles and not ALONE.search(style):
            self.written[place] = f"{self.written[place][:-1]}{style}>"
            self.written[place + 1 :] = [mark.replace(style, "") for mark in marks]

    def text(self, text: str) -> None:
        if not self.inside and text.strip():
            self.written.append(escape(text, quote=False))

    def _attribute(self, element: str, name: str, value: str) -> str:
        if name == "style":
            value = self._style(value)
        elif name == "d":
            value = _path(value)
        elif name in PLACES:
            value = _short(value)
        elif name == "transform":
            value = _moved(value)
        elif name in PAINTS:
            value = self.variables.get(value, value)
        elif name == "id" and element == "g":
            name, value = "style", self._style(AROUND) if value == HALO else ""
        return f" {name.removeprefix('xlink:')}='{escape(value)}'" if value else ""  # which JSON need not escape

    def _style(self, style: str) -> str:
        """Return the declarations, all but the font, which is the page's own."""
        kept = []
        for name, value in _declarations(style):
            kept.append(f"{name}:{self.variables.get(value, value) if name in PAINTS else value}")
        return ";".join(kept)


@lru_cache(1024)
def _declarations(style: str) -> list[tuple[str, str]]:
    pairs = (declaration.partition(":") for declaration in style.split(";") if declaration.strip())
    named = [(name.strip(), value.strip()) for name, _, value in pairs]
    return [(name, value) for name, value in named if name != "font-family"]


def _rounded(number: re.Match[str]) -> str:
    short = f"{float(number[0]):.1f}".removesuffix(".0")
    return "0" if short == "-0" else short


_short = partial(re.compile(r"-?\d+\.\d{2,}").sub, _rounded)  # a tenth of a pixel is enough


def _path(data: str) -> str:
    """Return a path with short places, and its lines as steps, which are shorter still."""
    short = re.sub(r"\s*([A-Za-z])\s*", r"\1", _short(data)).strip()
    return LINES.sub(_steps, short)


def _steps(lines: re.Match[str]) -> str:
    """Return lines from place to place as steps in whole tenths of a pixel, so that nothing adds up."""
    places = [[round(10 * float(number)) for number in place.split()] for place in lines[0][1:].split("L")]
    steps = (
        _step(after - before) for here, there in pairwise(places) for before, after in zip(here, there, strict=True)
    )
    start = " ".join(_step(number) for number in places[0])
    return f"M{start}l{' '.join(steps)}".replace(" -", "-")


def _step(tenths: int) -> str:
    return re.sub(r"^(-?)0\.", r"\1.", f"{tenths / 10:.1f}".removesuffix(".0"))


def _moved(transform: str) -> str:
    """Return the transformation with short places; factors of a scale or a matrix stay, a turn by nothing goes."""
    short = re.sub(r"(?:translate|rotate)\([^)]*\)", lambda found: _short(found[0]), transform)
    return re.sub(r"rotate\(-?0(?:[ ,][^)]*)?\)\s*", "", short).strip()
