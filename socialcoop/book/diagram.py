"""A small grammar of diagrams: boxes and arrows on paper, in the style of the figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import socialcoop.book.quiet  # noqa: F401, first: it says why

from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle

from socialcoop.book.chart import WIDTH, literal
from socialcoop.book.look import COLORS
from socialcoop.book.picture import Picture, style

BREADTH = 72 * WIDTH  # of the paper, in CSS pixels


@dataclass(frozen=True)
class Box:
    """Where a box stands: its middle, breadth and height, in CSS pixels from the top left corner of the paper."""

    x: float
    y: float
    breadth: float
    height: float

    def side(self, dx: float, dy: float) -> tuple[float, float]:
        """Return a point of the edge: (1, 0) is the middle of the right side, (0, -1) that of the upper one."""
        return self.x + dx * self.breadth / 2, self.y + dy * self.height / 2


class Diagram:
    """Paper to draw boxes, arrows and texts on, as wide as the page; y grows downwards.

    Examples
    --------
    >>> paper = Diagram(height=100)
    >>> cause = paper.box(80, 50, (120, 40), "it rains", "ai")
    >>> effect = paper.box(300, 50, (120, 40), "the street is wet", "partner")
    >>> paper.arrow(cause.side(1, 0), effect.side(-1, 0))
    >>> paper.picture("From rain to a wet street.")
    Picture: From rain to a wet street.
    """

    @style()
    def __init__(self, height: float) -> None:
        self.figure = Figure(figsize=(WIDTH, height / 72))
        self.ax = self.figure.add_axes((0, 0, 1, 1))
        self.ax.set(xlim=(0, BREADTH), ylim=(height, 0))
        self.ax.set_axis_off()

    @style()
    def box(self, x: float, y: float, size: tuple[float, float], text: str, color: str = "muted", **font: Any) -> Box:
        """Draw a shaded box around the point, with a text in it of which lines may be broken; return where it is."""
        corner = x - size[0] / 2, y - size[1] / 2
        self.ax.add_patch(Rectangle(corner, *size, facecolor=COLORS[color], alpha=0.2, edgecolor="none"))
        self.ax.add_patch(Rectangle(corner, *size, facecolor="none", edgecolor=COLORS[color], lw=1.5))
        self.text(x, y, text, **font)
        return Box(x, y, *size)

    @style()
    def arrow(self, start: tuple[float, float], end: tuple[float, float], look: str = "ink -") -> None:
        """Draw an arrow; ``look`` is a colour of the palette and matplotlib's code for dashes, such as "ai --"."""
        color, dashes = look.split()
        line: dict[str, Any] = {"color": COLORS[color], "lw": 1.5, "ls": dashes, "shrinkA": 0, "shrinkB": 0}
        self.ax.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=11, **line))

    @style()
    def line(self, start: tuple[float, float], end: tuple[float, float], look: str = "muted -", **line: Any) -> None:
        """Draw a line without heads."""
        color, dashes = look.split()
        self.ax.plot(*zip(start, end, strict=True), dashes, color=COLORS[color], **{"lw": 1.5} | line)

    @style()
    def bracket(self, start: tuple[float, float], end: tuple[float, float], x: float, look: str = "ink -") -> None:
        """Draw an arrow that first goes sideways to x, then up or down, then back."""
        self.line(start, (x, start[1]), look)
        self.line((x, start[1]), (x, end[1]), look)
        self.arrow((x, end[1]), end, look)

    @style()
    def text(self, x: float, y: float, text: str, fontsize: float = 11, **font: Any) -> None:
        """Write a text, centred on the point unless the font's properties say otherwise.

        Each line is a text of its own, so that a page centres it whatever its font.
        """
        lines, height = literal(text).split("\n"), 1.4 * fontsize
        middle: dict[str, Any] = {"ha": "center", "va": "center_baseline", "fontsize": fontsize}
        for number, line in enumerate(lines):
            self.ax.text(x, y + (number - (len(lines) - 1) / 2) * height, line, **middle | font)

    def picture(self, description: str) -> Picture:
        """Return the picture, with what it shows in words."""
        return Picture(self.figure, description)
